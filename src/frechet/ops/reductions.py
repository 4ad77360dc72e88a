"""Sums, means, products over all entries or along an axis; norms; the largest and the smallest entry.

The axis is None (every entry), 1 (down the rows: one number a column, a vector) or 2 (along each row: one
number a row, a vector).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF, U
from frechet.algebra.constructors import T, elementwise, hadamard, mul, plus, scale
from frechet.algebra.network.raising import LETTERS
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Shape, entries, settle
from frechet.core.expr import Expr
from frechet.core.facts import Facts
from frechet.core.looks import Looks
from frechet.core.op import Op, Params, Unify
from frechet.core.slips import Slips
from frechet.errors import FrechetError
from frechet.ops.arrays import as_matrix, settled
from frechet.ops.shapes import matrix, scalar, shape_error


def _axis(params: Params) -> int | None:
    axis = params[0] if params else None
    if axis not in (None, 1, 2):
        raise shape_error(f"an axis is 1 (down the rows) or 2 (along each row); got {axis}")
    return axis


def reduced(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """m×n becomes a scalar; along axis 1 a vector of length n, along axis 2 one of length m."""
    axis = _axis(params)
    if axis is None:
        return ()
    m, n = matrix(shapes[0], "a reduction along an axis needs a matrix")
    return settle((n,) if axis == 1 else (m,))


def kept(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """Any array, or along an axis a matrix; the shape stays."""
    if _axis(params) is not None:
        matrix(shapes[0], "softmax along an axis needs a matrix")
    return shapes[0]


def _along(name: str) -> Callable[[Any, Params, Any], Any]:
    """NumPy's reduction of that name, along the axis in the parameters."""

    def value(xp: Any, params: Params, x: Any) -> Any:
        axis = params[0] if params else None
        if axis is None:
            return getattr(xp, name)(x)
        return settled(xp, getattr(xp, name)(as_matrix(xp, x), axis=axis - 1))

    return value


def _norm1(xp: Any, params: Params, x: Any) -> Any:
    return xp.sum(abs(x))


def _norm2(xp: Any, params: Params, x: Any) -> Any:
    return xp.sqrt(xp.sum(xp.real(x * xp.conj(x))))


def _taken(name: str) -> Callable[[Any, Params, Any], Any]:
    def value(xp: Any, params: Params, x: Any) -> Any:
        return getattr(xp, name)(x)

    return value


def total(e: Expr, x: Node) -> Node:
    """Σ over everything, down the rows (1), along each row (2)."""
    axis = e.params[0] if e.params else None
    if len(x.shape) > 2:
        if axis is not None:
            raise FrechetError("unsupported", "sum of a tensor along an axis: write it with einsum, which names them")
        return _tensor_total(x)
    if axis == 1:
        return b.T(b.mul(T(b.ones(x.rows)), x))
    if axis == 2:
        return b.mul(x, b.ones(x.cols))
    return b.mul(T(b.ones(x.rows)), x, b.ones(x.cols))


def _tensor_total(x: Node) -> Node:
    """Σ over all axes of a tensor, as one contraction of its entrywise factors."""
    if x.kind == "sum":
        return b.add([(_tensor_total(t), c) for t, c in x.terms])
    coef, scalars, chain = b.parts(x)
    factors: list[Node] = []
    for f in chain:
        for base, e in f.terms if f.kind == "hadamard" else ((f, b.U),):
            factors += [base] * int(e) if e > 0 and e.denominator == 1 else [b.hadamard([(base, e)])]
    letters = LETTERS[: len(x.shape)]
    inside = b.einsum(f"{','.join([letters] * len(factors))}->", factors, (ONE, ONE))
    return b.mul(b.number(coef), *(b.power(s, e) for s, e in scalars), inside)


def _mean_reading(e: Expr, x: Node) -> Node:
    """The sum over the count."""
    axis = e.params[0] if e.params else None
    count = x.rows if axis == 1 else x.cols if axis == 2 else entries(x.shape)
    return b.mul(b.power(b.size_of(count), -1), total(e, x))


def _prod_reading(e: Expr, x: Node) -> Node:
    """The product of the entries, of all or along an axis."""
    axis = e.params[0] if e.params else None
    if x.scalar or (axis == 1 and x.rows == ONE) or (axis == 2 and x.cols == ONE):
        return b.T(x) if axis == 1 else x
    if x.column or x.row:
        return b.apply("prod", (T(x) if x.row else x,), (ONE, ONE), None)
    shape = (ONE, ONE) if axis is None else (x.cols if axis == 1 else x.rows, ONE)
    return b.apply("prod", (x,), shape, axis)


def _norm1_reading(_: Expr, x: Node) -> Node:
    """Σ |x|."""
    if len(x.shape) > 2:
        return _tensor_total(b.elementwise("abs", x))
    return b.mul(T(b.ones(x.rows)), b.elementwise("abs", x), b.ones(x.cols))


def _norm2_reading(_: Expr, x: Node) -> Node:
    """√⟨x, x⟩."""
    if len(x.shape) > 2:
        return b.power(_tensor_total(b.hadamard([(x, Fraction(2))])), HALF)
    return b.power(b.trace(b.mul(b.herm(x), x)), HALF)


