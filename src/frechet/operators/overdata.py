"""A sum over data of Kronecker products: Σᵢ Bᵢ ⊗ xᵢ·yᵢ', for all i at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from frechet.operators.batch import Batch, Diagonals, Outer, diagonals, each, full, same, turned, weighted
from frechet.operators.identity import number
from frechet.operators.structure import ATOM, SUM, Array, Structure, grid, write
from frechet.operators.tape import filled

CHUNK = 1 << 22
"""How many numbers are made at a time."""


@final
@dataclass(frozen=True, eq=False, repr=False)
class OverData(Structure):
    """Σᵢ Bᵢ ⊗ xᵢ·yᵢ': times vec(V) it is vec(X'·W) with wᵢ = Bᵢ·V'·yᵢ.

    `flipped`: Σᵢ xᵢ·yᵢ' ⊗ Bᵢ instead.

    >>> x = np.array([[1.0, 2.0], [0.0, 1.0]])
    >>> s = OverData((Outer(np.ones((2, 1)), np.ones((2, 1))),), Outer(x, x), "Σ")
    >>> s.dense().tolist()
    [[1.0, 2.0], [2.0, 5.0]]
    """

    left: Batch
    right: Outer
    name: str
    flipped: bool = False
    transposed: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        (_, a, b), (_, p, q) = self.left[0].shape, self.right.shape
        return a * p, b * q

    def apply(self, block: Array) -> Array:
        (_, a, _), (_, p, _), k = self.left[0].shape, self.right.shape, block.shape[1]
        if k == 1:
            return self._once(block).reshape(-1, 1)
        out = np.empty((a * p, k))
        for j in range(k):  # the columns of the block
            out[:, j] = self._once(block[:, j]).ravel()
        return out

    def _once(self, vector: Array) -> Array:
        (_, _, b), (_, _, q) = self.left[0].shape, self.right.shape
        v = vector.reshape(q, b) if self.flipped else vector.reshape(b, q).T
        inner = each(self.left, self.right.v @ v)
        return inner.T @ self.right.u if not self.flipped else self.right.u.T @ inner

    def times(self, scale: float) -> OverData:
        """The sum times a number, put into the batch."""
        weights = filled(scale, len(self.right.u))
        text = f"-{self.said()[0]}" if scale == -1.0 else f"{number(scale)}·{self.said()[0]}"
        return OverData(weighted(self.left, weights), self.right, text, self.flipped)

    def joins(self, other: OverData) -> bool:
        """Whether both are sums over the same outer products."""
        mine, yours = self.right, other.right
        return (
            (self.flipped, self.shape) == (other.flipped, other.shape)
            and same(mine.u, yours.u)
            and same(mine.v, yours.v)
        )

    def joined(self, other: OverData) -> OverData:
        """Both as one sum."""
        text = other.said()[0]
        name = f"{self.said()[0]} - {text[1:]}" if text.startswith("-") else f"{self.said()[0]} + {text}"
        return OverData((*self.left, *other.left), self.right, name, self.flipped)

    @property
    def T(self) -> OverData:
        return OverData(turned(self.left), self.right.turned(), self.name, self.flipped, not self.transposed)

    def fill(self, out: Array, scale: float = 1.0, add: bool = False) -> None:
        (n, a, b), (_, p, q) = self.left[0].shape, self.right.shape
        blocks = grid(out, a, b).transpose(1, 0, 3, 2) if self.flipped else grid(out, p, q)
        x, y = self.right.u, self.right.v
        if self.by_blocks:
            for k, made in enumerate(self.diagonal_blocks()):
                write(blocks[k, :, k, :], made, scale, add)
            return
        coefficients = full(self.left)
        mirrored = x is y and a == b and self.symmetric
        for k in range(a):  # the rows of B
            first = k if mirrored else 0
            width = b - first
            found = np.zeros((p, width * q))
            step = max(1, CHUNK // (width * q))
            for at in range(0, n, step):
                here = slice(at, at + step)
                spread = (coefficients[here, k, first:, None] * y[here, None, :]).reshape(-1, width * q)
                found += x[here].T @ spread
            found = found.reshape(p, width, q)
            write(blocks[k, :, first:, :], found, scale, add)
            if mirrored:
                write(blocks[first + 1 :, :, k, :], found[:, 1:, :].transpose(1, 2, 0), scale, add)

    @property
    def stored(self) -> int:
        return sum(piece.stored for piece in self.left) + self.right.stored

    @property
    def by_blocks(self) -> bool:
        """Whether every B is diagonal, so that only blocks on the diagonal differ from zero."""
        return all(isinstance(piece, Diagonals) for piece in self.left)

    @property
    def nonzeros(self) -> int:
        return self.size // self.left[0].shape[1] if self.by_blocks else self.size

    @property
    def symmetric(self) -> bool:
        return self.right.u is self.right.v and all(piece.symmetric for piece in self.left)

    def diagonal(self) -> Array:
        (_, a, b), (_, p, q) = self.left[0].shape, self.right.shape
        if a != b or p != q:
            return super().diagonal()
        found = diagonals(self.left).T @ (self.right.u * self.right.v)
        return found.T.ravel() if self.flipped else found.ravel()

    def diagonal_blocks(self) -> Array:
        """The blocks on the diagonal (of one entry of B each), where B is square and not flipped: a×p×q."""
        weights = diagonals(self.left)
        return np.stack([(self.right.u * w[:, None]).T @ self.right.v for w in weights.T])

    def said(self) -> tuple[str, int]:
        if self.transposed:
            return f"({self.name})ᵀ", ATOM
        return self.name, ATOM if self.name.startswith("Σ") and self.name.count("Σ") == 1 else SUM


@final
@dataclass(frozen=True, eq=False, repr=False)
class OverMatrices(Structure):
    """Σᵢ Bᵢ ⊗ Cᵢ where both are full: times vec(V) it is Σᵢ vec(Cᵢ·V·Bᵢ')."""

    left: Batch
    right: Batch
    name: str
    transposed: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        (_, a, b), (_, p, q) = self.left[0].shape, self.right[0].shape
        return a * p, b * q

    def apply(self, block: Array) -> Array:
        (n, a, b), (_, p, q), k = self.left[0].shape, self.right[0].shape, block.shape[1]
        left, right = full(self.left), full(self.right)
        v = block.reshape(b, q * k)
        out = np.zeros((a, p, k))
        step = max(1, CHUNK // max(1, (a * q + a * p) * k))
        for at in range(0, n, step):
            here = left[at : at + step]
            moved = np.matmul(here, v).reshape(-1, a, q, k).transpose(0, 2, 1, 3).reshape(-1, q, a * k)
            out += np.matmul(right[at : at + step], moved).sum(0).reshape(p, a, k).transpose(1, 0, 2)
        return out.reshape(a * p, k)

    @property
    def T(self) -> OverMatrices:
        return OverMatrices(turned(self.left), turned(self.right), self.name, not self.transposed)

    def fill(self, out: Array, scale: float = 1.0, add: bool = False) -> None:
        (n, a, b), (_, p, q) = self.left[0].shape, self.right[0].shape
        made = full(self.left).reshape(n, a * b).T @ full(self.right).reshape(n, p * q)
        write(grid(out, p, q), made.reshape(a, b, p, q).transpose(0, 2, 1, 3), scale, add)

    @property
    def stored(self) -> int:
        return sum(piece.stored for piece in (*self.left, *self.right))

    @property
    def nonzeros(self) -> int:
        return self.size

    @property
    def symmetric(self) -> bool:
        return all(piece.symmetric for piece in (*self.left, *self.right))

    def diagonal(self) -> Array:
        (_, a, b), (_, p, q) = self.left[0].shape, self.right[0].shape
        if a != b or p != q:
            return super().diagonal()
        return (diagonals(self.left).T @ diagonals(self.right)).ravel()

    def said(self) -> tuple[str, int]:
        return (f"({self.name})ᵀ", ATOM) if self.transposed else (self.name, ATOM)
