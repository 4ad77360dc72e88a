"""Where a formula has a boundary: operations that have no value, or no derivative, at some points.

One finder for all who speak of them.  What is said is theirs: the conditions of an answer are sentences (`caution` of
the records), the needs of a derivation a list of facts (`domain` and `needs`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import get_args

from frechet.algebra.definite import invertible
from frechet.algebra.plainest import Word
from frechet.core.expr import Expr, postorder, users
from frechet.ops.normalise import node_of

WORDS = frozenset(get_args(Word))
"""What is asked of arguments and can be said of plainer ones."""


def boundaries(root: Expr, smooth: Callable[[Expr], bool]) -> Iterator[Expr]:
    """The operations of a formula that may be at a boundary, arguments first.

    Left out is a value whose square has a derivative everywhere, as that of a norm has, where each of its uses is one
    that `smooth` says is a smooth one.

    >>> from frechet.language import parse
    >>> squares = parse("norm2(x)^2 + abs(t)").value
    >>> [e.op.name for e in boundaries(squares, lambda e: e.op.name == "power") if e.op.caution]
    ['abs']
    """
    above = users(root)
    for e in postorder(root):
        uses = above.get(e, ())
        if e.op.telling.square is None or not uses or not all(map(smooth, uses)):
            yield e


def derivatives(e: Expr) -> int:
    """How many derivatives an operation has where its caution speaks, for the arguments it stands with; 0: none known.

    >>> from frechet.language import parse
    >>> [derivatives(parse(text).value) for text in ("elu(x,1)", "elu(x,2)", "abs(x)")]
    [1, 0, 0]
    """
    return e.op.rules.smooth(*map(node_of, e.args)) if e.op.rules.smooth is not None else 0


def demands(e: Expr) -> Iterator[tuple[Expr, str]]:
    """Where the arguments of an operation must lie: its record's domain; a power's base, as its exponent has it.

    >>> from frechet.language import parse
    >>> [list(demands(parse(text).value))[0][1] for text in ("log(x)", "norm2(x)", "t^-1", "X^-1", "t^(1/2)")]
    ['positive', 'apart', 'nonzero', 'invertible', 'positive']
    """
    for a, domain in zip(e.args, e.op.domain, strict=False):
        if domain in WORDS:
            # A norm has a derivative where one entry is 0, a quotient of entries has not.
            yield a, "apart" if domain == "nonzero" and a.shape and not e.op.elementwise else domain
    if e.op.name in ("power", "epower"):
        base, exponent = e.args
        k = exponent.params[0] if exponent.op.name == "number" else None
        matrix = e.op.name == "power" and len(base.shape) == 2
        if k is None or (k % 1 and k < 1):
            if not matrix:
                yield base, "positive"
        elif k < 0:
            yield base, "invertible" if matrix else "nonzero"


def kept_within(a: Expr, domain: str) -> bool:
    """Whether the formula or an assumption says itself that an argument lies in a domain.

    >>> from frechet.language import parse
    >>> [kept_within(parse(text).value, "positive") for text in ("exp(x)", "x", "2*eye(n)")]
    [True, False, True]
    """
    if all(leaf.op.name in ("number", "size", "pi", "eye", "ones") for leaf in postorder(a) if not leaf.args):
        return True
    if domain == "invertible":
        return invertible(node_of(a))
    if domain == "full column rank":
        return _independent(a)
    return a.op.facts.range == "positive" or (a.op.name == "variable" and "positive" in a.params[1])


def _independent(a: Expr) -> bool:
    """Whether the columns are known to be independent, as those of [A; eye(n)] are."""
    square = len(a.shape) == 2 and a.shape[0] == a.shape[1] and invertible(node_of(a))
    return square or (a.op.facts.piled and any(map(_independent, a.args)))
