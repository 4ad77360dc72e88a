"""Arguments that are no expressions: sizes, axes, integers, indices."""

from __future__ import annotations

from collections.abc import Container
from fractions import Fraction

from frechet.core.dim import Dim, least
from frechet.errors import FrechetError
from frechet.language.tree import Node, walk

_LARGEST = 10**9
"""The largest coefficient in a size."""
_TERMS = 64
"""The most terms in a size."""
_DEEPEST = 26
"""The most axes of a tensor: einsum has a letter for each."""
_POWER = 48
"""The largest exponent in a size."""


def _sane(size: Dim, node: Node) -> Dim:
    if len(size.terms) > _TERMS or any(abs(c.numerator) > _LARGEST for _, c in size.terms):
        raise FrechetError("limit", "this size is beyond what is read", node.start)
    return size


def _power(base: Dim, exponent: Dim, node: Node) -> Dim:
    k = exponent.number
    if k is None or not 1 <= k <= _POWER:
        raise FrechetError("shape", f"the exponent in a size is an integer from 1 to {_POWER}", node.place)
    result = base
    for _ in range(k - 1):
        result = _sane(result * base, node)
    return result


def _combined(operation: str, args: list[Dim], node: Node) -> Dim:
    if operation == "neg":
        return args[0].scaled(Fraction(-1))
    left, right = args[0], args[-1]
    if operation == "add":
        return left + right
    if operation == "sub":
        return left - right
    if operation == "mul":
        return left * right
    if operation == "power":
        return _power(left, right, node)
    quotient = left.quotient(right) if operation == "divide" else None
    if quotient is None:
        raise FrechetError("shape", "a size is made of names and integers with + - * ^ /", node.place)
    return quotient


def size_of(root: Node, variables: Container[str] = ()) -> Dim:
    """The size that a piece of syntax stands for: a polynomial in names.

    >>> from frechet.language.reader import read
    >>> size_of(read("n*(n+1)/2")[0])
    n^2/2+n/2
    >>> size_of(read("min(n,m)")[0])
    min(m,n)
    """
    stack: list[Dim] = []
    for node in walk(root):
        if node.kind == "number":
            size = Dim({(): node.data[0]})
        elif node.kind == "name":
            if node.data in variables:
                raise FrechetError("name", f"{node.data} is a variable; a size is wanted here", node.start)
            size = Dim.of(str(node.data))
        elif node.kind == "op":
            below = len(node.args)
            size = _combined(str(node.data), stack[-below:], node)
            del stack[-below:]
        elif node.kind == "call" and node.data == "min" and len(node.args) == 2:
            size = least(*stack[-2:])  # how many singular values a matrix has
            del stack[-2:]
        else:
            raise FrechetError(
                "shape", "a size is wanted here: an integer, a name like n, or n+1, m*n, n^2", node.start
            )
        stack.append(_sane(size, node))
    size = stack[-1]
    if all(c < 0 for _, c in size.terms) or (not size.names and size.number is None):
        raise FrechetError("shape", f"a size is a positive integer or a name; got {size}", root.start)
    return size


def axis_of(node: Node) -> int:
    """An axis: 1 or 2, of a tensor 3 and more."""
    if node.kind == "number" and node.data[0].denominator == 1 and 1 <= node.data[0] <= _DEEPEST:
        return int(node.data[0])
    raise FrechetError("shape", "an axis is 1 (down the rows) or 2 (along each row), of a tensor 3, 4, …", node.start)


def order_of(node: Node) -> int:
    """A small integer that is not negative."""
    if node.kind == "number" and node.data[0].denominator == 1 and 0 <= node.data[0] <= 1000:
        return int(node.data[0])
    raise FrechetError("shape", "the order is an integer 0, 1, 2, …", node.start)


def index_of(node: Node, indices: Container[str], variables: Container[str] = ()) -> str | int | Dim:
    """An index: a letter of the index form, an integer, or a size."""
    if node.kind == "name" and node.data in indices:
        return str(node.data)
    if node.kind == "colon":
        raise FrechetError("syntax", "one : and one index pick a column X[:,j] or a row X[i,:]", node.start)
    if node.kind == "number" and (node.data[0] < 1 or node.data[0].denominator != 1):
        raise FrechetError("shape", f"an index is a whole number from 1 on; got {node.data[0]}", node.start)
    size = size_of(node, variables)
    number = size.number
    return size if number is None else number
