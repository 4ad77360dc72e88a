r"""A backslash that is no command's: division from the left, `A\b`, `A\ones(n)`, beside LaTeX's `\beta` and `\ `."""

from __future__ import annotations

import re

from frechet.errors import FrechetError
from frechet.language.error_places import located
from frechet.language.latex.words import FACES, GREEK_COMMANDS, INFIX, MARKS, OPERATORS, SIGNS, SPACES, called

_ONE = re.compile(r"(?<=[\w)\]'])(?: \\ |\\)(?=(?:[A-Za-z](?![A-Za-z{])|\((?!.*\\\))))")
"""Between operands, one letter or a bracket behind it: no command of LaTeX is such."""
_WORD = re.compile(r"(?<=[\w)\]'])(?: \\ |\\)(?P<word>[A-Za-z]{2,})(?![A-Za-z{*^])")
_SPACE = re.compile(r"(?<=[\w)\]'])\\ +(?=[\w(\[])")
_COMMANDS = frozenset(
    [
        "frac",
        "tfrac",
        "dfrac",
        "cfrac",
        "sqrt",
        "partial",
        "nabla",
        "sum",
        "prod",
        "int",
        "langle",
        "rangle",
        "Vert",
        "lVert",
        "rVert",
        "lvert",
        "rvert",
        "top",
        "bot",
        "rm",
        "ell",
        "arccos",
        "arcsin",
        "arctan",
        "cos",
        "cosh",
        "cot",
        "coth",
        "csc",
        "deg",
        "det",
        "dim",
        "exp",
        "gcd",
        "hom",
        "ker",
        "lg",
        "lim",
        "ln",
        "log",
        "max",
        "min",
        "Pr",
        "sec",
        "sin",
        "sinh",
        "sup",
        "tan",
        "tanh",
        "inf",
        "arg",
        "dagger",
        "intercal",
        "prime",
        "transpose",
        "infty",
        "le",
        "leq",
        "ge",
        "geq",
        "ne",
        "neq",
        "in",
        "to",
        "mid",
        "parallel",
        "wedge",
        "begin",
        "end",
        "label",
        "tag",
        "ldots",
        "dots",
        "cdots",
        "vdots",
        "ddots",
        "forall",
        "exists",
        "setminus",
        "mapsto",
        "rightarrow",
        "star",
        "bullet",
        "succ",
        "succeq",
    ]
)
_MACROS = frozenset(
    ["diag", "Diag", "tr", "Tr", "trace", "rank", "sgn", "sign", "vec", "vech", "softmax", "sigmoid", "relu", "ReLU"]
)
"""What papers define as commands of their own: there the backslash may be theirs."""


def _is_command(word: str) -> bool:
    known = (FACES, MARKS, SPACES, INFIX, OPERATORS, SIGNS, GREEK_COMMANDS, _COMMANDS, _MACROS)
    capital = word.lower() in GREEK_COMMANDS
    return capital or any(word in group for group in known) or called(word) != word


def without_divisions(text: str) -> str:
    r"""The text with its divisions from the left taken out: what is left of backslashes is LaTeX's.

    >>> without_divisions(r"A\b"), without_divisions(r"A\ones(n)"), without_divisions(r"A\beta")
    ('A b', 'A ones(n)', 'A\\beta')
    """

    def one(found: re.Match[str]) -> str:
        spaced = found.group().startswith(" ")
        return found.group() if not spaced and _is_command(found["word"]) else " " + found["word"]

    return _WORD.sub(one, _ONE.sub(" ", text))


def ask_for_backslash(text: str, latex: re.Pattern[str]) -> None:
    r"""A question where a backslash may divide or be LaTeX's, and nothing else in the text is LaTeX.

    >>> ask_for_backslash("A\\ b", re.compile(r"\\"))
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: the backslash could divide from the left or be LaTeX's, which parts factors
      A\ b
       ^
      division     A\(b)
      a product    A*b
    """
    found = next((m for m in _SPACE.finditer(text)), None) or next(
        (m for m in _WORD.finditer(text) if m["word"] in _MACROS and not m.group().startswith(" ")), None
    )
    if found is None:
        return
    word = found.groupdict().get("word") or ""
    before, after = text[: found.start()], word + text[found.end() :]
    if latex.search(without_divisions(f"{before} {after}")):
        return
    end = re.match(r"\w+(\((?:[^()]|\([^()]*\))*\))?", after)
    factor = after[: end.end()] if end else ""
    divided = f"({factor}){after[len(factor) :]}" if factor else after
    readings = (f"{before}\\{divided}", f"{before}*{after}")
    lines = f"  division     {readings[0]}\n  a product    {readings[1]}"
    clause = "the backslash could divide from the left or be LaTeX's, which parts factors"
    trouble = located("syntax", clause, text, found.start(), lines)
    raise FrechetError("syntax", trouble.message, trouble.position, readings)
