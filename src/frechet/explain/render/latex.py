r"""A derivation as LaTeX: an enumeration whose formulas are displayed; amsmath is all it needs."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from frechet.core.expr import Expr
from frechet.explain.render import understood
from frechet.explain.render.prose import escaped, latex
from frechet.explain.render.shapes import assumed
from frechet.explain.steps import Label, Line, Pairing, Side, Steps
from frechet.notation.latex import name, size, text
from frechet.ops.build import apply, number

OPENING = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{textcomp}
\usepackage{amsmath}
\begin{document}
"""
"""What stands before the derivation in a document."""
CLOSING = "\n\\end{document}\n"
"""What stands after it."""
LONG = 68
"""A line of more signs is set smaller, and broken."""
SIGNS = frozenset(
    {"+", "-", "=", r"\odot", r"\oslash", r"\otimes", r"\,", r"\right)", r"\right]", r"\right\rangle", "\\\\"}
)
"""Words of a formula that have their own space around them."""
COLUMNS = 84
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
    return f"{_ratios(_apart(_side(line.left)), made)} = {_ratios(_apart(_side(line.right)), made)}"


def _apart(formula: str) -> str:
    r"""A thin space around the increments of a product: dX Y is no d(XY).

    >>> print(_apart(r"A \mathrm{d}X B"))
    A \, \mathrm{d}X \, B
    """
    words = formula.split(" ")
    out = words[:1]
    for before, word in pairwise(words):
        moves = any(w.lstrip("{(").startswith(r"\mathrm{d}") for w in (before, word))
        if moves and not {before, word} & SIGNS and not before.endswith((",", "(", "&")) and not word.startswith("&"):
            out.append(r"\,")
        out.append(word)
    return " ".join(out)


def _side(side: Side) -> str:
    if isinstance(side, Label):
        return side.latex
    if isinstance(side, Pairing):
        return rf"\left\langle {text(side.u)}, {text(side.v)} \right\rangle"
    return text(side)


def _display(line: Line, made: Steps) -> str:
    shown = equation(line, made)
    if _glyphs(shown) <= LONG:
        return "\\[\n" + shown + "\n\\]"
    if isinstance(line.right, Expr) and line.right.op.name == "divide" and not line.right.args[1].shape:
        above, below = line.right.args  # a fraction cannot be broken: its divisor stands in front
        line = replace(line, right=apply("mul", (apply("divide", (number(1), below)), above)))
    return "{\\scriptsize\n\\begin{multline*}\n" + broken(equation(line, made)) + "\n\\end{multline*}}"


def broken(formula: str) -> str:
    r"""A long formula with line breaks, before signs where there are some; its brackets have one size, to be broken in.

    >>> print(broken("a = " + "b + " * 60 + r"\left(c + d\right)").count(r"\\") > 1)
    True
    """
    formula = formula.replace(r"\left", r"\bigl").replace(r"\right", r"\bigr")
    words = formula.split(" ")
    out: list[str] = []
    braces, width = 0, 0
    for k, word in enumerate(words):
        ahead = sum(map(_glyphs, words[k : k + 4]))
        good = word in ("+", "-") and width > COLUMNS * 2 // 3
        if braces == 0 and out and (good or width + ahead > COLUMNS):
            out.append("\\\\\n{}")
            width = 0
        braces += word.count("{") - word.count("}") + word.count(r"\begin") - word.count(r"\end")
        width += _glyphs(word)
        out.append(word)
    return " ".join(out)


def _glyphs(word: str) -> int:
    """About how many signs a piece of LaTeX puts on the page."""
    bare = re.sub(r"\\(bigl|bigr|mathrm|operatorname|mathbf|frac|sqrt|begin|end)\b|[{}^_]", "", word)
    return len(re.sub(r"\\[A-Za-z]+", "x", bare)) + 1


def _ratios(formula: str, made: Steps) -> str:
    """Names of cotangents set as the ratios they stand for, in brackets."""
    for plain, ratio in made.names.items():
        formula = formula.replace(name(plain), ratio)
    return formula


def _foot(made: Steps) -> str:
    needs = f" Needs: {', '.join(made.conditions)}." if made.conditions else ""
    books = f" References: {'; '.join(made.books)}." if made.books else ""
    return latex(f"{made.checks}{needs}") + escaped(books)
