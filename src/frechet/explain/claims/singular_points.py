"""Points at which what a formula inverts has no inverse: random points hardly ever lie there, nor do whole numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.random import Generator

from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.ops.leaves import VARIABLE
from frechet.verify.bench import declared_functions
from frechet.verify.evaluate import Program
from frechet.verify.sample import draw

PLACES = np.linspace(-3.0, 3.0, 13)
"""Where along a line a determinant is looked at."""
HALVINGS = 60
ATTEMPTS = 3
"""Lines on which one singular matrix is looked for."""


def singular_points(
    parts: Sequence[Expr], variables: Mapping[str, Expr], sizes: Mapping[str, int], seed: int
) -> Iterator[dict[str, Any]]:
    """One point for each part, a square matrix of several variables, at which it is singular, where one is found.

    >>> from frechet.language import parse
    >>> p = parse("A+u*v'", {"A": ["n", "n"]})
    >>> (env,) = singular_points([p.value], p.variables, {"n": 2}, 0)
    >>> bool(abs(np.linalg.det(env["A"] + np.outer(env["u"], env["v"]))) < 1e-12)
    True
    """
    random = np.random.default_rng(seed)
    for part in parts:
        for _ in range(ATTEMPTS):
            found = _on_a_line(part, variables, sizes, random)
            if found is not None:
                yield found
                break


def _on_a_line(
    part: Expr, variables: Mapping[str, Expr], sizes: Mapping[str, int], random: Generator
) -> dict[str, Any] | None:
    """A point on a line in one variable at which the determinant changes its sign."""

    def drawn(name: str) -> Any:
        leaf = variables[name]
        return draw(leaf, tuple(d.evaluate(sizes) for d in leaf.shape), "normal", random)

    env = {name: drawn(name) for name in variables}
    inside = [str(e.params[0]) for e in postorder(part) if e.op is VARIABLE]
    name = inside[int(random.integers(len(inside)))]
    start, step = env[name], drawn(name)
    program = Program([part], sizes, declared_functions([part], {}))

    def side(t: float) -> float:
        (value,) = program.run({**env, name: start + t * step})
        return float(np.linalg.det(value))

    try:
        values = [side(t) for t in PLACES]
        for low, high, a, b in zip(PLACES, PLACES[1:], values, values[1:], strict=False):
            if a * b < 0:
                for _ in range(HALVINGS):
                    middle = (low + high) / 2
                    low, high = (low, middle) if side(middle) * a < 0 else (middle, high)
                return {**env, name: start + high * step}
    except (np.linalg.LinAlgError, FrechetError, ValueError, TypeError):
        return None
    return None
