"""The thin QR factorisation X = Q*R of an m×n matrix of full column rank: Q'*Q = I, R upper triangular, diag(R) > 0.

R' is the Cholesky factor of X'*X; both differentials need the lower triangle of M = Q'*dX*inv(R).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF, is_op
from frechet.algebra.constructors import T, add, mul
from frechet.algebra.constructors.products import unturned
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import Shape, settle
from frechet.core.facts import Facts, Identity, Rules
from frechet.core.op import Op, Params, Unify
from frechet.core.words import Telling, Words
from frechet.ops.arrays import as_matrix, settled
from frechet.ops.matrix import values
from frechet.ops.matrix.cholesky import phi
from frechet.ops.matrix.shared import GOLUB_VAN_LOAN, positive, read_by
from frechet.ops.shapes import matrix, shape_error

WALTER = (
    "Walter 2012, Structured higher-order algorithmic differentiation in the forward and reverse mode with application "
    "in optimum experimental design, sec. 3.4"
)
SMALL = 1e-12
"""A diagonal entry of R below this share of the largest is one that the rank makes zero."""


def _tall(shape: Shape, name: str) -> Shape:
    m, n = matrix(shape, f"{name}(X) needs a matrix")
    if m.number is not None and n.number is not None and m.number < n.number:
        raise shape_error(f"{name}(X) needs at least as many rows as columns; got {m}×{n}: write {name}(X')")
    return m, n


def _q_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A matrix with at least as many rows as columns; the shape stays."""
    return settle(_tall(shapes[0], "qr_q"))


def _r_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """m×n with m ≥ n; the value is n×n."""
    n = _tall(shapes[0], "qr_r")[1]
    return settle((n, n))


def _orthonormal(x: Node) -> bool:
    """Whether the columns of x are orthonormal already, as those of an orthogonal matrix are: then Q is x itself."""
    return is_op(mul(T(x), x), "eye")


def qr_q(x: Node) -> Node:
    """Q, with orthonormal columns."""
    x = positive(x)[1]
    if x.column or x.scalar:
        return mul(b.power(qr_r(x), -1), x)
    if _orthonormal(x):
        return x
    return b.apply("qr_q", (x,), x.shape)


def qr_r(x: Node) -> Node:
    """R, upper triangular with positive diagonal; of a column its length."""
    outside, x = positive(x)
    if x.column or x.scalar:
        return mul(outside, b.power(b.trace(mul(T(x), x)), HALF))
    if _orthonormal(x):
        return mul(outside, b.eye(x.cols))
    return mul(outside, b.apply("qr_r", (x,), (x.cols, x.cols)))


def _beside(x: Node, y: Node) -> list[Node] | None:
    """Q*R = X, Q'*Q = I, R'*R = X'*X, Q'*X = R."""
    f, g = unturned(x), unturned(y)
    if is_op(x, "qr_q") and is_op(y, "qr_r") and x.args[0] is y.args[0]:
        return [x.args[0]]
    if is_op(y, "qr_q") and x.kind == "transpose" and f is y:
        return [b.eye(y.cols)]
    if is_op(y, "qr_r") and x.kind == "transpose" and f is y:
        return [T(y.args[0]), y.args[0]]
    if is_op(f, "qr_q") and x.kind == "transpose" and f.args[0] is y:
        return [qr_r(y)]
    if is_op(g, "qr_q") and g is y and T(x) is g.args[0]:
        return [T(qr_r(g.args[0]))]
    return None


def _upper(x: Node, dx: Node) -> Node:
    """dR*inv(R): M = Q'*dX*inv(R), its strictly lower triangle turned into the upper one."""
    m = mul(T(qr_q(x)), dx, b.inverse(qr_r(x)))
    return T(phi(add([(m, 1), (T(m), 1)])))


def _d_r(y: Node, dx: Node) -> Node:
    """dR = phi(M+M')'*R."""
    return mul(_upper(y.args[0], dx), y)


