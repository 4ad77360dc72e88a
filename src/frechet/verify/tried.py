"""The least sign that a number or an array ever has: tried at points of several manners, at zero and far out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import numpy as np

from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.ops.leaves import VARIABLE
from frechet.verify.bench import declared_functions
from frechet.verify.evaluate import Array, Program
from frechet.verify.sample import MANNERS, draw
from frechet.verify.sizes import candidates, dims_of
from frechet.verify.structure import assumptions

Sign = Literal["negative", "zero", "positive"]
POINTS = 3
"""Points of each manner."""
FAR = (30.0, 1e3, 1e6, 1e12)
"""How much farther out than usual points are tried too: 100 - t is negative there."""
CURVED = frozenset({"orthogonal", "integer"})
"""What is assumed of arrays that have no multiples."""
ROUNDING = 1e-9
"""A number below 0 by less than this share of the usual ones is one that rounding has made of 0."""


def least_sign(part: Expr, root: Expr, seed: int = 0) -> Sign:
    """The least sign that an entry of a part of an expression was found to have; "negative" where none can be tried.

    >>> from frechet.language import parse
    >>> parts = (parse(text).value for text in ("1-sigmoid(z)", "100-z", "cosh(z)-1"))
    >>> [least_sign(part, part) for part in parts]
    ['positive', 'negative', 'zero']
    """
    found: Sign = "positive"
    usual = 0.0
    try:
        sizes = next(candidates(dims_of([root])))
        program = Program([part], sizes, declared_functions([part], {}))
        leaves = [e for e in postorder(part) if e.op is VARIABLE]
        for env, far in _points(leaves, sizes, np.random.default_rng(seed)):
            with np.errstate(all="ignore"):
                (value,) = program.run(env)
            if np.iscomplexobj(value):
                return "negative"
            usual = usual if far else max(usual, float(np.max(np.abs(value), initial=0.0)))
            if bool(np.any(value < -ROUNDING * usual)):
                return "negative"
            # Far out a tail such as 1 - Φ(x) is 0 by rounding alone.
            if not far and bool(np.any(value <= 0)):
                found = "zero"
    except (FrechetError, StopIteration, ValueError, np.linalg.LinAlgError):
        return "negative"
    return found


def _points(
    leaves: list[Expr], sizes: Mapping[str, int], random: np.random.Generator
) -> Iterator[tuple[dict[str, Array], bool]]:
    """Points, and whether they are far out."""
    env: dict[str, Any] = {}
    stretched = {str(e.params[0]) for e in leaves if CURVED.isdisjoint(assumptions(e))}
    for manner in MANNERS:
        for _ in range(POINTS):
            env = {str(e.params[0]): draw(e, tuple(d.evaluate(sizes) for d in e.shape), manner, random) for e in leaves}
            yield env, manner == "large"
            for far in FAR if manner == "normal" else ():
                yield {n: a * far if n in stretched else a for n, a in env.items()}, True
    free = {str(e.params[0]) for e in leaves if not assumptions(e)}
    for entry in (0.0, 1.0, -1.0):
        yield {n: np.full_like(a, entry) if n in free else a for n, a in env.items()}, False
