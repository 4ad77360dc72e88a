"""The algebraic Riccati equations, solved for the stabilizing P.

care: A'P + PA - P·B·inv(R)·B'·P + Q = 0,              closed loop A - B·K, K = inv(R)·B'·P, eigenvalues left of 0;
dare: A'PA - P - A'PB·inv(R+B'PB)·B'PA + Q = 0,        closed loop A - B·K, K = inv(R+B'PB)·B'·P·A, inside the circle.

Q and R need not be symmetric: the equation then has the closed loop from the left too, Z = A' - P·B·inv(R)·B', which is
Ac' where Q and R are symmetric.  Differentiated, the equations are a Sylvester and a Stein equation with Z and Ac
(Kao & Hennequin 2020).
"""

from __future__ import annotations

from typing import Any

from frechet.algebra import constructors as b
from frechet.algebra.constructors import T, add, mul, plus
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import Shape, rows_cols, settle, show
from frechet.core.facts import Facts, Rules
from frechet.core.op import Op, Params, Unify
from frechet.core.words import Telling, Words
from frechet.errors import FrechetError
from frechet.ops.arrays import as_matrix, settled
from frechet.ops.matrix import values
from frechet.ops.matrix.linear_equations import solution
from frechet.ops.matrix.shared import ShapeRule, read_by, symmetric
from frechet.ops.matrix.stein import stein
from frechet.ops.shapes import matrix, shape_error, square

KAO_HENNEQUIN = (
    "Kao & Hennequin 2020, Automatic differentiation of Sylvester, Lyapunov, and algebraic Riccati equations"
)
SINGULAR = 1e-12
"""A basis of the stable subspace with a smaller reciprocal condition number does not give P."""


