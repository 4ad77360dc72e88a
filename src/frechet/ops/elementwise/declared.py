"""Functions known by name only: sigma, its derivative sigma', and so on."""

from __future__ import annotations

from typing import Any

from frechet.algebra.atoms import U
from frechet.algebra.build import elementwise, hadamard
from frechet.algebra.node import Node
from frechet.core.op import Params
from frechet.errors import FrechetError
from frechet.ops.elementwise.function import function


def _declared(xp: Any, params: Params, x: Any) -> Any:
    name, order = params
    if not callable(name):
        raise FrechetError("input", f"no value for the function {name}")
    return name(x, order)


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
)
