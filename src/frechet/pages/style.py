"""Lines for a terminal or a pipe: widths, folding of long formulas, colour, characters the output can take."""

from __future__ import annotations

import os
import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO, final

PLAIN = str.maketrans({"×": "x", "∂": "d", "·": "*", "…": "...", "≈": "~", "²": "2", "’": "'", "–": "-", "—": "-"})
"""For an output whose encoding has no such signs."""


@final
@dataclass(frozen=True)
class Style:
    """How a page is set: in Unicode, in colour, folded to a width (None: lines as long as they are)."""

    unicode: bool = False
    color: bool = False
    width: int | None = None

    def dim(self, text: str) -> str:
        """A remark."""
        return f"\x1b[2m{text}\x1b[0m" if self.color and text else text

    def bold(self, text: str) -> str:
        """What people came for."""
        return f"\x1b[1m{text}\x1b[0m" if self.color and text else text

    def label(self, text: str) -> str:
        """The name of a form."""
        return f"\x1b[36m{text}\x1b[0m" if self.color and text.strip() else text


def style_of(stream: TextIO, unicode: bool | None = None) -> Style:
    """The style that suits a stream: plain in a pipe; on a terminal as wide as it is and, unless NO_COLOR is set
    (or the terminal is dumb), in colour."""
    terminal = stream.isatty()
    if not terminal:
        return Style(unicode=bool(unicode))
    import shutil

    color = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    can = (stream.encoding or "").lower().startswith("utf")
    wide = shutil.get_terminal_size((100, 24)).columns
    return Style(unicode=can if unicode is None else unicode, color=color, width=max(50, wide))


def printable(text: str, encoding: str | None) -> str:
    """The text in signs that the encoding has.

    >>> printable("A m×n", "ascii")
    'A mxn'
    """
    try:
        text.encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return text.translate(PLAIN).encode("ascii", "replace").decode("ascii")
    return text


def width(text: str) -> int:
    """How many columns a text takes: marks that combine take none, wide letters two.

    >>> width("Aᵀ"), width("x\u0302"), width("\u4e2d")
    (2, 1, 2)
    """
    if text.isascii():
        return len(text)
    total = 0
    for sign in text:
        if not unicodedata.combining(sign):
            total += 2 if unicodedata.east_asian_width(sign) in "WF" else 1
    return total


def pad(text: str, columns: int) -> str:
    """The text and spaces up to a number of columns."""
    return text + " " * max(0, columns - width(text))


def fold(text: str, columns: int) -> list[str]:
    """A formula in lines of at most `columns`, broken before an operator or after a comma, where it is nested least.

    >>> fold("A*B+C*D-inv(X+Y)", 9)
    ['A*B+C*D', '-inv(X+Y)']
    """
    lines: list[str] = []
    while width(text) > columns:
        at = _break(text, columns)
        if at is None:
            break
        lines.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*lines, text]


def prose(text: str, columns: int) -> list[str]:
    """Words in lines of at most `columns`; wide gaps stay together where they fit.

    >>> prose("A m×n    B n×p    C m×p", 14)
    ['A m×n    B n×p', 'C m×p']
    """
    lines = [""]
    for part in text.split("    "):
        joined = f"{lines[-1]}    {part}" if lines[-1] else part
        if width(joined) <= columns:
            lines[-1] = joined
        else:
            lines += textwrap.wrap(part, columns)
    return [line for line in lines if line]


def _break(text: str, columns: int) -> int | None:
    """Where to break: of the places that fit, the one nested least (a sum before a product), then the last."""
    best: tuple[int, int] | None = None
    at: int | None = None
    depth = 0
    quoted = False
    for i, sign in enumerate(text):
        if width(text[:i]) > columns:
            break
        if sign == '"':
            quoted = not quoted
        if quoted:
            continue
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        place: int | None = None
        weight = 0
        if sign in "+-−" and i > 0 and text[i - 1] not in "(,*/^eE[":
            place, weight = i, 0
        elif sign in "*⊙⊗⊘·" and i > 0 and text[i - 1] != ".":
            place, weight = i, 1
        elif (sign == "," and depth) or (sign == " " and i > 0):
            place, weight = i + 1, 1
        if place is not None and place > columns // 4:
            score = (2 * depth + weight, -place)
            if best is None or score <= best:
                best, at = score, place
    return at


def row(style: Style, label: str, text: str, note: str = "", *, indent: int = 16, main: bool = False) -> list[str]:
    """A form: its name, its formula (folded under itself), its shape or a remark to the right.

    >>> row(Style(), "pullback", "A'*G", "m×n")
    ["pullback        A'*G                      m×n"]
    """
    room = None if style.width is None else style.width - indent
    lines = [text] if room is None else fold(text, room)
    out = [style.label(pad(label, indent)) + (style.bold(lines[0]) if main else lines[0])]
    out += [" " * indent + (style.bold(line) if main else line) for line in lines[1:]]
    if note:
        last = lines[-1]
        gap = max(4, 26 - width(last))
        if room is None or width(last) + gap + width(note) <= room:
            out[-1] += " " * gap + style.dim(note)
        else:
            out += [" " * indent + style.dim(line) for line in prose(note, room)]
    return out


def table(
    style: Style, title: str, heads: Sequence[str], rows: Sequence[tuple[str, str, Sequence[str]]]
) -> list[str] | None:
    """Formulas in columns: (label, remark, cells) a row.  None when it is too wide for the page.

    >>> print(*table(Style(), "Jacobian", ["columns", "rows"], [("numerator", "m×n", ["A", "B"])]), sep="\\n")
    Jacobian         columns    rows
    numerator   m×n  A          B
    """
    first = max(width(label) for label, _, _ in rows) + 3
    second = max(width(remark) for _, remark, _ in rows) + 2
    columns = [max([width(head), *[width(cells[i]) for _, _, cells in rows]]) + 4 for i, head in enumerate(heads)]
    if first + second + sum(columns) - 4 > (style.width or 140):
        return None
    above = "".join(map(pad, heads, columns)).rstrip()
    room = first + second
    if above and width(title) < room:
        out = [style.label(pad(title, room)) + style.dim(above)]
    else:
        out = [style.label(title)] + ([" " * room + style.dim(above)] if above else [])
    for label, remark, cells in rows:
        line = style.label(pad(label, first)) + style.dim(pad(remark, second))
        out.append((line + "".join(map(pad, cells, columns))).rstrip())
    return out
