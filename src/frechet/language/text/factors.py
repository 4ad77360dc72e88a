"""Letters and words of mathematical text: which word is a product of letters, and which is a function's name."""

from __future__ import annotations

import re
from collections.abc import Container

from lark import Token

from frechet.language.calls import callable_name
from frechet.language.names import GREEK, LOWERED, SPELLED, plain
from frechet.language.norm_below import INFINITE
from frechet.language.words import is_word
from frechet.ops import REGISTRY

UNSPECIFIED = frozenset(("sigma", "phi", "varphi", "psi", "rho", "f", "g", "h"))
"""Names that before a bracket are some smooth function, entry by entry."""
_GREEK = "|".join(sorted(SPELLED, key=len, reverse=True))
_SIGN = "".join(GREEK)
FACTOR = re.compile(rf"(?:{_GREEK}|[A-Za-z𝟏𝟙{_SIGN}])(?:[0-9₀-₉]+|_[0-9A-Za-z]+|[{''.join(LOWERED)}]+)?")
WORD = re.compile(r"[a-z]{3,}[0-9]*(?:_\w+)?\Z|[A-Z][a-z]{2,}[0-9]*(?:_\w+)?\Z")
"""What reads as a word and not as a product of letters: `lam`, `loss_2`, `Data`."""
_LONG_WORD = 4
"""From how many letters on what stands before a bracket is a function's name."""


def unspecified(name: str) -> bool:
    """Whether a name before a bracket is some smooth function by habit, as f, f1 and sigma_2 are."""
    return name in UNSPECIFIED or name.rstrip("0123456789").rstrip("_") in UNSPECIFIED


def function_of_habit(name: str) -> str:
    """What such a function is called here: φ(x) is some function, not the halved triangle that is called phi.

    >>> function_of_habit("phi"), function_of_habit("sigma1")
    ('varphi', 'sigma1')
    """
    own = REGISTRY.get(name)
    return f"var{name}" if name in UNSPECIFIED and own is not None and not own.outside else name


def is_function(name: str, functions: Container[str]) -> bool:
    """Whether a name before a bracket is a function's."""
    return own_function(name, functions) or is_word(name.rstrip("'"))


def own_function(name: str, functions: Container[str]) -> bool:
    """Whether it is a function of the language, a declared one or one by habit, and no word: `pnorm` is not p·norm."""
    bare = name.rstrip("'")
    return bare in functions or callable_name(bare) or unspecified(bare)


def letters(word: str) -> list[str] | None:
    """The factors that a word consists of, or None where it is one name.

    >>> letters("AXB"), letters("Xβ"), letters("W1x"), letters("lam"), letters("x_1"), letters("mu")
    (['A', 'X', 'B'], ['X', 'β'], ['W1', 'x'], None, None, None)
    """
    if word in SPELLED or WORD.match(word) or word.lower() in INFINITE:
        return None
    found = FACTOR.findall(word)
    return found if len(found) > 1 and "".join(found) == word else None


def as_typed(token: Token, text: str) -> str:
    """A name as it was typed: Greek letters are one sign each."""
    return text[token.start_pos or 0 : token.end_pos]


def before_bracket(token: Token, text: str, functions: Container[str], known: Container[str]) -> bool:
    """Whether a name before a bracket may be a factor: one letter, or with a capital or Greek letter; not `qr_r(…)`."""
    if is_function(str(token.value), functions):
        return False
    typed = as_typed(token, text).rstrip("'’′")
    lower = typed.isascii() and typed.islower() and len(typed.rstrip("0123456789_")) > 1
    return not (lower or _long_word(typed, known)) or bool(suffix(typed, functions))


def _long_word(typed: str, known: Container[str]) -> bool:
    """Whether a name before a bracket, as `rowSums` or `Loglik`, is too long for letters that are factors."""
    if not typed.isascii() or sum(map(str.isalpha, typed)) < _LONG_WORD or typed in SPELLED or typed in known:
        return False
    factors = letters(typed)
    return not all(factor in known for factor in factors) if factors else bool(WORD.match(typed))


def suffix(word: str, functions: Container[str]) -> str:
    """The function that a word before a bracket ends in: `W₂tanh(`, `2yσ(`; but `hardTanh(` does not end in h."""
    for k in range(1, len(word)):
        before = word[:k]
        counted = word if k == len(word) - 1 else before
        long = word.isascii() and sum(map(str.isalpha, counted)) >= _LONG_WORD
        if own_function(plain(word[k:]), functions) and (
            before in SPELLED or (not long and letters(before)) or FACTOR.fullmatch(before)
        ):
            return word[k:]
    return ""
