"""What the language means for arrays of any order: reductions along an axis, batches, transposes, vec and reshape.

A matrix is an array of two axes, a vector of one, as everywhere in the judge.  Nothing here knows a derivative, and a
complex step passes through all of it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from judge.arrays import Array, Bad, grid, settle, whole


def axes(x: Array) -> Array:
    """As rows and columns, or a tensor as it is."""
    return grid(x) if x.ndim < 3 else x


def axis_of(x: Array, axis: Array) -> int:
    """Axis 1, 2, … as NumPy counts it."""
    k = whole(axis)
    if not 1 <= k <= x.ndim:
        raise Bad(f"axis {k} of an array of {x.ndim} axes")
    return k - 1


def along(f: Callable[..., Array]) -> Callable[..., Array]:
    """f over everything, or along an axis (1: down the rows, 2: along each row, …), which goes.

    >>> along(np.sum)(np.ones((2, 3, 4)), np.asarray(2.0)).shape
    (2, 4)
    """

    def call(x: Array, axis: Array | None = None) -> Array:
        if axis is None:
            return np.asarray(f(x))
        x = axes(x)
        return settle(f(x, axis=axis_of(x, axis)))

    return call


def logsumexp(x: Array, axis: int | None = None) -> Array:
    top = np.max(np.real(x), axis=axis, keepdims=True)
    return np.squeeze(top, axis=axis) + np.log(np.sum(np.exp(x - top), axis=axis))


def softmax(x: Array, axis: Array | None = None) -> Array:
    g = axes(x)
    over = None if axis is None else axis_of(g, axis)
    e = np.exp(g - np.max(np.real(g), axis=over, keepdims=True))
    return (e / np.sum(e, axis=over, keepdims=True)).reshape(x.shape)


def permute(x: Array, *order: Array) -> Array:
    """Axis k of the result is the k-th of those listed.

    >>> permute(np.ones((2, 3, 4)), *map(np.asarray, (3.0, 1.0, 2.0))).shape
    (4, 2, 3)
    """
    x = axes(x)
    if sorted(map(whole, order)) != list(range(1, x.ndim + 1)):
        raise Bad(f"permute lists each of {x.ndim} axes once, found {[whole(k) for k in order]}")
    return settle(np.transpose(x, [whole(k) - 1 for k in order]))


def turned(x: Array) -> Array:
    """The last two axes change places."""
    x = axes(x)
    return settle(np.swapaxes(x, -1, -2))


def batches(a: Array, b: Array) -> Array:
    """The product over the last two axes; the axes before them are alike, or one factor has none.

    >>> batches(np.ones((5, 2, 3)), np.ones((3, 4))).shape
    (5, 2, 4)
    """
    if a.ndim < 2 or b.ndim < 2 or a.shape[-1] != b.shape[-2]:
        raise Bad(f"product of {a.shape} and {b.shape}")
    if a.ndim > 2 and b.ndim > 2 and a.shape[:-2] != b.shape[:-2]:
        raise Bad(f"product of {a.shape} and {b.shape}: the batches differ")
    return a @ b


def vec(x: Array) -> Array:
    """All entries, the first index fastest.

    >>> vec(np.arange(8).reshape(2, 2, 2)).tolist()
    [0, 4, 2, 6, 1, 5, 3, 7]
    """
    return axes(x).flatten(order="F")


def reshape(x: Array, *sizes: Array) -> Array:
    """The entries in another shape, in the order of vec."""
    shape = tuple(map(whole, sizes))
    if x.size != np.prod(shape):
        raise Bad(f"reshape of {x.size} entries to {shape}")
    return settle(vec(x).reshape(shape, order="F"))
