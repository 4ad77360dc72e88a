"""Reducing: inner indices are eliminated, one rule for each degree a vertex can have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from frechet.algebra import atoms
from frechet.algebra.atoms import U, number, ones
from frechet.algebra.constructors import T, diag, diagonal, eye, hadamard, kron, mul, size_of, unvec, vec
from frechet.algebra.network.fused import Fused, attach, settle_vector, tie, weigh
from frechet.algebra.network.indices import Network
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Dim
from frechet.errors import FrechetError


@final
class Reduced:
    """A network without inner indices: a scalar factor, vectors on outer indices, matrices between them.

    `labels[v]` is a column, `edges[u, v]` with u < v a matrix whose rows belong to u; `hubs` are the factors around
    inner indices that could not be eliminated (three or more factors meet there), `fused` those whose rows or columns
    are Kronecker products of outer indices.
    """

    __slots__ = ("dims", "edges", "fused", "hubs", "labels", "net", "scalar", "zero")

    def __init__(self, net: Network) -> None:
        self.net = net
        self.scalar: Node = number(1)
        self.labels: dict[int, Node] = {}
        self.edges: dict[tuple[int, int], Node] = {}
        self.hubs: list[tuple[Node, tuple[int, ...]]] = []
        self.fused: list[Fused] = []
        self.dims: dict[int, Dim] = {}
        self.zero = net.zero

    def spread(self) -> None:
        """Put plain indices in place of fused ones: for a sum over entries, where no matrix is wanted.

        Tensors on the same axes are one entrywise product.
        """
        self.hubs = together(self.hubs)
        for f in self.fused:
            at: list[int] = []
            for side in (f.rows, f.cols):
                if len(side) == 1:
                    at.append(side[0])
                elif side:
                    at.append(_one_index(self.net, side, self.hubs))
                else:
                    at.append(self.net.index(ONE))
            self.hubs.append((f.node, (at[0], at[1])))
        self.fused = []

    def unfused(self) -> None:
        """Refuse where a factor's rows or columns are a Kronecker product of indices."""
        if self.fused:
            raise FrechetError(
                "unsupported", "a block of a Kronecker product meets a matrix that does not split like it"
            )

    def edge(self, u: int, v: int) -> Node | None:
        """The matrix with rows u and columns v, if an edge is there."""
        if (u, v) in self.edges:
            return self.edges[u, v]
        found = self.edges.get((v, u))
        return T(found) if found is not None else None

    def add_edge(self, u: int, v: int, m: Node) -> None:
        """Put a matrix between u and v; a second one there makes a Hadamard product."""
        if u > v:
            u, v, m = v, u, T(m)
        old = self.edges.get((u, v))
        new = m if old is None else hadamard([(old, U), (m, U)])
        self.edges[u, v] = new

    def add_label(self, u: int, v: Node) -> None:
        """Put a vector on u; a second one there makes a Hadamard product."""
        old = self.labels.get(u)
        self.labels[u] = v if old is None else hadamard([(old, U), (v, U)])


def together(hubs: Sequence[tuple[Node, tuple[int, ...]]]) -> list[tuple[Node, tuple[int, ...]]]:
    """The factors with those on the same three axes or more as one entrywise product."""
    alike: dict[tuple[int, ...], list[Node]] = {}
    for m, at in hubs:
        if len(set(at)) > 2:
            alike.setdefault(at, []).append(m)
    if all(len(nodes) == 1 for nodes in alike.values()):
        return list(hubs)
    joined = [(hadamard([(m, U) for m in nodes]), at) for at, nodes in alike.items()]
    return [*joined, *(hub for hub in hubs if len(set(hub[1])) <= 2)]


