"""Derivatives by differences of values, with an honest estimate of their error.

Central differences at h, h/2 and h/4 are extrapolated twice (Richardson), which leaves an error of order h⁶;
what the last extrapolation still changed bounds it.  Where the estimate is poor a smaller step is tried and
the best is kept. Source: C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", Advances in
Engineering Software 4 (1982).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from frechet.verify.evaluate import Array, Instruction, Program

EPS = float(np.finfo(float).eps)
"""The relative rounding error of a double."""


@final
@dataclass(frozen=True, slots=True)
class Difference:
    """A derivative found by differences: its value, a bound on its error, the smallest step used."""

    value: Array
    error: float
    step: float

    @property
    def scale(self) -> float:
        """The size of the largest entry."""
        return largest(self.value)


def largest(array: Any) -> float:
    """The largest modulus of an entry.

    >>> largest(np.array([1.0, -3.0]))
    3.0
    """
    return float(np.max(np.abs(array))) if np.size(array) else 0.0


@final
class Path:
    """The value of a program's first root as some of its variables move along a plane: X + s D + t E.

    Only the instructions that depend on the moving variables are carried out again.
    """

    __slots__ = ("_code", "_moves", "_program", "_root")

    def __init__(
        self, program: Program, first: dict[str, tuple[Array, Array]], second: dict[str, tuple[Array, Array]]
    ) -> None:
        moves: dict[str, tuple[Array, Array | float, Array | float]] = {}
        for name, (point, direction) in first.items():
            moves[name] = (point, direction, 0.0)
        for name, (point, direction) in second.items():
            moves[name] = (point, moves[name][1] if name in moves else 0.0, direction)
        self._program = program
        self._moves = [(program.variables.get(name, []), *move) for name, move in moves.items()]
        self._code: Sequence[Instruction] = program.depending(moves)
        self._root = program.roots[0]

    def at(self, s: float, t: float = 0.0) -> Array:
        """The value at X + s D + t E; nan where it does not exist."""
        values = self._program.values
        for places, point, first, second in self._moves:
            moved = point + s * first + t * second if t else point + s * first
            for place in places:
                values[place] = moved
        try:
            self._program.execute(self._code)
        except np.linalg.LinAlgError:
            return np.asarray(np.nan)
        return values[self._root]


def _extrapolated(quotient: Callable[[float], Array], step: float) -> Difference:
    coarse, middle, fine = quotient(step), quotient(step / 2.0), quotient(step / 4.0)
    rough, better = (4.0 * middle - coarse) / 3.0, (4.0 * fine - middle) / 3.0
    value = (16.0 * better - rough) / 15.0
    change = largest(value - better)
    return Difference(value, change if np.isfinite(change) else np.inf, step / 4.0)


def _best(quotient: Callable[[float], Array], steps: Sequence[float], wanted: float) -> Difference:
    best: Difference | None = None
    for step in steps:
        found = _extrapolated(quotient, step)
        if best is None or found.error < best.error:
            best = found
        if best.error <= wanted * best.scale:
            break
    assert best is not None, "there is a step to try"
    return best


def along(path: Path) -> Difference:
    """The first derivative of the value in s.

    >>> from frechet.ops.expressions import apply, variable
    >>> program = Program([apply("exp", (variable("t", ()),))], {}, {})
    >>> d = along(Path(program, {"t": (np.asarray(1.0), np.asarray(1.0))}, {}))
    >>> abs(float(d.value) - np.e) < 1e-10, d.error < 1e-8
    (True, True)
    """

    def quotient(h: float) -> Array:
        forward = path.at(h)
        return (forward - path.at(-h)) / (2.0 * h)

    return _best(quotient, (2.0**-6, 2.0**-10, 2.0**-14), 1e-8)


def across(path: Path) -> Difference:
    """The mixed second derivative of the value, once in s and once in t."""

    def quotient(h: float) -> Array:
        same = path.at(h, h) + path.at(-h, -h)
        return (same - path.at(h, -h) - path.at(-h, h)) / (4.0 * h * h)

    return _best(quotient, (2.0**-4, 2.0**-7, 2.0**-10), 1e-6)
