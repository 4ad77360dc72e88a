"""Choose the shortest of a few equal forms of a node.

As it is; with common factors collected; with products distributed and collected again; with its multilinear part
taken through a network once more.  Bounded: nodes beyond a weight stay as they are, and are named instead.
"""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra import constructors as b
from frechet.algebra.constructors.products import unturned
from frechet.algebra.constructors.rebuild import rebuild
from frechet.algebra.expand import expand
from frechet.algebra.factor import collect
from frechet.algebra.network import Network, plain, raise_two, reduce
from frechet.algebra.node import CAP, Node, postorder
from frechet.core.expr import postorder as expressions
from frechet.errors import FrechetError
from frechet.notation.signs import unsigned
from frechet.notation.write import Writer

HEAVY = CAP // 2
APART = 4
"""What it costs to write one matrix as several with brackets of their own."""
MOST_ALIKE = 6
"""Of a product rule with more terms the shortest form is taken."""


def tidy(root: Node, writer: Writer) -> Node:
    """An equal node that is written with no more signs."""
    done: dict[Node, Node] = {}
    for x in postorder([root]):
        if x.weight >= CAP:
            done[x] = x
            continue
        y = rebuild(x, lambda a: done.get(a, a))
        done[x] = _best(y, writer) if y.kind in ("sum", "product", "hadamard") and y.weight < HEAVY else y
    return done[root]


def _best(x: Node, writer: Writer) -> Node:
    options = [x]
    if x.kind == "sum":
        options.append(collect(list(x.terms)))
    flat = expand([(x, b.U)])
    if flat is not None:
        options.append(b.add(flat) if flat else b.add([(x, 0)]))
        options.append(collect(flat) if flat else options[-1])
    if x.kind == "product":
        options += _cleared(x)
    if x.kind in ("product", "hadamard") and len(x.shape) == 2 and not x.scalar:
        again = renormalise(x)
        if again is not None:
            options.append(again)
    if flat is not None and len(flat) > 2 and _alike(flat):  # dX*X^2 + X*dX*X + X^2*dX, not X*(X*dX+dX*X) + …
        options = [n for n in options if not _nested(n)]
    return min(options, key=lambda n: (*_cost(n, writer), n is not x, n.key))


def _cost(x: Node, writer: Writer) -> tuple[int, bool]:
    """The signs of a formula; a minus in front of it is free, so that -s.*(1-s) does not become s.^2 - s."""
    e = writer.write(x)
    minus = unsigned(e)[0]
    blocks = sum(n.op.name == "vcat" for n in expressions(e)) - 1 if writer.blocky(x) else 0
    return writer.count(e) - minus + APART * max(blocks, 0), not minus


def _alike(terms: list[tuple[Node, Fraction]]) -> bool:
    """Whether the terms are the same factors in different orders, as a product rule gives them."""
    if len(terms) > MOST_ALIKE:
        return False
    bags = {tuple(sorted(unturned(f).key for f in b.parts(t)[2])) for t, _ in terms}
    return len(bags) == 1 and all(len(b.parts(t)[2]) > 1 for t, _ in terms)


def _nested(x: Node) -> bool:
    """Whether some but not all terms of a sum are collected."""
    inner = unturned(x)
    if inner.kind != "sum":
        return any(_nested(f) for f in x.chain if f is not x)
    collected = [any(_is_sum(f) for f in b.parts(t)[2]) for t, _ in inner.terms]
    return any(collected) and not all(collected)


def _is_sum(f: Node) -> bool:
    return unturned(f).kind == "sum"


def _cleared(x: Node) -> list[Node]:
    """a/(v*(1+q/v)) as a/(v+q): the denominators inside a scalar sum brought to its outside."""
    out: list[Node] = []
    for s, e in x.terms:
        below: dict[Node, Fraction] = {}
        for t, _ in s.terms if s.kind == "sum" else ():
            for base, k in b.parts(t)[1]:
                if k < 0:
                    below[base] = max(below.get(base, b.U), -k)
        if below:
            d = b.mul(*(b.power(base, k) for base, k in below.items()))
            cleared = b.add([(b.mul(t, d), c) for t, c in s.terms])
            out.append(b.mul(x, b.power(s, -e), b.power(cleared, e), b.power(d, -e)))
    return out


def renormalise(x: Node) -> Node | None:
    """The node lowered to a network and raised again; None where it has no matrix form that way."""
    try:
        net = Network()
        i, j = net.index(x.rows), net.index(x.cols)
        plain(net, x, (i, j))
        if net.find(i) in net.split or net.find(j) in net.split:
            return None  # rows or columns are a Kronecker product: the Jacobian's writer sees to those
        red = reduce(net, (i, j))
        return None if red.hubs else raise_two(red, i, j, x.rows, x.cols)
    except FrechetError:
        return None
