"""What was probably meant: small changes of a formula near the place where its shapes do not fit."""

from __future__ import annotations

from collections.abc import Iterator

from frechet.core.dim import Shape, rows_cols
from frechet.language.tree import Node, walk

_LEAVES = 6
"""How many names of a formula are tried with a transpose."""


def _grouped(text: str, node: Node) -> bool:
    """Whether brackets enclose the node as it is written."""
    first = min([node.place, *(a.start for a in node.args[:1])])
    return node.kind == "op" and node.start < first and text[node.start] == "("


def _tight(text: str, node: Node) -> str:
    """The piece as it can stand before a ' or beside a *."""
    piece = text[node.start : node.end]
    loose = node.kind == "op" and node.data != "transpose" and not _grouped(text, node)
    return f"({piece})" if loose else piece


def _transposed(text: str, node: Node) -> tuple[int, int, str]:
    """The change that puts a ' after a piece, or takes one away."""
    if node.kind == "op" and node.data == "transpose":
        inner = node.args[0]
        return node.start, node.end, text[inner.start : inner.end]
    return node.start, node.end, _tight(text, node) + "'"


def _broadcasts(text: str, node: Node, shape: Shape, other: Shape) -> Iterator[tuple[int, int, str]]:
    """The changes that repeat a row or a column over a matrix."""
    if len(other) != 2 or not shape or len(shape) > 2:
        return
    (m, n), piece = rows_cols(other), _tight(text, node)
    if len(shape) == 1:
        if m != 1:
            yield node.start, node.end, f"ones({m})*{piece}'"
        yield node.start, node.end, f"{piece}*ones(1,{n})"
    elif m != 1 and rows_cols(shape)[0] == 1:
        yield node.start, node.end, f"ones({m})*{piece}"


def _sign(node: Node, new: str) -> tuple[int, int, str]:
    return node.place, node.place + 1, new


def _changes(text: str, node: Node, shapes: list[Shape]) -> Iterator[tuple[int, int, str]]:
    """Single changes, the likeliest first: (start, end, what stands there instead)."""
    args = node.args
    if node.kind == "op" and len(args) == 2:
        left, right = args
        if node.data == "mul" and len(shapes[0]) == len(shapes[1]) == 1:
            yield _transposed(text, left)
            yield _transposed(text, right)
            yield _sign(node, ".*")
            return
        if node.data in ("add", "sub"):
            yield from _broadcasts(text, right, shapes[1], shapes[0])
            yield from _broadcasts(text, left, shapes[0], shapes[1])
        if node.data == "power":
            yield _sign(node, ".^")
        if node.data == "divide":
            yield _sign(node, "./")
            yield node.place, right.end, f"*inv({text[right.start : right.end]})"
        if node.data not in ("power", "divide"):
            yield _transposed(text, left)
            yield _transposed(text, right)
        if node.data == "mul":
            yield _sign(node, ".*")


def _turns(text: str, node: Node) -> Iterator[tuple[int, int, str]]:
    """The changes that transpose a name, or take its transpose away."""
    leaves = [n for n in walk(node) if n.kind == "name"][:_LEAVES]
    turned = {id(n.args[0]): n for n in walk(node) if n.kind == "op" and n.data == "transpose"}
    for leaf in leaves:
        yield _transposed(text, turned.get(id(leaf), leaf))


def repairs(text: str, node: Node, shapes: list[Shape]) -> tuple[list[str], list[str]]:
    """Whole formulas with one small change each: at the sign that does not fit, then at a name below it.

    >>> from frechet.core.dim import Dim
    >>> from frechet.language.reader import read
    >>> n = Dim.of("n")
    >>> repairs("x*y", read("x*y")[0], [(n,), (n,)])
    (["x'*y", "x*y'", 'x.*y'], [])
    """
    direct = (text[:start] + new + text[end:] for start, end, new in _changes(text, node, shapes))
    turned = (text[:start] + new + text[end:] for start, end, new in _turns(text, node))
    likely = list(dict.fromkeys(direct))
    return likely, [formula for formula in dict.fromkeys(turned) if formula not in likely]