def _d_q(y: Node, dx: Node) -> Node:
    """dQ = dX*inv(R) - Q*phi(M+M')'."""
    (x,) = y.args
    return add([(mul(dx, b.inverse(qr_r(x))), 1), (mul(y, _upper(x, dx)), -1)])


def _factors(xp: Any, x: Any) -> tuple[Any, Any]:
    """Q and R with a positive diagonal; nan where the rank is not full."""
    x = as_matrix(xp, x)
    m, n = x.shape
    if m < n or not values.usable(xp, x):
        return x * xp.nan, xp.full((n, n), xp.nan)
    q, r = xp.linalg.qr(x)
    d = xp.diagonal(r)
    signs = xp.where(d < 0, -1.0, 1.0)
    if xp.min(abs(d)) <= SMALL * xp.max(abs(d)):
        return x * xp.nan, r * xp.nan
    return q * signs, signs[:, None] * r


def _value(k: int) -> Callable[[Any, Params, Any], Any]:
    def value(xp: Any, params: Params, x: Any) -> Any:
        return settled(xp, _factors(xp, x)[k])

    return value


def _caution(name: str) -> str:
    return f"{{x}} must have full column rank: {name} has no value elsewhere"


POSITIVE_QR = """
def positive_qr(x):
    \"\"\"Q and R of x = QR, the diagonal of R positive.\"\"\"
    q, r = {xp}.linalg.qr(x)
    signs = {xp}.where({xp}.diagonal(r) < 0, -1.0, 1.0)
    return q * signs, signs[:, None] * r
"""
QR_Q = Op(
    "qr_q",
    _q_shape,
    _value(0),
    normal=read_by(qr_q),
    differential=_d_q,
    domain=("full column rank",),
    caution=_caution("qr_q"),
    facts=Facts(boundary="some"),
    rules=Rules(again=qr_q, beside=_beside),
    identities=(
        Identity("QR factors", "qr_q(X)*qr_r(X)", "X", source=GOLUB_VAN_LOAN),
        Identity("QR factors", "qr_q(X)'*qr_q(X)", "eye(n)", source=GOLUB_VAN_LOAN),
    ),
    source=WALTER,
    telling=Telling(
        step=Words(
            "The differential of an orthogonal factor",
            "From X = Q*R: dQ = (dX - Q*dR)*inv(R), with the triangular factor's dR.",
            "Walter",
        )
    ),
    example="qr_q([eye(3);X])",
    doc="The factor Q with orthonormal columns of the thin X = Q*R, R with positive diagonal.",
    elsewhere=("qr", "orth"),
    code=Code(text="positive_qr({0})[0]", helper=POSITIVE_QR, axes=2, cost=4),
    shown='>>> fr.qr_q(fr.matrix("X", 3, 2)).shape\n(3, 2)',
)
QR_R = Op(
    "qr_r",
    _r_shape,
    _value(1),
    normal=read_by(qr_r),
    differential=_d_r,
    domain=("full column rank",),
    caution=_caution("qr_r"),
    facts=Facts(boundary="some", invertible=True),
    rules=Rules(again=qr_r, beside=_beside),
    identities=(Identity("QR factors", "qr_r(X)'*qr_r(X)", "X'*X", source=GOLUB_VAN_LOAN),),
    source=WALTER,
    telling=Telling(
        step=Words(
            "The differential of a triangular factor",
            "With M = Q'*dX*inv(R), dR*inv(R) is upper triangular and M - dR*inv(R) skew: phi takes a lower triangle, "
            "its diagonal halved.",
            "Walter",
        )
    ),
    example="qr_r([eye(3);X])",
    doc="The upper triangular factor R, with positive diagonal, of the thin X = Q*R.",
    code=Code(text="positive_qr({0})[1]", helper=POSITIVE_QR, axes=2, cost=4),
    shown='>>> fr.qr_r(fr.matrix("X", 3, 2)).shape\n(2, 2)',
)
