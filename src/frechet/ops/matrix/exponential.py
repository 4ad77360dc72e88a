"""The exponential and the principal logarithm of a matrix, and their derivatives in a direction."""

from __future__ import annotations

from functools import partial
from typing import Any

from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF, eye, is_op, is_zero, number, zero
from frechet.algebra.constructors import T, commuting
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.expr import Expr
from frechet.core.facts import Facts, Identity, Rules
from frechet.core.op import Op, Params
from frechet.core.words import Telling, Words
from frechet.ops.books import DIRECTION
from frechet.ops.matrix import directions, values
from frechet.ops.matrix.powers import LARGEST_POWER, SQRTM_TORCH, sqrtm
from frechet.ops.matrix.shared import (
    HIGHAM,
    HORN_JOHNSON,
    PRINCIPAL,
    equivariant,
    positive,
    read_by,
    square_kept,
    symmetric,
)  # fmt: skip
from frechet.ops.rules import rule, rule_of_two

SYMMETRIC = {"X": ("symmetric",)}
POSITIVE = {"t": ("positive",)}

CORNER = "the upper right block of expm([A, E; 0, B]) is the derivative in the direction E where A = B"
"""How the matrices of both derivatives are written."""

# -- expm --------------------------------------------------------------------------------------------------------------


def expm(x: Node) -> Node:
    """The exponential of a square matrix."""
    if x.scalar:
        return b.elementwise("exp", x)
    if is_zero(x):
        return eye(x.rows)
    coef, scalars, chain = b.parts(x)
    inner = chain[0] if len(chain) == 1 else x
    if is_op(inner, "logm") and not scalars:
        p, e = inner.args[0], coef
        if e.denominator == 1 and abs(e) <= LARGEST_POWER:
            return b.mul(*[p if e > 0 else b.inverse(p)] * int(abs(e)))
        if e.denominator == 2 and abs(e) == HALF:
            return sqrtm(p) if e > 0 else b.inverse(sqrtm(p))
    if inner.kind == "diag":
        return b.diag(b.elementwise("exp", b.mul(number(coef), *(b.power(s, e) for s, e in scalars), inner.args[0])))
    return equivariant("expm", x)


def _joined(x: Node, y: Node) -> Node | None:
    """expm(P)*expm(Q) = expm(P+Q) where P and Q commute."""
    if is_op(x, "expm") and is_op(y, "expm"):
        return expm(b.add([(x.args[0], 1), (y.args[0], 1)]))
    return None


def d_expm(y: Node, dx: Node) -> Node:
    """d expm(X) = expm_frechet(X, dX)."""
    return expm_frechet(y.args[0], dx)


