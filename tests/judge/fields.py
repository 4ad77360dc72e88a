"""What fields take for granted beyond the first functions of mathematics, each from its definition.

Nothing here knows a derivative, and nothing is shared with the product; where a complex step does not pass, NotAnalytic
says so.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from judge.arrays import Array, Bad, NotAnalytic


def _real(f: Callable[..., Array], name: str) -> Callable[..., Array]:
    """A function of every entry that the complex step does not pass; the axes stay."""

    def call(*arrays: Array) -> Array:
        if any(np.iscomplexobj(a) for a in arrays):
            raise NotAnalytic(name)
        return f(*arrays)

    return call


# The normal distribution, by the error function and by solving for the inverse.


def _special(name: str) -> Callable[..., Array]:
    import scipy.special

    return getattr(scipy.special, name)


def _inverse(f: Callable[[Array], Array], low: float, high: float) -> Callable[[Array], Array]:
    """The inverse of an increasing function, by bisection."""

    def one(y: float) -> float:
        a, b = low, high
        if not f(np.asarray(a)) < y < f(np.asarray(b)):
            return np.nan
        for _ in range(200):
            middle = (a + b) / 2
            a, b = (middle, b) if f(np.asarray(middle)) < y else (a, middle)
        return (a + b) / 2

    return lambda x: np.vectorize(one, otypes=[float])(x)


def _normcdf(x: Array) -> Array:
    return _special("erfc")(-x / np.sqrt(2)) / 2


# Functions in pieces: which piece goes by the real part, so that a complex step passes.


def _clip(x: Array, low: Array, high: Array) -> Array:
    if np.any(np.real(low) > np.real(high)):
        raise Bad("clip with bounds the wrong way round")
    return np.where(np.real(x) < np.real(low), low, np.where(np.real(x) > np.real(high), high, x))


def _huber(x: Array, d: Array) -> Array:
    if np.any(np.real(d) < 0):
        raise Bad("huber with a negative bound")
    size = x * np.sign(np.real(x))
    return np.where(np.real(size) <= np.real(d), x**2 / 2, d * size - d**2 / 2)


def _elu(x: Array, a: Array) -> Array:
    below = np.where(np.real(x) > 0, 0, x)
    return np.where(np.real(x) > 0, x, a * (np.exp(below) - 1))


ENTRYWISE: dict[str, Callable[..., Array]] = {
    "normpdf": lambda x: np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi),
    "normcdf": _real(_normcdf, "normcdf"),
    "norminv": _real(_inverse(_normcdf, -38.0, 9.0), "norminv"),
    "erfc": _real(lambda x: _special("erfc")(x), "erfc"),
    "erfinv": _real(_inverse(lambda x: _special("erf")(x), -6.0, 6.0), "erfinv"),
    "lambertw": _real(_inverse(lambda w: w * np.exp(w), -1.0, 700.0), "lambertw"),
    "atan2": _real(lambda y, x: np.angle(x + 1j * y), "atan2"),
    "clip": _clip,
    "huber": _huber,
    "leakyrelu": lambda x, a: np.where(np.real(x) > 0, x, a * x),
    "elu": _elu,
}
"""Functions of every entry, by their names; arguments are scalars or arrays of one shape."""

FIELDS: dict[str, Callable[..., Array]] = {}
"""Functions of whole arrays, by their names."""
