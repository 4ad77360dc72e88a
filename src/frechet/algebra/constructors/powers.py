"""Powers of scalars, and what is known not to be negative: √(s²) is s only there."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

from frechet.algebra import atoms
from frechet.algebra.atoms import U, number
from frechet.algebra.constructors import late
from frechet.algebra.constructors.products import assemble, parts, unturned
from frechet.algebra.constructors.transposes import conj, herm
from frechet.algebra.node import Node, Term
from frechet.core.dim import ONE
from frechet.core.records import facts


def nonnegative(x: Node) -> bool:
    """Whether every entry is known to be at least zero."""
    if x.complex and conj(x) is not x:
        return False
    if x.kind == "product":
        inside = _squares(x.terms) and all(nonnegative(f) for f in x.chain)
        return x.coef >= 0 and inside
    if x.kind == "leaf":
        return x.op in ("size", "number", "pi", "ones", "eye") or "positive" in atoms.assumptions(x)
    if x.kind == "apply":
        return facts(x.op).range != ""
    if x.kind == "ring":
        c = x.chain
        if len(c) % 2 == 0 and all(herm(a) is b for a, b in zip(c, reversed(c), strict=True)):
            return True
        return all(nonnegative(f) for f in c)
    if x.kind == "hadamard":
        return _squares(x.terms)
    if x.kind == "sum":
        return all(c > 0 and nonnegative(t) for t, c in x.terms)
    return x.kind in ("transpose", "diag", "diagonal", "vec", "unvec", "kron", "einsum") and all(
        nonnegative(a) for a in x.args
    )


def _squares(terms: Sequence[Term]) -> bool:
    """Whether a product of bases, known to be real, is one of factors that are not negative, squares and moduli."""
    exponents = dict(terms)
    return all(
        nonnegative(b) or e % 2 == 0 or (b.complex and conj(b) is not b and exponents.get(conj(b)) == e)
        for b, e in terms
    )


def join_moduli(bases: dict[Node, Fraction]) -> None:
    """Write √z·√conj(z) as |z|, in place: for complex bases under a root."""
    for z in list(bases):
        e = bases.get(z, Fraction(0))
        if e.denominator != 1 and z.complex and conj(z) is not z and bases.get(conj(z)) == e:
            del bases[z], bases[conj(z)]
            m = late.elementwise("abs", z)
            bases[m] = bases.get(m, Fraction(0)) + 2 * e


def _root(c: Fraction, e: Fraction) -> Fraction | None:
    """c to the power e when that is rational and easily seen to be."""
    if c == 1:
        return U
    if e.denominator == 1:
        if abs(e) > 64:
            return None
        return c ** int(e) if c or e > 0 else None
    if e.denominator == 2 and c > 0:
        p, q = isqrt(c.numerator), isqrt(c.denominator)
        if p * p == c.numerator and q * q == c.denominator:
            return Fraction(p, q) ** int(e * 2)
    return None


def under_root(x: Node, e: Fraction) -> bool:
    """Whether a multiple of a sum stays as it is under a root: sqrt(v+1/1000), not sqrt(1/1000)*sqrt(1000*v+1)."""
    coef, s, chain = parts(x)
    if e.denominator == 1 or coef < 0:
        return False
    bare = [*((b, a) for b, a in s), *((unturned(f), U) for f in chain)]
    return len(bare) == 1 and bare[0][0].kind == "sum" and bare[0][1] == 1 and _root(coef, e) is None


def power(x: Node, e: Fraction | int) -> Node:
    """A scalar to a rational power.  √(s²) is not s unless s is known not to be negative."""
    e = Fraction(e)
    if e == 1:
        return x
    if e == 0:
        return number(1)
    coef, s, _ = parts(x)
    if coef == 0:
        return number(0) if e > 0 else assemble(U, {x: e}, (), (ONE, ONE))
    if under_root(x, e):
        return assemble(U, {x: e}, (), (ONE, ONE))
    if e.denominator == 1:
        c = _root(coef, e)
        if c is None:
            return assemble(U, {x: e}, (), (ONE, ONE))
        return assemble(c, {b: a * e for b, a in s}, (), (ONE, ONE))
    outside: dict[Node, Fraction] = {}
    inside: dict[Node, Fraction] = {}
    for b, a in s:
        if a % 2 == 0 and not b.complex and not nonnegative(b):  # √(c²·d) = |c|·√d
            outside[late.elementwise("abs", b)] = a
        else:
            (outside if nonnegative(b) else inside)[b] = a
    for b in [b for b in inside if b.complex]:
        a = inside.get(b)
        if a is not None and conj(b) is not b and inside.get(conj(b)) == a:
            del inside[b], inside[conj(b)]
            outside[late.elementwise("abs", b)] = 2 * a
    c = _root(abs(coef), e)
    scalars = {b: a * e for b, a in outside.items()}
    rest = assemble(Fraction(1 if coef > 0 else -1), inside, (), (ONE, ONE))
    if c is None:
        c = U
        base = atoms.root_base(abs(coef))
        scalars[base] = scalars.get(base, Fraction(0)) + e
    if rest is not number(1):
        odd = rest.kind == "product" and rest.coef == 1 and len(rest.terms) == 1 and rest.terms[0][1] % 2 == 1
        if odd and not rest.complex:
            b, a = rest.terms[0]
            scalars[b] = scalars.get(b, Fraction(0)) + a * e
        else:
            scalars[rest] = scalars.get(rest, Fraction(0)) + e
    return assemble(c, scalars, (), (ONE, ONE))
