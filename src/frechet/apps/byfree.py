"""What a card says by the free entries of a structured variable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from frechet.apps.page import Style, row
from frechet.apps.words import product, written

if TYPE_CHECKING:
    from frechet.apps.statements import Statement

FREE: Mapping[str, str] = {
    "symmetric": "symmetric",
    "positive definite": "symmetric",
    "diagonal": "diagonal",
    "skew": "skew",
    "lower triangular": "lower",
    "upper triangular": "upper",
}
"""Structures that leave some entries free, and their kind."""

Entries = tuple[str, str]
"""What the free entries are, and how many."""


def free_entries(name: str, assumptions: Mapping[str, Any], shape: Sequence[Any]) -> Entries:
    """The free entries of a variable; all of them where none is tied.

    >>> free_entries("S", {"S": ["positive definite"]}, ["n", "n"]), free_entries("x", {}, ["n"])
    (('vech(S)', 'n(n+1)/2'), ('x', 'n'))
    """
    known = set(map(str, assumptions.get(name) or []))
    if len(shape) < 2 or known.isdisjoint(FREE):
        return (f"vec({name})" if len(shape) > 1 else name), product(shape)
    n = str(shape[0])
    if "diagonal" in known or len({FREE[k] for k in known if k in FREE}) > 1:
        return f"diag({name})", written(n)
    step = -1 if "skew" in known else 1
    count = (
        str(int(n) * (int(n) + step) // 2) if n.isdecimal() else written(f"{n}^2/2{step:+d}*{n}/2".replace("1*", ""))
    )
    if "skew" in known:
        return f"below the diagonal of {name}, in the order of vech({name})", count
    return (f"vech({name}')" if "upper triangular" in known else f"vech({name})"), count


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
