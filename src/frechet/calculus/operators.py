"""Jacobians through linear operators that are no products: expm_frechet(X,E), logm_frechet(X,E), sylvester(A,B,C).

Such an operator L is linear in one argument, and its record gives the matrix K with vec(L(E)) = K*vec(E).  A
derivative that passes through some of them is a composition: the Jacobian of what is around L, times K, times the
Jacobian of what is inside.
"""

from __future__ import annotations

from collections.abc import Callable

from frechet.algebra import build as b
from frechet.algebra.build import mul
from frechet.algebra.network import networks
from frechet.algebra.node import Node, depends, postorder
from frechet.algebra.rebuild import substitute
from frechet.calculus.adjoint import tangent_leaf
from frechet.calculus.jacobian import jacobian
from frechet.ops import record

NO_ENTRIES = "it passes through {}, whose entries have no formula: see the differential, the pullback and the Jacobian"


def written_name(op: str) -> str:
    """The operator as a reader knows it."""
    return "the derivative of a matrix power" if record(op).written else op


def operators(linear: Node, dx: Node) -> list[Node]:
    """The operators that the increment passes through, the outermost first."""
    active = depends(linear, frozenset([dx]))
    found = [x for x in postorder([linear]) if x in active and x.kind == "apply" and record(x.op).kronecker]
    return found[::-1]


def composed(linear: Node, dx: Node, rows: bool, cost: Callable[[Node], int]) -> Node:
    """The numerator Jacobian of a formula linear in dx that passes through operators; columns or rows stacked."""
    through = operators(linear, dx)
    holes = {y: tangent_leaf(y, f"{k}") for k, y in enumerate(through)}
    arrived: dict[Node, list[Node]] = {}
    total: list[Node] = []

    def spread(formula: Node, so_far: Node | None) -> None:
        """Everything the formula depends on gets its Jacobian, times what is around the formula."""
        bare = substitute(formula, dict(holes))
        for target, parts in [(dx, total), *((h, arrived.setdefault(y, [])) for y, h in holes.items())]:
            active = depends(bare, frozenset([target]))
            if bare in active:
                own = jacobian(networks(bare, bare.shape, target, active), rows, cost)
                parts.append(own if so_far is None else mul(so_far, own))

    spread(linear, None)
    for y in through:
        if arrived.get(y):
            operator = record(y.op).kronecker
            assert operator is not None
            around = b.add([(p, 1) for p in arrived[y]])
            spread(y.args[-1], mul(around, operator(y, rows)))
    return b.add([(p, 1) for p in total])
