"""Where a formula has a boundary: operations that have no value, or no derivative, at some points.

One finder for all who speak of them.  What is said is theirs: the conditions of an answer are sentences (`caution` of
the records), the needs of a derivation a list of facts (`domain` and `needs`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from frechet.algebra.definite import invertible
from frechet.core.expr import Expr, postorder, users
from frechet.ops.normalise import node_of


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
    return a.op.facts.range == "positive" or (a.op.name == "variable" and "positive" in a.params[1])
