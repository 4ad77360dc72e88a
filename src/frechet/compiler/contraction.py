"""The order of a contraction: which two factors meet first, for the sizes at hand.

Up to `EXACT` factors every order is weighed (dynamic programming over sets of factors); beyond, the cheapest pair goes
first.  A pair costs its multiplications, those of a matrix product eight times less than of anything that the memory
bounds, and what is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from itertools import combinations

Tree = int | tuple["Tree", "Tree"]
"""A factor by its place, or two trees that meet."""
Size = Callable[[int], int]

EXACT = 8
"""How many factors have every order weighed."""
BLAS = 8
"""How much faster a multiplication is inside a matrix product; and from which sizes on a product is one."""
WRITE = 4
"""What one entry that is written costs, in multiplications."""


def order(factors: Sequence[Set[int]], out: Set[int], size: Size) -> Tree:
    """The cheapest order of the factors, each given by the labels of its axes.

    >>> n = {0: 50, 1: 50, 2: 50, 3: 1}
    >>> order([{0, 1}, {1, 2}, {2}], {0}, n.__getitem__)
    (0, (1, 2))
    """
    return cheapest(factors, out, size)[1]


def cheapest(factors: Sequence[Set[int]], out: Set[int], size: Size) -> tuple[int, Tree]:
    """What the cheapest order costs, and the order; of a single factor nothing.

    >>> n = {0: 50, 1: 50, 2: 50, 3: 1}
    >>> cheapest([{0, 1}, {1, 2}, {2}], {0}, n.__getitem__)[0]
    5400
    """
    if len(factors) > EXACT:
        return _greedy(factors, out, size)
    count = len(factors)
    whole = (1 << count) - 1
    left = [frozenset[int]() for _ in range(whole + 1)]
    for mask in range(1, whole + 1):
        inside, outside = set[int](), set(out)
        for k, f in enumerate(factors):
            (inside if mask >> k & 1 else outside).update(f)
        left[mask] = frozenset(inside & outside) if mask & (mask - 1) else frozenset(factors[mask.bit_length() - 1])
    best: dict[int, tuple[int, Tree]] = {1 << k: (0, k) for k in range(count)}
    for many in range(2, count + 1):
        for chosen in combinations(range(count), many):
            mask = sum(1 << k for k in chosen)
            found: tuple[int, Tree] | None = None
            part = (mask - 1) & mask
            while part:
                rest = mask ^ part
                if part > rest:  # each split once
                    (a, s), (b, t) = best[rest], best[part]
                    total = a + b + price(left[rest], left[part], left[mask], size)
                    if found is None or total < found[0]:
                        found = total, (s, t)
                part = (part - 1) & mask
            assert found is not None
            best[mask] = found
    return best[whole]


def price(a: Set[int], b: Set[int], out: Set[int], size: Size) -> int:
    """What it costs to contract two factors to the labels `out`.

    >>> n = {0: 100, 1: 100, 2: 100}.__getitem__
    >>> price({0, 1}, {1, 2}, {0, 2}, n), price({0, 1}, {1}, {0}, n)
    (165000, 10400)
    """
    both = a & b
    inner, left, right = both - out, a - both, b - both
    total = _entries(a | b, size)
    fast = all(_entries(part, size) >= BLAS for part in (inner, left, right))
    return (total // BLAS if fast else total) + WRITE * _entries(out, size)


def _entries(labels: Set[int], size: Size) -> int:
    total = 1
    for i in labels:
        total *= size(i)
    return total


def _greedy(factors: Sequence[Set[int]], out: Set[int], size: Size) -> tuple[int, Tree]:
    there: list[tuple[Set[int], Tree]] = [(set(f), k) for k, f in enumerate(factors)]
    total = 0
    while len(there) > 1:
        found: tuple[int, int, int] | None = None
        for i, j in combinations(range(len(there)), 2):
            a, b = there[i][0], there[j][0]
            if not a & b and found is not None:
                continue
            kept = _kept(there, i, j, out)
            cost = price(a, b, kept, size) - WRITE * (_entries(a, size) + _entries(b, size))
            if found is None or cost < found[0]:
                found = cost, i, j
        assert found is not None
        _, i, j = found
        kept = _kept(there, i, j, out)
        total += price(there[i][0], there[j][0], kept, size)
        joined: Tree = (there[i][1], there[j][1])
        there = [t for k, t in enumerate(there) if k not in (i, j)]
        there.append((kept, joined))
    return total, there[0][1]


def _kept(there: Sequence[tuple[Set[int], Tree]], i: int, j: int, out: Set[int]) -> set[int]:
    """The labels of two factors that others, or the result, still need."""
    needed = set(out)
    for k, (labels, _) in enumerate(there):
        if k not in (i, j):
            needed |= labels
    return set(there[i][0] | there[j][0]) & needed
