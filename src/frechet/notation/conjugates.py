"""Real and imaginary parts in sums: t + conj(t) is written 2*real(t), and i*(conj(t) - t) is 2*imag(t).

The algebra keeps neither: real(X) is (X + conj(X))/2 there, and imag(X) the same with the imaginary unit, for which
the language has no name.  Here what pairs is put together again, for the writer only.
"""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra import atoms
from frechet.algebra import build as b
from frechet.algebra.factor import collect
from frechet.algebra.node import Node, Term, postorder
from frechet.core.expr import Expr, postorder as expressions
from frechet.errors import FrechetError
from frechet.ops.build import variable

UNIT = variable("the imaginary unit")
"""What stands for the imaginary unit until somebody asks whether a formula may be shown; no name has spaces."""


def showable(e: Expr) -> Expr:
    """The formula, refused where the imaginary unit is left in it."""
    if any(x is UNIT for x in expressions(e)):
        raise FrechetError(
            "unsupported", "it needs the imaginary unit, for which the language has no name: give real(…) and imag(…)"
        )
    return e


def paired(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Terms of a sum with pairs t + conj(t) replaced by 2 real(t), i t + conj(i t) by -2 imag(t).

    Increments stay as they are: a differential is linear in dZ and conj(dZ), and shows both.
    """
    left = dict(terms)
    halves: dict[str, list[Term]] = {"real": [], "imag": []}
    for t, c in terms:
        if t not in left or not t.complex:
            continue
        other = b.conj(t)
        coef, scalars, chain = b.parts(other)
        bare = b.scale(1 / coef, other) if coef not in (0, 1) else other
        if bare is t or left.get(bare) != c * coef or _moves(t):
            continue
        del left[t], left[bare]
        turning = any(s.op == "imaginary" for s, _ in scalars)
        best, c = min(((t, c), (bare, c * coef)), key=lambda x: (x[0].bars, x[0].flips, x[0].key))
        halves["imag" if turning else "real"].append((_divided(best) if turning else best, c))
    for part, found in halves.items():
        if found:
            coef, scalars, chain = b.parts(collect(found))
            inner = b.mul(*(b.power(s, e) for s, e in scalars), *chain)
            made = b.apply(part, (inner,), inner.shape)
            left[made] = coef * (2 if part == "real" else -2)
    return tuple(left.items())


def with_parts(x: Node) -> Node:
    """A product whose factors t + conj(t) are written 2 real(t), those i*(t - conj(t)) as -2 imag(t)."""
    coef = x.coef
    scalars = list(x.terms)
    chain = list(x.chain)
    turning = any(s.op == "imaginary" for s, _ in scalars)
    for k, (s, e) in enumerate(scalars):
        found = _part(s) if e.denominator == 1 else None
        if found is not None:
            part, c = found
            coef *= c ** int(e)
            scalars[k] = (part, e)
        elif turning and e.denominator == 1 and e % 2:
            found = _part(b.mul(atoms.imaginary(), s))
            if found is not None:  # s = (c/i)·part, and i·i^-e is a sign
                part, c = found
                coef *= c ** int(e) * (-1) ** int((1 - e) / 2)
                scalars[k] = (part, e)
                scalars = [(t, a) for t, a in scalars if t.op != "imaginary"]
                turning = False
                break
    for k, f in enumerate(chain):
        found = _part(f)
        if found is None and turning:
            found = _part(b.mul(atoms.imaginary(), f))
            if found is not None:
                scalars = [(t, a) for t, a in scalars if t.op != "imaginary"]
                turning = False
        if found is not None:
            chain[k], c = found
            coef *= c
    if coef == x.coef and tuple(chain) == x.chain and tuple(scalars) == x.terms:
        return x
    return b.mul(b.number(coef), *(b.power(s, e) for s, e in scalars), *chain)


def _part(f: Node) -> tuple[Node, Fraction] | None:
    """A sum with real and imaginary parts in it (and no imaginary unit): that sum, and c that it is multiplied with."""
    turned = f.kind == "transpose"
    coef, scalars, chain = b.parts(f.args[0] if turned else f)
    sums = [s for s, e in scalars if s.kind == "sum" and e == 1] + [g for g in chain if g.kind == "sum"]
    if len(sums) != 1 or not sums[0].complex:
        return None
    rest = [b.power(s, e) for s, e in scalars if s is not sums[0]]
    if len(chain) > 1 or any(r.op != "imaginary" for r in rest):
        return None
    terms = tuple(_term(b.mul(*rest, t), c) for t, c in sums[0].terms)
    found = paired(terms)
    if found == terms or any(s.op == "imaginary" for t, _ in found for s, _ in b.parts(t)[1]):
        return None
    part, c = _term(b.add(found), coef)
    return (b.T(part) if turned else part), c


def _term(x: Node, c: Fraction) -> Term:
    """c·x as a term: a node without a coefficient, and the coefficient."""
    coef = b.parts(x)[0]
    return (b.scale(1 / coef, x), c * coef) if coef not in (0, 1) else (x, c)


def _divided(t: Node) -> Node:
    """t/i for a product with the imaginary unit in it."""
    coef, scalars, chain = b.parts(t)
    return b.mul(b.number(coef), *(b.power(s, e) for s, e in scalars if s.op != "imaginary"), *chain)


def _moves(t: Node) -> bool:
    """Whether an increment stands in a term."""
    return any("increment" in atoms.assumptions(x) for x in postorder([t]))
