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
from frechet.algebra.factor import collect, collections
from frechet.algebra.network import Network, plain, raise_two, reduce
from frechet.algebra.node import CAP, Node, postorder
from frechet.core.expr import postorder as expressions
from frechet.errors import FrechetError
from frechet.notation.signs import unsigned
from frechet.notation.write import Writer

HEAVY = CAP // 2
APART = 4
"""What it costs to write one matrix as several with brackets of their own."""
KINDS = ("sum", "product", "hadamard")
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
        done[x] = _shortest(y, writer, x is root) if y.kind in KINDS and y.weight < HEAVY else y
    return done[root]


def _shortest(x: Node, writer: Writer, whole: bool) -> Node:
    """The best form of a node, found once for all formulas that the writer writes."""
    found = writer.best.get((x, whole))
    if found is None:
        found = writer.best[x, whole] = _best(x, writer, whole)
    return found


def _best(x: Node, writer: Writer, whole: bool) -> Node:
    """The shortest form; of a `whole` formula with more ways to collect it."""
    options, more = [x], list[Node]()
    if x.kind == "sum":
        options.append(collect(list(x.terms)))
    flat = expand([(x, b.U)])
    if flat is not None:
        options.append(b.add(flat) if flat else b.add([(x, 0)]))
        options.append(collect(flat) if flat else options[-1])
        more = list(collections(flat)) if whole else []
    if x.kind == "product":
        options += _cleared(x)
    if x.kind in ("product", "hadamard") and len(x.shape) == 2 and not x.scalar:
        again = renormalise(x)
        if again is not None:
            options.append(again)
    if flat is not None and len(flat) > 2 and _alike(flat):  # dX*X^2 + X*dX*X + X^2*dX, not X*(X*dX+dX*X) + …
        options, more = [n for n in options if not _nested(n)], []
    best = min(options, key=lambda n: (*_cost(n, writer), n is not x, n.key))
    other = min(more, key=lambda n: (*_cost(n, writer), n.key), default=best)
    return other if _cost(other, writer) < _cost(best, writer) else best


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
    """a/(v*(1+q/v)) as a/(v+q), numbers or entry by entry: the denominators inside a sum brought to its outside."""
    out: list[Node] = []
    for s, e in x.terms:
        d = _below(s)
        if d is not None:
            out.append(b.mul(x, b.power(s, -e), b.power(_times(s, d), e), b.power(d, -e)))
    for k, f in enumerate(x.chain):
        for s, e in f.terms if f.kind == "hadamard" else ():
            d = _below(s) if e.denominator == 1 else None
            if d is not None:
                cleared = b.hadamard([*((t, p) for t, p in f.terms if t is not s), (_times(s, d), e)])
                outside = (b.number(x.coef), *(b.power(t, p) for t, p in x.terms), b.power(d, -e))
                out.append(b.mul(*outside, *x.chain[:k], cleared, *x.chain[k + 1 :]))
    return out


def _below(s: Node) -> Node | None:
    """What the terms of a sum are divided by, all of it; None of anything else."""
    below: dict[Node, Fraction] = {}
    for t, _ in s.terms if s.kind == "sum" else ():
        for base, k in b.parts(t)[1]:
            if k < 0:
                below[base] = max(below.get(base, b.U), -k)
    return b.mul(*(b.power(base, k) for base, k in below.items())) if below else None


def _times(s: Node, d: Node) -> Node:
    """Each term of a sum times a number."""
    return b.add([(b.mul(t, d), c) for t, c in s.terms])


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
