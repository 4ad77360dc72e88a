"""Factors of three axes and more in a Jacobian: as matrices by a reshape, and as diagonal scalings.

A factor whose axes are each listed once, and by it alone, is a matrix between rows and columns: the entries of X[i,j,l]
with i and j among the rows and l among the columns are those of reshape(X,m*n,p).  One that stands on axes of the value
only scales the rows of all the rest, diag(vec(S))*…, one on axes of the variable only scales the columns.
"""

from __future__ import annotations

from collections.abc import Sequence

from frechet.algebra.atoms import U, is_op
from frechet.algebra.constructors import T, add, all_ones, diag, eye, hadamard, mul, ones, vec
from frechet.algebra.constructors.shapes import reshaped
from frechet.algebra.network import Reduced, contracted
from frechet.algebra.network.contraction import permuted
from frechet.algebra.network.fused import Fused
from frechet.algebra.network.raising import LETTERS
from frechet.algebra.network.reducing import together
from frechet.algebra.node import Node
from frechet.calculus.slots import Slots
from frechet.core.dim import ONE, Dim
from frechet.errors import FrechetError

Hub = tuple[Node, tuple[int, ...]]
"""A factor with its indices, all of them longer than one."""


def has_tensors(red: Reduced) -> bool:
    """Whether a factor has three axes or more."""
    return any(len(m.shape) > 2 for m, _ in red.hubs)


def flattened(red: Reduced, rows: Sequence[int], cols: Sequence[int]) -> tuple[list[Node], Reduced, list[Node]]:
    """What scales the rows, the network of matrices that is left, and what scales the columns.

    Raises FrechetError("unsupported") where a factor ties rows to columns and shares an axis with another one.
    """
    row_of, col_of = [red.net.find(i) for i in rows], [red.net.find(i) for i in cols]
    left = merged(red, {*row_of, *col_of})
    if any(v not in row_of and v not in col_of for _, at in left.hubs for v in at):
        raise FrechetError("unsupported", "three arrays meet in one summation of tensors")
    before, after = list[Node](), list[Node]()
    listed = row_of + col_of
    while True:
        tied = [hub for hub in left.hubs if not _alone(hub, left, listed)]
        if not tied:
            break
        scaling = [hub for hub in tied if set(hub[1]) <= set(row_of) or set(hub[1]) <= set(col_of)]
        if not scaling:
            edge = _scaling_edge(left, tied, row_of, col_of)
            if edge is None:
                raise FrechetError("unsupported", "an axis that the rows and the columns share has other factors on it")
            scaling = [(left.edges.pop(edge), edge)]
            left.hubs += scaling
        m, at = max(scaling, key=lambda hub: sum(listed.count(v) > 1 for v in hub[1]))
        left.hubs.remove((m, at))
        if set(at) <= set(row_of):
            before.append(_diagonal(left, m, at, row_of))
        else:
            after.append(_diagonal(left, m, at, col_of))
    for m, at in left.hubs:
        mine = [v for v in row_of if v in at], [v for v in col_of if v in at]
        left.fused.append(Fused(_block(left, m, at, *mine), *mine))
    left.hubs = []
    return before, left, after


def _scaling_edge(
    red: Reduced, tied: Sequence[Hub], row_of: Sequence[int], col_of: Sequence[int]
) -> tuple[int, int] | None:
    """Two axes of the rows, or of the columns, with a matrix on them beside a factor that it scales."""
    beside = {v for _, at in tied for v in at}
    for pair in red.edges:
        if beside & set(pair) and (set(pair) <= set(row_of) or set(pair) <= set(col_of)):
            return pair
    return None


def plain_array(m: Node, at: Sequence[int], dims: Sequence[Dim]) -> Hub:
    """A factor without its axes of size one; a vector is a column."""
    live = tuple(v for v in at if dims[v] != ONE)
    if len(m.shape) > 2 and len(live) < len(at):
        return reshaped(m, *(dims[v] for v in live)) if len(live) > 1 else vec(m), live
    return T(m) if len(live) == 1 and m.row else m, live


