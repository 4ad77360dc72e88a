"""Between which numbers the entries of a node lie, as far as the records of its functions say.

1 + tanh(x) lies between 0 and 2, so that a logarithm of it needs nothing.  What is found is proved; an end that is not
known is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import final

from frechet.algebra import constructors as b
from frechet.algebra.atoms import is_op, value_of
from frechet.algebra.definite import positive
from frechet.algebra.node import CAP, Node
from frechet.core.records import facts

End = Fraction | None
ZERO = Fraction(0)


@final
@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`; `closed`: the ends may be reached."""

    low: End = None
    high: End = None
    closed: bool = True

    def scaled(self, c: Fraction) -> Interval:
        """What c times an entry lies in."""
        low, high = (None if end is None else c * end for end in (self.low, self.high))
        return Interval(low, high, self.closed) if c > 0 else Interval(high, low, self.closed)

    def plus(self, other: Interval) -> Interval:
        """What the sum of two entries lies in."""
        return Interval(_sum(self.low, other.low), _sum(self.high, other.high), self.closed and other.closed)

    def within(self, low: End, high: End) -> bool:
        """Whether everything in it lies strictly between two numbers; None is no bound."""
        above = low is None or (self.low is not None and (self.low > low or (self.low == low and not self.closed)))
        below = high is None or (
            self.high is not None and (self.high < high or (self.high == high and not self.closed))
        )
        return above and below


ANY = Interval()


def _sum(one: End, other: End) -> End:
    return None if one is None or other is None else one + other


def interval(x: Node) -> Interval:
    """Between which numbers the entries of a real node lie.

    >>> from frechet.language import parse
    >>> from frechet.ops.normalise import node_of
    >>> def of(text): return interval(node_of(parse(text).value))
    >>> of("3-2*sigmoid(t)").within(1, 3), of("2+sin(t)").within(1, 3), of("1+exp(t)").within(1, None)
    (True, False, True)
    """
    if x.complex or x.weight >= CAP:
        return ANY
    value = value_of(x)
    if value is not None:
        return Interval(value, value)
    if is_op(x, "ones"):
        return Interval(Fraction(1), Fraction(1))
    if x.kind == "sum":
        found = Interval(ZERO, ZERO)
        for term, c in x.terms:
            found = found.plus(interval(term).scaled(Fraction(c)))
        return found
    if x.kind in ("transpose", "vec", "unvec"):
        return interval(x.args[0])
    if x.kind == "product":
        factors = [*x.terms, *((c, Fraction(1)) for c in x.chain)]
        if len(factors) == 1 and factors[0][1] == 1 and x.coef and factors[0][0] is not x:
            return interval(factors[0][0]).scaled(Fraction(x.coef))
    known = facts(x.op).between if x.kind == "apply" else (None, None)
    if known != (None, None):
        low, high = (None if end is None else Fraction(end) for end in known)
        return Interval(low, high, facts(x.op).reached)
    if positive(x):
        return Interval(ZERO, None, closed=False)
    return Interval(ZERO, None) if b.nonnegative(x) else ANY
