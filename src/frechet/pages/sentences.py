"""Formulas as a terminal shows them, by themselves and within a sentence: set in Unicode by the one table.

To a pipe everything stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any, final

from frechet.errors import FrechetError
from frechet.library.declared import parse
from frechet.pages.plain import listing, mapping
from frechet.pages.style import Style

NAME = re.compile(r"[^\W\d_]\w*")
STOP = re.compile(r";(?![^\[]*\])")
"""The end of a statement, which is no new row of a matrix."""
TERM = re.compile(r"\s+([+-])\s+(?![^()]*\))")
PRIMED = re.compile(r"([^\W\d_]\w*)'+\(")
SIGNS = frozenset("*'^/([+-")
OPERATORS = frozenset("*/+-^,")
HELD = "\u00a0"
"""A space at which no line ends."""
SHORT = 32
"""A formula with no more characters stays on one line."""
LONGEST = 400
"""A piece of a sentence with more characters is no formula that a sentence bears."""


@final
@dataclass(frozen=True)
class Known:
    """The names of a problem and their shapes, its increment and upstream gradient among them."""

    shapes: Mapping[str, tuple[Any, ...]] = field(default_factory=dict[str, tuple[Any, ...]])
    functions: tuple[str, ...] = ()

    @staticmethod
    def of(answer: Mapping[str, Any], *texts: str) -> Known:
        """What an answer knows; `texts` are formulas that may use a declared function's derivative: sigma'(a)."""
        given = {name: tuple(listing(shape)) for name, shape in mapping(answer.get("shapes")).items()}
        symbols = mapping(answer.get("symbols"))
        shapes = {f"d{name}": shape for name, shape in given.items()} | given
        if symbols.get("upstream"):
            shapes.setdefault(str(symbols["upstream"]), tuple(listing(answer.get("value_shape"))))
        if symbols.get("direction") and isinstance(answer.get("wrt"), str):
            shapes.setdefault(str(symbols["direction"]), given.get(str(answer["wrt"]), ()))
        return Known(shapes, tuple(dict.fromkeys(name for text in texts for name in PRIMED.findall(text))))

    def sized(self) -> dict[str, list[Any]]:
        """The shapes as the library takes them."""
        return {name: list(shape) for name, shape in self.shapes.items()}


def typeset(text: str, known: Known, style: Style) -> str:
    """A formula, or several statements; what cannot be read by itself stays as it is.

    >>> typeset("s = softmax(z); diag(s)-s*s'", Known(), Style(unicode=True))
    's = softmax(z); diag(s) − s sᵀ'
    """
    if not style.unicode:
        return text
    shapes, out = dict(known.shapes), list[str]()
    for part in STOP.split(text):
        left, equals, right = part.partition("=")
        if not equals or not NAME.fullmatch(left.strip()):
            out.append(_set(part.strip(), Known(shapes, known.functions)))
            continue
        out.append(" = ".join(_set(side.strip(), Known(shapes, known.functions)) for side in (left, right)))
        with suppress(FrechetError):
            defined = parse(right, {n: list(s) for n, s in shapes.items()}, functions=known.functions)
            shapes[left.strip()] = tuple(map(str, defined.shape))
    return "; ".join(out)


def _set(text: str, known: Known) -> str:
    """One formula; of a sum whose terms do not fit each term by itself."""
    shapes = tuple(known.shapes.items())
    found = _unicode(text, shapes, known.functions)
    if found is None and TERM.search(text):
        found = TERM.sub(lambda sign: f" {'−' if sign[1] == '-' else sign[1]} ", text)
        for term in TERM.split(text)[::2]:
            found = found.replace(term, _unicode(term, shapes, known.functions) or term)
    return found or text


@cache
def _unicode(text: str, shapes: tuple[tuple[str, tuple[Any, ...]], ...], functions: tuple[str, ...]) -> str | None:
    """The formula in Unicode, with the shapes of the problem or, where these do not fit, with any that do."""
    for given in ({name: list(shape) for name, shape in shapes}, {}):
        try:
            return parse(text, given, functions=functions).unicode()
        except FrechetError:
            continue
    return None


def sentence(words: str, known: Known, style: Style) -> str:
    """Words with formulas among them; a short one is held together.

    >>> said = sentence("Right if A is symmetric; in general it is (A+A')*x.", Known(), Style(unicode=True))
    >>> said.replace(HELD, " ")
    'Right if A is symmetric; in general it is (A+Aᵀ) x.'
    """
    if not style.unicode:
        return words
    out: list[str] = []
    at = 0
    while at < len(words):
        end, shown = _formula_at(words, at, known) if _starts(words, at) else (at, "")
        out.append((shown.replace(" ", HELD) if len(shown) <= SHORT else shown) or words[at])
        at = end if shown else at + 1
    return "".join(out)


def _starts(words: str, at: int) -> bool:
    """Whether a formula may begin here: at a word's beginning."""
    return (at == 0 or words[at - 1] in " (") and (words[at].isalnum() or words[at] in "(-[")


def _formula_at(words: str, at: int, known: Known) -> tuple[int, str]:
    """The longest formula from here, set in Unicode, and where it ends; no text where there is none."""
    for end in sorted(_ends(words, at, known), reverse=True):
        text = words[at:end]
        if SIGNS.isdisjoint(text) and text not in known.shapes:
            continue
        shown = _unicode(text, tuple(known.shapes.items()), known.functions)
        if shown is not None:
            return end, shown
    return at, ""


def _ends(words: str, start: int, known: Known) -> Iterator[int]:
    """Where a formula that begins here may end: before a space or a stop, its brackets closed."""
    depth, at = 0, start
    while at < min(len(words), start + LONGEST):
        sign = words[at]
        if sign == '"':
            at = words.find('"', at + 1)
            if at < 0:
                return
        elif sign.isalpha():
            found = NAME.match(words, at)
            if found is None or not _is_name(words, found, known):
                return
            at = found.end() - 1
        elif sign in "([":
            depth += 1
        elif sign in ")]":
            depth -= 1
            if depth < 0:
                return
        elif sign == " ":
            if words[at - 1] not in OPERATORS and words[at + 1 : at + 2] not in OPERATORS:
                return
        elif not (sign.isascii() and (sign.isdigit() or sign in "+-*/^'.,:;_>")) or (sign in ",;:" and not depth):
            return
        at += 1
        if not depth and re.match(r"[.,;:)]*( |$)", words[at:]):
            yield at


def _is_name(words: str, found: re.Match[str], known: Known) -> bool:
    """Whether a word may stand in a formula: a name of the problem, a letter, a function before its bracket."""
    word, after = found.group(), words[found.end() : found.end() + 2]
    if word in known.shapes or word in known.functions:
        return True
    if after[:1] == "(" or (after == "'(" and len(word) > 1):
        return len(word) > 1
    return len(word) == 1 or bool(re.fullmatch(r"d?[A-Za-z]_?\d*", word))
