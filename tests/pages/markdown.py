"""Pieces of Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping


def code(text: str) -> str:
    """Text as code, safe inside a table.

    >>> code("A*B")
    '`A*B`'
    """
    return f"`{text}`"


def row(*cells: str) -> str:
    r"""One row of a table; a bar in a cell is no border.

    >>> row("a", "|x|")
    '| a | \\|x\\| |'
    """
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def heading(level: int, text: str) -> str:
    """A heading with an empty line after it."""
    return f"{'#' * level} {text}\n"


def with_names(formula: str, names: Mapping[str, str]) -> str:
    """A formula and, after "where", the names that it uses.

    >>> with_names("diag(s)-s*s'", {"P": "A*B", "s": "softmax(x)"})
    "`diag(s)-s*s'` where `s = softmax(x)`"
    """
    used: set[str] = set()
    todo = [formula]
    while todo:
        text = todo.pop()
        new = {name for name in names if re.search(rf"\b{name}\b", text)} - used
        used |= new
        todo += [names[name] for name in new]
    defined = [code(f"{name} = {names[name]}") for name in names if name in used]
    return code(formula) + (" where " + ", ".join(defined) if defined else "")
