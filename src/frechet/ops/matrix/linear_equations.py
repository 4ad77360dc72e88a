"""The Sylvester equation A*Y + Y*B = C, solved for Y."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from frechet.algebra import constructors as b
from frechet.algebra.atoms import number
from frechet.algebra.constructors import T, add, commuting, mul
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import Shape, rows_cols, settle, show
from frechet.core.facts import Facts, Identity, Rules
from frechet.core.op import Op, Params, Unify
from frechet.core.words import Telling, Words
from frechet.errors import FrechetError
from frechet.ops.matrix import directions, values
from frechet.ops.matrix.shared import HIGHAM, HORN_JOHNSON, bare, read_by, symmetric
from frechet.ops.shapes import matrix, shape_error, square

DENSE = 400
"""A linear system with this many unknowns is solved as it is."""


def two_sided(name: str) -> Callable[[tuple[Shape, ...], Params, Unify], Shape]:
    """The shape rule of a solution Y between a matrix on its left and one on its right."""
    needs = f"{name}(A,B,C) needs square A and B, and C with the rows of A and the columns of B"

    def shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """A m×m, B n×n, C m×n; the solution is m×n."""
        p, q = (rows_cols(square(s, unify, needs))[0] for s in shapes[:2])
        m, n = matrix(shapes[2], needs)
        try:
            return settle((unify(p, m), unify(q, n)))
        except FrechetError as trouble:
            raise shape_error(f"{needs}; got {', '.join(show(s) for s in shapes)}") from trouble

    return shape


def solution(p: Node, q: Node, c: Node) -> Node:
    """The Y with p*Y + Y*q = c."""
    if p.scalar and q.scalar:
        return mul(b.power(b.plus(p, q), -1), c)
    if p is q and commuting.commute(c, p):
        return b.scale(Fraction(1, 2), mul(b.inverse(p), c))
    outside, rest = bare(p)
    other, second = bare(q)
    if outside is other and outside is not number(1):
        return mul(b.power(outside, -1), solution(rest, second, c))
    return directions.linear("sylvester", (p, q), c, (T(q), T(p)))


def own_transpose(x: Node) -> bool:
    """Whether Y is symmetric: where B = A' and C is symmetric."""
    return T(x.args[0]) is x.args[1] and symmetric(x.args[2])


def _differential(y: Node, da: Node, db: Node, dc: Node) -> Node:
    """A*dY + dY*B = dC - dA*Y - Y*dB."""
    p, q, _ = y.args
    return solution(p, q, add([(dc, 1), (mul(da, y), -1), (mul(y, db), -1)]))


def _adjoint(y: Node, g: Node) -> Node:
    """⟨G, sylvester(A, B, C)⟩ = ⟨sylvester(A', B', G), C⟩."""
    return solution(T(y.args[0]), T(y.args[1]), g)


def _kronecker(y: Node, rows: bool) -> Node:
    """inv(kron(eye(n), A) + kron(B', eye(m)))."""
    p, q = (T(y.args[1]), T(y.args[0])) if rows else y.args[:2]
    return b.inverse(add([(b.kron(b.eye(q.rows), p), 1), (b.kron(T(q), b.eye(p.rows)), 1)]))


def _value(xp: Any, params: Params, a: Any, b: Any, c: Any) -> Any:
    """The Y with A Y + Y B = C."""
    if not values.usable(xp, a, b, c):
        return c * xp.nan
    a, b = (xp.reshape(x, (1, 1)) if x.ndim == 0 else x for x in (a, b))
    m, n = len(a), len(b)
    if m * n <= DENSE:
        system = xp.kron(a, xp.eye(n)) + xp.kron(xp.eye(m), b.T)
        return xp.reshape(xp.linalg.solve(system, xp.reshape(c, (m * n,))), c.shape)
    return xp.reshape(values.scipy_function("solve_sylvester")(a, b, xp.reshape(c, (m, n))), c.shape)


TWO_SIDED_TORCH = """
def two_sided(a, b, c, discrete):
    \"\"\"The Y with A Y + Y B = C, or with Y - A Y B = C: the linear system of its entries, row by row.\"\"\"
    a, b = (m.reshape(1, 1) if m.ndim == 0 else m.contiguous() for m in (a, b))
    left, right = (torch.eye(len(m), dtype=m.dtype, device=m.device) for m in (a, b))
    if discrete:
        system = torch.kron(left, right) - torch.kron(a, b.T.contiguous())
    else:
        system = torch.kron(a, right) + torch.kron(left, b.T.contiguous())
    return torch.linalg.solve(system, c.reshape(-1)).reshape(c.shape)
"""
SYLVESTER = Op(
    "sylvester",
    two_sided("sylvester"),
    _value,
    normal=read_by(solution),
    differential=_differential,
    adjoint=_adjoint,
    kronecker=_kronecker,
    caution="no eigenvalue of {x} may be the negative of one of {second}: the equation has no single solution there",
    facts=Facts(boundary="some", holomorphic=True, self_adjoint=True),
    rules=Rules(again=solution, symmetric=own_transpose),
    identities=(
        Identity("a derivative where directions commute", "sylvester(X,X,X)", "eye(n)/2", source=HIGHAM),
        Identity("tr(R*L(X,E)) = tr(R*f'(X)*E)", "tr(sylvester(X,X,E))", "tr(inv(X)*E)/2", source=HIGHAM),
        Identity("the transpose of a solution", "sylvester(B',A',C')", "sylvester(A,B,C)'", source=HORN_JOHNSON),
    ),
    telling=Telling(
        step=Words(
            "The differential of a Sylvester equation",
            "A*Y + Y*B = C: differentiated, A*dY + dY*B = dC - dA*Y - Y*dB, the same equation with another right side.",
            "Higham app. B",
        ),
        across="⟨G, sylvester(P,Q,M)⟩ = ⟨sylvester(P',Q',G), M⟩",
        commuting="where C commutes with R, sylvester(R,R,C) is inv(R)*C/2",
        stacked="A*Y + Y*B = C is (kron(eye(n),A) + kron(B',eye(m)))*vec(Y) = vec(C)",
    ),
    source="Higham, Functions of Matrices, appendix B.14",
    example="sylvester(A,B,C)",
    doc="The Y with A*Y + Y*B = C.",
    call="xxx",
    code=Code(
        axes=2,
        numpy="{linalg}.solve_sylvester({0}, {1}, {2})",
        jax="{linalg}.solve_sylvester({0}, {1}, {2})",
        torch="two_sided({0}, {1}, {2}, discrete=False)",
        torch_helpers=(TWO_SIDED_TORCH,),
        cost=25,
    ),
    shown='>>> fr.sylvester(*(fr.matrix(name, 2, 2) for name in "ABC")).shape\n(2, 2)',
)
