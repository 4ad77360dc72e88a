"""Why the shapes of a claim do not fit, said of its own parts: `A*x does not conform: A is n×m, x is m×1`."""

from __future__ import annotations

from frechet.core.dim import show
from frechet.language.elaborate import Misfit
from frechet.language.error_places import excerpt

SIGNS = {"mul": "*", "add": " + ", "sub": " - ", "hadamard": ".*", "edivide": "./", "divide": "/"}


def spoken(formula: str, misfit: Misfit) -> str:
    """The reason in one sentence."""
    node, operands = misfit.node, misfit.operands
    texts = [excerpt(formula, n.start, n.end) for n in node.args]
    if node.kind != "op" or node.data not in SIGNS or len(texts) != 2 or len(operands) != 2 or not all(texts):
        pairs = zip(texts, operands, strict=False)
        parts = dict.fromkeys(f"{text} is {show(e.shape)}" for text, e in pairs if text)
        return misfit.trouble.message + (f" ({'; '.join(parts)})" if parts else "")
    (left, right), (a, b) = texts, (e.shape for e in operands)
    whole = f"{left}{SIGNS[node.data]}{right}"
    if node.data == "mul":
        if len(a) == len(b) == 1:
            products = f"{left}'*{right} is a number, {left}*{right}' a matrix"
            hint = f" ({products}, {left}.*{right} a column)" if a == b else f" ({left}*{right}' is a matrix)"
            return f"{whole} multiplies two columns, {show(a)} and {show(b)}, which is no matrix product{hint}"
        other = "" if left == right else f" and {right} is {show(b)}"
        return f"{whole} does not conform: {left} is {show(a)}{other}"
    if node.data == "divide":
        return f"{whole} divides by an array, {show(b)}: entry by entry that is {left}./{right}"
    if node.data in ("add", "sub"):
        column_and_row = {len(a), len(b)} == {1, 2} and show(a) == "×".join(reversed(show(b).split("×")))
        said = "a column and a row: " if column_and_row else ""
        return f"{whole} is a sum of different shapes, {said}{left} is {show(a)} and {right} is {show(b)}"
    return f"{whole} goes entry by entry and needs one shape: {left} is {show(a)} and {right} is {show(b)}"
