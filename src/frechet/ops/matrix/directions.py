"""Operations that are linear in their last argument: the derivative of a matrix function in a direction.

Scalars leave the direction; of f(X, E) and f(X', E')' the one with fewer transposes is kept; where E commutes with X
the derivative is a product, which each constructor says for itself.

The derivative of a matrix power, and the matrices that the derivatives of expm and of a power multiply vec(E) by, are
corners of block matrices (Higham, Functions of Matrices, (3.16) and Theorem 10.13):

    f([X, E; 0, X]) = [f(X), L; 0, f(X)]        with L = the derivative of f at X in the direction E,
    f([I⊗X, I; 0, X'⊗I]) = [f(I⊗X), K; 0, …]    with vec(L) = K*vec(E).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.atoms import is_zero
from frechet.algebra.constructors import T
from frechet.algebra.node import Node
from frechet.core.dim import Dim, Shape
from frechet.core.expr import Expr
from frechet.core.op import Params, Unify
from frechet.errors import FrechetError
from frechet.ops.expressions import apply
from frechet.ops.matrix.shared import ShapeRule, bare, symmetric
from frechet.ops.shapes import agree, square

Constructor = Callable[..., Node]

# -- shapes ------------------------------------------------------------------------------------------------------------


def of_one_size(name: str) -> ShapeRule:
    """The shape rule of f(X, E)."""

    def rule(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """Two square matrices of one size; the shape stays."""
        needs = f"{name}(X,E) needs square matrices of one size"
        return agree(unify, square(shapes[0], unify, needs), shapes[-1], needs)

    return rule


def of_the_last(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """The shape of the direction."""
    return shapes[-1]


def squared(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """n²×n²."""
    n = shapes[0][0]
    return (n * n, n * n)


# -- in the algebra ----------------------------------------------------------------------------------------------------


def linear(op: str, args: tuple[Node, ...], e: Node, turned: tuple[Node, ...]) -> Node:
    """f(args, e), linear in e: in the orientation with fewer transposes."""
    if is_zero(e):
        return e
    outside, e = bare(e)
    here, there = (*args, e), (*turned, T(e))
    flips = sum(x.flips for x in here), sum(x.flips for x in there)
    if (flips[1], [x.key for x in there]) < (flips[0], [x.key for x in here]):
        return b.mul(outside, T(b.apply(op, there, there[-1].shape)))
    return b.mul(outside, b.apply(op, here, e.shape))


def own_transpose(x: Node) -> bool:
    """Whether f(X, E) is symmetric: where X and E are."""
    return symmetric(x.args[0]) and symmetric(x.args[-1])


def in_direction(constructor: Constructor, function: str) -> Callable[..., Node]:
    """The differential of f(X, E), which is linear in E; in X it would need a second derivative."""

    def differential(y: Node, *tangents: Node) -> Node:
        if not all(atoms.is_zero(t) for t in tangents[:-1]):
            said = f"the second derivative of {function} in directions that do not commute with X has no formula here"
            raise FrechetError("unsupported", said)
        return constructor(*y.args[:-1], tangents[-1])

    return differential


def adjoint(constructor: Constructor) -> Callable[[Node, Node], Node]:
    """⟨G, f(X, E)⟩ = ⟨f(X', G), E⟩ for the derivative f of a matrix function."""

    def back(y: Node, g: Node) -> Node:
        return constructor(T(y.args[0]), *y.args[1:-1], g)

    return back


def kronecker(op: str) -> Callable[[Node, bool], Node]:
    """K with vec(f(X, E)) = K*vec(E), or of the transposes where rows are stacked: f(X, E)' = f(X', E')."""

    def matrix(y: Node, rows: bool) -> Node:
        x = T(y.args[0]) if rows else y.args[0]
        size = x.rows * x.rows
        return b.apply(op, (x, T(x), *y.args[1:-1]), (size, size))

    return matrix


# -- written with others -----------------------------------------------------------------------------------------------


def corner(function: str, args: tuple[Expr, ...], upper: Expr, right: Expr, lower: Expr) -> Expr:
    """The upper right block of f([upper, right; 0, lower])."""
    n = upper.shape[0]
    eye, zeros = apply("eye", (), (n,)), apply("zeros", (), (n, n))
    rows = apply("hcat", (upper, right)), apply("hcat", (zeros, lower))
    middle = apply(function, (apply("vcat", rows), *args))
    first, last = apply("hcat", (eye, zeros)), apply("vcat", (zeros, eye))
    return apply("mul", (apply("mul", (first, middle)), last))


def corner_on_vec(function: str, x: Expr, turned: Expr, *args: Expr) -> Expr:
    """The same for the map on vec(E); `turned` is X'."""
    n: Dim = x.shape[0]
    eye = apply("eye", (), (n,))
    upper, lower = apply("kron", (eye, x)), apply("kron", (turned, eye))
    return corner(function, args, upper, apply("eye", (), (n * n,)), lower)


def by_columns(xp: Any, n: int, derivative: Callable[..., Any]) -> Any:
    """The matrix of a map of n×n matrices, by its columns."""
    units = xp.eye(n * n)
    return xp.stack([xp.reshape(derivative(xp.reshape(u, (n, n)).T).T, (-1,)) for u in units], axis=1)
