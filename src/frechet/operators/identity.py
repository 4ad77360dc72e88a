"""A multiple of the identity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from frechet.operators.structure import ATOM, PRODUCT, Array, Structure


def number(value: float) -> str:
    """A coefficient as it is shown.

    >>> number(2.0), number(-0.1)
    ('2', '-0.1')
    """
    return f"{value:.6g}"


@final
@dataclass(frozen=True, eq=False, repr=False)
class Identity(Structure):
    """c·I of order n.

    >>> Identity(3, 2.0), Identity(3).apply(np.ones((3, 1))).tolist()
    (<identity 3×3: 2·I(3)>, [[1.0], [1.0], [1.0]])
    """

    n: int
    scale: float = 1.0

    @property
    def shape(self) -> tuple[int, int]:
        return self.n, self.n

    def apply(self, block: Array) -> Array:
        return block if self.scale == 1.0 else self.scale * block

    @property
    def T(self) -> Identity:
        return self

    def fill(self, out: Array, scale: float = 1.0, add: bool = False) -> None:
        view = np.einsum("ii->i", out)
        if add:
            view += scale * self.scale
        else:
            view[...] = scale * self.scale

    @property
    def stored(self) -> int:
        return 1

    @property
    def nonzeros(self) -> int:
        return self.n

    @property
    def symmetric(self) -> bool:
        return True

    def diagonal(self) -> Array:
        return np.full(self.n, self.scale)

    def coordinates(self) -> tuple[Array, Array, Array]:
        places = np.arange(self.n)
        return places, places, self.diagonal()

    def said(self) -> tuple[str, int]:
        return (f"I({self.n})", ATOM) if self.scale == 1.0 else (f"{number(self.scale)}·I({self.n})", PRODUCT)
