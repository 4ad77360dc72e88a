"""How a derivative is printed: the page belongs to the applications, which stand above the library and lend it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from frechet.library.derivative import Derivative

    Card = Callable[[Derivative, int | None, bool], str]

_lent: list[Card] = []


def printed_by(card: Card) -> None:
    """Print derivatives with this page: (derivative, width or None, in Unicode?) → text."""
    _lent[:] = [card]


def card_of(d: Derivative, width: int | None, unicode: bool) -> str:
    """The card of a derivative."""
    return _lent[0](d, width, unicode)
