"""Indices and how far they run: from the arrays that they pick entries and members of, and from what a sum says.

An index may be shifted, `x[t+1] - A*x[t]`: it runs where every member exists, so an array that is used at several
shifts is longer than the range.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import final

from frechet.core.dim import Dim
from frechet.core.expr import Expr, postorder
from frechet.core.op import Unify
from frechet.errors import FrechetError
from frechet.ops.expressions import apply

INDEXED = ("at", "delta", "isum", "iprod")
PICKING = ("at", "member", "row", "column", "slice")
_SHIFTED = re.compile(r"([A-Za-z_]\w*)([+-]\d+)\Z")


def parted(index: str) -> tuple[str, int]:
    """An index and its shift.

    >>> parted("i"), parted("t+1")
    (('i', 0), ('t', 1))
    """
    found = _SHIFTED.match(index)
    return (found[1], int(found[2])) if found else (index, 0)


def letters(e: Expr) -> list[str]:
    """The indices that an operation is given, without their shifts."""
    if e.op.name in INDEXED or e.op.name in PICKING:
        return [parted(p)[0] for p in e.params if isinstance(p, str)]
    return []


def picked(e: Expr) -> Iterator[tuple[int, str]]:
    """The axes that an entry, a member, a row or a column picks along, each with its index as it is written."""
    axes = (1,) if e.op.name == "column" else range(len(e.params))
    for axis, index in zip(axes, e.params, strict=True):
        if isinstance(index, str):
            yield axis, index


@final
class Ranges:
    """How far each index runs.

    >>> from frechet.ops.expressions import rigid, variable
    >>> x = variable("x", ("n",))
    >>> Ranges(apply("at", (x,), ("i",)), {}, rigid, {}).of("i")
    n
    """

    def __init__(self, body: Expr, said: Mapping[str, Dim], unify: Unify, places: Mapping[str, int]) -> None:
        self.unify, self.places = unify, places
        self.sizes: dict[str, Dim] = dict(said)
        self.spans: dict[tuple[Expr, int, str], tuple[int, int]] = {}
        self.lengths = {n for e in postorder(body) for d in e.shape for n in d.names}
        uses: list[tuple[Expr, int, str]] = []
        deltas: list[tuple[str, str]] = []
        for e in postorder(body):
            if e.op.name in PICKING:
                for axis, written in picked(e):
                    index, shift = parted(written)
                    key = (e.args[0], axis, index)
                    low, high = self.spans.get(key, (shift, shift))
                    self.spans[key] = (min(low, shift), max(high, shift))
                    uses.append(key)
            elif e.op.name == "delta" and all(isinstance(p, str) for p in e.params):
                deltas.append((e.params[0], e.params[1]))
        for key in sorted(dict.fromkeys(uses), key=lambda key: self.spans[key][0] - self.spans[key][1]):
            array, axis, index = key
            low, high = self.spans[key]
            self.meet(index, array.shape[axis] - (high - low))
        for i, j in deltas:
            known = self.sizes.get(i) or self.sizes.get(j)
            if known is not None:
                self.meet(i, known)
                self.meet(j, known)

    def meet(self, index: str, size: Dim) -> None:
        """Make the range of an index this size."""
        old = self.sizes.get(index)
        self.sizes[index] = size if old is None else self.unify(old, size)

    def of(self, index: str) -> Dim:
        """How far the index runs; a refusal where nothing says it."""
        if index not in self.sizes and index in self.lengths:
            message = f"{index} is the name of a size here, X[{index},…] one entry: give the index another name"
            raise FrechetError("name", message, self.places.get(index))
        if index not in self.sizes:
            message = f"nothing says how far the index {index} runs: no array has it in X[{index},…]"
            raise FrechetError("name", message, self.places.get(index))
        return self.sizes[index]

    def along(self, array: Expr, axis: int, written: str) -> Expr | None:
        """The matrix S whose product with the array, along that axis, leaves what the shifted index runs over.

        None where the index runs over the whole axis.
        """
        index, shift = parted(written)
        low, high = self.spans[array, axis, index]
        if low == high:
            return None
        size = self.of(index)
        parts = [apply("zeros", (), (size, Dim.of(shift - low)))] if shift > low else []
        parts.append(apply("eye", (), (size,)))
        parts += [apply("zeros", (), (size, Dim.of(high - shift)))] if high > shift else []
        return apply("hcat", parts, (), self.unify)
