"""The ledger as a program has it: the table, and the pages that it can be put on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from frechet.explain.render import ledger, ledgerlatex
from frechet.explain.table import Table


@final
@dataclass(frozen=True)
class Ledger(Table):
    """The ledger of conventions of one derivative."""

    def __str__(self) -> str:
        return self.text()

    def text(self, width: int | None = None, unicode: bool = False) -> str:
        """The ledger on a page."""
        return ledger.render(self, width, unicode)

    def markdown(self) -> str:
        """The ledger as Markdown tables."""
        return ledger.markdown(self)

    def latex(self) -> str:
        """The ledger as LaTeX: a piece of a document, for amsmath."""
        return ledgerlatex.latex(self)
