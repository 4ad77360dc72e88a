"""Factors in index form with the indices that stand in them: how often each, and where two are set equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from frechet.algebra import constructors as b
from frechet.algebra.atoms import U
from frechet.algebra.node import Node
from frechet.core.dim import Dim, above_zero
from frechet.core.expr import Expr
from frechet.core.records import facts
from frechet.notation.write import Writer
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


def in_a_function(counts: Counts) -> Counts:
    """How often indices stand outside: one that stands twice in a function would be summed there, so it is too many."""
    return {n: k if k == 1 else 3 for n, k in counts.items()}


def meets_itself(x: Node) -> bool:
    """Whether a step compares a computed array with its own largest entry: they are equal only if computed alike."""
    stack = [x]
    while stack:
        node = stack.pop()
        if node.kind == "apply" and facts(node.op).picks and node.args[0].kind != "leaf":
            return True
        stack.extend(node.args)
    return False


def entry_of(e: Expr, i: Index, j: Index) -> tuple[Expr, Counts]:
    """The entry of an array that is written as a whole, and the indices in it."""
    names = once(i, j)
    if e.op.name == "transpose":
        e, i, j = e.args[0], j, i
    if len(e.shape) == 1:
        return apply("at", (e,), (i if i else j,)), names
    return apply("at", (e,), (i if i else Dim.of(1), j if j else Dim.of(1))), names


def entry_at(e: Expr, at: Sequence[Index]) -> tuple[Expr, Counts]:
    """The same of an array with these axes."""
    places = tuple(n or Dim.of(1) for n in at)
    return apply("at", (e,), places), once(*places)


def unused(writer: Writer, sizes: Mapping[str, Dim], factors: Factors) -> Factors:
    """A sum over an index that no factor has: the number of its values."""
    used = {n for _, names in factors for n in names}
    return [(writer.write(b.size_of(d)), Counts()) for n, d in sizes.items() if n not in used]


def powered(e: Expr, k: Fraction) -> Expr:
    """A power of an entry; a negative one stands below the line."""
    if k == 1:
        return e
    if k < 0:
        return apply("divide", (number(1), powered(e, -k)))
    if k == Fraction(1, 2):
        return apply("sqrt", (e,))
    return apply("power", (e, number(k)))
