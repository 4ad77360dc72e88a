"""How often each part of a formula is written, and with how many signs.

Formulas are trees with shared parts: a part that two others share is written twice, and so is all that it is made of.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import final

from frechet.core.expr import Expr, postorder

MOST = 10**12
"""Larger counts are equal."""

Counts = dict[Expr, int]


@final
class Occurrences:
    """The counts of some formulas, each made once for the names that stand in it."""

    def __init__(self) -> None:
        self.parts: dict[Expr, frozenset[Expr]] = {}
        self.again: dict[Expr, bool] = {}
        self.sizes: Counts = {}
        self.found: dict[tuple[Expr, frozenset[Expr]], tuple[Counts, Counts]] = {}

    def within(self, root: Expr, chosen: Collection[Expr]) -> frozenset[Expr]:
        """Those of the chosen parts that stand in a formula."""
        if not chosen:
            return frozenset()
        parts = self.parts.get(root)
        if parts is None:
            parts = self.parts[root] = frozenset(postorder(root))
        if len(parts) < len(chosen):
            return frozenset(e for e in parts if e in chosen)
        return parts.intersection(chosen)

    def of(self, root: Expr, stop: Collection[Expr]) -> tuple[Counts, Counts]:
        """How often each part is written in a formula, and with how many signs, when `stop` are single names."""
        key = root, self.within(root, stop)
        found = self.found.get(key)
        if found is None:
            found = self.found[key] = occurrences(*key)
        return found

    def size(self, root: Expr) -> int:
        """How many signs a formula has when nothing in it has a name."""
        for e in postorder(root, known=self.sizes):
            self.sizes[e] = min(1 + own_signs(e) + sum(self.sizes[a] for a in e.args), MOST)
        return self.sizes[root]

    def repeats(self, root: Expr) -> bool:
        """Whether a formula has anything twice that is no leaf."""
        found = self.again.get(root)
        if found is None:
            found = self.again[root] = repeats(root)
        return found


def occurrences(root: Expr, stop: Collection[Expr] = ()) -> tuple[Counts, Counts]:
    """How often each part is written in a formula, and with how many signs, when `stop` are single names.

    >>> from frechet.language import parse
    >>> counts, sizes = occurrences(parse("(x+y)^2*sin(x+y)", {"x": [], "y": []}).value)
    >>> [(e.op.name, times, sizes[e]) for e, times in counts.items() if e.args]
    [('add', 2, 3), ('power', 1, 5), ('sin', 1, 4), ('mul', 1, 10)]
    """
    order = list(postorder(root))
    sizes: Counts = {}
    for e in order:
        size = 1 + own_signs(e)
        for a in e.args:
            size += 1 if a in stop else sizes[a]
        sizes[e] = size if size < MOST else MOST
    counts = dict.fromkeys(order, 0)
    counts[root] = 1
    for e in reversed(order):
        times = counts[e]
        if times == 0 or not e.args:
            continue
        if e in stop and e is not root:
            times = 1
        for a in e.args:
            counts[a] = min(counts[a] + times, MOST)
    return counts, sizes


def own_signs(e: Expr) -> int:
    """The signs that an operation has for its parameters."""
    if not e.params or e.op.name in ("variable", "number", "size"):
        return 0
    return sum(1 for p in e.params if not isinstance(p, str))


def repeats(root: Expr) -> bool:
    """Whether a formula has anything twice that is no leaf.

    >>> from frechet.language import parse
    >>> [repeats(parse(text, {"x": [], "y": []}).value) for text in ("x*sin(x)*(x+y)", "(x+y)*sin(x+y)")]
    [False, True]
    """
    seen: set[Expr] = set()
    for e in postorder(root):
        for a in e.args:
            if a.args:
                if a in seen:
                    return True
                seen.add(a)
    return False
