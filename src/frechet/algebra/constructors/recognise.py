"""What operations know of their company: among the factors of a product, or the terms of a sum."""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra.constructors.entrywise import is_ones
from frechet.algebra.node import Node
from frechet.core.records import having

_IN_PRODUCT, _IN_FACTORS, _IN_NETWORK, _IN_TERM, _IN_SUM = map(
    having, ("in_product", "in_factors", "in_network", "in_term", "in_sum")
)


def recognise_product(scalars: dict[Node, Fraction], chain: list[Node]) -> None:
    """exp(u)/sum(exp(u)) is softmax(u), among the numbers and the factors of a product.  In place."""
    for rule in _IN_PRODUCT.values():
        rule(scalars, chain)


def recognise_bases(bases: dict[Node, Fraction]) -> None:
    """sigmoid(u).*exp(-u) is 1 - sigmoid(u), among the factors of an entrywise product or of numbers.  In place."""
    for b in list(bases):
        e = bases[b]
        if e.denominator != 1:
            continue
        if b.kind == "sum":
            _one_and_another(b, e, bases)
        elif b.kind == "apply":
            rule = _IN_FACTORS.get(b.op)
            if rule is not None:
                rule(b, e, bases)


def _one_and_another(b: Node, e: Fraction, bases: dict[Node, Fraction]) -> None:
    """A base 1 + c*f with an operation f, in the power e: 1./(1+exp(-u)) is sigmoid(u)."""
    if len(b.terms) != 2:
        return
    for (one, c), (f, k) in (b.terms, b.terms[::-1]):
        rule = _IN_TERM.get(f.op) if f.kind == "apply" and c == 1 else None
        if rule is not None and is_ones(one) and rule(b, f, k, e, bases):
            return


def recognise_network(factors: dict[tuple[int, ...], list[Node]]) -> None:
    """The shares exp(u) over their sums are softmax(u), among the factors of a network.  In place."""
    for rule in _IN_NETWORK.values():
        rule(factors)


def recognise_terms(terms: dict[Node, Fraction]) -> None:
    """sin(u).^2 + cos(u).^2 = 1, among the terms of a sum.  In place."""
    for t in list(terms):
        for f in t.args if t.kind == "hadamard" else (t,):
            rule = _IN_SUM.get(f.op)
            if rule is not None and t in terms:
                rule(t, terms)