def reduce(net: Network, outputs: Sequence[int], *, tensor: bool = False) -> Reduced:
    """Eliminate every index that is not an output (fused outputs count by their parts).

    Where an array with these axes is wanted, a `tensor`, matrices with fused rows or columns are reshaped; elsewhere
    they stay, for what is made of the outputs is a matrix.
    """
    red = Reduced(net)
    if net.zero:
        return red
    scalars = list(net.scalars)
    inner: dict[int, None] = {}
    hyper: list[tuple[Node, tuple[int, ...]]] = []
    fused: list[Fused] = []
    outer = {net.find(o) for o in outputs}
    for node, at in _with_plain_axes(net) if _of_tensors(net, outputs, tensor) else net.factors:
        at = tuple(net.find(i) for i in at)
        if any(i in net.split for i in at):
            fused.append(Fused(node, *(unfused(net, i) for i in at)))
            continue
        live = [i for i in at if net.dims[i].number != 1]
        for i in live:
            inner[i] = None
        if len(at) > 2 or len(live) > 2:
            hyper.append((node, at))
        elif not live:
            scalars.append(node)
        elif len(live) == 1:
            red.add_label(live[0], node if node.cols.number == 1 else T(node))
        elif live[0] == live[1]:
            red.add_label(live[0], diagonal(node))
        else:
            red.add_edge(live[0], live[1], node)
    for i in range(len(net.parent)):
        if net.find(i) == i and net.dims[i].number != 1 and i not in net.split:
            inner[i] = None
    leaves = [i for i in inner if i not in outer]
    if hyper and _cancelling(red, hyper, leaves):
        red.zero = True
        return red
    while True:
        held = {i for _, at in hyper for i in at} | {i for f in fused for i in f.indices()}
        degree = dict.fromkeys(leaves, 0)
        for u, w in red.edges:
            for x in (u, w):
                if x in degree:
                    degree[x] += 1
        free = [v for v in leaves if v not in held and degree[v] <= 2]
        if not free:
            if fused and _work_fused(red, fused, leaves, degree, scalars):
                continue
            break
        v = min(free, key=lambda x: (degree[x], x))
        leaves.remove(v)
        _eliminate(red, v, scalars, net.dims[v])
    for v in [*leaves, *outer]:
        red.dims[v] = net.dims[v]
    red.hubs = hyper
    red.fused = fused
    if leaves:
        for key in [k for k in red.edges if k[0] in leaves or k[1] in leaves]:
            red.hubs.append((red.edges.pop(key), key))
        for v in [v for v in leaves if v in red.labels]:
            red.hubs.append((red.labels.pop(v), (v,)))
        touched = {i for _, at in red.hubs for i in at} | {i for f in fused for i in f.indices()}
        for v in leaves:
            if v not in touched:
                scalars.append(size_of(net.dims[v]))
    red.scalar = mul(number(1), *scalars)
    return red


def _cancelling(red: Reduced, hyper: Sequence[tuple[Node, tuple[int, ...]]], leaves: Sequence[int]) -> bool:
    """Whether a factor is summed over an axis along which its entries are known to add up to zero."""
    for node, at in hyper:
        for i in atoms.centred(node):
            alone = sum(at[i] in other for _, other in hyper) == 1 and at.count(at[i]) == 1
            if alone and at[i] in leaves and at[i] not in red.labels and not any(at[i] in key for key in red.edges):
                return True
    return False


def _of_tensors(net: Network, outputs: Sequence[int], wanted: bool) -> bool:
    """Whether a factor has three axes or more, or the result is `wanted` with as many."""
    live = [o for o in outputs if wanted and net.dims[net.find(o)] != ONE]
    return bool(net.split) and (len(live) > 2 or any(len(at) > 2 for _, at in net.factors))


def _with_plain_axes(net: Network) -> list[tuple[Node, tuple[int, ...]]]:
    """The factors, those with fused axes reshaped so that each part is an axis of its own."""
    made: list[tuple[Node, tuple[int, ...]]] = []
    for node, at in net.factors:
        if any(net.find(i) in net.split for i in at):
            at = tuple(i for k in at for i in plain_axes(net, k))
            at = tuple(i for i in at if net.dims[i] != ONE) or at[:1]
            node = unvec(node, *(net.dims[i] for i in at)) if len(at) > 1 else vec(node)
            at = at if len(at) > 1 else (*at, net.index(ONE))
        made.append((node, at))
    return made


def plain_axes(net: Network, i: int) -> list[int]:
    """The axes that an axis is fused from, the fast one first; an axis that is not fused is itself."""
    i = net.find(i)
    if i not in net.split:
        return [i]
    slow, fast = net.split[i]
    return [*plain_axes(net, fast), *plain_axes(net, slow)]


def unfused(net: Network, i: int) -> list[int]:
    """The indices that an index is fused from, slow first; those of size one are left out."""
    i = net.find(i)
    if i in net.split:
        slow, fast = net.split[i]
        return [*unfused(net, slow), *unfused(net, fast)]
    return [] if net.dims[i] == ONE else [i]


