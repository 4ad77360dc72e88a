"""A network: factors over indices, united by union-find; a fused index has two parts."""

from __future__ import annotations

from typing import final

from frechet.algebra.atoms import eye
from frechet.algebra.node import Node
from frechet.core.dim import Dim


@final
class Network:
    """Factors over indices.  Indices are integers, united by union-find; a fused index has two parts."""

    __slots__ = ("also", "dims", "factors", "hole", "parent", "scalars", "split", "zero")

    def __init__(self) -> None:
        self.parent: list[int] = []
        self.dims: list[Dim] = []
        self.split: dict[int, tuple[int, int]] = {}  # fused index → (slow, fast)
        self.also: dict[int, list[tuple[int, int]]] = {}  # the other ways in which it is split
        self.factors: list[tuple[Node, tuple[int, ...]]] = []
        self.scalars: list[Node] = []
        self.hole: tuple[int, ...] | None = None  # where the target stood
        self.zero = False

    def copy(self) -> Network:
        """An independent copy."""
        other = Network()
        other.parent, other.dims, other.split = self.parent[:], self.dims[:], dict(self.split)
        other.also = {i: ways[:] for i, ways in self.also.items()}
        other.factors, other.scalars, other.hole, other.zero = (
            self.factors[:],
            self.scalars[:],
            self.hole,
            self.zero,
        )
        return other

    def index(self, dim: Dim) -> int:
        """A new index of this size."""
        self.parent.append(len(self.parent))
        self.dims.append(dim)
        return len(self.parent) - 1

    def find(self, i: int) -> int:
        """The index that stands for all that were made equal to i."""
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def unite(self, i: int, j: int) -> None:
        """Make two indices equal; the parts of fused ones too."""
        i, j = self.find(i), self.find(j)
        if i == j:
            return
        i, j = min(i, j), max(i, j)
        self.parent[j] = i
        if j in self.also:
            self.also.setdefault(i, []).extend(self.also.pop(j))
        if j in self.split:
            pj = self.split.pop(j)
            pi = self.split.get(i)
            if pi is None:
                self.split[i] = pj
            elif self.dims[self.find(pi[0])] == self.dims[self.find(pj[0])]:
                self.unite(pi[0], pj[0])
                self.unite(pi[1], pj[1])
            else:
                self._also_split(i, pj)

    def parts(self, i: int, slow: Dim, fast: Dim) -> tuple[int, int]:
        """The slow and the fast part of an index that is fused from two of these sizes."""
        i = self.find(i)
        if i not in self.split:
            self.split[i] = (self.index(slow), self.index(fast))
        for a, b in (self.split[i], *self.also.get(i, ())):
            if self.dims[self.find(a)] == slow:
                return self.find(a), self.find(b)
        a, b = self.index(slow), self.index(fast)
        self._also_split(i, (a, b))
        return a, b

    def _also_split(self, i: int, parts: tuple[int, int]) -> None:
        """A fused index split in a second way (vec of an m×n matrix, reshaped to p×q): an identity ties the two."""
        other = self.index(self.dims[i])
        self.split[other] = parts
        self.also.setdefault(i, []).append(parts)
        self.factors.append((eye(self.dims[i]), (i, other)))
