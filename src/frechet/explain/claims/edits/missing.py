"""What is missing: a factor, a term, a sum; one name for another."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from frechet.core.expr import Expr, postorder
from frechet.explain.claims.claim_tree import CHAIN, LEAF, TOTAL, Path, Term
from frechet.explain.claims.edits.workshop import Found, Workshop

HALF = Fraction(1, 2)


def substitutions(w: Workshop, term: Term, path: Path) -> Found:
    """One name for another of the same shape; a sum for a name in it, a name for what it stands in."""
    e = term.leaf
    if path and e is None:
        whole = w.bank.typed(term)
        inside = frozenset(postorder(whole)) if whole is not None and whole.shape else frozenset[Expr]()
        for other in w.leaves:
            if (
                other.leaf is not None
                and other.leaf in inside
                and whole is not None
                and other.leaf.shape == whole.shape
            ):
                yield other, f"{w.show(other)} for {w.show(term)}", 1.3
    if e is None or e.op.name != "variable":
        return
    for other in w.shifted:
        known = w.bank.typed(other)
        if known is not None and known.shape == e.shape and any(a is e for a in postorder(known)):
            yield other, f"{w.show(other)} for {w.show(term)}", 1.2
    for other in w.leaves:
        if other is not term and other.leaf is not None and other.leaf.shape == e.shape:
            yield other, f"{w.show(other)} for {w.show(term)}", 1.6


def insertions(w: Workshop, term: Term, path: Path) -> Found:
    """A factor that is missing."""
    bank = w.bank
    if term.op == LEAF and path and term.value is not None:
        return
    unit = term.leaf is not None and term.leaf.op.name == "eye"
    if w.upstream is not None and not path:
        yield from _beside(w, term, w.upstream)
    for piece in w.factors:
        e = bank.typed(piece)
        if e is None:
            continue
        if term.leaf is not None and term.leaf.op.name == "ones" and term.leaf.shape == e.shape:
            yield piece, f"{w.show(piece)} for {w.show(term)}", 1.3
            continue
        if unit and e.shape:
            yield bank.apply("hadamard", piece, term), f"the entrywise factor {w.show(piece)}", 1.4
            continue
        cost = 1.4 if piece.op == LEAF else 1.5
        said = f"the factor {w.show(piece)}"
        if e.shape and w.scalar(term):
            yield bank.chain((term, piece)), said, cost  # a number stands before what it scales
            continue
        yield bank.chain((piece, term)), said, cost
        if not e.shape:
            yield bank.apply("divide", term, piece), f"the divisor {w.show(piece)}", cost + 0.1
            continue
        turned = bank.apply("transpose", piece)
        yield bank.chain((term, piece)), said, cost
        yield bank.chain((turned, term)), f"the factor {w.show(turned)}", cost
        yield bank.chain((term, turned)), f"the factor {w.show(turned)}", cost
        yield bank.apply("hadamard", piece, term), f"the entrywise factor {w.show(piece)}", cost
        if len(e.shape) == 1:
            yield bank.chain((bank.apply("diag", piece), term)), f"the factor diag({w.show(piece)})", cost + 0.1
            yield bank.chain((term, bank.apply("diag", piece))), f"the factor diag({w.show(piece)})", cost + 0.1


def _beside(w: Workshop, term: Term, upstream: Term) -> Found:
    """The upstream gradient beside a factor that has to be transposed."""
    bank = w.bank
    turned = bank.apply("transpose", term)
    if turned is not term:
        said = f"the factor {w.show(upstream)}, transpose {w.show(term)}"
        yield bank.chain((upstream, turned)), said, 2.0
        yield bank.chain((turned, upstream)), said, 2.0


def additions(w: Workshop, term: Term, path: Path) -> Found:
    """A term that is missing in a sum: a part and its transpose, a term of the right answer."""
    bank = w.bank
    e = bank.typed(term)
    if e is not None and len(e.shape) == 2 and e.shape[0] == e.shape[1] and term.value is None:
        turned = bank.apply("transpose", term)
        yield bank.total((term, turned), (1, 1)), f"the term {w.show(turned)}", 1.1
        number = term.args[0].value if term.op == CHAIN else None
        body = bank.chain(term.args[1:]) if number is not None else term
        both = bank.total((body, bank.apply("transpose", body)), (1, 1))
        half = bank.chain((bank.number((number or 1) * HALF), both))
        yield half, f"({w.show(both)})/2 for {w.show(body)}, which need not be symmetric", 1.2
    if term.op == CHAIN:
        yield from _both_orders(w, term)
    if path and term.op == TOTAL and e is not None:
        for other in w.leaves:
            if other.leaf is not None and other.leaf.shape == e.shape and other not in term.args:
                for sign in (1, -1):
                    yield bank.total((*term.args, other), (*term.params, sign)), f"the term {w.show(other)}", 1.3
    if not path:
        for other in w.terms:
            if other is not term and not (term.op == TOTAL and other in term.args):
                for sign in (1, -1):
                    yield bank.total((term, other), (1, sign)), f"the term {w.show(other)}", 1.4


def _both_orders(w: Workshop, term: Term) -> Found:
    """P*Q + Q*P for 2*P*Q: the product rule where the factors do not commute."""
    bank = w.bank
    factors = [f for f in term.args if f.value is None]
    number = next((f.value for f in term.args if f.value is not None), None) or Fraction(1)
    yield from _parts_both_ways(w, factors, number)
    if not 2 <= sum(not w.scalar(f) for f in factors) <= len(factors) <= 4:
        return
    one, other = bank.chain(factors), bank.chain(factors[::-1])
    said = f"both orders, {w.show(bank.total((one, other), (1, 1)))}"
    for factor in dict.fromkeys((number, number / 2)):
        both = bank.total((one, other), (1, 1))
        yield bank.chain((bank.number(factor), both)), said, 1.1


def _parts_both_ways(w: Workshop, factors: Sequence[Term], number: Fraction) -> Found:
    """(S + S')/2 for a part S of a product that is square: A'*B of 2*A'*B*x."""
    bank = w.bank
    for start in range(len(factors)):
        for stop in range(start + 2, min(len(factors), start + 4) + 1):
            part = bank.chain(factors[start:stop])
            e = bank.typed(part)
            if stop - start == len(factors) or e is None or len(e.shape) != 2 or e.shape[0] != e.shape[1]:
                continue
            both = bank.total((part, bank.apply("transpose", part)), (1, 1))
            said = f"({w.show(both)})/2 for {w.show(part)}, which need not be symmetric"
            yield bank.chain((bank.number(number / 2), *factors[:start], both, *factors[stop:])), said, 1.3


def sums(w: Workshop, term: Term, path: Path) -> Found:
    """A sum over rows or columns that is missing (or its opposite, a broadcast)."""
    bank = w.bank
    e = bank.typed(term)
    if e is None or not e.shape or len(e.shape) > 2:
        return
    if len(e.shape) == 2 and e.shape[0] == e.shape[1]:
        yield bank.apply("tr", term), f"the trace of {w.show(term)}", 1.2
    for axis, said in ((None, "all entries"), (1, "each column"), (2, "each row")):
        if axis is None or len(e.shape) == 2:
            yield bank.apply("sum", term, params=(axis,)), f"the sum over {said} of {w.show(term)}", 1.4
