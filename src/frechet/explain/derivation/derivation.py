"""A derivation as a program has it: the steps, and the pages that they can be put on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from frechet.explain.render import html, latex, markdown, text
from frechet.explain.steps import Steps


@final
@dataclass
class Derivation(Steps):
    """The steps from a formula to a form of its derivative, to be read, printed and put into a document."""

    def __str__(self) -> str:
        return self.text()

    def text(self, width: int | None = None, unicode: bool = False, why: bool = True) -> str:
        """The derivation in two columns: what is done (and why), and the line it gives."""
        return text.render(self, width, unicode, why)

    def markdown(self) -> str:
        """The derivation as Markdown, its formulas between dollar signs."""
        return markdown.render(self)

    def latex(self, document: bool = False) -> str:
        """The derivation as LaTeX: a fragment for amsmath, or a whole article."""
        return latex.render(self, document)

    def html(self) -> str:
        """The derivation as an HTML fragment."""
        return html.render(self)

    def _repr_html_(self) -> str:
        return self.html()
