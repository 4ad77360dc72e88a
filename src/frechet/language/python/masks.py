"""Masks: arrays of ones and zeros that say where something holds; comparisons, triangles, arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from frechet.core.dim import ONE, Dim
from frechet.core.expr import Expr
from frechet.language.python.arrays import Array, Fit, binary, constant
from frechet.ops.expressions import apply, number
from frechet.ops.shaping import TRIANGLES


@final
@dataclass(frozen=True)
class Mask:
    """A comparison of arrays: 1 where it holds, 0 where it does not."""

    array: Array


def flipped(fit: Fit, step: Array) -> Array:
    """One minus the array of ones and zeros."""
    return binary(fit, "sub", constant(1), step)


def places(n: Dim) -> Array:
    """0, 1, 2, …, n - 1."""
    if n == ONE:
        return constant(0)
    counted = apply("mul", (apply(TRIANGLES[0], (apply("ones", (), (n, n)),)), apply("ones", (), (n,))))
    return Array(apply("sub", (counted, number(1))), (n,))


def compared_places(sign: str, left: object, right: object) -> Array | None:
    """Rows compared with columns: `i[:, None] >= i` of the places i = 0, 1, …, n - 1 is a triangle of ones."""
    if not isinstance(left, Array) or not isinstance(right, Array) or left.expr is not right.expr:
        return None
    shapes = (left.shape, right.shape)
    n = max(left.shape, key=lambda d: d != ONE, default=ONE)
    if n == ONE or left.expr is not places(n).expr:
        return None
    column, row = (n, ONE), ((n,), (ONE, n))
    if shapes[1] == column and shapes[0] in row:
        sign = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(sign, sign)
    elif shapes[0] != column or shapes[1] not in row:
        return None
    square = apply("ones", (), (n, n))
    lower, upper = (apply(op, (square,)) for op in TRIANGLES)
    identity = apply("eye", (), (n,))
    made = {
        ">=": lower,
        "<=": upper,
        ">": apply("sub", (square, upper)),
        "<": apply("sub", (square, lower)),
        "==": identity,
        "!=": apply("sub", (square, identity)),
    }[sign]
    return Array(made, (n, n))


def truths(value: object) -> Array | None:
    """1 where an entry is not 0, else 0: of a comparison, of a mask written out, of an argument; None of others."""
    if isinstance(value, Mask):
        return value.array
    if not isinstance(value, Array):
        return None
    if is_bits(value.expr):
        return value
    argument = value.expr
    while argument.args and argument.op.name in _PLACING:
        (argument,) = argument.args
    if argument.op.name == "variable":
        return Array(apply("step", (apply("abs", (value.expr,)),)), value.shape)
    return None


_PLACING = ("transpose", "permute", "slice", "row", "column", "entry")
"""What only says where an entry stands."""


def is_bits(e: Expr) -> bool:
    """Whether every entry is known to be 0 or 1, from how the array is made.

    >>> is_bits(apply("tril", (apply("ones", (), ("n", "n")),))), is_bits(number(2))
    (True, False)
    """
    name = e.op.name
    if name in ("ones", "zeros", "eye", "unit", "step"):
        return True
    if name == "number":
        return e.params[0] in (0, 1)
    if name == "sub":
        whole_array, part = e.args
        within = part.op in TRIANGLES and part.args[0] is whole_array
        within = within or whole_array.op.name == "ones" or whole_array is number(1)
        return within and is_bits(whole_array) and is_bits(part)
    placing = e.op in TRIANGLES or name in ("hadamard", *_PLACING)
    return placing and all(map(is_bits, e.args))
