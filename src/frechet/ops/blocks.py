"""Blocks beside and below each other; one entry, one column, one row of an array, a slice of a tensor."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.constructors.products import unturned
from frechet.algebra.expand import expand
from frechet.algebra.network.contraction import contracted
from frechet.algebra.network.raising import LETTERS
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Dim, Shape, settle, show
from frechet.core.expr import Expr
from frechet.core.facts import Facts
from frechet.core.op import Op, Params, Unify
from frechet.core.words import Telling
from frechet.errors import FrechetError
from frechet.ops.arrays import as_matrix, settled
from frechet.ops.books import LINEAR
from frechet.ops.shapes import index_count, matrix, shape_error


def _beside(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """Blocks with one number of rows; their columns are counted together."""
    blocks = [matrix(shape, "[A, B] needs matrices") for shape in shapes]
    rows, total = blocks[0]
    for (m, n), shape in zip(blocks[1:], shapes[1:], strict=True):
        try:
            rows = unify(rows, m)
        except FrechetError as trouble:
            raise shape_error(f"[A, B] needs one number of rows; got {show(shapes[0])} and {show(shape)}") from trouble
        total = total + n
    return settle((rows, total))


def _below(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """Blocks with one number of columns; their rows are counted together."""
    blocks = [matrix(shape, "[A; B] needs matrices") for shape in shapes]
    total, cols = blocks[0]
    for (m, n), shape in zip(blocks[1:], shapes[1:], strict=True):
        try:
            cols = unify(cols, n)
        except FrechetError as trouble:
            raise shape_error(
                f"[A; B] needs one number of columns; got {show(shapes[0])} and {show(shape)}"
            ) from trouble
        total = total + m
    return settle((total, cols))


def _within(index: Dim | int, size: Dim, what: str) -> None:
    """Refuse an index that is known to lie outside its axis."""
    i, n = Dim.of(index).number, size.number
    if i is not None and (i < 1 or (n is not None and i > n)):
        raise shape_error(f"the index {i} of {what} is not between 1 and {size}")


def _entry_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """An array with as many axes as there are indices, each within its axis; a scalar."""
    (shape,) = shapes
    if len(params) != len(shape):
        raise shape_error(index_count(shape, len(params)))
    for index, size in zip(params, shape, strict=True):
        _within(index, size, f"an entry of an array {show(shape)}")
    return ()


def _of_a_matrix(shape: Shape, written: str) -> None:
    """Refuse a tensor: it wants an index or a colon for each of its axes."""
    if len(shape) > 2:
        places = ",".join([*":" * (len(shape) - 1), "k"])
        raise shape_error(f"{written} is of a matrix; a slice of a tensor {show(shape)} is written X[{places}]")


def _column_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A column of m×n is a vector of length m.  (An index that is a name runs over the columns.)"""
    _of_a_matrix(shapes[0], "X[:,j]")
    m, n = matrix(shapes[0], "X[:,j] needs a matrix")
    if not isinstance(params[0], str):
        _within(params[0], n, "a column")
    return settle((m,))


def _row_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A row of m×n is 1×n.  (An index that is a name runs over the rows.)"""
    _of_a_matrix(shapes[0], "X[i,:]")
    m, n = matrix(shapes[0], "X[i,:] needs a matrix")
    if not isinstance(params[0], str):
        _within(params[0], m, "a row")
    return settle((ONE, n))


def _slice_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A tensor with an index or a colon for each axis; the axes that have an index go."""
    (shape,) = shapes
    if len(params) != len(shape):
        raise shape_error(index_count(shape, len(params)))
    for index, size in zip(params, shape, strict=True):
        if index is not None and not isinstance(index, str):
            _within(index, size, f"a slice of a tensor {show(shape)}")
    return settle(tuple(size for index, size in zip(params, shape, strict=True) if index is None))


def _hcat(xp: Any, params: Params, *blocks: Any) -> Any:
    return settled(xp, xp.concatenate([as_matrix(xp, b) for b in blocks], axis=1))


def _vcat(xp: Any, params: Params, *blocks: Any) -> Any:
    return settled(xp, xp.concatenate([as_matrix(xp, b) for b in blocks], axis=0))


def _entry(xp: Any, params: Params, x: Any) -> Any:
    return xp.asarray(x[tuple(int(i) - 1 for i in params)])


def _slice(xp: Any, params: Params, x: Any) -> Any:
    return settled(xp, xp.asarray(x[tuple(slice(None) if i is None else int(i) - 1 for i in params)]))


def _column(xp: Any, params: Params, x: Any) -> Any:
    return settled(xp, as_matrix(xp, x)[:, int(params[0]) - 1])


def _row(xp: Any, params: Params, x: Any) -> Any:
    i = int(params[0]) - 1
    return settled(xp, as_matrix(xp, x)[i : i + 1, :])


