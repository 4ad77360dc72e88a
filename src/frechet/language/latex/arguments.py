r"""What LaTeX applies to what: functions without brackets, names that would have to be functions, words of prose."""

from __future__ import annotations

import re

from frechet.errors import FrechetError
from frechet.language.brackets import closed
from frechet.language.calls import callable_name
from frechet.language.latex.cursor import Cursor
from frechet.language.latex.words import FACES, GREEK_COMMANDS, INFIX, TURNS
from frechet.language.latex.words import called as called_by
from frechet.language.names import COUNTS
from frechet.language.text.factors import UNSPECIFIED
from frechet.language.words import is_word
from frechet.ops.words import CAPITALS

_PROSE = frozenset(
    ("where", "if", "for", "and", "with", "subject", "such", "otherwise", "else", "st", "so", "is", "or")
)
"""Words that say something about a formula and are no part of it."""
_STATED = frozenset(("minimize", "maximize", "minimise", "maximise", "arg"))
"""Words that may stand before a formula."""


def refuse_words(r: Cursor, start: int) -> None:
    r"""Several words, as in `\text{ where }A\text{ is symmetric}`, are no name."""
    inside = r.tokens[start + 1 : r.at - 1]
    if not inside or any(kind != "letter" for kind, _, _ in inside):
        return
    said = " ".join(r.text[inside[0][2] : inside[-1][2] + 1].split())
    if (" " in said or said in _PROSE) and not _STATED.intersection(said.split()):
        r.at = start
        raise r.fail(f"words beside the formula are not read: leave out what begins with {said!r}, and declare shapes "
                     "and assumptions")  # fmt: skip


def refuse_unknown_function(r: Cursor, name: str, below: object = "") -> None:
    """A name before a bracket that holds one name alone, K(θ), or h_θ(…), φ_j(…), is a function that is not known."""
    if r.peek()[1] != "(":
        return
    if name in CAPITALS and not below and not _factor_elsewhere(r, name):
        raise r.fail(f"{name} before a bracket is no factor: {CAPITALS[name]}; for a product write \\cdot behind it")
    labelled = name.partition("_")[0] in UNSPECIFIED and ("_" in name or below)
    if labelled or _one_name_follows(r):
        raise r.fail(
            f"{name} before a bracket is a function that is not known: write out what it is, or, if it is a factor, "
            "leave out the bracket or write \\cdot"
        )


def _factor_elsewhere(r: Cursor, name: str) -> bool:
    """Whether a capital stands without a bracket too, or is a form's matrix, as Λ in (x-μ)ᵀΛ(x-μ)."""
    pieces = [piece for _, piece, _ in r.tokens]
    if any(piece == name and pieces[k + 1 : k + 2] != ["("] for k, piece in enumerate(pieces)):
        return True
    before = [piece for piece in pieces[: r.at - 1] if piece not in "{}"]
    turned = before[-1:] == ["'"] or (before[-2:-1] == ["^"] and before[-1] in TURNS)
    return name == "Lambda" and turned


def _one_name_follows(r: Cursor) -> bool:
    """Whether nothing but one name stands in the brackets to come."""
    k, names, below = r.at + 1, 0, 0
    while k < len(r.tokens):
        kind, piece, _ = r.tokens[k]
        if piece == ")" and kind == "sign":
            return names == 1
        if piece == "_":
            below = 1 if r.tokens[k + 1 : k + 2] and r.tokens[k + 1][1] == "{" else 2
        elif below == 2 or piece in "{}" or (kind == "command" and piece in FACES):
            below = 0 if below == 2 or piece == "}" else below
        elif kind == "letter" or (kind == "command" and piece in GREEK_COMMANDS):
            names += not below
        elif not below:
            return False
        k += 1
    return False


