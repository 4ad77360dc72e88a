"""The pullback: one reverse sweep that carries the cotangent from the value to the variables.

A cotangent is ∂L/∂x in the shape of x.  Each active node is visited once, when all that uses it has been; what is
not multilinear is linearised by its differential, and the sweep runs through that linear expression the same way.
"""

from __future__ import annotations

from collections.abc import Iterable

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.atoms import U
from frechet.algebra.constructors import T, add, hadamard, mul, power
from frechet.algebra.network import Network, lower, plain, raise_two, reduce
from frechet.algebra.network.contraction import contracted, raised
from frechet.algebra.network.raising import LETTERS
from frechet.algebra.node import Node, depends, postorder
from frechet.calculus.differential import local_differential, zero_like
from frechet.core.dim import ONE
from frechet.errors import FrechetError
from frechet.ops import record


def cotangents(root: Node, upstream: Node, variables: Iterable[Node]) -> dict[Node, Node]:
    """∂L/∂x for every active node x, given `upstream` = ∂L/∂root.

    The variables may be any nodes of the graph (an intermediate quantity counts as a variable of its own).
    """
    wanted = frozenset(variables)
    active = depends(root, wanted)
    order = [x for x in postorder([root]) if x in active]
    arrived: dict[Node, list[Node]] = {root: [upstream]} if root in active else {}
    totals: dict[Node, Node] = {}
    for x in reversed(order):
        if x not in arrived:
            continue
        total = add([(g, 1) for g in arrived.pop(x)])
        totals[x] = total
        for y, g in push(x, total, active):
            if y in active:
                arrived.setdefault(y, []).append(g)
    return totals


def push(x: Node, g: Node, active: set[Node]) -> list[tuple[Node, Node]]:
    """What the cotangent g of x gives to each active argument of x."""
    if x.kind in ("leaf", "conj") or not any(a in active for a in x.args):
        return []  # conj(Z) is a variable of its own beside Z
    if x.kind == "apply":
        return _push_apply(x, g, active)
    if x.kind == "sum":
        return [(t, b.scale(c, g)) for t, c in x.terms if t in active]
    if x.kind == "transpose":
        return [(x.args[0], T(g))]
    if x.kind == "diag":
        return [(x.args[0], b.diagonal(g))]
    if x.kind == "diagonal":
        return [(x.args[0], b.diag(g))]
    if x.kind == "vec":
        inner = x.args[0]
        return [(inner, b.unvec(g, *inner.shape))]
    if x.kind == "unvec":
        inner = x.args[0]
        return [(inner, b.vec(g) if inner.column else b.unvec(g, *inner.shape))]
    if x.kind == "hadamard":
        return [
            (base, b.scale(e, hadamard([*((q, f) for q, f in x.terms if q is not base), (base, e - 1), (g, U)])))
            for base, e in x.terms
            if base in active
        ]
    if x.kind == "product":
        return _push_product(x, g, active)
    if x.kind == "ring":
        return [(f, mul(g, T(_rest(x.chain, k)))) for k, f in enumerate(x.chain) if f in active]
    return [(a, _through_network(x, a, g)) for a in dict.fromkeys(x.args) if a in active]


def _rest(chain: tuple[Node, ...], k: int) -> Node:
    """The closed chain cut open at its k-th factor: tr(F·rest)."""
    rest = (*chain[k + 1 :], *chain[:k])
    return mul(*rest) if rest else b.eye(chain[k].rows)


def _push_product(x: Node, g: Node, active: set[Node]) -> list[tuple[Node, Node]]:
    out: list[tuple[Node, Node]] = []
    scalars = [power(s, e) for s, e in x.terms]
    for k, (s, e) in enumerate(x.terms):
        if s in active:
            others = mul(atoms.number(x.coef * e), *scalars[:k], *scalars[k + 1 :], power(s, e - 1))
            inner = _paired(g, x.chain) if x.chain else g
            out.append((s, mul(others, inner)))
    outside = mul(atoms.number(x.coef), *scalars)
    for k, f in enumerate(x.chain):
        if f in active:
            before = [T(h) for h in reversed(x.chain[:k])]
            after = [T(h) for h in reversed(x.chain[k + 1 :])]
            out.append((f, mul(outside, *before, g, *after)))
    return out


def _paired(g: Node, chain: tuple[Node, ...]) -> Node:
    """⟨g, what the chain multiplies to⟩; a tensor stands alone in its chain."""
    if len(g.shape) <= 2:
        return b.trace(mul(T(g), *chain))
    letters = LETTERS[: len(g.shape)]
    return contracted([letters, letters], "", [g, *chain])


def _push_apply(x: Node, g: Node, active: set[Node]) -> list[tuple[Node, Node]]:
    """Linearise, then transpose: the rule's own expression is swept with g at its end."""
    out: list[tuple[Node, Node]] = []
    adjoint = record(x.op).adjoint
    for k, a in enumerate(x.args):
        if a in active and a not in x.args[:k]:
            if adjoint is not None and k == len(x.args) - 1:
                out.append((a, adjoint(x, g)))
                continue
            tangent = tangent_leaf(a, "")
            linear = local_differential(x, {a: tangent})
            found = cotangents(linear, g, [tangent]).get(tangent)
            if found is not None:
                out.append((a, found))
    return out


def tangent_leaf(x: Node, name: str) -> Node:
    """A fresh increment in the shape of x: never a variable, whatever the variables are called."""
    shape = x.shape if len(x.shape) > 2 else x.shape[:1] if x.cols == ONE else x.shape
    return atoms.variable(f"d{name}", shape, ("increment",))


def _through_network(x: Node, a: Node, g: Node) -> Node:
    """The adjoint of a multilinear node in one argument, by taking that argument out of the network ⟨g, x⟩.

    Where the pieces of g do not split like the Kronecker products of x, g stays whole.
    """
    hole = tangent_leaf(a, "")
    linear = local_differential(x, {a: hole})
    active = depends(linear, frozenset([hole]))
    try:
        return _taken_out(linear, a, g, hole, active, whole=False)
    except FrechetError:
        return _taken_out(linear, a, g, hole, active, whole=True)


def _taken_out(linear: Node, a: Node, g: Node, hole: Node, active: set[Node], whole: bool) -> Node:
    net = Network()
    at = tuple(net.index(d) for d in linear.shape)
    if whole:
        net.factors.append((g, at))
    else:
        plain(net, g, at)
    total: list[tuple[Node, int]] = []
    for part in lower(net, linear, at, hole, active):
        assert part.hole is not None
        if len(a.shape) > 2 or any(len(at) > 2 for _, at in part.factors):
            total.append((raised(part, part.hole), 1))
            continue
        red = reduce(part, part.hole)
        total.append((raise_two(red, part.hole[0], part.hole[1], a.rows, a.cols), 1))
    return add(total) if total else zero_like(a)
