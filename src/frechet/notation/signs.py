"""Where a minus sign stands, and in what order terms are written.

A difference in a product may be written either way round, a-b or b-a, if the sign goes elsewhere: `differences` finds
those that may be turned, `negative` and `unsigned` move the sign of a formula to its leftmost factor.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from frechet.algebra import build as b
from frechet.algebra.node import Node
from frechet.core.expr import Expr
from frechet.ops.build import apply, number


def place(term: tuple[Node, Fraction]) -> tuple[int, int, tuple[int, str, bytes]]:
    """Where a term stands in a sum: constants first (`eye(n) - …`, `1 - …`), then what weighs most."""
    t = term[0]
    if t.op == "eye" or b.value_of(t) is not None or (len(t.shape) == 2 and t is b.all_ones(t.shape)):
        return 0, 0, t.key
    chain = t.chain if t.kind == "product" and t.chain else (t,)
    return 1, -sum(f.weight - f.flips for f in chain), t.key


def backwards(x: Node) -> bool:
    """Whether a sum is stored with its first written term negative."""
    return min(x.terms, key=place)[1] < 0


def differences(f: Node, counts: dict[Node, int], times: int = 1) -> None:
    """Count the sums that stand as factors in f (of a chain): their sign can be moved about."""
    while f.kind in ("transpose", "diag"):
        f = f.args[0]
    if f.kind == "sum":
        counts[f] = counts.get(f, 0) + times
    elif f.kind == "hadamard":
        for base, e in f.terms:
            if e.denominator == 1:
                differences(base, counts, times * int(e))


def negative(e: Expr) -> Expr:
    """-e with the sign at the leftmost factor: `-a*b/c`, not `-(a*b/c)`; of a number the negative number."""
    spine: list[Expr] = []
    while e.op.name in ("mul", "divide", "hadamard", "edivide"):
        spine.append(e)
        e = e.args[0]
    if e.op.name == "number":
        e = number(-e.params[0])
    elif e.op.name == "neg":
        e = e.args[0]
    else:
        e = apply("neg", (e,))
    for x in reversed(spine):
        e = apply(x.op, (e, x.args[1]), x.params)
    return e


def unsigned(e: Expr) -> tuple[bool, Expr]:
    """Whether a product starts with a minus sign, and the product without it."""
    first = e
    while first.op.name in ("mul", "divide", "hadamard", "edivide"):
        first = first.args[0]
    minus = first.op.name == "neg" or (first.op.name == "number" and first.params[0] < 0)
    return minus, negative(e) if minus else e


def added(terms: Iterable[Expr]) -> Expr:
    """The sum of terms: what has no minus sign first, the rest subtracted."""
    split = [unsigned(t) for t in terms]
    plus = [t for minus, t in split if not minus]
    less = [t for minus, t in split if minus]
    e = plus.pop(0) if plus else negative(less.pop(0))
    for p in plus:
        e = apply("add", (e, p))
    for m in less:
        e = apply("sub", (e, m))
    return e


def times(factors: list[Expr]) -> Expr:
    """The product of formulas, from left to right."""
    e = factors[0]
    for f in factors[1:]:
        e = apply("mul", (e, f))
    return e
