"""Jacobians through linear operators that are no products: expm_frechet(X,E), for one.

Such an operator L is linear in one argument, and its record gives the matrix K with vec(L(E)) = K*vec(E).  A
derivative that passes through some of them is a composition: the Jacobian of what is around L, times K, times the
Jacobian of what is inside.
"""

from __future__ import annotations

from collections.abc import Callable

from frechet.algebra import constructors as b
from frechet.algebra.constructors import mul
from frechet.algebra.constructors.rebuild import substitute
from frechet.algebra.network import networks
from frechet.algebra.node import Node, depends, postorder
from frechet.calculus.adjoint import tangent_leaf
from frechet.calculus.jacobian import jacobian
from frechet.ops import record


def operators(linear: Node, dx: Node) -> list[Node]:
    """The operators that the increment passes through, the outermost first."""
    active = depends(linear, frozenset([dx]))
    found = [x for x in postorder([linear]) if x in active and x.kind == "apply" and record(x.op).kronecker]
    return found[::-1]


def through_krons(linear: Node, dx: Node, rows: bool, cost: Callable[[Node], int]) -> Node:
    """The numerator Jacobian of a formula in which Kronecker products of the increment stand among other factors.

    kron(A,dX)*B is no network whose pieces part: the Jacobian of D*B, D a matrix of its own, times that of kron(A,dX).
    """
    active = depends(linear, frozenset([dx]))
    krons = [x for x in postorder([linear]) if x in active and x.kind == "kron"]
    holes = {y: tangent_leaf(y, f"{k}") for k, y in enumerate(krons)}
    bare = substitute(linear, dict(holes))
    total: list[tuple[Node, int]] = []
    for y, hole in [(dx, dx), *holes.items()]:
        inside = depends(bare, frozenset([hole]))
        if bare not in inside:
            continue
        own = jacobian(networks(bare, bare.shape, hole, inside), rows, cost)
        if hole is not dx:
            own = mul(own, jacobian(networks(y, y.shape, dx, depends(y, frozenset([dx]))), rows, cost))
        total.append((own, 1))
    return b.add(total)


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
