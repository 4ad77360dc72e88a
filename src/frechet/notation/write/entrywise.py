"""Hadamard products: what is multiplied, what is divided by, and the triangle that a mask keeps."""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra.atoms import HALF, is_op
from frechet.algebra.constructors import T
from frechet.algebra.constructors.products import unturned
from frechet.algebra.node import Node
from frechet.core.expr import Expr
from frechet.core.records import facts, looks
from frechet.notation.signs import place
from frechet.notation.write.pen import Pen
from frechet.ops.expressions import apply, number


def hadamard(w: Pen, terms: tuple[tuple[Node, Fraction], ...], flips: frozenset[Node]) -> Expr:
    """x.*y./z with roots and powers entry by entry, under the function of a triangle where a factor is its mask."""
    if any(e == 1 and base.kind == "transpose" and is_mask(base.args[0], alone=True) for base, e in terms):
        return apply("transpose", (hadamard(w, tuple((T(base), e) for base, e in terms), flips),))
    above: list[Expr] = []
    terms = _columnwise(w, terms, flips, above)
    below: list[Expr] = []
    triangle = ""
    for base, e in sorted(terms, key=lambda term: _rank(w, term)):
        if e == 1 and is_mask(base) and not triangle:
            triangle = base.op
            continue
        if e == 1 and base.kind == "transpose" and is_mask(base.args[0]) and not triangle:
            triangle = looks(base.args[0].op).turned
            continue
        f = w.factor(base, flips) if e.denominator == 1 else w.write(base)
        (above if e > 0 else below).append(root_or_power(f, abs(e)))
    if not above:  # one mask alone is a triangle of ones
        above.append(number(1) if below else apply("ones", (), tuple(terms[0][0].shape)))
    e = above[0]
    for f in above[1:]:
        e = apply("hadamard", (e, f))
    for f in below:
        e = apply("edivide", (e, f))
    return apply(triangle, (e,)) if triangle else e


def is_mask(x: Node, alone: bool = False) -> bool:
    """Whether x is the mask of a triangle; `alone`: one whose transpose has no name."""
    return x.kind == "leaf" and facts(x.op).triangular == "lower" and not (alone and looks(x.op).turned)


def _columnwise(
    w: Pen, terms: tuple[tuple[Node, Fraction], ...], flips: frozenset[Node], above: list[Expr]
) -> tuple[tuple[Node, Fraction], ...]:
    """kron(A,ones(n)).*kron(ones(m),B) as khatrirao(A,B), put among what is `above`; the other factors."""
    outer = [x for x, e in terms if e == 1 and x.kind == "kron" and len(x.args) == 2]
    for x in outer:
        for y in outer:
            (a, down), (up, b) = x.args, y.args
            ones = (down, up) if down.column else (T(down), T(up))
            if x is y or not all(is_op(f, "ones") for f in ones):
                continue
            if down.column and (down.rows, up.rows) == (b.rows, a.rows):
                above.append(apply("khatrirao", (w.factor(a, flips), w.factor(b, flips))))
            elif down.row and (down.cols, up.cols) == (b.cols, a.cols):
                pair = (w.factor(T(a), flips), w.factor(T(b), flips))
                above.append(apply("transpose", (apply("khatrirao", pair),)))
            else:
                continue
            return tuple((f, e) for f, e in terms if f is not x and f is not y)
    return terms


def _rank(w: Pen, term: tuple[Node, Fraction]) -> tuple[int, tuple[int, str, bytes]]:
    """Where a factor stands in x.*y.*z: upstream gradients, differences, the rest, 1-s after s, increments."""
    base = term[0]
    if w.holds_increment(base):
        return 4, base.key
    if base.op == "variable" and "upstream" in base.params[1]:
        return 0, base.key
    core = unturned(base)
    if core.kind != "sum" or core.scalar:
        return 2, base.key
    return (3 if any(place(t)[0] == 0 for t in core.terms) else 1), base.key


def root_or_power(f: Expr, p: Fraction) -> Expr:
    """f, sqrt(f) or f.^p entry by entry, for p > 0."""
    return f if p == 1 else apply("sqrt", (f,)) if p == HALF else apply("epower", (f, number(p)))
