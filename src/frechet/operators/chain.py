"""A product of structures, applied from right to left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from frechet.operators.dense import Dense
from frechet.operators.structure import PRODUCT, Array, Structure, write


@final
@dataclass(frozen=True, eq=False, repr=False)
class Chain(Structure):
    """S₁·S₂·…; a vector passes through one factor after the other."""

    factors: tuple[Structure, ...]

    @property
    def shape(self) -> tuple[int, int]:
        return self.factors[0].shape[0], self.factors[-1].shape[1]

    def apply(self, block: Array) -> Array:
        for factor in reversed(self.factors):
            block = factor.apply(block)
        return block

    @property
    def T(self) -> Chain:
        return Chain(tuple(factor.T for factor in reversed(self.factors)))

    def fill(self, out: Array, scale: float = 1.0, add: bool = False) -> None:
        write(out, self.dense(), scale, add)

    def dense(self) -> Array:
        """The matrix written out: from the side that leaves less to do."""
        rows, columns = self.shape
        if columns <= rows:
            found = self.factors[-1].dense()
            for factor in self.factors[-2::-1]:
                found = factor.apply(found)
            return np.ascontiguousarray(found)
        return np.ascontiguousarray(self.T.dense().T)

    @property
    def stored(self) -> int:
        return sum(factor.stored for factor in self.factors)

    @property
    def nonzeros(self) -> int:
        found = self.factors[0].nonzeros
        for factor in self.factors[1:]:
            widest = max(1, -(-factor.nonzeros // factor.shape[0])) if _even(factor) else factor.shape[1]
            found *= widest
        return min(self.size, found)

    @property
    def symmetric(self) -> bool:
        def mirrored(left: Structure, right: Structure) -> bool:
            if isinstance(left, Dense) and isinstance(right, Dense):
                a, b = left.array, right.array.T
                return a.shape == b.shape and a.strides == b.strides and np.shares_memory(a, b)
            return left is right and left.symmetric

        return all(mirrored(a, b) for a, b in zip(self.factors, reversed(self.factors), strict=True))

    def diagonal(self) -> Array:
        if len(self.factors) == 2 and all(isinstance(factor, Dense) for factor in self.factors):
            left, right = (factor.dense() for factor in self.factors)
            least = min(self.shape)
            return np.einsum("ik,ki->i", left[:least], right[:, :least])
        left, right = self.split()
        if left.size + right.size <= 4 * self.stored + self.size // 4:
            least = min(self.shape)
            return np.einsum("ik,ki->i", left.dense()[:least], right.dense()[:, :least])
        return super().diagonal()

    def split(self) -> tuple[Structure, Structure]:
        """The product as two factors, cut in the middle."""
        at = (len(self.factors) + 1) // 2
        left, right = self.factors[:at], self.factors[at:]
        return (
            left[0] if len(left) == 1 else Chain(left),
            right[0] if len(right) == 1 else Chain(right),
        )

    def coordinates(self) -> tuple[Array, Array, Array]:
        from frechet.operators.outside import sparse

        product = _csr(self.factors[0])
        for factor in self.factors[1:]:
            product = product @ _csr(factor)
        found = sparse().coo_array(product)
        return found.row, found.col, found.data

    def said(self) -> tuple[str, int]:
        return " ".join(factor.bracketed(PRODUCT) for factor in self.factors), PRODUCT


def _even(factor: Structure) -> bool:
    """Whether each row has as many entries as the average says, at most."""
    from frechet.operators.diagonal import Diagonal
    from frechet.operators.identity import Identity
    from frechet.operators.kron import Kron
    from frechet.operators.places import Places

    if isinstance(factor, Kron):
        return _even(factor.left) and _even(factor.right)
    return isinstance(factor, (Identity, Diagonal, Dense)) or (isinstance(factor, Places) and factor.permutes)


def _csr(factor: Structure) -> Array:
    from frechet.operators.outside import sparse

    rows, columns, values = factor.coordinates()
    return sparse().csr_array((values, (rows, columns)), shape=factor.shape)
