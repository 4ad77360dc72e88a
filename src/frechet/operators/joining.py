"""A product of structures as a sum over data: where factors meet in an index, each value of it is a Kronecker product.

R'·diag(s)·R with R[(q,m),(h,n)] = V[h,q]·X[m,n]·Q[m,h] is Σₘ Bₘ ⊗ xₘ·xₘ', where Bₘ is small.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import final

import numpy as np

from frechet.operators.batch import Batch, Diagonals, Full, Outer
from frechet.operators.chain import Chain
from frechet.operators.contraction import Contraction
from frechet.operators.dense import Dense
from frechet.operators.diagonal import Diagonal
from frechet.operators.einsum import einsum
from frechet.operators.identity import Identity
from frechet.operators.kron import Kron
from frechet.operators.labels import Entries, Factor, Labels
from frechet.operators.overdata import OverData
from frechet.operators.structure import PRODUCT, Array, Structure
from frechet.operators.tape import derived, filled
from frechet.operators.total import Scaled, Total
from frechet.operators.woven import Woven

MANY = 4
"""A sum of so many terms is spread over a product."""
WORTH = 4
"""The batch may have so many times the numbers of the factors."""


def entries_of(s: Structure, labels: Labels) -> Entries | None:
    """A structure by the entries of small arrays; None where it is none of those."""
    match s:
        case Scaled():
            found = entries_of(s.inner, labels)
            return found and Entries(found.rows, found.columns, found.factors, s.scale * found.scale)
        case Identity():
            axis = labels.axis(s.n)
            return Entries(list(axis), list(axis), [], s.scale)
        case Diagonal():
            axis = labels.axis(len(s.entries))
            return Entries(list(axis), list(axis), [(s.entries.reshape([len(s.entries)] * len(axis)), tuple(axis))])
        case Dense():
            rows, columns = labels.axis(s.shape[0]), labels.axis(s.shape[1])
            at = (*rows, *columns)
            return Entries(rows, columns, [(s.array.reshape([labels.sizes[v] for v in at]), at)])
        case Kron():
            left, right = entries_of(s.left, labels), entries_of(s.right, labels)
            if left is None or right is None:
                return None
            factors = left.factors + right.factors
            return Entries(left.rows + right.rows, left.columns + right.columns, factors, left.scale * right.scale)
        case Contraction():
            new = [labels.label(size) for size in s.sizes]
            factors: list[Factor] = [(array, tuple(new[v] for v in at)) for array, at in s.factors]
            return Entries([new[v] for v in s.rows], [new[v] for v in s.columns], factors)
        case _:
            return None


def over_data(factors: Sequence[Structure]) -> OverData | None:
    """The product as a sum over the longest index that is summed; None where it is none, or more to keep."""
    kinds = {type(factor) for factor in factors}
    if Contraction not in kinds and not {Kron, Diagonal} <= kinds:
        return None
    labels = Labels()
    whole: Entries | None = None
    for factor in factors:
        one = entries_of(factor, labels)
        if one is None:
            return None
        if whole is None:
            whole = one
            continue
        try:
            labels.same(whole, "columns", one, "rows")
        except ValueError:
            return None
        whole = Entries(whole.rows, one.columns, whole.factors + one.factors, whole.scale * one.scale)
    assert whole is not None
    summed = {v for _, at in whole.factors for v in at} - {*whole.rows, *whole.columns}
    if not summed or any(len(set(side)) < len(side) for side in (whole.rows, whole.columns)):
        return None
    held = max(summed, key=lambda v: (labels.sizes[v], -v))
    name = " ".join(factor.bracketed(PRODUCT) for factor in factors)
    limit = WORTH * sum(factor.stored for factor in factors)
    return _Pieces(whole, labels, held).structure(name, limit)


def spread(factors: Sequence[Structure]) -> list[OverData] | None:
    """The same where one factor is a sum, term by term; None unless every product is a sum over data."""
    sums = [k for k, factor in enumerate(factors) if isinstance(factor, Total)]
    if not sums:
        found = over_data(factors)
        return None if found is None else [found]
    at = sums[0]
    whole = factors[at]
    assert isinstance(whole, Total)
    if len(sums) > 1 or len(whole.terms) > MANY:
        return None
    out: list[OverData] = []
    for term in whole.terms:
        scale, inner = (term.scale, term.inner) if isinstance(term, Scaled) else (1.0, term)
        middle = inner.factors if isinstance(inner, Chain) else (inner,)
        found = over_data([*factors[:at], *middle, *factors[at + 1 :]])
        if found is None:
            return None
        out.append(found if scale == 1.0 else found.times(scale))
    return out


@final
class _Pieces:
    """The factors of a product by what hangs together when one index is held."""

    def __init__(self, whole: Entries, labels: Labels, held: int) -> None:
        self.whole, self.labels, self.held = whole, labels, held
        self.groups: list[set[int]] = [{v} for v in dict.fromkeys((*whole.rows, *whole.columns))]
        for _, at in whole.factors:
            mine = set(at) - {held}
            met = [g for g in self.groups if g & mine]
            self.groups = [g for g in self.groups if not g & mine] + ([set().union(mine, *met)] if mine else [])

    def _factors(self, labels: set[int], out: Sequence[int], alone: bool) -> list[Factor]:
        """The factors on these labels (with `alone`, those on the held index too), with ones for what none has."""
        held = self.held
        chosen = [(a, at) for a, at in self.whole.factors if set(at) & labels or (alone and set(at) == {held})]
        known = {v for _, at in chosen for v in at}
        return chosen + [(filled(1.0, self.labels.sizes[v]), (v,)) for v in (held, *out) if v not in known]

    def _array(self, labels: set[int], out: Sequence[int], alone: bool) -> Array:
        """The factors as one array, held index first."""
        factors = self._factors(labels, out, alone)
        axes, n, whole = [at for _, at in factors], self.labels.sizes[self.held], (self.held, *out)

        def made(*arrays: Array) -> Array:
            return np.ascontiguousarray(einsum(list(zip(arrays, axes, strict=True)), whole).reshape(n, -1))

        return derived(made, *(array for array, _ in factors))

    def _pair(self, above: set[int], rows: Sequence[int], beside: set[int], columns: Sequence[int]) -> Outer:
        """u·v' for the factors on the rows and those on the columns; one array where these are the same."""
        u = self._array(above, rows, False)
        sides = (self._told(above, rows), self._told(beside, columns))
        return Outer(u, u if sides[0] == sides[1] else self._array(beside, columns, False))

    def _told(self, labels: set[int], out: Sequence[int]) -> list[tuple[object, ...]]:
        """The factors by where they lie in memory, their labels by the place in `out`."""
        place: dict[int, object] = {**{v: k for k, v in enumerate(out)}, self.held: "held"}
        told = [(_memory(a), *(place.get(v, ("summed", v)) for v in at)) for a, at in self._factors(labels, out, False)]
        return sorted(told, key=repr)

    def structure(self, name: str, limit: int) -> OverData | None:
        """Σ B ⊗ x·y', or with the factors turned round."""
        rows, columns = self.whole.rows, self.whole.columns
        for flipped in (False, True):
            end = 0 if flipped else -1
            if not rows or not columns:
                return None
            above = next(g for g in self.groups if rows[end] in g)
            beside = next(g for g in self.groups if columns[end] in g)
            if above & set(columns) or beside & set(rows):
                continue
            mine, yours = [v for v in rows if v in above], [v for v in columns if v in beside]
            left_rows, left_columns = [v for v in rows if v not in above], [v for v in columns if v not in beside]
            straight = (mine + left_rows, yours + left_columns) if flipped else (left_rows + mine, left_columns + yours)
            if straight != (rows, columns) or not (left_rows and left_columns):
                continue
            count = prod(self.labels.sizes[v] for v in (self.held, *{*left_rows, *left_columns}))
            if count > limit:
                continue
            batch = self._batch({v for g in self.groups for v in g} - above - beside, left_rows, left_columns)
            if batch is None:
                continue
            return OverData(batch, self._pair(above, mine, beside, yours), name, flipped)
        return None

    def _batch(self, labels: set[int], rows: list[int], columns: list[int]) -> Batch | None:
        """What stands beside the outer product, for each value of the held index."""
        scale, n = self.whole.scale, self.labels.sizes[self.held]
        if rows and rows == columns:
            return (Diagonals(derived(np.multiply, filled(scale, 1), self._array(labels, rows, True))),)
        if set(rows) & set(columns):
            return None
        above = {v for g in self.groups if g & set(rows) for v in g}
        if not above & set(columns):
            # What hangs on the rows and what hangs on the columns meet in the held index alone.
            pair = self._pair(above, rows, labels - above, columns)
            alone = [array for array, at in self.whole.factors if at == (self.held,)]
            if scale != 1.0:
                alone.append(filled(scale, n))
            for weights in alone:
                pair = pair.weighted(weights)
            return (pair,)
        a, b = (prod(self.labels.sizes[v] for v in side) for side in (rows, columns))
        factors = self._factors(labels, [*rows, *columns], True)
        if scale != 1.0:
            factors.append((filled(scale, n), (self.held,)))
        woven = Woven(self.held, tuple(rows), tuple(columns), tuple(self.labels.sizes), tuple(factors))
        return (woven if 2 * woven.stored <= n * a * b else Full(woven.full()),)


def _memory(a: Array) -> tuple[object, ...]:
    return a.__array_interface__["data"][0], a.shape, a.strides
