"""A Kronecker product: each factor is kept, the product never formed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from frechet.operators.diagonal import Diagonal
from frechet.operators.identity import Identity
from frechet.operators.structure import KRON, PRODUCT, Array, Structure, along_diagonal, grid, interleaved, write

SPARSE = 4
"""A factor with fewer than one in so many entries is written block by block."""


@final
@dataclass(frozen=True, eq=False, repr=False)
class Kron(Structure):
    """left ⊗ right: (left ⊗ right) vec(V) = vec(right·V·left').

    >>> from frechet.operators.dense import Dense
    >>> k = Kron(Dense(np.array([[1.0, 2.0]]), "A"), Identity(2))
    >>> k.dense().tolist()
    [[1.0, 0.0, 2.0, 0.0], [0.0, 1.0, 0.0, 2.0]]
    """

    left: Structure
    right: Structure

    @property
    def shape(self) -> tuple[int, int]:
        (m, n), (p, q) = self.left.shape, self.right.shape
        return m * p, n * q

    def apply(self, block: Array) -> Array:
        (m, n), (p, q), k = self.left.shape, self.right.shape, block.shape[1]
        if n * p <= m * q:  # the inner factor first where that leaves less for the outer one
            inner = _inside(self.right, block.reshape(n, q, k))
            return self.left.apply(inner.reshape(n, p * k)).reshape(m * p, k)
        outer = self.left.apply(block.reshape(n, q * k)).reshape(m, q, k)
        return _inside(self.right, outer).reshape(m * p, k)

    @property
    def T(self) -> Kron:
        return Kron(self.left.T, self.right.T)

    def fill(self, out: Array, scale: float = 1.0, add: bool = False) -> None:
        left, right = self.left, self.right
        if isinstance(left, (Identity, Diagonal)):
            n, weights = left.shape[0], left.diagonal()
            blocks = along_diagonal(out, n)
            if right.nonzeros * SPARSE < right.size:
                for view, weight in zip(blocks, weights, strict=True):
                    right.fill(view, scale * float(weight), add)
            elif isinstance(left, Identity):
                write(blocks, right.dense()[None], scale * left.scale, add)
            else:
                write(blocks, weights[:, None, None] * right.dense(), scale, add)
        elif isinstance(right, (Identity, Diagonal)):
            n = right.shape[0]
            blocks = interleaved(out, n).transpose(1, 2, 0)
            if isinstance(right, Identity):
                write(blocks, left.dense()[:, :, None], scale * right.scale, add)
            else:
                write(blocks, left.dense()[:, :, None] * right.entries, scale, add)
        else:
            blocks = grid(out, *right.shape)
            a, b = left.dense()[:, None, :, None], right.dense()[None, :, None, :]
            a = scale * a
            if add:
                blocks += a * b
            else:
                np.multiply(a, b, out=blocks)

    @property
    def stored(self) -> int:
        return self.left.stored + self.right.stored

    @property
    def nonzeros(self) -> int:
        return self.left.nonzeros * self.right.nonzeros

    @property
    def symmetric(self) -> bool:
        return self.left.symmetric and self.right.symmetric

    def diagonal(self) -> Array:
        if self.left.square and self.right.square:
            return np.multiply.outer(self.left.diagonal(), self.right.diagonal()).ravel()
        p, q = self.right.shape
        places = np.arange(min(self.shape))
        return self.left.dense()[places // p, places // q] * self.right.dense()[places % p, places % q]

    def coordinates(self) -> tuple[Array, Array, Array]:
        (a, b, x), (c, d, y) = self.left.coordinates(), self.right.coordinates()
        p, q = self.right.shape
        rows = np.add.outer(a * p, c).ravel()
        return rows, np.add.outer(b * q, d).ravel(), np.multiply.outer(x, y).ravel()

    def said(self) -> tuple[str, int]:
        return f"{self.left.bracketed(KRON)} ⊗ {self.right.bracketed(PRODUCT)}", KRON


def _inside(factor: Structure, block: Array) -> Array:
    """The factor applied along the middle axis."""
    n, q, k = block.shape
    if isinstance(factor, Identity) and factor.scale == 1.0:
        return block
    if k == 1:
        return factor.apply(block.reshape(n, q).T).T.reshape(n, -1, 1)
    made = factor.apply(block.transpose(1, 0, 2).reshape(q, n * k))
    return made.reshape(-1, n, k).transpose(1, 0, 2)
