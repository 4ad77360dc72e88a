"""Arrangements of entries: diag, vec, vech, triangles, reshape, Kronecker and Khatri-Rao products."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF, U
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import ONE, Dim, Shape, entries, rows_cols, settle, show
from frechet.core.expr import Expr
from frechet.core.facts import Facts
from frechet.core.looks import Looks
from frechet.core.op import Op, Params, Unify
from frechet.core.words import Telling
from frechet.errors import FrechetError
from frechet.ops.arrays import as_matrix, settled, stacked
from frechet.ops.books import LINEAR, STACKING, TRIANGLE
from frechet.ops.shapes import matrix, shape_error, square


def _diag_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A vector or a row of length n becomes n×n; a square matrix n×n becomes a vector of length n."""
    (shape,) = shapes
    if len(shape) == 2 and shape[0] != ONE:
        return square(shape, unify, "diag(X) needs a vector or a square matrix")[:1]
    m, n = matrix(shape, "diag(X) needs a vector or a square matrix")
    return settle((m * n, m * n))


def _vec_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """m×n becomes a vector of length m*n; a tensor one of as many entries as it has."""
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
    sizes = tuple(map(Dim.of, params))
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
    sizes = tuple(params)
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


def _diag_reading(e: Expr, x: Node) -> Node:
    """A vector's diagonal matrix, a matrix's diagonal."""
    if x.column or x.row:
        return b.diag(b.T(x) if x.row else x)
    return b.diagonal(x)


def _vec_reading(_: Expr, x: Node) -> Node:
    """The columns stacked."""
    return b.vec(x)


def _vech_reading(_: Expr, x: Node) -> Node:
    """The lower triangle stacked."""
    n = x.rows
    half = (n * (n + 1)).scaled(HALF)
    return b.mul(atoms.constant("elimination", (half, n * n), n), b.vec(x))


def _triangle_reading(name: str) -> Callable[..., Node]:
    """The lower or upper triangle: a mask, entry by entry."""

    def reading(_: Expr, x: Node) -> Node:
        return b.hadamard([(mask(name == "tril", x.rows, x.cols), Fraction(1)), (x, Fraction(1))])

    return reading


def mask(lower: bool, rows: Dim, cols: Dim) -> Node:
    """The 0/1 matrix of a triangle; the upper one is the lower one's transpose."""
    if not lower:
        return b.T(atoms.constant("tril", (cols, rows), cols, rows))
    return atoms.constant("tril", (rows, cols), rows, cols)


def _reshape_reading(e: Expr, x: Node) -> Node:
    """Column-major reshaping."""
    if len(e.shape) > 2 or len(x.shape) > 2:
        return b.vec(x) if len(e.shape) < 2 else b.unvec(x, *e.shape)
    sizes = [Dim.of(d) for d in e.params]
    rows, cols = (sizes[0], sizes[1]) if len(sizes) > 1 else (sizes[0], ONE)
    if (x.rows, x.cols) == (rows, cols):
        return x
    return b.unvec(b.vec(x), rows, cols)


def _kron_reading(_: Expr, x: Node, y: Node) -> Node:
    """The Kronecker product."""
    return b.kron(x, y)


def _khatrirao_reading(_: Expr, x: Node, y: Node) -> Node:
    """The entrywise product of each row of x, repeated, and the rows of y, over and over."""
    if x.cols == ONE:
        return b.kron(x, y)
    return b.hadamard([(b.kron(x, b.ones(y.rows)), U), (b.kron(b.ones(x.rows), y), U)])


