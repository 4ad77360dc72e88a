"""Sums: what is added before what is subtracted, a scalar beside vectors broadcast, blocks put together."""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra import constructors as b
from frechet.algebra.atoms import U
from frechet.algebra.factor import collect
from frechet.algebra.node import Node, Term, intern
from frechet.core.dim import ONE, Dim, Shape
from frechet.core.expr import Expr
from frechet.notation.conjugates import paired
from frechet.notation.signs import backwards, in_order, negative, unsigned
from frechet.notation.write.cells import cells
from frechet.notation.write.pen import Pen
from frechet.ops.expressions import apply


def total(w: Pen, x: Node, sign: int) -> Expr:
    """A sum, what is added before what is subtracted; in one of vectors a scalar times ones is broadcast.

    In a sum of matrices it is not: `eye(n) - 1/n` would be read as a multiple of the identity is subtracted from.
    """
    return terms_of(w, x.terms, x.shape, sign)


def terms_of(w: Pen, terms: tuple[tuple[Node, Fraction], ...], shape: tuple[Dim, ...], sign: int) -> Expr:
    """The terms of a sum: those made of blocks as one matrix, where that is shorter."""
    if any(t.complex for t, _ in terms):
        terms = paired(terms)
    cut = [(t, c * sign) for t, c in terms if w.blocky(t)]
    whole = cells(w, b.add(cut)) if cut else None
    if whole is not None:
        rest = tuple((t, c) for t, c in terms if not w.blocky(t))
        if rest:
            whole = apply("add", (whole, terms_of(w, rest, shape, sign)))
            if unsigned(whole.args[1])[0] and len(rest) == 1:
                whole = apply("sub", (whole.args[0], unsigned(whole.args[1])[1]))
        return min(whole, _plain(w, terms, shape, sign), key=w.count)
    return _plain(w, terms, shape, sign)


def _plain(w: Pen, terms: tuple[tuple[Node, Fraction], ...], shape: tuple[Dim, ...], sign: int) -> Expr:
    """The terms of a sum from left to right."""
    plus: list[Expr] = []
    minus: list[Expr] = []
    below: list[Node] = []
    ones = b.all_ones(shape) if len(shape) == 2 and (shape[0] == ONE) != (shape[1] == ONE) else None
    spread = ones is not None and any(_broadcast(t, ones) is None for t, _ in terms)
    for t, c in in_order(_joined(tuple((t, c * sign) for t, c in terms))):
        scalar = _broadcast(t, ones) if spread and ones is not None else None
        body = scalar if scalar is not None else t
        node = b.scale(abs(c), body)
        if c < 0 and w.signs(node, -b.parts(node)[0], forced=False)[0]:
            plus.append(w.product(node, -b.parts(node)[0]))
        else:
            (plus if c > 0 else minus).append(w.write(node))
            below = below if c > 0 else [*below, node]
    if not plus:  # begin with a difference turned round, where there is one
        k = next((k for k, t in enumerate(below) if w.signs(t, -b.parts(t)[0])[0]), None)
        if k is None:
            plus = [negative(minus.pop(0))]
        else:
            plus = [w.product(below[k], -b.parts(below[k])[0])]
            del minus[k]
    e = plus[0]
    plus = plus[1:]
    for p in plus:
        e = apply("add", (e, p))
    for m in minus:
        e = apply("sub", (e, m))
    return e


def _joined(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """reshape(x,m,n) + reshape(y,m,n) as reshape(x+y,m,n), and so with vec."""
    shaped: dict[tuple[str, Shape, Shape], list[tuple[Term, Term]]] = {}
    others: list[Term] = []
    for t, c in terms:
        _, scalars, chain = b.parts(t)
        single = chain[0] if len(chain) == 1 else t
        if single.kind in ("vec", "unvec"):
            inner = b.mul(*(b.power(s, e) for s, e in scalars), single.args[0])
            key = (single.kind, single.args[0].shape, single.shape)
            shaped.setdefault(key, []).append(((t, c), (inner, c)))
        else:
            others.append((t, c))
    for (kind, _, shape), members in shaped.items():
        if len(members) == 1:
            others.append(members[0][0])
        else:
            others.append((_shaped(kind, collect([inner for _, inner in members]), shape), U))
    return tuple(others)


def _shaped(kind: str, inner: Node, shape: Shape) -> Node:
    """vec or reshape of a node as it stands, a sum kept whole."""
    if kind == "vec":
        return intern("vec", shape, (inner,))
    return intern("unvec", shape, (inner,), params=shape, overhead=3)


def _broadcast(t: Node, ones: Node | None) -> Node | None:
    """s when t is s times an array of ones; None otherwise."""
    if t is ones:
        return b.number(1)
    if t.kind != "product" or ones is None:
        return None
    chain = ones.chain if ones.kind == "product" else (ones,)
    if t.chain != chain:
        return None
    return b.mul(b.number(t.coef), *(b.power(s, e) for s, e in t.terms))


def oriented(w: Pen, x: Node) -> Expr:
    """x or -x, whichever begins with its weightiest term: for where the sign does not matter."""
    return total(w, x, -1) if x.kind == "sum" and backwards(x, w.said) else w.write(x)
