"""Known functions among the factors of a product or the terms of a sum: softmax, sigmoid, sin² + cos²."""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra import spectra
from frechet.algebra.atoms import is_op, ones
from frechet.algebra.build.entrywise import all_ones, hadamard
from frechet.algebra.build.functions import elementwise, is_ones, softmax, sum_of_exp
from frechet.algebra.build.products import absorb, mul, neg, unturned
from frechet.algebra.build.rings import trace
from frechet.algebra.build.shapes import diag
from frechet.algebra.build.transposes import T
from frechet.algebra.node import Node


def recognise_softmax(scalars: dict[Node, Fraction], chain: list[Node]) -> None:
    """exp(u)/sum(exp(u)) is softmax(u); with the sums along an axis it is softmax(u, axis).  In place."""
    for s, e in list(scalars.items()):
        u = sum_of_exp(s) if e == -1 else None
        if u is None:
            continue
        for r, k in list(scalars.items()):  # v'·exp(u)/sum(exp(u))
            if (
                k == 1
                and r.kind == "ring"
                and sum(unturned(f).op == "exp" and unturned(f).args[0] is u for f in r.chain) == 1
            ):
                made = softmax(u, None)
                swap = {True: T(made), False: made}
                hit = [(f, unturned(f).op == "exp" and unturned(f).args[0] is u) for f in r.chain]
                scalars[s] = scalars[r] = Fraction(0)
                absorb(trace(mul(*(swap[f is not unturned(f)] if h else f for f, h in hit))), scalars)
                return
    for k, f in enumerate(chain):
        core = unturned(f)
        if is_op(core, "exp"):
            u = core.args[0]
            for s in list(scalars):
                if scalars[s] == -1 and sum_of_exp(s) is u:
                    scalars[s] = Fraction(0)
                    made = softmax(u, None)
                    chain[k] = T(made) if f is not core else made
                    return
            for j, rows in ((k - 1, True), (k + 1, False)):
                if 0 <= j < len(chain) and chain[j].kind == "diag":
                    v = chain[j].args[0]
                    total = mul(f, ones(f.cols)) if rows else mul(T(f), ones(f.rows))
                    if v.kind == "hadamard" and dict(v.terms).get(total) == -1:
                        others = [(b, e) for b, e in v.terms if b is not total]
                        made = softmax(T(u) if f is not core else u, 2 if rows else 1)
                        scale_by = [diag(hadamard(others))] if others else []
                        chain[min(j, k) : max(j, k) + 1] = [*scale_by, made] if rows else [made, *scale_by]
                        return


def recognise_bases(bases: dict[Node, Fraction], scalars: list[Node], left: list[tuple[Node, Fraction]]) -> None:
    """Known functions among the factors of a Hadamard product: 1./(1+exp(-u)), sign(u)./abs(u).  In place."""
    for b in list(bases):
        e = bases[b]
        if b.kind == "sum" and len(b.terms) == 2 and e.denominator == 1 and e < 0:
            for (one, c1), (ex, c2) in (b.terms, b.terms[::-1]):
                if c1 == 1 and c2 == 1 and is_ones(one) and is_op(ex, "exp"):
                    have = bases.get(ex, Fraction(0))
                    if have == -e:
                        bases[ex], bases[b] = Fraction(0), Fraction(0)
                        s = elementwise("sigmoid", ex.args[0])
                        bases[s] = bases.get(s, Fraction(0)) - e
                    elif have == 0:
                        s = elementwise("sigmoid", neg(ex.args[0]))
                        bases[b] = Fraction(0)
                        bases[s] = bases.get(s, Fraction(0)) - e
                    break
        elif is_op(b, "sign") and e == 1:
            a = elementwise("abs", b.args[0])
            if a in bases and bases[a].denominator == 1 and bases[a] % 2:
                n = bases[a]
                bases[b] = Fraction(0)
                if n == -1 or n == 1:
                    bases[a] = Fraction(0)
                    bases[b.args[0]] = bases.get(b.args[0], Fraction(0)) + n


def recognise_terms(terms: dict[Node, Fraction]) -> None:
    """Known identities among the terms of a sum: sin² + cos² = 1.  In place."""
    spectra.recognise_terms(terms)
    for t in list(terms):
        base = t.terms[0] if t.kind == "hadamard" and len(t.terms) == 1 else None
        if base and base[1] == 2 and is_op(base[0], "sin"):
            other = hadamard([(elementwise("cos", base[0].args[0]), Fraction(2))])
            c = terms.get(t)
            if c and terms.get(other) == c:
                terms[t] = terms[other] = Fraction(0)
                one = all_ones(t.shape)
                terms[one] = terms.get(one, Fraction(0)) + c
