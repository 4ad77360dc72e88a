"""Block matrices written as such: T(S1)*A + T(S2)*B, with S1 and S2 blocks of an identity, is [A; B].

The algebra reads [A, B] as A*[I, 0] + B*[0, I], which is linear and needs no rules of its own; here the blocks are
found again.  An axis that no term cuts is one block.
"""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra import constructors as b
from frechet.algebra.atoms import is_op, zero
from frechet.algebra.constructors import T
from frechet.algebra.expand import expand
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Dim, above_zero

Cut = tuple[Dim, Dim]
"""Offset and width of a block along an axis."""


def grid(x: Node) -> list[list[Node]] | None:
    """The blocks of a matrix, row by row; None where it is not made of blocks."""
    terms = expand([(x, b.U)])
    if not terms or len(x.shape) != 2:
        return None
    cells: dict[tuple[Cut, Cut], list[tuple[Node, Fraction]]] = {}
    whole_rows, whole_cols = (Dim.of(0), x.rows), (Dim.of(0), x.cols)
    for t, c in terms:
        coef, scalars, chain = b.parts(t)
        rows, cols = whole_rows, whole_cols
        first = cut_of(T(chain[0])) if chain else None
        if first is not None:
            rows, chain = first, chain[1:]
        last = cut_of(chain[-1]) if chain else None
        if last is not None:
            cols, chain = last, chain[:-1]
        outside = [b.number(coef), *(b.power(s, e) for s, e in scalars)]
        cells.setdefault((rows, cols), []).append((b.mul(*outside, *(chain or (b.eye(rows[1]),))), c))
    across = _parted({r for r, _ in cells}, x.rows)
    along = _parted({c for _, c in cells}, x.cols)
    if across is None or along is None or len(across) * len(along) == 1:
        return None
    return [[b.add(cells[r, c]) if (r, c) in cells else zero(r[1], c[1]) for c in along] for r in across]


def cut_of(x: Node) -> Cut | None:
    """The columns that a block of an identity, or the transpose of a basis vector, puts a matrix into."""
    if is_op(x, "select"):
        return x.params[0], x.params[1]
    if x.kind == "transpose" and is_op(x.args[0], "unit"):
        return x.args[0].params[0] - 1, ONE
    return None


def _parted(cuts: set[Cut], whole: Dim) -> list[Cut] | None:
    """The cuts one after the other, with what lies between them; None where they overlap."""
    todo = sorted(cuts, key=str)
    out: list[Cut] = []
    at = Dim.of(0)
    while todo:
        following = next((c for c in todo if c[0] == at), None)
        if following is None:
            if len(todo) > 1:
                return None
            (following,) = todo
            gap = following[0] - at
            if at != 0 and not above_zero(gap.substitute({name: Dim.of(name) + 1 for name in gap.names})):
                return None  # the cuts may overlap, as those of x[1:] and x[:-1]
            out.append((at, gap))
        todo.remove(following)
        out.append(following)
        at = following[0] + following[1]
    if at != whole:
        out.append((at, whole - at))
    return out if _apart(out) else None


def _apart(cuts: list[Cut]) -> bool:
    """Whether no block is known to be of a size below one, or is so where the sizes are large (`-n+2`: an overlap)."""
    growing = (c for _, width in cuts for monomial, c in width.terms if monomial)
    return all(c > 0 for c in growing) and all(width.number is None or width.number > 0 for _, width in cuts)
