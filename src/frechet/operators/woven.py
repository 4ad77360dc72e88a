"""Matrices of a batch whose entries are sums of products of small arrays: kept as these, never formed to be applied."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import final

import numpy as np

from frechet.operators.einsum import Axes, einsum
from frechet.operators.structure import Array


@final
@dataclass(frozen=True, eq=False)
class Woven:
    """Bₘ with the entry Σ f[m,…]·g[…]·… at the indices `rows`, `columns` (labels); `held` is the label of m.

    >>> s, b = np.array([[1.0, 2.0]]), np.array([[1.0, 1.0], [0.0, 1.0]])
    >>> w = Woven(0, (1,), (2,), (1, 2, 2, 2), ((b, (1, 3)), (s, (0, 3)), (b, (2, 3))))  # b·diag(sₘ)·b'
    >>> w.full().tolist(), w.each(np.array([[1.0, 0.0]])).tolist()
    ([[[3.0, 2.0], [2.0, 2.0]]], [[3.0, 2.0]])
    """

    held: int
    rows: Axes
    columns: Axes
    sizes: tuple[int, ...]
    factors: tuple[tuple[Array, Axes], ...]

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.sizes[self.held], self._count(self.rows), self._count(self.columns)

    def _count(self, labels: Axes) -> int:
        return prod([self.sizes[v] for v in labels])

    @property
    def stored(self) -> int:
        return sum(
            {id(array.base if array.base is not None else array): array.size for array, _ in self.factors}.values()
        )

    @property
    def symmetric(self) -> bool:
        made = self._whole
        return np.allclose(made, made.transpose(0, 2, 1), rtol=1e-13, atol=1e-13 * float(abs(made).max(initial=0.0)))

    def each(self, vectors: Array) -> Array:
        n = len(vectors)
        given = vectors.reshape(n, *(self.sizes[v] for v in self.columns))
        made = einsum([*self.factors, (given, (self.held, *self.columns))], (self.held, *self.rows))
        return made.reshape(n, -1)

    def turned(self) -> Woven:
        return Woven(self.held, self.columns, self.rows, self.sizes, self.factors)

    def weighted(self, weights: Array) -> Woven:
        return Woven(self.held, self.rows, self.columns, self.sizes, (*self.factors, (weights, (self.held,))))

    def full(self) -> Array:
        return self._whole

    @cached_property
    def _whole(self) -> Array:
        return einsum(self.factors, (self.held, *self.rows, *self.columns)).reshape(self.shape)

    def diagonals(self) -> Array:
        return np.diagonal(self._whole, axis1=1, axis2=2)
