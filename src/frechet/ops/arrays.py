"""How values meet shapes: a vector is an array of order 1 that acts as a column, a scalar one of order 0."""

from __future__ import annotations

from typing import Any


def as_matrix(xp: Any, array: Any) -> Any:
    """The array with rows and columns: a scalar is 1×1, a vector n×1.

    >>> import numpy as np
    >>> as_matrix(np, np.ones(3)).shape, as_matrix(np, np.float64(2)).shape
    ((3, 1), (1, 1))
    """
    if array.ndim == 2:
        return array
    return xp.reshape(array, (array.size, 1))


def settled(xp: Any, array: Any) -> Any:
    """The array as frechet keeps it: n×1 is of order 1, 1×1 of order 0.

    >>> import numpy as np
    >>> settled(np, np.ones((3, 1))).shape, settled(np, np.ones((1, 3))).shape, settled(np, np.ones(1)).shape
    ((3,), (1, 3), ())
    """
    shape = array.shape
    if len(shape) == 2 and shape[1] == 1:
        shape = shape[:1]
    if shape == (1,):
        shape = ()
    return array if shape == array.shape else xp.reshape(array, shape)


def with_axes(xp: Any, array: Any) -> Any:
    """The array with an axis for rows and one for columns at least: a tensor has its own."""
    return array if array.ndim > 2 else as_matrix(xp, array)


def stacked(xp: Any, array: Any) -> Any:
    """vec: the columns one under the other."""
    return xp.reshape(as_matrix(xp, array).T, (-1,))
