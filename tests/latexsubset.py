r"""The LaTeX that frechet writes, looked at without LaTeX: what is wrong with a text, in words.

Braces and environments are balanced, every command is one of LaTeX's, amsmath's or amssymb's that is meant to occur,
the rows of an alignment agree, `\left` and `\right` go together in each cell, and nothing in a formula is ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.entities import name2codepoint
from typing import Any

from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexMathNode,
    LatexSpecialsNode,
    LatexWalker,
    LatexWalkerParseError,
)

GREEK = {word for word, code in name2codepoint.items() if 0x391 <= code <= 0x3C9}
COMMANDS = r"""
frac partial mathrm mathbf mathsf mathtt operatorname overline text top odot oslash otimes ast cdot times sum sqrt lVert
rVert lvert rvert left right bigl bigr Big quad qquad nabla neq overset ge le to infty circ exp log sin cos tan arcsin
arccos arctan sinh cosh tanh det max min hat bar tilde dot ddot check breve langle rangle Vert surd leftrightarrow in
dots hline item textbf texttt noindent subsection paragraph footnotesize scriptsize sloppy begin end documentclass
usepackage textasciicircum textasciitilde textbackslash textless textgreater textbar , ! ; _ % & # $ { }
"""
KNOWN = GREEK | {"\\", *COMMANDS.split()}
"""The commands that may occur."""
ENVIRONMENTS = {
    *("align*", "bmatrix", "array", "itemize", "enumerate", "tabular", "multline*", "aligned", "document"),
}
CALLS = re.compile(r"\b(?!d\b)[A-Za-z_]{2,}\s*\(")
"""A function's name as ASCII writes it."""


def wrong(tex: str) -> list[str]:
    """What is wrong with a piece of LaTeX; nothing, one hopes."""
    try:
        nodes, _, _ = LatexWalker(tex, tolerant_parsing=False).get_latex_nodes()
    except LatexWalkerParseError as trouble:
        return [f"it does not parse: {trouble}"]
    return [*_walk(nodes, False), *_alignments(tex)]


def _walk(nodes: Sequence[Any], math: bool) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, LatexMacroNode):
            if node.macroname not in KNOWN:
                yield f"unknown command \\{node.macroname}"
            words = node.macroname in ("text", "texttt", "textbf", "operatorname", "mathrm", "subsection", "mathtt")
            arguments = [a for a in (node.nodeargd.argnlist if node.nodeargd else []) if a is not None]
            yield from _walk(arguments, math and not words)
        elif isinstance(node, LatexEnvironmentNode):
            if node.environmentname not in ENVIRONMENTS:
                yield f"unknown environment {node.environmentname}"
            inside = node.environmentname in ("align*", "multline*", "aligned", "bmatrix")
            yield from _walk(node.nodelist, math or inside)
        elif isinstance(node, LatexMathNode):
            yield from _walk(node.nodelist, True)
        elif isinstance(node, LatexGroupNode):
            yield from _walk(node.nodelist, math)
        elif isinstance(node, LatexSpecialsNode) and math and "`" in node.specials_chars:
            yield f"{node.specials_chars} in a formula"
        elif isinstance(node, LatexCharsNode) and math:
            yield from _ascii(node.chars)
        elif isinstance(node, LatexCharsNode) and any(ord(sign) > 0x17F for sign in node.chars):
            yield f"signs that have no font: {node.chars!r}"


def _ascii(chars: str) -> Iterator[str]:
    if "*" in chars:
        yield f"a star in a formula: {chars!r}"
    if not chars.isascii():
        yield f"a formula with other signs: {chars!r}"
    if CALLS.search(chars):
        yield f"a call in ASCII: {chars!r}"
    if '"' in chars or ".." in chars:
        yield f"ASCII in a formula: {chars!r}"


def _alignments(tex: str) -> Iterator[str]:
    r"""The rows of each align*: one `&` before the sign, two more before the words; brackets closed in each cell."""
    for body in re.findall(r"\\begin\{align\*\}(.*?)\\end\{align\*\}", tex, re.DOTALL):
        bare = re.sub(r"\\begin\{(bmatrix|array)\}.*?\\end\{\1\}", "M", body, flags=re.DOTALL)
        for row in re.split(r"\\\\\s", bare):
            if len(re.findall(r"(?<!\\)&", row)) not in (1, 3):
                yield f"a row of the alignment is odd: {row.strip()!r}"
            if re.search(r"'(?!'*\\(?:left|bigl)\()", row):
                yield f"a transpose in ASCII: {row.strip()!r}"
            for cell in re.split(r"(?<!\\)&", row):
                if len(re.findall(r"\\left(?![a-z])", cell)) != len(re.findall(r"\\right(?![a-z])", cell)):
                    yield f"a bracket is open: {cell.strip()!r}"
        if "_{" in body and re.search(r"(_\{[^{}]*\}){2}", body):
            yield "a double subscript"
