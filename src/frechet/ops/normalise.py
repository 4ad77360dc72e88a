"""From an expression to its node in the algebra."""

from __future__ import annotations

from frechet.algebra.node import Node
from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError


def node_of(root: Expr, known: dict[Expr, Node] | None = None) -> Node:
    """The node that the expression is; `known` holds what has been read already (and is added to).

    >>> from frechet.ops.expressions import apply, variable
    >>> x = variable("x", ("n",))
    >>> quadratic = apply("mul", (apply("transpose", (x,)), x))
    >>> node_of(quadratic) is node_of(apply("sum", (apply("hadamard", (x, x)),), (None,)))
    True
    """
    nodes: dict[Expr, Node] = {} if known is None else known
    for e in postorder(root, known=nodes):
        if e.op.normal is None:
            raise FrechetError("unsupported", f"{e.op.name} has a meaning in index form only")
        nodes[e] = e.op.normal(e, *(nodes[a] for a in e.args))
    return nodes[root]
