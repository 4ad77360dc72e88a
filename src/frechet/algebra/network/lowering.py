"""Lowering: a multilinear node taken apart into factors over indices."""

from __future__ import annotations

from collections.abc import Sequence

from frechet.algebra.atoms import is_op, is_zero, number
from frechet.algebra.constructors import hadamard, power, scale
from frechet.algebra.network.indices import Network
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Dim
from frechet.errors import FrechetError

PATHS = 96
"""How many terms one linear expression may be distributed into before we say that it is too large."""


def lower(net: Network, node: Node, idx: tuple[int, ...], target: Node | None, active: set[Node]) -> list[Network]:
    """Add `node` at the indices `idx` to the network.

    Where the target stands a hole is left.  A sum with the target in it gives one network a term, hence the list;
    nodes outside `active` are added in place, sums among them as one factor.
    """
    if node is target:
        net.hole = idx
        return [net]
    if node not in active:
        plain(net, node, idx)
        return [net]
    if node.kind == "sum":
        nets: list[Network] = []
        for t, c in node.terms:
            if t in active:
                other = net.copy()
                if c != 1:
                    other.scalars.append(scale(c, number(1)))
                nets += lower(other, t, idx, target, active)
                if len(nets) > PATHS:
                    raise FrechetError("limit", "the derivative has too many terms to be written as one matrix")
        return nets
    inner = _open(net, node, idx)
    return _lower_all(net, inner, target, active)


def _lower_all(
    net: Network, pieces: list[tuple[Node, tuple[int, ...]]], target: Node | None, active: set[Node]
) -> list[Network]:
    later: list[tuple[Node, tuple[int, ...]]] = []
    for piece, at in pieces:
        if piece in active or piece is target:
            later.append((piece, at))
        else:
            plain(net, piece, at)
    nets = [net]
    for piece, at in later:
        nets = [n for old in nets for n in lower(old, piece, at, target, active)]
    return nets


def plain(net: Network, node: Node, idx: tuple[int, ...]) -> None:
    """Add a node without a hole in it."""
    stack: list[tuple[Node, tuple[int, ...]]] = [(node, idx)]
    while stack:
        x, at = stack.pop()
        if x.scalar:
            net.scalars.append(x)
        elif x.kind in ("leaf", "apply", "sum", "conj") or (x.kind == "hadamard" and any(e != 1 for _, e in x.terms)):
            _atom(net, x, at)
        else:
            stack.extend(_open(net, x, at))


def _atom(net: Network, x: Node, at: tuple[int, ...]) -> None:
    if is_zero(x):
        net.zero = True
    elif is_op(x, "eye"):
        net.unite(*at)
    elif is_op(x, "ones"):
        pass
    elif is_op(x, "commutation"):
        m, n = x.params
        a, b = net.parts(at[0], m, n)
        c, d = net.parts(at[1], n, m)
        net.unite(a, d)
        net.unite(b, c)
    elif x.kind == "hadamard":
        for base, e in x.terms:
            if e == 1:
                plain(net, base, at)
            elif (
                e.denominator == 1
                and 0 < e <= 4
                and base.kind != "leaf"
                and base.kind != "apply"
                and base.kind != "sum"
            ):
                for _ in range(int(e)):
                    plain(net, base, at)
            else:
                net.factors.append((hadamard([(base, e)]), at))
    else:
        net.factors.append((x, at))


