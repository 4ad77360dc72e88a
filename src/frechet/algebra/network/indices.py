"""A network: factors over indices, united by union-find; a fused index has two parts."""

from __future__ import annotations

from typing import final

from frechet.algebra.node import Node
from frechet.core.dim import Dim
from frechet.errors import FrechetError


@final
class Network:
    """Factors over indices.  Indices are integers, united by union-find; a fused index has two parts."""

    __slots__ = ("dims", "factors", "hole", "parent", "scalars", "split", "zero")

    def __init__(self) -> None:
        self.parent: list[int] = []
        self.dims: list[Dim] = []
        self.split: dict[int, tuple[int, int]] = {}  # fused index → (slow, fast)
        self.factors: list[tuple[Node, tuple[int, ...]]] = []
        self.scalars: list[Node] = []
        self.hole: tuple[int, ...] | None = None  # where the target stood
        self.zero = False

    def copy(self) -> Network:
        """An independent copy."""
        other = Network()
        other.parent, other.dims, other.split = self.parent[:], self.dims[:], dict(self.split)
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
        if j in self.split:
            pj = self.split.pop(j)
            pi = self.split.get(i)
            if pi is None:
                self.split[i] = pj
            elif self.dims[self.find(pi[0])] == self.dims[self.find(pj[0])]:
                self.unite(pi[0], pj[0])
                self.unite(pi[1], pj[1])
            else:
                raise FrechetError(
                    "unsupported", "an array is reshaped across its rows and columns, which has no formula by indices"
                )

    def parts(self, i: int, slow: Dim, fast: Dim) -> tuple[int, int]:
        """The slow and the fast part of an index that is fused from two of these sizes."""
        i = self.find(i)
        if i not in self.split:
            self.split[i] = (self.index(slow), self.index(fast))
        a, b = self.split[i]
        if self.dims[self.find(a)] != slow:
            raise FrechetError(
                "unsupported", "an array is reshaped across its rows and columns, which has no formula by indices"
            )
        return self.find(a), self.find(b)
