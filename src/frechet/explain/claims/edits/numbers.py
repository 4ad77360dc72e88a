"""Another number, sign or exponent; the 1/m of a mean."""

from __future__ import annotations

from fractions import Fraction

from frechet.core.records import slips
from frechet.explain.claims.claim_tree import CHAIN, LEAF, TOTAL, Path, Term
from frechet.explain.claims.edits.workshop import Found, Workshop
from frechet.ops.expressions import size

HALF = Fraction(1, 2)


def numbers(w: Workshop, term: Term, path: Path) -> Found:
    """A number that is another one, or should not be there."""
    value = term.value
    if value is None:
        return
    for new in dict.fromkeys((2 * value, value / 2, -value, value + 1, value - 1, Fraction(1))):
        if new and new != value:
            yield w.bank.number(new), f"{new} in place of {value}", 1.2


def signs(w: Workshop, term: Term, path: Path) -> Found:
    """The sign of a term; a factor 2 or ½ on it."""
    bank = w.bank
    if term.op != TOTAL:
        return
    for k, part in enumerate(term.args):
        turned = [-s if i == k else s for i, s in enumerate(term.params)]
        yield bank.total(term.args, turned), f"the sign of {w.show(part)}", 1.0
        for factor, said in ((Fraction(2), "the factor 2"), (HALF, "the factor 1/2")):
            scaled = bank.chain((bank.number(factor), part))
            new = bank.total([*term.args[:k], scaled, *term.args[k + 1 :]], term.params)
            yield new, f"{said} on {w.show(part)}", 1.05


def powers(w: Workshop, term: Term, path: Path) -> Found:
    """Another exponent; a square, of a divisor or an inverse; A'*A for A^2; a power of the entries."""
    bank = w.bank
    if term.op in ("power", "epower") and term.args[1].value is not None:
        base, exponent = term.args[0], term.args[1].value
        for new in (exponent - 1, exponent + 1):
            if new:
                yield bank.apply(term.op, base, bank.number(new)), f"the exponent {new} on {w.show(base)}", 1.3
        yield from _alternating(w, base, int(exponent) if exponent.denominator == 1 else 0)
        other, said = ("epower", "entry by entry") if term.op == "power" else ("power", "of the matrix")
        yield bank.apply(other, *term.args), f"the power {said}: {w.show(bank.apply(other, *term.args))}", 1.1
    elif term.op == CHAIN:
        for k in range(len(term.args) - 1):
            if term.args[k] is term.args[k + 1]:
                turned = bank.apply("transpose", term.args[k])
                yield bank.put(term, (k,), turned), f"transpose {w.show(term.args[k])}", 1.0
    elif term.op in ("divide", "edivide"):
        above, below = term.args
        square = "power" if term.op == "divide" else "epower"
        if below.op not in ("power", "epower", LEAF) or below.value is None:
            squared = bank.apply(square, below, bank.number(2))
            yield bank.apply(term.op, above, squared), f"the square of {w.show(below)} below", 1.2
        other = "edivide" if term.op == "divide" else "divide"
        yield (
            bank.apply(other, above, below),
            f"a division {'entry by entry' if other == 'edivide' else 'as a whole'}",
            1.0,
        )
    elif term.op == "inv" or slips(term.op).square:
        yield bank.apply("power", term, bank.number(2)), f"the square of {w.show(term)}", 1.3


def _alternating(w: Workshop, base: Term, exponent: int) -> Found:
    """A'*A for A^2, A*A'*A for A^3."""
    bank, turned = w.bank, w.bank.apply("transpose", base)
    e = bank.typed(base)
    if not 2 <= exponent <= 4 or (e is not None and len(e.shape) < 2):
        return
    for first, second, cost in ((base, base, 1.1), (turned, base, 1.2), (base, turned, 1.2)):
        new = bank.chain([first, second] * (exponent // 2) + [first] * (exponent % 2))
        yield new, f"{w.show(new)} for {w.show(base)}^{exponent}", cost


def shares(w: Workshop, term: Term, path: Path) -> Found:
    """The 1/m of a mean."""
    bank = w.bank
    if path or (term.leaf is not None and term.leaf.op.name == "size"):
        return
    for d in w.sizes:
        if len(d.terms) == 1 and d.number is None:
            leaf = bank.leaf(size(d))
            yield bank.apply("divide", term, leaf), f"the factor 1/{d}", 1.2
            yield bank.chain((leaf, term)), f"the factor {d}", 1.2
