"""Shapes in words, for pages."""

from __future__ import annotations

from frechet.core.dim import Shape
from frechet.core.expr import Expr


def shape_word(shape: Shape) -> str:
    """`m×n`, `n×1`, `scalar`.

    >>> from frechet.core.dim import Dim
    >>> shape_word((Dim.of("m"), Dim.of("n") + 1)), shape_word((Dim.of("n"),)), shape_word(())
    ('m×(n+1)', 'n×1', 'scalar')
    """
    if not shape:
        return "scalar"
    sizes = [str(d) for d in shape] + (["1"] if len(shape) == 1 else [])
    return "×".join(s if s.isalnum() else f"({s})" for s in sizes)


def assumed(e: Expr) -> str:
    """What is known of a symbol, after its shape.

    >>> from frechet.ops.build import variable
    >>> assumed(variable("S", ("n", "n"), ["symmetric"]))
    ' symmetric'
    """
    facts: tuple[str, ...] = e.params[1] if e.op.name == "variable" else ()
    return f" {', '.join(facts)}" if facts else ""
