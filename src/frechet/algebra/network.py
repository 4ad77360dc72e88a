"""Tensor networks: how a multilinear node is taken apart and put together again.

A network is factors with index labels; an index that two factors share is a contraction, one that three share a
hub.  `lower` reads a node as a network, `reduce` eliminates the inner indices, `Reduced` is what is left: labels
(vectors) on the outer indices and edges (matrices) between them.  Identity matrices, ``diag`` and ``diagonal``
only make indices equal; ones add nothing; a Kronecker product or a ``vec`` is an index fused from two.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import final

from frechet.algebra.atoms import U, is_op, is_zero, ones
from frechet.algebra.build import T, diag, diagonal, einsum, eye, hadamard, kron, mul, power, scale, size_of
from frechet.algebra.fused import Fused, attach, settle_vector, tie, weigh
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Dim
from frechet.errors import FrechetError

PATHS = 96
"""How many terms one linear expression may be distributed into before we say that it is too large."""


@final
class Network:
    """Factors over indices.  Indices are integers, united by union-find; a fused index has two parts."""

    __slots__ = ("dims", "factors", "hole", "parent", "scalars", "split", "zero")

    def __init__(self) -> None:
        self.parent: list[int] = []
        self.dims: list[Dim] = []
        self.split: dict[int, tuple[int, int]] = {}  # fused index → (slow, fast)
        self.factors: list[tuple[Node, tuple[int, ...]]] = []
        self.scalars: list[Node] = []
        self.hole: tuple[int, ...] | None = None  # where the target stood
        self.zero = False

    def copy(self) -> Network:
        """An independent copy."""
        other = Network()
        other.parent, other.dims, other.split = self.parent[:], self.dims[:], dict(self.split)
        other.factors, other.scalars, other.hole, other.zero = (
            self.factors[:],
            self.scalars[:],
            self.hole,
            self.zero,
        )
        return other

    def index(self, dim: Dim) -> int:
        """A new index of this size."""
        self.parent.append(len(self.parent))
        self.dims.append(dim)
        return len(self.parent) - 1

    def find(self, i: int) -> int:
        """The index that stands for all that were made equal to i."""
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def unite(self, i: int, j: int) -> None:
        """Make two indices equal; the parts of fused ones too."""
        i, j = self.find(i), self.find(j)
        if i == j:
            return
        i, j = min(i, j), max(i, j)
        self.parent[j] = i
        if j in self.split:
            pj = self.split.pop(j)
            pi = self.split.get(i)
            if pi is None:
                self.split[i] = pj
            elif self.dims[self.find(pi[0])] == self.dims[self.find(pj[0])]:
                self.unite(pi[0], pj[0])
                self.unite(pi[1], pj[1])
            else:
                raise FrechetError("unsupported", "two different ways of splitting one index meet")

    def parts(self, i: int, slow: Dim, fast: Dim) -> tuple[int, int]:
        """The slow and the fast part of an index that is fused from two of these sizes."""
        i = self.find(i)
        if i not in self.split:
            self.split[i] = (self.index(slow), self.index(fast))
        a, b = self.split[i]
        if self.dims[self.find(a)] != slow:
            raise FrechetError("unsupported", "two different ways of splitting one index meet")
        return self.find(a), self.find(b)


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
                    other.scalars.append(scale(c, _ONE))
                nets += lower(other, t, idx, target, active)
                if len(nets) > PATHS:
                    raise FrechetError("limit", "the derivative has too many terms to be written as one matrix")
        return nets
    inner = _open(net, node, idx)
    return _lower_all(net, inner, target, active)


_ONE = power(ones(Dim.of("n")), 0)


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
        elif x.kind in ("leaf", "apply", "sum") or (x.kind == "hadamard" and any(e != 1 for _, e in x.terms)):
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
            net.scalars.append(scale(x.coef, _ONE))
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
        letters: dict[str, int] = dict(zip(outs, at[: len(outs)], strict=True))
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
        self.scalar: Node = _ONE
        self.labels: dict[int, Node] = {}
        self.edges: dict[tuple[int, int], Node] = {}
        self.hubs: list[tuple[Node, tuple[int, ...]]] = []
        self.fused: list[Fused] = []
        self.dims: dict[int, Dim] = {}
        self.zero = net.zero

    def spread(self) -> None:
        """Put plain indices in place of fused ones: for a sum over entries, where no matrix is wanted."""
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


def reduce(net: Network, outputs: Sequence[int]) -> Reduced:
    """Eliminate every index that is not an output (fused outputs count by their parts)."""
    red = Reduced(net)
    if net.zero:
        return red
    scalars = list(net.scalars)
    inner: dict[int, None] = {}
    hyper: list[tuple[Node, tuple[int, ...]]] = []
    fused: list[Fused] = []
    outer = {net.find(o) for o in outputs}
    for node, at in net.factors:
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
    red.scalar = mul(_ONE, *scalars)
    return red


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


def raise_two(red: Reduced, i: int, j: int, rows: Dim, cols: Dim) -> Node:
    """The network as a matrix with row index i and column index j."""
    from frechet.algebra.build import add, all_ones

    net = red.net
    red.unfused()
    if red.zero:
        return add([(all_ones((rows, cols)), 0)])
    i, j = net.find(i), net.find(j)
    if red.hubs:
        return mul(red.scalar, raise_hubs(red, [i, j], (rows, cols)))
    u = red.labels.get(i)
    w = red.labels.get(j)
    if rows.number == 1 and cols.number == 1:
        return red.scalar
    if rows.number == 1:
        return mul(red.scalar, T(w if w is not None else ones(cols)))
    if cols.number == 1:
        return mul(red.scalar, u if u is not None else ones(rows))
    if i == j:
        return mul(red.scalar, diag(u if u is not None else ones(rows)))
    m = red.edge(i, j)
    if m is None:
        return mul(red.scalar, u if u is not None else ones(rows), T(w if w is not None else ones(cols)))
    if u is not None:
        m = mul(diag(u), m)
    if w is not None:
        m = mul(m, diag(w))
    return mul(red.scalar, m)


LETTERS = "ijklmnpqrstuvwxyzabcdefgh"


def raise_hubs(red: Reduced, outputs: Sequence[int], shape: tuple[Dim, ...]) -> Node:
    """The network as an einsum over all that is left; outputs of size one get no letter."""
    names: dict[int, str] = {}
    red.unfused()

    def letter(i: int) -> str:
        if i not in names:
            names[i] = LETTERS[len(names)]
        return names[i]

    operands: list[Node] = []
    specs: list[str] = []
    live = [o for o, d in zip(outputs, shape, strict=True) if d.number != 1]
    out = "".join(letter(o) for o in live)
    if len(set(out)) != len(out):
        raise FrechetError("unsupported", "a diagonal of a three-index contraction has no matrix form")
    everything = [
        *red.hubs,
        *((m, key) for key, m in red.edges.items()),
        *((v, (u,)) for u, v in red.labels.items()),
    ]
    for node, at in everything:
        live_at = [a for a, d in zip(at, node.shape, strict=False) if d.number != 1]
        if len(at) == 2 and node.rows.number == 1 and len(live_at) == 1:
            node = T(node)
        operands.append(node)
        specs.append("".join(letter(a) for a in live_at))
    for o, d in zip(outputs, shape, strict=True):
        if d.number != 1 and not any(names[o] in s for s in specs):
            operands.append(ones(d))
            specs.append(names[o])
    return einsum(",".join(specs) + "->" + out, operands, shape)


def networks(node: Node, outs: Sequence[Dim], target: Node, active: set[Node]) -> list[tuple[Network, tuple[int, ...]]]:
    """The networks of a node that is linear in `target`, each with a hole; with the indices of the node itself."""
    net = Network()
    idx = tuple(net.index(d) for d in outs)
    return [(n, idx) for n in lower(net, node, idx, target, active)]


__all__ = ["Fraction", "Network", "Reduced", "lower", "networks", "raise_hubs", "raise_two", "reduce"]
