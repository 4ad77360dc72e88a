"""Between which numbers the entries of a value lie, as far as its operations say: a weight s∘(1-s) is not negative."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from frechet.compiler.values import Value
from frechet.core.records import facts


class Bounds(NamedTuple):
    """The least and the greatest that an entry can be; None where nothing is known."""

    least: Fraction | None
    greatest: Fraction | None


ZERO = Fraction(0)
ANYTHING = Bounds(None, None)
NOT_NEGATIVE = Bounds(ZERO, None)


def not_negative(v: Value) -> bool:
    """Whether every entry is known to be at least zero; of real arrays.

    >>> from frechet.compiler.values import Program
    >>> p = Program()
    >>> s = p.make("call", (p.input("x", ()),), ("sigmoid", ()), ())
    >>> rest = p.sum([(Fraction(1), p.rational(1), ()), (Fraction(-1), s, ())], ())
    >>> not_negative(p.product(Fraction(1), [(s, ()), (rest, ())], ())), not_negative(p.input("x", ()))
    (True, False)
    """
    least = bounds(v).least
    return least is not None and least >= 0


def bounds(v: Value) -> Bounds:
    """The bounds of a value's entries."""
    if v.kind == "number":
        return Bounds(v.data, v.data)
    if v.kind == "size":
        return NOT_NEGATIVE
    if v.kind == "call":
        return _of_call(v.data[0])
    if v.kind == "sum":
        return _of_sum(v)
    if v.kind == "product":
        coef: Fraction = v.data[0]
        found = [bounds(a) for a in v.args]
        if coef < 0 or any(b.least is None or b.least < 0 for b in found):
            return ANYTHING
        greatest = coef
        for b in found:
            if b.greatest is None:
                return NOT_NEGATIVE
            greatest *= b.greatest
        return Bounds(ZERO, greatest)
    if v.kind == "power":
        exponent: Fraction = v.data
        even = exponent.denominator == 1 and exponent.numerator % 2 == 0
        return NOT_NEGATIVE if even or not_negative(v.args[0]) else ANYTHING
    if v.kind in ("reshape", "cut"):
        return bounds(v.args[0])
    if v.kind == "reduce" and not_negative(v.args[0]):
        return NOT_NEGATIVE
    return ANYTHING


def _of_call(op: str) -> Bounds:
    """What the record says."""
    known = facts(op)
    low, high = known.between
    if low is None and known.range:
        low = 0
    return Bounds(None if low is None else Fraction(low), None if high is None else Fraction(high))


def _of_sum(v: Value) -> Bounds:
    low: Fraction | None = ZERO
    high: Fraction | None = ZERO
    for c, a in zip(v.data[0], v.args, strict=True):
        b = bounds(a)
        small, large = (b.least, b.greatest) if c > 0 else (b.greatest, b.least)
        low = None if low is None or small is None else low + c * small
        high = None if high is None or large is None else high + c * large
    return Bounds(low, high)
