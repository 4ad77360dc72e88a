"""Vectors of three entries: the cross product, its matrix hat(w), and the vector of a skew matrix.

cross(a,b) = hat(a)*b = -hat(b)*a, with hat(w) = [0, -w₃, w₂; w₃, 0, -w₁; -w₂, w₁, 0].
"""

from __future__ import annotations

from typing import Any

from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF, is_op, is_zero, zero
from frechet.algebra.constructors import T, mul, neg, scale
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import ONE, Dim, Shape, show
from frechet.core.expr import Expr
from frechet.core.facts import Facts, Identity, Rules
from frechet.core.op import Op, Params, Unify
from frechet.core.words import Telling, Words
from frechet.errors import FrechetError
from frechet.ops import bilinear
from frechet.ops.books import LINEAR
from frechet.ops.expressions import apply
from frechet.ops.matrix.shared import bare, read_by
from frechet.ops.shapes import shape_error

THREE = Dim.of(3)
MURRAY_LI_SASTRY = "Murray, Li & Sastry 1994, A Mathematical Introduction to Robotic Manipulation, sec. 2.2"

# -- shapes ------------------------------------------------------------------------------------------------------------


def _of_three(shape: Shape, unify: Unify, needs: str) -> None:
    """Refuse what is no vector of three entries."""
    try:
        if len(shape) == 1:
            unify(shape[0], THREE)
            return
    except FrechetError as trouble:
        raise shape_error(f"{needs}; got {show(shape)}") from trouble
    raise shape_error(f"{needs}; got {show(shape)}")


def _cross_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """Two vectors of length 3; their cross product is one too."""
    for shape in shapes:
        _of_three(shape, unify, "cross(a,b) needs two vectors of length 3")
    return (THREE,)


def _hat_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A vector of length 3; the value is 3×3."""
    _of_three(shapes[0], unify, "hat(w) needs a vector of length 3")
    return (THREE, THREE)


def _vee_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A 3×3 matrix; the value is a vector of length 3."""
    needs = "vee(W) needs a 3×3 matrix"
    if len(shapes[0]) != 2:
        raise shape_error(f"{needs}; got {show(shapes[0])}")
    for d in shapes[0]:
        _of_three((d,), unify, needs)
    return (THREE,)


def _map_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """9×3."""
    return (THREE * THREE, THREE)


# -- in the algebra ----------------------------------------------------------------------------------------------------


def hat(w: Node) -> Node:
    """The matrix of w×(·)."""
    if is_zero(w):
        return zero(THREE, THREE)
    outside, w = bare(w)
    return mul(outside, b.apply("hat", (w,), (THREE, THREE)))


def vee(x: Node) -> Node:
    """The vector of the skew part of x."""
    if is_zero(x):
        return zero(THREE, ONE)
    outside, x = bare(x)
    if is_op(x, "hat"):
        return mul(outside, x.args[0])
    if T(x) is x:
        return zero(THREE, ONE)
    return mul(outside, b.apply("vee", (x,), (THREE, ONE)))


def _first(u: Node, _: Node) -> Node:
    return hat(u)


def _second(v: Node, _: Node) -> Node:
    return neg(hat(v))


def _rows(u: Node, v: Node) -> Dim:
    return THREE


_of_two = bilinear.bilinear("cross", _first, _second, _rows)


def cross(u: Node, v: Node) -> Node:
    """u×v."""
    return zero(THREE, ONE) if bare(u)[1] is bare(v)[1] else _of_two(u, v)


_hat_before = bilinear.beside("hat", cross, _second)


def _hat_beside(x: Node, y: Node) -> list[Node] | None:
    """hat(w)*x = cross(w,x), hat(w)'*x = cross(x,w), x'*hat(w) = cross(x,w)'."""
    if x.kind == "transpose" and is_op(x.args[0], "hat"):
        return [neg(x.args[0]), y]
    if x.row and is_op(y, "hat") and not bilinear.moving(x) and not bilinear.moving(y):
        return [T(cross(T(x), y.args[0]))]
    return _hat_before(x, y)


def _d_hat(_: Node, dw: Node) -> Node:
    return hat(dw)


def _hat_adjoint(_: Node, g: Node) -> Node:
    """⟨G, hat(w)⟩ = ⟨2*vee(G), w⟩."""
    return scale(2, vee(g))


def _d_vee(_: Node, dx: Node) -> Node:
    return vee(dx)


def _vee_adjoint(_: Node, g: Node) -> Node:
    """⟨G, vee(W)⟩ = ⟨hat(G)/2, W⟩."""
    return scale(HALF, hat(g))


def _map(rows: bool) -> Node:
    """K with vec(hat(w)) = K*w; where columns are stacked the sign turns."""
    k = b.apply("hat_map", (), (THREE * THREE, THREE))
    return k if rows else neg(k)


def _hat_kronecker(_: Node, rows: bool) -> Node:
    return _map(rows)


def _vee_kronecker(_: Node, rows: bool) -> Node:
    return scale(HALF, T(_map(rows)))


