"""What the forms are compared with: differences of the expression, judged for how much they can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from frechet.verify.difference import EPS, Difference, Path, across, along, largest
from frechet.verify.evaluate import Array, Program
from frechet.verify.vanishing import lost

TRUSTED = {1: 1e-6, 2: 1e-5}
"""The relative error, by order, up to which a difference may decide."""
TOLERANCE = {1: 1e-7, 2: 1e-6}
"""The relative disagreement that is forgiven beside the reference's own error."""

ROUNDING = 4.0
"""Units in the last place that the values of a difference may be off: differences may agree by chance."""
FAINT = 1e-9
"""A derivative below this may be nothing but rounding."""
HUGE = 1e6
"""With larger numbers under way a value may turn so fast that its differences say nothing."""


@final
@dataclass(frozen=True, slots=True)
class Reference:
    """A derivative by differences: `allowed` is the largest deviation that proves nothing against a form.

    `trouble` says why it cannot decide, if it cannot; `scale` is 0 where the derivative is zero.
    """

    value: Array
    scale: float
    allowed: float
    trouble: str | None = None


def first(program: Program, env: Mapping[str, Any], moves: Mapping[str, Array]) -> Reference:
    """The derivative of the value along the increments `moves` of some variables."""
    plane = {name: (env[name], step) for name, step in moves.items()}
    program.run(env)
    return _judged(along(Path(program, plane, {})), 1, program, env, moves)


def second(
    program: Program, env: Mapping[str, Any], moves: Mapping[str, Array], others: Mapping[str, Array]
) -> Reference:
    """The second derivative, once along `moves` and once along `others`."""
    plane = {name: (env[name], step) for name, step in moves.items()}
    other = {name: (env[name], step) for name, step in others.items()}
    program.run(env)
    both = {name: moves.get(name, 0.0) + others.get(name, 0.0) for name in {**moves, **others}}
    return _judged(across(Path(program, plane, other)), 2, program, env, both)


def _judged(
    found: Difference, order: int, program: Program, env: Mapping[str, Any], moves: Mapping[str, Any]
) -> Reference:
    scale = largest(found.value)
    error = max(found.error, ROUNDING * EPS * largest(program.values[program.roots[0]]) / found.step**order)
    if scale < FAINT:  # what is left when large numbers cancel is no derivative, however well it agrees with itself
        error = max(error, 1e3 * EPS * max(largest(value) for value in program.values))
    if error <= TRUSTED[order] * scale and scale > 0.0:
        return Reference(found.value, scale, TOLERANCE[order] * scale + 20.0 * error)
    # Zero, too small, or rough: only the movement of what lies between can tell these apart.
    step = 2.0**-6
    try:
        where, biggest = lost(program, env, {name: (env[name], step * move) for name, move in moves.items()})
    except np.linalg.LinAlgError:
        return Reference(found.value, 0.0, 0.0, "differences cannot tell: an inverse fails near the points tried")
    if where:
        trouble = f"differences cannot tell: the change is lost in {where} before it reaches the value"
        return Reference(found.value, 0.0, 0.0, trouble)
    noise = 1e3 * EPS * biggest / found.step**order
    if scale <= noise and biggest < HUGE:
        return Reference(found.value, 0.0, noise)
    return Reference(found.value, 0.0, 0.0, "differences cannot tell: the value is too rough at the points tried")
