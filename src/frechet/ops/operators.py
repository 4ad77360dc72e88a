"""Operations that the algebra has and the language has no name for: each is written with others.

The derivative of a matrix power, and the matrices that the derivatives of expm and of a power multiply vec(E) by, are
corners of block matrices (Higham, Functions of Matrices, (3.16) and Theorem 10.13):

    f([X, E; 0, X]) = [f(X), L; 0, f(X)]        with L = the derivative of f at X in the direction E,
    f([I⊗X, I; 0, X'⊗I]) = [f(I⊗X), K; 0, …]    with vec(L) = K*vec(E).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from frechet.core.dim import Dim, Shape
from frechet.core.expr import Expr
from frechet.core.op import Op, Params, Unify
from frechet.ops import spectral_rules as rules
from frechet.ops import spectral_values as values


def _corner(function: str, args: tuple[Expr, ...], upper: Expr, corner: Expr, lower: Expr) -> Expr:
    """The upper right block of f([upper, corner; 0, lower])."""
    from frechet.ops.build import apply

    n = upper.shape[0]
    eye, zeros = apply("eye", (), (n,)), apply("zeros", (), (n, n))
    rows = apply("hcat", (upper, corner)), apply("hcat", (zeros, lower))
    middle = apply(function, (apply("vcat", rows), *args))
    left, right = apply("hcat", (eye, zeros)), apply("vcat", (zeros, eye))
    return apply("mul", (apply("mul", (left, middle)), right))


def _power_written(x: Expr, k: Expr, e: Expr) -> Expr:
    return _corner("power", (k,), x, e, x)


def _kronecker_written(function: str, x: Expr, turned: Expr, *args: Expr) -> Expr:
    """The same for the map on vec(E); `turned` is X'."""
    from frechet.ops.build import apply

    n: Dim = x.shape[0]
    eye = apply("eye", (), (n,))
    upper, lower = apply("kron", (eye, x)), apply("kron", (turned, eye))
    return _corner(function, args, upper, apply("eye", (), (n * n,)), lower)


def _power_kronecker_written(x: Expr, turned: Expr, k: Expr) -> Expr:
    return _kronecker_written("power", x, turned, k)


def _expm_kronecker_written(x: Expr, turned: Expr) -> Expr:
    return _kronecker_written("expm", x, turned)


def _same(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    return shapes[-1]


def _squared(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    n = shapes[0][0]
    return (n * n, n * n)


def _columns(xp: Any, n: int, derivative: Callable[..., Any]) -> Any:
    """The matrix of a map of n×n matrices, by its columns."""
    units = xp.eye(n * n)
    return xp.stack([xp.reshape(derivative(xp.reshape(u, (n, n)).T).T, (-1,)) for u in units], axis=1)


def _power_kronecker(xp: Any, params: Params, x: Any, turned: Any, k: Any) -> Any:
    return _columns(xp, len(x), partial(values.power_frechet, xp, params, x, k))


def _expm_kronecker(xp: Any, params: Params, x: Any, turned: Any) -> Any:
    return _columns(xp, len(x), partial(values.expm_frechet, xp, params, x))


POWER_FRECHET = Op(
    "power_frechet", _same, values.power_frechet, differential=rules.linear_only("power_frechet"),
    adjoint=rules.adjoint("power_frechet"), kronecker=rules.kronecker("power_frechet"), written=_power_written,
    source="Higham, Functions of Matrices, (3.16)", doc="The derivative of X^k at X in the direction E.",
)  # fmt: skip
POWER_KRONECKER = Op(
    "power_kronecker", _squared, _power_kronecker, written=_power_kronecker_written,
    doc="K with vec(d X^k) = K*vec(dX).",
)  # fmt: skip
EXPM_KRONECKER = Op(
    "expm_kronecker", _squared, _expm_kronecker, written=_expm_kronecker_written,
    doc="K with vec(d expm(X)) = K*vec(dX).",
)  # fmt: skip

OPERATORS = (POWER_FRECHET, POWER_KRONECKER, EXPM_KRONECKER)
