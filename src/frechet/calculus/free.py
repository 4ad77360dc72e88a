"""Derivatives by the free entries of a structured variable.

The entries that may be chosen freely are v = vech(X) for a symmetric or lower triangular X, vech(X') for an upper
triangular one, diag(X) for a diagonal one and the strict lower part for a skew one.  X is linear in them, vec(X) = B*v
with a matrix B of zeros and ones; a gradient G becomes B'*vec(G), a Jacobian J*B and a Hessian B'*H*B.

It is written in two steps, X = placed(Y) and vec(Y) = E*v: Y is the matrix that v is read off (X itself, X', the part
below the diagonal), and E a duplication matrix or a transposed elimination matrix.
"""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra.atoms import commutation, constant, eye, unit
from frechet.algebra.constructors import T, add, diag, diagonal, kron, mul, vec
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Dim, Shape
from frechet.core.expr import Expr, postorder

KINDS = ("symmetric", "lower", "upper", "diagonal", "skew")
"""The kinds of structure that have free entries."""


def read_off(kind: str, n: Dim) -> Shape:
    """The shape of what the free entries are read off: a matrix, of a diagonal X its diagonal itself."""
    return (n,) if kind == "diagonal" else (n - 1, n - 1) if kind == "skew" else (n, n)


def placed(kind: str, y: Node, n: Dim) -> Node:
    """X from what its free entries are read off.

    >>> from frechet.algebra.atoms import variable
    >>> n = Dim.of("n")
    >>> placed("upper", variable("Y", (n, n)), n).kind
    'transpose'
    """
    if kind == "upper":
        return T(y)
    if kind == "diagonal":
        return diag(y)
    if kind == "skew":
        below, before = _strict(n)
        lower = mul(T(below), y, before)
        return add([(lower, 1), (T(lower), -1)])
    return y


def gathered(kind: str, g: Node) -> Node:
    """The adjoint of `placed`: what a gradient by X is in the place of what the free entries are read off."""
    if kind == "upper":
        return T(g)
    if kind == "diagonal":
        return diagonal(g)
    if kind == "skew":
        below, before = _strict(g.rows)
        return mul(below, add([(g, 1), (T(g), -1)]), T(before))
    return g


def stacked(kind: str, n: Dim) -> Node | None:
    """E with vec(Y) = E*v; None where Y is v, a diagonal or a number."""
    if kind == "symmetric":
        return constant("duplication", (n * n, half(n)), n)
    if kind == "diagonal":
        return None
    size = n - 1 if kind == "skew" else n
    if size == ONE:
        return None
    return T(constant("elimination", (half(size), size * size), size))


def skew_basis(n: Dim) -> Node:
    """T with vec(X) = T*v for a skew X, v its entries below the diagonal in the order of vech.

    The entries below the diagonal go to their places, and with a minus to the places across.
    """
    below, before = _strict(n)
    kept = stacked("skew", n)
    places = kron(T(before), T(below))
    lower = places if kept is None else mul(places, kept)
    return mul(add([(eye(n * n), 1), (commutation(n, n), -1)]), lower)


def free_gradient(kind: str, g: Node) -> Node:
    """The gradient by the free entries, a column, from any g with df = ⟨g, dX⟩ within the structure."""
    left = stacked(kind, g.rows)
    y = gathered(kind, g)
    return y if left is None else mul(T(left), vec(y))


def briefer(*options: Expr) -> Expr:
    """The formula with the fewest parts, one that stands twice counted once: it will have a name."""
    return min(options, key=lambda e: sum(1 for _ in postorder(e)))


def half(n: Dim) -> Dim:
    """The length of vech: n (n + 1) / 2."""
    return (n * (n + 1)).scaled(Fraction(1, 2))


def _strict(n: Dim) -> tuple[Node, Node]:
    """What leaves out the first row, and what the last: the part strictly below the diagonal is the lower triangle
    of the n-1 rows and n-1 columns that are left."""
    return _picked(Dim.of(1), n), _picked(Dim.of(0), n)


def _picked(offset: Dim, n: Dim) -> Node:
    size = n - 1
    return T(unit(offset + 1, n)) if size == ONE else constant("select", (size, n), offset, size, n)
