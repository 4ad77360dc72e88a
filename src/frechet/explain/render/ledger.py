"""The ledger on a page: the forms in a table, the chain with its sizes, the reasons in words."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

from frechet.core.dim import Shape
from frechet.core.expr import Expr
from frechet.explain.render import prose, understood
from frechet.explain.render.shapes import shape_word, size_word, sizes_word
from frechet.explain.table import Chain, Product, Row, Table
from frechet.notation import ascii, unicode

WIDTH = 110
"""The width that a pipe is given."""
STACKING = {None: "", "column": "columns", "row": "rows", "either": "either way"}
"""The vec order of a form in a table."""


def render(ledger: Table, width: int | None = None, pretty: bool = False) -> str:
    """The ledger as text."""
    total = width or WIDTH
    write = unicode.text if pretty else ascii.text
    remark = "    ".join(f"{name} {shape_word(shape)}" for name, shape in ledger.shapes)
    out = [
        *understood.lines(ledger.reading, total),
        *ledger.head,
        *(f"    {line}" for line in textwrap.wrap(remark, total - 4)),
    ]
    lines = [[r.name, STACKING[r.vec], _shape(r), write(r.formula)] for r in ledger.rows]
    out += ["", *_columns([["form", "stacking", "shape", "formula"], *lines])]
    if ledger.where:
        out += ["", *(f"where  {name} = {write(e)}" for name, e in ledger.where)]
    out += ["", "Who uses it, and what it is made from"]
    for row in ledger.rows:
        label = f"{row.name} ({STACKING[row.vec]})" if row.vec in ("column", "row") else row.name
        said = _wrapped(f"{row.used_by}. From {row.source}.", total - 24, pretty)
        out += [f"  {label if k == 0 else '':<21} {line}" for k, line in enumerate(said)]
    for note in ledger.notes:
        out += ["", *_wrapped(note, total, pretty)]
    if ledger.chain:
        out += ["", *_chain(ledger.chain, ledger.wrt, total, pretty)]
    return "\n".join(out)


def markdown(ledger: Table) -> str:
    """The ledger as Markdown."""
    out = ["```", *understood.lines(ledger.reading, WIDTH), *ledger.head, "```", ""]
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
        pieces = [[p[0], f"`{p[1]}`", *p[2:]] for p in _pieces(chain, ascii.text)]
        out += ["", *_table(["piece", "as a map of increments", "numerator", "denominator"], pieces)]
        products = [[p.layout, " · ".join(p.order), _sizes(p), _verdict(p)] for p in chain.products]
        if chain.gradient is not None:
            formula = f"`{chain.gradient_name} = {ascii.text(chain.gradient)}`"
            sizes = factors_word(chain.gradient, chain.gradient_shape)
            products.append([f"in the shape of {ledger.wrt}", formula, sizes, ""])
        out += ["", *_table(["layout", "order", "sizes", ""], products), "", chain.why]
    return "\n".join(out)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    def cells(row: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"

    return [cells(head), cells(["---"] * len(head)), *map(cells, rows)]


def _chain(chain: Chain, wrt: str, total: int, pretty: bool) -> list[str]:
    write = unicode.text if pretty else ascii.text
    out = _columns([["piece", "as a map of increments", "numerator", "denominator"], *_pieces(chain, write)])
    matrices = [f"{p.name} = {write(p.shown)}" for p in chain.pieces if p.shown is not None and p.gradient is None]
    if matrices:
        said = f"The pieces as matrices (numerator layout, columns stacked): {',  '.join(matrices)}."
        out += ["", *_wrapped(said, total, False)]
    lines, last = list[list[str]](), list[str]()
    for k, p in enumerate(chain.products):
        lines.append([f"{p.layout} layout" if k % 2 == 0 else "", " · ".join(p.order), _sizes(p), _verdict(p)])
    if chain.gradient is not None:
        formula = f"{chain.gradient_name} = {write(chain.gradient)}"
        last = [f"in the shape of {wrt}", formula, factors_word(chain.gradient, chain.gradient_shape), ""]
        if len(formula) <= max(len(line[1]) for line in lines) + 10:
            lines.append(last)
            last = []
    out += ["", *_columns(lines)]
    if last:
        out += textwrap.wrap("    ".join(last[:3]), total, subsequent_indent="    ", break_long_words=False)
    out.append("")
    return out + _wrapped(chain.why, total, pretty)


def _wrapped(words: str, columns: int, pretty: bool) -> list[str]:
    shown = prose.unbroken(prose.unicode(words) if pretty else words)
    lines = textwrap.wrap(shown, columns, break_long_words=False, break_on_hyphens=False)
    return [line.replace("\xa0", " ") for line in lines]


def _pieces(chain: Chain, write: Callable[[Expr], str]) -> list[list[str]]:
    """The pieces, a number's gradient beside its map."""
    out: list[list[str]] = []
    for p in chain.pieces:
        said = p.map if p.gradient is None else f"{p.map},  {p.name} = {write(p.gradient)}"
        sizes = [sizes_word(size) + _diagonal(p.diagonal) for size in (p.numerator, p.denominator)]
        out.append([p.name, said, *sizes])
    return out


def factors_word(e: Expr, shape: Shape) -> str:
    """The sizes of a product of matrices: `(3×1)(1×2) = 3×2`; of anything else its own.

    >>> from frechet.language import parse
    >>> product = parse("h'*g", {"h": [1, 3], "g": [1, 2]}).value
    >>> factors_word(product, product.shape)
    '(3×1)(1×2) = 3×2'
    """
    factors: list[Expr] = []
    while e.op.name in ("mul", "divide"):
        if e.op.name == "mul" and e.args[1].shape:
            factors.append(e.args[1])
        e = e.args[0]
    factors += [e] if e.shape else []
    if len(factors) < 2:
        return shape_word(shape)
    return "".join(f"({shape_word(f.shape)})" for f in reversed(factors)) + f" = {shape_word(shape)}"


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Cells in columns."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    gap = "    "
    return [gap.join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def _shape(row: Row) -> str:
    if row.name in ("numerator", "denominator", "hessian", "vech", "vech hessian") and len(row.shape) == 2:
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
