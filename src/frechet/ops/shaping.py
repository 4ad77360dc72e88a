"""Arrangements of entries: diag, vec, vech, triangles, reshape, Kronecker products, blocks, slices."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from frechet.core.dim import ONE, Dim, Shape, entries, rows_cols, settle, show
from frechet.core.op import Op, Params, Unify
from frechet.errors import FrechetError
from frechet.ops import readings
from frechet.ops.arrays import as_matrix, settled, stacked
from frechet.ops.shapes import index_count, matrix, shape_error, square


def _diag_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A vector or a row of length n becomes n×n; a square matrix n×n becomes a vector of length n."""
    (shape,) = shapes
    if len(shape) == 2 and shape[0] != ONE:
        return square(shape, unify, "diag(X) needs a vector or a square matrix")[:1]
    m, n = matrix(shape, "diag(X) needs a vector or a square matrix")
    return settle((m * n, m * n))


def _vec_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """m×n becomes a vector of length m*n."""
    return settle((entries(shapes[0]),))


def _vech_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """n×n becomes a vector of length n*(n+1)/2."""
    n = rows_cols(square(shapes[0], unify, "vech(X) needs a square matrix"))[0]
    return settle(((n * (n + 1)).scaled(Fraction(1, 2)),))


def _triangle_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """Any matrix; the shape stays."""
    matrix(shapes[0], "a triangle needs a matrix")
    return shapes[0]


def _reshape_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """Any array with as many entries as the shape asked for."""
    sizes = tuple(Dim.of(d) for d in params if d is not None)
    try:
        unify(entries(shapes[0]), entries(sizes))
    except FrechetError as trouble:
        raise shape_error(
            f"reshape needs as many entries as it is given; got {show(shapes[0])} for {show(sizes)}"
        ) from trouble
    return settle(sizes)


def _kron_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """m×n and p×q become m*p×n*q."""
    needs = "kron(A,B) needs matrices"
    (m, n), (p, q) = matrix(shapes[0], needs), matrix(shapes[1], needs)
    return settle((m * p, n * q))


def _khatrirao_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """m×k and n×k become m*n×k."""
    needs = "khatrirao(A,B) needs matrices with one number of columns"
    (m, k), (n, p) = matrix(shapes[0], needs), matrix(shapes[1], needs)
    try:
        return settle((m * n, unify(k, p)))
    except FrechetError as trouble:
        raise shape_error(f"{needs}; got {show(shapes[0])} and {show(shapes[1])}") from trouble


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


def _column_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A column of m×n is a vector of length m.  (An index that is a name runs over the columns.)"""
    m, n = matrix(shapes[0], "X[:,j] needs a matrix")
    if not isinstance(params[0], str):
        _within(params[0], n, "a column")
    return settle((m,))


def _row_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A row of m×n is 1×n.  (An index that is a name runs over the rows.)"""
    m, n = matrix(shapes[0], "X[i,:] needs a matrix")
    if not isinstance(params[0], str):
        _within(params[0], m, "a row")
    return settle((ONE, n))


def _diag(xp: Any, params: Params, x: Any) -> Any:
    if x.ndim == 2 and x.shape[0] != 1:
        return xp.diagonal(x)
    return settled(xp, xp.diag(xp.reshape(x, (-1,))))


def _vec(xp: Any, params: Params, x: Any) -> Any:
    return settled(xp, stacked(xp, x) if x.ndim <= 2 else xp.reshape(xp.transpose(x), (-1,)))


def _vech(xp: Any, params: Params, x: Any) -> Any:
    x = as_matrix(xp, x)
    columns, rows = xp.triu_indices(len(x))
    return settled(xp, x[rows, columns])


def _tril(xp: Any, params: Params, x: Any) -> Any:
    return settled(xp, xp.tril(as_matrix(xp, x)))


def _triu(xp: Any, params: Params, x: Any) -> Any:
    return settled(xp, xp.triu(as_matrix(xp, x)))


def _reshape(xp: Any, params: Params, x: Any) -> Any:
    # Column-major, as vec: the transpose of the row-major reshape of the transpose.
    sizes = tuple(d for d in params if d is not None)
    return settled(xp, xp.transpose(xp.reshape(xp.transpose(x), sizes[::-1])))


def _kron(xp: Any, params: Params, a: Any, b: Any) -> Any:
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    a, b = as_matrix(xp, a), as_matrix(xp, b)
    (m, n), (p, q) = a.shape, b.shape
    return settled(xp, xp.reshape(a[:, None, :, None] * b[None, :, None, :], (m * p, n * q)))


