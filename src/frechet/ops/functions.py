"""Functions of a square matrix: trace, determinant, inverse, adjugate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frechet.core.dim import Shape
from frechet.core.op import Op, Params, Unify
from frechet.ops import differentials, readings
from frechet.ops.shapes import square


def _number_of_square(name: str) -> Callable[[tuple[Shape, ...], Params, Unify], Shape]:
    def rule(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """A square matrix; a scalar."""
        square(shapes[0], unify, f"{name}(X) needs a square matrix")
        return ()

    return rule


def _square_of_square(name: str) -> Callable[[tuple[Shape, ...], Params, Unify], Shape]:
    def rule(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """A square matrix; the shape stays."""
        return square(shapes[0], unify, f"{name}(X) needs a square matrix")

    return rule


def _tr(xp: Any, params: Params, x: Any) -> Any:
    return x if x.ndim == 0 else xp.trace(x)


def _det(xp: Any, params: Params, x: Any) -> Any:
    return x if x.ndim == 0 else xp.linalg.det(x)


def _logdet(xp: Any, params: Params, x: Any) -> Any:
    return xp.log(abs(x)) if x.ndim == 0 else xp.linalg.slogdet(x)[1]


def _inv(xp: Any, params: Params, x: Any) -> Any:
    return 1.0 / x if x.ndim == 0 else xp.linalg.inv(x)


def _adj(xp: Any, params: Params, x: Any) -> Any:
    # From X = U S V' : adj(X) = det(U) det(V) V adj(S) U', right for singular X too.
    if x.ndim == 0:
        return xp.ones_like(x)
    u, s, vt = xp.linalg.svd(x)
    others = xp.where(xp.eye(len(s)) > 0, 1.0, s)
    return xp.linalg.det(u) * xp.linalg.det(vt) * (xp.conj(vt).T * xp.prod(others, axis=1)) @ xp.conj(u).T


TR = Op(
    "tr",
    _number_of_square("tr"),
    _tr,
    normal=readings.tr,
    source="Magnus & Neudecker 8.2; Cookbook (36)",
    example="tr(X)",
    doc="The trace, the sum of the diagonal.",
    python=("trace", "linalg.trace"),
    latex=("Tr", "trace", "Trace"),
)
DET = Op(
    "det",
    _number_of_square("det"),
    _det,
    normal=readings.det,
    differential=differentials.det,
    caution="the formula needs {x} invertible; where it is singular the derivative is still adj({x})'",
    source="Magnus & Neudecker 8.3; Giles 2008, 2.2.4; Cookbook (41), (42)",
    example="det(X)",
    doc="The determinant.",
    python=("linalg.det", "det"),
    latex=("Det", "determinant"),
)
LOGDET = Op(
    "logdet",
    _number_of_square("logdet"),
    _logdet,
    domain=("invertible",),
    normal=readings.logdet,
    differential=differentials.logdet,
    caution="{x} must be invertible",
    source="Magnus & Neudecker 8.3; Cookbook (43)",
    example="logdet(X)",
    doc="log |det X|.",
    python=("logdet",),
    latex=("ldet",),
)
INV = Op(
    "inv",
    _square_of_square("inv"),
    _inv,
    domain=("invertible",),
    normal=readings.inv,
    differential=differentials.inv,
    caution="{x} must be invertible",
    source="Magnus & Neudecker 8.4; Giles 2008, 2.2.3; Cookbook (40)",
    example="inv(X)",
    doc="The inverse; X^-1 is the same.",
    python=("linalg.inv", "inverse"),
)
ADJ = Op(
    "adj",
    _square_of_square("adj"),
    _adj,
    normal=readings.adj,
    differential=differentials.adj,
    caution="the formula needs {x} invertible",
    source="Magnus & Neudecker 8.6",
    example="adj(X)",
    doc="The adjugate: X*adj(X) = det(X)*eye(n).",
    latex=("adjugate",),
)

FUNCTIONS = (TR, DET, LOGDET, INV, ADJ)
