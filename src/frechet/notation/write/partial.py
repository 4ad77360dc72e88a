"""A Kronecker factor summed out: the sum over blocks, sum(k: kron(unit(k,n)',eye(p))*M*kron(unit(k,n),eye(q))).

The algebra has it as one product, kron(vec(W)',eye(p))*kron(eye(n),M)*kron(vec(eye(n)),eye(q)), which nobody reads as
what it is: the blocks of M, each times its entry of W, added up.
"""

from __future__ import annotations

from frechet.algebra import constructors as b
from frechet.algebra.atoms import is_op
from frechet.algebra.constructors import T
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Dim
from frechet.core.expr import Expr, postorder, size_names
from frechet.notation.signs import times
from frechet.notation.write.pen import Pen
from frechet.ops.expressions import apply

LETTERS = "kijlrst"
"""Names for the index, the first that is free."""


def in_blocks_sum(w: Pen, triple: tuple[Node, ...], flips: frozenset[Node]) -> Expr | None:
    """Three factors that add up the blocks of a matrix, as that sum; None of any others."""
    if not w.sums or len(triple) < 3:
        return None
    if triple[0].kind not in ("kron", "transpose") or triple[2].kind not in ("kron", "vec"):
        return None
    for slow in (True, False):
        rows, columns = _end(T(triple[0]), slow), _end(triple[2], slow)
        if rows is None or columns is None or not any(is_op(end[0], "eye") for end in (rows, columns)):
            continue
        inner = _inside(triple[1], rows[0].cols, slow)
        if inner is not None and rows[0].cols == columns[0].cols:
            return _written(w, (rows, columns), inner, slow, flips)
    return None


def _end(f: Node, slow: bool) -> tuple[Node, Dim] | None:
    """W and p where f is kron(vec(W),eye(p)), or W' and p where it is kron(eye(p),vec(W)): the fast part is summed."""
    if f.kind != "vec" and (f.kind != "kron" or len(f.args) != 2):
        return None
    stacked, rest = (f, None) if f.kind == "vec" else f.args if slow else f.args[::-1]
    if stacked.kind != "vec" or (rest is not None and not is_op(rest, "eye")):
        return None
    return stacked.args[0] if slow else T(stacked.args[0]), rest.rows if rest is not None else ONE


def _inside(f: Node, n: Dim, slow: bool) -> Node | None:
    """M where f is kron(eye(n),M), or a sum of such; kron(M,eye(n)) for the fast part."""
    if f.kind == "sum":
        found = [(_inside(t, n, slow), c) for t, c in f.terms]
        terms = [(m, c) for m, c in found if m is not None]
        return b.add(terms) if len(terms) == len(found) else None
    coef, scalars, chain = b.parts(f)
    if len(chain) != 1 or chain[0].kind != "kron":
        return None
    unit, *rest = chain[0].args if slow else chain[0].args[::-1]
    if not is_op(unit, "eye") or unit.rows != n:
        return None
    return b.mul(b.number(coef), *(b.power(s, e) for s, e in scalars), b.kron(*(rest if slow else rest[::-1])))


def _written(
    w: Pen, ends: tuple[tuple[Node, Dim], tuple[Node, Dim]], inner: Node, slow: bool, flips: frozenset[Node]
) -> Expr:
    """sum(k: kron(W[:,k]',eye(p))*M*kron(unit(k,n),eye(q)))."""
    middle, weights = w.factor(inner, flips), [w.factor(end, flips) for end, _ in ends]
    taken = w.taken | size_names(middle).union(*map(size_names, weights))
    taken |= {str(p) for e in postorder(middle, *weights) for p in e.params if isinstance(p, str)}
    k = next(letter for letter in (*LETTERS, *(f"k{i}" for i in range(1, 99))) if letter not in taken)
    outer: list[Expr] = []
    for (end, size), weight in zip(ends, weights, strict=True):
        if is_op(end, "eye"):
            column = apply("unit", (), (k, end.cols))
        elif weight.op.name == "transpose":
            column = apply("transpose", (apply("row", (weight.args[0],), (k,)),))
        else:
            column = apply("column", (weight,), (k,))
        if not outer:
            column = column.args[0] if column.op.name == "transpose" else apply("transpose", (column,))
        pair = (column, apply("eye", (), (size,)))
        outer.append(column if size == ONE else apply("kron", pair if slow else pair[::-1]))
    between: list[Expr] = []
    while middle.op.name == "mul" and middle.args[0].shape:
        middle, last = middle.args
        between.insert(0, last)
    return apply("isum", (times([outer[0], middle, *between, outer[1]]),), (k,))
