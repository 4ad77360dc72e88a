"""Sums, means, products over all entries or along an axis; norms; softmax and its logarithm.

The axis is None (every entry), 1 (down the rows: one number a column, a vector) or 2 (along each row: one
number a row, a vector).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frechet.core.dim import Shape, settle
from frechet.core.op import Op, Params, Unify
from frechet.ops import differentials, readings
from frechet.ops.arrays import as_matrix, settled
from frechet.ops.shapes import matrix, scalar, shape_error


def _axis(params: Params) -> int | None:
    axis = params[0] if params else None
    if axis not in (None, 1, 2):
        raise shape_error(f"an axis is 1 (down the rows) or 2 (along each row); got {axis}")
    return axis


def _reduced(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """m×n becomes a scalar; along axis 1 a vector of length n, along axis 2 one of length m."""
    axis = _axis(params)
    if axis is None:
        return ()
    m, n = matrix(shapes[0], "a reduction along an axis needs a matrix")
    return settle((n,) if axis == 1 else (m,))


def _kept(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
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


def _logsumexp(xp: Any, params: Params, x: Any) -> Any:
    axis = params[0] if params else None
    if axis is None:
        top = xp.max(x)
        return top + xp.log(xp.sum(xp.exp(x - top)))
    x = as_matrix(xp, x)
    top = xp.max(x, axis=axis - 1, keepdims=True)
    total = xp.sum(xp.exp(x - top), axis=axis - 1, keepdims=True)
    return settled(xp, xp.reshape(top + xp.log(total), (-1,)))


def _softmax(xp: Any, params: Params, x: Any) -> Any:
    axis = params[0] if params else None
    if axis is None:
        parts = xp.exp(x - xp.max(x))
        return parts / xp.sum(parts)
    columns = as_matrix(xp, x)
    parts = xp.exp(columns - xp.max(columns, axis=axis - 1, keepdims=True))
    return xp.reshape(parts / xp.sum(parts, axis=axis - 1, keepdims=True), x.shape)


def _taken(name: str) -> Callable[[Any, Params, Any], Any]:
    def value(xp: Any, params: Params, x: Any) -> Any:
        return getattr(xp, name)(x)

    return value


SUM = Op(
    "sum",
    _reduced,
    _along("sum"),
    normal=readings.total,
    source="linear: a product with ones",
    example="sum(X,1)",
    doc="Σ of all entries, or along an axis.",
    python=("sum",),
)
MEAN = Op(
    "mean",
    _reduced,
    _along("mean"),
    normal=readings.mean,
    source="linear: a product with ones, over the count",
    example="mean(X,2)",
    doc="The sum over the count, of all entries or along an axis.",
    python=("mean",),
)
PROD = Op(
    "prod",
    _reduced,
    _along("prod"),
    normal=readings.prod,
    differential=differentials.prod,
    caution="the formula divides by the entries of {x}: none may be 0",
    source="the product rule",
    example="prod(x)",
    doc="Π of all entries, or along an axis.",
    python=("prod",),
)
NORM1 = Op(
    "norm1",
    scalar,
    _norm1,
    normal=readings.norm1,
    caution="where an entry of {x} is 0, the 1-norm has no derivative; the formula takes 0 there (sign(0) = 0), "
    "which is a subgradient",
    source="the slope of the modulus on either side of 0",
    example="norm1(X)",
    doc="The sum of the moduli of the entries.",
)
NORM2 = Op(
    "norm2",
    scalar,
    _norm2,
    domain=("nonzero",),
    normal=readings.norm2,
    caution="at {x} = 0 the norm has no derivative, and the formula no value",
    source="Cookbook (129); the chain rule",
    example="norm2(X)",
    doc="The Euclidean or Frobenius norm, √(Σ |X[i,j]|²).",
)
LOGSUMEXP = Op(
    "logsumexp",
    _reduced,
    _logsumexp,
    normal=readings.logsumexp,
    differential=differentials.logsumexp,
    source="Boyd & Vandenberghe, Convex Optimization, 3.1.5",
    example="logsumexp(x)",
    doc="log Σ exp, of all entries or along an axis.",
    python=("logsumexp", "special.logsumexp", "nn.logsumexp"),
    latex=("LSE", "lse"),
)
SOFTMAX = Op(
    "softmax",
    _kept,
    _softmax,
    normal=readings.softmax,
    differential=differentials.softmax,
    source="the quotient rule; Bishop 2006, (4.106)",
    example="softmax(X,2)",
    doc="exp(x)/Σ exp(x), along the axis.",
    python=("softmax", "special.softmax", "nn.softmax", "functional.softmax"),
    latex=("Softmax",),
)

_TIE = "where two entries of {{x}} are both the {0}, {1}({{x}}) has no derivative; the formula has a 1 for each of them"
LARGEST = Op(
    "largest",
    scalar,
    _taken("max"),
    domain=("any",),
    normal=readings.extreme("largest"),
    differential=differentials.extreme(1),
    caution=_TIE.format("largest", "max"),
    source="the slope of the one that is taken (Danskin)",
    example="max(x)",
    doc="The largest entry, a scalar: max of one argument.",
)
SMALLEST = Op(
    "smallest",
    scalar,
    _taken("min"),
    domain=("any",),
    normal=readings.extreme("smallest"),
    differential=differentials.extreme(-1),
    caution=_TIE.format("smallest", "min"),
    source="the slope of the one that is taken (Danskin)",
    example="min(x)",
    doc="The smallest entry, a scalar: min of one argument.",
)

REDUCTIONS = (SUM, MEAN, PROD, NORM1, NORM2, LOGSUMEXP, SOFTMAX, LARGEST, SMALLEST)
