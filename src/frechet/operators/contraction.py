"""A matrix whose entries are products of entries of small arrays: W[a,b]·X[i,j]·Q[i,b] at row (a,i), column (b,j).

Rows and columns are counted by several indices, slow ones first.  Kronecker, Khatri-Rao and entrywise products of such
matrices are such matrices again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from math import prod
from typing import final

import numpy as np

from frechet.operators.einsum import einsum
from frechet.operators.structure import ATOM, Array, Structure, write


@final
@dataclass(frozen=True, eq=False, repr=False)
class Contraction(Structure):
    """The entry at the indices `rows`, `columns` (labels) is the product of the factors' entries at theirs.

    A label that stands in rows and columns says that the two indices are equal.  `sizes` are those of the labels.

    >>> q = np.array([[1.0, 2.0]])
    >>> Contraction((0, 1), (0,), (2, 1), ((q, (1, 0)),), "Q").dense().tolist()
    [[1.0, 0.0], [0.0, 2.0]]
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    sizes: tuple[int, ...]
    factors: tuple[tuple[Array, tuple[int, ...]], ...]
    name: str
    turned: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        return self._count(self.rows), self._count(self.columns)

    def _count(self, labels: tuple[int, ...]) -> int:
        return prod(self.sizes[v] for v in labels)

    def apply(self, block: Array) -> Array:
        extra = len(self.sizes)
        k = block.shape[1]
        given = block.reshape(*(self.sizes[v] for v in self.columns), k)
        known = {v for _, at in self.factors for v in at} | set(self.columns)
        there = tuple(v for v in self.rows if v in known)
        made = einsum([*self.factors, (given, (*self.columns, extra))], (*there, extra))
        spread = tuple(slice(None) if v in known else None for v in self.rows)
        whole = np.broadcast_to(made[(*spread, slice(None))], (*(self.sizes[v] for v in self.rows), k))
        return whole.reshape(-1, k)

    @property
    def T(self) -> Contraction:
        return Contraction(self.columns, self.rows, self.sizes, self.factors, self.name, not self.turned)

    def _labels(self) -> list[int]:
        return list(dict.fromkeys((*self.rows, *self.columns)))

    def _spread(self, labels: list[int]) -> list[Array]:
        """The factors with one axis a label, to be multiplied."""
        out: list[Array] = []
        for array, at in self.factors:
            order = sorted(range(len(at)), key=lambda k: labels.index(at[k]))
            turned = array.transpose(order)
            out.append(turned.reshape([self.sizes[v] if v in at else 1 for v in labels]))
        return out

    def fill(self, out: Array, scale: float = 1.0, add: bool = False) -> None:
        labels = self._labels()
        steps = dict.fromkeys(labels, 0)
        for group, step in ((self.rows, out.strides[0]), (self.columns, out.strides[1])):
            for v in reversed(group):
                steps[v] += step
                step *= self.sizes[v]
        view = np.lib.stride_tricks.as_strided(
            out, [self.sizes[v] for v in labels], [steps[v] for v in labels], writeable=True
        )
        parts = [np.asarray(scale), *self._spread(labels)]
        if add or len(parts) < 2:
            write(view, reduce(np.multiply, parts), 1.0, add)
        else:
            np.multiply(reduce(np.multiply, parts[:-1]), parts[-1], out=view)

    @property
    def stored(self) -> int:
        return sum(array.size for array, _ in self.factors)

    @property
    def nonzeros(self) -> int:
        return self._count(tuple(self._labels()))

    def _at(self, rows: Array, columns: Array) -> Array:
        """The entries at these places."""
        places: dict[int, Array] = {}
        found = np.ones(len(rows))
        for group, at in ((self.rows, rows), (self.columns, columns)):
            indices = np.unravel_index(at, [self.sizes[v] for v in group]) if group else ()
            for v, index in zip(group, indices, strict=True):
                if v in places:
                    found = found * (places[v] == index)
                else:
                    places[v] = index
        for array, labels in self.factors:
            found = found * array[tuple(places[v] for v in labels)]
        return found

    def diagonal(self) -> Array:
        places = np.arange(min(self.shape))
        return self._at(places, places)

    def coordinates(self) -> tuple[Array, Array, Array]:
        labels = self._labels()
        grid = np.indices([self.sizes[v] for v in labels], sparse=True)
        whole = [self.sizes[v] for v in labels]
        found: list[Array] = []
        for group in (self.rows, self.columns):
            place: Array = np.zeros((1,) * len(labels), dtype=np.int64)
            for v in group:
                place = place * self.sizes[v] + grid[labels.index(v)]
            found.append(np.broadcast_to(place, whole).ravel())
        values = reduce(np.multiply, self._spread(labels), np.asarray(1.0))
        return found[0], found[1], np.broadcast_to(values, whole).ravel()

    def said(self) -> tuple[str, int]:
        return f"({self.name})ᵀ" if self.turned else f"({self.name})", ATOM
