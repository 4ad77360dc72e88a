"""What functions of a matrix share: shape rules, scalars taken outside, the orientation that is kept."""

from __future__ import annotations

from collections.abc import Callable

from frechet.algebra import constructors as b
from frechet.algebra.constructors import T, number
from frechet.algebra.node import Node
from frechet.core.dim import Shape
from frechet.core.expr import Expr
from frechet.core.op import Params, Unify
from frechet.ops.shapes import square

ShapeRule = Callable[[tuple[Shape, ...], Params, Unify], Shape]

PRINCIPAL = "no eigenvalue on the closed negative axis"
HIGHAM = "Higham, Functions of Matrices (2008), Theorem 1.13"
HORN_JOHNSON = "Horn & Johnson, Matrix Analysis"
GOLUB_VAN_LOAN = "Golub & Van Loan, Matrix Computations"


def square_kept(name: str) -> ShapeRule:
    """The shape rule of a function of a square matrix with a value of the same shape."""

    def rule(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """A square matrix; the shape stays."""
        return square(shapes[0], unify, f"{name}(X) needs a square matrix")

    return rule


def read_by(constructor: Callable[..., Node]) -> Callable[..., Node]:
    """How an expression reads in the algebra: by the constructor, of the arguments' nodes."""

    def read(_: Expr, *args: Node) -> Node:
        return constructor(*args)

    return read


def bare(x: Node) -> tuple[Node, Node]:
    """x as (scalar, the rest)."""
    coef, scalars, chain = b.parts(x)
    if not chain or (coef == 1 and not scalars):
        return number(1), x
    return b.mul(number(coef), *(b.power(s, e) for s, e in scalars)), b.mul(*chain)


def positive(x: Node) -> tuple[Node, Node]:
    """x as (positive scalar, the rest): what is not known to be positive stays."""
    coef, scalars, chain = b.parts(x)
    if not chain:
        return number(1), x
    outside = [number(abs(coef)), *(b.power(s, e) for s, e in scalars if b.nonnegative(s))]
    inside = [number(1 if coef > 0 else -1), *(b.power(s, e) for s, e in scalars if not b.nonnegative(s))]
    return b.mul(*outside), b.mul(*inside, *chain)


def other_way(x: Node) -> bool:
    """Whether the transpose of x is the orientation that is kept."""
    turned = T(x)
    return turned is not x and (turned.flips, turned.key) < (x.flips, x.key)


def equivariant(op: str, x: Node) -> Node:
    """f(x) for a function of a square matrix with f(X') = f(X)'."""
    if other_way(x):
        turned = T(x)
        return T(b.apply(op, (turned,), turned.shape))
    return b.apply(op, (x,), x.shape)


def symmetric(x: Node) -> bool:
    """Whether x is its own transpose."""
    return T(x) is x
