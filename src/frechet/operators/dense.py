"""A matrix whose entries are all kept."""

from __future__ import annotations

from functools import cached_property
from typing import final

import numpy as np

from frechet.operators.structure import ATOM, Array, Structure, write


def even(a: Array) -> bool:
    """Whether a square array is symmetric but for rounding.

    >>> even(np.array([[1.0, 2.0], [2.0 + 1e-16, 1.0]])), even(np.array([[1.0, 2.0], [2.001, 1.0]]))
    (True, False)
    """
    if np.array_equal(a, a.T):
        return True
    allowed = 4 * len(a) * np.finfo(float).eps * float(abs(a).max(initial=0.0))
    return bool(abs(a - a.T).max(initial=0.0) <= allowed)


@final
class Dense(Structure):
    """All entries, as an array; the transpose is a view of the same numbers.

    >>> Dense(np.array([[1.0, 2.0], [3.0, 4.0]]), "A").T
    <dense 2×2: Aᵀ>
    """

    def __init__(self, array: Array, name: str = "dense", level: int = ATOM, turned: bool = False) -> None:
        self.array, self.name, self.level, self.turned = array, name, level, turned

    @property
    def shape(self) -> tuple[int, int]:
        return self.array.shape[0], self.array.shape[1]

    def apply(self, block: Array) -> Array:
        return self.array @ block

    @property
    def T(self) -> Dense:
        return Dense(self.array.T, self.name, self.level, not self.turned)

    def fill(self, out: Array, scale: float = 1.0, add: bool = False) -> None:
        write(out, self.array, scale, add)

    @property
    def stored(self) -> int:
        return self.array.size

    @property
    def nonzeros(self) -> int:
        return self.array.size

    def diagonal(self) -> Array:
        return np.diagonal(self.array).copy()

    @cached_property
    def _symmetric(self) -> bool:
        return self.square and even(self.array)

    @property
    def symmetric(self) -> bool:
        return self._symmetric

    def said(self) -> tuple[str, int]:
        if not self.turned:
            return self.name, self.level
        return (f"{self.name}ᵀ" if self.level == ATOM and " " not in self.name else f"({self.name})ᵀ"), ATOM
