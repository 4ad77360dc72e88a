"""What a factorisation of a structure gives: solutions and the determinant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np

from frechet.errors import FrechetError
from frechet.operators.outside import linalg
from frechet.operators.structure import Array


@final
@dataclass(frozen=True, eq=False)
class Factored:
    """`solve`: a block of columns → the solution; the sign and the logarithm of |det|; how it was found."""

    solve: Callable[[Array], Array]
    sign: float
    log: float
    how: str


def singular(what: str) -> FrechetError:
    """The refusal of a matrix without an inverse."""
    said = f"{what} is singular: pass damping=… (a positive number is added to the diagonal)"
    return FrechetError("input", said)


def of_numbers(d: Array, how: str) -> Factored:
    """A diagonal matrix.

    >>> of_numbers(np.array([2.0, 4.0]), "").solve(np.array([[2.0], [2.0]])).ravel().tolist()
    [1.0, 0.5]
    """
    if not d.all():
        raise singular("a diagonal with a zero")
    return Factored(lambda b: b / d[:, None], float(np.prod(np.sign(d))), float(np.log(abs(d)).sum()), how)


def of_array(a: Array, what: str) -> Factored:
    """A full matrix: by Cholesky's method where it is positive definite, else with row exchanges.

    >>> of_array(np.array([[2.0, 1.0], [1.0, 2.0]]), "A").how
    'Cholesky'
    """
    la = linalg()
    if np.array_equal(a, a.T) and (np.diagonal(a) > 0).all():
        try:
            factor = la.cholesky(a, lower=True, check_finite=False)
        except np.linalg.LinAlgError:
            pass
        else:
            d = np.diagonal(factor)
            if d.min() > 1e-7 * d.max():
                log = 2 * float(np.log(d).sum())
                return Factored(lambda b: la.cho_solve((factor, True), b, check_finite=False), 1.0, log, "Cholesky")
    with np.errstate(all="ignore"):
        lu, exchanged = _quiet_lu(a)
    d = np.diagonal(lu)
    if not np.isfinite(d).all() or abs(d).min(initial=np.inf) <= len(d) * np.finfo(float).eps * abs(d).max(initial=0.0):
        raise singular(what)
    sign = float(np.prod(np.sign(d))) * (-1.0) ** int(np.count_nonzero(exchanged != np.arange(len(exchanged))))
    log = float(np.log(abs(d)).sum())
    return Factored(lambda b: la.lu_solve((lu, exchanged), b, check_finite=False), sign, log, "LU")


def _quiet_lu(a: Array) -> tuple[Array, Array]:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return linalg().lu_factor(a, check_finite=False)


def of_blocks(blocks: Array, what: str) -> tuple[Array, Array, Array]:
    """The inverses of square blocks n×a×a, and the signs and logarithms of their determinants."""
    signs, logs = np.linalg.slogdet(blocks)
    if not np.isfinite(logs).all() or (np.linalg.cond(blocks) > 1e15).any():
        raise singular(what)
    return np.linalg.inv(blocks), signs, logs
