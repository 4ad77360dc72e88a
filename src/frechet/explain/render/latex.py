r"""A derivation as LaTeX: an enumeration whose formulas are displayed, for amsmath and amssymb."""

from __future__ import annotations

from dataclasses import replace

from frechet.core.expr import Expr
from frechet.explain.render import understood
from frechet.explain.render.prose import escaped, latex
from frechet.explain.render.shapes import assumed
from frechet.explain.steps import Label, Line, Pairing, Side, Steps
from frechet.notation.latex import name, size, text
from frechet.notation.latexlines import BREAK, apart, folded, glyphs, in_front

OPENING = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{textcomp}
\usepackage{amsmath,amssymb}
\begin{document}
"""
"""What stands before the derivation in a document."""
CLOSING = "\n\\end{document}\n"
"""What stands after it."""
LONG = 60
"""A line of more signs is set smaller, and broken."""
COLUMNS = 68
"""About as many small signs fit into a line of an article."""


ONE_LINE = 60
"""Heads of so many signs stand in one line."""


def render(made: Steps, document: bool = False) -> str:
    """The derivation; with `document` a whole article."""
    symbols = [*made.variables.items(), *((q.name, q.symbol) for q in made.quantities)]
    shapes = ", ".join(f"${name(n)}$ ({_shape(e)})" for n, e in symbols)
    said = understood.assumed(made.reading)
    before = f"Read so: {escaped(said)}. " if said else ""
    parts = [r"\noindent " + f"{before}With {shapes}, let", *_heads(made)]
    parts.append(r"\begin{enumerate}\sloppy")
    for step in made.steps:
        parts.append(rf"\item \textbf{{{latex(step.title)}.}} {latex(step.why)}")
        parts += [_display(line, made) for line in step.lines]
        names = [f"${equation(line, made)}$ ({_shape(line.formula)})" for line in made.introduced(step)]
        if names:
            parts.append(f"with {', '.join(names)}.")
        if step.reference:
            parts.append(rf"{{\footnotesize {escaped(step.reference)}.}}")
    parts.append(r"\end{enumerate}")
    parts.append(_foot(made))
    body = "\n".join(parts)
    return OPENING + body + CLOSING if document else body


def _shape(e: Expr) -> str:
    """A shape as mathematics, and what is known of the symbol."""
    said = f",{escaped(assumed(e))}" if assumed(e) else ""
    if not e.shape:
        return f"a number{said}"
    sizes = [*map(size, e.shape), *(["1"] if len(e.shape) == 1 else [])]
    return "$" + r" \times ".join(s if len(s) == 1 or s.isalnum() else f"({s})" for s in sizes) + f"${said}"


def _heads(made: Steps) -> list[str]:
    """The value and its named parts, from the outside in; in one line where they are short."""
    lines = list(reversed(made.heads))
    if sum(len(line.plain()) for line in lines) <= ONE_LINE:
        return ["\\[\n" + r", \qquad ".join(equation(line, made) for line in lines) + ".\n\\]"]
    return [_display(line, made) for line in lines]


def equation(line: Line, made: Steps) -> str:
    """The two sides of a line."""
    return f"{_ratios(apart(_side(line.left)), made)} = {_ratios(apart(_side(line.right)), made)}"


def _side(side: Side) -> str:
    if isinstance(side, Label):
        return side.latex
    if isinstance(side, Pairing):
        return rf"\left\langle {text(side.u)}, {text(side.v)} \right\rangle"
    return text(side)


def _display(line: Line, made: Steps) -> str:
    shown = equation(line, made)
    if glyphs(shown) <= LONG:
        return "\\[\n" + shown + "\n\\]"
    if isinstance(line.right, Expr):
        line = replace(line, right=in_front(line.right))
    return (
        "{\\scriptsize\n\\begin{multline*}\n"
        + folded(equation(line, made), COLUMNS).replace(BREAK, "\\\\\n{}")
        + "\n\\end{multline*}}"
    )


def _ratios(formula: str, made: Steps) -> str:
    """Names of cotangents set as the ratios they stand for, in brackets."""
    for plain, ratio in made.names.items():
        formula = formula.replace(name(plain), ratio)
    return formula


def _foot(made: Steps) -> str:
    needs = f" Needs: {', '.join(made.conditions)}." if made.conditions else ""
    books = f" References: {'; '.join(made.books)}." if made.books else ""
    return latex(f"{made.checks}{needs}") + escaped(books)
