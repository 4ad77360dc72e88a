"""Points drawn to break a statement: zeros, negatives, ones, singular and repeated, large and small, of many sizes.

Random normal numbers are kind: no entry is zero, every square matrix is invertible, no two eigenvalues meet.  What
holds there need not hold everywhere, so that a statement is also tried where its operations have boundaries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any

import numpy as np
from numpy.random import Generator

from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.verify.evaluate import Array
from frechet.verify.sample import Shape, draw
from frechet.verify.sizes import candidates
from frechet.verify.structure import PROJECTIONS, SYMMETRIC, assumptions, is_complex, projected


def _square(shape: Shape) -> bool:
    return len(shape) == 2 and shape[0] == shape[1]


def _zeros(random: Generator, shape: Shape) -> Array:
    return np.zeros(shape)


def _ones(random: Generator, shape: Shape) -> Array:
    return np.ones(shape)


def _minus_identity(random: Generator, shape: Shape) -> Array:
    return -np.eye(shape[0]) if _square(shape) else -np.ones(shape)


def _integers(random: Generator, shape: Shape) -> Array:
    return random.integers(-2, 3, size=shape).astype(float)


def _counts(random: Generator, shape: Shape) -> Array:
    return random.integers(0, 3, size=shape).astype(float)


def _generic(random: Generator, shape: Shape) -> Array:
    return random.normal(size=shape)


def _positive(random: Generator, shape: Shape) -> Array:
    return random.uniform(0.2, 2.5, size=shape)


def _negative(random: Generator, shape: Shape) -> Array:
    return -random.uniform(0.2, 2.5, size=shape)


def _one_zero(random: Generator, shape: Shape) -> Array:
    """Positive but for one zero."""
    found = _positive(random, shape)
    if found.size:
        found.flat[int(random.integers(found.size))] = 0.0
    return found


def _large(random: Generator, shape: Shape) -> Array:
    return 7.0 * random.normal(size=shape)


def _small(random: Generator, shape: Shape) -> Array:
    return 0.01 * random.normal(size=shape)


def _low_rank(random: Generator, shape: Shape) -> Array:
    """A matrix of rank one; of a vector, its entries equal."""
    if len(shape) != 2:
        return np.full(shape, float(random.integers(1, 4)))
    u, v = random.integers(1, 3, size=shape[0]), random.integers(-2, 3, size=shape[1])
    return np.outer(u, v).astype(float)


def _jordan(random: Generator, shape: Shape) -> Array:
    """A repeated eigenvalue with one eigenvector; of other shapes, halves."""
    if not _square(shape):
        return random.integers(-3, 4, size=shape) / 2.0
    return 2.0 * np.eye(shape[0]) + np.diag(np.ones(shape[0] - 1), 1)


def _quarters(random: Generator, shape: Shape) -> Array:
    """Quarters of a turn, where the inverses of sine and cosine end."""
    return np.pi / 2.0 * random.integers(-2, 3, size=shape).astype(float)


def _turning(random: Generator, shape: Shape) -> Array:
    """A matrix whose eigenvalues' imaginary parts are beyond π; of other shapes, numbers beyond it."""
    found: Array = np.asarray(random.uniform(3.3, 4.5, size=shape) * random.choice([-1.0, 1.0], size=shape))
    if _square(shape) and shape[0] > 1:
        found = np.diag(random.uniform(-0.5, 0.5, shape[0]))
        found[0, 1], found[1, 0] = 4.0, -4.0
    return found


def _rotation(random: Generator, shape: Shape) -> Array:
    """An orthogonal matrix; of other shapes, numbers between -1 and 1."""
    if not _square(shape):
        return random.uniform(-0.9, 0.9, size=shape)
    q, _ = np.linalg.qr(random.normal(size=shape))
    return np.asarray(q)


def _definite(random: Generator, shape: Shape) -> Array:
    """A positive definite matrix; of other shapes, positive numbers."""
    if not _square(shape):
        return _positive(random, shape)
    half = random.normal(size=shape)
    return half @ half.T + 0.3 * np.eye(shape[0])


