"""Whether a number or an array is ever not positive: tried at points of several manners, at zero and far out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.ops.leaves import VARIABLE
from frechet.verify.bench import declared_functions
from frechet.verify.evaluate import Program
from frechet.verify.sample import MANNERS, draw
from frechet.verify.sizes import candidates, dims_of
from frechet.verify.structure import assumptions

POINTS = 3
"""Points of each manner."""
FAR = (30.0, 1e3, 1e6, 1e12)
"""How much farther out than usual points are tried too: 100 - t is not positive there."""
CURVED = frozenset({"orthogonal", "integer"})
"""What is assumed of arrays that have no multiples."""


def fails_somewhere(part: Expr, root: Expr, seed: int = 0) -> bool:
    """Whether a part of an expression is found not to be positive at some point; what cannot be tried is so.

    >>> from frechet.language import parse
    >>> p, q, r = (parse(text).value for text in ("1-sigmoid(z)", "100-z", "cosh(z)-1"))
    >>> fails_somewhere(p, p), fails_somewhere(q, q), fails_somewhere(r, r)
    (False, True, True)
    """
    random = np.random.default_rng(seed)
    leaves = [e for e in postorder(part) if e.op is VARIABLE]
    try:
        sizes = next(candidates(dims_of([root])))
        program = Program([part], sizes, declared_functions([part], {}))
        env: dict[str, Any] = {}
        for manner in MANNERS:
            for _ in range(POINTS):
                env = {
                    str(e.params[0]): draw(e, tuple(d.evaluate(sizes) for d in e.shape), manner, random) for e in leaves
                }
                if _fails(program, env, manner == "large"):
                    return True
                stretched = {str(e.params[0]) for e in leaves if CURVED.isdisjoint(assumptions(e))}
                for far in FAR if manner == "normal" else ():
                    if _fails(program, {n: a * far if n in stretched else a for n, a in env.items()}, True):
                        return True
        free = {str(e.params[0]) for e in leaves if not assumptions(e)}
        for entry in (0.0, 1.0, -1.0):
            if _fails(program, {n: np.full_like(a, entry) if n in free else a for n, a in env.items()}, False):
                return True
    except (FrechetError, StopIteration, ValueError, np.linalg.LinAlgError):
        return True
    return False


def _fails(program: Program, env: Mapping[str, Any], far: bool) -> bool:
    """Whether an entry is not positive at a point; far out a tail such as 1 - Φ(x) is 0 by rounding alone."""
    with np.errstate(all="ignore"):
        (value,) = program.run(env)
    failing = np.real(value) < 0 if far else np.real(value) <= 0
    return np.iscomplexobj(value) or bool(np.any(failing))
