"""What is to be compiled: the outputs of a function, the definitions of names in them, the arrays it is called with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

from frechet.algebra.node import COMPLEX
from frechet.core.dim import Shape
from frechet.core.expr import Expr


@final
@dataclass(frozen=True)
class Flat:
    """A linear map as the matrix of its entries: the differential, by an increment.

    `rows` is the shape of the value; in `vec` order, transposed or not.  With `adjoint` not the matrix but what the
    adjoint makes of the upstream gradient (of the number 1 where the value is a number), in the increment's shape.
    """

    differential: Expr
    increment: Expr
    rows: Shape
    vec: str = "column"
    transposed: bool = False
    adjoint: bool = False
    upstream: Expr | None = None


@final
@dataclass(frozen=True)
class Output:
    """One output: a formula, and for a matrix of a linear map that map, which is read first."""

    name: str
    formula: Expr | None
    shape: Shape
    flat: Flat | None = None


@final
@dataclass(frozen=True)
class Request:
    """A function to be written.

    called       its name
    outputs      what it returns, in order
    definitions  what the names in the outputs mean, each in terms of earlier ones and of the inputs
    inputs       the arrays that it is called with, as variables
    told         the first line of its docstring
    formulas     the lines below: what is computed, in the formula language
    variables    of a function with its derivative, the variables: name → its increment
    upstream     of one, what the gradient by its value is called
    """

    called: str
    outputs: tuple[Output, ...]
    definitions: Mapping[str, Expr]
    inputs: Mapping[str, Expr]
    told: str
    formulas: tuple[str, ...] = ()
    sizes: frozenset[str] = field(default_factory=frozenset[str])
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    upstream: str = ""

    @property
    def complexes(self) -> set[str]:
        """The inputs whose values are complex numbers."""
        return {name for name, e in self.inputs.items() if not COMPLEX.isdisjoint(e.params[1])}
