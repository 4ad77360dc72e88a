"""Indices of entries by label: how far each runs, which are one, and one as two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from frechet.operators.structure import Array

Factor = tuple[Array, tuple[int, ...]]
"""An array and the labels of its axes."""


@final
@dataclass
class Entries:
    """Rows and columns as axes (labels); equal labels are one index; the factors; a number in front."""

    rows: list[int]
    columns: list[int]
    factors: list[Factor]
    scale: float = 1.0


@final
class Labels:
    """Hands out labels and knows how far each runs.

    >>> labels = Labels()
    >>> a, b = Entries(labels.axis(6), [], []), Entries(labels.axis(2) + labels.axis(3), [], [])
    >>> labels.same(a, "rows", b, "rows")
    >>> a.rows == b.rows, [labels.sizes[v] for v in a.rows]
    (True, [2, 3])
    """

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def label(self, size: int) -> int:
        """A new index."""
        self.sizes.append(size)
        return len(self.sizes) - 1

    def axis(self, size: int) -> list[int]:
        """The axis of a new index; of length 1 none."""
        return [] if size == 1 else [self.label(size)]

    def same(self, a: Entries, side: str, b: Entries, other: str) -> None:
        """Make the axes of a side of each the same indices: split what is coarser, rename.  In place.

        ValueError where neither is a part of the other.
        """
        k = 0
        while True:
            left: list[int] = getattr(a, side)
            right: list[int] = getattr(b, other)
            if k == len(left) == len(right):
                return
            u, v = left[k], right[k]
            m, n = self.sizes[u], self.sizes[v]
            if u == v:
                k += 1
            elif m == n:
                self._rename(u, v, a)
                self._rename(u, v, b)
                k += 1
            elif m > n and m % n == 0:
                self._split(u, n, a, b)
            elif n > m and n % m == 0:
                self._split(v, m, a, b)
            else:
                raise ValueError

    def _rename(self, old: int, new: int, x: Entries) -> None:
        x.rows = [new if v == old else v for v in x.rows]
        x.columns = [new if v == old else v for v in x.columns]
        x.factors = [(array, tuple(new if v == old else v for v in at)) for array, at in x.factors]

    def _split(self, label: int, slow: int, *readings: Entries) -> None:
        """One index as two, the slow one of this length."""
        parts = [self.label(slow), self.label(self.sizes[label] // slow)]
        for x in readings:
            x.rows = [w for v in x.rows for w in (parts if v == label else [v])]
            x.columns = [w for v in x.columns for w in (parts if v == label else [v])]
            x.factors = [self._split_factor(factor, label, parts) for factor in x.factors]

    def _split_factor(self, factor: Factor, label: int, parts: list[int]) -> Factor:
        array, at = factor
        new = tuple(w for v in at for w in (parts if v == label else [v]))
        return (array.reshape([self.sizes[w] for w in new]), new) if label in at else factor
