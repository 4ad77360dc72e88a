"""Functions of a square matrix: trace, determinant, inverse, adjugate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF
from frechet.algebra.constructors import add, mul, neg, plus, scale
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import ONE, Shape
from frechet.core.expr import Expr
from frechet.core.facts import Facts, Rules
from frechet.core.looks import Looks
from frechet.core.op import Op, Params, Unify
from frechet.core.slips import Slips
from frechet.core.words import Telling, Words
from frechet.errors import FrechetError
from frechet.ops.books import FUNDAMENTAL, MN8, PP2
from frechet.ops.rules import rule
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


def _tr_reading(_: Expr, x: Node) -> Node:
    """The trace."""
    return b.trace(x)


def _det_reading(_: Expr, x: Node) -> Node:
    """The determinant."""
    return b.determinant(x)


def _logdet_reading(_: Expr, x: Node) -> Node:
    """log |det x|."""
    return b.logdet(x)


def _inv_reading(_: Expr, x: Node) -> Node:
    """The inverse."""
    return b.inverse(x)


def _adj_reading(_: Expr, x: Node) -> Node:
    """The adjugate."""
    return atoms.number(1) if x.scalar else b.apply("adj", (x,), x.shape)


def _d_det(y: Node, dx: Node) -> Node:
    """d det X = det X · tr(X⁻¹ dX) (Jacobi)."""
    x = y.args[0]
    if any(f.cols == ONE for f in x.chain[:-1]):  # x*x' has no inverse at any point, and is a number where n is 1
        raise FrechetError(
            "unsupported",
            f"a column times a row has rank one: its determinant is 0 for every {x.rows} above 1, "
            "and so is every derivative of it",
        )
    return mul(y, b.trace(mul(b.inverse(x), dx)))


def _d_logdet(y: Node, dx: Node, *mirrored: Node) -> Node:
    """d log|det X| = tr(X⁻¹ dX); of a complex X, with its conjugate for a second argument, the real part of that."""
    straight = b.trace(mul(b.inverse(y.args[0]), dx))
    if not mirrored:
        return straight
    return scale(HALF, plus(straight, b.trace(mul(b.inverse(y.args[1]), mirrored[0]))))


def _d_inv(y: Node, dx: Node) -> Node:
    """d X⁻¹ = -X⁻¹ dX X⁻¹."""
    return neg(mul(y, dx, y))


def _d_adj(y: Node, dx: Node) -> Node:
    """d adj X = tr(X⁻¹ dX) adj X - X⁻¹ dX adj X, for X invertible."""
    x = b.inverse(y.args[0])
    return add([(mul(b.trace(mul(x, dx)), y), 1), (mul(x, dx, y), -1)])


def _again_logdet(x: Node, *_: Node) -> Node:
    """Of a complex matrix its conjugate is a second argument, which the constructor finds by itself."""
    return b.logdet(x)


TR = Op(
    "tr",
    _number_of_square("tr"),
    _tr,
    normal=_tr_reading,
    telling=Telling(
        step=Words("The trace is linear", "The differential passes under the trace: d tr(U) = tr(dU).", FUNDAMENTAL)
    ),
    facts=Facts(cancels=True, linear="together", unturned=True, invariant=True, of_arrays=True),
    source="Magnus & Neudecker 8.2; Cookbook (36)",
    example="tr(X)",
    elsewhere=(
        "trace",
        "Tr",
    ),
    doc="The trace, the sum of the diagonal.",
    python=("trace", "linalg.trace"),
    latex=("Tr", "trace", "Trace"),
    shown='>>> fr.derive(fr.tr(fr.matrix("A", "n", "n")), "A").gradient\neye(n)',
)
DET = Op(
    "det",
    _number_of_square("det"),
    _det,
    normal=_det_reading,
    differential=_d_det,
    facts=Facts(unturned=True, invariant=True, boundary="none", holomorphic=True),
    signs=("|X|",),
    rules=Rules(again=b.determinant, under={"log": rule(lambda x: b.logdet(x.args[0]))}),
    caution="the formula needs {x} invertible; where it is singular, its adjugate stands for its determinant times "
    "its inverse",
    slips=Slips(left="inv", square=True),
    needs="{x} invertible (where the inverse is written)",
    telling=Telling(
        step=Words(
            "The determinant's differential (Jacobi)",
            "det is linear in each entry, its cofactor the slope: d det(S) = tr(adj(S)*dS), "
            "and adj(S) = det(S)*inv(S).",
            f"{MN8}; {PP2}.1",
        )
    ),
    source="Magnus & Neudecker 8.3; Giles 2008, 2.2.4; Cookbook (41), (42)",
    example="det(X)",
    elsewhere=("determinant",),
    doc="The determinant.",
    python=("linalg.det", "det"),
    latex=("Det", "determinant"),
    looks=Looks(latex=r"\det"),
    code=Code(axes=2, text="{xp}.linalg.det({0})"),
    shown='>>> fr.det(fr.matrix("A", 2, 2)).evaluate(A=[[2, 0], [0, 3]]).round(9).tolist()\n6.0',
)
LOGDET = Op(
    "logdet",
    _number_of_square("logdet"),
    _logdet,
    domain=("invertible",),
    normal=_logdet_reading,
    differential=_d_logdet,
    facts=Facts(unturned=True, invariant=True, real=True),
    signs=("log det", "log|X|"),
    rules=Rules(again=_again_logdet),
    caution="{x} must be invertible",
    slips=Slips(left="inv"),
    telling=Telling(
        step=Words(
            "The log-determinant's differential (Jacobi)",
            "d det(S) = det(S)*tr(inv(S)*dS), and the logarithm divides by det(S).",
            f"{MN8}; {PP2}.1",
        )
    ),
    source="Magnus & Neudecker 8.3; Cookbook (43)",
    example="logdet(X)",
    doc="log |det X|.",
    python=("logdet",),
    latex=("ldet",),
    looks=Looks(latex=r"\log\det"),
    code=Code(role="log determinant"),
    shown='>>> fr.derive(fr.logdet(fr.matrix("A", "n", "n")), "A").gradient\ninv(A)\'',
)
CHOLESKY_INVERSE = """
def cholesky_inverse(factor):
    \"\"\"The inverse of the matrix with this Cholesky factor.\"\"\"
    c, lower = factor
    inverse, _ = dpotri(c, lower=lower)
    half = {xp}.tril(inverse) if lower else {xp}.triu(inverse)
    inverse = half + half.T
    {xp}.einsum("ii->i", inverse)[...] /= 2
    return inverse
