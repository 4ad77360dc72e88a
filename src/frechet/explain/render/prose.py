"""Words with formulas in them, for pages that have more signs than ASCII.

The reasons are written in ASCII, formulas and all; here their stars and primes become the signs a page sets formulas
with.  An apostrophe before an s is an apostrophe.
"""

from __future__ import annotations

import re

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
    "ᵀ": r"${}^{\top}$",
    "⁻": r"${}^{-}$",
    "¹": r"${}^{1}$",
    "ᵏ": r"${}^{k}$",
    "⊙": r"$\odot$",
    "⊘": r"$\oslash$",
    "⊗": r"$\otimes$",
    "∂": r"$\partial$",
    "·": r"$\cdot$",
    "×": r"$\times$",
    "Σ": r"$\Sigma$",
    "Π": r"$\Pi$",
    "λ": r"$\lambda$",
    "μ": r"$\mu$",
    "σ": r"$\sigma$",
    "…": r"\dots{}",
    "'": r"\textquotesingle{}",
    "“": "``",
    "”": "''",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}

SPELLINGS = (
    (re.compile(r"\.\*"), " ⊙ "),
    (re.compile(r"\./"), " ⊘ "),
    (re.compile(r"\^-1\b"), "⁻¹"),
    (re.compile(r"\.?\^2\b"), "²"),
    (re.compile(r"(?<=[\w)\]⟩])'(?!s\b|\()"), "ᵀ"),
    (re.compile(r"(?<=[\w)\]ᵀ²⟩])\*(?=[\w(⟨\[])"), "·"),
)


def unicode(words: str) -> str:
    """Words for a page with Unicode.

    >>> print(unicode("the inverse's share: ⟨G, A*M⟩ = ⟨A'*G, M⟩, d(u^2) = 2*u*du, f(u).*du"))
    the inverse's share: ⟨G, A·M⟩ = ⟨Aᵀ·G, M⟩, d(u²) = 2·u·du, f(u) ⊙ du
    """
    for pattern, sign in SPELLINGS:
        words = pattern.sub(sign, words)
    return words


def escaped(words: str) -> str:
    r"""Words for LaTeX: the signs that text cannot have are escaped or set as mathematics.

    >>> print(escaped("d(x^k), a_b: ⟨G, A*M'⟩"))
    d(x\textasciicircum{}k), a\_b: $\langle$G, A$\cdot$M${}^{\top}$$\rangle$
    """
    return "".join(SIGNS.get(sign, sign) for sign in unicode(words))


def unbroken(words: str) -> str:
    """Words whose formulas keep together: no line ends after a d, before an equals sign or inside brackets.

    >>> unbroken("d tr(U) = ⟨u, du⟩").replace("\\xa0", "~")
    'd~tr(U)~= ⟨u,~du⟩'
    """
    words = re.sub(r"\bd (?=\w+\()", "d\xa0", words)
    words = words.replace(" = ", "\xa0= ")
    return re.sub(r"⟨[^⟩]*⟩", lambda found: found.group().replace(" ", "\xa0"), words)
