"""Values to check at: arrays that honour their assumptions, drawn in several manners.

No single manner of drawing suits every formula (a logarithm wants positive entries, an arcsine small ones, a
deep chain of saturating functions small ones too), so there are several, tried in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.random import Generator

from frechet.core.expr import Expr
from frechet.verify.evaluate import Array
from frechet.verify.structure import SYMMETRIC, assumptions, is_complex, projected

Shape = tuple[int, ...]


def _normal(random: Generator, shape: Shape) -> Array:
    return random.normal(size=shape)


def _positive(random: Generator, shape: Shape) -> Array:
    return random.uniform(0.5, 1.8, size=shape)


def _between_zero_and_one(random: Generator, shape: Shape) -> Array:
    return random.uniform(0.1, 0.9, size=shape)


def _near_identity(random: Generator, shape: Shape) -> Array:
    square = len(shape) == 2 and shape[0] == shape[1]
    return (np.eye(shape[0]) if square else 1.0) + 0.2 * random.normal(size=shape)


def _small(random: Generator, shape: Shape) -> Array:
    return 0.1 * random.normal(size=shape)


def _large(random: Generator, shape: Shape) -> Array:
    return 3.0 * random.normal(size=shape)


def _tiny(random: Generator, shape: Shape) -> Array:
    return 0.01 * random.normal(size=shape)


MANNERS: Mapping[str, Callable[[Generator, Shape], Array]] = {
    "normal": _normal,
    "positive": _positive,
    "between zero and one": _between_zero_and_one,
    "near the identity": _near_identity,
    "small": _small,
    "large": _large,
    "tiny": _tiny,
}
"""Ways to draw the entries of an array, in the order in which they are tried."""


def _spd(draw: Array, random: Generator) -> Array:
    """A well conditioned positive definite matrix; its entries are positive where those of `draw` are."""
    n = len(draw)
    spread = draw @ np.conj(draw.T) / n
    scale = max(float(np.mean(abs(draw) ** 2)), 1e-8)
    return spread + scale * np.diag(random.uniform(0.3, 0.8, n))


def draw(variable: Expr, shape: Shape, manner: str, random: Generator) -> Array:
    """An array for a variable leaf that has all its assumed properties.

    >>> from frechet.ops.expressions import variable
    >>> S = draw(variable("S", ("n", "n"), ["positive definite"]), (3, 3), "normal", np.random.default_rng(0))
    >>> bool((S == S.T).all() and np.linalg.eigvalsh(S)[0] > 0)
    True
    """
    assumed = assumptions(variable)
    if "integer" in assumed:
        return random.integers(2, 5, size=shape).astype(float)
    entries = np.asarray(MANNERS[manner](random, shape))
    if is_complex(variable):
        turned: Any = 1j * random.normal(size=shape)
        entries = np.asarray(entries + float(np.sqrt(np.mean(entries**2))) * turned)
    if "positive" in assumed and not is_complex(variable):
        entries = abs(entries) + 0.05 * abs(entries).max()
    if len(shape) != 2 or shape[0] != shape[1]:
        return entries
    if "orthogonal" in assumed:
        return _orthogonal(entries, assumed, random)
    if any("positive definite" in a for a in assumed):
        entries = _spd(entries, random)
    return projected(assumed, entries)


def _orthogonal(entries: Array, assumed: frozenset[str], random: Generator) -> Array:
    """An orthogonal matrix: a reflection where it must be symmetric, signs where it must be diagonal too."""
    n = len(entries)
    if "diagonal" in assumed or "lower triangular" in assumed or "upper triangular" in assumed:
        return np.diag(random.choice([-1.0, 1.0], n))
    if assumed & SYMMETRIC:
        v = random.normal(size=n)
        return np.eye(n) - 2.0 * np.outer(v, v) / (v @ v)
    q, r = np.linalg.qr(entries + 1e-3 * np.eye(n))
    return q * np.sign(np.diagonal(r))
