"""Choose the shortest of a few equal forms of a node.

As it is; with common factors collected; with products distributed and collected again; with its multilinear part
taken through a network once more.  Bounded: nodes beyond a weight stay as they are, and are named instead.
"""

from __future__ import annotations

from frechet.algebra import build as b
from frechet.algebra.expand import expand
from frechet.algebra.factor import collect
from frechet.algebra.network import Network, plain, raise_two, reduce
from frechet.algebra.node import CAP, Node, postorder
from frechet.algebra.rebuild import rebuild
from frechet.errors import FrechetError
from frechet.notation.write import Writer

HEAVY = CAP // 2


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
    if x.kind in ("product", "hadamard") and len(x.shape) == 2 and not x.scalar:
        again = renormalise(x)
        if again is not None:
            options.append(again)
    return min(options, key=lambda n: (writer.cost(n), n is not x, n.key))


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
