"""The card of a derivative for `print`: what the command line shows, without the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frechet.library.answered import Answered


def printed(d: Answered, width: int | None, unicode: bool) -> str:
    """The card, folded to a width (None: lines as long as they are)."""
    from frechet.pages.card import card
    from frechet.pages.style import Style
    from frechet.pages.styled import styled

    return card(styled(d, "unicode" if unicode else "ascii"), Style(unicode=unicode, width=width))


def paged(d: Answered, style: str, forms: Sequence[str], layout: str | None, vec: str | None) -> str:
    """The page for a paper or a slide."""
    from frechet.library.report import to_dict
    from frechet.pages import latex, markdown
    from frechet.pages.styled import styled
    from frechet.pages.told import told

    said = told(styled(d, "latex"), to_dict(d), forms, layout, vec)
    if style == "markdown":
        return markdown.page(said)
    page = latex.page(said)
    return "\n".join(latex.document(iter((page,)))) + "\n" if style == "document" else page
