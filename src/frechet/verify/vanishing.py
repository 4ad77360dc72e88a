"""Is a difference of zero a derivative of zero?

A value that does not move may have derivative zero (`x'*(A-A')*x`, `sum(softmax(x))`, `sum(step(x))`), or the
movement was lost on the way: a saturated function rounds it off, an underflow swallows it, a large summand
absorbs it.  In the second case differences say nothing, and a check must not call that agreement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from frechet.core.expr import Expr
from frechet.ops.arithmetic import ADD, SUB
from frechet.verify.difference import EPS, largest
from frechet.verify.evaluate import Array, Program

STILL = 64.0 * EPS
"""A relative movement that rounding alone could cause."""
FAINT = 1e-9
"""A relative movement of which too few digits are left."""
MINUTE = 1e-100
"""A value whose products may leave the range of numbers."""


def _honest(node: Expr) -> bool:
    """Whether it is known of the operation when a value that stands still means something."""
    return node.op.facts.level or node.op.facts.cancels


def _saturates(node: Expr) -> bool:
    """The operation flattens out entry by entry, so that it can swallow a movement of its argument."""
    return node.op.elementwise and not _honest(node)


def _swallowed(before: Any, after: Any, result_before: Any, result_after: Any) -> bool:
    """Some entry of the argument moved and that entry of the result did not."""
    moved = abs(after - before) > STILL * abs(before)
    still = abs(result_after - result_before) <= STILL * abs(result_before)
    return bool(np.any(moved & still))


def lost(program: Program, env: Mapping[str, Any], moves: Mapping[str, tuple[Array, Array]]) -> tuple[str, float]:
    """Where a movement of the variables is lost before it reaches the value, and the largest value under way.

    `moves` are the points and the displacements.  The place is the name of an operation, or "" where nothing
    is lost.

    >>> from frechet.ops.expressions import apply, number, variable
    >>> x = variable("x", ())
    >>> move = {"x": (np.asarray(0.5), np.asarray(0.01))}
    >>> far = apply("tanh", (apply("add", (x, number(100))),))
    >>> lost(Program([far], {}, {}), {"x": np.asarray(0.5)}, move)[0]
    'tanh'
    >>> lost(Program([apply("sub", (x, x))], {}, {}), {"x": np.asarray(0.5)}, move)[0]
    ''
    """
    program.run(env)
    before = list(program.values)
    program.run({**env, **{name: point + step for name, (point, step) in moves.items()}})
    after = program.values
    biggest = 0.0
    for place, _, _, arguments, _ in program.depending(moves):
        node = program.nodes[place]
        size = largest(before[place])
        biggest = max(biggest, size)
        a = arguments[0]
        if _saturates(node) and _swallowed(before[a], after[a], before[place], after[place]):
            return node.op.name, biggest
        if largest(after[place] - before[place]) > STILL * size:
            continue
        shifts = [(largest(after[a] - before[a]), largest(before[a])) for a in arguments]
        alive = [(shift, base) for shift, base in shifts if shift > 0.0]
        faint = all(shift < FAINT * base or base < MINUTE for shift, base in alive)
        absorbed = node.op in (ADD, SUB) and all(shift < FAINT * size for shift, _ in alive)
        if alive and (not _honest(node) or faint or absorbed):
            return node.op.name, biggest
    return "", biggest
