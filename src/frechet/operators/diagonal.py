"""A diagonal matrix, kept as its diagonal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from frechet.operators.structure import ATOM, Array, Structure, write


@final
@dataclass(frozen=True, eq=False, repr=False)
class Diagonal(Structure):
    """diag(d); `name` says what d is.

    >>> Diagonal(np.array([1.0, 2.0]), "s").apply(np.ones((2, 1))).ravel().tolist()
    [1.0, 2.0]
    """

    entries: Array
    name: str = "d"

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.entries), len(self.entries)

    def apply(self, block: Array) -> Array:
        return self.entries[:, None] * block

    @property
    def T(self) -> Diagonal:
        return self

    def fill(self, out: Array, scale: float = 1.0, add: bool = False) -> None:
        write(np.einsum("ii->i", out), self.entries, scale, add)

    @property
    def stored(self) -> int:
        return len(self.entries)

    @property
    def nonzeros(self) -> int:
        return len(self.entries)

    @property
    def symmetric(self) -> bool:
        return True

    def diagonal(self) -> Array:
        return self.entries.copy()

    def coordinates(self) -> tuple[Array, Array, Array]:
        places = np.arange(len(self.entries))
        return places, places, self.entries

    def said(self) -> tuple[str, int]:
        return f"diag({self.name})", ATOM
