"""Points at which a claim is compared with the truth, and the truth there.

The truth at a point is one array: the axes of the value, then those of the variable, every entry of the variable free.
It comes from the verified answer where there is one, else from differences of the expression.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, final

import numpy as np
from numpy.random import Generator

from frechet.core.expr import Expr
from frechet.explain.claims.question import Question
from frechet.verify.bench import Bench, declared_functions
from frechet.verify.check import upstream_gradient
from frechet.verify.difference import Path, across, along
from frechet.verify.evaluate import Array, Function, Program
from frechet.verify.request import CheckRequest, Form, Kind
from frechet.verify.sample import MANNERS
from frechet.verify.shapes import as_map
from frechet.verify.sizes import candidates, dims_of

SIZES_TRIED = 12
Adjust = Callable[[dict[str, Any]], dict[str, Any]]


@final
@dataclass
class Place:
    """A point: sizes, the values of all names (increment, upstream gradient and direction too), the truth there.

    `conjugate` is the derivative by the conjugate where the variable is complex; `slack` the relative error of the
    truth.
    """

    sizes: dict[str, int]
    env: dict[str, Any]
    truth: Any
    slack: float
    functions: Mapping[str, Function]
    conjugate: Any = None

    def value(self, expr: Expr) -> Any:
        """The value of an expression here; None where it has none."""
        with np.errstate(all="ignore"):
            try:
                array = Program([expr], self.sizes, self.functions).run(self.env)[0]
            except (np.linalg.LinAlgError, ValueError, IndexError):
                return None
        return array if np.isfinite(array).all() else None


@final
class Points:
    """Points of a problem's domain, the same ones each time.

    `adjust` may change what was drawn (so that a matrix is symmetric, a vector sums to one …).
    """

    def __init__(self, question: Question, seed: int = 0) -> None:
        self.question, self.seed = question, seed
        self.truth, self.forms = _truth_forms(question)

    def draw(
        self, count: int, also: Iterable[Expr] = (), adjust: Adjust | None = None,
        sizes: Mapping[str, int] | None = None,
    ) -> list[Place]:  # fmt: skip
        """Up to `count` points at sizes that suit the expression, the answer and the formulas in `also`."""
        roots = [
            self.question.original,
            self.question.wrt,
            *self.question.forms.values(),
            *also,
            *self.question.at.values(),
        ]
        offered = [dict(sizes)] if sizes else candidates(dims_of(roots), self.question.constraints)
        with np.errstate(all="ignore"):
            for chosen in islice(offered, SIZES_TRIED):
                found = self._at(chosen, count, adjust)
                if found:
                    return found
        return []

    def _at(self, sizes: dict[str, int], count: int, adjust: Adjust | None) -> list[Place]:
        bench = self.bench(sizes)
        random = np.random.default_rng(self.seed)
        found: list[Place] = []
        liked = attempt = 0
        for _ in range(2 * count + 3 * len(MANNERS)):
            place = self._place(bench, attempt, random, adjust)
            if place is not None:
                found.append(place)
                liked = attempt or liked
                attempt = 0 if len(found) % 2 and liked else liked
                if len(found) == count:
                    break
            else:
                attempt += 1
        return found

    def _place(self, bench: Bench, attempt: int, random: Generator, adjust: Adjust | None) -> Place | None:
        env = bench.point(attempt, random)
        if env is None:
            return None
        if adjust is not None:
            env = bench.placed(adjust(env))
            if not self._sound(bench, env):
                return None
        return self._filled(bench, env, random)

    def _filled(self, bench: Bench, env: dict[str, Any], random: Generator) -> Place | None:
        """The point with increment, upstream gradient, direction and the truth."""
        question = self.question
        moves, others = bench.moves(env, random), bench.moves(env, random)
        upstream = upstream_gradient(bench, random)
        full = bench.drawn(env, moves, others, upstream)
        functions = declared_functions([question.original], {})
        place = Place(dict(bench.sizes), full, None, 1e-8, functions)
        arrays = bench.values(full) if self.forms else []
        if arrays is None:
            return None
        if not self.truth:
            return place if by_differences(question, bench.original, place) else None
        rows = bench.shapes[question.wrt] if question.order == 2 else bench.shapes[question.original]
        columns = bench.shapes[question.wrt]
        place.truth = np.reshape(as_map(self.forms[0], arrays[0], rows, columns), rows + columns)
        if len(arrays) > 1:
            place.conjugate = np.reshape(arrays[1], rows + columns)
        return place

    def at(self, bench: Bench, env: dict[str, Any]) -> Place | None:
        """The point with these values of the variables; None where the derivative has no value there."""
        with np.errstate(all="ignore"):
            env = bench.placed(env)
            if not self._sound(bench, env):
                return None
            random = np.random.default_rng(self.seed)
            return self._filled(bench, env, random)

    def bench(self, sizes: Mapping[str, int]) -> Bench:
        """The expression and its answer laid out at given sizes."""
        question = self.question
        request = CheckRequest(
            question.original,
            (question.wrt,),
            self.forms,
            {question.wrt_name: question.increment},
            upstream=question.upstream,
            direction=question.direction,
            at=question.at,
        )
        return Bench(request, sizes)

    def _sound(self, bench: Bench, env: dict[str, Any]) -> bool:
        try:
            (value,) = bench.original.run(env)
        except np.linalg.LinAlgError:
            return False
        return bool(np.isfinite(value).all())


GUARDS = ("gradient", "complex d/dZ", "derivative", "hessian column", "jacobian numerator column", "pullback")
"""Forms of an answer that must have a value at a point, whether or not they give the truth there."""


def _truth_forms(question: Question) -> tuple[bool, tuple[Form, ...]]:
    """Whether forms of the verified answer give the truth with every entry free, and these forms.

    Where they do not (a Jacobian by a structured variable) differences give the truth, and one form is kept so that
    all points lie where the answer has a value.
    """
    forms, wrt = question.forms, (question.wrt,)
    twice = (question.wrt, question.wrt)
    guard = next((forms[label] for label in GUARDS if label in forms), None)
    guards = (Form("guard", "gradient", guard, wrt),) if guard is not None else ()
    if not question.verified:
        return False, guards
    if question.complex:
        pair = (forms.get("complex d/dZ"), forms.get("complex d/dconj(Z)"))
        if not question.scalar or question.order == 2 or pair[0] is None or pair[1] is None:
            return False, guards
        return True, (Form("truth", "d/dZ", pair[0], wrt), Form("conjugate", "d/dconj(Z)", pair[1], wrt))
    labels: list[tuple[str, Kind]] = []
    if question.order == 2:
        labels = [] if question.structure else [("hessian column", "hessian")]
    elif question.scalar:
        labels = [("structured unconstrained", "unconstrained")] if question.structure else [("gradient", "gradient")]
    elif not question.wrt.shape:
        labels = [("derivative", "derivative")]
    elif not question.structure:
        labels = [("jacobian numerator column", "jacobian"), ("tensor", "tensor")]
    found = next((Form("truth", kind, forms[label], twice) for label, kind in labels if label in forms), None)
    return (True, (found,)) if found is not None else (False, guards)


def by_differences(question: Question, program: Program, place: Place) -> bool:
    """Put the truth at a place there by differences; False where they say nothing."""
    name = question.wrt_name
    point = np.asarray(place.env[name])
    env = {k: v for k, v in place.env.items() if k in program.variables}
    program.run(env)
    units = [unit.reshape(point.shape) for unit in np.eye(max(point.size, 1))]
    place.slack = 1e-6
    if question.order == 2:
        rows = [_second(program, name, point, units, k) for k in range(len(units))]
        upper = np.array([[rows[min(i, j)][max(i, j)] for j in range(len(units))] for i in range(len(units))])
        place.truth = upper.reshape(point.shape + point.shape)
        return bool(np.isfinite(place.truth).all())
    columns, turned = list[Array](), list[Array]()
    for unit in units:
        found = along(Path(program, {name: (point, unit)}, {}))
        if not found.error <= 1e-4 * max(found.scale, 1e-4):
            return False
        columns.append(found.value)
        if question.complex:
            turned.append(along(Path(program, {name: (point, _turned(unit))}, {})).value)
    shape = columns[0].shape + point.shape
    place.truth = np.stack(columns, axis=-1).reshape(shape)
    if question.complex:
        imaginary = np.stack(turned, axis=-1).reshape(shape)
        real = place.truth
        place.truth, place.conjugate = (real - 1j * imaginary) / 2.0, (real + 1j * imaginary) / 2.0
    return bool(np.isfinite(place.truth).all())


def _turned(unit: Array) -> Any:
    return 1j * unit


def _second(program: Program, name: str, point: Array, units: list[Array], k: int) -> list[float]:
    """One row of the matrix of second derivatives, from the diagonal on."""
    row = [0.0] * k
    for other in units[k:]:
        path = Path(program, {name: (point, units[k])}, {name: (point, other)})
        row.append(float(across(path).value))
    return row