EXPM = Op(
    "expm",
    square_kept("expm"),
    values.expm,
    normal=read_by(expm),
    differential=d_expm,
    facts=Facts(
        holomorphic=True, transposes=True, commutes=True, entrywise="exp", invertible=True, always_definite=True
    ),
    signs=("e^X",),
    rules=Rules(
        again=expm,
        joined=_joined,
        under={
            "inv": rule(lambda x: expm(b.neg(x.args[0]))),
            "det": rule(lambda x: b.elementwise("exp", b.trace(x.args[0]))),
            "logdet": rule(lambda x: b.trace(x.args[0])),
            "logm": rule(lambda x: x.args[0] if symmetric(x.args[0]) else None),
            "sqrtm": rule(lambda x: expm(b.scale(HALF, x.args[0])) if symmetric(x.args[0]) else None),
            "power": rule_of_two(lambda x, k: expm(b.mul(k, x.args[0]))),
        },
    ),
    identities=(
        Identity("functions of one matrix commute", "expm(t*X)*X", "X*expm(t*X)", source=HIGHAM),
        Identity("f(X') is f(X)'", "expm(X')", "expm(X)'", source=HIGHAM),
        Identity("a function of a symmetric matrix is symmetric", "expm(X)'", "expm(X)", SYMMETRIC, source=HIGHAM),
        Identity("exponents of what commutes add", "expm(X)*expm(t*X)", "expm(X+t*X)", source=HIGHAM),
        Identity("inverse of an exponential", "inv(expm(X))", "expm(-X)", source=HIGHAM),
        Identity("inverse of an exponential", "expm(X)*expm(-X)", "eye(n)", source=HIGHAM),
        Identity("exponential of a logarithm", "expm(logm(X))", "X", condition=PRINCIPAL, source=HIGHAM),
        Identity("exponential of a logarithm", "expm(-logm(X))", "inv(X)", condition=PRINCIPAL, source=HIGHAM),
        Identity("exponential of a logarithm", "expm(logm(X)/2)", "sqrtm(X)", condition=PRINCIPAL, source=HIGHAM),
        Identity("a function of a diagonal matrix", "expm(diag(x))", "diag(exp(x))", source=HIGHAM),
        Identity("determinants", "det(expm(X))", "exp(tr(X))", source=HIGHAM),
        Identity("determinants", "logdet(expm(X))", "tr(X)", source=HIGHAM),
    ),
    telling=Telling(
        step=Words(
            "The matrix exponential's differential",
            "In the series Σ S^k/k! each factor moves in turn; what that adds up to is written expm_frechet(S,dS).",
            "Higham ch. 10",
        ),
    ),
    source="Higham, Functions of Matrices, (10.15)",
    example="expm(X)",
    doc="Σ X^k/k!.",
    python=("linalg.expm", "linalg.matrix_exp", "matrix_exp"),
    code=Code(axes=2, text="{linalg}.expm({0})", torch="torch.linalg.matrix_exp({0})"),
    shown=(
        '>>> fr.expm(fr.matrix("X", 2, 2)).evaluate(X=[[0, 0], [0, 0]]).round(9).tolist()\n[[1.0, 0.0], [0.0, 1.0]]'
    ),
)

# -- logm --------------------------------------------------------------------------------------------------------------


def logm(x: Node) -> Node:
    """The principal logarithm of a matrix without eigenvalues on the closed negative axis."""
    if x.scalar:
        return b.elementwise("log", x)
    outside, x = positive(x)
    if outside is not number(1):
        return b.add([(logm(x), 1), (b.mul(b.elementwise("log", outside), eye(x.rows)), 1)])
    if is_op(x, "eye"):
        return zero(*x.shape)
    if is_op(x, "inv"):
        return b.neg(logm(x.args[0]))
    if is_op(x, "sqrtm"):
        return b.scale(HALF, logm(x.args[0]))
    known = b.under("logm", x)
    if known is not None:
        return known
    if x.kind == "diag":
        return b.diag(b.elementwise("log", x.args[0]))
    return equivariant("logm", x)


def d_logm(y: Node, dx: Node) -> Node:
    """d logm(X) = logm_frechet(X, dX)."""
    return logm_frechet(y.args[0], dx)


