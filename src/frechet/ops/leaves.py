"""What formulas start from: variables, exact numbers, sizes used as numbers."""

from __future__ import annotations

from typing import Any

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.node import Node
from frechet.core.dim import Shape
from frechet.core.expr import Expr
from frechet.core.op import Op, Params, Unify
from frechet.errors import FrechetError
from frechet.ops.shapes import scalar


def _declared_with_its_name(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """The shape it is declared with, or the one that the expression asks for."""
    raise FrechetError("shape", f"the shape of {params[0]} is a declaration, not a consequence")


def _given(xp: Any, params: Params) -> Any:
    raise FrechetError("input", f"no value for {params[0]}")


def _number(xp: Any, params: Params) -> Any:
    return xp.asarray(float(params[0]))


def _variable_reading(e: Expr) -> Node:
    """A named array."""
    name, assumed = e.params
    return atoms.variable(name, e.shape, assumed)


def _number_reading(e: Expr) -> Node:
    """An exact number."""
    return atoms.number(e.params[0])


def _size_reading(e: Expr) -> Node:
    """A size as a scalar."""
    return b.size_of(e.params[0])


VARIABLE = Op(
    "variable",
    _declared_with_its_name,
    _given,
    normal=_variable_reading,
    example="X",
    doc="A named array; params are the name and its assumptions, sorted.",
    call="",
)
NUMBER = Op(
    "number",
    scalar,
    _number,
    normal=_number_reading,
    example="3/2",
    doc="An exact rational number.",
    call="",
)
SIZE = Op(
    "size",
    scalar,
    _number,
    normal=_size_reading,
    example="x'*ones(n)/n",
    doc="A size used as a number; its parameter is the size.",
    call="",
)

LEAVES = (VARIABLE, NUMBER, SIZE)
