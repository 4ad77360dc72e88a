"""The Cholesky factor, and the lower triangle with its diagonal halved that its differential needs."""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF, U, is_op, number
from frechet.algebra.constructors import T, mul
from frechet.algebra.constructors.products import unturned
from frechet.algebra.node import Node, postorder
from frechet.core.code import Code
from frechet.core.expr import Expr
from frechet.core.facts import Facts, Identity, Rules
from frechet.core.op import Op
from frechet.core.words import Telling, Words
from frechet.errors import FrechetError
from frechet.ops.books import LINEAR, TRIANGLE
from frechet.ops.matrix import values
from frechet.ops.matrix.shared import GOLUB_VAN_LOAN, positive, read_by, square_kept, symmetric
from frechet.ops.rules import rule

FREED = "freed"
"""Marks the twin of a symmetric (or diagonal) variable: its entries are free only while it is differentiated by."""

DEFINITE = {"X": ("positive definite",)}


def chol(x: Node) -> Node:
    """The lower triangular L with positive diagonal and L*L' = x."""
    if x.scalar:
        return b.power(x, HALF)
    outside, x = positive(x)
    if outside is not number(1):
        return mul(b.power(outside, HALF), chol(x))
    if is_op(x, "eye"):
        return x
    if x.kind == "diag":
        return b.diag(b.hadamard([(x.args[0], HALF)]))
    return b.apply("chol", (x,), x.shape)


def _reading(_: Expr, x: Node) -> Node:
    """The Cholesky factor of what is known to be symmetric."""
    freed = any(FREED in atoms.assumptions(leaf) for leaf in postorder([x]))
    if T(x) is not x and not freed:
        needs = "chol(X) needs a symmetric X: declare it positive definite, or write chol((X+X')/2)"
        raise FrechetError("unsupported", needs)
    return chol(x)


def _beside(x: Node, y: Node) -> list[Node] | None:
    """L*L' = S, and inv(L)'*inv(L) = inv(S), for L = chol(S)."""
    f, g = unturned(x), unturned(y)
    if f.op == "inv" and f is y and x.kind == "transpose" and is_op(f.args[0], "chol"):
        return [b.inverse(f.args[0].args[0])]
    if y.kind == "transpose" and g is x and g.op == "chol":
        return [g.args[0]]
    return None


def _differential(y: Node, dx: Node) -> Node:
    """dL = L*phi(inv(L)*dS*inv(L)')."""
    inner = b.inverse(y)
    return mul(y, phi(mul(inner, dx, T(inner))))


CHOL = Op(
    "chol",
    square_kept("chol"),
    values.chol,
    normal=_reading,
    differential=_differential,
    domain=("invertible",),
    caution="{x} must be positive definite",
    facts=Facts(triangular="lower"),
    rules=Rules(
        again=chol,
        beside=_beside,
        under={
            "det": rule(lambda x: b.power(b.determinant(x.args[0]), HALF)),
            "logdet": rule(lambda x: b.scale(HALF, b.logdet(x.args[0]))),
        },
    ),
    identities=(
        Identity("Cholesky factor", "chol(X)*chol(X)'", "X", DEFINITE, source=GOLUB_VAN_LOAN),
        Identity("Cholesky factor", "inv(chol(X))'*inv(chol(X))", "inv(X)", DEFINITE, source=GOLUB_VAN_LOAN),
        Identity("Cholesky factor", "logdet(chol(X))", "logdet(X)/2", DEFINITE, source=GOLUB_VAN_LOAN),
        Identity("Cholesky factor", "sum(log(diag(chol(X))))", "logdet(X)/2", DEFINITE, source=GOLUB_VAN_LOAN),
        Identity(
            "Cholesky factor of a multiple", "chol(t*X)", "sqrt(t)*chol(X)", {**DEFINITE, "t": ("positive",)},
            source=GOLUB_VAN_LOAN,
        ),
    ),
    source="Murray 2016, (8)",
    telling=Telling(
        step=Words(
            "The Cholesky factor's differential",
            "S = L*L', so inv(L)*dS*inv(L)' = inv(L)*dL + (inv(L)*dL)': phi takes the lower triangle, "
            "its diagonal halved.",
            "Murray",
        )
    ),
    example="chol(X*X'+eye(n))",
    elsewhere=("cholesky",),
    doc="The lower triangular L with L*L' = X, of a positive definite X.",
    code=Code(axes=2, text="{xp}.linalg.cholesky({0})"),
    shown='>>> fr.chol(fr.matrix("X", 2, 2)).evaluate(X=[[4, 0], [0, 9]]).tolist()\n[[2.0, 0.0], [0.0, 3.0]]',
)  # fmt: skip

# -- phi ---------------------------------------------------------------------------------------------------------------


def phi(x: Node) -> Node:
    """The lower triangle with the diagonal halved: a mask, entry by entry."""
    if x.scalar:
        return b.scale(HALF, x)
    return b.hadamard([(atoms.constant("phi", x.shape, *x.shape), U), (x, U)])


def _halves(t: Node, terms: dict[Node, Fraction]) -> None:
    """phi(M) + phi(M)' = M for a symmetric M, among the terms of a sum.  In place."""
    factors = t.terms if t.kind == "hadamard" else ((t, U),)
    if not any(is_op(f, "phi") and e == 1 for f, e in factors):
        return
    whole = b.hadamard([(b.all_ones(t.shape), U), *((f, e) for f, e in factors if not is_op(f, "phi"))])
    if terms[t] and terms.get(T(t)) == terms[t] and symmetric(whole):
        terms[whole] = terms.get(whole, Fraction(0)) + terms[t]
        terms[t] = terms[T(t)] = Fraction(0)


PHI = Op(
    "phi",
    square_kept("phi"),
    values.phi,
    normal=read_by(phi),
    facts=Facts(linear="together", triangular="lower"),
    rules=Rules(in_sum=_halves),
    identities=(
        Identity("lower triangle, diagonal halved", "phi(X)+phi(X)'", "X", {"X": ("symmetric",)}, source="Murray 2016"),
    ),
    source="Murray 2016, (8)",
    telling=Telling(step=LINEAR, across="⟨G, phi(M)⟩ = ⟨phi(G), M⟩", collected=TRIANGLE),
    example="phi(X)",
    doc="The lower triangle, the diagonal halved.",
    code=Code(text="({xp}.tril({0}) + {xp}.tril({0}, -1)) / 2"),
    shown='>>> fr.phi(fr.matrix("X", 2, 2)).evaluate(X=[[2, 1], [4, 6]]).tolist()\n[[1.0, 0.0], [4.0, 3.0]]',
)