def _map_written() -> Expr:
    """[hat(e₁); hat(e₂); hat(e₃)]: the j-th column of hat(w) is hat(w)*eⱼ = -hat(eⱼ)*w."""
    return apply("vcat", [apply("hat", (apply("unit", (), (Dim.of(j), THREE)),)) for j in (1, 2, 3)])


# -- values ------------------------------------------------------------------------------------------------------------


def _cross(xp: Any, params: Params, u: Any, v: Any) -> Any:
    return xp.cross(u, v)


def _hat(xp: Any, params: Params, w: Any) -> Any:
    x, y, z = w[0], w[1], w[2]
    o = 0.0 * x
    return xp.stack([xp.stack([o, -z, y]), xp.stack([z, o, -x]), xp.stack([-y, x, o])])


def _vee(xp: Any, params: Params, m: Any) -> Any:
    return xp.stack([m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]]) / 2


def _map_value(xp: Any, params: Params) -> Any:
    return xp.concatenate([_hat(xp, (), unit) for unit in xp.eye(3)])


CROSS = Op(
    "cross",
    _cross_shape,
    _cross,
    normal=read_by(cross),
    differential=bilinear.differential(_first, _second),
    facts=Facts(linear="each", holomorphic=True, cancels=True),
    rules=Rules(again=cross),
    identities=(Identity("the matrix of a cross product", "a'*hat(b)", "cross(a,b)'", source=MURRAY_LI_SASTRY),),
    source=f"the product rule; {MURRAY_LI_SASTRY}",
    telling=Telling(
        step=Words(
            "The cross product's differential",
            "Each factor moves in turn: d(a×b) = da×b + a×db, and da×b = -b×da.",
            MURRAY_LI_SASTRY,
        )
    ),
    example="cross(a,b)",
    doc="The cross product of two vectors of length 3.",
    python=("cross",),
    call="xx",
    code=Code(text="{xp}.cross({0}, {1})", torch="torch.linalg.cross({0}, {1})"),
    shown='>>> fr.derive(fr.cross(fr.vector("a", 3), fr.vector("b", 3)), "a").jacobian()\n-hat(b)',
)
HAT_TORCH = """
def hat(w):
    \"\"\"The matrix with hat(w)*x = cross(w,x).\"\"\"
    x, y, z = w
    o = torch.zeros_like(x)
    return torch.stack([o, -z, y, z, o, -x, -y, x, o]).reshape(3, 3)
"""
HAT = Op(
    "hat",
    _hat_shape,
    _hat,
    normal=read_by(hat),
    differential=_d_hat,
    adjoint=_hat_adjoint,
    kronecker=_hat_kronecker,
    facts=Facts(linear="together", holomorphic=True, cancels=True),
    rules=Rules(again=hat, beside=_hat_beside),
    source=f"linear; {MURRAY_LI_SASTRY}",
    telling=Telling(
        step=LINEAR, across="⟨G, hat(M)⟩ = ⟨2*vee(G), M⟩", stacked="the j-th column of hat(w) is cross(w,e_j)"
    ),
    example="hat(w)",
    doc="The skew 3×3 matrix with hat(w)*x = cross(w,x).",
    elsewhere=("skew", "wedge", "cross_matrix"),
    code=Code(torch="hat({0})", torch_helpers=(HAT_TORCH,)),
    shown='>>> fr.hat(fr.vector("w", 3)).evaluate(w=[1, 2, 3]).tolist()\n'
    "[[0.0, -3.0, 2.0], [3.0, 0.0, -1.0], [-2.0, 1.0, 0.0]]",
)
VEE = Op(
    "vee",
    _vee_shape,
    _vee,
    normal=read_by(vee),
    differential=_d_vee,
    adjoint=_vee_adjoint,
    kronecker=_vee_kronecker,
    facts=Facts(linear="together", holomorphic=True, cancels=True),
    rules=Rules(again=vee),
    identities=(Identity("the vector of a skew matrix", "vee(hat(w))", "w", source=MURRAY_LI_SASTRY),),
    source=f"linear; {MURRAY_LI_SASTRY}",
    telling=Telling(
        step=LINEAR, across="⟨G, vee(M)⟩ = ⟨hat(G)/2, M⟩", stacked="each entry is half a difference of two"
    ),
    example="vee(W)",
    doc="The vector of a skew 3×3 matrix, vee(hat(w)) = w; of any other matrix that of its skew part.",
    code=Code(torch="torch.stack([{0}[2, 1] - {0}[1, 2], {0}[0, 2] - {0}[2, 0], {0}[1, 0] - {0}[0, 1]]) / 2"),
    shown='>>> fr.vee(fr.hat(fr.vector("w", 3)) @ fr.eye(3)).shape\n(3,)',
)
HAT_MAP = Op(
    "hat_map",
    _map_shape,
    _map_value,
    written=_map_written,
    spoken=False,
    doc="K with vec(hat(w)) = -K*w.",
)

VECTORS3 = (CROSS, HAT, VEE, HAT_MAP)
