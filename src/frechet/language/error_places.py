"""How a refusal shows the place: the message, the formula, a caret under it."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

from frechet.errors import FrechetError, Kind

_WIDTH = 72
"""How much of a line is shown above the caret."""


def columns(text: str) -> int:
    """How many columns of a terminal the text takes: wide letters take two, accents none.

    >>> columns("A*B"), columns("日本"), columns("x\u0302")
    (3, 4, 1)
    """
    return sum(0 if combining(c) else 1 + (east_asian_width(c) in "WF") for c in text)


def visible(text: str) -> str:
    """The text with control characters and other unprintable ones made visible, one column each."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def pointed(text: str, position: int) -> str:
    """The line of the formula that holds the position, with a caret below; long lines are cut.

    >>> print(pointed("A*B", 1))
      A*B
       ^
    """
    position = max(0, min(position, len(text)))
    line_start = max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1
    ends = [e for e in (text.find("\n", position), text.find("\r", position)) if e >= 0]
    line_end = min(ends, default=len(text))
    first, last = line_start, line_end
    if last - first > _WIDTH:
        first = max(line_start, position - _WIDTH // 2)
        last = min(line_end, first + _WIDTH)
    left = "…" if first > line_start else ""
    right = "…" if last < line_end else ""
    before = columns(visible(text[first:position]))
    if position < last and combining(text[position]):
        before = max(0, before - 1)  # an accent stands over what is before it
    caret = " " * (2 + len(left) + before) + "^"
    return f"  {left}{visible(text[first:last])}{right}\n{caret}"


def excerpt(text: str, start: int, end: int) -> str:
    """The piece of the formula between two places, on one line, its middle left out when it is long.

    >>> excerpt("tr(A*B) + c", 3, 6)
    'A*B'
    """
    piece = visible(" ".join(text[start:end].split())) if end - start <= 4000 else visible(text[start:end])
    return piece if len(piece) <= 60 else piece[:35] + " … " + piece[-20:]


def located(kind: Kind, message: str, text: str, position: int, after: str = "") -> FrechetError:
    """The refusal with the formula and a caret, and what follows it (origins of shapes, what to try)."""
    parts = [message, pointed(text, position)]
    if after:
        parts.append(after)
    return FrechetError(kind, "\n".join(parts), position)


def of_typed(trouble: FrechetError, read: str, typed: str) -> FrechetError:
    """The refusal of a text that was put into other words first, its place that in what was typed; None where unknown.

    >>> of_typed(FrechetError("syntax", "no", 4), "1/2*(x", "½*(x").position
    2
    """
    place = trouble.position
    if place is None or read == typed or (read[:place] == typed[:place] and place <= len(typed)):
        return trouble
    same_end = typed.endswith(read[place:]) and place < len(read)
    where = len(typed) - (len(read) - place) if same_end else None
    return FrechetError(trouble.kind, trouble.message, where, trouble.readings)


def placed(trouble: FrechetError, text: str) -> FrechetError:
    """The refusal with the formula and a caret, if it knows its place and does not show it yet."""
    if trouble.position is None or "\n" in trouble.message or not text.strip():
        return trouble
    return located(trouble.kind, trouble.message, text, trouble.position)
