"""The Stein equation Y - A*Y*B = C, solved for Y: the discrete sister of the Sylvester equation."""

from __future__ import annotations

from typing import Any

from frechet.algebra import constructors as b
from frechet.algebra.atoms import is_zero, number
from frechet.algebra.constructors import T, add, mul
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.facts import Facts, Identity, Rules
from frechet.core.op import Op, Params
from frechet.core.words import Telling, Words
from frechet.ops.matrix import directions, values
from frechet.ops.matrix.linear_equations import TWO_SIDED_TORCH, own_transpose, two_sided
from frechet.ops.matrix.shared import HORN_JOHNSON, read_by


def stein(p: Node, q: Node, c: Node) -> Node:
    """The Y with Y - p*Y*q = c."""
    if is_zero(p) or is_zero(q):
        return c
    if p.scalar and q.scalar:
        return mul(b.power(b.plus(number(1), mul(p, q), -1), -1), c)
    return directions.linear("stein", (p, q), c, (T(q), T(p)))


def _differential(y: Node, da: Node, db: Node, dc: Node) -> Node:
    """dY - A*dY*B = dC + dA*Y*B + A*Y*dB."""
    p, q, _ = y.args
    return stein(p, q, add([(dc, 1), (mul(da, y, q), 1), (mul(p, y, db), 1)]))


def _adjoint(y: Node, g: Node) -> Node:
    """⟨G, stein(A, B, C)⟩ = ⟨stein(A', B', G), C⟩."""
    return stein(T(y.args[0]), T(y.args[1]), g)


def _kronecker(y: Node, rows: bool) -> Node:
    """inv(eye(m*n) - kron(B', A))."""
    p, q = (T(y.args[1]), T(y.args[0])) if rows else y.args[:2]
    return b.inverse(add([(b.eye(p.rows * q.rows), 1), (b.kron(T(q), p), -1)]))


def _value(xp: Any, params: Params, a: Any, b: Any, c: Any) -> Any:
    """The system (I - A⊗B')*vec(Y) = vec(C), rows stacked; a large one by the Schur forms of A and B."""
    if not values.usable(xp, a, b, c):
        return c * xp.nan
    a, b = (xp.reshape(x, (1, 1)) if x.ndim == 0 else x for x in (a, b))
    m, n = len(a), len(b)
    if m * n <= DENSE:
        system = xp.eye(m * n) - xp.kron(a, b.T)
        return xp.reshape(xp.linalg.solve(system, xp.reshape(c, (m * n,))), c.shape)
    return xp.reshape(_by_columns(xp, a, b, xp.reshape(c, (m, n))), c.shape)


def _by_columns(xp: Any, a: Any, b: Any, c: Any) -> Any:
    """With B = U*T*U', T upper triangular, the columns of Y*U follow one another."""
    t, u = values.scipy_function("schur")(b, output="complex")
    right = c @ u
    found = xp.zeros(right.shape, dtype=complex)
    eye = xp.eye(len(a))
    for k in range(len(t)):
        known = a @ (found[:, :k] @ t[:k, k])
        found[:, k] = xp.linalg.solve(eye - t[k, k] * a, right[:, k] + known)
    back = found @ xp.conj(u.T)
    return back if any(xp.iscomplexobj(x) for x in (a, b, c)) else xp.real(back)


DENSE = 400
"""A linear system with this many unknowns is solved as it is."""

STEIN = Op(
    "stein",
    two_sided("stein"),
    _value,
    normal=read_by(stein),
    differential=_differential,
    adjoint=_adjoint,
    kronecker=_kronecker,
    facts=Facts(boundary="some", holomorphic=True),
    rules=Rules(again=stein, symmetric=own_transpose),
    identities=(Identity("the transpose of a solution", "stein(B',B',E')", "stein(B,B,E)'", source=HORN_JOHNSON),),
    telling=Telling(
        step=Words(
            "The differential of a Stein equation",
            "Y - A*Y*B = C: differentiated, dY - A*dY*B = dC + dA*Y*B + A*Y*dB, the same equation with another right "
            "side.",
            "Kao & Hennequin",
        ),
        across="⟨G, stein(P,Q,M)⟩ = ⟨stein(P',Q',G), M⟩",
        stacked="Y - A*Y*B = C is (eye(m*n) - kron(B',A))*vec(Y) = vec(C)",
    ),
    caution="no eigenvalue of {x} times one of {second} may be 1: the equation has no single solution there",
    source="Kao & Hennequin 2020, sec. 3; the same equation with another right side",
    example="stein(A,B,C)",
    doc="The Y with Y - A*Y*B = C.",
    call="xxx",
    code=Code(torch="two_sided({0}, {1}, {2}, discrete=True)", torch_helpers=(TWO_SIDED_TORCH,)),
    shown='>>> fr.stein(*(fr.matrix(name, 2, 2) for name in "ABC")).shape\n(2, 2)',
)
