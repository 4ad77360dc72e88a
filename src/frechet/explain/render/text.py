"""A derivation as text: what is done on the left, the line it gives on the right."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Sequence

from frechet.core.expr import Expr
from frechet.explain.render import prose, understood
from frechet.explain.render.shapes import assumed, shape_word
from frechet.explain.steps import Steps
from frechet.notation import ascii, unicode

LEFT = 50
"""The widest left column."""
WIDTH = 110
"""The width that a pipe is given."""


def render(made: Steps, width: int | None = None, pretty: bool = False, why: bool = True) -> str:
    """The derivation on a page of `width` columns, its formulas in ASCII or Unicode.

    `why` adds the sentence under each title; without it one line a step remains.
    """
    write = unicode.text if pretty else ascii.text
    total = width or WIDTH
    left = min(LEFT, max(24, total // 2 - 6))
    out = [*understood.lines(made.reading, total), *_head(made, write, total)]
    for k, step in enumerate(made.steps, 1):
        words = _wrapped(step.title, left, pretty)
        if why:
            words += _wrapped(step.remark, left, pretty)
        shown = [line.written(write) for line in step.lines]
        shown += [f"with {line.written(write)}    ({shape_word(line.formula.shape)})" for line in made.introduced(step)]
        lines = [part for line in shown for part in _folded(line, total - left - 5)]
        if why or k == 1:
            out.append("")
        for row in range(max(len(words), len(lines))):
            number = f"{k:<2} " if row == 0 else "   "
            word = words[row] if row < len(words) else ""
            line = lines[row] if row < len(lines) else ""
            out.append((number + _pad(word, left + 2) + line).rstrip())
    return "\n".join([*out, "", *_foot(made, total, pretty)])


def _wrapped(words: str, columns: int, pretty: bool) -> list[str]:
    shown = prose.unbroken(prose.unicode(words) if pretty else words)
    return [line.replace("\xa0", " ") for line in textwrap.wrap(shown, columns, break_on_hyphens=False)]


def _head(made: Steps, write: Callable[[Expr], str], total: int) -> list[str]:
    """The value and its parts, outside in; the shapes to the right or below."""
    statements = [line.written(write) for line in reversed(made.heads)]
    joined = ",   ".join(statements)
    lines = [joined] if _width(joined) <= total * 2 // 3 else statements
    named = [(q.name, q.symbol) for q in made.quantities]
    value = made.heads[-1]
    if isinstance(value.left, Expr) and value.left.shape:
        named.append((str(value.left.params[0]), value.left))
    words = [f"{name} {shape_word(e.shape)}{assumed(e)}" for name, e in (*made.variables.items(), *named)]
    remark = "    ".join(words)
    column = max(46, _width(lines[-1]) + 8)
    if column + _width(remark) <= total:
        lines[-1] = _pad(lines[-1], column) + remark
    else:
        lines += ["    " + part for part in _gathered(words, total - 4)]
    return lines


def _gathered(words: Sequence[str], columns: int) -> list[str]:
    lines = [""]
    for word in words:
        joined = f"{lines[-1]}    {word}" if lines[-1] else word
        if _width(joined) <= columns:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _foot(made: Steps, total: int, pretty: bool) -> list[str]:
    needs = f" Needs: {', '.join(made.conditions)}." if made.conditions else ""
    books: dict[str, list[str]] = {}
    for k, step in enumerate(made.steps, 1):
        for book in step.reference.split("; "):
            if book:
                books.setdefault(book, []).append(str(k))
    rules = "; ".join(f"{book} ({', '.join(steps)})" for book, steps in books.items())
    return [*_wrapped(made.checks + needs, total, pretty), *textwrap.wrap(f"Rules: {rules}.", total)]


def _folded(line: str, columns: int) -> list[str]:
    """A line in pieces of at most `columns`, broken before a sign that stands outside brackets if there is one."""
    out: list[str] = []
    indent = ""
    while _width(indent + line) > columns:
        at = _break(line, columns - len(indent))
        if at is None:
            break
        out.append(indent + line[:at].rstrip())
        line, indent = line[at:].lstrip(), "  "
    return [*out, indent + line]


def _break(line: str, columns: int) -> int | None:
    best: tuple[int, int] | None = None
    depth = 0
    for i, sign in enumerate(line[: max(columns, 1)]):
        depth += (sign in "([{") - (sign in ")]}")
        if i < 8 or sign not in "+-−⊗⊙*,= " or (sign == "*" and line[i - 1] == "."):
            continue
        if sign == " " and line[i + 1 : i + 2] in "+-−⊗⊙=":
            continue
        if sign == "=" and i < columns // 2:
            continue
        at = i + 1 if sign in ", " else i
        score = (depth * 2 + (sign in "*, "), -at)
        if best is None or score <= best:
            best = score
    return -best[1] if best else None


def _width(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 1 for c in text)


def _pad(text: str, columns: int) -> str:
    return text + " " * max(0, columns - _width(text))
