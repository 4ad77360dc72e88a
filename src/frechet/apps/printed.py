"""The card of a derivative for `print`: what the command line shows, without the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frechet import Derivative


def printed(d: Derivative, width: int | None, unicode: bool) -> str:
    """The card, folded to a width (None: lines as long as they are)."""
    from frechet.apps.card import card
    from frechet.apps.page import Style
    from frechet.apps.styled import styled

    return card(styled(d, "unicode" if unicode else "ascii"), Style(unicode=unicode, width=width))


def paged(d: Derivative, style: str, forms: Sequence[str], layout: str | None, vec: str | None) -> str:
    """The page for a paper or a slide."""
    from frechet.apps import latex, markdown
    from frechet.apps.styled import styled
    from frechet.apps.told import told

    said = told(styled(d, "latex"), d.to_dict(), forms, layout, vec)
    if style == "markdown":
        return markdown.page(said)
    page = latex.page(said)
    return "\n".join(latex.document(iter((page,)))) + "\n" if style == "document" else page
