"""Shape rules that many operations share.

Every equality of sizes goes through `unify`: one rule both checks known sizes and lets inference solve for
unknown ones.  Only the order of an argument (scalar, vector, matrix) must be known when a rule is called.
"""

from __future__ import annotations

from frechet.core.dim import Shape, rows_cols, settle, show
from frechet.core.op import Params, Unify
from frechet.errors import FrechetError


def shape_error(message: str) -> FrechetError:
    """The refusal of a shape rule."""
    return FrechetError("shape", message)


def agree(unify: Unify, left: Shape, right: Shape, needs: str) -> Shape:
    """The common shape of two arrays; `needs` says which operation needs it.

    >>> from frechet.core.dim import Dim
    >>> from frechet.ops.expressions import rigid
    >>> agree(rigid, (Dim.of("n"),), (Dim.of("m"), Dim.of("n")), "A+B needs operands of one shape")
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: A+B needs operands of one shape; got n×1 and m×n
    """
    try:
        if len(left) <= 2 and len(right) <= 2:
            (m, n), (p, q) = rows_cols(left), rows_cols(right)
            return settle((unify(m, p), unify(n, q)))
        if len(left) == len(right):
            return tuple(unify(p, q) for p, q in zip(left, right, strict=True))
    except FrechetError as trouble:
        raise shape_error(f"{needs}; got {show(left)} and {show(right)}") from trouble
    raise shape_error(f"{needs}; got {show(left)} and {show(right)}")


def matrix(shape: Shape, needs: str) -> Shape:
    """Rows and columns of an array of order at most two, else the refusal `needs`."""
    if len(shape) > 2:
        raise shape_error(f"{needs}; got a tensor {show(shape)}")
    return rows_cols(shape)


def square(shape: Shape, unify: Unify, needs: str) -> Shape:
    """The settled shape of a square matrix (a scalar is 1×1), its two sizes made equal."""
    if not shape:
        return ()
    if len(shape) != 2:
        raise shape_error(f"{needs}; got {show(shape)}")
    try:
        n = unify(shape[0], shape[1])
    except FrechetError as trouble:
        raise shape_error(f"{needs}; got {show(shape)}") from trouble
    return settle((n, n))


def index_count(shape: Shape, given: int) -> str:
    """What to say when an entry is asked for with the wrong number of indices.

    >>> from frechet.core.dim import Dim
    >>> index_count((), 1), index_count((Dim.of("n"),), 2)
    ('a scalar has no entries', 'an entry of a vector n×1 has 1 index, as in x[i]; got 2')
    """
    if not shape:
        return "a scalar has no entries"
    what, example = {1: ("vector", "x[i]"), 2: ("matrix", "X[i,j]")}.get(len(shape), ("tensor", "T[i,j,k]"))
    indices = "1 index" if len(shape) == 1 else f"{len(shape)} indices"
    return f"an entry of a {what} {show(shape)} has {indices}, as in {example}; got {given}"


def axis_of(shape: Shape, params: Params) -> int | None:
    """The axis among the parameters, counted from 1, if the array has it; None for every entry.

    >>> from frechet.core.dim import Dim
    >>> axis_of(tuple(map(Dim.of, "mnp")), (4,))
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: a tensor m×n×p has the axes 1, 2, 3; got 4
    """
    axis = params[0] if params else None
    if axis is None:
        return None
    if len(shape) <= 2 and axis not in (1, 2):
        raise shape_error(f"an axis is 1 (down the rows) or 2 (along each row); got {axis}")
    if len(shape) > 2 and not 1 <= axis <= len(shape):
        raise shape_error(f"a tensor {show(shape)} has the axes {axes(len(shape))}; got {axis}")
    return axis


def axes(order: int) -> str:
    """The axes of an array of this order, as a list: 1, 2, 3."""
    return ", ".join(map(str, range(1, order + 1)))


def unchanged(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """Any array; the shape stays."""
    return shapes[0]


def scalar(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A scalar, whatever the arguments."""
    return ()
