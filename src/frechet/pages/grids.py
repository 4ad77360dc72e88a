"""What stands around the forms on a page: how the text was read; a Jacobian written out entry by entry, its blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from frechet.pages.plain import listing, mapping
from frechet.pages.style import Style, pad, prose, width


def reading_lines(found: Mapping[str, Any], style: Style) -> list[str]:
    """How the text was read, where it was not the formula language: the formula, what was assumed."""
    if not found:
        return []
    formula, assumed = f"read as  {found.get('formula')}", "; ".join(map(str, listing(found.get("assumed"))))
    room = style.width or 100
    if not assumed:
        return [formula]
    if width(formula) + 4 + width(assumed) <= room:
        return [formula + "    " + style.dim(assumed)]
    return [formula, *("         " + style.dim(line) for line in prose(assumed, room - 9))]


def entries_lines(entries: Mapping[str, Any], what: str, style: Style) -> list[str]:
    """The matrix with the entry of the value beside each row and the entry of the variable above each column."""
    if not entries:
        return []
    layout = f", {entries['layout']} layout" if what == "Jacobian" else ""
    title = f"{what}{layout}, {entries['vec']}s stacked"
    return [style.label(title), *grid(entries["matrix"], entries["rows"], entries["columns"], style)]


def blocks_lines(blocks: Mapping[str, Any], value: tuple[str, Sequence[Any]], wrt: str, style: Style) -> list[str]:
    """Each entry of the value by the whole variable, in the variable's shape.

    `value` is its name and shape; for a second derivative `f/∂x`, whose entries are the derivatives ∂f/∂x[1].
    """
    rows = listing(mapping(blocks).get("blocks"))
    if not rows:
        return []
    name, shape = value
    again = "/" in name
    whole = f"∂{name}" if again else name
    each = f"each entry of {whole}" if shape else whole
    lines = [style.label(f"blocks: {each} by {wrt}, in the shape of {wrt}")]
    for index, block in _entries(rows, max(len(shape), 2)):
        at = f"[{','.join(map(str, index[: len(shape)]))}]" if shape else ""
        title = f"  ∂(∂{name}{at})/∂{wrt} = " if again else f"  ∂{name}{at}/∂{wrt} = "
        lines += _block(title, block, style)
    return lines


def _entries(nested: Sequence[Any], depth: int) -> Iterator[tuple[tuple[int, ...], Any]]:
    """What stands in lists of lists, so many deep, with its index."""
    for k, inside in enumerate(nested, 1):
        if depth == 1:
            yield (k,), inside
        else:
            yield from (((k, *index), x) for index, x in _entries(listing(inside), depth - 1))


def _block(title: str, block: object, style: Style) -> list[str]:
    """One block: a matrix, or of a tensor the matrices of its last two axes, one below the other."""
    whole = listing(block)
    depth, inner = 0, whole
    while inner:
        depth, inner = depth + 1, listing(inner[0])
    slices = list(_entries(whole, depth - 2)) if depth > 2 else [((), whole)]
    lines: list[str] = []
    for index, matrix in slices:
        inside = grid(listing(matrix) or [[str(block)]], None, None, style)
        head = title + (f"[{','.join(map(str, index))},:,:] " if index else "")
        lines += [head + inside[0].strip(), *[" " * width(head) + line.strip() for line in inside[1:]]]
        title = " " * width(title)
    return lines


def grid(
    matrix: Sequence[Sequence[str]], rows: Sequence[str] | None, columns: Sequence[str] | None, style: Style
) -> list[str]:
    """A matrix of formulas, its columns aligned, with names beside rows and columns.

    >>> print(*grid([["a[1]", "0"], ["0", "a[1]"]], None, None, Style()), sep="\\n")
      [ a[1]  0    ]
      [ 0     a[1] ]
    """
    heads = list(columns or [])
    wide = [
        max([width(heads[j]) if heads else 0, *[width(line[j]) for line in matrix]])
        for j in range(len(matrix[0]) if matrix else 0)
    ]
    side = max((width(name) for name in rows), default=0) if rows else 0
    out: list[str] = []
    if heads:
        cells = "  ".join(pad(head, w) for head, w in zip(heads, wide, strict=True))
        out.append(" " * (side + 5) + style.dim(cells.rstrip()))
    for i, line in enumerate(matrix):
        cells = "  ".join(pad(cell, w) for cell, w in zip(line, wide, strict=True))
        name = style.dim(pad(rows[i], side)) + " " if rows else ""
        out.append(f"  {name}[ {cells} ]")
    return out