BREAKING: Mapping[str, Callable[[Generator, Shape], Array]] = {
    "zeros": _zeros,
    "integers": _integers,
    "one zero": _one_zero,
    "negative": _negative,
    "low rank": _low_rank,
    "turning": _turning,
    "generic": _generic,
    "definite": _definite,
    "counts": _counts,
    "minus the identity": _minus_identity,
    "a rotation": _rotation,
    "large": _large,
    "a Jordan block": _jordan,
    "positive": _positive,
    "quarters of a turn": _quarters,
    "ones": _ones,
    "small": _small,
}
"""Ways to draw where statements break, those that break most first."""

GENERIC = list(BREAKING).index("generic")
"""The place of the manner without anything special."""
KIND = frozenset({"positive", "generic", "definite"})
"""Of these, the ones at which most formulas have a value."""
TOGETHER = 3
"""Every so manieth point has small numbers for all variables, in every combination in turn."""
GRID = (-1.0, 2.0, 0.5, 0.0)
"""Bases and exponents for which roots and signs matter."""


def breaking(variable: Expr, shape: Shape, manner: str, random: Generator) -> Array:
    """An array for a variable leaf, as extreme as what is assumed of it allows.

    >>> from frechet.ops.expressions import variable
    >>> breaking(variable("x", ("n",)), (2,), "zeros", np.random.default_rng(0))
    array([0., 0.])
    >>> bool((breaking(variable("x", ("n",), ["positive"]), (2,), "zeros", np.random.default_rng(0)) > 0).all())
    True
    """
    entries = np.asarray(BREAKING[manner](random, shape), dtype=float)
    if is_complex(variable):
        turned: Any = 1j * BREAKING[manner if manner not in KIND else "generic"](random, shape)
        entries = np.asarray(entries + turned)
    return _honoured(variable, entries, manner, random)


def _honoured(variable: Expr, entries: Array, manner: str, random: Generator) -> Array:
    """The array with what is assumed of the variable."""
    assumed, shape = assumptions(variable), entries.shape
    if "integer" in assumed:
        return random.integers(1, 6, size=shape).astype(float)
    if "positive" in assumed and not is_complex(variable):
        entries = np.where(entries == 0.0, 1e-2, abs(entries))
    if not _square(shape):
        return entries
    if "orthogonal" in assumed:
        return _orthogonal(variable, entries, manner, random)
    if any("positive definite" in a for a in assumed):
        entries = entries @ np.conj(entries.T) + 0.1 * np.eye(shape[0])
    elif manner == "turning" and not assumed.isdisjoint(PROJECTIONS.keys() - {"skew"}):
        entries = entries + np.conj(entries.T)
    return projected(assumed, entries)


def _combined(variable: Expr, shape: Shape, code: int) -> Array:
    """All entries the same number of the grid: an entry without a value would hide what the others have to say."""
    return _honoured(variable, np.full(shape, GRID[code % len(GRID)]), "", np.random.default_rng(code))


def _orthogonal(variable: Expr, entries: Array, manner: str, random: Generator) -> Array:
    """The identity and its negative, and what is drawn for a check (rotations, reflections)."""
    n = len(entries)
    if manner == "ones":
        return np.eye(n)
    if manner == "minus the identity":
        return -np.eye(n)
    if manner == "counts" and assumptions(variable).isdisjoint({*SYMMETRIC, *PROJECTIONS}):
        return np.eye(n)[:, random.permutation(n)]
    return draw(variable, (n, n), "normal", random)


