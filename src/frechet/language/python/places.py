"""Where a piece of Python stands in the text, and how a refusal shows it: the line, its number, a caret."""

from __future__ import annotations

import ast
from typing import final

from frechet.errors import FrechetError, Kind
from frechet.language.error_places import located


@final
class Place:
    """The offset of a node in a text.

    >>> text = "x = 1\\ny = é + x"
    >>> Place(text).of(ast.parse(text).body[1].value.right)
    14
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0]
        for line in text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def offset(self, line: int, column: int) -> int:
        """The offset of a line from 1 and a column in bytes of UTF-8, as Python counts them."""
        start = self._starts[min(line, len(self._starts)) - 1]
        end = self.text.find("\n", start)
        whole = self.text[start : len(self.text) if end < 0 else end]
        return start + len(whole.encode()[:column].decode(errors="ignore"))

    def of(self, node: ast.AST) -> int:
        """Where the node begins; an operation is shown at its sign."""
        if isinstance(node, ast.BinOp):
            left = self.offset(node.left.end_lineno or 1, node.left.end_col_offset or 0)
            gap = self.text[left : self.of(node.right)]
            signs = [k for k, c in enumerate(gap) if c in "+-*/@%&|^<>"]
            return left + signs[0] if signs else left
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        if isinstance(node, ast.Attribute):
            end = self.offset(node.end_lineno or 1, node.end_col_offset or 0)
            return end - len(node.attr)
        return self.offset(line, column)

    def refusal(self, kind: Kind, message: str, position: int) -> FrechetError:
        """The refusal with the line's number, the line and a caret."""
        lines = self.text.rstrip("\n").count("\n")
        number = self.text.count("\n", 0, position) + 1
        return located(kind, f"line {number}: {message}" if lines else message, self.text, position)


def parsed(text: str) -> ast.Module:
    """The text as Python reads it."""
    try:
        return ast.parse(text)
    except SyntaxError as trouble:
        place = Place(text)
        position = place.offset(trouble.lineno or 1, 0) + max(0, (trouble.offset or 1) - 1)
        message = f"this is no Python: {trouble.msg}"
        raise place.refusal("syntax", message, min(position, len(text))) from None
    except (ValueError, RecursionError, MemoryError):
        raise FrechetError("limit", "the text is nested too deeply, or holds a character that Python refuses") from None
