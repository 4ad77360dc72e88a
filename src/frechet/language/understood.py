"""A problem as it was understood, whatever it was written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from frechet.core.dim import Dim
from frechet.core.expr import Expr


@final
@dataclass(frozen=True)
class Problem:
    """A problem as read.

    value        the last statement's formula, earlier names put in
    name         the name before the last `=`, if any
    quantities   the named statements in order
    variables    every variable by name
    text         what was typed
    constraints  equations between sizes that could not be solved; what is drawn must honour them
    language     what it was written in: "frechet" (the formula language), "text", "latex" or "python"
    assumed      what was assumed in reading it, one clause each: "b is m×1: it is subtracted from A*x"
    wrt          the variables that the text itself names: `f(X) = …`, a gradient's sign
    functions    unspecified functions that nobody declared
    typed        what was typed, where that is not `text`
    """

    value: Expr
    name: str | None
    quantities: dict[str, Expr]
    variables: dict[str, Expr]
    text: str
    constraints: tuple[tuple[Dim, Dim], ...] = ()
    language: str = "frechet"
    assumed: tuple[str, ...] = ()
    wrt: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    typed: str = ""


@final
@dataclass(frozen=True)
class Source:
    """A text of Python that stands for an expression, and the def of it that is asked for (None: its last)."""

    text: str
    name: str | None = None
