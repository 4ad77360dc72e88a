"""The Jacobian matrix: a linear map written as rows ↔ entries of the value, columns ↔ entries of the variable.

The map is a network with a hole; the indices of the value and of the hole are its outputs.  Which order the entries
are stacked in, and which side is which, is only the order in which those outputs are listed:

======================  ==================  ==================
                        columns stacked     rows stacked
numerator layout        rows (j,i) cols (l,k)   rows (i,j) cols (k,l)
denominator layout      the transposes
======================  ==================  ==================

Listed slow index first.  The network falls into connected pieces; each piece is a small matrix, and the whole is
their Kronecker product, up to a permutation of the factors (commutation matrices).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise, permutations, product

from frechet.algebra import atoms
from frechet.algebra.atoms import U
from frechet.algebra.constructors import add, eye, mul
from frechet.algebra.network import Network, Reduced, reduce
from frechet.algebra.node import Node
from frechet.calculus.flattening import flattened, has_tensors
from frechet.calculus.slots import Slots
from frechet.core.dim import ONE, Dim
from frechet.errors import FrechetError

CHOICES = 8
"""How many placements of factors at coinciding indices are tried."""


def matrix_of(red: Reduced, rows: Sequence[int], cols: Sequence[int], cost: Callable[[Node], int]) -> Node:
    """The reduced network as a matrix; `rows` and `cols` list the output indices, slow first.

    Raises FrechetError("unsupported") where three or more factors meet in one summation.
    """
    height = _size(red, rows)
    width = _size(red, cols)
    if red.zero:
        return atoms.zero(height, width)
    rows = [i for i in rows if red.net.dims[i] != ONE]
    cols = [i for i in cols if red.net.dims[i] != ONE]
    if has_tensors(red):
        before, left, after = flattened(red, rows, cols)
        return mul(*before, matrix_of(left, rows, cols, cost), *after)
    if red.hubs:
        return _through_hubs(red, rows, cols, cost)
    best: Node | None = None
    try:
        for slots in _placements(red, rows, cols):
            made = mul(red.scalar, slots.build())
            if best is None or (cost(made), made.key) < (cost(best), best.key):
                best = made
    except FrechetError:
        if not red.fused:
            raise
        return _through_hubs(red, rows, cols, cost)
    if best is None:
        raise FrechetError("unsupported", "the pieces of the derivative do not form a matrix")
    return best


def _through_hubs(red: Reduced, rows: Sequence[int], cols: Sequence[int], cost: Callable[[Node], int]) -> Node:
    """A sum over an index m that three factors share: outer Jacobian times inner, with m in between.

    The indices in between are the hubs and whatever ties a row to a column; what stands among them is a diagonal
    scaling of the inner matrix.  A factor over fused indices (an elimination matrix) is part of the outer Jacobian when
    it has rows of the value, and then everything else that it stands on is in between.
    """
    net = red.net
    if any(len(at) > 2 or len(m.shape) > 2 for m, at in red.hubs):
        raise FrechetError("unsupported", "a factor with three indices has no matrix form")
    row_of, col_of = [net.find(i) for i in rows], [net.find(i) for i in cols]
    if len(set(row_of)) < len(row_of) or len(set(col_of)) < len(col_of):
        raise FrechetError("unsupported", "a diagonal and a sum over a shared index together have no matrix form here")
    edges = dict(red.edges)
    labels = dict(red.labels)
    between: list[int] = [v for v in row_of if v in col_of]
    for m, at in red.hubs:
        if len(at) == 1 or m.cols == ONE:
            labels[at[0]] = m
        else:
            edges[at[0], at[1]] = m
        between += [v for v in at if v not in row_of and v not in col_of and v not in between]
    passing: dict[int, int] = {}  # a column tied straight to a row goes through a place of its own
    for u, w in edges:
        for a, c in ((u, w), (w, u)):
            if a in row_of and a not in between and c in col_of and c not in between:
                passing[c] = c
    outside = [f for f in red.fused if any(v in row_of for v in f.indices())]
    for v in (v for f in outside for v in f.indices() if v not in row_of and v not in between):
        if v in col_of:
            passing[v] = v
        else:
            between.append(v)
    between += list(passing)
    placed = {*row_of, *between, *col_of}
    standing = {v for f in red.fused for v in f.indices()} | {v for pair in edges for v in pair} | labels.keys()
    if not standing <= placed:
        raise FrechetError("unsupported", "a sum over an index between reshaped arrays has no matrix form here")
    best: Node | None = None
    for order in permutations(between) if len(between) <= 3 else [tuple(between)]:
        dims = [net.dims[v] for v in order]
        outer = Slots([net.dims[v] for v in row_of] + dims, len(row_of))
        inner = Slots(dims + [net.dims[v] for v in col_of], len(order))
        middle = {v: k for k, v in enumerate(order)}
        for v, k in middle.items():
            if v in row_of:
                outer.join(row_of.index(v), len(row_of) + k, eye(net.dims[v]))
            if v in col_of:
                inner.join(k, len(order) + col_of.index(v), eye(net.dims[v]))
        for v, label in labels.items():
            if v in middle:
                inner.label(middle[v], label)
            elif v in row_of:
                outer.label(row_of.index(v), label)
            else:
                inner.label(len(order) + col_of.index(v), label)
        for (u, w), m in edges.items():
            if u in middle and w in middle and not (u in passing or w in passing):
                inner.join(middle[u], middle[w], m)
            elif u in row_of and u not in middle:
                outer.join(row_of.index(u), len(row_of) + middle[w] if w in middle else row_of.index(w), m)
            elif w in row_of and w not in middle:
                outer.join(len(row_of) + middle[u], row_of.index(w), m)
            else:
                a = middle[u] if u in middle else len(order) + col_of.index(u)
                c = middle[w] if w in middle else len(order) + col_of.index(w)
                inner.join(a, c, m)
        for f in red.fused:
            if f in outside:
                at = {v: row_of.index(v) if v in row_of else len(row_of) + middle[v] for v in f.indices()}
                outer.place([at[v] for v in f.rows], [at[v] for v in f.cols], f.node)
            else:
                at = {v: middle[v] if v in middle else len(order) + col_of.index(v) for v in f.indices()}
                inner.place([at[v] for v in f.rows], [at[v] for v in f.cols], f.node)
        made = mul(red.scalar, outer.build(), inner.build())
        if best is None or cost(made) < cost(best):
            best = made
    assert best is not None
    return best


def _size(red: Reduced, indices: Sequence[int]) -> Dim:
    total = ONE
    for i in indices:
        total = total * red.net.dims[red.net.find(i)]
    return total


def _placements(red: Reduced, rows: Sequence[int], cols: Sequence[int]) -> list[Slots]:
    """Every slot (an output, listed once) with its index; where slots coincide, who carries the factors there."""
    net = red.net
    slots = [(net.find(i), True) for i in rows] + [(net.find(i), False) for i in cols]
    groups: dict[int, list[int]] = {}
    for k, (v, _) in enumerate(slots):
        groups.setdefault(v, []).append(k)
    ends = {*red.labels, *(v for key in red.edges for v in key), *(i for f in red.fused for i in f.indices())}
    if not ends <= groups.keys():
        raise FrechetError("unsupported", "two blocks of Kronecker products meet in a summation")
    shared = [g for g in groups.values() if len(g) > 1]
    options = list(product(*shared))[:CHOICES]
    out: list[Slots] = []
    for homes in options:
        home = {v: g[0] for v, g in groups.items()}
        for g, h in zip(shared, homes, strict=True):
            home[slots[g[0]][0]] = h
        made = Slots([net.dims[v] for v, _ in slots], len(rows))
        for g in shared:
            rs = [k for k in g if k < len(rows)]
            cs = [k for k in g if k >= len(rows)]
            links = [(r, cs[0]) for r in rs] + [(rs[0], c) for c in cs[1:]] if rs and cs else list(pairwise(g))
            for u, w in links:
                made.join(u, w, eye(made.dims[u]))
        for v, label in red.labels.items():
            made.label(home[v], label)
        for (u, w), m in red.edges.items():
            made.join(home[u], home[w], m)
        for f in red.fused:
            made.place([home[i] for i in f.rows], [home[i] for i in f.cols], f.node)
        out.append(made)
    return out


def jacobian(nets: Sequence[tuple[Network, tuple[int, ...]]], rows_stacked: bool, cost: Callable[[Node], int]) -> Node:
    """The numerator-layout Jacobian of a map given as networks with holes, columns or rows stacked."""
    terms: list[tuple[Node, Fraction]] = []
    for net, out in nets:
        rows, cols, red = outputs_of(net, out, rows_stacked)
        terms.append((matrix_of(red, rows, cols, cost), U))
    return add(terms)


def outputs_of(net: Network, out: Sequence[int], rows_stacked: bool) -> tuple[list[int], list[int], Reduced]:
    """The indices that the rows and the columns of the Jacobian list, slow first, and the network reduced to them."""
    assert net.hole is not None
    fine = [leaf for o in (*out, *net.hole) for leaf in _leaves(net, o)]
    red = reduce(net, fine)
    value, hole = list(out), list(net.hole)
    if not rows_stacked:
        value.reverse()
        hole.reverse()
    rows = [leaf for o in value for leaf in _leaves(net, o)]
    return rows, [leaf for o in hole for leaf in _leaves(net, o)], red


def _leaves(net: Network, i: int) -> list[int]:
    """The unfused indices an output is made of, slow first."""
    i = net.find(i)
    if i in net.split:
        slow, fast = net.split[i]
        return [*_leaves(net, slow), *_leaves(net, fast)]
    return [i]