LOGM_TORCH = '''
def logm(x):
    """The principal logarithm: of a root near the identity by the series of artanh, times the order of the root."""
    eye, times = torch.eye(len(x), dtype=x.dtype, device=x.device), 2
    while torch.linalg.matrix_norm(x - eye) > 0.2:
        x, times = sqrtm(x), 2 * times
    z = torch.linalg.solve(x + eye, x - eye)
    power, total = z, z
    for k in range(3, 19, 2):
        power = power @ z @ z
        total = total + power / k
    return times * total
'''
LOGM = Op(
    "logm",
    square_kept("logm"),
    values.logm,
    normal=read_by(logm),
    differential=d_logm,
    domain=("invertible",),
    caution="no eigenvalue of {x} may be 0 or negative",
    facts=Facts(holomorphic=True, transposes=True, commutes=True, entrywise="log"),
    rules=Rules(again=logm),
    identities=(
        Identity(
            "functions of one matrix commute", "logm(X)*inv(X)", "inv(X)*logm(X)", condition=PRINCIPAL, source=HIGHAM
        ),
        Identity("f(X') is f(X)'", "logm(X')", "logm(X)'", condition=PRINCIPAL, source=HIGHAM),
        Identity("logarithm of an exponential", "logm(expm(X))", "X", SYMMETRIC, source=HIGHAM),
        Identity("logarithm of an inverse", "logm(inv(X))", "-logm(X)", condition=PRINCIPAL, source=HIGHAM),
        Identity("logarithm of a root", "logm(sqrtm(X))", "logm(X)/2", condition=PRINCIPAL, source=HIGHAM),
        Identity("logarithm of a multiple", "logm(t*X)", "logm(X)+log(t)*eye(n)", POSITIVE, PRINCIPAL, HIGHAM),
        Identity(
            "a function of a diagonal matrix", "logm(diag(x))", "diag(log(x))", {"x": ("positive",)}, source=HIGHAM
        ),
        Identity(
            "spectral theorem",
            "eigvecs(X)*diag(log(eigvalsh(X)))*eigvecs(X)'",
            "logm(X)",
            {"X": ("positive definite",)},
            source=HORN_JOHNSON,
        ),
    ),
    telling=Telling(
        step=Words(
            "The matrix logarithm's differential",
            "logm undoes expm: logm_frechet(S,dS) is the E with expm_frechet(logm(S),E) = dS.",
            "Higham ch. 11",
        )
    ),
    source="Higham, Functions of Matrices, (11.9)",
    example="logm(X+eye(n))",
    doc="The principal logarithm; X has no eigenvalue on the closed negative axis.",
    python=("linalg.logm",),
    code=Code(torch="logm({0})", torch_helpers=(SQRTM_TORCH, LOGM_TORCH)),
    shown=(
        '>>> fr.logm(fr.matrix("X", 2, 2)).evaluate(X=[[1, 0], [0, 1]]).round(9).tolist()\n[[0.0, 0.0], [0.0, 0.0]]'
    ),
)

# -- their derivatives in a direction ----------------------------------------------------------------------------------


def expm_frechet(x: Node, e: Node) -> Node:
    """The derivative of expm at x in the direction e: e*expm(x) where they commute."""
    if x.scalar or commuting.commute(e, x):
        return b.mul(e, expm(x))
    return directions.linear("expm_frechet", (x,), e, (T(x),))


def logm_frechet(x: Node, e: Node) -> Node:
    """The derivative of logm at x in the direction e: e*inv(x) where they commute; of c*x it is 1/c of that of x."""
    outside, x = positive(x)
    if outside is not number(1):
        return b.mul(b.power(outside, -1), logm_frechet(x, e))
    if x.scalar or commuting.commute(e, x):
        return b.mul(e, b.inverse(x))
    return directions.linear("logm_frechet", (x,), e, (T(x),))


def _log_kronecker(y: Node, rows: bool) -> Node:
    """The inverse of the exponential's, at logm(X)."""
    x = logm(T(y.args[0]) if rows else y.args[0])
    return b.inverse(b.apply("expm_kronecker", (x, T(x)), (x.rows * x.rows, x.rows * x.rows)))


def _columns(xp: Any, params: Params, x: Any, turned: Any) -> Any:
    return directions.by_columns(xp, len(x), partial(values.expm_frechet, xp, params, x))


def _written(x: Expr, turned: Expr) -> Expr:
    return directions.corner_on_vec("expm", x, turned)