def _open(net: Network, x: Node, at: tuple[int, ...]) -> list[tuple[Node, tuple[int, ...]]]:
    """The pieces of a multilinear node with their indices."""
    if x.kind == "transpose":
        return [(x.args[0], (at[1], at[0]))]
    if x.kind == "product":
        out: list[tuple[Node, tuple[int, ...]]] = []
        if x.coef != 1:
            net.scalars.append(scale(x.coef, number(1)))
        for s, e in x.terms:
            out.append((power(s, e), ()))
        if len(x.shape) > 2:
            return [*out, (x.chain[0], at)] if x.chain else out
        left = at[0] if at else -1
        for k, f in enumerate(x.chain):
            right = at[1] if k == len(x.chain) - 1 else net.index(f.cols)
            out.append((f, (left, right)))
            left = right
        return out
    if x.kind == "ring":
        start = net.index(x.chain[0].rows)
        left = start
        out = []
        for k, f in enumerate(x.chain):
            right = start if k == len(x.chain) - 1 else net.index(f.cols)
            out.append((f, (left, right)))
            left = right
        return out
    if x.kind == "hadamard":
        out = []
        for base, e in x.terms:
            if e.denominator == 1 and 0 < e <= 4:
                out += [(base, at)] * int(e)
            else:
                out.append((hadamard([(base, e)]), at))
        return out
    if x.kind == "diag":
        net.unite(at[0], at[1])
        return [(x.args[0], (at[0], net.index(x.args[0].cols)))]
    if x.kind == "diagonal":
        return [(x.args[0], (at[0], at[0]))]
    if x.kind == "kron":
        out = []
        row, col = at
        rows = [f.rows for f in x.args]
        cols = [f.cols for f in x.args]
        for k, f in enumerate(x.args):
            if k == len(x.args) - 1:
                out.append((f, (row, col)))
                break
            r, row = _head(net, row, rows[k:])
            c, col = _head(net, col, cols[k:])
            out.append((f, (r, c)))
        return out
    if x.kind in ("vec", "unvec") and (
        len(x.shape) > 2 or not (x.args[0].column or x.kind == "vec") or len(x.args[0].shape) > 2
    ):
        return [_regrouped(net, x, at)]
    if x.kind == "vec":
        inner = x.args[0]
        slow, fast = net.parts(at[0], inner.cols, inner.rows)
        return [(inner, (fast, slow))]
    if x.kind == "unvec":
        m, n = x.params
        fused = net.index(m * n)
        net.split[fused] = (at[1], at[0])
        return [(x.args[0], (fused, net.index(x.args[0].cols)))]
    if x.kind == "einsum":
        spec: str = x.params[0]
        ins, outs = spec.split("->")
        row = len(outs) == 1 and len(x.shape) == 2 and x.row  # its letter is that of the columns
        letters: dict[str, int] = dict(zip(outs, at[1:] if row else at[: len(outs)], strict=True))
        out = []
        for operand, names in zip(x.args, ins.split(","), strict=True):
            place: list[int] = []
            for name, d in zip(names, operand.shape, strict=False):
                if name not in letters:
                    letters[name] = net.index(d)
                place.append(letters[name])
            while len(place) < 2:
                place.append(net.index(Dim.of(1)))
            out.append((operand, tuple(place)))
        return out
    raise FrechetError("unsupported", f"the derivative passes through {x.op or x.kind}, which has no linear form")


def _regrouped(net: Network, x: Node, at: tuple[int, ...]) -> tuple[Node, tuple[int, ...]]:
    """The array that x is a reshape of, with its indices: sizes that stand for one another are fused or split."""
    inner = x.args[0]
    news = [i for i, d in zip(at, x.shape, strict=True) if d != ONE]
    axes = [k for k, d in enumerate(inner.shape) if d != ONE]
    found = {k: net.index(ONE) for k, d in enumerate(inner.shape) if d == ONE}
    for old, new in groups([inner.shape[k] for k in axes], [net.dims[net.find(i)] for i in news]):
        whole = news[new[0]]
        for k in new[1:]:
            fused = net.index(net.dims[net.find(whole)] * net.dims[net.find(news[k])])
            net.split[fused] = (news[k], whole)
            whole = fused
        sizes = [inner.shape[axes[k]] for k in old]
        for k in reversed(old[1:]):
            slow = sizes.pop()
            found[axes[k]], whole = net.parts(whole, slow, _total(sizes))
        found[axes[old[0]]] = whole
    return inner, tuple(found[k] for k in range(len(inner.shape)))


def groups(old: Sequence[Dim], new: Sequence[Dim]) -> list[tuple[list[int], list[int]]]:
    """Which axes of two shapes with as many entries stand for one another, the first index running fastest.

    >>> b, d, e, h = map(Dim.of, "bdeh")
    >>> groups((b, e * h, d), (b, e, h, d))
    [([0], [0]), ([1], [1, 2]), ([2], [3])]
    """
    made: list[tuple[list[int], list[int]]] = []
    i = j = 0
    while i < len(old) or j < len(new):
        p, q, a, c = Dim.of(1), Dim.of(1), i, j
        ends = {(k, m) for k in range(i + 1, len(old) + 1) for m in range(j + 1, len(new) + 1)}
        for k, m in sorted(ends, key=lambda end: (sum(end), end)):
            p, q = _total(old[a:k]), _total(new[c:m])
            if p == q:
                i, j = k, m
                break
        else:
            i, j = len(old), len(new)
        made.append((list(range(a, i)), list(range(c, j))))
    return made


def _total(sizes: Sequence[Dim]) -> Dim:
    total = Dim.of(1)
    for d in sizes:
        total = total * d
    return total


def _head(net: Network, i: int, dims: list[Dim]) -> tuple[int, int]:
    """Split the first size off a fused index (sizes of one are free)."""
    rest = Dim.of(1)
    for d in dims[1:]:
        rest = rest * d
    if dims[0].number == 1:
        return net.index(dims[0]), i
    if rest.number == 1:
        return i, net.index(rest)
    return net.parts(i, dims[0], rest)


def networks(node: Node, outs: Sequence[Dim], target: Node, active: set[Node]) -> list[tuple[Network, tuple[int, ...]]]:
    """The networks of a node that is linear in `target`, each with a hole; with the indices of the node itself."""
    net = Network()
    idx = tuple(net.index(d) for d in outs)
    return [(n, idx) for n in lower(net, node, idx, target, active)]
