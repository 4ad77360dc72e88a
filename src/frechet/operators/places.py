"""A matrix of zeros and ones with few ones: a commutation, another permutation, a selection, a duplication."""

from __future__ import annotations

from functools import cached_property
from typing import final

import numpy as np

from frechet.operators.structure import ATOM, Array, Structure


@final
class Places(Structure):
    """1 at (rows[k], columns[k]), each place once; the places are in the order of their rows.

    >>> Places((2, 3), np.array([0, 1]), np.array([2, 0]), "P").apply(np.array([[1.0], [2.0], [3.0]])).ravel().tolist()
    [3.0, 1.0]
    """

    def __init__(self, shape: tuple[int, int], rows: Array, columns: Array, name: str, turned: bool = False) -> None:
        order = np.argsort(rows, kind="stable")
        self._shape, self.name, self.turned = shape, name, turned
        self.rows, self.columns = rows[order], columns[order]

    @property
    def shape(self) -> tuple[int, int]:
        return self._shape

    @cached_property
    def one_a_row(self) -> bool:
        """Whether each row has exactly one 1."""
        return len(self.rows) == self.shape[0] and bool(np.array_equal(self.rows, np.arange(self.shape[0])))

    @cached_property
    def permutes(self) -> bool:
        """Whether it is a permutation."""
        counts = np.bincount(self.columns, minlength=self.shape[1])
        return self.square and self.one_a_row and bool((counts == 1).all())

    def apply(self, block: Array) -> Array:
        if self.one_a_row:
            return block[self.columns]
        out = np.zeros((self.shape[0], block.shape[1]))
        np.add.at(out, self.rows, block[self.columns])
        return out

    @property
    def T(self) -> Places:
        m, n = self.shape
        return Places((n, m), self.columns, self.rows, self.name, not self.turned)

    def fill(self, out: Array, scale: float = 1.0, add: bool = False) -> None:
        if add:
            out[self.rows, self.columns] += scale
        else:
            out[self.rows, self.columns] = scale

    @property
    def stored(self) -> int:
        return len(self.rows)

    @property
    def nonzeros(self) -> int:
        return len(self.rows)

    @cached_property
    def _symmetric(self) -> bool:
        if not self.square:
            return False
        mirrored = self.T
        n = self.shape[0]
        here, there = self.rows * n + self.columns, mirrored.rows * n + mirrored.columns
        return bool(np.array_equal(np.sort(here), np.sort(there)))

    @property
    def symmetric(self) -> bool:
        return self._symmetric

    def diagonal(self) -> Array:
        out = np.zeros(min(self.shape))
        out[self.rows[self.rows == self.columns]] = 1.0
        return out

    def coordinates(self) -> tuple[Array, Array, Array]:
        return self.rows, self.columns, np.ones(len(self.rows))

    def said(self) -> tuple[str, int]:
        return f"{self.name}ᵀ" if self.turned else self.name, ATOM
