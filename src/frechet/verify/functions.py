"""A smooth function for a name that is only declared, with its exact derivatives of every order."""

from __future__ import annotations

import zlib
from math import pi

import numpy as np

from frechet.verify.evaluate import Array, Function


def smooth(name: str) -> Function:
    """The function a declared name stands for in a check: 2 + Σ aᵢ sin(wᵢ x + pᵢ) + b exp(c x).

    The coefficients follow from the name alone.  The function is positive near zero (it may stand under a
    logarithm) and no derivative of it is proportional to another.

    >>> sigma = smooth("sigma")
    >>> x, h = np.array([0.3, -1.0]), 1e-5
    >>> bool(np.allclose((sigma(x + h, 0) - sigma(x - h, 0)) / (2 * h), sigma(x, 1)))
    True
    """
    random = np.random.default_rng(zlib.crc32(name.encode()))
    size = random.uniform(0.2, 0.5, 3)
    pitch = random.uniform(0.5, 1.6, 3)
    phase = random.uniform(0.0, 2.0 * pi, 3)
    weight, rate = random.uniform(0.2, 0.5, 2)

    def value(x: Array, order: int) -> Array:
        total = weight * rate**order * np.exp(rate * x) + (2.0 if order == 0 else 0.0)
        for a, w, p in zip(size, pitch, phase, strict=True):
            total = total + a * w**order * np.sin(w * x + p + order * pi / 2.0)
        return total

    return value
