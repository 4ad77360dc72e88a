r"""The ledger in LaTeX: a list of the forms, the chain in a table; amsmath is all it needs."""

from __future__ import annotations

import re

from frechet.core.dim import Shape
from frechet.explain.render import prose, understood
from frechet.explain.render.shapes import sizes_word
from frechet.explain.render.typeset import typeset
from frechet.explain.table import Chain, Product, Row, Sizes, Table
from frechet.notation.latex import name, size, text
from frechet.notation.latexlines import apart

STACKED = {None: "", "column": ", columns stacked", "row": ", rows stacked", "either": ""}
LAYOUTS = ("numerator", "denominator")


def latex(ledger: Table) -> str:
    """The ledger as a piece of a document."""
    shapes = ", ".join(f"${name(n)}$ ({_shape(shape)})" for n, shape in ledger.shapes)
    said = understood.assumed(ledger.reading)
    out = ["% needs \\usepackage{amsmath,amssymb}", *([f"Read so: {prose.escaped(said)}."] if said else [])]
    out.append(f"With {shapes}, the derivative by ${name(ledger.wrt)}$ in each convention:")
    out += [r"\begin{itemize}", *(_item(row, ledger) for row in ledger.rows), r"\end{itemize}"]
    if ledger.where:
        out.append("where " + ", ".join(f"${name(n)} = {apart(text(e))}$" for n, e in ledger.where) + ".\n")
    out += [typeset(note) + "\n" for note in ledger.notes]
    if ledger.chain:
        out += _chain(ledger.chain, ledger.wrt)
    return "\n".join(out)


def _shape(shape: Shape) -> str:
    sizes = [*map(size, shape), *(["1"] if len(shape) == 1 else [])]
    joined = r" \times ".join(sizes)
    return f"${joined}$" if shape else "scalar"


def _item(row: Row, ledger: Table) -> str:
    """One form: what it is called, its formula and shape, who uses it, what it is made from."""
    layout = f"{row.name} layout" if row.name in LAYOUTS else row.name
    formula = apart(text(row.formula))
    told = typeset(f"{row.used_by}. From {row.source}.")
    return (
        rf"\item \textbf{{{layout}{STACKED[row.vec]}}} ({_shape(row.shape)}): ${formula}$. {told[:1].upper()}{told[1:]}"
    )


def _chain(chain: Chain, wrt: str) -> list[str]:
    """The pieces of the chain rule with their sizes, the products in each order, the reasons."""
    rows = [
        f"${_ratio(p.name)}$ & ${_map(p.map)}$ & {_sizes(p.numerator)} & {_sizes(p.denominator)} \\\\"
        for p in chain.pieces
    ]
    out = [r"\noindent\begin{tabular}{llll}", r"piece & as a map of increments & numerator & denominator \\ \hline"]
    out += [*rows, r"\end{tabular}", "", r"\begin{itemize}", *map(_product, chain.products)]
    if chain.gradient is not None:
        formula = apart(text(chain.gradient))
        out.append(rf"\item in the shape of ${name(wrt)}$: ${_ratio(chain.gradient_name)} = {formula}$")
    return [*out, r"\end{itemize}", typeset(chain.why)]


def _product(p: Product) -> str:
    sizes = r"\,".join(f"({prose.escaped(sizes_word(s))})" for s in p.shapes)
    verdict = "does not conform" if not p.conforms else "is the derivative" if p.right else "conforms, and is wrong"
    order = r" \cdot ".join(map(_ratio, p.order))
    return rf"\item {p.layout} layout: ${order}$, sizes {sizes}: {verdict}"


def _sizes(sizes: Sizes) -> str:
    return prose.escaped(sizes_word(sizes))


def _ratio(plain: str) -> str:
    r"""∂a/∂W as a fraction.

    >>> _ratio("∂a/∂W1")
    '\\frac{\\partial a}{\\partial W_{1}}'
    """
    found = re.fullmatch(r"∂(\w+)/∂(\w+)", plain)
    return rf"\frac{{\partial {name(found[1])}}}{{\partial {name(found[2])}}}" if found else name(plain)


def _map(plain: str) -> str:
    """A map of increments, da = h*dW, as mathematics."""
    left, _, right = plain.partition(" = ")
    said = typeset(right).strip()
    inside = said[1:-1] if said.startswith("$") and said.endswith("$") and said.count("$") == 2 else rf"\text{{{said}}}"
    return f"{name(left)} = {inside}" if right else inside
