"""Diagonal plus low rank: solved through a small matrix."""

from __future__ import annotations

import numpy as np

from frechet.operators.diagonal import Diagonal
from frechet.operators.factored import Factored, of_array, of_numbers, singular
from frechet.operators.identity import Identity
from frechet.operators.lowrank import LowRank
from frechet.operators.structure import Array, Structure
from frechet.operators.total import Scaled, Total


def parts(s: Structure, damping: float) -> tuple[Array, Array, Array] | None:
    """d, U, V with S + damping·I = diag(d) + U·V'; None where it is not of that kind, or nothing is gained."""
    if not s.square:
        return None
    n = s.shape[0]
    d = np.full(n, float(damping))
    lefts, rights = list[Array](), list[Array]()
    for one in s.terms if isinstance(s, Total) else (s,):
        scale, inner = (one.scale, one.inner) if isinstance(one, Scaled) else (1.0, one)
        if isinstance(inner, (Identity, Diagonal)):
            d += scale * inner.diagonal()
        elif isinstance(inner, LowRank):
            lefts.append(scale * inner.left)
            rights.append(inner.right)
        else:
            return None
    if not lefts:
        return None
    u, v = np.concatenate(lefts, axis=1), np.concatenate(rights, axis=1)
    return (d, u, v) if 2 * u.shape[1] < n else None


def by_woodbury(s: Structure, damping: float) -> Factored | None:
    """(D + U·V')⁻¹ = D⁻¹ - D⁻¹·U·(I + V'·D⁻¹·U)⁻¹·V'·D⁻¹; the determinant is det(D)·det(I + V'·D⁻¹·U).

    Where an entry of D is 0 or next to nothing beside the others the formula loses its digits, and is not used.
    """
    found = parts(s, damping)
    if found is None:
        return None
    d, u, v = found
    if not u.shape[1]:
        return of_numbers(d, "diagonal")
    if abs(d).min() <= 1e-8 * max(abs(d).max(), float(abs(u).max(initial=0) * abs(v).max(initial=0))):
        return None
    scaled = u / d[:, None]
    small = np.eye(u.shape[1]) + v.T @ scaled
    inner = of_array(small, "diagonal plus low rank")
    if np.linalg.cond(small) > 1e14:
        raise singular("diagonal plus low rank")

    def solve(b: Array) -> Array:
        over = b / d[:, None]
        return over - scaled @ inner.solve(v.T @ over)

    sign = float(np.prod(np.sign(d))) * inner.sign
    return Factored(solve, sign, float(np.log(abs(d)).sum()) + inner.log, "Woodbury")
