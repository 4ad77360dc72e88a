"""Arrays as the language has them, and what has no value: shared by all that the judge evaluates.

Values are arrays of order 0 (scalar), 1 (a column vector), 2, or more; n×1 is the vector, 1×1 the scalar.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = Any


class Bad(Exception):
    """The formula has no value here: shapes that disagree, an unknown name, a singular matrix."""


class NotAnalytic(Exception):
    """No complex step through this function."""


def settle(a: Array) -> Array:
    """n×1 is a vector, 1×1 and a vector of one entry are scalars."""
    a = np.asarray(a)
    if a.ndim == 2 and a.shape[1] == 1:
        a = a[:, 0]
    if a.shape == (1,):
        a = a[0]
    return np.asarray(a)


def grid(a: Array) -> Array:
    """As rows and columns."""
    if a.ndim == 0:
        return a.reshape(1, 1)
    if a.ndim == 1:
        return a.reshape(-1, 1)
    if a.ndim == 2:
        return a
    raise Bad(f"a matrix is needed, found order {a.ndim}")


def square(a: Array, what: str) -> Array:
    a = grid(a)
    if a.shape[0] != a.shape[1]:
        raise Bad(f"{what} of a {a.shape} array")
    return a


def whole(value: Array) -> int:
    """An integer where the language wants one (a size, an index, an axis)."""
    number = complex(np.asarray(value)).real if np.ndim(value) == 0 else None
    if number is None or abs(number - round(number)) > 1e-9:
        raise Bad(f"an integer is needed, found {value}")
    return round(number)


def same(a: Array, b: Array, what: str) -> None:
    if a.ndim and b.ndim and a.shape != b.shape:
        raise Bad(f"{what} of {a.shape} and {b.shape}")


def real_only(f: Callable[..., Array], name: str) -> Callable[..., Array]:
    """A function that the complex step does not pass."""

    def call(*arrays: Array) -> Array:
        if any(np.iscomplexobj(a) for a in arrays):
            raise NotAnalytic(name)
        return settle(f(*arrays))

    return call
