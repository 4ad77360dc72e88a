r"""LaTeX read as a formula: the common subset that people paste.

`\frac`, `\sqrt`, transposes and inverses in the exponent, `\operatorname{tr}`, `\otimes`, `\odot`, bold and other
faces, `\log\det`, norms in double bars, Greek letters, `\sum_{i}`, entries as subscripts.  What stands side by side is
multiplied.  The outcome is a formula of the language, which is then read as any other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import final

from frechet.errors import FrechetError
from frechet.language.calls import callable_name
from frechet.language.error_places import located, of_typed
from frechet.language.latex.displays import frame
from frechet.language.latex.left_division import without_divisions
from frechet.language.latex.reader import Reader
from frechet.language.latex.words import INDICES
from frechet.language.names import SPELLED

WRITTEN = re.compile(r"\\|[\^_]\{|\$")
"""What no formula of the language has in it: a command, a group in an exponent or a subscript."""
BARRED = re.compile(r"\b([A-Za-z]\w*)bar\b")
"""A name with a bar over it, as the reader spells it."""


def is_latex(text: str) -> bool:
    r"""Whether a text can only be LaTeX.

    >>> is_latex("X^{-1}"), is_latex(r"\mathbf{x}"), is_latex("A'*B^-1"), is_latex(r"A\b"), is_latex(r"A\beta")
    (True, True, False, False, True)
    """
    return isinstance(text, str) and bool(WRITTEN.search(without_divisions(text)))  # pyright: ignore[reportUnnecessaryIsInstance]


def plain_text(text: str, always: bool = False) -> str:
    r"""The formula in the language; what is written in it already stays as it is, unless it is LaTeX `always`.

    >>> plain_text(r"\frac{1}{2}\mathbf{x}^\top A \mathbf{x}"), plain_text("A'*B")
    ("(1/2)*x'*A*x", "A'*B")
    >>> plain_text(r"\log\det(X^{\top} X) + \lambda\|w\|_2^2")
    "logdet(X'*X)+lambda*‖w‖_2^2"
    """
    return latex_text(text).text if always or is_latex(text) else text


def of_one_entry(text: str) -> str:
    r"""The formula that LaTeX for one entry of something stands for: letters below a name are its indices.

    >>> of_one_entry("a_i b_j")
    'a[i]*b[j]'
    """
    return Reader(frame(text), INDICES).whole()


@final
@dataclass(frozen=True)
class Translated:
    """LaTeX as mathematical text: the formula, the variables it names, bold names, and how far its sums run.

    `strays` are names such as z_i whose z is summed over elsewhere, each with z, i and its place.
    """

    text: str
    wrt: tuple[str, ...]
    bold: frozenset[str]
    ranges: Mapping[str, str]
    strays: tuple[tuple[str, str, str, int], ...] = field(default=(), repr=False)


def latex_text(text: str) -> Translated:
    r"""The formula that LaTeX stands for, with what it says around it.

    >>> latex_text(r"\nabla_{\mathbf{w}} \sum_{i=1}^N \mathbf{w}^T x_i")
    Translated(text="sum(i: w'*x[i])", wrt=('w',), bold=frozenset({'w'}), ranges={'i': 'N'})
    """
    framed = frame(text)
    reader = Reader(framed)
    try:
        formula = reader.whole()
    except FrechetError as trouble:
        raise of_typed(trouble, framed, text) from None
    strays = tuple((whole, *found) for whole, found in reader.labels.items() if found[0] in reader.families)
    return Translated(formula, tuple(dict.fromkeys(reader.wrt)), frozenset(reader.bold), reader.ranges, strays)


def ask_for_strays(text: str, found: Translated, wanted: Collection[str]) -> None:
    r"""A question where the derivative is by z, or by z_i, and z_i is one of the z_j that a sum runs over.

    With i, j or k it is asked whatever the derivative is by: those letters run.

    >>> ask_for_strays(r"\frac{e^{z_i}}{\sum_j e^{z_j}}", latex_text(r"\frac{e^{z_i}}{\sum_j e^{z_j}}"), ["z"])
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: z_i is one of the z that the sum runs over, and no variable of its own
      \frac{e^{z_i}}{\sum_j e^{z_j}}
              ^
      for all of them    p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}
    """
    framed = frame(text)
    for whole, name, label, place in found.strays:
        if wanted and label not in "ijk" and not {whole, name} & {*wanted}:
            continue
        left = next(c for c in "pqrfgh" if c not in framed)
        readings = (
            (f"{left}_{label} = {framed}",) if label in INDICES and "=" not in found.text and not found.wrt else ()
        )
        lines = f"  for all of them    {readings[0]}" if readings else ""
        clause = f"{whole} is one of the {name} that the sum runs over, and no variable of its own"
        trouble = located("name", clause, framed, place, lines)
        raise FrechetError("name", trouble.message, trouble.position, readings)


def bare_text(text: str, known: Collection[str] = ()) -> str:
    r"""A text read as LaTeX that need not have a backslash: what stands side by side is multiplied.

    Words of the language and Greek letters stay what they are; any other word could be a name or a product and is
    refused, unless each of its letters is a `known` name.

    >>> bare_text("2(Ax-b)^T A"), bare_text("tr(X^T A) + lambda x")
    ("2*(A*x-b)'*A", "tr(X'*A)+lambda*x")
    >>> bare_text("2AXB", {"A", "B", "X"})
    '2*A*X*B'
    """

    def one(found: re.Match[str]) -> str:
        word = found.group()
        if word in SPELLED or (callable_name(word) and text[found.end() : found.end() + 1] in ("(", "'")):
            return "\\" + word
        product = len(word) <= 2 or (word not in known and set(word) <= set(known))
        if not product or text[found.end() : found.end() + 1].isdigit():
            raise FrechetError("name", f"{word} is not known here")
        return word

    return of_one_entry(text if is_latex(text) else re.sub(r"[A-Za-z]+(?=\d)|[A-Za-z]{2,}", one, text))


def conjugated(text: str, complex_names: Collection[str], known: Collection[str]) -> str:
    r"""A bar over a complex variable is its conjugate, unless a name of that spelling is known.

    >>> conjugated(plain_text(r"A^\top \bar{Z}"), {"Z"}, {"A", "Z"}), conjugated("xbar", set(), {"x"})
    ("A'*conj(Z)", 'xbar')
    """

    def one(found: re.Match[str]) -> str:
        base = found.group(1)
        return f"conj({base})" if base in complex_names and found.group() not in known else found.group()

    return BARRED.sub(one, text)
