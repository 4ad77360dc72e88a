"""Index form: entries with letters for indices, Kronecker's delta, written sums.

These are scalars that depend on their indices.  They have no value of their own: what a repeated index
means lies in the product around it, so `verify` evaluates such a formula as a whole.
"""

from __future__ import annotations

from typing import Any

from frechet.core.dim import Shape, settle
from frechet.core.op import Op, Params, Unify
from frechet.errors import FrechetError
from frechet.ops.shapes import index_count, scalar, shape_error


def _at_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """As many indices as the array has axes; a scalar for each value of them."""
    (shape,) = shapes
    if len(params) != len(shape):
        raise shape_error(index_count(shape, len(params)))
    return ()


def _member_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """An array whose first axis is the index of the family; what is left of its shape."""
    (shape,) = shapes
    if not shape:
        raise shape_error("a number has no members")
    return settle(shape[1:])


def _sum_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A number, or a matrix formula in which the index picks rows, columns and entries; the same shape."""
    return shapes[0]


def _by_indices_only(xp: Any, params: Params, *arrays: Any) -> Any:
    raise FrechetError("input", "a formula in index form has a value only together with its free indices")


AT = Op(
    "at",
    _at_shape,
    _by_indices_only,
    example="X[i,j]",
    doc="The entry whose indices are the params.",
    call="",
)
DELTA = Op(
    "delta",
    scalar,
    _by_indices_only,
    example="delta(i,j)",
    doc="1 where the two indices agree, else 0.",
    call="ii",
)
MEMBER = Op(
    "member",
    _member_shape,
    _by_indices_only,
    example="X[i,:]'",
    doc="The member of a family whose index is the param: the array at that place of the first axis, a column.",
    call="",
)
ISUM = Op(
    "isum",
    _sum_shape,
    _by_indices_only,
    example="sum(k: X[i,k])",
    doc="The sum over the named indices, of entries or of matrices: sum(i: X[i,:]'*X[i,:]).",
    call="",
)

IPROD = Op(
    "iprod",
    scalar,
    _by_indices_only,
    example="prod(i: x[i])",
    doc="The product over the named index of a number; it becomes the product of an array's entries.",
    call="",
)

INDEXFORM = (AT, DELTA, MEMBER, ISUM, IPROD)
