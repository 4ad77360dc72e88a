"""A sum of structures, and a multiple of one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import final

import numpy as np

from frechet.operators.dense import Dense
from frechet.operators.identity import number
from frechet.operators.structure import KRON, SUM, Array, Structure


@final
@dataclass(frozen=True, eq=False, repr=False)
class Scaled(Structure):
    """c·S."""

    scale: float
    inner: Structure

    @property
    def shape(self) -> tuple[int, int]:
        return self.inner.shape

    def apply(self, block: Array) -> Array:
        rows, columns = self.shape
        return self.inner.apply(self.scale * block) if columns < rows else self.scale * self.inner.apply(block)

    @property
    def T(self) -> Scaled:
        return Scaled(self.scale, self.inner.T)

    def fill(self, out: Array, scale: float = 1.0, add: bool = False) -> None:
        self.inner.fill(out, scale * self.scale, add)

    @property
    def stored(self) -> int:
        return 1 + self.inner.stored

    @property
    def nonzeros(self) -> int:
        return self.inner.nonzeros

    @property
    def symmetric(self) -> bool:
        return self.inner.symmetric

    def diagonal(self) -> Array:
        return self.scale * self.inner.diagonal()

    def coordinates(self) -> tuple[Array, Array, Array]:
        rows, columns, values = self.inner.coordinates()
        return rows, columns, self.scale * values

    def said(self) -> tuple[str, int]:
        if self.scale == -1.0:
            return f"-{self.inner.bracketed(KRON)}", SUM
        return f"{number(self.scale)}·{self.inner.bracketed(KRON)}", KRON if self.scale > 0 else SUM


@final
@dataclass(frozen=True, eq=False, repr=False)
class Total(Structure):
    """S₁ + S₂ + …, all of one shape."""

    terms: tuple[Structure, ...]

    @property
    def shape(self) -> tuple[int, int]:
        return self.terms[0].shape

    def apply(self, block: Array) -> Array:
        found = np.array(self.terms[0].apply(block), dtype=float)
        for term in self.terms[1:]:
            found += term.apply(block)
        return found

    @property
    def T(self) -> Total:
        return Total(tuple(term.T for term in self.terms))

    def fill(self, out: Array, scale: float = 1.0, add: bool = False) -> None:
        first, *rest = sorted(self.terms, key=lambda term: -term.nonzeros)
        first.fill(out, scale, add)
        for term in rest:
            term.fill(out, scale, True)

    @property
    def stored(self) -> int:
        arrays = {place(term): term.stored for term in self.terms}
        return sum(arrays.values())

    @property
    def nonzeros(self) -> int:
        return min(self.size, sum(term.nonzeros for term in self.terms))

    @property
    def symmetric(self) -> bool:
        return all(term.symmetric for term in self.terms)

    def diagonal(self) -> Array:
        return reduce(np.add, (term.diagonal() for term in self.terms))

    def coordinates(self) -> tuple[Array, Array, Array]:
        rows, columns, values = zip(*(term.coordinates() for term in self.terms), strict=True)
        return np.concatenate(rows), np.concatenate(columns), np.concatenate(values)

    def said(self) -> tuple[str, int]:
        texts = [term.bracketed(SUM) for term in self.terms]
        joined = texts[0]
        for text in texts[1:]:
            joined += f" - {text[1:]}" if text.startswith("-") else f" + {text}"
        return joined, SUM


def place(s: Structure) -> int:
    """Where a structure's numbers lie: A and its transpose are one array."""
    return s.array.__array_interface__["data"][0] if isinstance(s, Dense) else id(s)
