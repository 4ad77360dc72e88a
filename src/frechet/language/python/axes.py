"""Axes: which are meant, permuting them, reducing along them."""

from __future__ import annotations

from frechet.core.dim import ONE, Dim, Shape
from frechet.errors import FrechetError
from frechet.language.python.arrays import Array, Fit, binary, ones, said, spread, unary
from frechet.language.python.contractions import Axes, agreed, reordered
from frechet.ops.expressions import apply

Axis = int | tuple[int, ...] | None


def normal_axis(axis: int, order: int) -> int:
    """The axis counted from 0; NumPy counts from the end what is negative.

    >>> normal_axis(-1, 2)
    1
    """
    if not -order <= axis < order:
        raise FrechetError("shape", f"axis {axis} is out of bounds for an array of {order} axes")
    return axis % order


def normal_axes(axis: Axis, shape: Shape) -> Axes:
    """The axes meant, in order; None is all of them."""
    if axis is None:
        return tuple(range(len(shape)))
    listed = [axis] if isinstance(axis, int) else axis
    found = sorted(normal_axis(k, len(shape)) for k in listed)
    if len(set(found)) != len(found):
        raise FrechetError("shape", f"an axis is named twice in {axis}")
    return tuple(found)


def permuted(a: Array, order: tuple[int, ...]) -> Array:
    """The axes in another order.

    >>> from frechet.language.python.arrays import leaf
    >>> permuted(leaf("b", (1, "n")), (1, 0)).shape
    (n, 1)
    """
    if sorted(order) != list(range(len(a.shape))):
        raise FrechetError("shape", f"{order} is no order of the axes of an array of shape {said(a.shape)}")
    core = tuple(k for k in order if k in a.axes)
    return Array(
        reordered(a.expr, [a.axes.index(k) for k in core]) if core else a.expr, tuple(a.shape[k] for k in order)
    )


def reversed_axes(a: Array) -> Array:
    """`.T`: all axes in reverse."""
    return permuted(a, tuple(reversed(range(len(a.shape)))))


def swapped(a: Array, one: int, other: int) -> Array:
    """Two axes exchanged."""
    order = list(range(len(a.shape)))
    i, j = normal_axis(one, len(order)), normal_axis(other, len(order))
    order[i], order[j] = order[j], order[i]
    return permuted(a, tuple(order))


def without(shape: Shape, axes: Axes, keepdims: bool) -> Shape:
    """The shape after a reduction."""
    if keepdims:
        return tuple(ONE if k in axes else d for k, d in enumerate(shape))
    return tuple(d for k, d in enumerate(shape) if k not in axes)


def count(shape: Shape, axes: Axes) -> Dim:
    """How many entries are reduced to one."""
    total = ONE
    for k in axes:
        total = total * shape[k]
    return total


def reduced(fit: Fit, name: str, a: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """sum, mean, prod or logsumexp along axes.

    >>> from frechet.language.python.arrays import leaf
    >>> X = leaf("X", ("m", "n"))
    >>> reduced(Fit(), "sum", X, -1).expr, reduced(Fit(), "sum", X, 1, True).shape
    (sum(variable('X', ()), 2), (m, 1))
    """
    axes = normal_axes(axis, a.shape)
    shape = without(a.shape, axes, keepdims)
    going = tuple(k for k in axes if k in a.axes)
    if not going:
        return Array(a.expr, shape)
    if going == a.axes:
        return Array(apply(name, (a.expr,), (None,)), shape)
    e = a.expr
    for k in reversed(going):
        e = apply(name, (e,), (1 + a.axes.index(k),))
    return Array(e, shape)


def largest(op: str, a: Array, keepdims: bool = False) -> Array:
    """The largest or the smallest entry of all ("largest", "smallest").

    >>> from frechet.language.python.arrays import leaf
    >>> largest("largest", leaf("X", ("m", "n"))).shape
    ()
    """
    return Array(apply(op, (a.expr,)), without(a.shape, tuple(range(len(a.shape))), keepdims))


def softmax(fit: Fit, a: Array, axis: Axis) -> Array:
    """exp over its sum along axes; over all entries for None."""
    axes = normal_axes(axis, a.shape)
    going = tuple(k for k in axes if k in a.axes)
    if not going:
        return Array(ones(a.shape), a.shape)  # a single entry makes up the whole
    if len(a.axes) == 1:
        return Array(apply("softmax", (a.expr,), (None,)), a.shape)
    if len(a.axes) == 2 and going == a.axes:
        flat = apply("softmax", (apply("vec", (a.expr,)),), (None,))
        return Array(apply("reshape", (flat,), a.expr.shape, agreed), a.shape)
    if len(going) == 1:
        return Array(apply("softmax", (a.expr,), (1 + a.axes.index(going[0]),)), a.shape)
    parts = unary("exp", a)
    return binary(fit, "edivide", parts, reduced(fit, "sum", parts, going, True))


def log_softmax(fit: Fit, a: Array, axis: Axis) -> Array:
    """The logarithm of softmax."""
    return unary("log", softmax(fit, a, axis))


def broadcast_to(fit: Fit, a: Array, shape: Shape) -> Array:
    """The array repeated to a shape."""
    if any(d.number is not None and d.number < 1 for d in shape) or fit.together(a.shape, shape) != shape:
        raise FrechetError("shape", f"an array of shape {said(a.shape)} does not broadcast to {said(shape)}")
    at = tuple(k + len(shape) - len(a.shape) for k in a.axes)
    return Array(spread(fit, a.expr, at, shape), shape)
