"""Factors between the slots of a matrix, put together: pieces, their Kronecker product, what is out of order exchanged.

A slot is an index that the rows or the columns list.  Vectors stand on slots and matrices between them; each connected
piece is a small matrix of its own slots, and the whole is the Kronecker product of the pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import final

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.atoms import U
from frechet.algebra.constructors import T, diag, eye, hadamard, kron, mul, ones, vec
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Dim
from frechet.errors import FrechetError


@final
class Slots:
    """Output slots (rows first, then columns) with vectors on them and matrices between them."""

    def __init__(self, dims: list[Dim], rows: int) -> None:
        self.dims, self.rows = dims, rows
        self.labels: dict[int, Node] = {}
        self.edges: dict[tuple[int, int], Node] = {}
        self.blocks: list[tuple[tuple[int, ...], tuple[int, ...], Node]] = []

    def place(self, rows: list[int], cols: list[int], m: Node) -> None:
        """A matrix that stands on several row and column slots at once."""
        if all(k >= self.rows for k in rows) and all(k < self.rows for k in cols):
            rows, cols, m = cols, rows, T(m)
        if (
            any(k >= self.rows for k in rows)
            or any(k < self.rows for k in cols)
            or len({*rows, *cols}) < len(rows) + len(cols)
        ):
            raise FrechetError("unsupported", "a block of a Kronecker product ties entries of the value to each other")
        self.blocks.append((tuple(rows), tuple(cols), m))

    def label(self, k: int, v: Node) -> None:
        old = self.labels.get(k)
        self.labels[k] = v if old is None else hadamard([(old, U), (v, U)])

    def join(self, u: int, w: int, m: Node) -> None:
        if u > w:
            u, w, m = w, u, T(m)
        old = self.edges.get((u, w))
        self.edges[u, w] = m if old is None else hadamard([(old, U), (m, U)])

    def build(self) -> Node:
        """The matrix: pieces, their Kronecker product, permutations of what is out of order."""
        pieces: list[tuple[tuple[int, ...], tuple[int, ...], Node]] = []
        seen: set[int] = set()
        for rows, cols, m in self.blocks:
            on = {*rows, *cols}
            if on & seen or any(on & set(key) for key in self.edges):
                raise FrechetError("unsupported", "a block of a Kronecker product meets another factor")
            seen |= on
            pieces.append((rows, cols, mul(*self._scaling(rows), m, *self._scaling(cols))))
        for k in range(len(self.dims)):
            if k not in seen:
                group = self._component(k)
                seen |= set(group)
                pieces.append(self._piece(sorted(group)))
        ordered = self._arrange(pieces)
        whole = kron(*(m for _, _, m in ordered)) if ordered else b.number(1)
        row_order = [r for p in ordered for r in p[0]]
        col_order = [c for p in ordered for c in p[1]]
        left = self._permute(sorted(row_order), row_order)
        right = self._permute(col_order, sorted(col_order))
        return mul(*left, whole, *right)

    def _scaling(self, slots: Sequence[int]) -> list[Node]:
        """The diagonal matrix of the vectors on these slots; none where there are none."""
        if not any(k in self.labels for k in slots):
            return []
        return [diag(kron(*(self.labels.get(k, ones(self.dims[k])) for k in slots)))]

    def _component(self, start: int) -> list[int]:
        group, todo = [start], [start]
        while todo:
            k = todo.pop()
            for u, w in self.edges:
                if k in (u, w):
                    other = w if k == u else u
                    if other not in group:
                        group.append(other)
                        todo.append(other)
        return group

    def _piece(self, group: list[int]) -> tuple[tuple[int, ...], tuple[int, ...], Node]:
        """One connected piece as a matrix of its own row and column slots, each in the order of the slots."""
        rows = [k for k in group if k < self.rows]
        cols = [k for k in group if k >= self.rows]
        edges = {key: m for key, m in self.edges.items() if key[0] in group}
        labels = {k: v for k, v in self.labels.items() if k in group}
        if not edges:
            (k,) = group
            v = labels.get(k, ones(self.dims[k]))
            return tuple(rows), tuple(cols), v if rows else T(v)
        if len(group) == 2 and (len(rows) == 2 or len(cols) == 2):
            ((slow, fast), m) = next(iter(edges.items()))
            if slow in labels:
                m = mul(diag(labels[slow]), m)
            if fast in labels:
                m = mul(m, diag(labels[fast]))
            v = vec(T(m))  # m has its rows at the slow slot, vec wants them at the fast one
            return tuple(rows), tuple(cols), v if rows else T(v)
        cross = [key for key in edges if key[0] < self.rows <= key[1]]
        matched: list[tuple[int, int]] = []
        extra: list[tuple[int, int]] = []
        for key in sorted(cross, key=lambda k: (edges[k].op != "eye", k)):
            taken = any(key[0] == r or key[1] == c for r, c in matched)
            (extra if taken else matched).append(key)
        main: dict[tuple[int, int], Node] = {}
        for r, c in matched:
            m = edges[r, c]
            if r in labels:
                m = mul(diag(labels.pop(r)), m)
            if c in labels:
                m = mul(m, diag(labels.pop(c)))
            main[r, c] = m
        whole = self._spread(main, rows, cols, labels)
        for key in extra:
            other = self._spread({key: edges[key]}, rows, cols, {})
            whole = hadamard([(whole, U), (other, U)])
        for (u, w), m in edges.items():
            if w < self.rows:
                whole = mul(diag(_stacked(m, rows)), whole)
            elif u >= self.rows:
                whole = mul(whole, diag(_stacked(m, cols)))
        return tuple(rows), tuple(cols), whole

    def _spread(
        self, main: dict[tuple[int, int], Node], rows: list[int], cols: list[int], labels: dict[int, Node]
    ) -> Node:
        """Matrices on matched slots, the labels or ones on the others, as one matrix over all of rows and cols."""
        pieces = [((r,), (c,), m) for (r, c), m in main.items()]
        pieces += [((r,), (), labels.get(r, ones(self.dims[r]))) for r in rows if not any(r == p[0] for p in main)]
        pieces += [((), (c,), T(labels.get(c, ones(self.dims[c])))) for c in cols if not any(c == p[1] for p in main)]
        ordered = self._arrange(pieces)
        row_order = [r for p in ordered for r in p[0]]
        col_order = [c for p in ordered for c in p[1]]
        return mul(*self._permute(rows, row_order), kron(*(m for _, _, m in ordered)), *self._permute(col_order, cols))

    def _arrange(
        self, pieces: list[tuple[tuple[int, ...], tuple[int, ...], Node]]
    ) -> list[tuple[tuple[int, ...], tuple[int, ...], Node]]:
        """The order of the Kronecker factors that needs the fewest exchanges."""
        if len(pieces) > 5:
            return sorted(pieces, key=lambda p: (p[0] or (10**6,), p[1]))
        best = min(permutations(pieces), key=_disorder)
        return list(best)

    def _permute(self, out: Sequence[int], have: Sequence[int]) -> list[Node]:
        """Permutation matrices whose product takes a vector over the slots `have` to the same one over `out`.

        One exchange of neighbouring blocks is kron(eye, kron(commutation, eye)).
        """
        factors: list[Node] = []
        order = list(have)
        target = list(out)
        # vector over `have` → vector over `out`: exchange neighbours until the order is right
        for k in range(len(target)):
            at = order.index(target[k])
            if at == k:
                continue
            moved, passed = order[at], order[k:at]
            p, q = self._length(passed), self.dims[moved]
            swap = atoms.commutation(q, p)  # slow p, fast q → slow q, fast p
            before, after = self._length(order[:k]), self._length(order[at + 1 :])
            factors.insert(0, kron(eye(before), swap, eye(after)))
            order = [*order[:k], moved, *passed, *order[at + 1 :]]
        return factors

    def _length(self, slots: Sequence[int]) -> Dim:
        total = ONE
        for k in slots:
            total = total * self.dims[k]
        return total


def _disorder(pieces: Sequence[tuple[tuple[int, ...], tuple[int, ...], Node]]) -> tuple[int, int, list[int]]:
    """Exchanges needed among rows and columns; rows first; then the order of the slots."""
    rows = [r for p in pieces for r in p[0]]
    cols = [c for p in pieces for c in p[1]]
    bad_rows = sum(1 for i in range(len(rows)) for j in range(i) if rows[j] > rows[i])
    bad_cols = sum(1 for i in range(len(cols)) for j in range(i) if cols[j] > cols[i])
    # a row that comes before a column in a tie keeps outer products in reading order
    return bad_rows + bad_cols, bad_rows, [x for p in pieces for x in (*p[0], *p[1])]


def _stacked(m: Node, side: list[int]) -> Node:
    """The vector over both slots of a side whose entries are those of m."""
    if len(side) == 2:
        return vec(T(m))
    raise FrechetError("unsupported", "three indices of the value are tied to each other")
