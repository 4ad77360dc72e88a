"""One walk that writes expressions, whatever the alphabet: brackets follow from precedence alone.

A table says of each node how tightly it holds together and what pieces it is written with.  The walk keeps its own
stack, so that depth costs nothing, and gives up on formulas that would fill a book.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.errors import FrechetError

SUM, PRODUCT, NEGATION, POWER, POSTFIX, ATOM = range(6)
"""How tightly a formula holds together, loosest first."""

LIMIT = 4_000_000
"""The longest text that is written, in characters."""


class Slot(NamedTuple):
    """Where a part is written: in brackets if it is looser than `level`, or, unless `first`, begins with a minus."""

    part: Expr
    level: int = SUM
    first: bool = True


class Spaced(NamedTuple):
    """A sign with spaces around it, but inside brackets."""

    sign: str


Piece = str | Slot | Spaced


class Form(NamedTuple):
    """How a node is written: its level and its pieces, left to right."""

    level: int
    pieces: list[Piece]


Writer = Callable[[Expr], Form]


class Alphabet(NamedTuple):
    """A way to write: the form of each node, and the brackets."""

    form: Writer
    opening: str = "("
    closing: str = ")"


def leading(part: Expr, form: Writer, level: int = SUM) -> str:
    """The text that the part begins with (a bracket if it is bracketed).

    >>> from frechet.language import parse
    >>> from frechet.notation.ascii import form
    >>> leading(parse("-x*y'").value, form)
    '-'
    """
    while True:
        found, pieces = form(part)
        if found < level:
            return "("
        head = pieces[0]
        if isinstance(head, str):
            return head
        assert isinstance(head, Slot)  # no form begins with a spaced sign
        part, level = head.part, head.level


def written(root: Expr, alphabet: Alphabet) -> str:
    """The text of an expression in an alphabet."""
    form, opening, closing = alphabet
    out: list[str] = []
    length = 0
    stack: list[tuple[Piece, bool]] = [(Slot(root), True)]
    while stack:
        piece, outermost = stack.pop()
        if isinstance(piece, str):
            out.append(piece)
            length += len(piece)
            if length > LIMIT:
                raise FrechetError("limit", f"the formula is longer than {LIMIT} characters when written out")
            continue
        if isinstance(piece, Spaced):
            out.append(f" {piece.sign} " if outermost else piece.sign)
            continue
        level, pieces = form(piece.part)
        if level < piece.level or (not piece.first and leading(piece.part, form).startswith(("-", "−"))):
            stack.append((closing, False))
            stack.extend((p, False) for p in reversed(pieces))
            stack.append((opening, False))
        else:
            spine = outermost and level == SUM
            stack.extend((p, spine) for p in reversed(pieces))
    return "".join(out)


def number_level(value: Fraction) -> int:
    """How tightly a number holds together: -2 as a negation, 1/2 as a quotient."""
    if value.denominator != 1:
        return PRODUCT
    return NEGATION if value < 0 else ATOM


def size_level(size: Dim) -> int:
    """How tightly a size holds together as it is written."""
    if len(size.terms) != 1:
        return SUM if size.terms else ATOM
    ((monomial, c),) = size.terms
    if not monomial:
        return number_level(c)
    powers = [power for _, power in monomial]
    if c != 1 or len(powers) > 1:
        return PRODUCT
    return ATOM if powers == [1] else POWER
