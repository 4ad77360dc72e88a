"""A value spread over the axes of an array: repeated along those it lacks, zero off the diagonals it stands on.

The identity is the number 1 on a diagonal, the column of ones the number 1 along one axis, ``diag(v)`` v on a
diagonal.  What is multiplied never forms them; only an array that is asked for does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from frechet.compiler.values import Dims, Labels, Program, Value


@final
@dataclass(frozen=True)
class Spread:
    """`value` has the labels `at`, each once; the array has the labels `out`: absent ones repeat, double ones tie."""

    value: Value
    at: Labels
    out: Labels

    @property
    def tied(self) -> bool:
        """Whether it is zero off a diagonal."""
        return len(set(self.out)) < len(self.out)

    def places(self) -> Labels:
        """Which axis of the array each axis of the value is, where no two are tied."""
        return tuple(self.out.index(i) for i in self.at)


def whole(v: Value) -> Spread:
    """An array as it is."""
    labels = tuple(range(len(v.dims)))
    return Spread(v, labels, labels)


def dense(program: Program, s: Spread, dims: Dims) -> Value:
    """The array itself."""
    if s.tied:
        return program.fill(None, [(Fraction(1), s.out, s.at, s.value)], dims)
    return program.full(s.value, s.places(), dims)


def added(program: Program, terms: Sequence[tuple[Fraction, Spread]], dims: Dims) -> Spread:
    """Σ coef · term: what is tied is added in place to the sum of the others."""
    plain = [(c, s) for c, s in terms if not s.tied and not (s.value.kind == "number" and s.value.data == 0)]
    tied = [(c, s) for c, s in terms if s.tied and not (s.value.kind == "number" and s.value.data == 0)]
    if len(tied) == 1 and not plain:
        ((c, s),) = tied
        return Spread(program.product(c, [(s.value, tuple(range(len(s.at))))], s.value.dims), s.at, s.out)
    covered = tuple(range(len(dims))) if tied else tuple(sorted({k for _, s in plain for k in s.places()}))
    base: Value | None = None
    if plain:
        aligned = [(c, s.value, tuple(covered.index(k) for k in s.places())) for c, s in plain]
        met = {k for _, _, at in aligned for k in at}
        if tied and len(met) < len(dims):
            tied = [*((c, Spread(s.value, s.places(), tuple(range(len(dims))))) for c, s in plain), *tied]
        else:
            base = program.sum(aligned, [dims[k] for k in covered])
    if tied:
        return whole(program.fill(base, [(c, s.out, s.at, s.value) for c, s in tied], dims))
    if base is None:
        return Spread(program.rational(0), (), tuple(range(len(dims))))
    return Spread(base, covered, tuple(range(len(dims))))