def breaking_sizes(
    dims: Iterable[Dim], equations: Sequence[tuple[Dim, Dim]] = (), most: int = 6
) -> list[dict[str, int]]:
    """Choices of sizes at which a statement may break: all alike, growing, falling, ones, then others; of one size
    alone up to 4, since permutations of two or three things are mostly their own inverses.

    >>> breaking_sizes([Dim.of("m"), Dim.of("n")])[:4]
    [{'m': 2, 'n': 2}, {'m': 1, 'n': 2}, {'m': 3, 'n': 2}, {'m': 1, 'n': 1}]
    >>> [s["n"] for s in breaking_sizes([Dim.of("n")])]
    [2, 1, 3, 4]
    """
    dims = set(dims)
    for pair in equations:
        dims |= set(pair)
    names = sorted(frozenset[str]().union(*(d.names for d in dims)))
    found: dict[tuple[int, ...], None] = {}
    top = (4 if len(names) == 1 else 3) if len(names) <= 4 else 2
    for values in (*_patterns(len(names)), *islice(product(range(1, top + 1), repeat=len(names)), 400)):
        sizes = dict(zip(names, values, strict=True))
        if values not in found and _sound(dims, equations, sizes):
            found[values] = None
        if len(found) >= most:
            break
    chosen = [dict(zip(names, values, strict=True)) for values in found]
    return chosen or list(islice(candidates(dims, equations), most))


def _patterns(count: int) -> Iterator[tuple[int, ...]]:
    yield (2,) * count
    yield tuple(1 + k % 3 for k in range(count))
    yield tuple(3 - k % 3 for k in range(count))
    yield (1,) * count
    yield (3,) * count
    yield tuple(2 + k % 2 for k in range(count))
    yield tuple(3 - k % 2 for k in range(count))
    yield tuple(2 - k % 2 for k in range(count))


def _sound(dims: Iterable[Dim], equations: Sequence[tuple[Dim, Dim]], sizes: Mapping[str, int]) -> bool:
    try:
        if not all(d.evaluate(sizes) > 0 for d in dims):
            return False
        return all(a.evaluate(sizes) == b.evaluate(sizes) for a, b in equations)
    except (ValueError, KeyError):
        return False


def breaking_points(
    variables: Mapping[str, Expr], sizes: Mapping[str, int], count: int, seed: int = 0
) -> Iterator[dict[str, Array]]:
    """Points at given sizes: each manner for one variable meets kind and unkind values of the others.

    Where there is one variable the manners come in their order; else each variable has an order of its own, so that all
    pairs of manners have a chance.
    """
    random = np.random.default_rng(seed)
    manners = list(BREAKING)
    shapes = {n: tuple(d.evaluate(sizes) for d in e.shape) for n, e in variables.items()}
    for k in range(count):
        if len(variables) > 1 and k % TOGETHER == TOGETHER - 1:
            code = (seed + k // TOGETHER) * 37 % len(GRID) ** len(variables)
            yield {n: _combined(v, shapes[n], code // len(GRID) ** at) for at, (n, v) in enumerate(variables.items())}
            continue
        kind = k % TOGETHER == 1 and len(variables) > 1
        chosen = int(random.integers(len(variables))) if kind else -1
        env: dict[str, Array] = {}
        for at, (name, variable) in enumerate(variables.items()):
            manner = manners[(k + seed) % len(manners)]
            if kind and at != chosen:
                manner = "definite" if k % 2 else "generic"
            elif not kind and at:
                manner = manners[int(random.integers(len(manners)))]
            env[name] = breaking(variable, shapes[name], manner, random)
        yield env


def kind_points(
    variables: Mapping[str, Expr], sizes: Mapping[str, int], count: int, seed: int = 0
) -> Iterator[dict[str, Array]]:
    """Points with nothing special about them: which order entries stand in, which one is the largest, shows there.

    >>> from frechet.ops.expressions import variable
    >>> (env,) = kind_points({"x": variable("x", ("n",))}, {"n": 3}, 1)
    >>> len(set(env["x"].tolist()))
    3
    """
    random = np.random.default_rng(1_000 + seed)
    for k in range(count):
        manner = "positive" if k % 3 == 2 else "generic"
        yield {
            name: breaking(v, tuple(d.evaluate(sizes) for d in v.shape), manner, random)
            for name, v in variables.items()
        }
