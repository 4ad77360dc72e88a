"""What an assumption says of an array: the linear space its increments lie in, and how to draw one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from frechet.core.expr import Expr
from frechet.verify.evaluate import COMPLEX, Array

SYMMETRIC = frozenset({"symmetric", "positive definite", "hermitian", "hermitian positive definite"})
"""Equal to the transpose, or to its conjugate."""


def assumptions(variable: Expr) -> frozenset[str]:
    """What is assumed of a variable leaf."""
    return frozenset(variable.params[1])


def _symmetric(z: Array) -> Array:
    return (z + z.T) / 2.0


def _hermitian(z: Array) -> Array:
    return (z + np.conj(z.T)) / 2.0


def _skew(z: Array) -> Array:
    return (z - z.T) / 2.0


def _diagonal(z: Array) -> Array:
    return np.diag(np.diagonal(z))


PROJECTIONS: Mapping[str, Callable[[Array], Array]] = {
    **dict.fromkeys(("symmetric", "positive definite"), _symmetric),
    **dict.fromkeys(("hermitian", "hermitian positive definite"), _hermitian),
    "skew": _skew,
    "diagonal": _diagonal,
    "lower triangular": np.tril,
    "upper triangular": np.triu,
}
"""The orthogonal projection onto the arrays that have the property, where these form a linear space."""


def projected(assumed: frozenset[str], z: Array) -> Array:
    """The part of a matrix that lies in all the linear spaces the assumptions name.

    Projections in turn reach the common space where they commute; those on triangles and on symmetric matrices do
    not, and what they have in common are the diagonal matrices.
    """
    triangles = assumed & {"lower triangular", "upper triangular"}
    if triangles and (len(triangles) > 1 or assumed & SYMMETRIC):
        z, assumed = _diagonal(z), assumed - triangles
    for name in sorted(assumed):
        if name in PROJECTIONS:
            z = PROJECTIONS[name](z)
    return z


def is_complex(variable: Expr) -> bool:
    """Whether its values are complex numbers."""
    return not COMPLEX.isdisjoint(variable.params[1])


def is_structured(variable: Expr) -> bool:
    """Increments of the variable lie in a smaller space than that of all arrays."""
    return len(variable.shape) == 2 and any(a in PROJECTIONS or a == "orthogonal" for a in assumptions(variable))


def tangent(variable: Expr, point: Array, z: Array) -> Array:
    """The part of `z` along which the variable may move from `point`.

    For an orthogonal X these are X times a skew matrix; for the linear structures it is the projection.

    >>> from frechet.ops.expressions import variable
    >>> S = variable("S", ("n", "n"), ["symmetric"])
    >>> tangent(S, np.eye(2), np.array([[1.0, 2.0], [0.0, 3.0]]))
    array([[1., 1.],
           [1., 3.]])
    """
    if z.ndim != 2:
        return z
    assumed = assumptions(variable)
    z = projected(assumed, z)
    return point @ _skew(point.T @ z) if "orthogonal" in assumed else z


def basis(variable: Expr, point: Array) -> list[Array]:
    """Increments that span the space in which the variable may move."""
    directions: dict[bytes, Array] = {}
    steps = (1.0, 1.0j) if is_complex(variable) else (1.0,)
    for k, step in ((k, step) for step in steps for k in range(point.size)):
        unit = np.zeros(point.size, dtype=type(steps[-1]))
        unit[k] = step
        direction = tangent(variable, point, unit.reshape(point.shape))
        # A symmetric pair of entries gives the same direction twice, up to sign where it is skew.
        largest = direction.flat[np.argmax(abs(direction))] if direction.size else 1.0
        sign = -1.0 if (np.real(largest), np.imag(largest)) < (0.0, 0.0) else 1.0
        if np.any(direction):
            directions.setdefault((sign * direction + 0.0).tobytes(), direction)
    return list(directions.values())
