"""Constants: π, and arrays known by their sizes: eye, ones, zeros, unit vectors, the matrices that rearrange vec."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import pi
from typing import Any

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import Dim, Shape, settle
from frechet.core.expr import Expr
from frechet.core.facts import Facts
from frechet.core.looks import Looks
from frechet.core.op import Op, Params, Unify
from frechet.ops.arrays import settled
from frechet.ops.shapes import scalar, shape_error


def _half(n: Dim) -> Dim:
    """The length of vech: n (n + 1) / 2."""
    return (n * (n + 1)).scaled(Fraction(1, 2))


def _identity(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """n×n."""
    return settle((Dim.of(params[0]), Dim.of(params[0])))


def _filled(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """The shape asked for: n, m×n, or more sizes."""
    return settle(tuple(Dim.of(d) for d in params))


def _unit_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A vector of length n; i is from 1 to n."""
    i, n = Dim.of(params[0]), Dim.of(params[1])
    if i.number is not None and (i.number < 1 or (n.number is not None and i.number > n.number)):
        raise shape_error(f"unit(i,n) needs i between 1 and n; got i={i}, n={n}")
    return settle((n,))


def _commutation_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """m*n×m*n."""
    mn = Dim.of(params[0]) * Dim.of(params[1])
    return settle((mn, mn))


def _duplication_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """n^2×n*(n+1)/2."""
    n = Dim.of(params[0])
    return settle((n * n, _half(n)))


def _elimination_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """n*(n+1)/2×n^2."""
    n = Dim.of(params[0])
    return settle((_half(n), n * n))


def _place(n: int, i: int, j: int) -> int:
    """The place of the entry (i, j), i ≥ j, in vech; all counted from 0."""
    return j * n - j * (j - 1) // 2 + i - j


def _eliminates(n: int, k: int, s: int) -> bool:
    i, j = s % n, s // n
    return i >= j and _place(n, i, j) == k


def _pi(xp: Any, params: Params) -> Any:
    return xp.asarray(pi)


def _eye(xp: Any, params: Params) -> Any:
    return settled(xp, xp.eye(params[0]))


def _ones(xp: Any, params: Params) -> Any:
    return settled(xp, xp.ones(tuple(params)))


def _zeros(xp: Any, params: Params) -> Any:
    return settled(xp, xp.zeros(tuple(params)))


def _unit(xp: Any, params: Params) -> Any:
    i, n = params
    return settled(xp, xp.where(xp.arange(1, n + 1) == i, 1.0, 0.0))


def _commutation(xp: Any, params: Params) -> Any:
    # Row (a, b) of K vec(X) is X[b, a]: the identity with its rows taken in transposed order.
    m, n = params
    order = xp.reshape(xp.transpose(xp.reshape(xp.arange(m * n), (n, m))), (-1,))
    return settled(xp, xp.eye(m * n)[order])


def _lower(xp: Any, n: int) -> tuple[Any, Any]:
    """Rows and columns of the lower triangle in the order of vech."""
    columns, rows = xp.triu_indices(n)
    return rows, columns


def _duplication(xp: Any, params: Params) -> Any:
    (n,) = params
    rows, columns = _lower(xp, n)
    here = xp.arange(n * n)[:, None]
    return settled(xp, xp.where((here == columns * n + rows) | (here == rows * n + columns), 1.0, 0.0))


def _elimination(xp: Any, params: Params) -> Any:
    (n,) = params
    rows, columns = _lower(xp, n)
    return settled(xp, xp.where(xp.arange(n * n) == (columns * n + rows)[:, None], 1.0, 0.0))


def _on_diagonal(xp: Any, params: Params) -> tuple[Any, Any]:
    places = xp.arange(params[0])
    return places, places


def _basis(xp: Any, params: Params) -> tuple[Any, Any]:
    return xp.asarray([params[0] - 1]), xp.asarray([0])


def _commutes(xp: Any, params: Params) -> tuple[Any, Any]:
    m, n = params
    return xp.arange(m * n), xp.reshape(xp.transpose(xp.reshape(xp.arange(m * n), (n, m))), (-1,))


def _duplicates(xp: Any, params: Params) -> tuple[Any, Any]:
    """Each free entry at its place and, off the diagonal, at the mirrored one."""
    (n,) = params
    rows, columns = _lower(xp, n)
    free = xp.arange(len(rows))
    off = rows != columns
    places = xp.concatenate([columns * n + rows, (rows * n + columns)[off]])
    return places, xp.concatenate([free, free[off]])


def _takes_out(xp: Any, params: Params) -> tuple[Any, Any]:
    (n,) = params
    rows, columns = _lower(xp, n)
    return xp.arange(len(rows)), columns * n + rows


def _everywhere(sizes: list[int], *at: int) -> bool:
    """Ones, whatever the order."""
    return True


def _pi_reading(_: Expr) -> Node:
    """The number π."""
    return atoms.pi()


def _eye_reading(e: Expr) -> Node:
    """The identity."""
    return b.eye(Dim.of(e.params[0]))


def _ones_reading(e: Expr) -> Node:
    """Ones."""
    return b.all_ones(atoms.two(e.shape))


def _zeros_reading(e: Expr) -> Node:
    """Zeros."""
    return atoms.zero(*atoms.two(e.shape))


