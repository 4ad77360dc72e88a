"""Whether an expression has a value at a point, whether it has none, or whether rounding hides which.

An infinity on the way is no value even where the end is finite (1/(1/0) is not 0); the inverse of a singular matrix is
none even where rounding makes one of it.  What changes when every step is disturbed a little says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, final

import numpy as np

from frechet.core.expr import Expr
from frechet.verify.domain import demands
from frechet.verify.evaluate import Function, Program

SINGULAR, SOUND = 1e10, 1e7
"""Beyond the one condition number a matrix counts as singular, below the other as invertible; between, who knows."""
HUGE = 1e12
"""A number beyond this comes of rounding or is about to overflow: nothing is said of such a point."""
REACH = 100.0
"""An infinity made of an argument beyond this is an overflow."""
NOISE = 1e-12
"""How much each step is disturbed, as a share of its result: ten thousand times what rounding does."""
RUNS = 3


class Nothing(Enum):
    """What stands in the place of a value."""

    NONE = "no value"
    UNSURE = "rounding hides whether there is a value"


NONE, UNSURE = Nothing.NONE, Nothing.UNSURE


@final
class Watched:
    """An expression laid out for evaluation with an eye on where it has a value.

    >>> from frechet.ops.expressions import apply, variable
    >>> log = Watched(apply("log", (variable("x", ("n",)),)), {"n": 2}, {})
    >>> log.value({"x": np.array([1.0, 0.0])})
    <Nothing.NONE: 'no value'>
    >>> log.value({"x": np.array([1.0, 1.0])})
    array([0., 0.])
    """

    __slots__ = ("_asked", "_asking", "_plain", "_roots", "program")

    def __init__(self, expr: Expr, sizes: Mapping[str, int], functions: Mapping[str, Function]) -> None:
        self.program = Program([expr], sizes, functions)
        self._asked = {place for place, _ in demands(self.program, ["invertible"])}
        nodes = self.program.nodes
        self._plain = {k for k, e in enumerate(nodes) if e.op.differential is None}
        self._asking = {k for k, e in enumerate(nodes) if "invertible" in e.op.domain}
        self._roots = {self.program.places[e.args[0]] for e in nodes if e.op.facts.at_singular}

    def value(self, env: Mapping[str, Any]) -> Any:
        """The value at a point, NONE or UNSURE."""
        self.program.load(env)
        return self._run(None)

    def disturbed(self, env: Mapping[str, Any], seed: int) -> Any:
        """The same with every step disturbed."""
        self.program.load(env)
        return self._run(np.random.default_rng(seed))

    def at(self, expr: Expr) -> Any:
        """The value that a part had in the last run; NONE where it was not reached."""
        place = self.program.places.get(expr)
        found = None if place is None else self.program.values[place]
        return NONE if found is None else found

    def _run(self, random: np.random.Generator | None) -> Any:
        program = self.program
        values, asked, asking = program.values, self._asked, self._asking
        for place in program.roots if not program.code else ():
            if not np.isfinite(values[place]).all():
                return NONE
        doubtful = False
        for place, *_ in program.code:
            values[place] = None
        for place, value, params, arguments, shape in program.code:
            given = [values[k] for k in arguments]
            if random is not None:
                # Where a matrix becomes a number (a determinant) the rounding is inside the one step.
                given = [_shaken(a, random) if np.ndim(a) == 2 and len(shape) < 2 else a for a in given]
            for k in arguments if place in asking else ():
                if k in asked:
                    size = _condition(values[k])
                    if not size <= SINGULAR:
                        return UNSURE if k in self._roots else NONE
                    doubtful = doubtful or size > SOUND
            try:
                result = value(np, params, *given)
            except (np.linalg.LinAlgError, ZeroDivisionError):
                return NONE
            except (ValueError, OverflowError, FloatingPointError):
                return UNSURE
            if result.shape != shape:
                result = np.reshape(result, shape)
            if not abs(np.vdot(result, result)) <= HUGE**2:
                return _without(result, given)
            exact = random is None or (place in self._plain and all(map(_short, (result, *given))))
            values[place] = result if exact or random is None else _shaken(result, random)
        return UNSURE if doubtful else values[program.roots[0]]


def _without(result: Any, given: list[Any]) -> Nothing:
    """Why a step has no usable result."""
    largest = float(np.max(np.abs(result)))
    if np.isnan(largest):
        return NONE
    if np.isfinite(largest):
        return UNSURE
    reach = max((float(np.max(np.abs(a), initial=0.0)) for a in given), default=0.0)
    return UNSURE if reach > REACH else NONE


def _short(array: Any) -> bool:
    """Whether all entries are short binary fractions: sums and products of these are exact."""
    scaled = 1024.0 * np.asarray(array)
    return bool(np.max(np.abs(scaled), initial=0.0) < 1e9 and np.all(scaled == np.round(scaled)))


def _shaken(array: Any, random: np.random.Generator) -> Any:
    return array * (1.0 + NOISE * random.normal(size=np.shape(array)))


def _condition(array: Any) -> float:
    """The condition number of what is inverted; nan for what is not finite."""
    if np.ndim(array) < 2:
        return np.inf if not array else 1.0
    found = np.linalg.svd(array, compute_uv=False)
    return float(found[0] / found[-1]) if found[-1] > 0 else np.inf


@final
class Outcome(Enum):
    """What a point says of a statement that two expressions are equal."""

    EQUAL = "equal"
    DIFFERENT = "different"
    LEFT_ONLY = "the right side has no value"
    RIGHT_ONLY = "the left side has no value"
    NEITHER = "neither has a value"
    UNSURE = "nothing"


def compared(left: Watched, right: Watched, env: Mapping[str, Any]) -> tuple[Outcome, Any, Any]:
    """What a point says, and the two values there.

    >>> from frechet.ops.expressions import apply, variable
    >>> x = variable("x", ())
    >>> one, other = (Watched(e, {}, {}) for e in (apply("abs", (x,)), x))
    >>> [compared(one, other, {"x": np.array(v)})[0].value for v in (1.0, -1.0)]
    ['equal', 'different']
    """
    one, other = left.value(env), right.value(env)
    if one is UNSURE or other is UNSURE:
        return Outcome.UNSURE, one, other
    if one is NONE or other is NONE:
        if one is other:
            return Outcome.NEITHER, one, other
        told = Outcome.LEFT_ONLY if other is NONE else Outcome.RIGHT_ONLY
        return (told if _steady(left, one, env) and _steady(right, other, env) else Outcome.UNSURE), one, other
    if _close(one, other):
        return Outcome.EQUAL, one, other
    gap = np.abs(one - other)
    spread = _spread(left, one, env) + _spread(right, other, env)
    # The rounding of the steps is far below what the disturbances do.
    return (Outcome.DIFFERENT if bool(np.max(gap - spread) > 0.0) else Outcome.UNSURE), one, other


def _close(one: Any, other: Any) -> bool:
    gap = float(np.max(np.abs(one - other), initial=0.0))
    return gap <= 1e-12 or gap <= 1e-9 * float(np.max(np.abs(one), initial=0.0))


def _steady(side: Watched, found: Any, env: Mapping[str, Any]) -> bool:
    """Whether a disturbance leaves a value where it is, and no value none."""
    for seed in range(RUNS):
        again = side.disturbed(env, seed)
        if again is NONE or again is UNSURE:
            if again is not found:
                return False
        elif found is NONE or float(np.max(np.abs(again - found))) > 1e-6 * (1.0 + float(np.max(np.abs(found)))):
            return False
    return True


def _spread(side: Watched, found: Any, env: Mapping[str, Any]) -> Any:
    """How far disturbances move a value, entry by entry; infinitely where it is then none."""
    moved = np.zeros(np.shape(found))
    for seed in range(RUNS):
        again = side.disturbed(env, seed)
        if again is NONE or again is UNSURE:
            return np.full(np.shape(found), np.inf)
        moved = np.maximum(moved, np.abs(again - found))
    return moved
