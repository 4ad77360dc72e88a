"""Questions: what two competent readers would read differently is asked, with the readings to copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from frechet.errors import FrechetError
from frechet.language.error_places import located
from frechet.language.splicing import spliced
from frechet.language.tree import Node


@final
@dataclass(frozen=True)
class Offer:
    """One reading: what it means, and an option that says so, or what to write in place of a piece (and the option
    that makes a name in it the size that is meant)."""

    meaning: str
    option: str = ""
    instead: str = ""
    piece: Node | None = None

    def formula(self, text: str) -> str:
        """The formula with the piece replaced; "" where the reading is an option alone."""
        if self.piece is None:
            return self.instead
        return " ".join(spliced(text, self.piece.start, self.piece.end, self.instead).split())

    def to_copy(self, text: str) -> str:
        """What to paste: the option, or the formula, with the option that it needs.

        >>> from frechet.language.reader import read
        >>> quotient = read("1/var(x)")[0]
        >>> Offer("over n", "--shape x=n", "sum((x-mean(x)).^2)/n", quotient.args[1]).to_copy("1/var(x)")
        '1/(sum((x-mean(x)).^2)/n) --shape x=n'
        """
        return " ".join(filter(None, (self.formula(text), self.option)))


def as_copied(reading: str) -> tuple[str, dict[str, list[str]]]:
    """What a reading to copy says: the formula ("" for the one that was asked about) and the shapes it declares.

    >>> as_copied("--shape b="), as_copied("1/norm2(x) --shape x=n"), as_copied("X*W + ones(m)*b'")
    (('', {'b': []}), ('1/norm2(x)', {'x': ['n']}), ("X*W + ones(m)*b'", {}))
    """
    formula, *options = f" {reading}".split(" --shape ")
    pairs = (option.strip().partition("=") for option in options)
    return formula.strip(), {name: [s for s in sizes.split(",") if s] for name, _, sizes in pairs}


@final
@dataclass(frozen=True)
class Ask:
    """A question about a piece of the formula: a clause that ends in "could be", and the readings."""

    piece: Node
    clause: str
    offers: tuple[Offer, ...]


def as_error(ask: Ask, text: str) -> FrechetError:
    """The refusal that asks.

    >>> from frechet.language.reader import read
    >>> (piece,) = read("X*W+b")
    >>> offers = (Offer("a number added to every entry", "--shape b="), Offer("an m×p matrix", "--shape b=m,p"))
    >>> print(as_error(Ask(piece.args[1], "X*W is m×p, and b could be", offers), "X*W+b"))
    X*W is m×p, and b could be
      X*W+b
          ^
      a number added to every entry    --shape b=
      an m×p matrix                    --shape b=m,p
    """
    width = max(len(offer.meaning) for offer in ask.offers)
    copies = [offer.to_copy(text) for offer in ask.offers]
    lines = [f"  {offer.meaning:<{width}}    {copy}" for offer, copy in zip(ask.offers, copies, strict=True)]
    trouble = located("shape", ask.clause, text, ask.piece.place, "\n".join(lines))
    return FrechetError(trouble.kind, trouble.message, trouble.position, tuple(copies))


@final
class Notes:
    """What elaboration says of its reading: what it took for granted, what it has to ask."""

    def __init__(self) -> None:
        self.said: dict[str, None] = {}
        self.asked: list[Ask] = []
        self.foreign = False  # whether a sign was read with a meaning that it has in other languages only

    def say(self, clause: str, foreign: bool = False) -> None:
        """An assumption, once."""
        self.said.setdefault(clause)
        self.foreign = self.foreign or foreign

    def ask(self, piece: Node, clause: str, offers: Sequence[Offer]) -> None:
        """A question that is asked if this reading is the one that is kept."""
        self.asked.append(Ask(piece, clause, tuple(offers)))
