"""Leaves of the algebra: variables, numbers, sizes and the constant matrices."""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra.node import Node, intern
from frechet.core.dim import ONE, Dim, Shape, rows_cols

SYMMETRIC = frozenset({"symmetric", "positive definite", "diagonal"})
"""The assumptions that make a matrix equal to its transpose."""

U = Fraction(1)
"""The exponent and the coefficient that is not written."""
HALF = Fraction(1, 2)
"""The exponent of a square root."""


def two(shape: Shape) -> tuple[Dim, ...]:
    """The shape of the node for a value of this shape: always rows and columns, unless it is a tensor."""
    return rows_cols(shape) if len(shape) <= 2 else shape


def variable(name: str, shape: Shape, assumptions: tuple[str, ...] = ()) -> Node:
    """The leaf of a named array."""
    return intern("leaf", two(shape), (), op="variable", params=(name, assumptions))


def number(q: Fraction | int) -> Node:
    """A rational number."""
    return intern(
        "product",
        (ONE, ONE),
        (),
        coef=Fraction(q),
        overhead=1 if q >= 0 and Fraction(q).denominator == 1 else 2,
    )


def root_base(q: Fraction) -> Node:
    """A positive number that stands under a fractional exponent (the 2 of √2)."""
    return intern("leaf", (ONE, ONE), (), op="number", params=(q,))


def size(d: Dim) -> Node:
    """A size used as a scalar: one atom a name, so that n·m and m·n are one product."""
    if d.number is not None:
        return number(d.number)
    return intern("leaf", (ONE, ONE), (), op="size", params=(d,))


def pi() -> Node:
    """The number π."""
    return intern("leaf", (ONE, ONE), (), op="pi")


def constant(op: str, shape: tuple[Dim, ...], *params: Dim) -> Node:
    """A constant matrix by the name of its operation (``elimination``, ``duplication``, a mask …)."""
    return intern("leaf", shape, (), op=op, params=params, overhead=1 + len(params))


def eye(n: Dim) -> Node:
    """The n×n identity."""
    return number(1) if n == ONE else constant("eye", (n, n), n)


def ones(n: Dim) -> Node:
    """The column of n ones."""
    return number(1) if n == ONE else constant("ones", (n, ONE), n)


def imaginary() -> Node:
    """The imaginary unit, for which the language has no name: it stands only where imag(·) was taken apart."""
    return intern("leaf", (ONE, ONE), (), op="imaginary")


def zero(*shape: Dim) -> Node:
    """The zero matrix, or the zero tensor of three sizes or more."""
    return number(0) if shape == (ONE, ONE) else constant("zeros", shape, *shape)


def unit(i: Dim, n: Dim) -> Node:
    """The i-th basis vector of length n."""
    return number(1) if n == ONE else constant("unit", (n, ONE), i, n)


def commutation(m: Dim, n: Dim) -> Node:
    """K with K·vec(X) = vec(X') for X m×n."""
    if m == ONE or n == ONE:
        return eye(m * n)
    return constant("commutation", (m * n, m * n), m, n)


def is_op(node: Node, op: str) -> bool:
    """Whether the node is a leaf or an application of the operation with this name."""
    return node.op == op and node.kind in ("leaf", "apply")


def is_zero(node: Node) -> bool:
    """Whether the node is the zero of its shape."""
    return (node.kind == "product" and node.coef == 0) or node.op == "zeros"


def value_of(node: Node) -> Fraction | None:
    """The rational number that the node is, or None."""
    if node.kind == "product" and not node.terms and not node.chain:
        return node.coef
    return None


CENTRED = "centred "
"""The assumption, with an axis counted from 1 behind it, that the entries along the axis add up to zero."""


def centred(node: Node) -> list[int]:
    """The axes, counted from 0, along which the entries of a leaf are known to add up to zero."""
    return [int(a.removeprefix(CENTRED)) - 1 for a in assumptions(node) if a.startswith(CENTRED)]


def assumptions(node: Node) -> frozenset[str]:
    """What is assumed of a variable; nothing for anything else."""
    return frozenset(node.params[1]) if node.op == "variable" and node.kind == "leaf" else frozenset()
