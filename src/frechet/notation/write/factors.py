"""A factor of a chain, with those of its differences turned round that the sign of the whole asks for."""

from __future__ import annotations

from frechet.algebra import constructors as b
from frechet.algebra.constructors.products import unturned
from frechet.algebra.node import Node
from frechet.core.expr import Expr
from frechet.notation.signs import NONE, differences, is_odd
from frechet.notation.write.entrywise import hadamard
from frechet.notation.write.functions import kron, transpose
from frechet.notation.write.networks import network
from frechet.notation.write.pen import Pen
from frechet.notation.write.sums import total
from frechet.ops.expressions import apply


def turned_factor(w: Pen, f: Node, flips: frozenset[Node]) -> Expr:
    """The factor, under conj(…) or herm(…) where it then holds fewer conjugates."""
    if f.bars:
        options = [_in_place(w, f, flips)]
        transposed = [("herm", b.herm(f))] if len(f.shape) <= 2 else []
        for op, y in (("conj", b.conj(f)), *transposed):
            sign, scalars, chain = b.parts(y)
            if y.bars < f.bars and len(chain) == 1 and not scalars and abs(sign) == 1:
                sums = frozenset(unturned(g) for g in chain)
                turned = sums if (sign < 0) != (unturned(f) in flips) else NONE
                if sign > 0 or unturned(chain[0]).kind == "sum":
                    options.append(apply(op, (_in_place(w, chain[0], turned),)))
        return min(options, key=w.count)
    return _in_place(w, f, flips)


def _in_place(w: Pen, f: Node, flips: frozenset[Node]) -> Expr:
    """The factor with the differences turned where they stand in it."""
    if f.kind == "sum":
        return total(w, f, -1 if f in flips else 1)
    if f.kind == "transpose":
        return transpose(w, f, flips)
    if f.kind in ("diag", "diagonal"):
        return apply("diag", (w.factor(f.args[0], flips),))
    if f.kind == "vec":
        return apply("vec", (w.factor(f.args[0], flips),))
    if f.kind == "kron":
        return kron(w, f.args, flips)
    if f.kind == "einsum":
        return network(w, f, flips)
    if f.kind == "hadamard":
        return hadamard(w, f.terms, flips)
    counts: dict[Node, int] = {}
    differences(f, counts)
    if not flips.isdisjoint(counts):
        if f.kind == "product":
            return w.product(f, None, flips)
        if is_odd(f):
            return apply(f.op, (w.factor(f.args[0], flips),), f.params[1:])
    return w.write(f)
