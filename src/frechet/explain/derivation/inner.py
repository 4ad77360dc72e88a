"""Inner products of formulas as they are written, and what else roads ask of a formula's shape."""

from __future__ import annotations

from frechet.core.dim import ONE, Shape, rows_cols
from frechet.core.expr import Expr, postorder
from frechet.core.words import Square
from frechet.ops.expressions import apply
from frechet.verify.evaluate import complex_leaf


def transposed(e: Expr) -> Expr:
    """e', pushed inside products and other transposes."""
    if not e.shape:
        return e
    if e.op.name == "transpose":
        return e.args[0]
    if e.op.name == "mul":
        left, right = e.args
        if not left.shape:
            return apply("mul", (left, transposed(right)))
        if not right.shape:
            return apply("mul", (transposed(left), right))
        return apply("mul", (transposed(right), transposed(left)))
    if e.op.name == "neg":
        return apply("neg", (transposed(e.args[0]),))
    return apply("transpose", (e,))


def inner(u: Expr, v: Expr) -> Expr:
    """⟨u, v⟩ as it is written: u'*v of columns, tr(U'*V) of matrices, sum(U.*V) of tensors, a product of numbers."""
    if len(u.shape) > 2:
        return apply("sum", (apply("hadamard", (u, v)),), (None,))
    rows, cols = rows_cols(u.shape)
    if not u.shape:
        return apply("mul", (u, v))
    if cols == ONE:
        return apply("mul", (transposed(u), v))
    if rows == ONE:
        return apply("mul", (v, transposed(u)))
    return apply("tr", (apply("mul", (transposed(u), v)),))


def inner_word(shape: Shape, u: str, v: str) -> str:
    """⟨u, v⟩ of two names, as :func:`inner` writes it.

    >>> from frechet.core.dim import Dim
    >>> n = Dim.of("n")
    >>> inner_word((n,), "G", "dx"), inner_word((ONE, n), "G", "dx"), inner_word((n, n), "G", "dX")
    ("G'*dx", "dx*G'", "tr(G'*dX)")
    """
    if len(shape) > 2:
        return f"sum({u}.*{v})"
    rows, cols = rows_cols(shape)
    if cols == ONE:
        return f"{u}'*{v}"
    return f"{v}*{u}'" if rows == ONE else f"tr({u}'*{v})"


def real_inner(u: Expr, v: Expr) -> Expr:
    """real(⟨u, v⟩) of complex arrays, u conjugated."""
    if not u.shape:
        return apply("real", (apply("mul", (apply("conj", (u,)), v)),))
    if len(u.shape) > 2:
        return apply("real", (inner(apply("conj", (u,)), v),))
    if len(u.shape) == 2 and u.shape[0] == ONE:
        return apply("real", (apply("mul", (v, apply("herm", (u,)))),))
    product = apply("mul", (apply("herm", (u,)), v))
    return apply("real", (product if not product.shape else apply("tr", (product,)),))


def is_complex(e: Expr) -> bool:
    """Whether complex variables or constants occur in a formula."""
    return any(map(complex_leaf, postorder(e)))


def squared(e: Expr) -> Square | None:
    """The rule of a square that has one of its own, as that of a norm has.

    >>> from frechet.language import parse
    >>> [squared(parse(text).value) is not None for text in ("norm2(x)^2", "norm2(x)^3", "sum(x)^2")]
    [True, False, False]
    """
    if e.op.name != "power" or e.args[1].op.name != "number" or e.args[1].params[0] != 2:
        return None
    return e.args[0].op.telling.square
