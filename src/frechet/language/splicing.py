"""A piece of a formula in place of another: in brackets where it would be read differently without."""

from __future__ import annotations

import re

from frechet.errors import FrechetError
from frechet.language.brackets import as_factor, as_term
from frechet.language.reader import read
from frechet.language.tree import Node

_ONE = re.compile(r"[^\W\d]\w*|\d+(\.\d+)?")
"""A name or a number."""
_OPENING, _CLOSING = "([,;=", ")],;"


def alike(one: Node, other: Node) -> bool:
    """Whether two trees are the same but for places."""
    pairs = [(one, other)]
    while pairs:
        a, b = pairs.pop()
        below = ((*a.args, *a.params), (*b.args, *b.params))
        if (a.kind, a.data) != (b.kind, b.data) or len(below[0]) != len(below[1]):
            return False
        pairs.extend(zip(*below, strict=True))
    return True


def spliced(text: str, start: int, end: int, piece: str) -> str:
    """The text with a piece put between two places; the grammar says whether it needs brackets there.

    >>> spliced("a/var(x)", 2, 8, "s/n"), spliced("cov(X)'", 0, 6, "X'*X"), spliced("sum(var(x))", 4, 10, "s/n")
    ('a/(s/n)', "(X'*X)'", 'sum(s/n)')
    """
    before, after = text[:start], text[end:]
    if _ONE.fullmatch(piece):
        return f"{before}{piece}{after}"
    bare, whole = f"{before}{piece}{after}", f"{before}({piece}){after}"
    try:
        meant, found = read(whole), read(bare)
    except FrechetError:  # not literally the formula language: signs left out, a norm's bars
        left, right = before.rstrip()[-1:], after.lstrip()[:1]
        ends = left in (*_OPENING, "") and right in (*_CLOSING, "")
        term = left in (*_OPENING, "", "+", "-") and right in (*_CLOSING, "", "+", "-") and as_term(piece) == piece
        return bare if ends or term or as_factor(piece) == piece else whole
    same = len(meant) == len(found) and all(map(alike, meant, found))
    return bare if same else whole
