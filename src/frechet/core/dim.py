"""Sizes: polynomials in named positive integers.

A size is `3`, `n`, `m*n`, `n + 1` or `n*(n+1)/2`.  Sizes are values: immutable, hashable, equal when they are
equal as polynomials.  Coefficients are rational so that the length of ``vech`` can be written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from math import gcd, lcm
from typing import final

Monomial = tuple[tuple[str, int], ...]
"""A product of powers of names, sorted by name: ``(("m", 1), ("n", 2))`` is m n²; ``()`` is 1."""


@final
class Dim:
    """A size: a polynomial in named positive integers.

    >>> m, n = Dim.of("m"), Dim.of("n")
    >>> str(m * n + 1), (m * n).evaluate({"m": 2, "n": 3})
    ('m*n+1', 6)
    >>> m * n == n * m
    True
    """

    __slots__ = ("_hash", "_text", "terms")
    terms: tuple[tuple[Monomial, Fraction], ...]
    _hash: int

    def __init__(self, terms: Mapping[Monomial, Fraction]) -> None:
        self.terms = tuple(sorted((m, c) for m, c in terms.items() if c))
        self._hash = hash(self.terms)
        self._text: str | None = None

    @staticmethod
    def of(value: Dim | int | str) -> Dim:
        """The size that `value` names: a positive integer, a name, or a size already."""
        if isinstance(value, Dim):
            return value
        if isinstance(value, str):
            return Dim({((value, 1),): Fraction(1)})
        return Dim({(): Fraction(value)})

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type[Dim], tuple[dict[Monomial, Fraction]]]:
        return Dim, (dict(self.terms),)  # the hash is of texts: another in each process

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if isinstance(other, Dim):
            return self.terms == other.terms
        return isinstance(other, int) and self == Dim.of(other)

    def __add__(self, other: Dim | int) -> Dim:
        if not isinstance(other, (Dim, int)):  # pyright: ignore[reportUnnecessaryIsInstance]
            return NotImplemented  # a formula knows what to do with a size
        terms = dict(self.terms)
        for monomial, c in Dim.of(other).terms:
            terms[monomial] = terms.get(monomial, Fraction(0)) + c
        return Dim(terms)

    def __mul__(self, other: Dim | int) -> Dim:
        if not isinstance(other, (Dim, int)):  # pyright: ignore[reportUnnecessaryIsInstance]
            return NotImplemented  # a formula knows what to do with a size
        terms: dict[Monomial, Fraction] = {}
        for m1, c1 in self.terms:
            for m2, c2 in Dim.of(other).terms:
                powers = dict(m1)
                for name, p in m2:
                    powers[name] = powers.get(name, 0) + p
                monomial = tuple(sorted(powers.items()))
                terms[monomial] = terms.get(monomial, Fraction(0)) + c1 * c2
        return Dim(terms)

    def __sub__(self, other: Dim | int) -> Dim:
        if not isinstance(other, (Dim, int)):  # pyright: ignore[reportUnnecessaryIsInstance]
            return NotImplemented  # a formula knows what to do with a size
        return self + Dim.of(other).scaled(Fraction(-1))

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: int) -> Dim:
        return Dim.of(other) - self

    def __pow__(self, k: int) -> Dim:
        result = Dim.of(1)
        for _ in range(k):
            result = result * self
        return result

    def __truediv__(self, divisor: int) -> Dim:
        """n*(n+1)/2: a whole number divides; what it divides must be a multiple of it."""
        if not isinstance(divisor, int) or not divisor:  # pyright: ignore[reportUnnecessaryIsInstance]
            return NotImplemented  # a formula knows what to do with a size
        return self.scaled(Fraction(1, divisor))

    def scaled(self, factor: Fraction) -> Dim:
        """This size times a rational number (``(n*(n+1)).scaled(Fraction(1, 2))``)."""
        return Dim({m: c * factor for m, c in self.terms})

    def quotient(self, divisor: Dim) -> Dim | None:
        """self / divisor when the divisor is a single monomial that divides every term; else None."""
        if len(divisor.terms) != 1:
            return Dim.of(1) if self == divisor else None
        (below, c) = divisor.terms[0]
        terms: dict[Monomial, Fraction] = {}
        for monomial, coefficient in self.terms:
            powers = dict(monomial)
            for name, p in below:
                powers[name] = powers.get(name, 0) - p
                if powers[name] < 0:
                    return None
                if powers[name] == 0:
                    del powers[name]
            terms[tuple(sorted(powers.items()))] = coefficient / c
        return Dim(terms)

    @property
    def number(self) -> int | None:
        """The integer this size is, or None while it has names in it."""
        if not self.terms:
            return 0
        if len(self.terms) == 1 and self.terms[0][0] == () and self.terms[0][1].denominator == 1:
            return int(self.terms[0][1])
        return None

    @property
    def names(self) -> frozenset[str]:
        """The names the size is made of."""
        written = self._written
        if _LEAST.keys().isdisjoint(written):
            return written
        return frozenset(n for w in written for n in (_LEAST[w][0].names | _LEAST[w][1].names if w in _LEAST else (w,)))

    @property
    def _written(self) -> frozenset[str]:
        return frozenset(name for monomial, _ in self.terms for name, _ in monomial)

    def substitute(self, values: Mapping[str, Dim]) -> Dim:
        """The size with names replaced by sizes; names that are not in `values` stay."""
        if not any(name in values for name in self.names):
            return self
        mins = self._written & _LEAST.keys()
        values = {**values, **{w: least(*(d.substitute(values) for d in _LEAST[w])) for w in mins}}
        total = Dim.of(0)
        for monomial, c in self.terms:
            term = Dim({(): c})
            for name, p in monomial:
                term = term * (values[name] if name in values else Dim.of(name)) ** p
            total = total + term
        return total

    def evaluate(self, sizes: Mapping[str, int]) -> int:
        """The integer at given sizes.  KeyError for a name without one, ValueError when it is no integer."""
        total: Fraction | int = 0
        for monomial, c in self.terms:
            # Whole numbers where they do: this is asked for every node at every choice of sizes.
            part: Fraction | int = c.numerator if c.denominator == 1 else c
            for name, p in monomial:
                size = sizes[name] if name not in _LEAST else min(d.evaluate(sizes) for d in _LEAST[name])
                part *= size**p if p >= 0 else Fraction(size) ** p
            total += part
        if total.denominator != 1:
            raise ValueError(f"the size {self} is not a whole number at {dict(sizes)}")
        return int(total)

    def __str__(self) -> str:
        """The size as a formula: highest terms first, `n^2/2+n/2`."""
        if self._text is None:
            self._text = self._written_out()
        return self._text

    def _written_out(self) -> str:
        if not self.terms:
            return "0"
        ordered = sorted(self.terms, key=lambda t: (-sum(p for _, p in t[0]), t[0]))
        text = ""
        for monomial, c in ordered:
            factors = [name if p == 1 else f"{name}^{p}" for name, p in monomial]
            if abs(c.numerator) != 1 or not factors:
                factors.insert(0, str(abs(c.numerator)))
            body = "*".join(factors) + (f"/{c.denominator}" if c.denominator != 1 else "")
            text += ("-" if c < 0 else "+" if text else "") + body
        return text

    def __repr__(self) -> str:
        return str(self)


ONE = Dim.of(1)
"""The size 1."""

_LEAST: dict[str, tuple[Dim, Dim]] = {}
"""The sizes `min(m,n)` by their text: a name of its own in polynomials, made of two sizes."""


def above_zero(d: Dim) -> bool:
    """Whether a polynomial is above zero at all sizes, as its coefficients show.

    >>> n = Dim.of("n")
    >>> above_zero(n + 1), above_zero(n - 1), above_zero(Dim.of(0))
    (True, False, False)
    """
    return bool(d.terms) and all(c > 0 for _, c in d.terms)


def least(left: Dim, right: Dim) -> Dim:
    """The smaller of two sizes, how many singular values a matrix has; `min(m,n)` where that depends.

    >>> m, n = Dim.of("m"), Dim.of("n")
    >>> least(m, m + n), least(n, m), least(n, m).evaluate({"m": 3, "n": 2})
    (m, min(m,n), 2)
    """
    gap = right - left
    gap = gap.substitute({name: Dim.of(name) + 1 for name in gap.names})  # a size is at least 1
    if all(c >= 0 for _, c in gap.terms):
        return left
    if all(c <= 0 for _, c in gap.terms):
        return right
    first, second = sorted((left, right), key=str)
    name = f"min({first},{second})"
    _LEAST[name] = first, second
    return Dim.of(name)


Shape = tuple[Dim, ...]
"""The shape of a value: () scalar, (n,) vector (a column), (m, n) matrix, more for a tensor."""


def settle(shape: Shape) -> Shape:
    """The shape as frechet keeps it: 1×1 is a scalar and n×1 is a vector, wherever they arise.

    >>> settle((Dim.of("n"), Dim.of(1))), settle((ONE, ONE)), settle((ONE, Dim.of("n")))
    ((n,), (), (1, n))
    """
    if len(shape) == 2 and shape[1] == ONE:
        shape = shape[:1]
    if shape == (ONE,):
        return ()
    return shape


def rows_cols(shape: Shape) -> tuple[Dim, Dim]:
    """A shape of order at most two as rows and columns; a vector is a column."""
    if len(shape) == 0:
        return ONE, ONE
    if len(shape) == 1:
        return shape[0], ONE
    return shape[0], shape[1]


def entries(shape: Shape) -> Dim:
    """How many entries an array of this shape has."""
    total = ONE
    for d in shape:
        total = total * d
    return total


def show(shape: Shape) -> str:
    """The shape in words a message can use: `m×n`, `n×1` for a vector, `scalar`.

    >>> show((Dim.of("m") + 1,)), show((Dim.of("m"), Dim.of("n"))), show(())
    ('(m+1)×1', 'm×n', 'scalar')
    """
    if not shape:
        return "scalar"
    sizes = [spoken(d, apart=True) for d in shape]
    return "×".join(sizes if len(sizes) > 1 else [*sizes, "1"])


RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def spoken(d: Dim, apart: bool = False) -> str:
    """The size as people write it: `n²`, `mp`, `n(n+1)/2`; a sum stands in brackets where it is to be kept `apart`.

    >>> m, n = Dim.of("m"), Dim.of("n")
    >>> [spoken(d) for d in (n * n, m * n * 2, (n * n + n).scaled(Fraction(1, 2)), n + 1, Dim.of(6))]
    ['n²', '2mn', 'n(n+1)/2', 'n+1', '6']
    """
    if d.number is not None or not d.terms:
        return str(d)
    found = {name for monomial, _ in d.terms for name, _ in monomial}
    shared = {name: min(dict(monomial).get(name, 0) for monomial, _ in d.terms) for name in sorted(found)}
    below = lcm(*(c.denominator for _, c in d.terms))
    above = gcd(*(c.numerator * (below // c.denominator) for _, c in d.terms))
    common = Dim({tuple(sorted((name, p) for name, p in shared.items() if p)): Fraction(above, below)})
    rest = d.quotient(common)
    assert rest is not None, "what is shared divides every term"
    names = [name + ("" if p == 1 else str(p).translate(RAISED)) for name, p in sorted(shared.items()) if p]
    text = ("" if all(len(name) == 1 for name, p in shared.items() if p) else "·").join(names)
    text = f"{'' if above == 1 else above}{text}"
    if rest != ONE:
        whole = re.sub(r"\^(\d+)", lambda power: power.group(1).translate(RAISED), str(rest))
        text = f"{text}({whole})" if text or apart else whole
    return text + (f"/{below}" if below != 1 else "")
