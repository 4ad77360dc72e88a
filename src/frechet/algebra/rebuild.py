"""Put new arguments into a node: the constructor that made it, called again."""

from __future__ import annotations

from collections.abc import Callable

from frechet.algebra import build as b
from frechet.algebra.node import Node, postorder
from frechet.core.records import rules


def rebuild(x: Node, of: Callable[[Node], Node]) -> Node:
    """The node with every argument a replaced by of(a), invariants kept."""
    if not x.args or all(of(a) is a for a in x.args):
        return x
    if x.kind == "product":
        return b.mul(b.number(x.coef), *(b.power(of(s), e) for s, e in x.terms), *(of(f) for f in x.chain))
    if x.kind == "sum":
        return b.add([(of(t), c) for t, c in x.terms])
    if x.kind == "hadamard":
        return b.hadamard([(of(t), e) for t, e in x.terms])
    if x.kind == "ring":
        return b.trace(b.mul(*(of(f) for f in x.chain)))
    if x.kind == "transpose":
        return b.T(of(x.args[0]))
    if x.kind == "conj":
        return b.conj(of(x.args[0]))
    if x.kind == "diag":
        return b.diag(of(x.args[0]))
    if x.kind == "diagonal":
        return b.diagonal(of(x.args[0]))
    if x.kind == "vec":
        return b.vec(of(x.args[0]))
    if x.kind == "unvec":
        return b.unvec(of(x.args[0]), *x.params)
    if x.kind == "kron":
        return b.kron(*(of(f) for f in x.args))
    if x.kind == "einsum":
        return b.einsum(x.params[0], [of(f) for f in x.args], x.shape)
    return again(x, [of(a) for a in x.args])


def again(x: Node, args: list[Node]) -> Node:
    """The application x with other arguments, through the constructor that knows the operation."""
    if x.params[:1] == ("elementwise",):
        return b.elementwise(x.op, args[0], *x.params[1:])
    make = rules(x.op).again
    return make(*args, *x.params) if make is not None else b.apply(x.op, args, x.shape, *x.params)


def substitute(root: Node, values: dict[Node, Node]) -> Node:
    """The root with nodes replaced by others of their shapes."""
    done: dict[Node, Node] = dict(values)
    for x in postorder([root]):
        if x not in done:
            done[x] = rebuild(x, lambda a: done[a])
    return done[root]
