"""Singular values and vectors, and the norms that are made of them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF, is_op, is_zero, number
from frechet.algebra.constructors import T, add, diag, diagonal, hadamard, mul
from frechet.algebra.constructors.products import unturned
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import ONE, Dim, Shape, least, settle
from frechet.core.facts import Facts, Identity, Rules
from frechet.core.op import Op, Params, Unify
from frechet.core.words import Telling, Words
from frechet.ops.matrix import values
from frechet.ops.matrix.eigen import over_gaps
from frechet.ops.matrix.shared import HORN_JOHNSON, ShapeRule, bare, other_way, positive, read_by
from frechet.ops.rules import rule
from frechet.ops.shapes import matrix


def _shape(name: str, result: Callable[[Dim, Dim], Shape]) -> ShapeRule:
    def rule(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """Of m×n, with k = min(m,n): a norm a scalar, svdvals k, svd_u m×k, svd_v n×k."""
        return settle(result(*matrix(shapes[0], f"{name}(X) needs a matrix")))

    return rule


def fewest(x: Node) -> Dim:
    """How many singular values x has."""
    return least(x.rows, x.cols)


def _modulus(outside: Node) -> Node:
    return outside if b.nonnegative(outside) else b.elementwise("abs", outside)


def _length(x: Node) -> Node:
    """The one singular value of a column or a row."""
    return b.power(b.trace(mul(T(x), x)), HALF)


# -- singular values ---------------------------------------------------------------------------------------------------


def svdvals(x: Node) -> Node:
    """The singular values, descending."""
    if x.scalar:
        return b.elementwise("abs", x)
    outside, x = bare(x)
    if outside is not number(1):
        return mul(_modulus(outside), svdvals(x))
    if x.column or x.row:
        return _length(x)
    return b.apply("svdvals", (T(x) if other_way(x) else x,), (fewest(x), ONE))


def _d_svdvals(y: Node, dx: Node) -> Node:
    """dσ = diag(U'*dX*V)."""
    x = y.args[0]
    return diagonal(mul(T(svd_u(x)), dx, svd_v(x)))


DISTINCT = "where two singular values of {x} are equal, or one is 0, they have no derivative one by one"
VECTORS = (
    "where two singular values of {x} are equal, their vectors have no derivative; where one is 0, the formula has no "
    "value"
)
"""Of singular values, and of their vectors: those on the shorter side of a matrix are smooth where one value is 0."""

SVDVALS = Op(
    "svdvals",
    _shape("svdvals", lambda m, n: (least(m, n),)),
    values.svdvals,
    normal=read_by(svdvals),
    differential=_d_svdvals,
    domain=("singular values",),
    caution=DISTINCT,
    rules=Rules(
        again=svdvals,
        summed=rule(lambda x: norm("norm_nuclear", x.args[0])),
        squared=rule(lambda x: b.trace(mul(T(x.args[0]), x.args[0]))),
    ),
    identities=(
        Identity("sums of singular values", "sum(svdvals(A))", "norm_nuclear(A)", source=HORN_JOHNSON),
        Identity("sums of singular values", "sum(svdvals(A).^2)", "norm2(A)^2", source=HORN_JOHNSON),
    ),
    source="Townsend 2016",
    telling=Telling(
        step=Words(
            "A singular value's differential",
            "S*v = σu with unit u and v: multiplied by u' from the left, dσ = u'*dS*v.",
            "Townsend",
        )
    ),
    example="svdvals(A)",
    doc="The singular values, descending; distinct ones, none of them zero.",
    python=("linalg.svdvals",),
    code=Code(text="{xp}.linalg.svd({0}, compute_uv=False)", torch="torch.linalg.svdvals({0})", axes=2),
    shown='>>> fr.svdvals(fr.matrix("X", 2, 2)).evaluate(X=[[0, 2], [1, 0]]).round(9).tolist()\n[2.0, 1.0]',
)

# -- singular vectors --------------------------------------------------------------------------------------------------


def svd_u(x: Node) -> Node:
    """The left singular vectors: x = svd_u(x)*diag(svdvals(x))*svd_v(x)'."""
    _, x = positive(x)
    return number(1) if x.row else b.apply("svd_u", (x,), (x.rows, fewest(x)))


def svd_v(x: Node) -> Node:
    """The right singular vectors."""
    _, x = positive(x)
    return number(1) if x.column else b.apply("svd_v", (x,), (x.cols, fewest(x)))


def _beside(x: Node, y: Node) -> list[Node] | None:
    """Orthonormal columns: U'*U = I, V'*V = I."""
    f = unturned(x)
    return [b.eye(x.rows)] if x.kind == "transpose" and f is y and f.op in ("svd_u", "svd_v") else None


def _closing(factors: list[Node]) -> tuple[int, Node] | None:
    """U*diag(σ)*V' = X, and V*diag(σ)*U' = X'."""
    first, middle, last = factors[-3:]
    v = unturned(last)
    for mine, other, turned in (("svd_v", "svd_u", False), ("svd_u", "svd_v", True)):
        if v.op == mine and last.kind == "transpose" and is_op(first, other) and middle.kind == "diag":
            x = v.args[0]
            if first.args[0] is x and middle.args[0] is svdvals(x):
                return 3, T(x) if turned else x
    return None


def _vectors(x: Node, u: Node, v: Node, dx: Node) -> Node:
    """dU for x = U*diag(σ)*V', with distinct singular values that are not zero."""
    sigma = svdvals(x)
    s = diag(sigma)
    p = mul(T(u), dx, v)
    w = add([(mul(p, s), 1), (mul(s, T(p)), 1)])
    within = mul(u, over_gaps(hadamard([(sigma, Fraction(2))]), w))
    across = mul(add([(mul(dx, v), 1), (mul(u, p), -1)]), b.inverse(s))
    return add([(within, 1), (across, 1)])


def _d_svd_u(y: Node, dx: Node) -> Node:
    """The left singular vectors."""
    x = y.args[0]
    return _vectors(x, y, svd_v(x), dx)


def _d_svd_v(y: Node, dx: Node) -> Node:
    """The right singular vectors: those of X' on the left."""
    x = y.args[0]
    return _vectors(x, y, svd_u(x), T(dx))


SIGNED_SVD = """
def signed_svd(x):
    \"\"\"U and V of x = U S V', the largest entry of each column of U positive.\"\"\"
    u, _, vt = {xp}.linalg.svd(x, full_matrices=False)
    largest = u[abs(u).argmax(0), {xp}.arange(u.shape[1])]
    return u * {xp}.sign(largest), vt.T * {xp}.sign(largest)
"""
SVD_U = Op(
    "svd_u",
    _shape("svd_u", lambda m, n: (m, least(m, n))),
    values.svd_u,
    normal=read_by(svd_u),
    differential=_d_svd_u,
    domain=("singular values",),
    caution=VECTORS,
    rules=Rules(again=svd_u, beside=_beside, closing=_closing),
    identities=(
        Identity("orthonormal vectors", "svd_u(A)'*svd_u(A)", "eye(min(m,n))", source=HORN_JOHNSON),
        Identity("singular value decomposition", "svd_u(A)*diag(svdvals(A))*svd_v(A)'", "A", source=HORN_JOHNSON),
    ),
    source="Townsend 2016",
    telling=Telling(
        step=Words("The left singular vectors' differential", "They are the eigenvectors of S*S'.", "Townsend")
    ),
    example="svd_u(A)",
    doc="Left singular vectors as columns: X = svd_u(X)*diag(svdvals(X))*svd_v(X)'.",
    code=Code(text="signed_svd({0})[0]", helper=SIGNED_SVD, axes=2, cost=20),
    shown='>>> fr.svd_u(fr.matrix("X", 2, 2)).shape\n(2, 2)',
)
SVD_V = Op(
    "svd_v",
    _shape("svd_v", lambda m, n: (n, least(m, n))),
    values.svd_v,
    normal=read_by(svd_v),
    differential=_d_svd_v,
    domain=("singular values",),
    caution=VECTORS,
    rules=Rules(again=svd_v, beside=_beside, closing=_closing),
    identities=(Identity("orthonormal vectors", "svd_v(A)'*svd_v(A)", "eye(min(m,n))", source=HORN_JOHNSON),),
    source="Townsend 2016",
    telling=Telling(
        step=Words("The right singular vectors' differential", "They are the eigenvectors of S'*S.", "Townsend")
    ),
    example="svd_v(A)",
    doc="Right singular vectors as columns.",
    code=Code(text="signed_svd({0})[1]", helper=SIGNED_SVD, axes=2, cost=20),
    shown='>>> fr.svd_v(fr.matrix("X", 2, 2)).shape\n(2, 2)',
)

# -- norms -------------------------------------------------------------------------------------------------------------


def norm(op: str, x: Node) -> Node:
    """The sum (norm_nuclear) or the largest (norm_spectral) of the singular values."""
    if x.scalar:
        return b.elementwise("abs", x)
    outside, x = bare(x)
    if outside is not number(1):
        return mul(_modulus(outside), norm(op, x))
    if x.column or x.row:
        return _length(x)
    if is_zero(x):
        return number(0)
    cut = next((i for i in range(1, len(x.chain)) if x.chain[i].rows == ONE), 0)
    if cut:  # of rank one
        ends = mul(*x.chain[:cut]), mul(*x.chain[cut:])
        return mul(*(norm(op, end) for end in ends))
    if op == "norm_nuclear" and "positive definite" in atoms.assumptions(x):
        return b.trace(x)
    return b.apply(op, (T(x) if other_way(x) else x,), (ONE, ONE))


def _d_nuclear(y: Node, dx: Node) -> Node:
    """d‖X‖_* = ⟨U*V', dX⟩ where X has full rank."""
    x = y.args[0]
    return b.trace(mul(svd_v(x), T(svd_u(x)), dx))


def _d_spectral(y: Node, dx: Node) -> Node:
    """dσ₁ = u₁'*dX*v₁ where the largest singular value is simple."""
    x = y.args[0]
    first = atoms.unit(Dim.of(1), fewest(x))
    return mul(T(first), T(svd_u(x)), dx, svd_v(x), first)


_nuclear, _spectral = partial(norm, "norm_nuclear"), partial(norm, "norm_spectral")

NORM_NUCLEAR = Op(
    "norm_nuclear",
    _shape("norm_nuclear", lambda m, n: ()),
    values.norm_nuclear,
    normal=read_by(_nuclear),
    differential=_d_nuclear,
    caution="where the rank of {x} falls, the nuclear norm has no derivative",
    facts=Facts(unturned=True, boundary="some", of_arrays=True),
    signs=("‖x‖_*", "‖x‖_ast", "‖x‖_nuc"),
    rules=Rules(again=_nuclear),
    identities=(
        Identity("norms", "norm_nuclear(A')", "norm_nuclear(A)", source=HORN_JOHNSON),
        Identity("norms", "norm_nuclear(X)", "tr(X)", {"X": ("positive definite",)}, source=HORN_JOHNSON),
    ),
    source="Watson 1992",
    telling=Telling(
        step=Words(
            "The nuclear norm's differential",
            "It is the sum of the singular values, and dσ = u'*dS*v for each: together tr(V*U'*dS).",
            "Watson",
        )
    ),
    example="norm_nuclear(A)",
    doc="The sum of the singular values; its derivative at full rank.",
    code=Code(text='{xp}.linalg.norm({0}, "nuc")', torch='torch.linalg.matrix_norm({0}, "nuc")', axes=2),
    shown='>>> fr.norm_nuclear(fr.matrix("X", 2, 2)).evaluate(X=[[0, 2], [1, 0]]).round(9).tolist()\n3.0',
)
NORM_SPECTRAL = Op(
    "norm_spectral",
    _shape("norm_spectral", lambda m, n: ()),
    values.norm_spectral,
    normal=read_by(_spectral),
    differential=_d_spectral,
    caution="where the two largest singular values of {x} are equal, the spectral norm has no derivative",
    facts=Facts(unturned=True, boundary="some", of_arrays=True),
    signs=("‖x‖_op", "‖x‖_spec"),
    rules=Rules(again=_spectral),
    identities=(
        Identity("norms", "norm_spectral(t*A)", "abs(t)*norm_spectral(A)", source=HORN_JOHNSON),
        Identity("norms", "norm_spectral(x*y')", "norm2(x)*norm2(y)", source=HORN_JOHNSON),
    ),
    source="Watson 1992",
    telling=Telling(
        step=Words(
            "The spectral norm's differential",
            "It is the largest singular value, and dσ = u'*dS*v with its unit vectors u and v.",
            "Watson",
        )
    ),
    example="norm_spectral(A)",
    doc="The largest singular value; its derivative where that is simple.",
    code=Code(text="{xp}.linalg.norm({0}, 2)", torch="torch.linalg.matrix_norm({0}, 2)", axes=2),
    shown='>>> fr.norm_spectral(fr.matrix("X", 2, 2)).evaluate(X=[[0, 2], [1, 0]]).round(9).tolist()\n2.0',
)
