"""Indexing: integers from 0 and from the end, slices, None, Ellipsis."""

from __future__ import annotations

from dataclasses import dataclass
from types import EllipsisType
from typing import final

from frechet.core.dim import ONE, Dim, above_zero
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.language.python.arrays import Array, said
from frechet.language.python.contractions import Axes, agreed, outer, turned
from frechet.ops.expressions import apply


@final
@dataclass(frozen=True)
class Cut:
    """A slice start:stop of step 1."""

    start: Dim | int | None
    stop: Dim | int | None


Item = Dim | int | Cut | EllipsisType | None


def _negative(d: Dim) -> bool:
    return above_zero(Dim.of(0) - d)


def _place(i: Dim | int, n: Dim) -> Dim:
    """The place from 0: what is negative counts from the end."""
    d = Dim.of(i)
    return n + d if _negative(d) else d


def _within(place: Dim, n: Dim, what: str) -> None:
    gap = n - place
    if _negative(place) or (gap.number is not None and gap.number < 1) or _negative(gap):
        raise FrechetError("shape", f"{what} is out of bounds for an axis of size {n}")


def indexed(a: Array, items: tuple[Item, ...]) -> Array:
    """`a[…]` by integers, slices, None and Ellipsis.

    >>> from frechet.language.python.arrays import leaf
    >>> x = leaf("x", ("n",))
    >>> indexed(x, (-1,)).expr, indexed(x, (Cut(None, None), None)).shape
    (entry(variable('x', ()), n), (n, 1))
    """
    given = sum(1 for i in items if i is not None and i is not ...)
    if given > len(a.shape):
        raise FrechetError("shape", f"too many indices for an array of shape {said(a.shape)}")
    if items.count(...) > 1:
        raise FrechetError("syntax", "an index has one Ellipsis (...) at most")
    rest: list[Item] = [Cut(None, None)] * (len(a.shape) - given)
    at = items.index(...) if ... in items else len(items)
    full: list[Item] = [*items[:at], *rest, *items[at + 1 :]]
    shape: list[Dim] = []
    picked: list[tuple[int, Dim | Cut]] = []
    axis = 0
    for item in full:
        if item is None or isinstance(item, EllipsisType):
            shape.append(ONE)
            continue
        n = a.shape[axis]
        if isinstance(item, Cut):
            start, length = _range(item, n)
            shape.append(length)
            if length != n:
                picked.append((axis, Cut(start, start + length)))
        else:
            place = _place(item, n)
            _within(place, n, f"index {item}")
            if n != ONE:
                picked.append((axis, place))
        axis += 1
    return Array(_picked(a, picked), tuple(shape))


def _range(cut: Cut, n: Dim) -> tuple[Dim, Dim]:
    """The first place and the length."""
    start = Dim.of(0) if cut.start is None else _place(cut.start, n)
    stop = n if cut.stop is None else _place(cut.stop, n)
    if n.number is not None and stop.number is not None and stop.number > n.number:
        stop = n  # a slice may reach beyond the end
    length = stop - start
    if length == 0 or _negative(length) or _negative(start):
        raise FrechetError("shape", f"the slice {_said(cut)} of an axis of size {n} is empty")
    return start, length


def _said(cut: Cut) -> str:
    return f"{'' if cut.start is None else cut.start}:{'' if cut.stop is None else cut.stop}"


def _picked(a: Array, picked: list[tuple[int, Dim | Cut]]) -> Expr:
    """The core with places and ranges taken along axes."""
    e, axes = a.expr, a.axes
    places = {k: p for k, p in picked if isinstance(p, Dim)}
    for k, cut in picked:
        if isinstance(cut, Cut):
            e = _cut(e, axes, k, cut, a.shape[k])
            if Dim.of(cut.stop or 0) - Dim.of(cut.start or 0) == ONE:
                axes = tuple(j for j in axes if j != k)
    if not places:
        return e
    ones = {k: _one(p + 1) for k, p in places.items()}
    if set(places) == set(axes):
        return apply("entry", (e,), tuple(ones[k] for k in axes))
    if len(axes) == 2:
        (k,) = places
        return apply("column", (e,), (ones[k],)) if k == axes[1] else turned(apply("row", (e,), (ones[k],)))
    if len(axes) == 1:
        return e
    return apply("slice", (e,), tuple(ones.get(k) for k in axes))


def _one(d: Dim) -> Dim | int:
    return d if d.number is None else d.number


def _cut(e: Expr, axes: Axes, k: int, cut: Cut, n: Dim) -> Expr:
    """A range along an axis: a product with some rows of the identity."""
    start, stop = Dim.of(cut.start or 0), Dim.of(cut.stop or 0)
    length = stop - start
    if length == ONE:
        if len(axes) == 1:
            return apply("entry", (e,), (_one(stop),))
        if len(axes) == 2:
            one = _one(stop)
            return apply("column", (e,), (one,)) if k == axes[1] else turned(apply("row", (e,), (one,)))
        return apply("slice", (e,), tuple(_one(stop) if j == k else None for j in axes))
    blocks = [apply("eye", (), (length,))]
    if start != 0:
        blocks.insert(0, apply("zeros", (), (length, start)))
    if stop != n:
        blocks.append(apply("zeros", (), (length, n - stop)))
    rows = apply("hcat", blocks) if len(blocks) > 1 else blocks[0]
    if len(axes) == 1 or (len(axes) == 2 and k == axes[0]):
        return apply("mul", (rows, e), (), agreed)
    if len(axes) == 2:
        return apply("mul", (e, turned(rows)), (), agreed)
    new = len(axes) + max(axes) + 1
    return outer([(rows, (new, k)), (e, axes)], tuple(new if j == k else j for j in axes))