DIAG = Op(
    "diag",
    _diag_shape,
    _diag,
    normal=_diag_reading,
    telling=Telling(step=LINEAR),
    facts=Facts(cancels=True, linear="together", of_arrays=True),
    source="linear: each entry goes to one place",
    example="diag(x)",
    doc="The diagonal matrix of a vector or a row; the diagonal of a square matrix, a vector.",
    python=("diag", "diagonal", "diagflat"),
    latex=("Diag",),
    shown=(
        '>>> fr.diag(fr.vector("x", "n")).shape, fr.diag(fr.matrix("A", "n", "n")).shape\n((\'n\', \'n\'), (\'n\',))'
    ),
)
VEC = Op(
    "vec",
    _vec_shape,
    _vec,
    normal=_vec_reading,
    telling=Telling(step=LINEAR),
    facts=Facts(cancels=True, linear="together", stacks="all", of_arrays=True),
    source="linear; Magnus & Neudecker 2.4",
    example="vec(X)",
    doc="The columns stacked; of a tensor all entries, the first index fastest.",
    latex=("vecop", "Vec"),
    shown='>>> fr.vec(fr.matrix("A", 2, 2)).evaluate(A=[[1, 2], [3, 4]]).tolist()\n[1.0, 3.0, 2.0, 4.0]',
)
VECH = Op(
    "vech",
    _vech_shape,
    _vech,
    normal=_vech_reading,
    telling=Telling(step=LINEAR, collected=STACKING),
    source="linear; Magnus & Neudecker 3.8",
    example="vech(X)",
    facts=Facts(stacks="free", cancels=True, linear="together"),
    doc="The lower triangle, its columns stacked.",
    shown='>>> fr.vech(fr.matrix("A", 2, 2)).evaluate(A=[[1, 2], [3, 4]]).tolist()\n[1.0, 3.0, 4.0]',
)
TRIL = Op(
    "tril",
    _triangle_shape,
    _tril,
    normal=_triangle_reading("tril"),
    telling=Telling(step=LINEAR, across="⟨G, tril(M)⟩ = ⟨tril(G), M⟩", collected=TRIANGLE),
    source="linear: a mask entry by entry",
    example="tril(X)",
    facts=Facts(cancels=True, linear="together", triangular="lower", mask=True),
    doc="The lower triangle with the diagonal.",
    python=("tril",),
    looks=Looks(turned="triu"),
    is_one=lambda p, i, j: i >= j,
    code=Code(text="{xp}.tril({0})"),
    shown='>>> fr.tril(fr.matrix("A", 2, 2)).evaluate(A=[[1, 2], [3, 4]]).tolist()\n[[1.0, 0.0], [3.0, 4.0]]',
)
TRIU = Op(
    "triu",
    _triangle_shape,
    _triu,
    normal=_triangle_reading("triu"),
    telling=Telling(step=LINEAR, across="⟨G, triu(M)⟩ = ⟨triu(G), M⟩", collected=TRIANGLE),
    facts=Facts(cancels=True, linear="together"),
    source="linear: a mask entry by entry",
    example="triu(X)",
    doc="The upper triangle with the diagonal.",
    python=("triu",),
    code=Code(text="{xp}.triu({0})"),
    shown='>>> fr.triu(fr.matrix("A", 2, 2)).evaluate(A=[[1, 2], [3, 4]]).tolist()\n[[1.0, 2.0], [0.0, 4.0]]',
)
TRIANGLES = (TRIL, TRIU)
RESHAPE = Op(
    "reshape",
    _reshape_shape,
    _reshape,
    normal=_reshape_reading,
    telling=Telling(step=LINEAR),
    facts=Facts(cancels=True, linear="together"),
    source="linear: each entry goes to one place",
    example="reshape(x,2,3)",
    doc="The entries in another shape, the first index fastest, as in vec.",
    call="xd+",
    arguments=("x", "sizes"),
    shown='>>> fr.reshape(fr.vector("x", 4), 2, 2).evaluate(x=[1, 2, 3, 4]).tolist()\n[[1.0, 3.0], [2.0, 4.0]]',
)
KRON = Op(
    "kron",
    _kron_shape,
    _kron,
    normal=_kron_reading,
    facts=Facts(cancels=True, linear="each", stacks="all"),
    source="Magnus & Neudecker 8.2; Cookbook (39)",
    example="kron(A,B)",
    doc="The Kronecker product: the blocks A[i,j]*B.",
    python=("kron",),
    hint="of three factors: kron(A,kron(B,C))",
    call="xx",
    shown='>>> fr.kron(fr.matrix("A", "m", "n"), fr.matrix("B", "p", "q")).shape\n(\'m*p\', \'n*q\')',
)
KHATRIRAO = Op(
    "khatrirao",
    _khatrirao_shape,
    _khatrirao,
    normal=_khatrirao_reading,
    facts=Facts(linear="each"),
    source="Khatri & Rao 1968; Kolda & Bader, Tensor Decompositions and Applications, 2.6",
    example="khatrirao(A,B)",
    doc="The Kronecker products of the columns: A m×k, B n×k gives m*n×k.",
    call="xx",
    shown='>>> fr.khatrirao(fr.matrix("A", "m", "k"), fr.matrix("B", "n", "k")).shape\n(\'m*n\', \'k\')',
)

SHAPING = (DIAG, VEC, VECH, TRIL, TRIU, RESHAPE, KRON, KHATRIRAO)