def _select(offset: Dim, width: Dim, whole: Dim) -> Node:
    """The width×whole matrix that picks `width` entries from `offset` on: a block of an identity."""
    if width == ONE:
        return b.T(atoms.unit(offset + 1, whole))
    return atoms.constant("select", (width, whole), offset, width, whole)


def _hcat_reading(e: Expr, *blocks: Node) -> Node:
    """[A, B] = A [I 0] + B [0 I]."""
    whole, offset, terms = Dim.of(0), Dim.of(0), list[tuple[Node, Fraction]]()
    for x in blocks:
        whole = whole + x.cols
    for x in blocks:
        rows = expand([(x, b.U)]) if x.kind in ("sum", "transpose") and _cut(x) else None
        select = _select(offset, x.cols, whole)
        terms += [(b.mul(t, select), c) for t, c in rows or [(x, b.U)]]
        offset = offset + x.cols
    return b.add(terms)


def _cut(x: Node) -> bool:
    """Whether x is itself made of blocks."""
    inner = unturned(x)
    ends = [f for t, _ in inner.terms for f in b.parts(t)[2]]
    return any(unturned(f).op in ("select", "unit") for f in ends)


def _vcat_reading(e: Expr, *blocks: Node) -> Node:
    """[A; B] = [A', B']'."""
    return b.T(_hcat_reading(e, *(b.T(x) for x in blocks)))


def _entry_reading(e: Expr, x: Node) -> Node:
    """e_i' x e_j."""
    if len(x.shape) > 2:
        return _slice_reading(e, x)
    at = [Dim.of(d) for d in e.params]
    if len(at) == 1:
        return b.mul(b.T(atoms.unit(at[0], x.rows)), x) if not x.row else b.mul(x, atoms.unit(at[0], x.cols))
    left = b.T(atoms.unit(at[0], x.rows)) if x.rows != ONE else atoms.number(1)
    right = atoms.unit(at[1], x.cols) if x.cols != ONE else atoms.number(1)
    return b.mul(left, x, right)


def _slice_reading(e: Expr, x: Node) -> Node:
    """x with a unit vector along each axis that has an index."""
    letters = LETTERS[: len(x.shape)]
    picked = [(k, Dim.of(i)) for k, i in enumerate(e.params) if i is not None]
    out = "".join(letters[k] for k, i in enumerate(e.params) if i is None)
    units = [atoms.unit(i, x.shape[k]) for k, i in picked]
    return contracted([letters, *(letters[k] for k, _ in picked)], out, [x, *units]) if picked else x


def _column_reading(e: Expr, x: Node) -> Node:
    """x e_j."""
    return b.mul(x, atoms.unit(Dim.of(e.params[0]), x.cols)) if x.cols != ONE else x


def _row_reading(e: Expr, x: Node) -> Node:
    """e_i' x."""
    return b.mul(b.T(atoms.unit(Dim.of(e.params[0]), x.rows)), x) if x.rows != ONE else x


HCAT = Op(
    "hcat",
    _beside,
    _hcat,
    normal=_hcat_reading,
    telling=Telling(step=LINEAR),
    facts=Facts(cancels=True, linear="together"),
    source="linear: each block goes to one place",
    example="[A, B]",
    doc="Blocks beside each other.",
    call="",
)
VCAT = Op(
    "vcat",
    _below,
    _vcat,
    normal=_vcat_reading,
    telling=Telling(step=LINEAR),
    facts=Facts(piled=True, cancels=True, linear="together"),
    source="linear: each block goes to one place",
    example="[A; B]",
    doc="Blocks below each other.",
    call="",
)
ENTRY = Op(
    "entry",
    _entry_shape,
    _entry,
    normal=_entry_reading,
    telling=Telling(step=LINEAR),
    facts=Facts(cancels=True, linear="together"),
    source="linear: X[i,j] = unit(i,m)'*X*unit(j,n)",
    example="X[1,2]",
    doc="One entry; indices start at 1.",
    call="",
)
COLUMN = Op(
    "column",
    _column_shape,
    _column,
    normal=_column_reading,
    telling=Telling(step=LINEAR),
    facts=Facts(cancels=True, linear="together"),
    source="linear: X[:,j] = X*unit(j,n)",
    example="X[:,1]",
    doc="One column, a vector.",
    call="",
)
ROW = Op(
    "row",
    _row_shape,
    _row,
    normal=_row_reading,
    telling=Telling(step=LINEAR),
    facts=Facts(cancels=True, linear="together"),
    source="linear: X[i,:] = unit(i,m)'*X",
    example="X[1,:]",
    doc="One row, 1×n.",
    call="",
)

SLICE = Op(
    "slice",
    _slice_shape,
    _slice,
    normal=_slice_reading,
    telling=Telling(step=LINEAR),
    facts=Facts(cancels=True, linear="together"),
    source="linear: a contraction with a unit vector for each index",
    example="T[:,2,:]",
    doc="The entries of a tensor at fixed places of some axes; a colon keeps an axis.",
    call="",
)

BLOCKS = (HCAT, VCAT, ENTRY, COLUMN, ROW, SLICE)
