"""Real and imaginary parts in sums: t + conj(t) is written 2*real(t), and i*(conj(t) - t) is 2*imag(t).

The algebra keeps neither: real(X) is (X + conj(X))/2 there, and imag(X) the same with the imaginary unit, for which
the language has no name.  Here what pairs is put together again, for the writer only.
"""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.factor import collect
from frechet.algebra.node import Node, Term, postorder
from frechet.core.expr import Expr
from frechet.core.expr import postorder as expressions
from frechet.errors import FrechetError
from frechet.ops.expressions import variable

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
        turning = any(s.op == "imaginary" for s, _ in scalars)
        if bare is t or left.get(bare) != c * coef or (_moves(t) and not turning):
            continue
        del left[t], left[bare]
        best, c = min(((t, c), (bare, c * coef)), key=lambda x: (x[0].bars, _marks(x[0]), x[0].key))
        halves["imag" if turning else "real"].append((_divided(best) if turning else best, c))
    for name, found in halves.items():
        if found:
            coef, scalars, chain = b.parts(collect(found))
            inner = b.mul(*(b.power(s, e) for s, e in scalars), *chain)
            made = b.apply(name, (inner,), inner.shape)
            left[made] = coef * (2 if name == "real" else -2)
    done: dict[Node, Fraction] = {}
    for t, c in left.items():
        made, a = _term(with_parts(t) if t.complex and t.kind == "product" else t, c)
        done[made] = done.get(made, Fraction(0)) + a
    return tuple((t, c) for t, c in done.items() if c)


def with_parts(x: Node) -> Node:
    """A product whose factors t + conj(t) are written 2 real(t), those i*(t - conj(t)) as -2 imag(t)."""
    coef = x.coef
    scalars = list(x.terms)
    chain = list(x.chain)
    turning = any(s.op == "imaginary" for s, _ in scalars)
    for k, (s, e) in enumerate(scalars):
        found = part(s) if e.denominator == 1 else None
        if found is not None:
            made, c = found
            coef *= c ** int(e)
            scalars[k] = (made, e)
        elif turning and e.denominator == 1 and e % 2:
            found = part(b.mul(atoms.imaginary(), s))
            if found is not None:  # s = (c/i)·part, and i·i^-e is a sign
                made, c = found
                coef *= c ** int(e) * (-1) ** int((1 - e) / 2)
                scalars[k] = (made, e)
                scalars = [(t, a) for t, a in scalars if t.op != "imaginary"]
                turning = False
                break
    for k, f in enumerate(chain):
        found = part(f)
        if found is None and turning:
            found = part(b.mul(atoms.imaginary(), f))
            if found is not None:
                scalars = [(t, a) for t, a in scalars if t.op != "imaginary"]
                turning = False
        if found is not None:
            chain[k], c = found
            coef *= c
    if coef == x.coef and tuple(chain) == x.chain and tuple(scalars) == x.terms:
        return x
    return b.mul(b.number(coef), *(b.power(s, e) for s, e in scalars), *chain)


def part(f: Node) -> tuple[Node, Fraction] | None:
    """A sum with real and imaginary parts in it (and no imaginary unit): that sum, and c that it is multiplied with."""
    if f.kind == "ring":
        return _ring_part(f)
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
    made, c = _term(b.add(found), coef)
    return (b.T(made) if turned else made), c


def _ring_part(f: Node) -> tuple[Node, Fraction] | None:
    """The same of a closed chain with such a sum for a factor."""
    coef, chain = Fraction(1), list(f.chain)
    for k, g in enumerate(chain):
        found = part(g) if g.complex else None
        if found is not None:
            chain[k], coef = found[0], coef * found[1]
    return _term(b.trace(b.mul(*chain)), coef) if tuple(chain) != f.chain else None


def _marks(t: Node) -> int:
    """The transposes and conjugates in a term, herm(X) counted as one."""
    found = list(postorder([t]))
    both = sum(x.kind == "transpose" and x.args[0].kind == "conj" for x in found)
    return sum(x.kind in ("transpose", "conj") for x in found) - both


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