def _unit_reading(e: Expr) -> Node:
    """A basis vector."""
    return atoms.unit(Dim.of(e.params[0]), Dim.of(e.params[1]))


def _commutation_reading(e: Expr) -> Node:
    """The commutation matrix."""
    return atoms.commutation(Dim.of(e.params[0]), Dim.of(e.params[1]))


def _constant_reading(name: str) -> Callable[..., Node]:
    """A constant matrix that the algebra treats as a leaf."""

    def reading(e: Expr) -> Node:
        return atoms.constant(name, atoms.two(e.shape), *(Dim.of(d) for d in e.params))

    return reading


PI = Op(
    "pi",
    scalar,
    _pi,
    normal=_pi_reading,
    example="log(2*pi)",
    doc="The number π.",
    python=("pi",),
    call="",
    code=Code(text="{xp}.pi"),
)
EYE = Op(
    "eye",
    _identity,
    _eye,
    normal=_eye_reading,
    facts=Facts(symmetric=True),
    example="eye(n)",
    elsewhere=(
        "identity",
        "I",
    ),
    doc="The identity matrix.",
    python=("eye", "identity"),
    hint="a square identity; eye(n) beside zeros(n,m): [eye(n), zeros(n,m)]",
    call="d",
    looks=Looks(letter="I", latex_letter=r"I"),
    is_one=lambda p, i, j: i == j,
    ones_at=_on_diagonal,
    shown='>>> fr.eye("n")\neye(n)',
)
ONES = Op(
    "ones",
    _filled,
    _ones,
    normal=_ones_reading,
    example="ones(m,n)",
    doc="Every entry 1.",
    python=("ones",),
    arguments=("sizes",),
    call="d+",
    looks=Looks(letter="1", latex_letter=r"\mathbf{1}"),
    is_one=_everywhere,
    shown=">>> fr.ones(\"m\").shape, fr.ones(\"m\", \"n\").shape\n(('m',), ('m', 'n'))",
)
ZEROS = Op(
    "zeros",
    _filled,
    _zeros,
    normal=_zeros_reading,
    example="zeros(m,n)",
    doc="Every entry 0.",
    python=("zeros",),
    arguments=("sizes",),
    call="d+",
    looks=Looks(letter="0", latex_letter=r"\mathbf{0}"),
    shown='>>> fr.zeros("m"), fr.zeros("m", "n")\n(zeros(m), zeros(m,n))',
)
UNIT = Op(
    "unit",
    _unit_shape,
    _unit,
    normal=_unit_reading,
    example="unit(1,n)",
    doc="The i-th basis vector of length n.",
    call="id",
    is_one=lambda p, i, j: i + 1 == p[0],
    ones_at=_basis,
    shown=">>> fr.unit(2, 3).evaluate().tolist()\n[0.0, 1.0, 0.0]",
)
COMMUTATION = Op(
    "commutation",
    _commutation_shape,
    _commutation,
    normal=_commutation_reading,
    facts=Facts(stacks="all"),
    source="Magnus & Neudecker 3.7",
    example="commutation(m,n)",
    doc="The commutation matrix: K*vec(X) = vec(X'), X m×n.",
    call="dd",
    looks=Looks(letter="K", latex_letter=r"K"),
    is_one=lambda p, i, j: (i % p[1]) * p[0] + i // p[1] == j,
    ones_at=_commutes,
    shown=(
        '>>> (fr.commutation(2, 2) @ fr.vec(fr.matrix("X", 2, 2))).evaluate(X=[[1, 2], [3, 4]]).tolist()\n'
        "[1.0, 2.0, 3.0, 4.0]"
    ),
)
DUPLICATION = Op(
    "duplication",
    _duplication_shape,
    _duplication,
    normal=_constant_reading("duplication"),
    facts=Facts(stacks="free"),
    source="Magnus & Neudecker 3.8",
    example="duplication(n)",
    doc="The duplication matrix: D*vech(S) = vec(S), S symmetric.",
    call="d",
    looks=Looks(letter="D", latex_letter=r"D"),
    is_one=lambda p, s, k: _place(p[0], max(s % p[0], s // p[0]), min(s % p[0], s // p[0])) == k,
    ones_at=_duplicates,
    shown=">>> fr.duplication(\"n\").shape\n('n^2', 'n^2/2+n/2')",
)
ELIMINATION_TORCH = """
def elimination(n):
    \"\"\"The matrix that takes vec(X) to vech(X).\"\"\"
    columns, rows = torch.triu_indices(n, n)
    return torch.eye(n * n)[columns * n + rows]
"""
ELIMINATION = Op(
    "elimination",
    _elimination_shape,
    _elimination,
    normal=_constant_reading("elimination"),
    facts=Facts(stacks="free"),
    source="Magnus & Neudecker 1980, The elimination matrix",
    example="elimination(n)",
    doc="The elimination matrix: L*vec(A) = vech(A).",
    call="d",
    looks=Looks(letter="L", latex_letter=r"L"),
    is_one=lambda p, k, s: _eliminates(p[0], k, s),
    ones_at=_takes_out,
    code=Code(torch="elimination({p0}){like}", torch_helpers=(ELIMINATION_TORCH,)),
    shown=">>> fr.elimination(\"n\").shape\n('n^2/2+n/2', 'n^2')",
)

CONSTANTS = (PI, EYE, ONES, ZEROS, UNIT, COMMUTATION, DUPLICATION, ELIMINATION)
