"""Questions: what two competent readers would read differently is asked, with the readings to copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from frechet.errors import FrechetError
from frechet.language.error_places import located
from frechet.language.tree import Node


@final
@dataclass(frozen=True)
class Offer:
    """One reading: what it means, and either an option that says so or what to write in place of a piece."""

    meaning: str
    option: str = ""
    instead: str = ""
    piece: Node | None = None

    def to_copy(self, text: str) -> str:
        """The option, or the formula with the piece replaced."""
        if self.piece is None:
            return self.option or self.instead
        return " ".join((text[: self.piece.start] + self.instead + text[self.piece.end :]).split())


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
