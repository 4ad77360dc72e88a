"""Bilinear products with a matrix of each factor: f(a, b) = M(a)*b = N(b)*a, as a cross product and a convolution are.

What stands beside a column becomes the product, M(u)*v = f(u, v); but where the column or the matrix moves, the
increment is kept on the right, so that df = M(a)*db + N(b)*da is read off as two matrices.
"""

from __future__ import annotations

from collections.abc import Callable

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.constructors import add, mul
from frechet.algebra.node import Node, postorder
from frechet.core.dim import ONE, Dim
from frechet.ops.matrix.shared import bare

MatrixOf = Callable[[Node, Node], Node]
"""(u, v) → the matrix of u that is applied to v: of v its length alone matters."""


def moving(x: Node) -> bool:
    """Whether an increment occurs."""
    return any("increment" in atoms.assumptions(leaf) for leaf in postorder([x]))


def bilinear(name: str, first: MatrixOf, second: MatrixOf, rows: Callable[[Node, Node], Dim]) -> Callable[..., Node]:
    """The constructor of f(u, v) for columns u and v: scalars outside, an increment on the right of a matrix."""

    def make(u: Node, v: Node) -> Node:
        if atoms.is_zero(u) or atoms.is_zero(v):
            return atoms.zero(rows(u, v), ONE)
        (c, u), (d, v) = bare(u), bare(v)
        if moving(v):
            made = mul(first(u, v), v)
        elif moving(u):
            made = mul(second(v, u), u)
        else:
            made = b.apply(name, (u, v), (rows(u, v), ONE))
        return mul(c, d, made)

    return make


def beside(op: str, make: Callable[[Node, Node], Node], other: MatrixOf) -> Callable[[Node, Node], list[Node] | None]:
    """The rule of the matrix M beside a column: M(u)*v = f(u, v), or N(v)*u where u moves."""

    def rule(x: Node, y: Node) -> list[Node] | None:
        if x.op == op and y.column and not moving(y):
            (u,) = x.args
            return [other(y, u), u] if moving(u) else [make(u, y)]
        return None

    return rule


def differential(first: MatrixOf, second: MatrixOf) -> Callable[..., Node]:
    """df = N(b)*da + M(a)*db."""

    def rule(y: Node, du: Node, dv: Node) -> Node:
        u, v = y.args
        return add([(mul(second(v, u), du), 1), (mul(first(u, v), dv), 1)])

    return rule
