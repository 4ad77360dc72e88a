"""The ledger on a page: the forms in a table, the chain with its sizes, the reasons in words."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from frechet.core.dim import Shape
from frechet.explain.ledger.ledger import Chain, Ledger, Product, Row
from frechet.explain.render.shapes import shape_word, size_word, sizes_word
from frechet.notation import ascii, unicode

WIDTH = 110
"""The width that a pipe is given."""
STACKING = {None: "", "column": "columns", "row": "rows", "either": "either way"}


def render(ledger: Ledger, width: int | None = None, pretty: bool = False) -> str:
    """The ledger as text."""
    total = width or WIDTH
    write = unicode.text if pretty else ascii.text
    remark = "    ".join(f"{name} {shape_word(shape)}" for name, shape in ledger.shapes)
    out = [*ledger.head, *(f"    {line}" for line in textwrap.wrap(remark, total - 4))]
    lines = [[r.name, STACKING[r.vec], _shape(r), write(r.formula)] for r in ledger.rows]
    out += ["", *_columns([["form", "stacking", "shape", "formula"], *lines])]
    if ledger.where:
        out += ["", *(f"where  {name} = {write(e)}" for name, e in ledger.where)]
    out += ["", "Who uses it, and what it is made from"]
    for row in ledger.rows:
        label = f"{row.name} ({STACKING[row.vec]})" if row.vec in ("column", "row") else row.name
        said = textwrap.wrap(f"{row.used_by}. From {row.source}.", total - 24)
        out += [f"  {label if k == 0 else '':<22}{line}" for k, line in enumerate(said)]
    for note in ledger.notes:
        out += ["", *textwrap.wrap(note, total, break_long_words=False, break_on_hyphens=False)]
    if ledger.chain:
        out += ["", *_chain(ledger.chain, ledger.wrt, total, pretty)]
    return "\n".join(out)


def markdown(ledger: Ledger) -> str:
    """The ledger as Markdown."""
    out = ["```", *ledger.head, "```", ""]
    out += _table(
        ["form", "stacking", "shape", "formula", "used by", "from"],
        [
            [r.name, STACKING[r.vec], _shape(r), f"`{ascii.text(r.formula)}`", r.used_by, f"{r.source}"]
            for r in ledger.rows
        ],
    )
    out += [part for note in ledger.notes for part in ("", note)]
    chain = ledger.chain
    if chain:
        pieces = [
            [p.name, f"`{p.map}`", sizes_word(p.numerator) + _diagonal(p.diagonal), sizes_word(p.denominator)]
            for p in chain.pieces
        ]
        out += ["", *_table(["piece", "as a map of increments", "numerator", "denominator"], pieces)]
        products = [[p.layout, " · ".join(p.order), _sizes(p), _verdict(p)] for p in chain.products]
        out += ["", *_table(["layout", "order", "sizes", ""], products), "", chain.why]
    return "\n".join(out)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    def cells(row: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"

    return [cells(head), cells(["---"] * len(head)), *map(cells, rows)]


def _chain(chain: Chain, wrt: str, total: int, pretty: bool) -> list[str]:
    pieces = [
        [
            p.name,
            p.map,
            sizes_word(p.numerator) + _diagonal(p.diagonal),
            sizes_word(p.denominator) + _diagonal(p.diagonal),
        ]
        for p in chain.pieces
    ]
    out = _columns([["piece", "as a map of increments", "numerator", "denominator"], *pieces])
    lines: list[list[str]] = []
    for k, p in enumerate(chain.products):
        lines.append([f"{p.layout} layout" if k % 2 == 0 else "", " · ".join(p.order), _sizes(p), _verdict(p)])
    if chain.gradient is not None:
        write = unicode.text if pretty else ascii.text
        formula = f"{chain.gradient_name} = {write(chain.gradient)}"
        lines.append([f"in the shape of {wrt}", formula, shape_word(chain.gradient_shape), ""])
    out += ["", *_columns(lines), ""]
    return out + textwrap.wrap(chain.why, total, break_long_words=False, break_on_hyphens=False)


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Cells in columns."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    gap = "    "
    return [gap.join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def _shape(row: Row) -> str:
    if row.name in ("numerator", "denominator", "vech") and len(row.shape) == 2:
        return sizes_word((row.shape[0], row.shape[1]))
    return _tensor(row.shape)


def _tensor(shape: Shape) -> str:
    return "×".join(size_word(d) for d in shape) if len(shape) > 2 else shape_word(shape)


def _diagonal(diagonal: bool) -> str:
    return " diag" if diagonal else ""


def _sizes(p: Product) -> str:
    shown = "".join(f"({sizes_word(s)})" for s in p.shapes)
    return f"{shown} = {sizes_word(p.result)}" if p.result else shown


def _verdict(p: Product) -> str:
    if p.right:
        return "conforms"
    return "conforms, and is another matrix" if p.conforms else "does not"
