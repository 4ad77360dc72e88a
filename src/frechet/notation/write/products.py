"""Products: coefficient, scalars, chain, and what stands below the line."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF
from frechet.algebra.constructors.entrywise import is_ones
from frechet.algebra.constructors.products import unturned
from frechet.algebra.node import Node, Term
from frechet.core.expr import Expr
from frechet.notation.conjugates import with_parts
from frechet.notation.signs import NONE, negative, of_scalar, times
from frechet.notation.write.chains import chain_of
from frechet.notation.write.entrywise import root_or_power
from frechet.notation.write.pen import Pen
from frechet.notation.write.rings import norm, ring, square_of
from frechet.notation.write.sums import terms_of, total
from frechet.ops.expressions import apply, number


def product(w: Pen, x: Node, coef: Fraction | None = None, flips: frozenset[Node] | None = None) -> Expr:
    """coefficient · scalars · chain, denominators last; a difference takes the sign and way round that suits.

    Inside a product whose signs are chosen already, `flips` are the differences to be turned.
    """
    own, terms, chain = b.parts(x)
    coef = own if coef is None else coef
    if not terms and not chain:
        return number(coef)
    if coef.denominator != 1 and len(terms) == 1 and not chain and terms[0][1] == 1 and terms[0][0].kind == "sum":
        spread = terms_of(w, tuple((t, c * coef) for t, c in terms[0][0].terms), x.shape, 1)
        whole = apply("divide", (total(w, terms[0][0], 1), number(coef.denominator)))
        if abs(coef.numerator) == 1 and w.count(spread) <= w.count(whole):
            return spread  # 1 + x/2, not (2+x)/2
    if x.complex:
        parted = with_parts(x)
        if parted is not x:
            signed = coef if own == 0 else parted.coef * coef / own
            whole = parted.kind != "product"
            return w.write(b.scale(signed, parted)) if whole else w.product(parted, signed)
    positive, flips = w.signs(x, coef) if flips is None else (coef > 0, flips)
    single = len(chain) == 1 and not terms and coef.denominator != 1 and abs(coef.numerator) == 1
    if single and chain[0].kind == "sum" and any(is_ones(t) for t, _ in chain[0].terms):
        sign = -1 if chain[0] in flips else 1
        spread = terms_of(w, tuple((t, c * abs(coef)) for t, c in chain[0].terms), x.shape, sign)
        whole = apply("divide", (total(w, chain[0], sign), number(coef.denominator)))
        if positive and w.count(spread) < w.count(whole):
            return spread  # v + 1/1000, not (1000*v+1)/1000
    above: list[Expr] = []
    below: list[Expr] = []
    if abs(coef.numerator) != 1:
        above.append(number(abs(coef.numerator)))
    if coef.denominator != 1:
        below.append(number(coef.denominator))
    terms, means = _means(w, terms, flips)
    above += means
    for s, e in terms:
        (above if e > 0 else below).append(scalar_power(w, s, abs(e), flips))
    under = _reciprocal(w, chain, flips) if above else None
    if under is not None:
        e = times(above) if positive else negative(times(above))
        for f in under:
            e = apply("edivide", (e, f))
        return apply("divide", (e, times(below))) if below else e
    if chain:
        above += chain_of(w, chain, flips)
        if chain[0].kind == "einsum":
            above[-1:] = _factors(above[-1])  # 2*A*B of batches, as of matrices
    if not above:
        above.append(number(1))
    if len(above) == 2 and above[0].op.name == "number" and not chain:
        above[1:] = _factors(above[1])  # 2*x'*A*dx; only what is no plain number keeps a product in brackets
    whole = _over(above, below, positive)
    if coef.denominator == 1 or abs(coef.numerator) != 1 or len(above) == 1:
        return whole
    options = [
        _over(halved, below[1:], positive) for halved in _shared(w, terms, chain, above, coef.denominator, flips)
    ]
    return min((e for e in options if w.count(e) <= w.count(whole)), key=w.count, default=whole)


def _over(above: list[Expr], below: list[Expr], positive: bool) -> Expr:
    """Factors over factors, the sign at the first."""
    first, *rest = above
    e = times([first if positive else negative(first), *rest])
    return apply("divide", (e, times(below))) if below else e


def _shared(
    w: Pen, terms: tuple[Term, ...], chain: tuple[Node, ...], above: list[Expr], q: int, flips: frozenset[Node]
) -> Iterator[list[Expr]]:
    """The factors with one sum of them divided by q term by term: X'*(1/2-y), not X'*(1-2*y)/2.

    No more than one term may be a fraction then.
    """
    scalars = [s for s, e in terms if e == 1]
    around = [f for s in scalars if s.kind == "ring" for f in s.args]
    for f in dict.fromkeys(unturned(f) for f in (*chain, *scalars, *around)):
        if f.kind != "sum" or f.complex or sum((c / q).denominator > 1 for _, c in f.terms) > 1:
            continue
        sign = -1 if f in flips else 1
        old = total(w, f, sign)
        new = terms_of(w, tuple((t, c / q) for t, c in f.terms), f.shape, sign)
        for k, e in enumerate(above):
            changed = _put(e, old, new)
            if changed is not e:
                yield [*above[:k], changed, *above[k + 1 :]]


def _put(e: Expr, old: Expr, new: Expr) -> Expr:
    """A product with one factor, or one transposed factor, replaced."""
    if e is old:
        return new
    if e.op.name not in ("mul", "transpose"):
        return e
    for k, a in enumerate(e.args):
        changed = _put(a, old, new)
        if changed is not a:
            return apply(e.op.name, (*e.args[:k], changed, *e.args[k + 1 :]), e.params)
    return e


def _factors(e: Expr) -> list[Expr]:
    """The factors of a product, from left to right."""
    factors: list[Expr] = []
    while e.op.name == "mul":
        factors.insert(0, e.args[1])
        e = e.args[0]
    return [e, *factors]


def _means(w: Pen, terms: tuple[Term, ...], flips: frozenset[Node]) -> tuple[tuple[Term, ...], list[Expr]]:
    """sum(x)/n is mean(x): the other scalars, and the means."""
    counts = {s.params[0]: s for s, e in terms if s.op == "size" and e < 0}
    if not counts:
        return terms, []
    left, means = dict(terms), list[Expr]()
    for s, e in terms:
        one = (s.kind == "ring" and s.params == ("open",)) or (s.kind == "einsum" and len(s.args) == 1)
        if e != 1 or not one:
            continue
        summed = scalar_power(w, s, e, flips)
        if summed.op.name != "sum" or summed.params != (None,):
            continue
        sizes = [counts.get(d) for d in summed.args[0].shape]
        if all(d is not None and left[d] <= -1 for d in sizes) and len(set(sizes)) == len(sizes):
            del left[s]
            left.update({d: left[d] + 1 for d in sizes if d is not None})
            means.append(apply("mean", summed.args, (None,)))
    return tuple((s, e) for s, e in left.items() if e), means


def _reciprocal(w: Pen, chain: tuple[Node, ...], flips: frozenset[Node]) -> list[Expr] | None:
    """The factors below the line where the chain is one entrywise reciprocal: c./x, not c*(1./x)."""
    if len(chain) != 1 or chain[0].kind != "hadamard" or any(e >= 0 for _, e in chain[0].terms):
        return None
    return [root_or_power(w.factor(base, flips), -e) for base, e in chain[0].terms]


def scalar_power(w: Pen, s: Node, e: Fraction, flips: frozenset[Node] = NONE) -> Expr:
    """A positive power of a scalar: norm2(x)^3 for (x'*x)^(3/2)."""
    base = _scalar(w, s, flips) if flips and e.denominator == 1 else w.write(s)
    if s.kind == "ring":
        half = square_of(s)
        if half is not None and (e != 1 or half.kind != "leaf"):
            norm_of_half = norm(w, half, flips)
            return norm_of_half if e == HALF else apply("power", (norm_of_half, number(2 * e)))
    if e == 1:
        return base
    if e == HALF:
        return apply("sqrt", (base,))
    return apply("power", (base, number(e)))


def _scalar(w: Pen, s: Node, flips: frozenset[Node]) -> Expr:
    """A scalar, with the differences in `flips` turned round: itself, or those in a closed chain."""
    if s.kind == "sum":
        return total(w, s, -1 if s in flips else 1)
    if s.kind != "ring":
        return w.write(s)
    counts: dict[Node, int] = {}
    of_scalar(s, counts, 1)
    return w.write(s) if flips.isdisjoint(counts) else ring(w, s, flips)
