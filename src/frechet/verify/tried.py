"""Whether a number or an array is ever not positive: tried at points of several manners."""

from __future__ import annotations

import numpy as np

from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.ops.leaves import VARIABLE
from frechet.verify.bench import declared_functions
from frechet.verify.evaluate import Program
from frechet.verify.sample import MANNERS, draw
from frechet.verify.sizes import candidates, dims_of

POINTS = 3
"""Points of each manner."""


def fails_somewhere(part: Expr, root: Expr, seed: int = 0) -> bool:
    """Whether a part of an expression is found not to be positive at some point; what cannot be tried is so.

    >>> from frechet.language import parse
    >>> p, q = parse("1-sigmoid(z)").value, parse("1-z^2").value
    >>> fails_somewhere(p, p), fails_somewhere(q, q)
    (False, True)
    """
    random = np.random.default_rng(seed)
    leaves = [e for e in postorder(part) if e.op is VARIABLE]
    try:
        sizes = next(candidates(dims_of([root])))
        program = Program([part], sizes, declared_functions([part], {}))
        for manner in MANNERS:
            for _ in range(POINTS):
                env = {
                    str(e.params[0]): draw(e, tuple(d.evaluate(sizes) for d in e.shape), manner, random) for e in leaves
                }
                with np.errstate(all="ignore"):
                    (value,) = program.run(env)
                # Far out a tail such as 1 - Φ(x) is 0 by rounding alone.
                failing = np.real(value) < 0 if manner == "large" else np.real(value) <= 0
                if np.iscomplexobj(value) or bool(np.any(failing)):
                    return True
    except (FrechetError, StopIteration, ValueError, np.linalg.LinAlgError):
        return True
    return False
