"""Sums of Kronecker products that share their eigenvectors, and Sylvester's equation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from frechet.operators.dense import even
from frechet.operators.factored import Factored, of_numbers, singular
from frechet.operators.identity import Identity
from frechet.operators.kron import Kron
from frechet.operators.outside import linalg
from frechet.operators.structure import Array, Structure
from frechet.operators.total import Scaled, Total
from frechet.operators.values import LIMIT


@final
@dataclass(frozen=True)
class Term:
    """c·(A or I) ⊗ (B or I)."""

    scale: float
    left: Structure | None
    right: Structure | None


def terms_of(s: Structure, damping: float) -> tuple[list[Term], tuple[int, int]] | None:
    """The structure as such terms over one A and one B, the damping among them; None where it is no such sum."""
    found: list[Term] = []
    sizes: tuple[int, int] | None = None
    units = damping
    for one in s.terms if isinstance(s, Total) else (s,):
        scale, inner = (one.scale, one.inner) if isinstance(one, Scaled) else (1.0, one)
        if isinstance(inner, Identity):
            units += scale * inner.scale
            continue
        if not isinstance(inner, Kron) or not (inner.left.square and inner.right.square):
            return None
        mine = inner.left.shape[0], inner.right.shape[0]
        if sizes is not None and sizes != mine:
            return None
        sizes = mine
        left, right = (None if isinstance(x, Identity) else x for x in (inner.left, inner.right))
        for unit in (inner.left, inner.right):
            scale *= unit.scale if isinstance(unit, Identity) else 1.0
        found.append(Term(scale, left, right))
    if sizes is None or 8 * max(sizes) ** 2 > LIMIT:
        return None
    if units:
        found.append(Term(units, None, None))
    return found, sizes


def by_spectrum(s: Structure, damping: float) -> Factored | None:
    """Where all left factors are one symmetric A or I, all right ones one symmetric B or I: by their eigenvectors.

    With A = P·diag(a)·P' and B = Q·diag(b)·Q' the whole is (P⊗Q)·diag(…)·(P⊗Q)'.
    """
    read = terms_of(s, damping)
    if read is None:
        return None
    terms, (m, p) = read
    left, right = _side([t.left for t in terms], m), _side([t.right for t in terms], p)
    if left is None or right is None:
        return None
    a, u, b, v = left.values, left.vectors, right.values, right.vectors
    values = np.zeros((m, p))
    for t in terms:
        values += t.scale * np.multiply.outer(np.ones(m) if t.left is None else a, np.ones(p) if t.right is None else b)
    if abs(values).min() <= m * p * np.finfo(float).eps * abs(values).max():
        raise singular("the sum of Kronecker products")
    diagonal = of_numbers(values.ravel(), "")

    def solve(block: Array) -> Array:
        k = block.shape[1]
        out = np.empty_like(block)
        for j in range(k):
            x = block[:, j].reshape(m, p)
            x = _turn(u, x, v, True) / values
            out[:, j] = _turn(u, x, v, False).ravel()
        return out

    return Factored(solve, diagonal.sign, diagonal.log, "eigenvectors of the factors")


def by_sylvester(s: Structure, damping: float) -> Factored | None:
    """kron(I, B) + kron(A, I), whatever A and B are: B·X + X·A' = C."""
    read = terms_of(s, damping)
    if read is None:
        return None
    terms, (m, p) = read
    left, right = np.zeros((m, m)), np.zeros((p, p))
    for t in terms:
        if t.left is not None and t.right is not None:
            return None
        if t.left is not None:
            left += t.scale * t.left.dense()
        elif t.right is not None:
            right += t.scale * t.right.dense()
        else:
            right += t.scale * np.eye(p)
    sums = np.add.outer(np.linalg.eigvals(left), np.linalg.eigvals(right))
    if abs(sums).min() <= m * p * np.finfo(float).eps * abs(sums).max():
        raise singular("the sum of Kronecker products")
    la = linalg()

    def solve(block: Array) -> Array:
        out = np.empty_like(block)
        for j in range(block.shape[1]):
            c = block[:, j].reshape(m, p).T
            out[:, j] = la.solve_sylvester(right, left.T, c).T.ravel()
        return out

    sign = float(np.sign(np.prod((sums / abs(sums)).ravel()).real))
    return Factored(solve, sign, float(np.log(abs(sums)).sum()), "Sylvester's equation")


@final
@dataclass(frozen=True, eq=False)
class Side:
    """The one matrix A that the factors of a side are, or None where all are identities; eigenvalues and vectors."""

    values: Array
    vectors: Array | None


def _side(sides: list[Structure | None], n: int) -> Side | None:
    """What all factors of a side share; None where they differ or are not symmetric."""
    found: Array | None = None
    for one in sides:
        if one is None:
            continue
        dense = one.dense()
        if not even(dense):
            return None
        dense = (dense + dense.T) / 2
        if found is not None and not np.array_equal(found, dense):
            return None
        found = dense
    return Side(np.ones(n), None) if found is None else Side(*np.linalg.eigh(found))


def _turn(u: Array | None, x: Array, v: Array | None, into: bool) -> Array:
    """Into the eigenvectors' coordinates, or back."""
    if u is not None:
        x = u.T @ x if into else u @ x
    if v is not None:
        x = x @ v if into else x @ v.T
    return x
