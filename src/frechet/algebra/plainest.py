"""What must hold of a node said of the plainest part on which it hangs: w'*S*w is not 0 where w is not.

A demand is a node and a word.  Of an array "positive", "nonzero", "unit" (between -1 and 1) and "probability" (between
0 and 1) speak of every entry; "apart" says that an array is
not zero as a whole, "invertible" that a square matrix has an inverse.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from frechet.algebra import constructors as b
from frechet.algebra.atoms import is_zero
from frechet.algebra.constructors.products import unturned
from frechet.algebra.definite import definite, invertible, positive
from frechet.algebra.node import CAP, Node
from frechet.algebra.ranges import interval
from frechet.core.records import facts

Word = Literal["positive", "nonzero", "apart", "invertible", "unit", "probability", "full column rank"]
Demand = tuple[Node, Word]
BETWEEN: Mapping[Word, tuple[int, int]] = {"unit": (-1, 1), "probability": (0, 1)}
"""The words that ask for entries between two numbers."""


def plainest(x: Node, word: Word) -> tuple[Demand, ...]:
    """The demands on parts of x that say the same, the plainest there are; none where it cannot fail.

    >>> from frechet.language import parse
    >>> from frechet.ops.normalise import node_of
    >>> S = {"S": ["positive definite"]}
    >>> w = node_of(parse("w").value)
    >>> plainest(node_of(parse("w'*S*w", assumptions=S).value), "positive") == ((w, "apart"),)
    True
    >>> plainest(node_of(parse("1+exp(x)").value), "positive"), plainest(node_of(parse("sigmoid(x)").value), "unit")
    ((), ())
    """
    if x.weight >= CAP:
        return ((x, word),)
    if word in BETWEEN:
        return () if interval(x).within(*map(Fraction, BETWEEN[word])) else ((x, word),)
    if word == "full column rank":
        return () if definite(b.mul(b.T(x), x)) else ((x, word),)
    if word == "invertible":
        return _invertible(x)
    if word == "apart":
        return _apart(x)
    if _surely_positive(x):
        return ()
    if word == "nonzero" and interval(x).within(None, Fraction(0)):
        return ()
    if word == "positive" and _not_negative(x):
        word = "nonzero"
    if word == "nonzero" and x.kind == "apply" and _vanishes_at_zero(x.op):
        return plainest(x.args[0], "nonzero")
    found = _by_factors(x, word)
    if found is None and x.scalar and word == "nonzero":
        found = _of_number(x)
    return ((x, word),) if found is None else tuple(dict.fromkeys(found))


def never(x: Node, word: Word) -> bool:
    """Whether a demand is known to fail: log(-1), the inverse of zero.

    >>> from frechet.language import parse
    >>> from frechet.ops.normalise import node_of
    >>> def of(text): return node_of(parse(text).value)
    >>> never(of("-exp(x)"), "positive"), never(of("zeros(n)"), "apart"), never(of("x"), "nonzero")
    (True, True, False)
    """
    if word not in ("positive", *BETWEEN):
        return is_zero(x)
    least, most = BETWEEN.get(word, (0, None))
    found = interval(x)
    return (
        is_zero(x)
        or (found.high is not None and found.high <= least)
        or (most is not None and found.low is not None and found.low >= most)
    )


def _vanishes_at_zero(op: str) -> bool:
    """Whether a function is 0 at 0 alone, as a modulus is."""
    known = facts(op)
    return known.mirror == "even" and known.range == "not negative" and known.at.get(Fraction(0)) == 0


def _not_negative(x: Node) -> bool:
    """Whether every entry is known not to be negative; of a number w'*S*w too, where S is definite."""
    if b.nonnegative(x):
        return True
    if x.kind == "sum":
        return all(c > 0 and _not_negative(t) for t, c in x.terms)
    if x.kind == "product" and not x.chain:
        return x.coef > 0 and all(e % 2 == 0 or _not_negative(s) for s, e in x.terms)
    return x.kind == "ring" and bool(_half(x.chain))


