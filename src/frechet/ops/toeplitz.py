"""Matrices with constant diagonals, and convolution: toeplitz, circulant, conv, and the sums along diagonals.

⟨G, toeplitz(c,zeros(n))⟩ = ⟨diagsums(G), c⟩ and ⟨G, circulant(c)⟩ = ⟨circsums(G), c⟩ are the adjoints.  A convolution
is a banded Toeplitz matrix of either factor times the other: conv(x,y) = C(y)*x = C(x)*y.
"""

from __future__ import annotations

from typing import Any

from frechet.algebra import constructors as b
from frechet.algebra.atoms import commutation, constant, is_zero, number, unit, zero
from frechet.algebra.constructors import T, add, mul, plus, trace
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import ONE, Dim, Shape, settle, show
from frechet.core.expr import Expr
from frechet.core.facts import Facts, Rules
from frechet.core.op import Op, Params, Unify
from frechet.core.words import Telling, Words
from frechet.ops import bilinear
from frechet.ops.arrays import as_matrix, settled
from frechet.ops.books import FUNDAMENTAL, LINEAR
from frechet.ops.expressions import apply
from frechet.ops.matrix.shared import GOLUB_VAN_LOAN, bare, read_by
from frechet.ops.shapes import matrix, shape_error
from frechet.ops.shaping import mask

# -- shapes ------------------------------------------------------------------------------------------------------------


def length_of(shape: Shape, needs: str) -> Dim:
    """The length of a vector."""
    if len(shape) != 1:
        raise shape_error(f"{needs}; got {show(shape)}")
    return shape[0]


def _toeplitz_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A vector of length n becomes n×n; a first column of length m and a first row of length n become m×n."""
    lengths = [length_of(s, "toeplitz(c,r) needs vectors: the first column and the first row") for s in shapes]
    return settle((lengths[0], lengths[-1]))


def _conv_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """Vectors of lengths m and n; the value has m+n-1 entries."""
    m, n = (length_of(s, "conv(x,y) needs two vectors") for s in shapes)
    return settle((m + n - 1,))


def _diagsums_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A matrix m×n; the value is a vector of length m."""
    return settle(matrix(shapes[0], "diagsums(X) needs a matrix")[:1])


def _matrix_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """Zeros of length m and a vector of length n; the value is (m+n-1)×m."""
    m, n = (length_of(s, "") for s in shapes)
    return settle((m + n - 1, m))


# -- Toeplitz matrices -------------------------------------------------------------------------------------------------
# A node of one argument is symmetric; one of two has the first row first, for it is linear in the column, its last.


def toeplitz(*args: Node) -> Node:
    """The symmetric matrix of (c), or the matrix of (r, c)."""
    row, c = args[0], args[-1]
    if is_zero(c) and is_zero(row):
        return zero(c.rows, row.rows)
    if c.scalar and row.scalar:
        return c
    if len(args) == 1:
        outside, c = bare(c)
        return mul(outside, b.apply("toeplitz", (c,), (c.rows, c.rows)))
    if row is c:
        return toeplitz(c)
    if is_zero(row):
        outside, c = bare(c)
        return mul(outside, b.apply("toeplitz", (row, c), (c.rows, row.rows)))
    return b.apply("toeplitz", (row, c), (c.rows, row.rows))


def _toeplitz_reading(_: Expr, c: Node, row: Node | None = None) -> Node:
    return toeplitz(c) if row is None else toeplitz(row, c)


def _toeplitz_written(*args: Expr) -> Expr:
    """toeplitz(c), toeplitz(c,r)."""
    return apply("toeplitz", args[::-1])


def _d_toeplitz(y: Node, *tangents: Node) -> Node:
    """The matrix of the increments; the first entry of a row does not count."""
    if len(tangents) == 1:
        return toeplitz(tangents[0])
    dr, dc = tangents
    terms: list[tuple[Node, int]] = []
    if not is_zero(dc):
        terms.append((toeplitz(zero(y.cols, ONE), dc), 1))
    if not is_zero(dr):
        first = unit(Dim.of(1), y.cols) if y.cols != ONE else number(1)
        terms.append((T(toeplitz(zero(y.rows, ONE), plus(dr, mul(first, T(first), dr), -1))), 1))
    return add(terms) if terms else zero(*y.shape)


def diagsums(x: Node) -> Node:
    """The sums along the diagonal and those below it."""
    if is_zero(x):
        return zero(x.rows, ONE)
    if x.column or x.scalar:
        return x
    outside, x = bare(x)
    return mul(outside, b.apply("diagsums", (x,), (x.rows, ONE)))


def _map(m: Dim, n: Dim) -> Node:
    """K with vec(toeplitz(c,zeros(n))) = K*c, c of length m.

    The entry c[k] stands in the rows k, k+m+1, k+2(m+1), … of the stack, a Toeplitz matrix, but where that runs over
    into the next column: what is above the diagonal there is cut off.
    """
    first = unit(Dim.of(1), m) if m != ONE else number(1)
    places = toeplitz(zero(m, ONE), b.vec(toeplitz(zero(n, ONE), first)))
    return mul(b.diag(b.vec(mask(True, m, n))), places)


