"""Solving for unknown sizes: unification of polynomials, linear in one unknown at a time.

Unknown sizes are names that begin with `?`.  An equation that no unknown enters linearly is kept; the sampler
honours what is left of those.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import final

from frechet.core.dim import ONE, Dim
from frechet.errors import FrechetError

NICE = ("m", "n", "p", "q", "k", "r", "s", "t")


def is_unknown(name: str) -> bool:
    """Whether the name of a size stands for one still to be found."""
    return name.startswith("?")


def _factor(equation: Dim, name: str) -> tuple[Dim, Dim] | None:
    """equation = coefficient·name + rest, where the name stands in it to the first power only; else None."""
    rest = Dim.of(0)
    total = Dim.of(0)
    for monomial, c in equation.terms:
        powers = dict(monomial)
        power = powers.pop(name, 0)
        if power == 0:
            rest = rest + Dim({monomial: c})
        elif power == 1:
            total = total + Dim({tuple(sorted(powers.items())): c})
        else:
            return None
    return total, rest


@final
class Sizes:
    """Equations between sizes, solved as they come.

    >>> sizes = Sizes()
    >>> _ = sizes.unify(Dim.of("?1") * 2, Dim.of("?2")); sizes.resolve(Dim.of("?2"))
    2*?1
    >>> sizes.unify(Dim.of("m"), Dim.of("n"))
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: the sizes m and n differ
    """

    def __init__(self, proper: frozenset[str] = frozenset(), kept: Collection[tuple[Dim, Dim]] = ()) -> None:
        self.found: dict[str, Dim] = {}
        self.kept: list[tuple[Dim, Dim]] = list(kept)
        self.cause: dict[str, object] = {}
        self.place: object = None
        self.pressed: str | None = None  # the proper unknown that an equation of this place would make 1
        self._proper = proper  # unknowns that are not 1: the sizes of what was taken for a vector or matrix

    def at(self, place: object) -> None:
        """Say where in the formula the next equations come from."""
        self.place = place
        self.pressed = None

    def resolve(self, size: Dim) -> Dim:
        """The size with all that is known put in."""
        while any(name in self.found for name in size.names):
            size = size.substitute(self.found)
        return size

    def unify(self, left: Dim, right: Dim, /) -> Dim:
        """Make two sizes equal; FrechetError where they cannot be."""
        if left == right:
            return left
        left, right = self.resolve(left), self.resolve(right)
        if left == right:
            return left
        if not self._solve(left, right):
            self.kept.append((left, right))
        return self.resolve(left)

    def _solve(self, left: Dim, right: Dim) -> bool:
        """Bind one unknown of the equation left = right; False if none can be."""
        equation = left - right
        unknown = sorted((name for name in equation.names if is_unknown(name)), key=lambda name: (-int(name[1:]), name))
        if not unknown:
            raise FrechetError("shape", f"the sizes {left} and {right} differ")
        fractional: tuple[str, Dim] | None = None
        for name in unknown:
            parts = _factor(equation, name)
            if parts is None or parts[0] == 0:
                continue
            value = parts[1].scaled(Fraction(-1)).quotient(parts[0])
            if value is None or name in value.names:
                continue
            if all(c.denominator == 1 for _, c in value.terms):
                self._bind(name, value, left, right)
                return True
            fractional = fractional or (name, value)
        if fractional is None:
            return False
        self._bind(*fractional, left, right)
        return True

    def _bind(self, name: str, value: Dim, left: Dim, right: Dim) -> None:
        positive = any(c > 0 for _, c in value.terms)
        whole = value.names or value.number is not None
        if name in self._proper and value == ONE:
            self.pressed = name
        if not positive or not whole or self.pressed == name:
            raise FrechetError("shape", f"the sizes {left} and {right} differ")
        self.found[name] = value
        self.cause[name] = self.place
        if name in self._proper and value.names and len(value.terms) == 1:
            (monomial, c), *_ = value.terms
            if c == 1 and len(monomial) == 1 and monomial[0][1] == 1 and is_unknown(monomial[0][0]):
                self._proper = self._proper | {monomial[0][0]}
        waiting, self.kept = self.kept, []
        for a, b in waiting:
            self.unify(a, b)

    def christen(self, order: list[Dim], taken: frozenset[str]) -> None:
        """Give what is still unknown names: m, n, p, q, … as they appear (a single one is n)."""
        unknown: list[str] = []
        for size in order:
            for name in sorted(self.resolve(size).names, key=lambda name: (len(name), name)):
                if is_unknown(name) and name not in unknown:
                    unknown.append(name)
        pool = [name for name in (("n", *NICE) if len(unknown) == 1 else NICE) if name not in taken]
        number = 1
        while len(pool) < len(unknown):
            if f"n{number}" not in taken:
                pool.append(f"n{number}")
            number += 1
        for name, nice in zip(unknown, pool, strict=False):
            self.found[name] = Dim.of(nice)
        self.kept = [(self.resolve(a), self.resolve(b)) for a, b in self.kept]

    def settled(self, left: Dim, right: Dim, /) -> Dim:
        """The common size when no more is to be solved: equal, or equal by a kept equation."""
        if left == right:
            return left
        left, right = self.resolve(left), self.resolve(right)
        if left != right and left - right not in (d for a, b in self.kept for d in (a - b, b - a)):
            raise FrechetError("shape", f"the sizes {left} and {right} differ")
        return left
