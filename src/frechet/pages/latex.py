r"""An answer in LaTeX: a sentence that says what the names are, one block of whole statements, the notes after it.

It compiles as it stands in a document with `\usepackage{amsmath,amssymb}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from frechet.explain.render.typeset import typeset
from frechet.pages.statements import Statement
from frechet.pages.told import Told, remark, sentence

PACKAGES = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{textcomp}
\usepackage{amsmath,amssymb}
"""
BREAK = "\\\\\n"
"""What stands between the lines of a formula that is too long for one."""
NEEDS = r"% needs \usepackage{amsmath,amssymb}"


def page(said: Told) -> str:
    """The answer as a piece of a document.

    >>> import frechet
    >>> from frechet.pages.styled import styled
    >>> from frechet.pages.told import told
    >>> d = frechet.derive("norm2(A*x-b)^2", wrt="x", verify=False)
    >>> print(page(told(styled(d, "latex"), d.to_dict(), ["gradient"], None, None)))
    % needs \\usepackage{amsmath,amssymb}
    % not verified: verification was switched off
    With $A$ ($m \\times n$), $x$ ($n \\times 1$), $b$ ($m \\times 1$):
    \\begin{align*}
    f &= \\left\\lVert A x-b \\right\\rVert^{2} \\\\
    \\frac{\\partial f}{\\partial x} &= 2 A^{\\top} \\left(A x-b\\right) && \\text{($n \\times 1$)}
    \\end{align*}
    """
    return "\n".join([NEEDS, f"% {said.checked}", *body(said)])


def body(said: Told) -> list[str]:
    """The same without the comments."""
    lines = [sentence(words, said, "latex") for words in said.reading]
    names = ", ".join(f"${name}$ ({symbol(about)})" for name, about in said.symbols)
    lines += [f"With {names}:"] if names else []
    lines += block([*said.problem, *put(said.at), *said.where, *(s for _, part in said.parts for _, s in part)])
    if said.notes:
        lines.append(" ".join(sentence(words, said, "latex") for words in said.notes))
    return lines


def symbol(about: str) -> str:
    """The shape of a name as mathematics, what is known of it in words."""
    shape, _, facts = about.partition("; ")
    said = shape if shape == "scalar" else f"${shape}$"
    return f"{said}, {facts}" if facts else said


def put(at: Sequence[Statement]) -> list[Statement]:
    """The equations of a point, each with a word that it is one."""
    return [Statement(one.left, one.right, note="put in after differentiating") for one in at]


def block(statements: Sequence[Statement]) -> list[str]:
    """Statements under one another, aligned at their equals signs."""
    rows = list(map(line, statements))
    return [r"\begin{align*}", *(row + r" \\" for row in rows[:-1]), *rows[-1:], r"\end{align*}"] if rows else []


def line(said: Statement) -> str:
    r"""One statement; a long one goes on below, its shape after the last line.

    >>> print(line(Statement("f", "a" + BREAK + "+ b", "n×1")))
    f &= a \\
    &\quad {}+ b && \text{($n \times 1$)}
    """
    right = said.right.replace(BREAK, " \\\\\n&\\quad ")
    right = re.sub(r"&\\quad ([-+])", r"&\\quad {}\1", right)
    return f"{said.left} &= {right}{told_of(said)}"


def told_of(said: Statement) -> str:
    """The shape and the note of a statement, behind it."""
    shape, note = remark(said)
    parts = [f"${shape}$"] if shape else []
    parts += [typeset(note)] if note else []
    return rf" && \text{{({', '.join(parts)})}}" if parts else ""


def document(parts: Iterator[str]) -> Iterator[str]:
    """A whole article around its parts, each given out as soon as it is there."""
    yield PACKAGES + "\\begin{document}\n"
    yield from parts
    yield "\\end{document}"
