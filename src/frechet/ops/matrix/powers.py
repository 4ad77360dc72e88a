"""Powers: of a number, of a square matrix with a symbolic exponent, and the principal square root of a matrix."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF, U, eye, is_op, number
from frechet.algebra.constructors import T, add, apply, commuting, mul
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import ONE, Shape, rows_cols, show
from frechet.core.expr import Expr
from frechet.core.facts import Facts, Identity, Rules
from frechet.core.op import Op, Params, Unify
from frechet.core.words import Telling, Words
from frechet.errors import FrechetError
from frechet.ops.matrix import directions, values
from frechet.ops.matrix.linear_equations import solution
from frechet.ops.matrix.shared import (
    HIGHAM,
    PRINCIPAL,
    bare,
    equivariant,
    other_way,
    positive,
    read_by,
    square_kept,
)  # fmt: skip
from frechet.ops.rules import rule, rule_of_two
from frechet.ops.shapes import shape_error, square

LARGEST_POWER = 32
"""A matrix power above this is not written out as a chain."""

INTEGER = {"k": ("integer",)}
DEFINITE = {"X": ("positive definite",)}

# -- shapes and values -------------------------------------------------------------------------------------------------


def _shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A scalar or a square matrix to a scalar power; the shape stays."""
    base, exponent = shapes
    if exponent:
        raise shape_error(f"X^k needs a scalar exponent; got {show(exponent)}: write X.^K for entries")
    return square(base, unify, "X^k needs a scalar or a square matrix X (entry by entry it is X.^k)")


def _value(xp: Any, params: Params, a: Any, k: Any) -> Any:
    if a.ndim == 0:
        return a**k
    if not float(k).is_integer():
        return a * xp.nan
    return xp.linalg.matrix_power(a, int(k))


def _refuse(base: Expr, exponent: Expr) -> None:
    """Refuse a matrix power whose exponent is a number but no integer."""
    if rows_cols(base.shape) == (1, 1) or exponent.op.name != "number":
        return
    k = float(exponent.params[0])
    if not k.is_integer():
        said = f"X^k of a matrix needs an integer k; got {k}: for a square root write sqrtm(X)"
        raise FrechetError("unsupported", said)


# -- in the algebra ----------------------------------------------------------------------------------------------------


def _reading(_: Expr, x: Node, k: Node) -> Node:
    """A scalar to any power; a square matrix to a whole one."""
    q = b.value_of(k)
    if x.scalar:
        return b.power(x, q) if q is not None else of_number(x, k)
    if q is not None and q.denominator != 1:
        raise FrechetError("unsupported", "a matrix power needs a whole number for its exponent")
    return matrix_power(x, k)


def of_number(x: Node, k: Node) -> Node:
    """x^k of a number x, with an exponent that is no number."""
    return apply("power", (x, k), (ONE, ONE))


def matrix_power(x: Node, k: Node) -> Node:
    """X^k for a symbolic integer k; for a number the chain it is."""
    value = b.value_of(k)
    if value is not None and value.denominator == 1 and abs(value) <= LARGEST_POWER:
        return mul(*[x if value > 0 else b.inverse(x)] * int(abs(value))) if value else eye(x.rows)
    outside, x = bare(x)
    if outside is not number(1):
        return mul(of_number(outside, k), matrix_power(x, k))
    if is_op(x, "eye"):
        return x
    if is_op(x, "inv"):
        return matrix_power(x.args[0], b.neg(k))
    known = b.under("power", x, k)
    if known is not None:
        return known
    if other_way(x):
        return T(apply("power", (T(x), k), x.shape))
    return apply("power", (x, k), x.shape)


def _again(x: Node, k: Node) -> Node:
    return of_number(x, k) if x.scalar else matrix_power(x, k)


def joined_in_factors(p: Node, e: Fraction, bases: dict[Node, Fraction]) -> None:
    """x.^a./x is x.^(a-1), and norm2(x)^a/(x'*x) is norm2(x)^(a-2)."""
    if e != 1:
        return
    x, a = p.args
    base, q = x.terms[0] if x.kind == "product" and x.scalar and len(x.terms) == 1 and x.coef == 1 else (x, U)
    n = bases.get(base, Fraction(0)) / q
    if n and n.denominator == 1:
        raised = b.plus(a, number(n))
        if n < 0 or raised.weight < a.weight:
            bases[base] = bases[p] = Fraction(0)
            better = apply(p.op, (x, raised), p.shape)
            bases[better] = bases.get(better, Fraction(0)) + 1


