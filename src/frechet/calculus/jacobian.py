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
from frechet.algebra import constructors as b
from frechet.algebra.atoms import U
from frechet.algebra.constructors import T, add, diag, eye, hadamard, kron, mul, ones, vec
from frechet.algebra.network import Network, Reduced, reduce
from frechet.algebra.node import Node
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
        outer = _Slots([net.dims[v] for v in row_of] + dims, len(row_of))
        inner = _Slots(dims + [net.dims[v] for v in col_of], len(order))
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


def _placements(red: Reduced, rows: Sequence[int], cols: Sequence[int]) -> list[_Slots]:
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
    out: list[_Slots] = []
    for homes in options:
        home = {v: g[0] for v, g in groups.items()}
        for g, h in zip(shared, homes, strict=True):
            home[slots[g[0]][0]] = h
        made = _Slots([net.dims[v] for v, _ in slots], len(rows))
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


class _Slots:
    """Output slots (rows first, then columns) with vectors on them and matrices between them."""

    def __init__(self, dims: list[Dim], rows: int) -> None:
        self.dims, self.rows = dims, rows
        self.labels: dict[int, Node] = {}
        self.edges: dict[tuple[int, int], Node] = {}
        self.blocks: list[tuple[tuple[int, ...], tuple[int, ...], Node]] = []

    def place(self, rows: list[int], cols: list[int], m: Node) -> None:
        """A matrix that stands on several row and column slots at once."""
        if all(k >= self.rows for k in rows) and all(k < self.rows for k in cols):
            rows, cols, m = cols, rows, T(m)
        if (
            any(k >= self.rows for k in rows)
            or any(k < self.rows for k in cols)
            or len({*rows, *cols}) < len(rows) + len(cols)
        ):
            raise FrechetError("unsupported", "a block of a Kronecker product ties entries of the value to each other")
        self.blocks.append((tuple(rows), tuple(cols), m))

    def label(self, k: int, v: Node) -> None:
        old = self.labels.get(k)
        self.labels[k] = v if old is None else hadamard([(old, U), (v, U)])

    def join(self, u: int, w: int, m: Node) -> None:
        if u > w:
            u, w, m = w, u, T(m)
        old = self.edges.get((u, w))
        self.edges[u, w] = m if old is None else hadamard([(old, U), (m, U)])

    def build(self) -> Node:
        """The matrix: pieces, their Kronecker product, permutations of what is out of order."""
        pieces: list[tuple[tuple[int, ...], tuple[int, ...], Node]] = []
        seen: set[int] = set()
        for rows, cols, m in self.blocks:
            on = {*rows, *cols}
            if on & seen or any(on & set(key) for key in self.edges):
                raise FrechetError("unsupported", "a block of a Kronecker product meets another factor")
            seen |= on
            pieces.append((rows, cols, mul(*self._scaling(rows), m, *self._scaling(cols))))
        for k in range(len(self.dims)):
            if k not in seen:
                group = self._component(k)
                seen |= set(group)
                pieces.append(self._piece(sorted(group)))
        ordered = self._arrange(pieces)
        whole = kron(*(m for _, _, m in ordered)) if ordered else b.number(1)
        row_order = [r for p in ordered for r in p[0]]
        col_order = [c for p in ordered for c in p[1]]
        left = self._permute(sorted(row_order), row_order)
        right = self._permute(col_order, sorted(col_order))
        return mul(*left, whole, *right)

    def _scaling(self, slots: Sequence[int]) -> list[Node]:
        """The diagonal matrix of the vectors on these slots; none where there are none."""
        if not any(k in self.labels for k in slots):
            return []
        return [diag(kron(*(self.labels.get(k, ones(self.dims[k])) for k in slots)))]

    def _component(self, start: int) -> list[int]:
        group, todo = [start], [start]
        while todo:
            k = todo.pop()
            for u, w in self.edges:
                if k in (u, w):
                    other = w if k == u else u
                    if other not in group:
                        group.append(other)
                        todo.append(other)
        return group

    def _piece(self, group: list[int]) -> tuple[tuple[int, ...], tuple[int, ...], Node]:
        """One connected piece as a matrix of its own row and column slots, each in the order of the slots."""
        rows = [k for k in group if k < self.rows]
        cols = [k for k in group if k >= self.rows]
        edges = {key: m for key, m in self.edges.items() if key[0] in group}
        labels = {k: v for k, v in self.labels.items() if k in group}
        if not edges:
            (k,) = group
            v = labels.get(k, ones(self.dims[k]))
            return tuple(rows), tuple(cols), v if rows else T(v)
        if len(group) == 2 and (len(rows) == 2 or len(cols) == 2):
            ((slow, fast), m) = next(iter(edges.items()))
            if slow in labels:
                m = mul(diag(labels[slow]), m)
            if fast in labels:
                m = mul(m, diag(labels[fast]))
            v = vec(T(m))  # m has its rows at the slow slot, vec wants them at the fast one
            return tuple(rows), tuple(cols), v if rows else T(v)
        cross = [key for key in edges if key[0] < self.rows <= key[1]]
        matched: list[tuple[int, int]] = []
        extra: list[tuple[int, int]] = []
        for key in sorted(cross, key=lambda k: (edges[k].op != "eye", k)):
            taken = any(key[0] == r or key[1] == c for r, c in matched)
            (extra if taken else matched).append(key)
        main: dict[tuple[int, int], Node] = {}
        for r, c in matched:
            m = edges[r, c]
            if r in labels:
                m = mul(diag(labels.pop(r)), m)
            if c in labels:
                m = mul(m, diag(labels.pop(c)))
            main[r, c] = m
        whole = self._spread(main, rows, cols, labels)
        for key in extra:
            other = self._spread({key: edges[key]}, rows, cols, {})
            whole = hadamard([(whole, U), (other, U)])
        for (u, w), m in edges.items():
            if w < self.rows:
                whole = mul(diag(_stacked(m, rows)), whole)
            elif u >= self.rows:
                whole = mul(whole, diag(_stacked(m, cols)))
        return tuple(rows), tuple(cols), whole

    def _spread(
        self, main: dict[tuple[int, int], Node], rows: list[int], cols: list[int], labels: dict[int, Node]
    ) -> Node:
        """Matrices on matched slots, the labels or ones on the others, as one matrix over all of rows and cols."""
        pieces = [((r,), (c,), m) for (r, c), m in main.items()]
        pieces += [((r,), (), labels.get(r, ones(self.dims[r]))) for r in rows if not any(r == p[0] for p in main)]
        pieces += [((), (c,), T(labels.get(c, ones(self.dims[c])))) for c in cols if not any(c == p[1] for p in main)]
        ordered = self._arrange(pieces)
        row_order = [r for p in ordered for r in p[0]]
        col_order = [c for p in ordered for c in p[1]]
        return mul(*self._permute(rows, row_order), kron(*(m for _, _, m in ordered)), *self._permute(col_order, cols))

    def _arrange(
        self, pieces: list[tuple[tuple[int, ...], tuple[int, ...], Node]]
    ) -> list[tuple[tuple[int, ...], tuple[int, ...], Node]]:
        """The order of the Kronecker factors that needs the fewest exchanges."""
        if len(pieces) > 5:
            return sorted(pieces, key=lambda p: (p[0] or (10**6,), p[1]))
        best = min(permutations(pieces), key=_disorder)
        return list(best)

    def _permute(self, out: Sequence[int], have: Sequence[int]) -> list[Node]:
        """Permutation matrices whose product takes a vector over the slots `have` to the same one over `out`.

        One exchange of neighbouring blocks is kron(eye, kron(commutation, eye)).
        """
        factors: list[Node] = []
        order = list(have)
        target = list(out)
        # vector over `have` → vector over `out`: exchange neighbours until the order is right
        for k in range(len(target)):
            at = order.index(target[k])
            if at == k:
                continue
            moved, passed = order[at], order[k:at]
            p, q = self._length(passed), self.dims[moved]
            swap = atoms.commutation(q, p)  # slow p, fast q → slow q, fast p
            before, after = self._length(order[:k]), self._length(order[at + 1 :])
            factors.insert(0, kron(eye(before), swap, eye(after)))
            order = [*order[:k], moved, *passed, *order[at + 1 :]]
        return factors

    def _length(self, slots: Sequence[int]) -> Dim:
        total = ONE
        for k in slots:
            total = total * self.dims[k]
        return total


def _disorder(pieces: Sequence[tuple[tuple[int, ...], tuple[int, ...], Node]]) -> tuple[int, int, list[int]]:
    """Exchanges needed among rows and columns; rows first; then the order of the slots."""
    rows = [r for p in pieces for r in p[0]]
    cols = [c for p in pieces for c in p[1]]
    bad_rows = sum(1 for i in range(len(rows)) for j in range(i) if rows[j] > rows[i])
    bad_cols = sum(1 for i in range(len(cols)) for j in range(i) if cols[j] > cols[i])
    # a row that comes before a column in a tie keeps outer products in reading order
    return bad_rows + bad_cols, bad_rows, [x for p in pieces for x in (*p[0], *p[1])]


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


def _stacked(m: Node, side: list[int]) -> Node:
    """The vector over both slots of a side whose entries are those of m."""
    if len(side) == 2:
        return vec(T(m))
    raise FrechetError("unsupported", "three indices of the value are tied to each other")
