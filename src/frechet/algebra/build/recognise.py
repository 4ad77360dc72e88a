"""Known functions among the factors of a product or the terms of a sum: softmax, sigmoid, sin² + cos²."""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra import spectra
from frechet.algebra.atoms import U, is_op, number, ones
from frechet.algebra.build.entrywise import all_ones, hadamard
from frechet.algebra.build.functions import apply, elementwise, is_ones, softmax, sum_of_exp
from frechet.algebra.build.products import absorb, mul, neg, unturned
from frechet.algebra.build.rings import trace
from frechet.algebra.build.shapes import diag
from frechet.algebra.build.sums import plus
from frechet.algebra.build.transposes import T
from frechet.algebra.node import Node

ZERO = Fraction(0)


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


def recognise_bases(bases: dict[Node, Fraction]) -> None:
    """Known functions among the factors of an entrywise product, or of a product of scalars.  In place."""
    for b in list(bases):
        e = bases[b]
        if e.denominator != 1:
            continue
        if b.kind == "sum":
            _sigmoid(b, e, bases)
        elif b.kind != "apply":
            continue
        elif b.op == "exp" and e > 0:
            growth = elementwise("exp", neg(b.args[0]))
            both = min(bases.get(growth, ZERO), bases[b])
            if both > 0:  # exp(u).*exp(-u) = 1
                _gain(bases, growth, -both)
                _gain(bases, b, -both)
        elif b.op == "sigmoid" and e > 0:
            _complement(b, e, bases)
        elif b.op in ("sign", "abs") and len(b.args) == 1:
            _modulus(b, bases)
        elif b.op == "step" and e > 0:
            ramp = elementwise("relu", b.args[0])
            bases[b] = U if bases.get(ramp, ZERO) <= 0 else ZERO  # step^k = step, relu.*step = relu
        elif b.op in ("power", "epower") and e == 1:
            _joined_power(b, bases)


def _sigmoid(b: Node, e: Fraction, bases: dict[Node, Fraction]) -> None:
    """1./(1+exp(-u)) and exp(u)./(1+exp(u)) are sigmoid(u); (1-sigmoid(u)).*exp(u) is again sigmoid(u)."""
    if len(b.terms) != 2:
        return
    for (one, c1), (f, c2) in (b.terms, b.terms[::-1]):
        if c1 == 1 and is_ones(one) and is_op(f, "exp") and c2 == 1 and e < 0:
            have = bases.get(f, ZERO)
            both = min(max(have, ZERO), -e)
            if have.denominator == 1:
                bases[b] = ZERO
                bases[f] = have - both
                _gain(bases, elementwise("sigmoid", f.args[0]), both)
                rest = elementwise("sigmoid", neg(f.args[0]))
                _gain(bases, rest, -e - both)
            return
        if c1 == 1 and is_ones(one) and is_op(f, "sigmoid") and c2 == -1 and e > 0:
            growth = elementwise("exp", f.args[0])
            if bases.get(growth, ZERO) >= e:
                bases[b] = ZERO
                _gain(bases, growth, -e)
                _gain(bases, f, e)
            return


def _complement(b: Node, e: Fraction, bases: dict[Node, Fraction]) -> None:
    """sigmoid(u).*exp(-u) is 1 - sigmoid(u)."""
    decay = elementwise("exp", neg(b.args[0]))
    both = min(bases.get(decay, ZERO), e)
    if both > 0:
        _gain(bases, b, -both)
        _gain(bases, decay, -both)
        _gain(bases, plus(number(1), b, -1), both)


def _modulus(b: Node, bases: dict[Node, Fraction]) -> None:
    """Of sign(u), abs(u).^n and u.^k the shortest: sign(u).*abs(u) is u, sign(u).*u is abs(u), abs(u).^2 is u.^2."""
    u = b.args[0]
    sign, size = elementwise("sign", u), elementwise("abs", u)
    n, k = bases.get(size, ZERO), bases.get(u, ZERO)
    simple = u.kind != "product" or (u.coef == 1 and not u.terms)
    if n.denominator != 1 or k.denominator != 1 or not (n or k) or not simple:
        return
    if bases.get(sign, ZERO) == 1:
        bases[sign] = ZERO
        if n:
            n, k = n - 1, k + 1
        else:
            n, k = (n + 1, k - 1) if k > 0 else (n - 1, k + 1)
    if n % 2 == 0:
        n, k = ZERO, k + n
    bases[size], bases[u] = n, k


def _joined_power(b: Node, bases: dict[Node, Fraction]) -> None:
    """x.^a./x is x.^(a-1), and norm2(x)^a/(x'*x) is norm2(x)^(a-2)."""
    x, a = b.args
    base, q = x.terms[0] if x.kind == "product" and x.scalar and len(x.terms) == 1 and x.coef == 1 else (x, U)
    n = bases.get(base, ZERO) / q
    if n and n.denominator == 1:
        raised = plus(a, number(n))
        if n < 0 or raised.weight < a.weight:
            bases[base] = bases[b] = ZERO
            _gain(bases, apply(b.op, (x, raised), b.shape), U)


def _gain(bases: dict[Node, Fraction], x: Node, e: Fraction) -> None:
    """Multiply by x^e."""
    bases[x] = bases.get(x, ZERO) + e


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
