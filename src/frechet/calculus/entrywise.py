"""A linear map at integer sizes, entry by entry: what a person writes out by hand.

The differential is read at the sizes (:func:`at_sizes`) and applied to each basis increment in turn; every node
becomes a table of scalar nodes, by the meaning of its kind.  What has no meaning by entries (an inverse, a softmax)
is an entry of the whole: ``inv(X)[1,2]``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import final

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.constructors.rebuild import substitute
from frechet.algebra.network import contracted
from frechet.algebra.network.raising import LETTERS
from frechet.algebra.node import Node, depends, postorder
from frechet.core import expr as core
from frechet.core.dim import ONE, Dim, Shape, settle
from frechet.core.expr import Expr, make
from frechet.core.records import RECORDS
from frechet.errors import FrechetError
from frechet.notation.ascii import text
from frechet.notation.write import Writer
from frechet.ops.expressions import apply

Index = tuple[int, ...]
Table = dict[Index, Node]
"""The entries that are not zero, each a scalar node; indices start at 0, a vector has two."""

LONG = 40
"""What does not move and has an entry with more signs than this is not written out: ``inv(A*B)[1,2]``."""

ZERO = b.number(0)
"""The entry at a place that is not listed."""


def integer_shape(shape: Shape, sizes: Mapping[str, int]) -> Shape:
    """The shape at these sizes.

    >>> integer_shape((Dim.of("m"), Dim.of("n")), {"m": 3, "n": 1})
    (3,)
    """
    return settle(tuple(_integer(d, sizes) for d in shape))


def _integer(d: Dim, sizes: Mapping[str, int]) -> Dim:
    try:
        value = d.evaluate(sizes)
    except ValueError as trouble:
        raise FrechetError("input", str(trouble)) from trouble
    if value < 1:
        raise FrechetError("input", f"the size {d} would be {value} at these sizes; it must be positive")
    return Dim.of(value)


def at_sizes(root: Expr, sizes: Mapping[str, int]) -> Node:
    """The node that the expression is at integer sizes.

    The shape rules are not asked again: a formula that makes sense at general sizes means the same at these, though
    at n = 1 it may be one that nobody would write (a vector times a vector).

    >>> from frechet.ops.expressions import apply, variable
    >>> x = variable("x", ("n",))
    >>> at_sizes(apply("mul", (apply("transpose", (x,)), x)), {"n": 3}).chain[1].shape
    (3, 1)
    """
    small: dict[Expr, Expr] = {}
    nodes: dict[Expr, Node] = {}
    for e in core.postorder(root):
        if e.op.normal is None:
            raise FrechetError("unsupported", f"{e.op.name} has a meaning in index form only")
        params = tuple(_integer(p, sizes) if isinstance(p, Dim) else p for p in e.params)
        shape = settle(tuple(_integer(d, sizes) for d in e.shape))
        small[e] = make(e.op, tuple(small[a] for a in e.args), params, shape)
        nodes[e] = e.op.normal(small[e], *(nodes[a] for a in e.args))
    return nodes[root]


def written_out(linear: Node, hole: Node) -> dict[tuple[Index, Index], Node]:
    """The matrix of a map that is linear in the leaf `hole`: (index of the value, index of the hole) → entry.

    >>> from frechet.ops.expressions import apply, variable
    >>> A, dx = variable("A", (1, 2)), variable("dx", (2,))
    >>> found = written_out(at_sizes(apply("mul", (A, dx)), {}), at_sizes(dx, {}))
    >>> sorted(found)
    [((0, 0), (0, 0)), ((0, 0), (1, 0))]
    """
    active = depends(linear, frozenset([hole]))
    order = list(postorder([linear]))
    still = Entrywise(hole, active, (), {}, {})
    for x in order:
        if x not in active:
            still.known[x] = still.table(x)
    out: dict[tuple[Index, Index], Node] = {}
    for at in indices(hole):
        moving = Entrywise(hole, active, at, dict(still.known), still.runs)
        for x in order:
            if x in active:
                moving.known[x] = moving.table(x)
        for i, entry in moving.known[linear].items():
            out[i, at] = entry
    return out


def indices(x: Node) -> Iterator[Index]:
    """Every index of a node whose sizes are integers, the last axis fastest; a matrix or a vector has two."""
    return product(*(range(whole(d)) for d in x.shape))


def whole(d: Dim) -> int:
    """The integer that a size is."""
    if d.number is None:
        raise FrechetError("input", f"the size {d} is not given")
    return d.number


def entry_of(x: Node, at: Index, writer: Writer) -> Node:
    """One entry of a whole, a scalar with the name it is written by: ``A[1,2]``, ``x[1]``, ``inv(X)[1,2]``.

    A scalar is its own entry.  Entries of a symmetric variable that are the same number get the same name.
    """
    if x.scalar:
        return x
    assumed = atoms.assumptions(x)
    if not assumed.isdisjoint(atoms.SYMMETRIC):
        at = (min(at), max(at))
    written = writer.write(x)
    params = tuple(Dim.of(k + 1) for k in at[: len(written.shape)])
    kept = ("complex",) if x.complex and b.conj(x) is not x else ("positive",) if "positive" in assumed else ()
    return atoms.variable(text(apply("entry", (written,), params)), (), kept)


@final
class Entrywise:
    """The tables of nodes, at one basis increment: the hole is 1 at one index and 0 elsewhere."""

    def __init__(
        self,
        hole: Node,
        active: set[Node],
        increment: Index,
        known: dict[Node, Table],
        runs: dict[tuple[Node, ...], Table],
    ) -> None:
        self.hole, self.active, self.increment, self.known, self.runs = hole, active, increment, known, runs
        self.writer = Writer()

    def table(self, x: Node) -> Table:
        """The entries of a node whose arguments are known."""
        if x is self.hole:
            return {self.increment: b.number(1)}
        found = _kept(KINDS.get(x.kind, _function)(self, x))
        return found if x in self.active else self._short(found, x)

    def _short(self, found: Table, x: Node) -> Table:
        """The entries of what does not move, by name where they are long and that is shorter."""
        longest = max((e.weight for e in found.values()), default=0)
        if longest > LONG and x.weight < longest:
            return {i: entry_of(x, i, self.writer) for i in found}
        return found

    def chain(self, factors: tuple[Node, ...]) -> Table:
        """The entries of a product; neighbours that do not move are multiplied first, and once for all increments."""
        tables: list[Table] = []
        run: list[Node] = []
        for f in (*factors, None):
            if f is not None and f not in self.active:
                run.append(f)
                continue
            if run:
                tables.append(self._run(tuple(run)))
                run = []
            if f is not None:
                tables.append(self.known[f])
        total = tables[0]
        for table in tables[1:]:
            total = _times(total, table)
        return total

    def _run(self, factors: tuple[Node, ...]) -> Table:
        if len(factors) == 1:
            return self.known[factors[0]]
        if factors not in self.runs:
            total = self.known[factors[0]]
            for f in factors[1:]:
                total = _times(total, self.known[f])
            self.runs[factors] = self._short(_kept(total), b.mul(*factors))
        return self.runs[factors]

    def whole(self, x: Node) -> Table:
        """The entries of a node by name, the basis increment put in if it occurs."""
        if x in self.active:
            x = substitute(x, {self.hole: self._basis()})
        return {i: entry_of(x, i, self.writer) for i in indices(x)}

    def _basis(self) -> Node:
        """The basis increment."""
        axes = zip(self.increment, self.hole.shape, strict=True)
        units = [atoms.unit(Dim.of(k + 1), d) if d != ONE else b.number(1) for k, d in axes]
        if len(units) == 2:
            return b.mul(units[0], b.T(units[1]))
        letters = LETTERS[: len(units)]
        spec = [name if u.column else "" for name, u in zip(letters, units, strict=True)]
        return b.unvec(contracted(spec, "".join(spec), units), *self.hole.shape)

    def scalar(self, x: Node) -> Node:
        """The value of a scalar node."""
        return self.known[x].get((0, 0), ZERO)


def _times(left: Table, right: Table) -> Table:
    """The matrix product."""
    rows: dict[int, list[tuple[int, Node]]] = {}
    for (k, j), e in right.items():
        rows.setdefault(k, []).append((j, e))
    sums: dict[Index, list[tuple[Node, int]]] = {}
    for (i, k), e in left.items():
        for j, f in rows.get(k, ()):
            sums.setdefault((i, j), []).append((b.mul(e, f), 1))
    return {at: b.add(terms) for at, terms in sums.items()}


def _kept(table: Table) -> Table:
    return {i: e for i, e in table.items() if not atoms.is_zero(e)}


def _power(x: Node, e: Fraction) -> Node:
    if atoms.is_zero(x) and e < 0:
        raise FrechetError("input", "the derivative divides by an entry that is zero at these sizes")
    return b.power(x, e)


def _product(self: Entrywise, x: Node) -> Table:
    scalars = [_power(self.scalar(s), e) for s, e in x.terms]
    factor = b.mul(b.number(x.coef), *scalars)
    if not x.chain:
        return {(0, 0): factor}
    return {at: b.mul(factor, e) for at, e in self.chain(x.chain).items()}


def _ring(self: Entrywise, x: Node) -> Table:
    k = next((k for k, f in enumerate(x.chain) if f in self.active), 0) if x.params != ("open",) else 0
    found = self.chain(x.chain[k:] + x.chain[:k])
    terms = [(e, 1) for (i, j), e in found.items() if i == j]
    return {(0, 0): b.add(terms)} if terms else {}


def _hadamard(self: Entrywise, x: Node) -> Table:
    places = set(indices(x))
    for base, e in x.terms:
        if e > 0:
            places &= self.known[base].keys()
    return {at: b.mul(*(_power(self.known[base].get(at, ZERO), e) for base, e in x.terms)) for at in sorted(places)}


def _sum(self: Entrywise, x: Node) -> Table:
    sums: dict[Index, list[tuple[Node, Fraction]]] = {}
    for t, c in x.terms:
        for at, e in self.known[t].items():
            sums.setdefault(at, []).append((e, c))
    return {at: b.add(terms) for at, terms in sums.items()}


def _kron(self: Entrywise, x: Node) -> Table:
    total = self.known[x.args[0]]
    for f in x.args[1:]:
        m, n = whole(f.rows), whole(f.cols)
        total = {
            (i * m + k, j * n + l): b.mul(e, g) for (i, j), e in total.items() for (k, l), g in self.known[f].items()
        }
    return total


def _moved(where: Callable[[Node, Index], Index | None]) -> Callable[[Entrywise, Node], Table]:
    """Entries that only change their places; those that go nowhere are left out."""

    def table(self: Entrywise, x: Node) -> Table:
        places = ((where(x, at), e) for at, e in self.known[x.args[0]].items())
        return {at: e for at, e in places if at is not None}

    return table


def _conjugate(self: Entrywise, x: Node) -> Table:
    return {at: b.conj(e) for at, e in self.known[x.args[0]].items()}


def _regrouped(x: Node, at: Index) -> Index:
    """The place of an entry of an array in a reshape of it: they have one order, the first index fastest."""
    place = 0
    for k, d in reversed(list(zip(at, x.args[0].shape, strict=True))):
        place = place * whole(d) + k
    found: list[int] = []
    for d in x.shape:
        place, k = divmod(place, whole(d))
        found.append(k)
    return tuple(found)


def _einsum(self: Entrywise, x: Node) -> Table:
    ins, out = str(x.params[0]).split("->")
    found: list[tuple[dict[str, int], Node]] = [({}, b.number(1))]
    for letters, arg in zip(ins.split(","), x.args, strict=True):
        again: list[tuple[dict[str, int], Node]] = []
        for at, e in self.known[arg].items():
            pairs = list(zip(letters, at if len(letters) == len(at) else (max(at),), strict=False))
            here = dict(pairs)
            if any(here[name] != k for name, k in pairs):
                continue  # off the diagonal of a repeated letter
            again += [({**so_far, **here}, b.mul(f, e)) for so_far, f in found if _agree(so_far, here)]
        found = again
    sums: dict[Index, list[tuple[Node, int]]] = {}
    for named, e in found:
        at = tuple(named[name] for name in out)
        if len(x.shape) == 2 and len(at) < 2:
            at = (*at, 0) if x.cols == ONE else (0, *at)
            at = at if len(at) == 2 else (0, 0)
        sums.setdefault(at, []).append((e, 1))
    return {at: b.add(terms) for at, terms in sums.items()}


def _agree(one: dict[str, int], other: dict[str, int]) -> bool:
    return all(one.get(name, k) == k for name, k in other.items())


def _function(self: Entrywise, x: Node) -> Table:
    """A function: of each entry, or of the whole."""
    if x.params[:1] == ("elementwise",):
        table = self.known[x.args[0]]  # a second argument is the conjugate of the first
        return {at: b.elementwise(x.op, table.get(at, ZERO), *x.params[1:]) for at in indices(x)}
    entrywise = RECORDS[x.op].elementwise or x.op in ("power", "epower")
    if entrywise and all(a.shape == x.shape or a.scalar for a in x.args):
        op = "power" if x.op == "epower" else x.op
        tables = [(self.known[a], a.scalar) for a in x.args]
        return {
            at: b.apply(op, [t.get((0, 0) if one else at, ZERO) for t, one in tables], (ONE, ONE), *x.params)
            for at in indices(x)
        }
    return self.whole(x)


def _selects(sizes: list[int], i: int, j: int) -> bool:
    """The ones of a block of an identity, from its offset on."""
    return i + sizes[0] == j


def _leaf(self: Entrywise, x: Node) -> Table:
    is_one = _selects if x.op == "select" else RECORDS[x.op].is_one if x.op in RECORDS else None
    if is_one is not None:
        params = [whole(p) for p in x.params]
        return {at: b.number(1) for at in indices(x) if is_one(params, *at)}
    if x.op == "zeros":
        return {}
    kept = next((keep for fact, keep in STRUCTURE.items() if fact in atoms.assumptions(x)), None)
    return {at: e for at, e in self.whole(x).items() if kept is None or kept(*at)}


STRUCTURE: dict[str, Callable[[int, int], bool]] = {
    "diagonal": lambda i, j: i == j,
    "lower triangular": lambda i, j: i >= j,
    "upper triangular": lambda i, j: i <= j,
}
"""Where a matrix with this assumption may be other than zero."""


KINDS: dict[str, Callable[[Entrywise, Node], Table]] = {
    "leaf": _leaf,
    "product": _product,
    "ring": _ring,
    "hadamard": _hadamard,
    "sum": _sum,
    "kron": _kron,
    "einsum": _einsum,
    "transpose": _moved(lambda x, at: at[::-1]),
    "conj": _conjugate,
    "diag": _moved(lambda x, at: (at[0], at[0])),
    "diagonal": _moved(lambda x, at: (at[0], 0) if at[0] == at[1] else None),
    "vec": _moved(_regrouped),
    "unvec": _moved(_regrouped),
}
"""The entries of a node by its kind; other kinds are functions."""
