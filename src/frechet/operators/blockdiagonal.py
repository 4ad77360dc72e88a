"""Blocks along the diagonal of a batch: kron(e₁·e₁', A₁) + kron(e₂·e₂', A₂) + …"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from frechet.operators.structure import ATOM, Array, Structure, along_diagonal, interleaved, write


@final
@dataclass(frozen=True, eq=False, repr=False)
class BlockDiagonal(Structure):
    """The blocks (n×a×b) one after the other; `inner`: the index of the batch is the fast one, Σᵢ Aᵢ ⊗ eᵢ·eᵢ'.

    >>> BlockDiagonal(np.array([[[1.0, 2.0]], [[3.0, 4.0]]]), "A").dense().tolist()
    [[1.0, 2.0, 0.0, 0.0], [0.0, 0.0, 3.0, 4.0]]
    >>> BlockDiagonal(np.array([[[1.0, 2.0]], [[3.0, 4.0]]]), "A", inner=True).dense().tolist()
    [[1.0, 0.0, 2.0, 0.0], [0.0, 3.0, 0.0, 4.0]]
    """

    blocks: Array
    name: str
    inner: bool = False
    transposed: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        n, a, b = self.blocks.shape
        return n * a, n * b

    def spread(self, block: Array, along: int) -> Array:
        """A block of columns by the index of the batch: n×along×k."""
        n, k = self.blocks.shape[0], block.shape[1]
        return block.reshape(along, n, k).transpose(1, 0, 2) if self.inner else block.reshape(n, along, k)

    def gathered(self, made: Array) -> Array:
        """The same back."""
        made = made.transpose(1, 0, 2) if self.inner else made
        return made.reshape(-1, made.shape[2])

    def apply(self, block: Array) -> Array:
        return self.gathered(np.matmul(self.blocks, self.spread(block, self.blocks.shape[2])))

    @property
    def T(self) -> BlockDiagonal:
        return BlockDiagonal(self.blocks.transpose(0, 2, 1), self.name, self.inner, not self.transposed)

    def fill(self, out: Array, scale: float = 1.0, add: bool = False) -> None:
        n = self.blocks.shape[0]
        write(interleaved(out, n) if self.inner else along_diagonal(out, n), self.blocks, scale, add)

    @property
    def stored(self) -> int:
        return self.blocks.size

    @property
    def nonzeros(self) -> int:
        return self.blocks.size

    @property
    def symmetric(self) -> bool:
        return np.array_equal(self.blocks, self.blocks.transpose(0, 2, 1))

    def diagonal(self) -> Array:
        if self.blocks.shape[1] != self.blocks.shape[2]:
            return super().diagonal()
        found = np.diagonal(self.blocks, axis1=1, axis2=2)
        return found.T.ravel() if self.inner else found.ravel()

    def coordinates(self) -> tuple[Array, Array, Array]:
        n, a, b = self.blocks.shape
        i, r, c = np.indices((n, a, b))
        rows, columns = (r * n + i, c * n + i) if self.inner else (i * a + r, i * b + c)
        return rows.ravel(), columns.ravel(), self.blocks.ravel()

    def said(self) -> tuple[str, int]:
        return (f"({self.name})ᵀ", ATOM) if self.transposed else (self.name, ATOM)