"""
INV = Op(
    "inv",
    _square_of_square("inv"),
    _inv,
    domain=("invertible",),
    normal=_inv_reading,
    differential=_d_inv,
    facts=Facts(holomorphic=True, transposes=True, commutes=True, triangular="kept", invertible=True, definite=True),
    rules=Rules(again=b.inverse),
    caution="{x} must be invertible",
    telling=Telling(
        step=Words(
            "The inverse's differential",
            "S*inv(S) = I does not move, so dS*inv(S) + S*d(inv(S)) = 0; multiply by inv(S) from the left.",
            f"{MN8}; {PP2}.2",
        ),
        letters=("", "M"),
    ),
    source="Magnus & Neudecker 8.4; Giles 2008, 2.2.3; Cookbook (40)",
    example="inv(X)",
    elsewhere=("inverse",),
    doc="The inverse; X^-1 is the same.",
    python=("linalg.inv", "inverse"),
    looks=Looks(names=" M", named=True),
    code=Code(role="inverse", helper=CHOLESKY_INVERSE),
    shown='>>> fr.derive(fr.inv(fr.matrix("A", "n", "n")), "A").differential\n-inv(A)*dA*inv(A)',
)
ADJUGATE_TORCH = """
def adjugate(x):
    \"\"\"det(X) inv(X), of a singular matrix too.\"\"\"
    u, s, vh = torch.linalg.svd(x)
    others = torch.where(torch.eye(len(s), dtype=torch.bool, device=s.device), 1, s)
    return torch.linalg.det(u) * torch.linalg.det(vh) * (vh.mH * others.prod(dim=1)) @ u.mH
"""
ADJ = Op(
    "adj",
    _square_of_square("adj"),
    _adj,
    normal=_adj_reading,
    differential=_d_adj,
    facts=Facts(boundary="none", holomorphic=True, transposes=True),
    caution="the formula needs {x} invertible",
    needs="{x} invertible (where the inverse is written)",
    telling=Telling(step=Words("The adjugate's differential", "adj(S) = det(S)*inv(S): the product rule.", MN8)),
    source="Magnus & Neudecker 8.6",
    example="adj(X)",
    doc="The adjugate: X*adj(X) = det(X)*eye(n).",
    latex=("adjugate",),
    code=Code(torch="adjugate({0})", torch_helpers=(ADJUGATE_TORCH,)),
    shown=(
        '>>> fr.adj(fr.matrix("A", 2, 2)).evaluate(A=[[1, 2], [3, 4]]).round(9).tolist()\n[[4.0, -2.0], [-3.0, 1.0]]'
    ),
)

DETERMINANTS = (TR, DET, LOGDET, INV, ADJ)
