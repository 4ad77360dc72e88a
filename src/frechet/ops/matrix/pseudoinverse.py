"""The Moore-Penrose inverse."""

from __future__ import annotations

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.atoms import is_op, is_zero, number, zero
from frechet.algebra.constructors import T, add, mul, plus
from frechet.algebra.constructors.products import unturned
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import Shape, settle
from frechet.core.facts import Facts, Identity, Rules
from frechet.core.op import Op, Params, Unify
from frechet.core.words import Telling, Words
from frechet.ops.matrix import values
from frechet.ops.matrix.shared import GOLUB_VAN_LOAN, bare, other_way, read_by
from frechet.ops.shapes import matrix


def _shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """m×n becomes n×m."""
    m, n = matrix(shapes[0], "pinv(X) needs a matrix")
    return settle((n, m))


def pinv(x: Node) -> Node:
    """The Moore-Penrose inverse, where the rank does not change."""
    if x.scalar:
        return b.power(x, -1)
    if is_zero(x):
        return zero(x.cols, x.rows)
    outside, x = bare(x)
    if outside is not number(1):
        return mul(b.power(outside, -1), pinv(x))
    if x.column or x.row:
        v = x if x.column else T(x)
        turned = mul(b.power(mul(T(v), v), -1), v)
        return T(turned) if x.column else turned
    if is_op(x, "eye") or is_op(x, "inv"):
        return b.inverse(x)
    if "orthogonal" in atoms.assumptions(x):
        return T(x)
    if is_op(unturned(x), "pinv"):
        inner = unturned(x).args[0]
        return inner if x.kind != "transpose" else T(inner)
    if other_way(x):
        return T(b.apply("pinv", (T(x),), x.shape))
    return b.apply("pinv", (x,), (x.cols, x.rows))


def _related(x: Node, y: Node) -> bool:
    """Whether x = pinv(y) or y = pinv(x)."""
    return any(unturned(p).op == "pinv" and pinv(q) is p for p, q in ((x, y), (y, x)))


def _beside(x: Node, y: Node) -> list[Node] | None:
    """A*pinv(A) and pinv(A)*A are projectors, which are their own transposes."""
    f, g = unturned(x), unturned(y)
    if x.kind == "transpose" and y.kind == "transpose" and _related(f, g):
        return [g, f]
    return None


def _closing(factors: list[Node]) -> tuple[int, Node] | None:
    """X*pinv(X)*X = X, X'*X*pinv(X) = X': a projector and what lies in its range."""
    first, middle, last = factors[-3:]
    for one, two, other in ((first, middle, last), (last, middle, first)):
        if _related(one, two) and other in (one, T(two)):
            return 3, other
    return None


def _differential(y: Node, dx: Node) -> Node:
    """dP = -P*dX*P + P*P'*dX'*(I-X*P) + (I-P*X)*dX'*P'*P, where the rank stays (Golub & Pereyra)."""
    x = y.args[0]
    left = plus(b.eye(x.rows), mul(x, y), -1)
    right = plus(b.eye(x.cols), mul(y, x), -1)
    return add([(mul(y, dx, y), -1), (mul(y, T(y), T(dx), left), 1), (mul(right, T(dx), T(y), y), 1)])


PINV = Op(
    "pinv",
    _shape,
    values.pinv,
    normal=read_by(pinv),
    differential=_differential,
    caution="where the rank of {x} falls, the pseudo-inverse has no derivative",
    facts=Facts(boundary="some", transposes=True),
    rules=Rules(again=pinv, beside=_beside, closing=_closing),
    identities=(
        Identity("Moore-Penrose", "A*pinv(A)*A", "A", source=GOLUB_VAN_LOAN),
        Identity("Moore-Penrose", "pinv(A)*A*pinv(A)", "pinv(A)", source=GOLUB_VAN_LOAN),
        Identity("Moore-Penrose", "A'*A*pinv(A)", "A'", source=GOLUB_VAN_LOAN),
        Identity("Moore-Penrose", "(A*pinv(A))'", "A*pinv(A)", source=GOLUB_VAN_LOAN),
        Identity("Moore-Penrose", "pinv(pinv(A))", "A", source=GOLUB_VAN_LOAN),
        Identity("Moore-Penrose", "pinv(A')", "pinv(A)'", source=GOLUB_VAN_LOAN),
        Identity("Moore-Penrose", "pinv(x)", "x'/(x'*x)", source=GOLUB_VAN_LOAN),
    ),
    telling=Telling(
        step=Words(
            "The pseudoinverse's differential",
            "From S*P*S = S, P*S*P = P and the symmetry of S*P and P*S, at constant rank.",
            "Golub & Pereyra",
        )
    ),
    source="Golub & Pereyra 1973, (4.12)",
    example="pinv(A)",
    doc="The Moore-Penrose inverse; its derivative where the rank does not change.",
    python=("linalg.pinv", "pinverse"),
    code=Code(axes=2, text="{xp}.linalg.pinv({0})"),
    shown='>>> fr.pinv(fr.matrix("A", "m", "n")).shape\n(\'n\', \'m\')',
)