def _stacked(k: Node, m: Dim, n: Dim, rows: bool) -> Node:
    """The same where the rows of an m×n matrix are stacked."""
    return mul(commutation(m, n), k) if rows else k


def _toeplitz_kronecker(y: Node, rows: bool) -> Node:
    """K; of a symmetric matrix what stands above the diagonal too."""
    m, n = y.rows, y.cols
    k = _map(m, n)
    if len(y.args) == 2:
        return _stacked(k, m, n, rows)
    first = unit(Dim.of(1), n)
    return add([(k, 1), (mul(commutation(n, n), k), 1), (mul(b.vec(b.eye(n)), T(first)), -1)])


def _diagsums_kronecker(y: Node, rows: bool) -> Node:
    """K'."""
    m, n = y.args[0].rows, y.args[0].cols
    return T(_stacked(_map(m, n), m, n, rows))


def _own_transpose(x: Node) -> bool:
    """Whether the matrix is symmetric: that of one argument is."""
    return len(x.args) == 1


def _toeplitz_adjoint(y: Node, g: Node) -> Node:
    """diagsums(G); of a symmetric matrix the sums above the diagonal too."""
    if len(y.args) == 2:
        return diagsums(g)
    first = unit(Dim.of(1), y.rows)
    return add([(diagsums(g), 1), (diagsums(T(g)), 1), (mul(trace(g), first), -1)])


def _d_diagsums(_: Node, dx: Node) -> Node:
    return diagsums(dx)


def _diagsums_adjoint(y: Node, g: Node) -> Node:
    """toeplitz(G,zeros(n))."""
    return toeplitz(zero(y.args[0].cols, ONE), g)


# -- convolution -------------------------------------------------------------------------------------------------------


def _convolution(y: Node, other: Node) -> Node:
    """C(y) with C(y)*x = conv(x, y), for an x with as many entries as `other`."""
    if other.scalar:
        return y
    return b.apply("convolution", (zero(other.rows, ONE), y), (y.rows + other.rows - 1, other.rows))


def _rows(u: Node, v: Node) -> Dim:
    return u.rows + v.rows - 1


_of_two = bilinear.bilinear("conv", _convolution, _convolution, _rows)


def conv(x: Node, y: Node) -> Node:
    """The convolution; of a number the product."""
    return mul(x, y) if x.scalar or y.scalar else _of_two(x, y)


def _convolution_beside(x: Node, y: Node) -> list[Node] | None:
    """C(y)*x = conv(x, y); what moves stands on the right."""
    if x.op == "convolution" and y.column and not bilinear.moving(y):
        u = x.args[1]
        return [_convolution(y, u), u] if bilinear.moving(u) else [conv(y, u)]
    return None


def _convolution_again(z: Node, y: Node) -> Node:
    return _convolution(y, z)


def _convolution_written(z: Expr, y: Expr) -> Expr:
    """toeplitz([y; zeros(m-1)],zeros(m))."""
    padded = apply("vcat", (y, apply("zeros", (), (z.shape[0] - 1,)))) if z.shape else y
    return apply("toeplitz", (padded, z))


def _d_convolution(c: Node, _: Node, dy: Node) -> Node:
    return _convolution(dy, c.args[0])


def _convolution_adjoint(c: Node, g: Node) -> Node:
    """The first entries of diagsums(G)."""
    n, whole = c.args[1].rows, c.rows
    return mul(constant("select", (n, whole), Dim.of(0), n, whole), diagsums(g))


def _convolution_kronecker(c: Node, rows: bool) -> Node:
    """K on [y; 0]."""
    n, whole = c.args[1].rows, c.rows
    padding = T(constant("select", (n, whole), Dim.of(0), n, whole))
    return mul(_stacked(_map(whole, c.cols), whole, c.cols, rows), padding)


# -- values ------------------------------------------------------------------------------------------------------------


def flat(xp: Any, x: Any) -> Any:
    return xp.reshape(x, (-1,))


def places_of(xp: Any, m: int, n: int) -> Any:
    """Row minus column of every entry."""
    return xp.arange(m)[:, None] - xp.arange(n)[None, :]


def _toeplitz(xp: Any, params: Params, *args: Any) -> Any:
    c, row = flat(xp, args[0]), flat(xp, args[-1])
    k = places_of(xp, len(c), len(row))
    return settled(xp, xp.where(k >= 0, c[xp.maximum(k, 0)], row[xp.maximum(-k, 0)]))


def _conv(xp: Any, params: Params, x: Any, y: Any) -> Any:
    return settled(xp, xp.convolve(flat(xp, x), flat(xp, y)))


def _convolution_value(xp: Any, params: Params, z: Any, y: Any) -> Any:
    z, y = flat(xp, z), flat(xp, y)
    return _toeplitz(xp, params, xp.concatenate([y, z[1:]]), z)


