"""Put new arguments into a node: the constructor that made it, called again."""

from __future__ import annotations

from collections.abc import Callable

from frechet.algebra.atoms import number
from frechet.algebra.constructors.entrywise import hadamard
from frechet.algebra.constructors.functions import apply, elementwise
from frechet.algebra.constructors.powers import power
from frechet.algebra.constructors.products import mul
from frechet.algebra.constructors.rings import trace
from frechet.algebra.constructors.shapes import diag, diagonal, kron, unvec, vec
from frechet.algebra.constructors.sums import add
from frechet.algebra.constructors.tensors import einsum
from frechet.algebra.constructors.transposes import T, conj
from frechet.algebra.node import Node, postorder
from frechet.core.records import rules


def rebuild(x: Node, of: Callable[[Node], Node]) -> Node:
    """The node with every argument a replaced by of(a), invariants kept."""
    if not x.args or all(of(a) is a for a in x.args):
        return x
    if x.kind == "product":
        return mul(number(x.coef), *(power(of(s), e) for s, e in x.terms), *(of(f) for f in x.chain))
    if x.kind == "sum":
        return add([(of(t), c) for t, c in x.terms])
    if x.kind == "hadamard":
        return hadamard([(of(t), e) for t, e in x.terms])
    if x.kind == "ring":
        return trace(mul(*(of(f) for f in x.chain)))
    if x.kind == "transpose":
        return T(of(x.args[0]))
    if x.kind == "conj":
        return conj(of(x.args[0]))
    if x.kind == "diag":
        return diag(of(x.args[0]))
    if x.kind == "diagonal":
        return diagonal(of(x.args[0]))
    if x.kind == "vec":
        return vec(of(x.args[0]))
    if x.kind == "unvec":
        return unvec(of(x.args[0]), *x.params)
    if x.kind == "kron":
        return kron(*(of(f) for f in x.args))
    if x.kind == "einsum":
        return einsum(x.params[0], [of(f) for f in x.args], x.shape)
    return again(x, [of(a) for a in x.args])


def again(x: Node, args: list[Node]) -> Node:
    """The application x with other arguments, through the constructor that knows the operation."""
    if x.params[:1] == ("elementwise",):
        return elementwise(x.op, args[0], *x.params[1:])
    make = rules(x.op).again
    return make(*args, *x.params) if make is not None else apply(x.op, args, x.shape, *x.params)


def substitute(root: Node, values: dict[Node, Node]) -> Node:
    """The root with nodes replaced by others of their shapes."""
    done: dict[Node, Node] = dict(values)
    for x in postorder([root]):
        if x not in done:
            done[x] = rebuild(x, lambda a: done[a])
    return done[root]
