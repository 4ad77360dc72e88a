"""The card of a derivative for `print`: what the command line shows, without the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from frechet import Derivative


def printed(d: Derivative, width: int | None, unicode: bool) -> str:
    """The card, folded to a width (None: lines as long as they are)."""
    from frechet.apps.card import card
    from frechet.apps.page import Style
    from frechet.apps.styled import styled

    return card(styled(d, "unicode" if unicode else "ascii"), Style(unicode=unicode, width=width))