def bare_argument(r: Cursor, name: str) -> str:
    r"""The argument of a function without a bracket: the factor that follows, or the product where that is plain.

    `\log 2\pi` and `\log x^\top A x` take the product, `\log a \log b` the factor; `\log a b` is asked.
    """
    start = r.at
    argument = r.factor()
    kind, piece = r.peek()
    called = kind == "command" and (
        callable_name(called_by(piece)) or is_word(piece) or piece in ("operatorname", "sum", "prod")
    )
    infix = piece in INFIX if kind == "command" else piece in ("*", "/", ":")
    if kind == "end" or r.closes(kind, piece) or infix or (called and piece not in GREEK_COMMANDS):
        return argument
    after = r.at
    r.at = start
    whole = r.product()
    if (argument.endswith("'") and _form(r, start)) or (
        re.fullmatch(r"[0-9]+", argument) and re.match(r"[0-9]+\*pi\b", whole)
    ):
        return whole
    begin, middle = r.tokens[start][2], r.tokens[after][2]
    end = r.tokens[r.at][2] if r.at < len(r.tokens) else len(r.text)
    before, rest = r.text[:begin], r.text[end:]
    readings = (
        f"{before}({r.text[begin:end].strip()}){rest}",
        f"{before}({r.text[begin:middle].strip()}){r.text[middle:end]}{rest}",
    )
    r.at = start
    trouble = r.fail(f"{name} of what? Write brackets")
    lines = "\n".join(f"  {' '.join(reading.split())}" for reading in readings)
    raise FrechetError(trouble.kind, f"{trouble.message}\n{lines}", trouble.position, readings)


def _form(r: Cursor, start: int) -> bool:
    """Whether the product from here is of two factors, x^T y, or a form of three, x^T A x."""
    end, r.at, factors = r.at, start, list[str]()
    while r.at < end:
        if r.peek()[1] in INFIX or r.peek()[1] in ("*", "/", ":"):
            return False
        factors.append(r.factor())
    capital = len(factors) == 3 and factors[1].removeprefix("inv").removeprefix("(")[:1].isupper()
    return len(factors) == 2 or capital


def divided(r: Cursor, divisor: str, begin: int) -> str:
    r"""The divisor behind a slash: what stands side by side with it is below too where it is plain, or is asked.

    `x^\top A x/x^\top x` has the product below, `1/2 x^\top x` and `1/N \sum_i` the factor; `a/b c` is asked.
    """
    kind, piece = r.peek()
    after = r.at
    infix = piece in INFIX if kind == "command" else piece in ("*", "/", ":")
    if kind == "end" or r.closes(kind, piece) or infix:
        return divisor
    greek = kind == "command" and piece in GREEK_COMMANDS
    if divisor.replace(".", "").isdigit() and not greek:
        return divisor
    spaced = r.at < len(r.tokens) and r.text[r.tokens[r.at][2] - 1] == " "
    if closed(divisor) and (spaced or piece in ("sum", "prod")):
        return divisor
    if divisor in COUNTS and (piece in ("sum", "|", "Vert", "lVert", "log", "ln", "operatorname") or divisor in "nNmM"):
        return divisor
    while not (r.peek()[0] == "end" or r.closes(*r.peek()) or r.peek()[1] in ("*", "/", ":") or r.peek()[1] in INFIX):
        divisor += "*" + r.factor()
        if divisor.count("*") == 1 and divisor.partition("*")[0].endswith("'"):
            return f"({divisor})"
    slash = next(k for k in range(after - 1, -1, -1) if r.tokens[k][1] == "/")
    first, below, here = (r.tokens[k][2] for k in (begin, slash + 1, after))
    last = r.tokens[r.at][2] if r.at < len(r.tokens) else len(r.text)
    text = r.text
    readings = (
        f"{text[:below]}({text[below:last].strip()}){text[last:]}",
        f"{text[:first]}({text[first:here].strip()}) {text[here:]}",
    )
    r.at = after
    trouble = r.fail("does what stands side by side with the divisor stand below the division line too?")
    lines = f"  below        {readings[0]}\n  not below    {readings[1]}"
    raise FrechetError("syntax", f"{trouble.message}\n{lines}", trouble.position, readings)
