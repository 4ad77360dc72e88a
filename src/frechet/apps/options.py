"""What is written after an option, as the library wants it: `A=m,n`, `S symmetric`, `A=1,3`.

Every reader raises ValueError with one sentence; the command line turns it into a usage error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

ASSUMPTIONS = (
    "hermitian positive definite",
    "positive definite",
    "lower triangular",
    "upper triangular",
    "symmetric",
    "skew",
    "diagonal",
    "orthogonal",
    "positive",
    "complex",
    "hermitian",
    "integer",
    "constant",
)
"""The words of the language for what is known of a name; longer ones first."""

SYNONYMS = ("skew symmetric", "antisymmetric")
"""Other words that the language knows; looked for before those that they end in."""

SAID = (r"\s*(=|:)\s*", r"\s+(is|are)\s+")
"""What may stand between a name and what is assumed of it."""

Size = int | str


def is_name(text: str) -> bool:
    r"""Whether a text can be a name, as a formula, Python or LaTeX writes it.

    >>> is_name("W_1"), is_name(r"\hat{y}"), is_name("W^{(1)}"), is_name("2x")
    (True, True, True, False)
    """
    latex = ("\\" in text or "{" in text) and (text[:1].isalpha() or text[:1] == "\\")
    return text.isidentifier() or (latex and not any(c.isspace() or c == "=" for c in text))


def shapes(texts: Iterable[str]) -> dict[str, list[Size]]:
    """Shapes as `--shape` takes them; nothing after `=` is a scalar.

    >>> shapes(["A=m,n+1", "x=3", "c="])
    {'A': ['m', 'n+1'], 'x': [3], 'c': []}
    """
    found: dict[str, list[Size]] = {}
    for text in texts:
        name, equals, sizes = text.partition("=")
        name = name.strip()
        if not equals or not is_name(name):
            raise ValueError(f"a shape is written A=m,n (or x=n, or c= for a scalar), not {text!r}")
        if name in found:
            raise ValueError(f"{name} is given twice")
        parts = sizes.split(",") if sizes.strip() else []
        if not all(part.strip() for part in parts):
            raise ValueError(f"a size is missing in {text!r}")
        found[name] = [size(part) for part in parts]
    return found


def missing_sizes(sizes: Mapping[str, int], symbolic: Mapping[str, Sequence[Size]]) -> str | None:
    """What to add when `sizes` leave the size of some name open; None when they do not.

    >>> missing_sizes({"m": 1, "n": 3}, {"A": ["m", "n"], "B": ["n", "p"]})
    'the size p is not given: add --entries B=n,p with numbers'
    """
    for name, shape in symbolic.items():
        for word in shape:
            if isinstance(word, str) and word.isidentifier() and word not in sizes:
                return f"the size {word} is not given: add --entries {name}={','.join(map(str, shape))} with numbers"
    return None


def size(text: str) -> Size:
    """A size: an integer, or a formula in size names, which the library reads."""
    text = text.strip()
    return int(text) if text.isdecimal() else text


def assumptions(texts: Iterable[str]) -> dict[str, list[str]]:
    """What is assumed of each name, as `--assume` takes it: names, then words of the language.

    >>> assumptions(["S symmetric", "K=positive definite", "a,b: positive"])
    {'S': ['symmetric'], 'K': ['positive definite'], 'a': ['positive'], 'b': ['positive']}
    >>> assumptions(["L is lower triangular, positive"])
    {'L': ['lower triangular', 'positive']}
    """
    found: dict[str, list[str]] = {}
    for text in texts:
        names, facts = _assumed(text)
        if not names:
            known = ", ".join(sorted(ASSUMPTIONS))
            raise ValueError(
                f'an assumption is written "S symmetric", S=symmetric or "S,R positive definite", not {text!r}; '
                f"the words are: {known}"
            )
        for name in names:
            found.setdefault(name, []).extend(facts)
    return found


def _assumed(text: str) -> tuple[list[str], list[str]]:
    """The names and what is said of them; none where the text is no assumption."""
    front, sign, back = next(
        (parts for mark in SAID if (parts := re.split(mark, text, maxsplit=1))[2:]), (text, "", "")
    )
    words = front.replace(",", " ").split()
    if sign:
        return (words, facts) if (facts := _facts(back)) and _all_names(words) else ([], [])
    words = text.replace(",", " ").split()
    for k in range(1, len(words)):
        facts = _facts(" ".join(words[k:]))
        if facts and _all_names(words[:k]):
            return words[:k], facts
    return [], []


def _all_names(words: Sequence[str]) -> bool:
    return bool(words) and all(map(is_name, words))


def _facts(text: str) -> list[str]:
    """The words of the language that a text consists of, one after another; none where anything else stands in it."""
    rest = " ".join(re.sub(r"[-,]|\band\b", " ", text.lower()).split())
    found: list[str] = []
    while rest:
        fact = next((f for f in (*SYNONYMS, *ASSUMPTIONS) if (rest + " ").startswith(f + " ")), None)
        if fact is None:
            return []
        found.append(fact)
        rest = rest[len(fact) :].lstrip()
    return found


def solve_sizes(asked: Mapping[str, Sequence[Size]], symbolic: Mapping[str, Sequence[Size]]) -> dict[str, int]:
    """The integer of each size name, from shapes in integers (`--entries A=1,3`) and shapes in names.

    >>> solve_sizes({"A": [1, 3], "B": [3, 2]}, {"A": ["m", "n"], "B": ["n", "p"]})
    {'m': 1, 'n': 3, 'p': 2}
    """
    found: dict[str, int] = {}
    for name, sizes in asked.items():
        if name not in symbolic:
            raise ValueError(f"{name} does not occur in the expression")
        if len(sizes) != len(symbolic[name]):
            wanted = ",".join(map(str, symbolic[name])) or "no sizes, it is a scalar"
            raise ValueError(f"the sizes of {name} are {wanted}; got {','.join(map(str, sizes)) or 'none'}")
        for number, word in zip(sizes, symbolic[name], strict=True):
            if not isinstance(number, int) or number < 1:
                raise ValueError(f"the sizes of {name} must be positive integers here, not {number}")
            known = found.get(word, number) if isinstance(word, str) else word
            if known != number:
                raise ValueError(f"{word} would be both {known} and {number}")
            if isinstance(word, str) and word.isidentifier():
                found[word] = number
    return found
