"""Pieces of Python: expressions with their precedence, sizes, numbers, labels as letters."""

from __future__ import annotations

import keyword
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from frechet.compiler.values import Labels
from frechet.core.dim import Dim

SUM, PRODUCT, NEGATIVE, POWER, ATOM = range(5)
"""How tightly an expression binds."""


@final
@dataclass(frozen=True, slots=True)
class Code:
    """An expression and how tightly it binds; whether it is a matrix product, which stands in brackets in another."""

    text: str
    level: int = ATOM
    matmul: bool = False

    def at(self, level: int) -> str:
        """The text, in brackets where it binds less tightly than that."""
        return self.text if self.level >= level else f"({self.text})"

    def factor(self, first: bool) -> str:
        """The text as a factor of an entrywise product."""
        return f"({self.text})" if self.level < PRODUCT or (not first and self.level == PRODUCT) else self.text


@final
@dataclass(frozen=True, slots=True)
class Piece:
    """A factor or a term, with the axes of the whole that its own are; `below` where the whole is divided by it."""

    text: Code
    at: Labels
    below: bool = False


def number(q: Fraction) -> Code:
    """A rational number: exactly, or the quotient that it is.

    >>> [number(Fraction(*q)).text for q in ((2, 1), (-1, 2), (1, 3))]
    ['2', '-0.5', '1 / 3']
    """
    below = q.denominator
    while below % 2 == 0:
        below //= 2
    if q.denominator == 1:
        return Code(str(q.numerator), ATOM if q >= 0 else NEGATIVE)
    if below == 1 and q.denominator <= 64:
        return Code(repr(float(q)), ATOM if q >= 0 else NEGATIVE)
    return Code(f"{q.numerator} / {q.denominator}", PRODUCT)


def size(d: Dim) -> Code:
    """A size as an expression in its names.

    >>> n = Dim.of("n")
    >>> size(n).text, size(n * n + 1).text, size((n * n + n).scaled(Fraction(1, 2))).text
    ('n', '1 + n**2', '(n + n**2) // 2')
    """
    if d.number is not None:
        return Code(str(d.number))
    below = 1
    for _, c in d.terms:
        below = max(below, c.denominator)
    terms: list[str] = []
    for monomial, c in d.terms:
        powers = [name if p == 1 else f"{name}**{p}" for name, p in monomial]
        whole = c * below
        assert whole.denominator == 1
        head = [] if abs(whole) == 1 and powers else [str(abs(whole.numerator))]
        terms.append(("-" if whole < 0 else "") + " * ".join([*head, *powers]))
    if len(terms) > 1 and terms[0].startswith("-"):
        terms = [*(t for t in terms if not t.startswith("-")), *(t for t in terms if t.startswith("-"))]
    text = terms[0] + "".join(f" - {t[1:]}" if t.startswith("-") else f" + {t}" for t in terms[1:])
    if below > 1:
        return Code(f"({text}) // {below}" if len(terms) > 1 else f"{text} // {below}", PRODUCT)
    if len(terms) > 1:
        return Code(text, SUM)
    return Code(text, ATOM if text.isidentifier() else PRODUCT)


def shape(dims: Iterable[Dim]) -> str:
    """A shape as a tuple."""
    sizes = [size(d).text for d in dims]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"


def letters(labels: Iterable[Labels], dims: dict[int, Dim]) -> dict[int, str]:
    """A letter for each label: that of its size where it is one and free, else the next of the alphabet."""
    found: dict[int, str] = {}
    for i in dict.fromkeys(i for part in labels for i in part):
        name = str(dims[i])
        options = [name] if len(name) == 1 and name.isascii() and name.islower() and name.isalpha() else []
        found[i] = next(c for c in (*options, *"ijklabcdefghmnopqrstuvwxyz") if c not in found.values())
    return found


def identifier(name: str, taken: Container[str]) -> str:
    """A name as Python takes it, and none that stands for something else.

    >>> identifier("lambda", ()), identifier("x'", ()), identifier("np", ("np",))
    ('lambda_', 'x_', 'np_')
    """
    made = "".join(c if c.isalnum() or c == "_" else "_" for c in name) or "value"
    if not made.isidentifier():
        made = f"_{made}"
    while keyword.iskeyword(made) or made in taken:
        made += "_"
    return made


def aligned(v: Code, at: Labels, width: int, transposed: str = "transpose") -> Code:
    """An array with axes of size one where it lacks an axis of the `width` that there are."""
    order = sorted(range(len(at)), key=lambda k: at[k])
    if order != list(range(len(at))):
        text = f"{v.at(ATOM)}.T" if len(at) == 2 else f"{v.at(ATOM)}.{transposed}({', '.join(map(str, order))})"
        v = Code(text)
    there = sorted(at)
    if not at or there == list(range(width - len(at), width)):
        return v
    index = [":" if k in there else "None" for k in range(width)]
    while index and index[0] == "None":
        index.pop(0)
    return Code(f"{v.at(ATOM)}[{', '.join(index)}]")


def joined(parts: Sequence[str], most: int) -> str:
    """The parts with commas, or nothing where that is too long."""
    text = ", ".join(parts)
    return text if len(text) <= most else ""
