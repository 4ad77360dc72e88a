r"""A derivation as LaTeX: an enumeration whose formulas are displayed; amsmath is all it needs."""

from __future__ import annotations

from frechet.core.expr import Expr
from frechet.explain.derivation.steps import Derivation, Label, Line, Pairing, Side
from frechet.explain.render.prose import escaped
from frechet.explain.render.shapes import assumed
from frechet.notation.latex import name, size, text

OPENING = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{textcomp}
\usepackage{amsmath}
\begin{document}
"""
CLOSING = "\n\\end{document}\n"
LONG = 110
"""A line whose ASCII text is longer is set smaller, and broken at its sums."""


def render(made: Derivation, document: bool = False) -> str:
    """The derivation; with `document` a whole article."""
    shapes = ", ".join(
        f"${name(n)}$ {_shape(e)}{escaped(assumed(e))}"
        for n, e in (*made.variables.items(), *((q.name, q.symbol) for q in made.quantities))
    )
    parts = [r"\noindent " + f"Let {shapes}, and", *(_display(line, made) for line in made.heads)]
    parts.append(r"\begin{enumerate}")
    for step in made.steps:
        parts.append(rf"\item \textbf{{{escaped(step.title)}.}} {escaped(step.why)}")
        parts += [_display(line, made) for line in step.lines]
        if step is made.steps[-1] and made.where:
            parts.append("with")
            parts += [_display(line, made) for line in made.where]
        if step.reference:
            parts.append(rf"{{\footnotesize {escaped(step.reference)}.}}")
    parts.append(r"\end{enumerate}")
    parts.append(_foot(made))
    body = "\n".join(parts)
    return OPENING + body + CLOSING if document else body


def _shape(e: Expr) -> str:
    """A shape as mathematics."""
    if not e.shape:
        return "scalar"
    sizes = [*map(size, e.shape), *(["1"] if len(e.shape) == 1 else [])]
    return "$" + r" \times ".join(s if len(s) == 1 or s.isalnum() else f"({s})" for s in sizes) + "$"


def equation(line: Line, made: Derivation) -> str:
    """The two sides of a line."""
    return f"{_ratios(_side(line.left), made)} = {_ratios(_side(line.right), made)}"


def _side(side: Side) -> str:
    if isinstance(side, Label):
        return side.latex
    if isinstance(side, Pairing):
        return rf"\left\langle {text(side.u)}, {text(side.v)} \right\rangle"
    return text(side)


def _display(line: Line, made: Derivation) -> str:
    shown = equation(line, made)
    if len(line.plain()) > LONG:
        return "{\\scriptsize\n\\begin{multline*}\n" + _broken(shown) + "\n\\end{multline*}}"
    return "\\[\n" + shown + "\n\\]"


def _broken(formula: str) -> str:
    r"""A long formula with line breaks before signs that stand outside brackets.

    >>> print(_broken("a = " + "b + " * 30 + r"\left(c + d\right)").count(r"\\"))
    1
    """
    out: list[str] = []
    depth, since = 0, 0
    words = formula.split(" ")
    for word in words:
        if depth == 0 and word in ("+", "-") and since > 90:
            out.append("\\\\\n{}")
            since = 0
        depth += word.count("{") - word.count("}") + word.count(r"\left") - word.count(r"\right")
        depth += word.count(r"\begin") - word.count(r"\end")
        since += len(word) + 1
        out.append(word)
    return " ".join(out)


def _ratios(formula: str, made: Derivation) -> str:
    """Names of cotangents set as the ratios they stand for, in brackets."""
    for plain, ratio in made.names.items():
        formula = formula.replace(name(plain), ratio)
    return formula


def _foot(made: Derivation) -> str:
    needs = f" Needs: {', '.join(made.conditions)}." if made.conditions else ""
    books = f" References: {'; '.join(made.books)}." if made.books else ""
    return escaped(f"{made.checks}{needs}{books}")