def _shape(name: str) -> ShapeRule:
    needs = f"{name}(A,B,Q,R) needs A and Q n×n, B n×m, R m×m"

    def rule(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """A n×n, B n×m, Q n×n, R m×m; the solution is n×n."""
        n, k, m = (rows_cols(square(shapes[at], unify, needs))[0] for at in (0, 2, 3))
        p, q = matrix(shapes[1], needs)
        try:
            n = unify(unify(n, k), p)
            unify(m, q)
        except FrechetError as trouble:
            raise shape_error(f"{needs}; got {', '.join(show(s) for s in shapes)}") from trouble
        return settle((n, n))

    return rule


# -- in the algebra ----------------------------------------------------------------------------------------------------


def care(a: Node, g: Node, q: Node, r: Node) -> Node:
    """The stabilizing solution of the continuous equation."""
    return b.apply("care", (a, g, q, r), a.shape)


def dare(a: Node, g: Node, q: Node, r: Node) -> Node:
    """The stabilizing solution of the discrete equation."""
    return b.apply("dare", (a, g, q, r), a.shape)


def _own_transpose(x: Node) -> bool:
    """Whether P is symmetric: where Q and R are."""
    return all(symmetric(s) for s in x.args[2:])


def _right_sides(p: Node, moves: tuple[Node, ...], left: Node, right: Node, k: Node, h: Node) -> Node:
    """What moves A, B, Q, R by dA, dB, dQ, dR leave of the equation where P stays.

    K and H are the gains from the right and from the left, `left` and `right` what stands around P:
    dA'·P·right + left·P·dA + dQ - left·P·dB·K - H·dB'·P·right + H·dR·K.
    """
    da, dg, dq, dr = moves
    return add(
        [
            (dq, 1),
            (mul(T(da), p, right), 1),
            (mul(left, p, da), 1),
            (mul(left, p, dg, k), -1),
            (mul(h, T(dg), p, right), -1),
            (mul(h, dr, k), 1),
        ]
    )


def _d_care(p: Node, *moves: Node) -> Node:
    """Z·dP + dP·Ac = -(dQ + dA'·P + P·dA - P·dB·K - H·dB'·P + H·dR·K)."""
    a, g, _, r = p.args
    back = b.inverse(r)
    k, h = mul(back, T(g), p), mul(p, g, back)
    around = b.eye(a.rows)
    z, closed = plus(T(a), mul(h, T(g)), -1), plus(a, mul(g, k), -1)
    return solution(z, closed, b.neg(_right_sides(p, moves, around, around, k, h)))


def _d_dare(p: Node, *moves: Node) -> Node:
    """dP - Z·dP·Ac = dQ + dA'·P·Ac + Z·P·dA - Z·P·dB·K - H·dB'·P·Ac + H·dR·K."""
    a, g, _, r = p.args
    back = b.inverse(plus(r, mul(T(g), p, g)))
    k, h = mul(back, T(g), p, a), mul(T(a), p, g, back)
    z, closed = plus(T(a), mul(h, T(g)), -1), plus(a, mul(g, k), -1)
    return stein(z, closed, _right_sides(p, moves, z, closed, k, h))


# -- values ------------------------------------------------------------------------------------------------------------


def _of_subspace(xp: Any, u: Any, n: int, count: int) -> Any:
    """P = U₂·inv(U₁) for a basis [U₁; U₂] of the stable subspace; nan where there is none."""
    first, second = u[:n, :n], u[n:, :n]
    if count != n or not xp.isfinite(u).all() or 1 / xp.linalg.cond(first) < SINGULAR:
        return xp.full((n, n), xp.nan)
    return xp.linalg.solve(first.T, second.T).T


def _care(xp: Any, params: Params, a: Any, g: Any, q: Any, r: Any) -> Any:
    """The invariant subspace of [A, -S; -Q, -A'] to the left of the imaginary axis, S = B·inv(R)·B'."""
    a, g, q, r = (as_matrix(xp, x) for x in (a, g, q, r))
    if not values.usable(xp, a, g, q, r):
        return settled(xp, a * xp.nan)
    n = len(a)
    s = g @ xp.linalg.solve(r, g.T)
    whole = xp.block([[a, -s], [-q, -a.T]])
    _, u, count = values.scipy_function("schur")(whole, sort="lhp")
    return settled(xp, _of_subspace(xp, u, n, count))


def _dare(xp: Any, params: Params, a: Any, g: Any, q: Any, r: Any) -> Any:
    """The deflating subspace of the pencil [A, 0; -Q, I] - λ[I, S; 0, A'] inside the unit circle."""
    a, g, q, r = (as_matrix(xp, x) for x in (a, g, q, r))
    if not values.usable(xp, a, g, q, r):
        return settled(xp, a * xp.nan)
    n = len(a)
    eye, zero = xp.eye(n), xp.zeros((n, n))
    s = g @ xp.linalg.solve(r, g.T)
    here, next_one = xp.block([[a, zero], [-q, eye]]), xp.block([[eye, s], [zero, a.T]])
    _, _, alpha, beta, _, z = values.scipy_function("ordqz")(here, next_one, sort="iuc")
    return settled(xp, _of_subspace(xp, z, n, int(xp.sum(abs(alpha) < abs(beta)))))


def _told(title: str, why: str) -> Telling:
    return Telling(step=Words(title, why, "Kao & Hennequin"), letters=("", "P"))


CARE_TORCH = """
def care(a, b, q, r):
    \"\"\"The stabilising P with A'P + P A - P S P + Q = 0, S = B inv(R) B', by the sign of [A, -S; -Q, -A'].\"\"\"
    shape, n = a.shape, len(a.reshape(-1, *a.shape[1:])) if a.ndim else 1
    a, q, b, r = a.reshape(n, n), q.reshape(n, n), b.reshape(n, -1), r.reshape(int(r.numel() ** 0.5), -1)
    s = b @ torch.linalg.solve(r, b.T)
    z = torch.cat([torch.cat([a, -s], 1), torch.cat([-q, -a.T], 1)])
    eye = torch.eye(n, dtype=a.dtype, device=a.device)
    for _ in range(60):
        before, inverse = z, torch.linalg.inv(z)
        c = torch.exp(-torch.linalg.slogdet(z)[1] / (2 * n))
        z = (c * z + inverse / c) / 2
        if not torch.linalg.matrix_norm(z - before) > 1e-13 * torch.linalg.matrix_norm(z):
            break
    left = torch.cat([z[:n, n:], z[n:, n:] + eye])
    p = torch.linalg.lstsq(left, -torch.cat([z[:n, :n] + eye, z[n:, :n]])).solution
    off = torch.linalg.matrix_norm(a.T @ p + p @ a - p @ s @ p + q)
    scale = torch.linalg.matrix_norm(q) + torch.linalg.matrix_norm(a.T @ p)
    return torch.where(off <= 1e-8 * scale, p, torch.nan).reshape(shape)
"""
CARE = Op(
    "care",
    _shape("care"),
    _care,
    normal=read_by(care),
    differential=_d_care,
    caution="{x} and {second} must be stabilizable, {y} invertible, with no closed loop on the imaginary "
    "axis: elsewhere there is no stabilizing solution, and care has no value",
    facts=Facts(boundary="some"),
    rules=Rules(again=care, symmetric=_own_transpose),
    source=f"{KAO_HENNEQUIN}, sec. 4",
    telling=_told(
        "The differential of a Riccati equation",
        "Differentiated, what multiplies dP is the closed loop on both sides: a Sylvester equation.",
    ),
    example="care(A-9*eye(n),B,Q,R+3*eye(m))",
    doc="The stabilizing solution P of A'*P + P*A - P*B*inv(R)*B'*P + Q = 0.",
    python=("linalg.solve_continuous_are",),
    call="xxxx",
    arguments=("a", "b", "q", "r"),
    elsewhere=("icare", "solve_continuous_are"),
    code=Code(torch="care({0}, {1}, {2}, {3})", torch_helpers=(CARE_TORCH,)),
    shown='>>> a, b, q, r = (fr.scalar(name) for name in "abqr")\n'
    ">>> fr.care(a, b, q, r).evaluate(a=0, b=1, q=4, r=1).round(9).tolist()\n2.0",
)
DARE_TORCH = '''
def dare(a, b, q, r):
    """The stabilising P with A'P A - P - A'P B inv(R + B'P B) B'P A + Q = 0, by doubling; nan where there is none."""
    shape, n = a.shape, len(a.reshape(-1, *a.shape[1:])) if a.ndim else 1
    a, p, b, r = a.reshape(n, n), q.reshape(n, n), b.reshape(n, -1), r.reshape(int(r.numel() ** 0.5), -1)
    s = b @ torch.linalg.solve(r, b.T)
    at, eye = a.T, torch.eye(n, dtype=a.dtype, device=a.device)
    for _ in range(60):
        before = p
        left, right = torch.linalg.solve(eye + s @ p, torch.cat([a, s], 1)), torch.linalg.solve(eye + p @ s, at)
        p, s, a, at = p + at @ p @ left[:, :n], s + a @ left[:, n:] @ at, a @ left[:, :n], at @ right
        if not torch.linalg.matrix_norm(p - before) > 1e-14 * torch.linalg.matrix_norm(p):
            return p.reshape(shape)
    return (p * torch.nan).reshape(shape)
'''
DARE = Op(
    "dare",
    _shape("dare"),
    _dare,
    normal=read_by(dare),
    differential=_d_dare,
    caution="{x} and {second} must be stabilizable, {y} invertible, with no closed loop on the unit circle: "
    "elsewhere there is no stabilizing solution, and dare has no value",
    facts=Facts(boundary="some"),
    rules=Rules(again=dare, symmetric=_own_transpose),
    source=f"{KAO_HENNEQUIN}, sec. 4",
    telling=_told(
        "The differential of a discrete Riccati equation",
        "Differentiated, what stands around dP is the closed loop on both sides: a Stein equation.",
    ),
    example="dare(A/9,B,Q,R+3*eye(m))",
    doc="The stabilizing solution P of A'*P*A - P - A'*P*B*inv(R+B'*P*B)*B'*P*A + Q = 0.",
    python=("linalg.solve_discrete_are",),
    call="xxxx",
    arguments=("a", "b", "q", "r"),
    elsewhere=("idare", "solve_discrete_are"),
    code=Code(torch="dare({0}, {1}, {2}, {3})", torch_helpers=(DARE_TORCH,)),
    shown='>>> a, b, q, r = (fr.scalar(name) for name in "abqr")\n'
    ">>> fr.dare(a, b, q, r).evaluate(a=0, b=1, q=4, r=1).round(9).tolist()\n4.0",
)
