"""Functions known by name only: sigma, its derivative sigma', and so on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frechet.algebra.atoms import U
from frechet.algebra.constructors import elementwise, hadamard
from frechet.algebra.node import Node
from frechet.core.facts import Facts
from frechet.core.looks import Looks
from frechet.core.op import Params
from frechet.core.records import RECORDS
from frechet.errors import FrechetError
from frechet.ops.elementwise.function import function


def _declared(xp: Any, params: Params, x: Any) -> Any:
    name, order = params
    if callable(name):
        return name(x, order)
    known = RECORDS.get(name)
    if known is None:
        raise FrechetError("input", f"no value for the function {name}")
    return _slopes(lambda y: known.value(xp, (), y), x, order)


def _slopes(f: Callable[[Any], Any], x: Any, order: int) -> Any:
    """f and its derivatives, of an operation from outside that was given none: central differences of order eight.

    Good to about ten digits at order 1 and seven at order 2, where f is smooth on the scale of its argument.
    """
    if order == 0:
        return f(x)
    step = 0.02 * (1.0 + abs(x))
    inner = [_slopes(f, x + k * step, order - 1) - _slopes(f, x - k * step, order - 1) for k in range(1, 5)]
    return sum(c * d for c, d in zip(_WEIGHTS, inner, strict=True)) / step


_WEIGHTS = (4 / 5, -1 / 5, 4 / 105, -1 / 280)
"""Of the differences over ±1, ±2, ±3, ±4 steps (Fornberg 1988)."""


def _d_declared(y: Node, dx: Node) -> Node:
    """dy = σ'(x).*dx for an unspecified σ (params after "elementwise": its name and how often it is differentiated)."""
    _, name, k = y.params
    return hadamard([(elementwise("declared", y.args[0], name, k + 1), U), (dx, U)])


DECLARED = function(
    "declared",
    value=_declared,
    differential=_d_declared,
    source="the definition of the derivative's name",
    example="sigma(X)",
    doc="A smooth function known by name only, or its derivative; params are the name and the order. "
    "For a value the name is replaced by a callable (array, order) → array.",
    call="",
    looks=Looks(named=True),
    facts=Facts(real_only=True),
)