def _exponent(x: Node) -> tuple[Node, Node]:
    """x as (P, exponent): P itself, its inverse, its root, a symbolic power of it."""
    if is_op(x, "power"):
        return x.args[0], x.args[1]
    if is_op(x, "sqrtm"):
        return x.args[0], number(HALF)
    if is_op(x, "inv"):
        inner = x.args[0]
        return (inner.args[0], number(-HALF)) if is_op(inner, "sqrtm") else (inner, number(-1))
    return x, number(1)


def _joined(x: Node, y: Node) -> Node | None:
    """The product of two powers of one matrix."""
    (p, first), (q, second) = _exponent(x), _exponent(y)
    if p is not q:
        return None
    exponent = b.plus(first, second)
    value = b.value_of(exponent)
    return matrix_power(p, exponent) if value is None else _rational(p, value)


def _rational(p: Node, e: Fraction) -> Node | None:
    """P to the power 1, ½, 0, -½ or -1; None for any other."""
    if e == 0:
        return b.eye(p.rows)
    root = p if abs(e) == 1 else sqrtm(p) if abs(e) == HALF else None
    if root is None:
        return None
    return root if e > 0 else b.inverse(root)


def _differential(y: Node, dx: Node, dk: Node) -> Node:
    """d x^k = k x^(k-1) dx + x^k log(x) dk."""
    x, k = y.args
    if not y.scalar:
        if not atoms.is_zero(dk):
            raise FrechetError("unsupported", "the exponent of a matrix power is an integer: no derivative by it")
        return power_frechet(x, k, dx)
    less = of_number(x, b.plus(k, number(-1)))
    return add([(mul(k, less, dx), 1), (mul(y, b.elementwise("log", x), dk), 1)])


POWER = Op(
    "power",
    _shape,
    _value,
    normal=_reading,
    refuse=_refuse,
    differential=_differential,
    facts=Facts(holomorphic=True, transposes=True, commutes=True),
    rules=Rules(
        again=_again,
        joined=_joined,
        in_factors=joined_in_factors,
        under={
            "inv": rule(lambda x: matrix_power(x.args[0], b.neg(x.args[1]))),
            "det": rule(lambda x: of_number(b.determinant(x.args[0]), x.args[1])),
            "logdet": rule(lambda x: mul(x.args[1], b.logdet(x.args[0]))),
            "power": rule_of_two(lambda x, k: matrix_power(x.args[0], mul(x.args[1], k))),
        },
    ),
    identities=(
        Identity("powers of one matrix", "X^k*X", "X^(k+1)", INTEGER, source=HIGHAM),
        Identity("powers of one matrix", "inv(X^k)", "X^(-k)", INTEGER, source=HIGHAM),
        Identity("powers of one matrix", "X^k*X^-k", "eye(n)", INTEGER, source=HIGHAM),
        Identity("determinants", "logdet(X^k)", "k*logdet(X)", INTEGER, source=HIGHAM),
    ),
    source="Abramowitz & Stegun 4.2.52; of a matrix the product rule, Cookbook (90)",
    example="X^2",
    doc="Power of a scalar or, with an integer exponent, of a square matrix.",
    call="",
    code=Code(torch="torch.pow({0}, {1})"),
)

# -- the square root ---------------------------------------------------------------------------------------------------


def sqrtm(x: Node) -> Node:
    """The principal square root of a matrix without eigenvalues on the closed negative axis."""
    if x.scalar:
        return b.power(x, HALF)
    outside, x = positive(x)
    if outside is not number(1):
        return mul(b.power(outside, HALF), sqrtm(x))
    if is_op(x, "eye"):
        return x
    if is_op(x, "inv"):
        return b.inverse(sqrtm(x.args[0]))
    known = b.under("sqrtm", x)
    if known is not None:
        return known
    if x.kind == "diag":
        return b.diag(b.hadamard([(x.args[0], HALF)]))
    twice = x.kind == "product" and len(x.chain) == 2 and x.chain[0] is x.chain[1]
    if twice and "positive definite" in atoms.assumptions(x.chain[0]):
        return x.chain[0]
    return equivariant("sqrtm", x)


def _d_sqrtm(y: Node, dx: Node) -> Node:
    """S*dS + dS*S = dX for S = sqrtm(X)."""
    return solution(y, y, dx)


