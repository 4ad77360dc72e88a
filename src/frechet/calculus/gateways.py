"""What everything passes through: the parts of an expression on every way from a variable to its value."""

from __future__ import annotations

from frechet.core.expr import Expr, postorder


def gateways(value: Expr, x: Expr) -> list[Expr]:
    """The parts of a value that every occurrence of x lies in, the innermost first, x and the value left out.

    >>> from frechet.language import parse
    >>> from frechet.notation.ascii import text
    >>> p = parse("sum(sigmoid(b/norm2(b)*u'))")
    >>> [text(e) for e in gateways(p.value, p.variables["b"])]
    ['b/norm2(b)', "b/norm2(b)*u'", "sigmoid(b/norm2(b)*u')"]
    """
    return [part for part in postorder(value) if part not in (value, x) and not _reaches(value, x, part)]


def _reaches(value: Expr, x: Expr, without: Expr) -> bool:
    """Whether there is a way from x to the value that does not pass through a part."""
    reached: set[Expr] = set()
    for e in postorder(value):
        if e is not without and (e is x or any(a in reached for a in e.args)):
            reached.add(e)
    return value in reached
