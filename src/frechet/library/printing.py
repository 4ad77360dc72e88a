"""How a derivative is printed: the page belongs to the applications, which stand above the library and lend it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from frechet.library.answered import Answered

    Card = Callable[[Answered, int | None, bool], str]
    Page = Callable[[Answered, str, Sequence[str], str | None, str | None], str]

_lent: list[tuple[Card, Page]] = []


def printed_by(card: Card, page: Page) -> None:
    """Print derivatives with these pages: the card for (width or None, in Unicode?), the page for (style, forms, …)."""
    _lent[:] = [(card, page)]


def card_of(d: Answered, width: int | None, unicode: bool) -> str:
    """The card of a derivative."""
    return _lent[0][0](d, width, unicode)


def page_of(d: Answered, style: str, forms: Sequence[str], layout: str | None, vec: str | None) -> str:
    """A derivative for a paper: "latex", "document" or "markdown"."""
    return _lent[0][1](d, style, forms, layout, vec)
