"""Shapes in words, for pages."""

from __future__ import annotations

from frechet.core.dim import Dim, Shape, entries, show, spoken
from frechet.core.expr import Expr


def shape_word(shape: Shape) -> str:
    """`m×n`, `n×1`, `scalar`.

    >>> shape_word((Dim.of("m"), Dim.of("n") + 1)), shape_word((Dim.of("n"),)), shape_word(())
    ('m×(n+1)', 'n×1', 'scalar')
    """
    return show(shape)


def product_word(shape: Shape) -> str:
    """How many entries: `mp`, `6`.

    >>> product_word((Dim.of("m"), Dim.of("p"))), product_word((Dim.of(2), Dim.of(3))), product_word(())
    ('mp', '6', '1')
    """
    return spoken(entries(shape))


def assumed(e: Expr) -> str:
    """What is known of a symbol, after its shape.

    >>> from frechet.ops.expressions import variable
    >>> assumed(variable("S", ("n", "n"), ["symmetric"]))
    ' symmetric'
    """
    facts: tuple[str, ...] = e.params[1] if e.op.name == "variable" else ()
    return f" {', '.join(facts)}" if facts else ""


def sizes_word(sizes: tuple[Dim, Dim]) -> str:
    """The size of a matrix: `mp×np`.

    >>> m, p = Dim.of("m"), Dim.of("p")
    >>> sizes_word((m * p, Dim.of(6))), sizes_word((m + 1, p))
    ('mp×6', '(m+1)×p')
    """
    return "×".join(size_word(d) for d in sizes)


def size_word(d: Dim) -> str:
    """A size in signs: `mp`, `6`, `(m+1)`."""
    return spoken(d, apart=True)