def merged(red: Reduced, outer: set[int]) -> Reduced:
    """The same network, two factors that meet on an inner index as their product where that has no more axes.

    So is a factor that is alone on an inner index: it is summed along it.
    """
    net = red.net
    left = Reduced(net)
    left.scalar, left.dims, left.fused = red.scalar, red.dims, list(red.fused)
    left.labels, left.edges = dict(red.labels), dict(red.edges)
    hubs: list[Hub] = together(_held_at_units([plain_array(m, at, net.dims) for m, at in red.hubs], red))
    found = True
    while found:
        hubs, found = _entrywise(hubs), False
        for v in dict.fromkeys(v for _, at in hubs for v in at if v not in outer):
            pair = [hub for hub in hubs if v in hub[1]]
            if any(v in f.indices() for f in red.fused) or len(pair) > 2:
                continue
            (a, i), (c, j) = pair if len(pair) == 2 else (pair[0], (ones(net.dims[v]), (v,)))
            elsewhere = outer | {w for hub in hubs if hub not in pair for w in hub[1]}
            out = tuple(w for w in dict.fromkeys(i + j) if w in elsewhere)
            if len(out) <= max(len(i), len(j)) and len(set(i)) == len(i) and len(set(j)) == len(j):
                name = dict(zip(dict.fromkeys(i + j), LETTERS, strict=False))
                spec = ["".join(name[w] for w in at) for at in (i, j)]
                made = contracted(spec, "".join(name[w] for w in out), [a, c])
                hubs = [*(hub for hub in hubs if hub not in pair), (made, out)]
                found = True
                break
    for m, at in hubs:
        if not at:
            left.scalar = mul(left.scalar, m)
        elif len(at) == 1 and at[0] in outer:
            left.add_label(at[0], m)
        elif len(at) == 2 and len(m.shape) == 2 and set(at) <= outer and at[0] != at[1]:
            left.add_edge(*at, m)
        else:
            left.hubs.append((m, at))
    return left


def _entrywise(hubs: Sequence[Hub]) -> list[Hub]:
    """Factors that stand on the same axes as one, their entrywise product."""
    together: dict[frozenset[int], list[Hub]] = {}
    for hub in hubs:
        together.setdefault(frozenset(hub[1]), []).append(hub)
    out: list[Hub] = []
    for axes, same in together.items():
        (first, at), *others = same
        if len(same) == 1 or any(len(own) != len(axes) for _, own in same):
            out += same
            continue
        turned = [permuted(m, [own.index(v) for v in at]) for m, own in others]
        out.append((hadamard([(m, U) for m in (first, *turned)]), at))
    return out


def _held_at_units(hubs: Sequence[Hub], red: Reduced) -> list[Hub]:
    """The factors; beside a unit vector on one of its axes a tensor is its slice at that place."""
    units = {at[0]: m for m, at in [*hubs, *((m, (v,)) for v, m in red.labels.items())] if is_op(m, "unit")}
    made: list[Hub] = []
    for m, at in hubs:
        held = [v for v in at if v in units and at.count(v) == 1] if len(m.shape) > 2 else []
        if held:
            letters = LETTERS[: len(at)]
            spec = [letters, *(letters[at.index(v)] for v in held)]
            left = [k for k, v in enumerate(at) if v not in held]
            m = contracted(spec, "".join(letters[k] for k in left), [m, *(units[v] for v in held)])
            at = tuple(at[k] for k in left)
        made.append((m, at))
    return made


def _alone(hub: Hub, red: Reduced, listed: Sequence[int]) -> bool:
    """Whether each axis of a factor is listed once and no other factor but a vector stands on it."""
    others = {v for other in red.hubs if other is not hub for v in other[1]}
    others |= {v for key in red.edges for v in key} | {v for f in red.fused for v in f.indices()}
    return len(set(hub[1])) == len(hub[1]) and all(listed.count(v) == 1 and v not in others for v in hub[1])


def _block(red: Reduced, m: Node, at: Sequence[int], rows: Sequence[int], cols: Sequence[int]) -> Node:
    """A factor as a matrix of these rows and columns, slow index first.

    A power of one array is that of its block, and terms beside ones are turned each by itself: 1 - vec(S).^2.
    """
    if m.kind == "sum" and any(t is all_ones(t.shape) for t, _ in m.terms):
        return add([(_block(red, t, at, rows, cols), c) for t, c in m.terms])
    if m.kind == "hadamard" and len(m.terms) == 1:
        return hadamard([(_block(red, base, at, rows, cols), e) for base, e in m.terms])
    turned = permuted(m, [at.index(v) for v in (*reversed(rows), *reversed(cols))])
    if not cols or not rows:
        return vec(turned) if rows else T(vec(turned))
    sizes = [ONE, ONE]
    for k, side in enumerate((rows, cols)):
        for v in side:
            sizes[k] = sizes[k] * red.net.dims[v]
    return reshaped(turned, *sizes)


def _diagonal(red: Reduced, m: Node, at: Sequence[int], slots: Sequence[int]) -> Node:
    """The diagonal matrix over all slots of a side of a factor on some of them."""
    if len(set(at)) < len(at):
        raise FrechetError("unsupported", "a diagonal of an array of three axes has no matrix form here")
    n = len(slots)
    made = Slots([red.net.dims[v] for v in (*slots, *slots)], n)
    mine = [k for k, v in enumerate(slots) if v in at and k == slots.index(v)]
    for k, v in enumerate(slots):
        if k not in mine:
            made.join(k, n + k, eye(red.net.dims[v]))
    made.place(mine, [n + k for k in mine], diag(_block(red, m, at, [slots[k] for k in mine], [])))
    return made.build()
