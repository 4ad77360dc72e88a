"""What a card says by the free entries of a structured variable."""

from __future__ import annotations

from collections.abc import Sequence

from frechet.pages.freeentries import Entries
from frechet.pages.statements import Statement
from frechet.pages.style import Style, row


def free_lines(found: Sequence[Statement], entries: Entries, style: Style) -> list[str]:
    """The gradient, the Jacobian and the Hessian by them."""
    if not found:
        return []
    titles = {"gradient": "gradient", "jacobian": "Jacobian", "hessian": "Hessian"}
    lines = [style.label(f"By the free entries {entries[0]}")]
    for said in found:
        note = said.shape + (", numerator layout" if said.name == "jacobian" else "")
        lines += row(style, f"  {titles[said.name]}", said.right, note)
    return lines


def free_block(found: Sequence[Statement], rows: Entries, columns: Entries, style: Style) -> list[str]:
    """A block of the Hessian by them."""
    lines: list[str] = []
    for said in found:
        if said.name == "hessian":
            note = f"{said.shape}: rows ↔ {rows[0]}, columns ↔ {columns[0]}"
            lines += row(style, "  by free entries", said.right, note, indent=20)
    return lines
