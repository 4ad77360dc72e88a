"""Index form and tensor where only the Jacobian matrix is known, as of a derivative through expm_frechet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from frechet.algebra.network.raising import LETTERS
from frechet.algebra.node import Node
from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.notation.indexnames import IndexNames
from frechet.notation.signs import times
from frechet.ops.expressions import apply


@final
@dataclass(frozen=True)
class Read:
    """One entry, the array of all, and the indices of the value and of the variable."""

    index: Expr
    tensor: Expr
    axes: tuple[tuple[str, ...], tuple[str, ...]]


def entries_of(jacobian: Expr, value: Node, x: Node, names: IndexNames) -> Read:
    """Read off a Jacobian whose rows and columns are stacked columns: an entry (i,j) of the value is at the place r
    with kron(ones(n)',eye(m))[i,r] = kron(eye(n),ones(m)')[j,r] = 1."""
    factors: list[Expr] = []
    bound: list[str] = []
    spec: list[str] = []
    arrays: list[Expr] = []
    sides: list[tuple[list[str], str]] = []
    axes = [[names.fresh() for _ in live(node)] for node in (value, x)]
    letters = iter(LETTERS)
    for node, named in zip((value, x), axes, strict=True):
        own = [next(letters) for _ in named]
        if len(named) < 2:
            sides.append((own, own[0]))
            places = named
        else:
            place, letter = names.fresh(), next(letters)
            m, n = node.rows, node.cols
            for index, at, pick in zip(named, own, _picks(m, n), strict=True):
                factors.append(apply("at", (pick,), (index, place)))
                arrays.append(pick)
                spec.append(at + letter)
            bound.append(place)
            places = [place]
            sides.append((own, letter))
        named.append(places[0])
    rows, cols = axes[0].pop(), axes[1].pop()
    entry = times([apply("at", (jacobian,), (rows, cols)), *factors])
    index = apply("isum", (entry,), tuple(sorted(bound))) if bound else entry
    out = "".join(sides[0][0] + sides[1][0])
    whole = ",".join([sides[0][1] + sides[1][1], *spec]) + "->" + out
    tensor = apply("einsum", (jacobian, *arrays), (whole,))
    return Read(index, tensor, (tuple(axes[0]), tuple(axes[1])))


def _picks(m: Dim, n: Dim) -> tuple[Expr, Expr]:
    """Of an m×n matrix stacked by columns: the row, and the column, that each place belongs to."""
    row = apply("kron", (apply("transpose", (apply("ones", (), (n,)),)), apply("eye", (), (m,))))
    column = apply("kron", (apply("eye", (), (n,)), apply("transpose", (apply("ones", (), (m,)),))))
    return row, column


def live(x: Node) -> list[int]:
    """The axes of a node that carry an index: none of a scalar, one of a column, two of a row or a matrix."""
    if len(x.shape) > 2:
        return list(range(len(x.shape)))
    return [] if x.scalar else [0] if x.column else [0, 1]