def _diagsums(xp: Any, params: Params, x: Any) -> Any:
    x = as_matrix(xp, x)
    return settled(xp, xp.stack([xp.trace(x, offset=-k) for k in range(len(x))]))


LINEAR_MAP = Facts(linear="together", holomorphic=True, cancels=True)

TOEPLITZ_TORCH = """
def toeplitz(c, row):
    \"\"\"The matrix with this first column and, but for its first entry, this first row.\"\"\"
    c, row = c.reshape(-1), row.reshape(-1)
    entries = torch.cat([row.flip(0)[: len(row) - 1], c])
    rows, columns = (torch.arange(len(x), device=c.device) for x in (c, row))
    return entries[rows[:, None] - columns + len(row) - 1]
"""
TOEPLITZ = Op(
    "toeplitz",
    _toeplitz_shape,
    _toeplitz,
    normal=_toeplitz_reading,
    differential=_d_toeplitz,
    adjoint=_toeplitz_adjoint,
    kronecker=_toeplitz_kronecker,
    written=_toeplitz_written,
    facts=LINEAR_MAP,
    rules=Rules(again=toeplitz, symmetric=_own_transpose),
    source="linear: each entry goes to the places of its diagonal",
    telling=Telling(step=LINEAR, across="⟨G, toeplitz(M,zeros(n))⟩ = ⟨diagsums(G), M⟩"),
    example="toeplitz(c)",
    doc="The matrix with constant diagonals: symmetric with first column c, or with first column c and first row r "
    "(the corner is the column's).",
    python=("linalg.toeplitz",),
    call="x?x",
    arguments=("c", "r"),
    hint="toeplitz(c) is symmetric, toeplitz(c,r) has a first column and a first row",
    code=Code(torch="toeplitz({0}, {last})", torch_helpers=(TOEPLITZ_TORCH,)),
    shown='>>> fr.derive(fr.toeplitz(fr.vector("c", "n")) @ fr.vector("x", "n"), "c").pullback\n'
    "diagsums(G*x') + diagsums(x*G') - (G'*x)*unit(1,n)",
)
DIAGSUMS = Op(
    "diagsums",
    _diagsums_shape,
    _diagsums,
    normal=read_by(diagsums),
    differential=_d_diagsums,
    adjoint=_diagsums_adjoint,
    kronecker=_diagsums_kronecker,
    facts=LINEAR_MAP,
    rules=Rules(again=diagsums),
    source="linear: the adjoint of toeplitz(c,zeros(n))",
    telling=Telling(step=LINEAR, across="⟨G, diagsums(M)⟩ = ⟨toeplitz(G,zeros(n)), M⟩"),
    example="diagsums(X)",
    doc="The sums along the diagonal and along each diagonal below it: m entries of an m×n matrix.",
    code=Code(torch="torch.stack([torch.diagonal({0}, -k).sum() for k in range(len({0}))])"),
    shown='>>> fr.diagsums(fr.matrix("X", 2, 2)).evaluate(X=[[1, 2], [3, 4]]).tolist()\n[5.0, 3.0]',
)
CONV = Op(
    "conv",
    _conv_shape,
    _conv,
    normal=read_by(conv),
    differential=bilinear.differential(_convolution, _convolution),
    facts=Facts(linear="each", holomorphic=True, cancels=True),
    rules=Rules(again=conv),
    source=f"the product rule; {GOLUB_VAN_LOAN}, 4.7",
    telling=Telling(
        step=Words(
            "The convolution's differential",
            "Each factor moves in turn; the other's banded Toeplitz matrix is what it is multiplied by.",
            FUNDAMENTAL,
        )
    ),
    example="conv(x,y)",
    doc="The full convolution of two vectors, m+n-1 entries: the coefficients of a product of polynomials.",
    python=("convolve",),
    call="xx",
    arguments=("x", "y"),
    code=Code(torch="torch.nn.functional.conv1d({0}[None, None], {1}.flip(0)[None, None], padding=len({1}) - 1)[0, 0]"),
    shown='>>> fr.conv(fr.vector("x", 2), fr.vector("y", 2)).evaluate(x=[1, 1], y=[1, 2]).tolist()\n[1.0, 3.0, 2.0]',
)
CONVOLUTION = Op(
    "convolution",
    _matrix_shape,
    _convolution_value,
    differential=_d_convolution,
    adjoint=_convolution_adjoint,
    kronecker=_convolution_kronecker,
    written=_convolution_written,
    facts=Facts(holomorphic=True, cancels=True),
    rules=Rules(again=_convolution_again, beside=_convolution_beside),
    spoken=False,
    doc="The banded Toeplitz matrix C(y) with C(y)*x = conv(x,y); the zeros before y are as long as x.",
)

TOEPLITZ_LIKE = (TOEPLITZ, DIAGSUMS, CONV, CONVOLUTION)
