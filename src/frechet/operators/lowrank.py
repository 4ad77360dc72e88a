"""A product of a tall and a wide matrix: few numbers for many entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from frechet.operators.structure import PRODUCT, Array, Structure, write


@final
@dataclass(frozen=True, eq=False, repr=False)
class LowRank(Structure):
    """left·right', left m×r and right n×r with r small; with r = 0 the zero matrix.

    >>> LowRank(np.ones((3, 1)), np.ones((2, 1)), "u vᵀ").dense().shape
    (3, 2)
    """

    left: Array
    right: Array
    name: str = "low rank"
    turned: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        return self.left.shape[0], self.right.shape[0]

    @property
    def rank(self) -> int:
        """How many columns the factors have."""
        return self.left.shape[1]

    def apply(self, block: Array) -> Array:
        return self.left @ (self.right.T @ block)

    @property
    def T(self) -> LowRank:
        return LowRank(self.right, self.left, self.name, not self.turned)

    def fill(self, out: Array, scale: float = 1.0, add: bool = False) -> None:
        if self.rank == 0:
            return
        if self.rank == 1 and not add:
            np.multiply(scale * self.left, self.right.T, out=out)
        elif not add and out.flags.c_contiguous and out.dtype == np.result_type(self.left, self.right):
            np.matmul(scale * self.left, self.right.T, out=out)
        else:
            write(out, self.left @ self.right.T, scale, add)

    @property
    def stored(self) -> int:
        return self.left.size + self.right.size

    @property
    def nonzeros(self) -> int:
        return self.size if self.rank else 0

    @property
    def symmetric(self) -> bool:
        return (self.rank == 0 and self.square) or self.left is self.right

    def diagonal(self) -> Array:
        least = min(self.shape)
        return np.einsum("ir,ir->i", self.left[:least], self.right[:least])

    def said(self) -> tuple[str, int]:
        if not self.rank:
            return "0", 3
        return (f"({self.name})ᵀ", 3) if self.turned else (self.name, PRODUCT)