def _extreme_reading(name: str) -> Callable[..., Node]:
    """The largest or the smallest entry of an array."""

    def reading(_: Expr, x: Node) -> Node:
        b.require_holomorphic(name, x)
        return x if x.scalar else b.apply(name, (T(x) if x.row else x,), (ONE, ONE))

    return reading


def _d_prod(y: Node, dx: Node) -> Node:
    """d Π x = Π x · Σ dx/x, for entries that are not zero."""
    x, axis = y.args[0], y.params[0]
    ratio = hadamard([(x, Fraction(-1)), (dx, U)])
    if axis is None:
        return mul(y, T(b.ones(x.rows)), ratio, b.ones(x.cols))
    sums = T(mul(T(b.ones(x.rows)), ratio)) if axis == 1 else mul(ratio, b.ones(x.cols))
    return hadamard([(y, U), (sums, U)])


def _d_extreme(sign: int) -> Callable[..., Node]:
    """max x (sign 1) and min x (sign -1) of one array: the increment of the entry that is taken.

    That entry is the one whose distance from the extreme is not above 0: 1 - step(max(x)-x) is 1 there, else 0.
    """

    def differential(y: Node, dx: Node) -> Node:
        x = y.args[0]
        ones = b.all_ones(x.shape)
        away = elementwise("step", scale(sign, plus(mul(y, ones), x, -1)))
        taken = plus(ones, away, -1)
        picked = hadamard([(taken, U), (dx, U)])
        if len(x.shape) > 2:
            return b.einsum(f"{LETTERS[: len(x.shape)]}->", [picked], (ONE, ONE))
        return mul(T(b.ones(x.rows)), picked, b.ones(x.cols))

    return differential


SUM = Op(
    "sum",
    reduced,
    _along("sum"),
    normal=total,
    source="linear: a product with ones",
    example="sum(X,1)",
    doc="Σ of all entries, or along an axis.",
    python=("sum",),
    call="x?a",
    looks=Looks(unicode="∑", latex=r"\operatorname{sum}"),
    facts=Facts(cancels=True),
)
MEAN = Op(
    "mean",
    reduced,
    _along("mean"),
    normal=_mean_reading,
    source="linear: a product with ones, over the count",
    example="mean(X,2)",
    doc="The sum over the count, of all entries or along an axis.",
    python=("mean",),
    call="x?a",
    facts=Facts(cancels=True),
)
PROD = Op(
    "prod",
    reduced,
    _along("prod"),
    normal=_prod_reading,
    differential=_d_prod,
    facts=Facts(boundary="none", holomorphic=True),
    caution="the formula divides by the entries of {x}: none may be 0",
    source="the product rule",
    example="prod(x)",
    doc="Π of all entries, or along an axis.",
    python=("prod",),
    call="x?a",
    looks=Looks(unicode="∏"),
)
NORM1 = Op(
    "norm1",
    scalar,
    _norm1,
    normal=_norm1_reading,
    caution="where an entry of {x} is 0, the 1-norm has no derivative; the formula takes 0 there (sign(0) = 0), "
    "which is a subgradient",
    slips=Slips(slope="sign"),
    facts=Facts(unturned=True),
    source="the slope of the modulus on either side of 0",
    example="norm1(X)",
    doc="The sum of the moduli of the entries.",
    looks=Looks(bars=("‖", "‖₁"), latex_bars=(r"\left\lVert ", r" \right\rVert_{1}")),
)
NORM2 = Op(
    "norm2",
    scalar,
    _norm2,
    domain=("nonzero",),
    normal=_norm2_reading,
    caution="at {x} = 0 the norm has no derivative, and the formula no value",
    slips=Slips(square=True),
    source="Cookbook (129); the chain rule",
    example="norm2(X)",
    elsewhere=(
        "norm",
        "fro",
    ),
    doc="The Euclidean or Frobenius norm, √(Σ |X[i,j]|²).",
    looks=Looks(bars=("‖", "‖"), latex_bars=(r"\left\lVert ", r" \right\rVert"), matrix_mark="_{F}"),
    facts=Facts(unturned=True, cancels=True),
)
_TIE = "where two entries of {{x}} are both the {0}, {1}({{x}}) has no derivative; the formula has a 1 for each of them"
LARGEST = Op(
    "largest",
    scalar,
    _taken("max"),
    domain=("any",),
    normal=_extreme_reading("largest"),
    differential=_d_extreme(1),
    caution=_TIE.format("largest", "max"),
    source="the slope of the one that is taken (Danskin)",
    call="",
    example="max(x)",
    doc="The largest entry, a scalar: max of one argument.",
    looks=Looks(word="max", latex=r"\max"),
    facts=Facts(unturned=True, level=True, picks=True, real_only=True),
)
SMALLEST = Op(
    "smallest",
    scalar,
    _taken("min"),
    domain=("any",),
    normal=_extreme_reading("smallest"),
    differential=_d_extreme(-1),
    caution=_TIE.format("smallest", "min"),
    source="the slope of the one that is taken (Danskin)",
    call="",
    example="min(x)",
    doc="The smallest entry, a scalar: min of one argument.",
    looks=Looks(word="min", latex=r"\min"),
    facts=Facts(unturned=True, level=True, picks=True, real_only=True),
)

REDUCTIONS = (SUM, MEAN, PROD, NORM1, NORM2, LARGEST, SMALLEST)
