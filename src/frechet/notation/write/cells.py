"""A matrix as its blocks, [A, B; C, D], where it is made of some."""

from __future__ import annotations

from frechet.algebra.node import Node
from frechet.core.expr import Expr
from frechet.notation.blocks import grid
from frechet.notation.write.pen import Pen
from frechet.ops.expressions import apply


def in_blocks(w: Pen, x: Node, plain: Expr) -> Expr:
    """[A, B; C, D] where a matrix is made of blocks and that is shorter."""
    whole = cells(w, x) if w.blocky(x) else None
    return plain if whole is None else min(whole, plain, key=w.count)


def cells(w: Pen, x: Node) -> Expr | None:
    """A matrix as its blocks, where it is made of some."""
    blocks = grid(x)
    if blocks is None:
        return None
    rows = [[w.write(cell) for cell in row] for row in blocks]
    across = [apply("hcat", tuple(row)) if len(row) > 1 else row[0] for row in rows]
    return apply("vcat", tuple(across)) if len(across) > 1 else across[0]
