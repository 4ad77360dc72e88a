"""Sizes to check at: small, distinct where possible, such that every size in the formulas is a positive
integer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, permutations, product
from math import prod

from frechet.core.dim import Dim, rows_cols
from frechet.core.expr import Expr, postorder
from frechet.ops.blocks import COLUMN, ENTRY, ROW, SLICE
from frechet.ops.constants import UNIT
from frechet.ops.indexform import AT

PREFERRED = (3, 4, 5, 2, 6)
"""The sizes that are given out first; distinct ones, so that no missing transpose goes unseen."""
ORDERS = 24
"""How many orders of the preferred sizes are offered before sizes repeat."""
SOLUTIONS = 60_000
"""How many assignments are tried against equations between sizes."""


def dims_of(roots: Iterable[Expr]) -> set[Dim]:
    """Everything that must be positive: each axis, each size among the parameters, what fixed indices leave.

    >>> from frechet.ops.expressions import apply, variable
    >>> sorted(map(str, dims_of([apply("eye", (), (Dim.of("n"),)), variable("x", ("m",))])))
    ['m', 'n']
    """
    dims: set[Dim] = set()
    for node in postorder(*roots):
        dims.update(node.shape)
        dims.update(p for p in node.params if isinstance(p, Dim))
        dims.update(size - index + 1 for index, size in _indexed(node))
    return dims


def bulk_of(roots: Iterable[Expr]) -> Callable[[Mapping[str, int]], int]:
    """How many entries the arrays of all nodes have together, at given sizes.

    >>> from frechet.ops.expressions import variable
    >>> bulk_of([variable("A", ("m", "n")), variable("x", ("n",))])({"m": 3, "n": 4})
    16
    """
    shapes = Counter(node.shape for node in postorder(*roots))

    def bulk(sizes: Mapping[str, int]) -> int:
        return sum(count * prod(int(d.evaluate(sizes)) for d in shape) for shape, count in shapes.items())

    return bulk


def _indexed(node: Expr) -> Iterator[tuple[Dim, Dim]]:
    """Indices that the node fixes, each with the size of its axis: what is left after it must be positive."""
    if node.op in (ENTRY, AT, SLICE):
        pairs = zip(node.params, node.args[0].shape, strict=True)
    elif node.op in (COLUMN, ROW):
        pairs = [(node.params[0], rows_cols(node.args[0].shape)[1 if node.op is COLUMN else 0])]
    elif node.op is UNIT:
        pairs = [(node.params[0], Dim.of(node.params[1]))]
    else:
        return
    yield from ((Dim.of(index), size) for index, size in pairs if index is not None and not isinstance(index, str))


def _whole(dims: Iterable[Dim], sizes: Mapping[str, int]) -> bool:
    """Every size is a positive integer at these values of the names."""
    try:
        return all(d.evaluate(sizes) > 0 for d in dims)
    except ValueError:
        return False


def _values(count: int) -> tuple[int, ...]:
    """That many distinct small sizes, those that serve best first."""
    return tuple(sorted(PREFERRED[:count])) + tuple(range(7, 7 + count - len(PREFERRED)))


def candidates(
    dims: Iterable[Dim], equations: Sequence[tuple[Dim, Dim]] = (), fixed: Mapping[str, int] | None = None
) -> Iterator[dict[str, int]]:
    """Assignments of integers to the names in `dims`, those worth trying first first.

    Sizes are distinct while they can be; then come other orders of them (`det(X'*X)` needs X tall), then
    equal sizes.  `equations` are what inference could not solve: both sides must agree.

    >>> m, n, p = Dim.of("m"), Dim.of("n"), Dim.of("p")
    >>> next(candidates([m, n, p])), next(candidates([m, n, p], [(m * n, p)]))
    ({'m': 3, 'n': 4, 'p': 5}, {'m': 2, 'n': 3, 'p': 6})
    """
    given = dict(fixed or {})
    dims = set(dims)
    for left, right in equations:
        dims |= {left, right}
    names = sorted(frozenset[str]().union(*(d.names for d in dims)).difference(given))
    if not names:
        if _whole(dims, given) and all(a.evaluate(given) == b.evaluate(given) for a, b in equations):
            yield given
        return
    for values in _solutions(names, equations, given) if equations else _orders(len(names)):
        sizes = {**given, **dict(zip(names, values, strict=True))}
        if _whole(dims, sizes):
            yield sizes


def _orders(count: int) -> Iterator[tuple[int, ...]]:
    values = _values(count)
    yield values
    if count > 1:
        yield values[::-1]
        yield from (v for v in islice(permutations(values), ORDERS + 1) if v not in (values, values[::-1]))
    # An index such as X[9,1] asks for more.
    yield from (tuple(range(start, start + count)) for start in (5, 8, 12, 20, 40))
    if count > 2:  # large products of sizes leave room for little
        yield from (tuple(2 + (i + first) % 2 for i in range(count)) for first in (0, 1))
    yield from ((size,) * count for size in ((3, 2) if count > 1 else (2,)))


def _solutions(
    names: Sequence[str], equations: Sequence[tuple[Dim, Dim]], given: Mapping[str, int]
) -> list[tuple[int, ...]]:
    """Assignments for which the equations hold: distinct and small sizes first, then the rest."""
    found: list[tuple[int, ...]] = []
    top = 12 if len(names) <= 4 else 6
    for values in islice(product(range(2, top + 1), repeat=len(names)), SOLUTIONS):
        sizes = {**given, **dict(zip(names, values, strict=True))}
        if all(a.evaluate(sizes) == b.evaluate(sizes) for a, b in equations):
            found.append(values)
    return sorted(found, key=lambda v: (len(names) - len(set(v)), sum(v), v))[:ORDERS]