SQRTM_TORCH = """
def sqrtm(x):
    \"\"\"The principal square root, by the steps of Denman and Beavers; nan where there is none.\"\"\"
    y, z = x, torch.eye(len(x), dtype=x.dtype, device=x.device)
    for _ in range(60):
        before = y
        y, z = (y + torch.linalg.inv(z)) / 2, (z + torch.linalg.inv(y)) / 2
        if not torch.linalg.matrix_norm(y - before) > 1e-13 * torch.linalg.matrix_norm(y):
            break
    off = torch.linalg.matrix_norm(y @ y - x)
    return torch.where(off <= 1e-8 * torch.linalg.matrix_norm(x), y, torch.nan)
"""
SQRTM = Op(
    "sqrtm",
    square_kept("sqrtm"),
    values.sqrtm,
    normal=read_by(sqrtm),
    differential=_d_sqrtm,
    domain=("invertible",),
    caution="no eigenvalue of {x} may be 0 or negative",
    facts=Facts(at_singular=True, holomorphic=True, transposes=True, commutes=True, definite=True, entrywise="sqrt"),
    signs=("X^(1/2)",),
    rules=Rules(
        again=sqrtm,
        joined=_joined,
        under={
            "det": rule(lambda x: b.power(b.determinant(x.args[0]), HALF)),
            "logdet": rule(lambda x: b.scale(HALF, b.logdet(x.args[0]))),
        },
    ),
    identities=(
        Identity("f(X') is f(X)'", "sqrtm(X')", "sqrtm(X)'", condition=PRINCIPAL, source=HIGHAM),
        Identity("root times root", "sqrtm(X)*sqrtm(X)", "X", condition=PRINCIPAL, source=HIGHAM),
        Identity("root times root", "X*inv(sqrtm(X))", "sqrtm(X)", condition=PRINCIPAL, source=HIGHAM),
        Identity("root of an inverse", "sqrtm(inv(X))", "inv(sqrtm(X))", condition=PRINCIPAL, source=HIGHAM),
        Identity("root of a multiple", "sqrtm(t*X)", "sqrt(t)*sqrtm(X)", {"t": ("positive",)}, PRINCIPAL, HIGHAM),
        Identity("root of an exponential", "sqrtm(expm(X))", "expm(X/2)", {"X": ("symmetric",)}, source=HIGHAM),
        Identity("root of a square", "sqrtm(X*X)", "X", DEFINITE, source=HIGHAM),
        Identity(
            "a function of a diagonal matrix", "sqrtm(diag(x))", "diag(sqrt(x))", {"x": ("positive",)}, source=HIGHAM
        ),
        Identity("determinants", "logdet(sqrtm(X))", "logdet(X)/2", DEFINITE, source=HIGHAM),
    ),
    telling=Telling(
        step=Words(
            "The matrix root's differential",
            "R*R = S for the root R, so R*dR + dR*R = dS; the solution of A*Y + Y*B = C is written sylvester(A,B,C).",
            "Higham ch. 6",
        )
    ),
    source="Higham, Functions of Matrices, (6.1)",
    example="sqrtm(X+eye(n))",
    doc="The principal square root; X has no eigenvalue on the closed negative axis.",
    python=("linalg.sqrtm",),
    code=Code(torch="sqrtm({0})", torch_helpers=(SQRTM_TORCH,)),
    shown=(
        '>>> fr.sqrtm(fr.matrix("X", 2, 2)).evaluate(X=[[4, 0], [0, 9]]).round(9).tolist()\n[[2.0, 0.0], [0.0, 3.0]]'
    ),
)

# -- the derivative of a power in a direction --------------------------------------------------------------------------


def power_frechet(x: Node, k: Node, e: Node) -> Node:
    """The derivative of X^k in the direction e: k*X^(k-1)*e where they commute."""
    if x.scalar or commuting.commute(e, x):
        return mul(k, matrix_power(x, b.plus(k, number(1), -1)), e)
    return directions.linear("power_frechet", (x, k), e, (T(x), k))


def _written(x: Expr, k: Expr, e: Expr) -> Expr:
    return directions.corner("power", (k,), x, e, x)


def _kronecker_written(x: Expr, turned: Expr, k: Expr) -> Expr:
    return directions.corner_on_vec("power", x, turned, k)


def _columns(xp: Any, params: Params, x: Any, turned: Any, k: Any) -> Any:
    return directions.by_columns(xp, len(x), partial(values.power_frechet, xp, params, x, k))


POWER_FRECHET = Op(
    "power_frechet",
    directions.of_the_last,
    values.power_frechet,
    differential=directions.in_direction(power_frechet, "X^k"),
    adjoint=directions.adjoint(power_frechet),
    kronecker=directions.kronecker("power_kronecker"),
    written=_written,
    facts=Facts(self_adjoint=True),
    rules=Rules(again=power_frechet, symmetric=directions.own_transpose),
    spoken=False,
    source="Higham, Functions of Matrices, (3.16)",
    doc="The derivative of X^k at X in the direction E.",
)
POWER_KRONECKER = Op(
    "power_kronecker",
    directions.squared,
    _columns,
    written=_kronecker_written,
    spoken=False,
    doc="K with vec(d X^k) = K*vec(dX).",
)
