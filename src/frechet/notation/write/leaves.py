"""Variables, numbers and constants as they are written."""

from __future__ import annotations

from frechet.algebra.node import Node
from frechet.core.dim import ONE, settle
from frechet.core.expr import Expr
from frechet.core.records import facts
from frechet.notation.conjugates import UNIT
from frechet.ops.expressions import apply, number, size, variable


def leaf(x: Node) -> Expr:
    """A leaf: an increment loses its mark, a selection becomes [0, I, 0], a vector of zeros has one size."""
    if x.op == "variable":
        name, assumed = x.params
        kept = () if "increment" in assumed else tuple(a for a in assumed if a != "upstream")
        return variable(name, settle(x.shape), kept)
    if x.op == "number":
        return number(x.params[0])
    if x.op == "size":
        return size(x.params[0])
    if x.op == "imaginary":
        return UNIT
    if facts(x.op).triangular == "lower":
        return apply(x.op, (apply("ones", (), x.params),))
    if x.op == "select":
        offset, width, whole = x.params
        rest = whole - offset - width
        blocks = [apply("eye", (), (width,))]
        if offset != 0:
            blocks.insert(0, apply("zeros", (), (width, offset)))
        if rest != 0:
            blocks.append(apply("zeros", (), (width, rest)))
        return apply("hcat", tuple(blocks)) if len(blocks) > 1 else blocks[0]
    if x.op in ("ones", "zeros") and len(x.shape) > 2:
        return apply(x.op, (), x.shape)
    if x.op == "zeros" and x.cols == ONE:
        return apply("zeros", (), (x.rows,))
    return apply(x.op, (), x.params)
