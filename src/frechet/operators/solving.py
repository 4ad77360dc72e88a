"""Which way a structure is solved: by its factors, through a small matrix, written out, or step by step."""

from __future__ import annotations

import numpy as np

from frechet.operators.blockdiagonal import BlockDiagonal
from frechet.operators.chain import Chain
from frechet.operators.dense import Dense
from frechet.operators.diagonal import Diagonal
from frechet.operators.factored import Factored, of_array, of_blocks, of_numbers, singular
from frechet.operators.identity import Identity
from frechet.operators.kron import Kron
from frechet.operators.lowrank import LowRank
from frechet.operators.places import Places
from frechet.operators.spectral import by_spectrum, by_sylvester
from frechet.operators.structure import Array, Structure
from frechet.operators.total import Scaled, Total
from frechet.operators.values import LIMIT
from frechet.operators.woodbury import by_woodbury

DIRECT = 1500
"""A matrix of so many rows is written out and factored, whatever it is."""


def factored(
    s: Structure, damping: float = 0.0, direct: int = DIRECT, symmetric: bool = False
) -> Factored | None:  # fmt: skip
    """A factorisation that the structure gives; None where it is to be solved step by step.

    `symmetric` says that the whole is known to be so.

    >>> factored(Kron(Diagonal(np.array([1.0, 2.0])), Identity(2)), 1.0).how
    'Kronecker by factors: diagonal'
    """
    found = _by_kind(s, damping, direct, symmetric)
    if found is not None:
        return found
    n = s.shape[0]
    if n <= direct or (2 * s.stored >= s.size and 8 * s.size <= LIMIT):
        return written_out(s, damping, symmetric or s.symmetric)
    return None


def written_out(s: Structure, damping: float, symmetric: bool) -> Factored:
    """The matrix written out and factored."""
    a = s.dense()
    if symmetric and not np.array_equal(a, a.T):
        a = (a + a.T) / 2
    if damping:
        a[np.diag_indices(len(a))] += damping
    return of_array(a, s.said()[0] if len(s.said()[0]) < 60 else "the matrix")


def _by_kind(s: Structure, damping: float, direct: int, symmetric: bool) -> Factored | None:
    match s:
        case Identity() | Diagonal():
            return of_numbers(s.diagonal() + damping, "diagonal")
        case Scaled():
            inner = factored(s.inner, damping / s.scale, direct, symmetric)
            if inner is None:
                return None
            n = s.shape[0]
            sign = inner.sign * (np.sign(s.scale) ** n)
            return Factored(
                lambda b: inner.solve(b) / s.scale, float(sign), inner.log + n * float(np.log(abs(s.scale))), inner.how
            )
        case Kron():
            return _kron(s, damping, direct)
        case BlockDiagonal():
            return _blocks(s, damping)
        case Places() if s.permutes and not damping:
            return Factored(s.T.apply, _parity(s.columns), 0.0, "permutation")
        case Chain() if not damping and all(factor.square for factor in s.factors):
            return _chain(s, direct)
        case LowRank() if not damping and s.rank < s.shape[0]:
            raise singular("a matrix of low rank")
        case Dense() if s.symmetric:
            return written_out(s, damping, True)
        case _:
            pass
    return _spread(s, damping) or by_woodbury(s, damping) or by_spectrum(s, damping) or by_sylvester(s, damping)


def _spread(s: Structure, damping: float) -> Factored | None:
    """Sums of diagonals alone."""
    terms = s.terms if isinstance(s, Total) else (s,)
    if all(isinstance(t.inner if isinstance(t, Scaled) else t, (Identity, Diagonal)) for t in terms):
        return of_numbers(s.diagonal() + damping, "diagonal")
    return None


def _kron(s: Kron, damping: float, direct: int) -> Factored | None:
    left, right = s.left, s.right
    if not (left.square and right.square):
        return None
    m, p = left.shape[0], right.shape[0]
    if damping:
        if isinstance(left, Diagonal) and isinstance(right, Diagonal):
            return of_numbers(s.diagonal() + damping, "diagonal")
        for one, other, front in ((left, right, False), (right, left, True)):
            if isinstance(one, Identity):
                inner = factored(other, damping / one.scale, direct)
                if inner is None:
                    return None
                return _beside(inner, one, other.shape[0], front)
        return by_spectrum(s, damping) or None
    outer, inner = factored(left, 0.0, direct), factored(right, 0.0, direct)
    if outer is None or inner is None:
        return None

    def solve(b: Array) -> Array:
        k = b.shape[1]
        first = outer.solve(b.reshape(m, p * k)).reshape(m, p, k).transpose(1, 0, 2).reshape(p, m * k)
        return inner.solve(first).reshape(p, m, k).transpose(1, 0, 2).reshape(m * p, k)

    sign = outer.sign**p * inner.sign**m
    how = outer.how if outer.how == inner.how else f"{outer.how}, {inner.how}"
    return Factored(solve, sign, p * outer.log + m * inner.log, f"Kronecker by factors: {how}")


def _beside(inner: Factored, one: Identity, size: int, front: bool) -> Factored:
    """c·I ⊗ S or S ⊗ c·I, from what (S + damping/c) gives."""
    n, scale = one.n, one.scale

    def solve(b: Array) -> Array:
        k = b.shape[1]
        if front:  # S is the slow factor
            return inner.solve(b.reshape(size, n * k)).reshape(size * n, k) / scale
        moved = b.reshape(n, size, k).transpose(1, 0, 2).reshape(size, n * k)
        return inner.solve(moved).reshape(size, n, k).transpose(1, 0, 2).reshape(n * size, k) / scale

    log = n * inner.log + n * size * float(np.log(abs(scale)))
    sign = inner.sign**n * float(np.sign(scale)) ** (n * size)
    return Factored(solve, sign, log, f"Kronecker by factors: {inner.how}")


def _blocks(s: BlockDiagonal, damping: float) -> Factored | None:
    n, a, b = s.blocks.shape
    if a != b:
        return None
    blocks = s.blocks + damping * np.eye(a) if damping else s.blocks
    inverses, signs, logs = of_blocks(blocks, "a block")
    return Factored(
        lambda v: s.gathered(np.matmul(inverses, s.spread(v, a))),
        float(np.prod(signs)),
        float(logs.sum()),
        f"{n} blocks",
    )


def _chain(s: Chain, direct: int) -> Factored | None:
    steps = [factored(factor, 0.0, direct) for factor in s.factors]
    if any(step is None for step in steps):
        return None
    known = [step for step in steps if step is not None]

    def solve(b: Array) -> Array:
        for step in known:
            b = step.solve(b)
        return b

    sign = float(np.prod([step.sign for step in known]))
    return Factored(solve, sign, sum(step.log for step in known), "factor by factor")


def _parity(places: Array) -> float:
    """The sign of a permutation: each cycle of even length turns it.

    >>> _parity(np.array([1, 0, 2])), _parity(np.array([1, 2, 0]))
    (-1.0, 1.0)
    """
    left = set(range(len(places)))
    sign = 1.0
    while left:
        at = start = left.pop()
        while (at := int(places[at])) != start:
            left.discard(at)
            sign = -sign
    return sign
