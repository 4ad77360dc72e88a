"""A matrix whose rows or columns are a Kronecker product of two indices, inside a network.

Such a factor M[(a,b),(c,d)] is no edge between two indices.  Where its parts meet the rest of the network they are
contracted one at a time by multiplying M with constant Kronecker products,

    Σ W[a,c] M[(a,b),(c,d)] = kron(vec(W)', I)·kron(I, M)·kron(vec(I), I)

(a partial trace when W = I), until a matrix between two indices, or a vector on one, is left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import final

from frechet.algebra.atoms import commutation
from frechet.algebra.constructors import T, eye, kron, mul, unvec, vec
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Dim


@final
class Fused:
    """A factor with the (unfused) indices of its rows and of its columns, slow first."""

    __slots__ = ("cols", "node", "rows")

    def __init__(self, node: Node, rows: list[int], cols: list[int]) -> None:
        self.node, self.rows, self.cols = node, rows, cols

    def indices(self) -> list[int]:
        """All indices that the factor stands on."""
        return [*self.rows, *self.cols]

    def turned(self) -> Fused:
        """The transpose."""
        return Fused(T(self.node), self.cols, self.rows)


def _size(indices: list[int], dim: Callable[[int], Dim]) -> Dim:
    total = ONE
    for i in indices:
        total = total * dim(i)
    return total


def weigh(f: Fused, i: int, v: Node, dim: Callable[[int], Dim]) -> Fused:
    """Σ_i v[i] M[…]: a row part against a vector."""
    if i not in f.rows:
        return weigh(f.turned(), i, v, dim).turned()
    k = f.rows.index(i)
    before, after = _size(f.rows[:k], dim), _size(f.rows[k + 1 :], dim)
    return Fused(mul(kron(eye(before), T(v), eye(after)), f.node), f.rows[:k] + f.rows[k + 1 :], f.cols)


def attach(f: Fused, i: int, j: int, w: Node, dim: Callable[[int], Dim]) -> Fused:
    """Σ_i w[i,j] M[…i…]: a part goes on to the next index through a matrix."""
    if i not in f.rows:
        return attach(f.turned(), i, j, w, dim).turned()
    k = f.rows.index(i)
    before, after = _size(f.rows[:k], dim), _size(f.rows[k + 1 :], dim)
    node = mul(kron(eye(before), T(w), eye(after)), f.node)
    return Fused(node, [*f.rows[:k], j, *f.rows[k + 1 :]], f.cols)


def tie(f: Fused, i: int, j: int, w: Node | None, dim: Callable[[int], Dim]) -> Fused | None:
    """Σ_ij w[i,j] M[…] over two of its parts; w = None stands for i = j being one index.  None where not supported."""
    if w is None:
        w = eye(dim(i))
    positions = _two_places(f, i, j)
    if positions is None:
        return None
    (side_i, a), (side_j, c) = positions
    if side_i == "cols" and side_j == "rows":
        turned = tie(f.turned(), i, j, w, dim)
        return turned.turned() if turned is not None else None
    if side_i == side_j:
        g = f if side_i == "rows" else f.turned()
        if a > c:
            a, c, w = c, a, T(w)
        before, after = _size(g.rows[:a], dim), _size(g.rows[c + 1 :], dim)
        between = _size(g.rows[a + 1 : c], dim)
        row = T(vec(T(w)))  # slow first
        pick = kron(row, eye(between))
        if between != ONE:  # bring the two together first
            pick = mul(pick, kron(eye(dim(g.rows[a])), commutation(dim(g.rows[c]), between)))
        rest = g.rows[:a] + g.rows[a + 1 : c] + g.rows[c + 1 :]
        made = Fused(mul(kron(eye(before), pick, eye(after)), g.node), rest, g.cols)
        return made if side_i == "rows" else made.turned()
    if a == 0 and c == 0:  # both slow
        rest_r, rest_c = _size(f.rows[1:], dim), _size(f.cols[1:], dim)
        n = dim(f.cols[0])
        left = kron(T(vec(w)), eye(rest_r))
        right = kron(vec(eye(n)), eye(rest_c))
        return Fused(mul(left, kron(eye(n), f.node), right), f.rows[1:], f.cols[1:])
    if a == len(f.rows) - 1 and c == len(f.cols) - 1:  # both fast
        rest_r, rest_c = _size(f.rows[:-1], dim), _size(f.cols[:-1], dim)
        n = dim(f.cols[-1])
        left = kron(eye(rest_r), T(vec(T(w))))
        right = kron(eye(rest_c), vec(eye(n)))
        return Fused(mul(left, kron(f.node, eye(n)), right), f.rows[:-1], f.cols[:-1])
    return None


def _two_places(f: Fused, i: int, j: int) -> tuple[tuple[str, int], tuple[str, int]] | None:
    """Where i and j stand; for i = j its two places, the row first."""
    places = [("rows", k) for k, x in enumerate(f.rows) if x == i] + [
        ("cols", k) for k, x in enumerate(f.cols) if x == i
    ]
    if i == j:
        return (places[0], places[1]) if len(places) == 2 else None
    other = [("rows", k) for k, x in enumerate(f.rows) if x == j] + [
        ("cols", k) for k, x in enumerate(f.cols) if x == j
    ]
    if len(places) != 1 or len(other) != 1:
        return None
    return places[0], other[0]


def settle_vector(f: Fused, dim: Callable[[int], Dim]) -> tuple[int, int, Node] | None:
    """A vector fused from two indices is a matrix between them: (row index, column index, matrix)."""
    if not f.cols and len(f.rows) == 2:
        slow, fast = f.rows
        return fast, slow, unvec(f.node, dim(fast), dim(slow))
    if not f.rows and len(f.cols) == 2:
        return settle_vector(f.turned(), dim)
    return None
