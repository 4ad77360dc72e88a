"""Solving step by step: conjugate gradients or GMRES, the structure as preconditioner, the residual checked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from frechet.errors import FrechetError
from frechet.operators.factored import of_array
from frechet.operators.outside import iterative
from frechet.operators.overdata import OverData
from frechet.operators.structure import Array, Structure
from frechet.operators.total import Scaled, Total
from frechet.operators.values import LIMIT

TOLERANCE = 1e-10
"""‖S·x - b‖ / ‖b‖ that is reached, unless another is asked for."""


def solve(s: Structure, block: Array, damping: float, symmetric: bool, tolerance: float, steps: int | None) -> Array:
    """(S + damping·I)⁻¹·b for each column; refused where the tolerance is not reached.

    >>> from frechet.operators.diagonal import Diagonal
    >>> solve(Diagonal(np.array([1.0, 4.0])), np.ones((2, 1)), 0.0, True, 1e-10, None).ravel().tolist()
    [1.0, 0.25]
    """
    n = s.shape[0]
    most = steps if steps is not None else min(max(1000, n // 2), 20_000)
    before = preconditioner(s, damping)
    tools = iterative()

    def times(v: Array) -> Array:
        made = s.apply(v.reshape(n, 1)).reshape(n)
        return made + damping * v.reshape(n) if damping else made

    matrix = tools.LinearOperator((n, n), matvec=times, dtype=float)
    rough = tools.LinearOperator((n, n), matvec=before, dtype=float)
    out = np.empty((n, block.shape[1]))
    for j in range(block.shape[1]):
        b = block[:, j]
        size = float(np.linalg.norm(b))
        if not size:
            out[:, j] = 0.0
            continue
        found: list[tuple[float, Array]] = []
        ways = ["cg", "gmres"] if symmetric else ["gmres"]
        for way in ways:
            # The methods watch an estimate: asked for a little more than is promised.
            asked = {"rtol": tolerance / 4, "atol": 0.0, "M": rough}
            with np.errstate(all="ignore"):
                if way == "cg":
                    x, _ = tools.cg(matrix, b, maxiter=most, **asked)
                else:
                    x, _ = tools.gmres(matrix, b, restart=60, maxiter=max(1, most // 60), **asked)
                left = float(np.linalg.norm(times(x) - b)) / size
            if np.isfinite(left):
                found.append((left, x))
            if left <= tolerance:
                break
        reached, x = min(found, key=lambda pair: pair[0], default=(np.inf, b))
        if not reached <= tolerance:
            raise FrechetError(
                "limit",
                f"no solution after {most} steps: the residual is {reached:.1e} of the right side, asked was "
                f"{tolerance:.1e}.  Try damping=… (a positive number added to the diagonal), a larger tolerance=…, "
                f"more steps=…, or scipy.linalg on to_dense()",
            )
        out[:, j] = x
    return out


def preconditioner(s: Structure, damping: float) -> Callable[[Array], Array]:
    """What nearly solves: the diagonal blocks where a sum over data has some, else the diagonal."""
    blocks = diagonal_blocks(s)
    if blocks is not None:
        a, p, _ = blocks.shape
        small = damping + 1e-12 * float(abs(np.diagonal(blocks, axis1=1, axis2=2)).max())
        try:
            steps = [of_array((one + one.T) / 2 + small * np.eye(p), "a block") for one in blocks]
        except FrechetError:
            steps = []
        if steps:
            return lambda v: np.concatenate(
                [step.solve(part[:, None])[:, 0] for step, part in zip(steps, v.reshape(a, p), strict=True)]
            )
    d = abs(s.diagonal() + damping)
    d = np.where(d > 1e-14 * d.max(initial=0.0), d, 1.0) if d.any() else np.ones_like(d)
    return lambda v: v.reshape(-1) / d


def diagonal_blocks(s: Structure) -> Array | None:
    """The diagonal blocks of a sum over data (others added by their diagonal), where they are worth keeping."""
    if isinstance(s, Scaled):
        inner = diagonal_blocks(s.inner)
        return None if inner is None else s.scale * inner
    if isinstance(s, OverData):
        (_, a, b), (_, p, q) = s.left[0].shape, s.right.shape
        if s.flipped or a != b or p != q or 8 * a * p * p > LIMIT:
            return None
        return s.diagonal_blocks()
    if isinstance(s, Total):
        found: Array | None = None
        rest = np.zeros(s.shape[0])
        for term in s.terms:
            one = diagonal_blocks(term)
            if one is None:
                rest += term.diagonal()
            elif found is None:
                found = one.copy()
            elif found.shape == one.shape:
                found += one
            else:
                return None
        if found is not None:
            a, p, _ = found.shape
            np.einsum("aii->ai", found)[...] += rest.reshape(a, p)
        return found
    return None
