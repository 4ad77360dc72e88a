"""A formula as it is shown to a person: in matrices, whatever it was read from."""

from __future__ import annotations

from frechet.core.expr import Expr, postorder
from frechet.notation.write import Writer
from frechet.ops.normalise import node_of


def shown(e: Expr) -> Expr:
    """A formula as it is shown: what came from a formula in index form as the matrix formula it is."""
    if any(part.op.name == "einsum" for part in postorder(e)):
        return Writer().write(node_of(e))
    return e
