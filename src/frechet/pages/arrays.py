"""Arrays of numbers on a page, and as lists."""

from __future__ import annotations

import json
from typing import Any

from frechet.pages.plain import listing


def array_lines(value: Any, indent: int) -> list[str]:
    """An array in aligned rows, to six digits.

    >>> array_lines([[1.0, 2.5], [3.0, 4.0]], 2)
    ['  [ 1  2.5 ]', '  [ 3  4   ]']
    """
    data = as_lists(value)
    if isinstance(data, float):
        return [" " * indent + f"{data:.6g}"]
    rows = [listing(part) or [part] for part in listing(data)]
    if any(isinstance(cell, list) for line in rows for cell in line):
        return [" " * indent + json.dumps(data)]
    cells = [[f"{cell:.6g}" for cell in line] for line in rows]
    wide = [max(len(line[j]) for line in cells) for j in range(len(cells[0]))]
    return [
        " " * indent + "[ " + "  ".join(cell.ljust(w) for cell, w in zip(line, wide, strict=True)) + " ]"
        for line in cells
    ]


def as_lists(value: Any) -> Any:
    """An array (or a number) as nested lists of floats, for JSON."""
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, list):
        return [as_lists(part) for part in listing(value)]
    return as_lists(value.tolist())