def _khatrirao(xp: Any, params: Params, a: Any, b: Any) -> Any:
    a, b = as_matrix(xp, a), as_matrix(xp, b)
    return settled(xp, xp.reshape(a[:, None, :] * b[None, :, :], (a.shape[0] * b.shape[0], a.shape[1])))


def _hcat(xp: Any, params: Params, *blocks: Any) -> Any:
    return settled(xp, xp.concatenate([as_matrix(xp, b) for b in blocks], axis=1))


def _vcat(xp: Any, params: Params, *blocks: Any) -> Any:
    return settled(xp, xp.concatenate([as_matrix(xp, b) for b in blocks], axis=0))


def _entry(xp: Any, params: Params, x: Any) -> Any:
    return xp.asarray(x[tuple(int(i) - 1 for i in params)])


def _column(xp: Any, params: Params, x: Any) -> Any:
    return settled(xp, as_matrix(xp, x)[:, int(params[0]) - 1])


def _row(xp: Any, params: Params, x: Any) -> Any:
    i = int(params[0]) - 1
    return settled(xp, as_matrix(xp, x)[i : i + 1, :])


DIAG = Op(
    "diag",
    _diag_shape,
    _diag,
    normal=readings.diag,
    source="linear: each entry goes to one place",
    example="diag(x)",
    doc="The diagonal matrix of a vector or a row; the diagonal of a square matrix, a vector.",
    python=("diag", "diagonal", "diagflat"),
    latex=("Diag",),
)
VEC = Op(
    "vec",
    _vec_shape,
    _vec,
    normal=readings.vec,
    source="linear; Magnus & Neudecker 2.4",
    example="vec(X)",
    doc="The columns stacked.",
    latex=("vecop", "Vec"),
)
VECH = Op(
    "vech",
    _vech_shape,
    _vech,
    normal=readings.vech,
    source="linear; Magnus & Neudecker 3.8",
    example="vech(X)",
    doc="The lower triangle, its columns stacked.",
)
TRIL = Op(
    "tril",
    _triangle_shape,
    _tril,
    normal=readings.triangle("tril"),
    source="linear: a mask entry by entry",
    example="tril(X)",
    doc="The lower triangle with the diagonal.",
    python=("tril",),
)
TRIU = Op(
    "triu",
    _triangle_shape,
    _triu,
    normal=readings.triangle("triu"),
    source="linear: a mask entry by entry",
    example="triu(X)",
    doc="The upper triangle with the diagonal.",
    python=("triu",),
)
RESHAPE = Op(
    "reshape",
    _reshape_shape,
    _reshape,
    normal=readings.reshape,
    source="linear: each entry goes to one place",
    example="reshape(x,2,3)",
    doc="The entries in another shape, column-major as vec.",
)
KRON = Op(
    "kron",
    _kron_shape,
    _kron,
    normal=readings.kron,
    source="Magnus & Neudecker 8.2; Cookbook (39)",
    example="kron(A,B)",
    doc="The Kronecker product: the blocks A[i,j]*B.",
    python=("kron",),
)
KHATRIRAO = Op(
    "khatrirao",
    _khatrirao_shape,
    _khatrirao,
    normal=readings.khatrirao,
    source="Khatri & Rao 1968; Kolda & Bader, Tensor Decompositions and Applications, 2.6",
    example="khatrirao(A,B)",
    doc="The Kronecker products of the columns: A m×k, B n×k gives m*n×k.",
)
HCAT = Op(
    "hcat",
    _beside,
    _hcat,
    normal=readings.hcat,
    source="linear: each block goes to one place",
    example="[A, B]",
    doc="Blocks beside each other.",
)
VCAT = Op(
    "vcat",
    _below,
    _vcat,
    normal=readings.vcat,
    source="linear: each block goes to one place",
    example="[A; B]",
    doc="Blocks below each other.",
)
ENTRY = Op(
    "entry",
    _entry_shape,
    _entry,
    normal=readings.entry,
    source="linear: X[i,j] = unit(i,m)'*X*unit(j,n)",
    example="X[1,2]",
    doc="One entry; indices start at 1.",
)
COLUMN = Op(
    "column",
    _column_shape,
    _column,
    normal=readings.column,
    source="linear: X[:,j] = X*unit(j,n)",
    example="X[:,1]",
    doc="One column, a vector.",
)
ROW = Op(
    "row",
    _row_shape,
    _row,
    normal=readings.row,
    source="linear: X[i,:] = unit(i,m)'*X",
    example="X[1,:]",
    doc="One row, 1×n.",
)

SHAPING = (DIAG, VEC, VECH, TRIL, TRIU, RESHAPE, KRON, KHATRIRAO, HCAT, VCAT, ENTRY, COLUMN, ROW)
