"""Prose for LaTeX: the signs that text cannot have are escaped or set as mathematics."""

from __future__ import annotations

SIGNS = {
    "\\": r"\textbackslash{}",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "$": r"\$",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "⟨": r"$\langle$",
    "⟩": r"$\rangle$",
    "‖": r"$\Vert$",
    "²": r"${}^{2}$",
    "∂": r"$\partial$",
    "·": r"$\cdot$",
    "×": r"$\times$",
    "Σ": r"$\Sigma$",
    "Π": r"$\Pi$",
    "…": r"\dots{}",
    "'": r"\textquotesingle{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}


def escaped(text: str) -> str:
    r"""The words as LaTeX.

    >>> print(escaped("d(x^2), a_b: ⟨G, dX⟩"))
    d(x\textasciicircum{}2), a\_b: $\langle$G, dX$\rangle$
    """
    return "".join(SIGNS.get(sign, sign) for sign in text)
