"""The words of LaTeX: its tokens, and what its commands stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from frechet.core.records import changes
from frechet.language.names import SPELLED
from frechet.ops import REGISTRY

TOKEN = re.compile(
    r"""\s+|(?P<command>\\(?:[A-Za-z]+\*?|.))|(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<letter>[^\W\d_])|(?P<sign>.)""",
    re.VERBOSE,
)

FACES = frozenset(
    ("mathbf", "boldsymbol", "bm", "mathrm", "mathit", "mathsf", "mathcal", "mathbb", "text", "vec", "hat", "tilde",
     "bar", "operatorname", "textbf", "textrm", "pmb", "mathop", "overline", "widehat", "widetilde", "underline",
     "operatorname*", "mathscr", "mathfrak", "textsf", "textit", "dot", "ddot", "check", "breve", "mathbbm", "mathds",
     "mathtt", "mbox", "hbox")
)  # fmt: skip
"""Commands that change a letter's face, or set a mark on it."""
MARKS = {"hat": "hat", "tilde": "tilde", "bar": "bar", "widehat": "hat", "widetilde": "tilde", "overline": "bar",
         "dot": "dot", "ddot": "ddot", "check": "check", "breve": "breve"}  # fmt: skip
"""Marks on a letter that are part of its name."""
SPACES = frozenset(
    (",", ";", ":", "!", " ", ">", "quad", "qquad", "left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr",
     "bigg", "Bigg", "biggl", "biggr", "Biggl", "Biggr", "middle", "displaystyle", "textstyle", "limits", "nolimits",
     "bf", "it", "sf", "tt", "cal", "nonumber", "notag", "boldmath", "thinspace", "medspace", "enspace", "hfill")
)  # fmt: skip
"""Commands that mean nothing."""
INFIX = {"cdot": "*", "times": "*", "otimes": "⊗", "odot": ".*", "circ": ".*", "oslash": "./", "ast": "*", "div": "/"}
"""Commands between two operands, as the language has them."""
RANGE = re.compile(r"(?P<names>[a-z](?:,?[a-z])*)(?:=(?P<first>[0-9]))?")
"""What stands below a sum over an index, or several."""
UNEQUAL = re.compile(r"(?P<one>[a-z])(?:ne|neq|not=|≠)(?P<other>[a-z])")
"""What stands below a sum over pairs that differ: i≠j."""
LAST = re.compile(r"(?P<name>[A-Za-z])(?:(?P<shift>[+-][0-9]+))?|(?P<number>[0-9]+)")
"""What stands above a sum: a size, perhaps less a number."""
BOLD = frozenset(("mathbf", "boldsymbol", "bm", "pmb", "textbf", "vec"))
"""Faces in which vectors are set."""
OPERATORS = frozenset(("min", "max", "arg", "argmin", "argmax", "minimize", "maximize", "inf", "sup"))
"""Words before a formula, with the variable below them: min_w."""
SIGNS = {"vert": "|", "{": "(", "}": ")", "lbrace": "(", "rbrace": ")", "lbrack": "[", "rbrack": "]", "colon": ":",
         "lparen": "(", "rparen": ")", "equiv": "=", "triangleq": "=", "coloneqq": "=", "doteq": "="}  # fmt: skip
"""Commands that stand for a sign: braces that are seen are brackets."""
UPRIGHT = frozenset(("mathrm", "text", "textrm", "operatorname", "mathop", "mbox", "hbox"))
"""The faces in which functions are set."""
TURNS = frozenset(("top", "intercal", "prime", "T", "t", "'", "transpose"))
"""What stands in the exponent of a transpose."""
INDICES = frozenset("ijklpqrs")
"""Letters that below a name are its indices."""
GREEK_COMMANDS = {name: name for name in SPELLED} | {
    "varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho", "varsigma": "sigma"
}  # fmt: skip
"""Commands for Greek letters, and the names they have here."""


def called(word: str) -> str:
    """The function that LaTeX has this word for; the word itself where there is none.

    >>> called("Tr"), called("tr"), called("sgn")
    ('tr', 'tr', 'sign')
    """
    return _named(changes()).get(word, word)


@lru_cache(maxsize=1)
def _named(_: int) -> Mapping[str, str]:
    return {word: op.name for op in REGISTRY.values() for word in op.latex}


def tokens_of(text: str) -> list[tuple[str, str, int]]:
    """The tokens of a piece of LaTeX, each its kind, its text and its place, with what only spaces left out."""
    tokens: list[tuple[str, str, int]] = []
    for found in TOKEN.finditer(text):
        kind, piece = found.lastgroup, found.group()
        if kind is None or piece == "&":
            continue
        if kind == "command":
            piece = piece[1:]
            if piece in SPACES:
                continue
            if piece in SIGNS:
                kind, piece = "sign", SIGNS[piece]
        tokens.append((kind, piece, found.start()))
    return _below_first(tokens)


def _below_first(tokens: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """The tokens with every subscript in front of the exponent it shares a base with: x^2_i as x_i^2."""

    def past(k: int) -> int:  # behind the group, or the one token (with its face), that starts here
        while k < len(tokens) and tokens[k][0] == "command" and tokens[k][1] in FACES:
            k += 1
        depth = 0
        while k < len(tokens):
            depth += (tokens[k][1] == "{") - (tokens[k][1] == "}")
            k += 1
            if depth <= 0:
                break
        return k

    for k in range(len(tokens)):
        if tokens[k][:2] == ("sign", "^"):
            end = past(k + 1)
            if end < len(tokens) and tokens[end][:2] == ("sign", "_"):
                after = past(end + 1)
                tokens[k:after] = tokens[end:after] + tokens[k:end]
    return tokens
