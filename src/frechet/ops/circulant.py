"""Circulant matrices, and the sums along their diagonals that are the adjoint."""

from __future__ import annotations

from typing import Any

from frechet.algebra import constructors as b
from frechet.algebra.atoms import is_zero, zero
from frechet.algebra.constructors import T, mul, parts
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import ONE, Shape, settle
from frechet.core.facts import Rules
from frechet.core.op import Op, Params, Unify
from frechet.core.words import Telling
from frechet.ops import bilinear
from frechet.ops.arrays import as_matrix, settled
from frechet.ops.books import LINEAR
from frechet.ops.matrix.shared import bare, read_by
from frechet.ops.shapes import square
from frechet.ops.toeplitz import LINEAR_MAP, flat, length_of, places_of


def _circulant_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A vector of length n; the value is n×n."""
    n = length_of(shapes[0], "circulant(c) needs a vector, the first column")
    return settle((n, n))


def _circsums_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A square matrix n×n; the value is a vector of length n."""
    return settle(square(shapes[0], unify, "circsums(X) needs a square matrix")[:1])


def circulant(c: Node) -> Node:
    """The matrix with first column c, each next column turned down by one."""
    if is_zero(c):
        return zero(c.rows, c.rows)
    if c.scalar:
        return c
    outside, c = bare(c)
    return mul(outside, b.apply("circulant", (c,), (c.rows, c.rows)))


def circsums(x: Node) -> Node:
    """The sums along the diagonals of a square matrix that is continued periodically."""
    if is_zero(x):
        return zero(x.rows, ONE)
    if x.scalar:
        return x
    outside, x = bare(x)
    chain = parts(x)[2]
    cut = next((k for k in range(1, len(chain)) if chain[k].rows == ONE), 0)
    if cut:  # circsums(u*v') = circulant(v)'*u
        return mul(outside, T(circulant(T(mul(*chain[cut:])))), mul(*chain[:cut]))
    return mul(outside, b.apply("circsums", (x,), (x.rows, ONE)))


def _circulant_beside(x: Node, y: Node) -> list[Node] | None:
    """circulant(u)*v = circulant(v)*u: what moves stands on the right."""
    if x.op == "circulant" and y.column and bilinear.moving(x) and not bilinear.moving(y):
        return [circulant(y), x.args[0]]
    return None


def _d_circulant(_: Node, dc: Node) -> Node:
    return circulant(dc)


def _circulant_adjoint(_: Node, g: Node) -> Node:
    return circsums(g)


def _d_circsums(_: Node, dx: Node) -> Node:
    return circsums(dx)


def _circsums_adjoint(_: Node, g: Node) -> Node:
    return circulant(g)


def _circulant(xp: Any, params: Params, c: Any) -> Any:
    c = flat(xp, c)
    return settled(xp, c[places_of(xp, len(c), len(c)) % len(c)])


def _circsums(xp: Any, params: Params, x: Any) -> Any:
    x = as_matrix(xp, x)
    rows = xp.arange(len(x))
    return settled(xp, xp.stack([xp.sum(x[(rows + k) % len(x), rows]) for k in rows]))


CIRCULANT_TORCH = """
def circulant(c):
    \"\"\"The matrix with the first column c, each further one turned on by one place.\"\"\"
    k = torch.arange(len(c), device=c.device)
    return c[(k[:, None] - k) % len(c)]
"""
CIRCULANT = Op(
    "circulant",
    _circulant_shape,
    _circulant,
    normal=read_by(circulant),
    differential=_d_circulant,
    adjoint=_circulant_adjoint,
    facts=LINEAR_MAP,
    rules=Rules(again=circulant, beside=_circulant_beside),
    source="linear: each entry goes to the places of its diagonal, continued periodically",
    telling=Telling(step=LINEAR, across="⟨G, circulant(M)⟩ = ⟨circsums(G), M⟩"),
    example="circulant(c)",
    doc="The circulant matrix with first column c.",
    python=("linalg.circulant",),
    arguments=("c",),
    code=Code(torch="circulant({0})", torch_helpers=(CIRCULANT_TORCH,)),
    shown='>>> fr.derive(fr.circulant(fr.vector("c", "n")) @ fr.vector("x", "n"), "c").jacobian()\ncirculant(x)',
)
CIRCSUMS_TORCH = """
def circsums(x):
    \"\"\"The sum of each diagonal that goes on at the top.\"\"\"
    k = torch.arange(len(x), device=x.device)
    return x[(k[:, None] + k) % len(x), k].sum(dim=1)
"""
CIRCSUMS = Op(
    "circsums",
    _circsums_shape,
    _circsums,
    normal=read_by(circsums),
    differential=_d_circsums,
    adjoint=_circsums_adjoint,
    facts=LINEAR_MAP,
    rules=Rules(again=circsums),
    source="linear: the adjoint of circulant(c)",
    telling=Telling(step=LINEAR, across="⟨G, circsums(M)⟩ = ⟨circulant(G), M⟩"),
    example="circsums(X)",
    doc="The sums along the diagonals of a square matrix continued periodically: the k-th is of the entries k-1 rows "
    "below the diagonal.",
    code=Code(torch="circsums({0})", torch_helpers=(CIRCSUMS_TORCH,)),
    shown='>>> fr.circsums(fr.matrix("X", 2, 2)).evaluate(X=[[1, 2], [3, 4]]).tolist()\n[5.0, 5.0]',
)
CIRCULANTS = (CIRCULANT, CIRCSUMS)
