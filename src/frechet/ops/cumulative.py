"""Cumulative sums and products, of a vector or along an axis of a matrix or a tensor.

With the lower triangle L = tril(ones(n,n)) the sums down a vector are L*x, and backwards L'*G.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frechet.algebra import constructors as b
from frechet.algebra.atoms import U, is_zero
from frechet.algebra.constructors import T, hadamard, mul
from frechet.algebra.network.contraction import contracted
from frechet.algebra.network.raising import LETTERS
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import Shape
from frechet.core.expr import Expr
from frechet.core.facts import Facts, Rules
from frechet.core.op import Op, Params, Unify
from frechet.core.words import Telling, Words
from frechet.ops.arrays import settled, with_axes
from frechet.ops.books import FUNDAMENTAL, LINEAR
from frechet.ops.matrix.shared import bare
from frechet.ops.shapes import axis_of, matrix, shape_error
from frechet.ops.shaping import mask


def _shape(name: str) -> Callable[[tuple[Shape, ...], Params, Unify], Shape]:
    def rule(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """A vector, or a matrix or a tensor along an axis; the shape stays."""
        axis = axis_of(shapes[0], params)
        if axis is not None and len(shapes[0]) > 2:
            return shapes[0]
        m, n = matrix(shapes[0], f"{name}(X) needs a vector or a matrix")
        if axis is None and m != 1 and n != 1:
            raise shape_error(
                f"{name} of a matrix needs an axis: {name}(X,1) down the rows, {name}(X,2) along each row"
            )
        return shapes[0]

    return rule


def _lower(x: Node) -> Node:
    """tril(ones(n,n)), which adds up down the rows of x."""
    return mask(True, x.rows, x.rows)


def _lower_along(x: Node, axis: int) -> Node:
    """A tensor times tril(ones(n,n)) along an axis, counted from 1."""
    n = x.shape[axis - 1]
    letters, new = LETTERS[: len(x.shape)], LETTERS[len(x.shape)]
    out = letters[: axis - 1] + new + letters[axis:]
    return contracted([letters, new + letters[axis - 1]], out, [x, mask(True, n, n)])


def cumsum(x: Node, axis: int | None = 1) -> Node:
    """The sums of the entries down to each, along each row (2), or along an axis of a tensor."""
    if len(x.shape) > 2 and axis is not None:
        return _lower_along(x, axis)
    if axis == 2 or x.row:
        return T(cumsum(T(x)))
    if x.scalar or x.row or is_zero(x):
        return x
    outside, x = bare(x)
    return mul(outside, b.apply("cumsum", (x,), x.shape, None if x.column else 1))


def cumprod(x: Node, axis: int | None = 1) -> Node:
    """The products of the entries down to each, along each row (2), or along an axis of a tensor."""
    if len(x.shape) > 2:
        return b.apply("cumprod", (x,), x.shape, axis)
    if axis == 2 or x.row:
        return T(cumprod(T(x)))
    return x if x.scalar else b.apply("cumprod", (x,), x.shape, None if x.column else 1)


def _d_cumsum(y: Node, dx: Node) -> Node:
    """L*dx."""
    return mul(_lower(y), dx)


def _d_cumprod(y: Node, dx: Node) -> Node:
    """y.*(L*(dx./x))."""
    if len(y.shape) > 2:
        return hadamard([(y, U), (_lower_along(hadamard([(dx, U), (y.args[0], -U)]), y.params[0]), U)])
    return hadamard([(y, U), (mul(_lower(y), hadamard([(dx, U), (y.args[0], -U)])), U)])


def _reading(make: Callable[..., Node]) -> Callable[..., Node]:
    def reading(e: Expr, x: Node) -> Node:
        axis = e.params[0] if e.params else None
        if (axis == 1 and x.row) or (axis == 2 and x.column):  # one entry in every sum
            return x
        return make(x, axis or 1)

    return reading


def _turned(params: Params) -> Params:
    """Rows become columns."""
    return (3 - params[0] if params[0] else None,)


def _along(name: str) -> Callable[[Any, Params, Any], Any]:
    def value(xp: Any, params: Params, x: Any) -> Any:
        axis = params[0] if params else None
        if axis is None:
            return xp.reshape(getattr(xp, name)(xp.reshape(x, (-1,))), x.shape)
        return settled(xp, getattr(xp, name)(with_axes(xp, x), axis=axis - 1))

    return value


CUMULATED_TORCH = """
def cumulated(sums, x, axis):
    \"\"\"Sums or products up to each entry, along an axis or over all entries; a vector is a column.\"\"\"
    if axis is None:
        return sums(x.reshape(-1), 0).reshape(x.shape)
    return sums(x.reshape(len(x), -1) if x.ndim == 1 else x, axis - 1).reshape(x.shape)
"""
CUMSUM = Op(
    "cumsum",
    _shape("cumsum"),
    _along("cumsum"),
    normal=_reading(cumsum),
    differential=_d_cumsum,
    facts=Facts(linear="together", holomorphic=True, cancels=True),
    rules=Rules(again=cumsum),
    source="linear: a product with the lower triangle of ones",
    telling=Telling(step=LINEAR, across="⟨G, cumsum(M)⟩ = ⟨tril(ones(n,n))'*G, M⟩"),
    example="cumsum(x)",
    doc="The sum of the entries up to each, of a vector or along an axis.",
    call="x?a",
    turned=_turned,
    code=Code(torch="cumulated(torch.cumsum, {0}, {p0})", torch_helpers=(CUMULATED_TORCH,)),
    shown='>>> fr.derive(fr.cumsum(fr.vector("x", "n")), "x").jacobian()\ntril(ones(n,n))',
)
CUMPROD = Op(
    "cumprod",
    _shape("cumprod"),
    _along("cumprod"),
    normal=_reading(cumprod),
    differential=_d_cumprod,
    facts=Facts(boundary="none", holomorphic=True),
    rules=Rules(again=cumprod),
    caution="the formula divides by the entries of {x}: none may be 0",
    source="the product rule: dy = y.*cumsum(dx./x)",
    telling=Telling(
        step=Words("A running product", "Each entry so far moves in turn: dy = y.*cumsum(du./u).", FUNDAMENTAL)
    ),
    example="cumprod(x)",
    doc="The product of the entries up to each, of a vector or along an axis.",
    call="x?a",
    turned=_turned,
    code=Code(torch="cumulated(torch.cumprod, {0}, {p0})", torch_helpers=(CUMULATED_TORCH,)),
    shown='>>> fr.cumprod(fr.vector("x", "n")).evaluate(x=[1, 2, 3]).tolist()\n[1.0, 2.0, 6.0]',
)

CUMULATIVE = (CUMSUM, CUMPROD)
