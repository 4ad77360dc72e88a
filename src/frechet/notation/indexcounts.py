"""Factors in index form with the indices that stand in them: how often each, and where two are set equal."""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra.atoms import U
from frechet.core.dim import Dim, above_zero
from frechet.core.expr import Expr
from frechet.ops.expressions import apply, number

Counts = dict[str, int]
"""How often each index stands in a factor (in the worst term of a sum)."""

Factors = list[tuple[Expr, Counts]]
"""Factors of one product."""

Index = str | Dim | None
"""An index: a name, a fixed place (the 2 of X[2,j]), or none for an axis of size one."""


def delta(i: Index, j: Index, most: Dim | None = None) -> tuple[Fraction, Factors]:
    """1 where i = j and 0 elsewhere, decided where both places are fixed; `most` is how far i runs."""
    if i is None or j is None or i == j:
        return U, []
    if isinstance(j, Dim) and (above_zero(1 - j) or (most is not None and above_zero(j - most))):
        return Fraction(0), []
    if isinstance(i, Dim) and isinstance(j, Dim) and (above_zero(i - j) or above_zero(j - i)):
        return Fraction(0), []
    return U, [(apply("delta", (), (i, j)), once(i, j))]


def is_reciprocal(e: Expr) -> bool:
    """Whether a factor stands below the line: 1/e."""
    return e.op.name == "divide" and e.args[0] is number(1)


def once(*indices: Index) -> Counts:
    """Each of these indices once; fixed places are not counted."""
    counts: Counts = {}
    for n in indices:
        if isinstance(n, str):
            counts[n] = counts.get(n, 0) + 1
    return counts


def worst(terms: list[Counts]) -> Counts:
    """How often each index stands in a sum of terms; twice in one and not in another counts as too often."""
    found_worst: Counts = {}
    for name in dict.fromkeys(n for counts in terms for n in counts):
        found = [counts.get(name, 0) for counts in terms]
        most = max(found)
        found_worst[name] = 3 if most > 1 and min(found) < most else most
    return found_worst
