r"""Sums over an index in mathematical text: `∑_i (y_i - w'x_i)^2`, `Σᵢ(yᵢ − w'xᵢ)²`, `sum_{i=1}^n x_i`.

They are written as LaTeX has them, and read as LaTeX.
"""

from __future__ import annotations

import re
from collections.abc import Container

from frechet.errors import FrechetError
from frechet.language.calls import callable_name
from frechet.language.error_places import located
from frechet.language.latex.words import called as called_by
from frechet.language.names import LOWERED, SPELLED
from frechet.language.text.factors import letters
from frechet.language.words import is_word

_LOW = "".join(LOWERED) + "₀₁₂₃₄₅₆₇₈₉₌₊₋"
_HIGH = {"ⁿ": "n", "ᴺ": "N", "ᵐ": "m", "ᵏ": "k", "ᴷ": "K", "ᴹ": "M", "ᵀ": "T"}
_SIGMA = (
    rf"(?<![\w)'’′ᵀ\]])Σ(?=(?:_(?:\{{[^{{}}]*\}}|[a-z]\b)|[{''.join(LOWERED)}][{_LOW}]*)(?:\^\w|[ⁿᴺᵐᵏᴷᴹ])?[ ]*[(\w‖])"
)
"""A capital Sigma that is a sum's sign: nothing is side by side before it, and something behind its index."""
_OPEN = rf"(?:∑|{_SIGMA}|∏|\bsum|\bprod)"
_SUM = re.compile(rf"{_OPEN}(?:_(?:\{{|[a-z]\b)|[{''.join(LOWERED)}])")
"""A sum's sign with an index below it."""
_SIGN = {"∑": r"\sum", "Σ": r"\sum", "∏": r"\prod", "sum": r"\sum", "prod": r"\prod"}
_BELOW = re.compile(
    rf"({_OPEN})(?:_(\{{[^{{}}]*\}}|[a-z]\b)|([{_LOW}]+))(?:\^(\{{[^{{}}]*\}}|\w)|([{''.join(_HIGH)}]))?"
)
_SUBSCRIPT = re.compile(f"[{_LOW}]+")
_WORD = re.compile(r"(?P<called>(?<![\w\\\x00])[A-Za-z]\w*(?=\())|[A-Za-z]{2,}")
_LETTERS = re.compile(r"[A-Za-z]{2,}")
_LOWER = {**LOWERED, **dict(zip("₀₁₂₃₄₅₆₇₈₉₌₊₋", "0123456789=+-", strict=True))}


def sums_over_index(text: str) -> bool:
    """Whether a text has a sum over an index as people type it.

    >>> sums_over_index("∑_i x_i^2"), sums_over_index("Σᵢ xᵢ"), sums_over_index("sum(i: x[i])"), sums_over_index("Σ_B")
    (True, True, False, False)
    """
    return bool(_SUM.search(text))


def as_latex(text: str, known: Container[str]) -> str:
    r"""The text as LaTeX; a word that could be a name or a product is refused.

    >>> as_latex("Σᵢ(yᵢ − w'xᵢ)² + λ‖w‖²", ()), as_latex("sum_{i=1}^n log(1 + exp(-y_i w'x_i))", ())
    ("\\sum_{i}(y_{i} − w'x_{i})² + λ‖w‖²", "\\sum_{i=1}^{n} \\log(1 + \\exp(-y_i w'x_i))")
    """

    def signed(found: re.Match[str]) -> str:
        below = (found[2] or _lowered(found[3])).strip("{}")
        above = (found[4] or _HIGH.get(found[5] or "", "")).strip("{}")
        return f"\x00{_SIGN[found[1]][1:]}_{{{below}}}" + (f"^{{{above}}}" if above else "")

    def worded(found: re.Match[str]) -> str:
        word = found.group()
        called = found.re is _WORD and bool(found["called"])
        upright = is_word(word) and called_by(word) == word and not (callable_name(word) and word.isalpha())
        if called and upright and word not in known:
            return f"\x00operatorname{{{word}}}"
        if called and not word.isalpha():
            return _LETTERS.sub(worded, word)
        if found.re is _WORD and found.start() and text[found.start() - 1] in "\\\x00":
            return word
        bare = called_by(word)
        if word in SPELLED or callable_name(bare):
            return "\\" + bare
        if word in known:
            return f"\\mathrm{{{word}}}"
        if letters(word) is None:
            if "*" in text:
                return f"\\mathrm{{{word}}}"
            shown = text.replace("\x00", "")
            raise located("name", f"{word} could be one name or a product of letters", shown, shown.find(word))
        return word

    text = _SUBSCRIPT.sub(lambda m: f"_{{{_lowered(m.group())}}}", _BELOW.sub(signed, text))
    text = re.sub(r"\^-(\w)", r"^{-\1}", text).replace("⁻ᵀ", "^{-T}")
    return _WORD.sub(worded, text).replace("\x00", "\\")


def _lowered(signs: str) -> str:
    return "".join(_LOWER[c] for c in signs)


def about_text(trouble: FrechetError) -> FrechetError:
    """A refusal of LaTeX, said of a text."""
    message = trouble.message.replace("this LaTeX cannot be read", "this text cannot be read")
    return FrechetError(trouble.kind, message, trouble.position, trouble.readings)
