"""Putting structures together in the plainest way: what is diagonal stays so, what is small is formed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from frechet.operators.chain import Chain
from frechet.operators.dense import Dense
from frechet.operators.diagonal import Diagonal
from frechet.operators.identity import Identity
from frechet.operators.joining import spread
from frechet.operators.kron import Kron
from frechet.operators.lowrank import LowRank
from frechet.operators.overdata import OverData
from frechet.operators.places import Places
from frechet.operators.structure import PRODUCT, Array, Structure
from frechet.operators.tape import decided, derived
from frechet.operators.total import Scaled, Total


def zero(rows: int, columns: int) -> Structure:
    """The zero matrix: of rank 0."""
    return LowRank(np.zeros((rows, 0)), np.zeros((columns, 0)))


def is_zero(s: Structure) -> bool:
    """Whether a structure is zero by its form."""
    return isinstance(s, LowRank) and s.rank == 0


def scaled(c: float, s: Structure) -> Structure:
    """c·S.

    >>> scaled(2.0, scaled(-1.0, Identity(3)))
    <identity 3×3: -2·I(3)>
    """
    if c == 1.0 or is_zero(s):
        return s
    if c == 0.0:
        return zero(*s.shape)
    if isinstance(s, Identity):
        return Identity(s.n, c * s.scale)
    if isinstance(s, Scaled):
        return scaled(c * s.scale, s.inner)
    return Scaled(c, s)


def total(terms: Sequence[Structure]) -> Structure:
    """The sum: sums in it are opened, multiples of the identity are one.

    >>> total([Identity(2), Identity(2, 2.0)])
    <identity 2×2: 3·I(2)>
    """
    opened: list[Structure] = []
    for term in terms:
        opened += [scaled(term.scale, t) for t in term.inner.terms] if isinstance(term, Scaled) and isinstance(
            term.inner, Total
        ) else term.terms if isinstance(term, Total) else [term]  # fmt: skip
    units = [t for t in opened if isinstance(t, Identity)]
    if len(units) > 1:
        first = opened.index(units[0])
        others = [t for t in opened if not isinstance(t, Identity)]
        opened = [*others[:first], Identity(units[0].n, sum(t.scale for t in units)), *others[first:]]
    opened = _one_sum(opened)
    kept = [t for t in opened if not is_zero(t) and not (isinstance(t, Identity) and t.scale == 0.0)]
    if not kept:
        return zero(*terms[0].shape)
    return kept[0] if len(kept) == 1 else Total(tuple(kept))


def _one_sum(terms: list[Structure]) -> list[Structure]:
    """Sums over the same data are one."""
    out: list[Structure] = []
    for term in terms:
        scale, inner = (term.scale, term.inner) if isinstance(term, Scaled) else (1.0, term)
        if not isinstance(inner, OverData):
            out.append(term)
            continue
        mine = inner if scale == 1.0 else inner.times(scale)
        met = next((k for k, other in enumerate(out) if isinstance(other, OverData) and other.joins(mine)), None)
        if met is None:
            out.append(mine)
        else:
            other = out[met]
            assert isinstance(other, OverData)
            out[met] = other.joined(mine)
    return out


def settled(s: Structure) -> Structure:
    """A factor of a Kronecker product, applied many times over: formed where that keeps half as many numbers at most.

    >>> from frechet.operators.chain import Chain
    >>> v = Dense(np.ones((5, 2)), "V")
    >>> settled(Chain((v.T, v)))
    <dense 2×2: Vᵀ V>
    """
    if isinstance(s, Scaled):
        inner = settled(s.inner)
        return scaled(s.scale, inner) if inner is not s.inner else s
    if isinstance(s, (Chain, Total, LowRank)) and not is_zero(s) and 2 * s.size <= s.stored:
        text, level = s.said()
        made = s.dense()
        if s.symmetric:  # exactly
            made = (made + made.T) / 2
        return Dense(made, text, level)
    return s


def kron(left: Structure, right: Structure) -> Structure:
    """left ⊗ right: numbers go in front, identities together.

    >>> kron(Identity(2), Identity(3, 2.0))
    <identity 6×6: 2·I(6)>
    """
    left, right = settled(left), settled(right)
    if is_zero(left) or is_zero(right):
        (m, n), (p, q) = left.shape, right.shape
        return zero(m * p, n * q)
    scale = 1.0
    if isinstance(left, Scaled):
        scale, left = scale * left.scale, left.inner
    if isinstance(right, Scaled):
        scale, right = scale * right.scale, right.inner
    if isinstance(left, Identity):
        scale, left = scale * left.scale, Identity(left.n)
    if isinstance(right, Identity):
        scale, right = scale * right.scale, Identity(right.n)
    for one, other in ((left, right), (right, left)):
        if one.shape == (1, 1):
            return scaled(scale * decided(float(one.dense()[0, 0])), other)
    if isinstance(left, Identity) and isinstance(right, Identity):
        return Identity(left.n * right.n, scale)
    if isinstance(left, (Identity, Diagonal)) and isinstance(right, (Identity, Diagonal)):
        name = f"{left.said()[0]} ⊗ {right.said()[0]}"
        return scaled(scale, Diagonal(np.kron(left.diagonal(), right.diagonal()), name))
    if isinstance(left, Identity) and isinstance(right, Kron) and isinstance(right.left, Identity):
        return scaled(scale, Kron(Identity(left.n * right.left.n, right.left.scale), right.right))
    if isinstance(left, Kron):  # from the right, so that identities meet
        return scaled(scale, kron(left.left, kron(left.right, right)))
    if _vector(left) and _vector(right) and left.shape[1] == right.shape[1]:
        return scaled(scale, Dense(np.kron(left.dense(), right.dense()), f"{left.said()[0]} ⊗ {right.said()[0]}", 1))
    return scaled(scale, Kron(left, right))


def _vector(s: Structure) -> bool:
    return 1 in s.shape


def chain(factors: Sequence[Structure]) -> Structure:
    """The product: numbers in front, identities gone, what passes through few indices of low rank."""
    scale = 1.0
    opened: list[Structure] = []
    for factor in factors:
        while isinstance(factor, Scaled):
            scale, factor = scale * factor.scale, factor.inner
        opened += factor.factors if isinstance(factor, Chain) else [factor]
    rows, columns = opened[0].shape[0], opened[-1].shape[1]
    if any(is_zero(factor) for factor in opened):
        return zero(rows, columns)
    kept: list[Structure] = []
    for factor in opened:
        if isinstance(factor, Identity):
            scale *= factor.scale
        elif kept and (joined := _joined(kept[-1], factor)) is not None:
            kept[-1] = joined
        else:
            kept.append(factor)
    if not kept:
        return Identity(rows, scale)
    if len(kept) == 1:
        return scaled(scale, kept[0])
    summed = spread(kept)
    if summed is not None:
        whole = total(summed)
        if isinstance(whole, OverData):  # by the name of the product, not of its terms
            text = " ".join(factor.bracketed(PRODUCT) for factor in kept)
            whole = OverData(whole.left, whole.right, text, whole.flipped)
        return scaled(scale, whole)
    thin = min(range(1, len(kept)), key=lambda k: kept[k].shape[0])
    r = kept[thin].shape[0]
    if r * (rows + columns) < rows * columns:
        text = " ".join(factor.bracketed(PRODUCT) for factor in kept)
        left, right = kept[:thin], kept[thin:]
        mirrored = Chain(tuple(kept)).symmetric
        u = _written(_product(left))
        v = u if mirrored and len(left) == len(right) else np.ascontiguousarray(_written(_product(right).T))
        return scaled(scale, LowRank(u, v, text))
    return scaled(scale, Chain(tuple(kept)))


def _written(s: Structure) -> Array:
    return s.array if isinstance(s, Dense) else s.dense()


def _product(factors: Sequence[Structure]) -> Structure:
    return factors[0] if len(factors) == 1 else Chain(tuple(factors))


def _joined(left: Structure, right: Structure) -> Structure | None:
    """Two neighbours as one, where that is no more: diagonals, permutations, Kronecker products factor by factor."""
    if isinstance(left, Diagonal) and isinstance(right, Diagonal):
        return Diagonal(derived(np.multiply, left.entries, right.entries), f"{left.name} ⊙ {right.name}")
    if isinstance(left, Places) and isinstance(right, Places) and left.permutes and right.permutes:
        n = left.shape[0]
        columns = right.columns[left.columns]
        if np.array_equal(columns, np.arange(n)):
            return Identity(n)
        return Places((n, n), np.arange(n), columns, f"{left.said()[0]} {right.said()[0]}")
    if isinstance(left, Kron) and isinstance(right, Kron) and left.left.shape[1] == right.left.shape[0]:
        outer, inner = chain([left.left, right.left]), chain([left.right, right.right])
        made = kron(outer, inner)
        return made if made.stored <= left.stored + right.stored else None
    return None
