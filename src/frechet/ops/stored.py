"""Expressions in a pickle: an operation by its name, an expression as the list of its nodes.

What comes back is the same object: expressions are interned, and there is one record an operation.  A list instead of
nested parts, because a chain of thousands of layers is an ordinary expression.
"""

from __future__ import annotations

import copyreg
from collections.abc import Sequence
from typing import Any

from frechet.core.dim import Shape
from frechet.core.expr import Expr, make, postorder
from frechet.core.op import Op, Params
from frechet.core.records import record

Row = tuple[str, tuple[int, ...], Params, Shape]
"""A node: its operation, the places of its arguments in the list, its parameters, its shape."""


def named(name: str) -> Op:
    """The operation of that name."""
    return record(name)


def restore(rows: Sequence[Row]) -> Expr:
    """The expression whose nodes these are, arguments before the node that uses them."""
    made: list[Expr] = []
    for name, places, params, shape in rows:
        made.append(make(named(name), tuple(made[k] for k in places), params, shape))
    return made[-1]


def _rows(e: Expr) -> tuple[Any, ...]:
    nodes = list(postorder(e))
    place = {node: k for k, node in enumerate(nodes)}
    return restore, ([(n.op.name, tuple(place[a] for a in n.args), n.params, n.shape) for n in nodes],)


def _name(op: Op) -> tuple[Any, ...]:
    return named, (op.name,)


def register() -> None:
    """Tell `pickle` and `copy` of it."""
    copyreg.pickle(Expr, _rows)
    copyreg.pickle(Op, _name)