def unfuse_outputs(net: Network, outputs: Sequence[int]) -> list[int]:
    """The outputs with a plain index in place of each that is fused from others.

    The new index i and its parts are tied by 0/1 matrices: kron(eye, ones') has a 1 where i has that slow part.  So an
    entry of a ``vec`` or a Kronecker product can be written by one index.
    """
    return [_one_index(net, unfused(net, o), net.factors) if net.find(o) in net.split else o for o in outputs]


def _one_index(net: Network, parts: list[int], factors: list[tuple[Node, tuple[int, ...]]]) -> int:
    """A plain index for the one that is fused from `parts` (slow first), tied to them by factors."""
    dims = [net.dims[net.find(p)] for p in parts]
    total = ONE
    for d in dims:
        total = total * d
    whole = net.index(total)
    for k, p in enumerate(parts):
        before = after = ONE
        for d in dims[:k]:
            before = before * d
        for d in dims[k + 1 :]:
            after = after * d
        factors.append((kron(T(ones(before)), eye(dims[k]), T(ones(after))), (p, whole)))
    return whole


def _work_fused(
    red: Reduced, fused: list[Fused], inner: list[int], degree: dict[int, int], scalars: list[Node]
) -> bool:
    """One step on a factor with fused indices: contract a part, or turn it into an edge.  False when stuck."""
    net = red.net

    def dim(i: int) -> Dim:
        return net.dims[i]

    for f in fused:
        where = f.indices()
        others = [i for g in fused if g is not f for i in g.indices()]
        if len(f.rows) <= 1 and len(f.cols) <= 1 and len(set(where)) == len(where):
            fused.remove(f)
            if len(where) == 2:
                red.add_edge(where[0], where[1], f.node)
            elif where:
                red.add_label(where[0], f.node if f.rows else T(f.node))
            else:
                scalars.append(f.node)
            return True
        for i in dict.fromkeys(where):
            free = i in inner and i not in others
            if not free:
                continue
            if where.count(i) == 1 and degree[i] == 0:
                made = weigh(f, i, red.labels.pop(i, ones(dim(i))), dim)
            elif where.count(i) == 2 and degree[i] == 0:
                label = red.labels.pop(i, None)
                made = tie(f, i, i, diag(label) if label is not None else None, dim)
            elif where.count(i) == 1 and degree[i] == 1:
                j = next((b if a == i else a for a, b in red.edges if i in (a, b)), i)
                w = red.edge(i, j)
                assert w is not None
                label = red.labels.pop(i, None)
                w = mul(diag(label), w) if label is not None else w
                if j in where and j in inner and where.count(j) == 1 and j not in others and degree[j] == 1:
                    label = red.labels.pop(j, None)
                    w = mul(w, diag(label)) if label is not None else w
                    made = tie(f, i, j, w, dim)
                    if made is not None:
                        inner.remove(j)
                else:
                    made = attach(f, i, j, w, dim)
                if made is not None:
                    red.edges.pop((min(i, j), max(i, j)))
            else:
                continue
            if made is not None:
                fused[fused.index(f)] = made
                inner.remove(i)
                return True
        matrix = settle_vector(f, dim)
        if matrix is not None and len(set(where)) == 2:
            fused.remove(f)
            red.add_edge(*matrix)
            return True
    return False


def _eliminate(red: Reduced, v: int, scalars: list[Node], dim: Dim) -> None:
    """Sum over one inner index of degree at most two."""
    near = [key for key in red.edges if v in key]
    label = red.labels.pop(v, None)
    if not near:
        scalars.append(size_of(dim) if label is None else mul(T(ones(dim)), label))
        return
    mats: list[tuple[int, Node]] = []
    for key in near:
        m = red.edges.pop(key)
        u = key[0] if key[1] == v else key[1]
        mats.append((u, m if key[1] == v else T(m)))  # rows belong to the neighbour
    if len(mats) == 1:
        u, m = mats[0]
        red.add_label(u, mul(m, label if label is not None else ones(dim)))
        return
    (u, m), (w, n) = mats
    product = mul(m, diag(label), T(n)) if label is not None else mul(m, T(n))
    red.add_edge(u, w, product)
