"""An answer in Markdown: headings and paragraphs, formulas between dollar signs, as GitHub and Jupyter set them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from frechet.explain.render.typeset import typeset
from frechet.pages.latex import BREAK, symbol
from frechet.pages.statements import Statement
from frechet.pages.told import Told, remark, sentence

TITLES = {
    "complex": "Wirtinger derivatives",
    "gradient": "Gradient",
    "derivative": "Derivative",
    "hessian": "Hessian",
    "differential": "Differential",
    "pullback": "Pullback",
    "index": "One entry",
    "tensor": "Tensor",
    "jacobian": "Jacobian",
    "structured": "Readings within the structure",
    "vech": "By the free entries",
    "entries": "Written out",
}
"""What the forms are called."""


def page(said: Told, level: int = 2) -> str:
    """The answer; `level` is that of its heading.

    >>> import frechet
    >>> from frechet.pages.styled import styled
    >>> from frechet.pages.told import told
    >>> d = frechet.derive("x'*x", wrt="x", verify=False)
    >>> print(page(told(styled(d, "latex"), d.to_dict(), ["gradient"], None, None)))
    ## Derivative of $f$ by $x$
    <BLANKLINE>
    $$
    f = x^{\\top} x
    $$
    <BLANKLINE>
    with $x$ ($n \\times 1$).
    <BLANKLINE>
    **Gradient** ($n \\times 1$)
    <BLANKLINE>
    $$
    \\frac{\\partial f}{\\partial x} = 2 x
    $$
    <BLANKLINE>
    *Not verified: verification was switched off.*
    """
    by = [label for label, _ in said.parts if label and ", " not in label]
    names = f" by {' and '.join(f'${name}$' for name in by)}" if by else ""
    return "\n\n".join([f"{'#' * level} Derivative of ${said.value}${names}", *body(said, level + 1)])


def body(said: Told, level: int = 3) -> list[str]:
    """The paragraphs below the heading; several variables have headings of their own."""
    out = [sentence(words, said, "markdown") for words in said.reading]
    out += [display(one) for one in said.problem]
    names = ", ".join(f"${name}$ ({symbol(about)})" for name, about in said.symbols)
    out += [f"with {names}."] if names else []
    out += ["Put in after differentiating:", *map(display, said.at)] if said.at else []
    out += ["where", *(shown for one in said.where for shown in (display(one),))] if said.where else []
    for label, part in said.parts:
        if len(said.parts) > 1 and label:
            out.append(f"{'#' * level} By {', '.join(f'${name}$' for name in label.split(', '))}")
        out += forms(part)
    out += [sentence(words, said, "markdown") for words in said.notes]
    return [*out, f"*{said.checked[:1].upper()}{said.checked[1:]}.*"]


def forms(part: Sequence[tuple[str, Statement]]) -> list[str]:
    """Each form under its name."""
    out: list[str] = []
    for form, said in part:
        shape, note = remark(said)
        parts = [f"${shape}$"] if shape else []
        parts += [typeset(note, "markdown")] if note else []
        out += [f"**{TITLES[form]}**" + (f" ({', '.join(parts)})" if parts else ""), display(said)]
    return out


def display(said: Statement) -> str:
    r"""A statement in a display; a long one in aligned lines.

    >>> print(display(Statement("f", r"\operatorname{tr}\left(A\right)")))
    $$
    f = \mathrm{tr}\left(A\right)
    $$
    """
    text = f"{said.left} = {said.right}"
    if BREAK in said.right:
        lines = re.sub(r"^([-+])", r"{}\1", said.right.replace(BREAK, " \\\\\n&\\quad "))
        text = f"\\begin{{aligned}}\n{said.left} &= {lines}\n\\end{{aligned}}"
    return f"$$\n{portable(text)}\n$$"


def portable(formula: str) -> str:
    r"""A formula in the commands that GitHub's pages allow: \operatorname is not among them."""
    return formula.replace(r"\operatorname{", r"\mathrm{")
