"""Words for a page: a condition, a verdict, a reading, the formulas among the words set as the page sets formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from frechet.errors import FrechetError

if TYPE_CHECKING:
    from frechet.core.dim import Dim

Words = Callable[[str], str]

STYLES = ("latex", "markdown", "unicode", "verbatim")
BRACKETED = re.compile(r"\((?=[^()]*['*])(?:[A-Za-z]'?|[-+*/ \d.])+\)\S*")
"""A bracket of single letters and signs, with what touches it: (A + A')/2."""
NAME = re.compile(r"(?<=[a-z,;] )[AI](?=[ ,.;:)]|$)|(?<![\w\\$])[A-Za-z]{2,}(?![\w}$])")
"""Within a sentence a capital that may be a word, or a word that may be a Greek letter's."""
SIZE = re.compile(r"[\w()+^]+(?:×[\w()+^]+)+")
SIDES = re.compile(r"(\s*(?:=|≠|≥|≤|->)\s*)")
"""What stands between the sides of an equation."""


def typeset(
    words: str,
    style: str = "latex",
    shapes: Mapping[str, Sequence[int | str | Dim]] | None = None,
    functions: Sequence[str] = (),
) -> str:
    r"""A sentence whose formulas are set as the page sets formulas: between dollar signs in LaTeX and Markdown.

    "verbatim" sets nothing and makes a plain text safe for LaTeX.  `shapes` are those of the names in it; what cannot
    be read with them is set word by word.

    >>> print(typeset("inv(X'*A) needs X'*A invertible", shapes={"X": ["m", "n"], "A": ["m", "n"]}))
    $\left(X^{\top} A\right)^{-1}$ needs $X^{\top} A$ invertible
    >>> print(typeset("at A*x - b = 0 there is no derivative", "unicode"))
    at A·x - b = 0 there is no derivative
    """
    from frechet.explain.render import prose
    from frechet.notation.latexlines import portable

    if style not in STYLES:
        raise FrechetError("input", f"words are set in {', '.join(STYLES)}, not in {style!r}")
    if style == "unicode":
        return prose.unicode(words)
    if style == "verbatim":
        return prose.escaped(words)
    plain = prose.escaped if style == "latex" else prose.markdown
    found: list[str] = []
    for piece in re.split("([“”])", words):  # a quoted formula is one, its quotation marks are none
        for formula, part in prose.spans(BRACKETED.sub(_held, piece)):
            shown = _formula(part, shapes or {}, functions, prose.latex) if formula else plain(part)
            found.append(shown if formula else NAME.sub(lambda m: _lone(m.group(), shapes or {}), shown))
    return portable("".join(found)) if style == "markdown" else "".join(found)


def _held(bracketed: re.Match[str]) -> str:
    """A bracket of single letters keeps together."""
    return bracketed.group().replace(" ", "\xa0")


def _lone(word: str, shapes: Mapping[str, object]) -> str:
    """A letter that could be an article, or the word of a Greek one, where it is a name of the problem."""
    from frechet.explain.render.prose import greek
    from frechet.notation.latex import name

    return f"${name(word)}$" if word in shapes and (len(word) == 1 or greek(word)) else word


def _formula(
    part: str, shapes: Mapping[str, Sequence[int | str | Dim]], functions: Sequence[str], otherwise: Words
) -> str:
    """A formula, or an equation, as the formulas of the answer are set."""
    from frechet.language import parse
    from frechet.notation.latex import text
    from frechet.notation.latexlines import apart

    if SIZE.fullmatch(part):
        return "$" + part.replace("×", r" \times ").replace("_", r"\_") + "$"
    if "×" in part:
        return otherwise(part)
    sides: list[str] = []
    for k, side in enumerate(SIDES.split(part)):
        if k % 2:
            sides.append(side.replace("≠", r"\neq").replace("≥", r"\ge").replace("≤", r"\le").replace("->", r"\to"))
            continue
        try:
            known = {name: shape for name, shape in shapes.items() if re.search(rf"\b{re.escape(name)}\b", side)}
            sides.append(apart(text(parse(side, known, functions=functions, language="frechet").value)))
        except (FrechetError, ValueError):
            return otherwise(part)
    return f"${''.join(sides)}$"
