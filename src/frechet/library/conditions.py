"""Where a derivative does not hold: said of the expression, in the words of its operations' records."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from frechet.algebra.definite import invertible, positive
from frechet.core.expr import Expr, postorder, users
from frechet.notation.ascii import text
from frechet.notation.naming import written_size
from frechet.ops.normalise import node_of

LONGEST = 24
"""Arguments of more signs are not written out in a condition."""
MOST = 12
"""Conditions beyond this number are not listed."""


def conditions(root: Expr, variables: Collection[Expr]) -> list[str]:
    """What must hold at a point for the derivative by these variables, one sentence each.

    >>> from frechet.ops.build import apply, variable
    >>> x = variable("x", ("n",))
    >>> conditions(apply("sum", (apply("relu", (x,)),), (None,)), [x])
    ['where an entry of x is 0, relu has no derivative; the formula takes 0 there (step(0) = 0)']
    """
    moving, above = set(variables), users(root)
    found: dict[str, None] = {}
    for e in postorder(root):
        if any(a in moving for a in e.args):
            moving.add(e)
            squared = e.op.name == "norm2" and _only_squared(above.get(e, []))
            if e.op.caution and not squared and not _granted(e):
                shown = [text(a) if written_size(a) <= LONGEST else f"the argument of {e.op.name}" for a in e.args]
                found[e.op.caution.format(x=shown[0], y=shown[-1])] = None
    return list(found)[:MOST]


def _granted(e: Expr) -> bool:
    """Whether the argument is known to be invertible, as a positive definite matrix is; under a root, not to vanish."""
    if e.op.name == "sqrt":
        return positive(node_of(e.args[0]))
    return "invertible" in e.op.domain and invertible(node_of(e.args[0]))


def _only_squared(above: Sequence[Expr]) -> bool:
    """Whether a norm stands under even powers alone: ‖x‖² is smooth."""
    return bool(above) and all(
        e.op.name == "power" and e.args[1].op.name == "number" and e.args[1].params[0] % 2 == 0 for e in above
    )
