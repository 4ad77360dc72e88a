"""Matrices B₁, …, Bₙ of one shape, kept as what they are: full, outer products, diagonal, basis matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, final

import numpy as np

from frechet.operators.structure import Array
from frechet.operators.tape import decided, derived, rows_weighted


class Piece(Protocol):
    """One part of a batch; the matrices of a batch are the sums of its pieces'."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """How many matrices, rows, columns."""
        ...

    @property
    def stored(self) -> int:
        """How many numbers are kept."""
        ...

    @property
    def symmetric(self) -> bool:
        """Whether each matrix is known to be symmetric."""
        ...

    def each(self, vectors: Array) -> Array:
        """Bᵢ·vᵢ for the rows vᵢ of n×b: n×a."""
        ...

    def turned(self) -> Piece:
        """The transposes."""
        ...

    def weighted(self, weights: Array) -> Piece:
        """wᵢ·Bᵢ."""
        ...

    def full(self) -> Array:
        """n×a×b, written out."""
        ...

    def diagonals(self) -> Array:
        """n×min(a,b)."""
        ...


@final
@dataclass(frozen=True, eq=False)
class Full:
    """All entries."""

    array: Array

    @property
    def shape(self) -> tuple[int, int, int]:
        n, a, b = self.array.shape
        return n, a, b

    @property
    def stored(self) -> int:
        return self.array.size

    @property
    def symmetric(self) -> bool:
        return np.array_equal(self.array, self.array.transpose(0, 2, 1))

    def each(self, vectors: Array) -> Array:
        return np.matmul(self.array, vectors[:, :, None])[:, :, 0]

    def turned(self) -> Full:
        return Full(self.array.transpose(0, 2, 1))

    def weighted(self, weights: Array) -> Full:
        return Full(weights[:, None, None] * self.array)

    def full(self) -> Array:
        return self.array

    def diagonals(self) -> Array:
        return np.diagonal(self.array, axis1=1, axis2=2)


@final
@dataclass(frozen=True, eq=False)
class Outer:
    """wᵢ·uᵢ·vᵢ' for the rows of U (n×a) and V (n×b); no weights are ones."""

    u: Array
    v: Array
    weights: Array | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.u.shape[0], self.u.shape[1], self.v.shape[1]

    @property
    def stored(self) -> int:
        whole = self.u.size if self.u is self.v else self.u.size + self.v.size
        return whole if self.weights is None else whole + len(self.weights)

    @property
    def symmetric(self) -> bool:
        return self.u is self.v

    def each(self, vectors: Array) -> Array:
        met = np.einsum("ib,ib->i", self.v, vectors)
        return (met if self.weights is None else met * self.weights)[:, None] * self.u

    def turned(self) -> Outer:
        return Outer(self.v, self.u, self.weights)

    def weighted(self, weights: Array) -> Outer:
        return Outer(self.u, self.v, weights if self.weights is None else derived(np.multiply, weights, self.weights))

    def left(self) -> Array:
        """The rows wᵢ·uᵢ."""
        return self.u if self.weights is None else self.weights[:, None] * self.u

    def full(self) -> Array:
        return self.left()[:, :, None] * self.v[:, None, :]

    def diagonals(self) -> Array:
        least = min(self.u.shape[1], self.v.shape[1])
        return self.left()[:, :least] * self.v[:, :least]


@final
@dataclass(frozen=True, eq=False)
class Diagonals:
    """diag(dᵢ) for the rows of n×a."""

    entries: Array

    @property
    def shape(self) -> tuple[int, int, int]:
        n, a = self.entries.shape
        return n, a, a

    @property
    def stored(self) -> int:
        return self.entries.size

    @property
    def symmetric(self) -> bool:
        return True

    def each(self, vectors: Array) -> Array:
        return self.entries * vectors

    def turned(self) -> Diagonals:
        return self

    def weighted(self, weights: Array) -> Diagonals:
        return Diagonals(rows_weighted(weights, self.entries))

    def full(self) -> Array:
        n, a = self.entries.shape
        out = np.zeros((n, a, a))
        np.einsum("iaa->ia", out)[...] = self.entries
        return out

    def diagonals(self) -> Array:
        return self.entries


@final
@dataclass(frozen=True, eq=False)
class Units:
    """wᵢ·eᵢ·eᵢ': the i-th basis matrix, n×n."""

    weights: Array

    @property
    def shape(self) -> tuple[int, int, int]:
        n = len(self.weights)
        return n, n, n

    @property
    def stored(self) -> int:
        return len(self.weights)

    @property
    def symmetric(self) -> bool:
        return True

    def each(self, vectors: Array) -> Array:
        return np.diag(self.weights * np.diagonal(vectors))

    def turned(self) -> Units:
        return self

    def weighted(self, weights: Array) -> Units:
        return Units(self.weights * weights)

    def full(self) -> Array:
        n = len(self.weights)
        out = np.zeros((n, n, n))
        np.einsum("iii->i", out)[...] = self.weights
        return out

    def diagonals(self) -> Array:
        return np.diag(self.weights)


Batch = tuple[Piece, ...]
"""Matrices as sums of pieces."""


def each(pieces: Sequence[Piece], vectors: Array) -> Array:
    """Bᵢ·vᵢ for the rows vᵢ."""
    found = pieces[0].each(vectors)
    for piece in pieces[1:]:
        found = found + piece.each(vectors)
    return found


def full(pieces: Sequence[Piece]) -> Array:
    """The matrices written out."""
    found = pieces[0].full()
    for piece in pieces[1:]:
        found = found + piece.full()
    return found


def diagonals(pieces: Sequence[Piece]) -> Array:
    """The diagonals, one a row."""
    found = pieces[0].diagonals()
    for piece in pieces[1:]:
        found = found + piece.diagonals()
    return found


def turned(pieces: Sequence[Piece]) -> Batch:
    """The transposes."""
    return tuple(piece.turned() for piece in pieces)


def weighted(pieces: Sequence[Piece], weights: Array | None) -> Batch:
    """wᵢ·Bᵢ."""
    return tuple(pieces) if weights is None else tuple(piece.weighted(weights) for piece in pieces)


def same(a: Array, b: Array) -> bool:
    """Whether two arrays have the same entries: seen at once where they are the same numbers in memory."""
    mine, yours = a.__array_interface__, b.__array_interface__
    seen = mine["data"] == yours["data"] and a.shape == b.shape and a.strides == b.strides
    return seen or bool(decided(np.array_equal(a, b)))