def _surely_positive(x: Node) -> bool:
    """Whether every entry is known to be above zero; also of a sum of squares and something positive."""
    if interval(x).within(Fraction(0), None):
        return True
    if x.kind == "sum" and not positive(x):
        return all(c > 0 and _not_negative(t) for t, c in x.terms) and any(positive(t) for t, _ in x.terms)
    return positive(x) or (x.kind == "apply" and x.op == "det" and definite(x.args[0]))


def _by_factors(x: Node, word: Word) -> tuple[Demand, ...] | None:
    """Of a product, entry by entry: each factor that may vanish; the one of which the sign is not known."""
    if x.kind in ("transpose", "vec", "unvec"):
        return plainest(x.args[0], word)
    if not (x.kind == "hadamard" or (x.kind == "product" and not any(not c.scalar for c in x.chain))):
        return None
    if x.kind == "product" and x.coef == 0:
        return None
    factors = [*x.terms, *((c, 1) for c in x.chain)]
    if len(factors) == 1 and factors[0][0] is x:
        return None
    found: list[Demand] = []
    signed = 0
    for factor, exponent in factors:
        if exponent % 2 == 0 or _not_negative(factor) or word == "nonzero":
            found += plainest(factor, "nonzero")
        else:
            found += plainest(factor, "positive")
            signed += not _surely_positive(factor)
    whole = word == "positive" and (signed > 1 or (x.kind == "product" and x.coef < 0))
    return None if whole else tuple(found)


def _of_number(x: Node) -> tuple[Demand, ...] | None:
    """Of a number: a determinant, and a square length P'*P or P'*S*P with S definite."""
    core = unturned(x)
    if core.kind == "apply" and core.op == "det":
        return plainest(core.args[0], "invertible")
    if core.kind == "ring" and (half := _half(core.chain)):
        return plainest(b.mul(*half), "apart")
    return None


def _half(chain: tuple[Node, ...]) -> tuple[Node, ...]:
    """P of a closed chain P'*P or P'*S*P with S definite; nothing where it is neither."""
    n = len(chain)
    for turn in range(n):
        turned = chain[turn:] + chain[:turn]
        if all(b.herm(turned[k]) is turned[n - 1 - k] for k in range(n // 2)):
            middle = turned[n // 2 : n - n // 2]
            if all(map(definite, middle)) and n > 1:
                return turned[n - n // 2 :]
    return ()


def _apart(x: Node) -> tuple[Demand, ...]:
    """An array that is not zero: numbers that are not, and factors with an inverse, make no difference."""
    core = unturned(x)
    if core.scalar:
        return plainest(core, "nonzero")
    if core.kind == "product" and core.coef:
        chain = list(core.chain)
        while len(chain) > 1 and invertible(chain[0]):
            del chain[0]
        while len(chain) > 1 and invertible(chain[-1]):
            del chain[-1]
        numbers = [d for s, _ in core.terms for d in plainest(s, "nonzero")]
        if len(chain) == 1:
            return (*numbers, *_apart(chain[0]))
        return (*numbers, (b.mul(*chain), "apart"))
    return () if positive(core) or invertible(core) else ((core, "apart"),)


def _invertible(x: Node) -> tuple[Demand, ...]:
    """A matrix with an inverse: one factor of a power, of L*L'; a diagonal of numbers that are not zero."""
    core = unturned(x)
    if invertible(core):
        return ()
    if core.scalar:
        return plainest(core, "nonzero")
    if core.kind == "diag":
        return plainest(core.args[0], "nonzero")
    if core.kind == "apply" and core.op == "inv":
        return _invertible(core.args[0])
    if core.kind == "product" and core.coef:
        square = all(f.rows == f.cols for f in core.chain)
        factors = dict.fromkeys(unturned(f) for f in core.chain if not invertible(f)) if square else {}
        if len(factors) == 1:
            numbers = [d for s, _ in core.terms for d in plainest(s, "nonzero")]
            return (*numbers, *_invertible(next(iter(factors))))
    return ((core, "invertible"),)
