"""Batch axes: those that products and transposes of tensors run over, member by member."""

from __future__ import annotations

from collections.abc import Iterable

from frechet.core.expr import Expr, postorder

BATCHED = ("mul", "transpose")
"""What is taken of the last two axes, whatever stands before them."""


def batch_axes(formulas: Iterable[Expr]) -> list[str]:
    """The sizes of the axes that the formulas' products and transposes run over, the first first.

    >>> from frechet.language import parse
    >>> batch_axes([parse("A'*G", {"A": ["b", "m", "n"], "G": ["b", "m", "k"]}).value])
    ['b']
    >>> batch_axes([parse("A'*G").value, parse("2*T", {"T": ["b", "m", "n"]}).value])
    []
    """
    found: dict[str, None] = {}
    for e in postorder(*formulas):
        scaled = e.op.name == "mul" and not all(a.shape for a in e.args)
        if e.op.name in BATCHED and len(e.shape) > 2 and not scaled:
            found.update(dict.fromkeys(map(str, e.shape[:-2])))
    return list(found)
