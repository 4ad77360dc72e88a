"""Structures beside and below each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import final

import numpy as np

from frechet.operators.structure import ATOM, SUM, Array, Structure


@final
@dataclass(frozen=True, eq=False, repr=False)
class Blocks(Structure):
    """Rows of blocks; those of one row have its height, those of one column its width."""

    parts: tuple[tuple[Structure, ...], ...]

    @cached_property
    def _cuts(self) -> tuple[list[int], list[int]]:
        down = [0, *accumulate(row[0].shape[0] for row in self.parts)]
        return down, [0, *accumulate(part.shape[1] for part in self.parts[0])]

    @property
    def shape(self) -> tuple[int, int]:
        down, across = self._cuts
        return down[-1], across[-1]

    def apply(self, block: Array) -> Array:
        down, across = self._cuts
        out = np.zeros((down[-1], block.shape[1]))
        for r, row in enumerate(self.parts):
            for c, part in enumerate(row):
                if part.nonzeros:
                    out[down[r] : down[r + 1]] += part.apply(block[across[c] : across[c + 1]])
        return out

    @property
    def T(self) -> Blocks:
        return Blocks(tuple(tuple(part.T for part in column) for column in zip(*self.parts, strict=True)))

    def fill(self, out: Array, scale: float = 1.0, add: bool = False) -> None:
        down, across = self._cuts
        for r, row in enumerate(self.parts):
            for c, part in enumerate(row):
                part.fill(out[down[r] : down[r + 1], across[c] : across[c + 1]], scale, add)

    @property
    def stored(self) -> int:
        return sum(part.stored for row in self.parts for part in row)

    @property
    def nonzeros(self) -> int:
        return sum(part.nonzeros for row in self.parts for part in row)

    def diagonal(self) -> Array:
        down, across = self._cuts
        if down != across:
            return super().diagonal()
        return np.concatenate([self.parts[k][k].diagonal() for k in range(len(self.parts))])

    def coordinates(self) -> tuple[Array, Array, Array]:
        down, across = self._cuts
        found: list[tuple[Array, Array, Array]] = []
        for r, row in enumerate(self.parts):
            for c, part in enumerate(row):
                rows, columns, values = part.coordinates()
                found.append((rows + down[r], columns + across[c], values))
        rows, columns, values = zip(*found, strict=True)
        return np.concatenate(rows), np.concatenate(columns), np.concatenate(values)

    def said(self) -> tuple[str, int]:
        return f"[{'; '.join(', '.join(part.bracketed(SUM) for part in row) for row in self.parts)}]", ATOM