BLOCK_TORCH = """
def block(x, e):
    \"\"\"[X, E; 0, X]: a function of it has the derivative of the function in its upper right corner.\"\"\"
    return torch.cat([torch.cat([x, e], 1), torch.cat([torch.zeros_like(x), x], 1)])
"""
EXPM_FRECHET = Op(
    "expm_frechet",
    directions.of_one_size("expm_frechet"),
    values.expm_frechet,
    normal=read_by(expm_frechet),
    differential=directions.in_direction(expm_frechet, "expm(X)"),
    adjoint=directions.adjoint(expm_frechet),
    kronecker=directions.kronecker("expm_kronecker"),
    facts=Facts(holomorphic=True, self_adjoint=True),
    rules=Rules(again=expm_frechet, symmetric=directions.own_transpose),
    identities=(
        Identity("a derivative where directions commute", "expm_frechet(t*X,X)", "X*expm(t*X)", source=HIGHAM),
        Identity("tr(R*L(X,E)) = tr(R*f'(X)*E)", "tr(X*expm_frechet(X,E))", "tr(X*expm(X)*E)", source=HIGHAM),
        Identity("the transpose of a derivative", "expm_frechet(X',E')", "expm_frechet(X,E)'", source=HIGHAM),
    ),
    telling=Telling(
        step=DIRECTION,
        across="⟨G, expm_frechet(S,M)⟩ = ⟨expm_frechet(S',G), M⟩",
        commuting="what commutes with S passes through: expm_frechet(S,S) = expm(S)*S",
        stacked=CORNER,
    ),
    source="Higham, Functions of Matrices, (10.15)",
    example="expm_frechet(X,E)",
    arguments=("x", "e"),
    doc="The derivative of expm at X in the direction E.",
    call="xx",
    code=Code(torch="torch.linalg.matrix_exp(block({0}, {1}))[:len({0}), len({0}):]", torch_helpers=(BLOCK_TORCH,)),
    shown='>>> fr.derive(fr.expm(fr.matrix("X", "n", "n")), "X").differential\nexpm_frechet(X,dX)',
)
LOGM_FRECHET = Op(
    "logm_frechet",
    directions.of_one_size("logm_frechet"),
    values.logm_frechet,
    normal=read_by(logm_frechet),
    differential=directions.in_direction(logm_frechet, "logm(X)"),
    adjoint=directions.adjoint(logm_frechet),
    kronecker=_log_kronecker,
    domain=("invertible", "any"),
    caution="no eigenvalue of {x} may be 0 or negative",
    facts=Facts(holomorphic=True, self_adjoint=True),
    rules=Rules(again=logm_frechet, symmetric=directions.own_transpose),
    identities=(
        Identity(
            "a derivative where directions commute", "logm_frechet(X,logm(X))", "inv(X)*logm(X)",
            condition=PRINCIPAL, source=HIGHAM,
        ),
        Identity(
            "tr(R*L(X,E)) = tr(R*f'(X)*E)", "tr(logm_frechet(X,E))", "tr(inv(X)*E)", condition=PRINCIPAL, source=HIGHAM
        ),
    ),
    telling=Telling(
        step=DIRECTION,
        across="⟨G, logm_frechet(S,M)⟩ = ⟨logm_frechet(S',G), M⟩",
        commuting="what commutes with S passes through: logm_frechet(S,S) = inv(S)*S",
        stacked=CORNER,
    ),
    source="Higham, Functions of Matrices, (11.9)",
    example="logm_frechet(X+eye(n),E)",
    doc="The derivative of logm at X in the direction E.",
    call="xx",
    code=Code(
        torch="logm(block({0}, {1}))[:len({0}), len({0}):]",
        torch_helpers=(BLOCK_TORCH, SQRTM_TORCH, LOGM_TORCH),
    ),
    shown='>>> fr.derive(fr.logm(fr.matrix("X", "n", "n")), "X").differential\nlogm_frechet(X,dX)',
    arguments=("x", "e"),
)  # fmt: skip
EXPM_KRONECKER = Op(
    "expm_kronecker",
    directions.squared,
    _columns,
    written=_written,
    spoken=False,
    doc="K with vec(d expm(X)) = K*vec(dX).",
)
