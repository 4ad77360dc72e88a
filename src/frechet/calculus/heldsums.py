"""A Jacobian between tensors as a sum over an index: sum(r: kron(unit(r,b)*unit(r,b)',kron(A[r,:,:],eye(k)))).

An axis of a batch is an axis of the value and of the variable, and factors stand on it too.  With such an axis held
each factor is a slice, and what is left is a network of matrices; in the place of the axis among rows and columns is
unit(r,b)*unit(r,b)', so the sum is block diagonal by its form.  Axes that are summed over inside and on which three
factors meet are held as well, where nothing else will do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import final

from frechet.algebra import constructors as b
from frechet.algebra.atoms import U, variable
from frechet.algebra.constructors import T
from frechet.algebra.network import Network, Reduced, plain, reduce
from frechet.algebra.node import Node, Term, depends
from frechet.calculus.flattening import merged, plain_array
from frechet.calculus.jacobian import matrix_of, outputs_of
from frechet.calculus.slices import Slices
from frechet.core.dim import ONE, Dim
from frechet.core.expr import Expr
from frechet.core.rewrite import replace
from frechet.errors import FrechetError
from frechet.notation.signs import added
from frechet.notation.tidy import tidy
from frechet.notation.write import Writer
from frechet.ops.expressions import apply

Nets = Sequence[tuple[Network, tuple[int, ...]]]
Axis = tuple[tuple[int, ...], tuple[int, ...]]
"""An axis of value or variable by its places among the rows and among the columns."""
MOST = 3
"""So many axes are held at most."""


@final
@dataclass(frozen=True)
class _Term:
    """One network of the derivative with what its rows and columns list."""

    red: Reduced
    rows: list[int]
    cols: list[int]

    def axes(self) -> dict[Axis, int]:
        """The indices of rows and columns by their places."""
        net = self.red.net
        found: dict[int, tuple[list[int], list[int]]] = {}
        for side, listed in enumerate((self.rows, self.cols)):
            for k, v in enumerate(listed):
                if net.dims[net.find(v)] != ONE:
                    found.setdefault(net.find(v), ([], []))[side].append(k)
        return {(tuple(r), tuple(c)): v for v, (r, c) in found.items()}


@final
@dataclass(frozen=True)
class HeldSum:
    """A Jacobian in numerator and in denominator layout."""

    numerator: Expr
    denominator: Expr


def held_sum(nets: Nets, rows_stacked: bool, writer: Writer, index: Callable[[], str]) -> HeldSum | None:
    """The Jacobian of networks with as few axes held as will do, the shortest; None where there is none."""
    terms: list[_Term] = []
    for net, out in nets:
        rows, cols, red = outputs_of(net, out, rows_stacked)
        if red.zero:
            continue
        if red.fused:
            return None
        red = merged(red, {red.net.find(v) for v in (*rows, *cols)})
        terms.append(_Term(red, rows, cols))
    if len({(len(t.rows), len(t.cols)) for t in terms}) != 1:
        return None
    names: list[str] = []
    every = dict.fromkeys(axis for t in terms for axis in t.axes())
    tied = [axis for axis in (every if rows_stacked else reversed(every)) if axis[0] and axis[1]]
    free = [axis for axis in every if axis not in tied]
    alone = (c for axis in free for c in _choices((axis,), tied))
    for choices in (_choices((), tied), alone, combinations(free, 2)):
        made = [s for s in (_Sums(writer).made(terms, chosen, names, index) for chosen in choices) if s is not None]
        if made:
            return min(made, key=lambda s: writer.count(s.numerator))
    return None


def _choices(first: tuple[Axis, ...], tied: Sequence[Axis]) -> Iterator[tuple[Axis, ...]]:
    """The sets of axes that may be held: some that a row and a column share, beside the first."""
    for size in range(MOST + 1 - len(first)):
        for chosen in combinations(tied, size):
            yield (*first, *chosen)


@final
class _Sums:
    """The sums of one choice of held axes."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.slices = Slices(writer)
        self.groups: dict[tuple[Dim, ...], list[Term]] = {}

    def made(
        self, terms: Sequence[_Term], chosen: Sequence[Axis], names: list[str], index: Callable[[], str]
    ) -> HeldSum | None:
        """The Jacobian; None where a term has no matrix form with these axes held."""
        beside: list[Term] = []
        for t in terms:
            axes = t.axes()
            held = [axes[axis] for axis in chosen if axis in axes]
            try:
                if len(held) == len(chosen):
                    self._take(t, held)
                else:
                    beside.append((matrix_of(t.red, t.rows, t.cols, self.writer.cost), U))
            except FrechetError:
                return None
        if not self.groups or () in self.groups:
            return None
        longest = max(map(len, self.groups))
        while len(names) < longest:
            names.append(index())
        self.slices.renamed({_token(k): name for k, name in enumerate(names)})
        rest = tidy(b.add(beside), self.writer) if beside else None
        return HeldSum(*(self._written(rest, names, turned) for turned in (False, True)))

    def _take(self, t: _Term, held: list[int]) -> None:
        """Add a term with these axes held, and as many inner ones as have to be."""
        net = t.red.net
        outer = {net.find(v) for v in (*t.rows, *t.cols)}
        inner = list(dict.fromkeys(v for _, at in t.red.hubs for v in at if v not in outer and net.dims[v] != ONE))
        for size in range(MOST + 1 - len(held)):
            options: list[tuple[int, Node, tuple[Dim, ...]]] = []
            for more in combinations(inner, size):
                places = {v: _token(k) for k, v in enumerate((*held, *more))}
                try:
                    found = self._held(t, places)
                except FrechetError:
                    continue
                options.append((self.writer.cost(found), found, tuple(net.dims[v] for v in places)))
            if options:
                _, found, sizes = min(options, key=lambda option: option[0])
                self.groups.setdefault(sizes, []).append((found, U))
                return
        raise FrechetError("unsupported", "no choice of indices leaves a network of matrices")

    def _held(self, t: _Term, places: dict[int, str]) -> Node:
        """The matrix of a term with axes held at the indices of a sum."""
        old, net = t.red.net, Network()
        names: dict[int, int] = {}

        def of(v: int) -> int:
            if v not in names:
                names[v] = net.index(old.dims[v])
            return names[v]

        factors = [*t.red.hubs, *((m, at) for at, m in t.red.edges.items())]
        for m, at in [*factors, *((m, (v,)) for v, m in t.red.labels.items())]:
            m, at = plain_array(m, at, old.dims)
            sliced = self.slices.of(m, [places.get(v) for v in at])
            left = [of(v) for v in at if v not in places]
            while len(left) < 2:
                left.append(net.index(ONE))
            plain(net, sliced, (left[0], left[1], *left[2:]))
        net.scalars.append(t.red.scalar)
        ends: dict[int, list[list[int]]] = {}
        listed: list[list[int]] = []
        for side, slots in enumerate((t.rows, t.cols)):
            mine: list[int] = []
            for v in map(old.find, slots):
                mine.append(net.index(old.dims[v]) if v in places else of(v))
                if v in places:
                    ends.setdefault(v, [[], []])[side].append(mine[-1])
            listed.append(mine)
        for v, (rs, cs) in ends.items():
            unit = self.slices.basis(places[v], old.dims[v])
            while rs and cs:
                net.factors.append((b.mul(unit, T(unit)), (rs.pop(), cs.pop())))
            net.factors += [(unit, (k, net.index(ONE))) for k in rs + cs]
        rows, cols = listed
        return matrix_of(reduce(net, [*rows, *cols]), rows, cols, self.writer.cost)

    def _written(self, rest: Node | None, names: Sequence[str], turned: bool) -> Expr:
        """The sums and what stands beside them, or their transposes."""
        moving = frozenset(self.slices.picked)
        out: list[Expr] = []
        for sizes, terms in self.groups.items():
            coef, scalars, chain = b.parts(tidy(_together(terms), self.writer))
            fixed = [(s, e) for s, e in scalars if s not in depends(s, moving)]
            body = b.mul(*(b.power(s, e) for s, e in scalars if (s, e) not in fixed), *chain)
            inside = self.slices.written(self.writer.write(T(body) if turned else body))
            total = apply("isum", (inside,), tuple(names[: len(sizes)]))
            stand = variable("sum", total.shape)
            whole = self.writer.write(b.mul(b.number(coef), *(b.power(s, e) for s, e in fixed), stand))
            out.append(replace(whole, {self.writer.write(stand): total}))
        if rest is not None:
            out.append(self.writer.write(T(rest) if turned else rest))
        return added(out)


def _token(k: int) -> str:
    return f"#{k}"


def _together(terms: Sequence[Term]) -> Node:
    """The sum of Kronecker products; those that differ in one factor as one, kron(A,C) - kron(B,C) = kron(A-B,C)."""
    left = list(terms)
    found = True
    while found:
        found = False
        for (k, one), (j, other) in combinations(enumerate(left), 2):
            both = _joined(one, other)
            if both is not None:
                left = [both, *(t for i, t in enumerate(left) if i not in (k, j))]
                found = True
                break
    return b.add(left)


def _joined(one: Term, other: Term) -> Term | None:
    """Two terms as one Kronecker product, where all factors but one are alike."""
    (c, s, x), (d, t, y) = b.parts(one[0]), b.parts(other[0])
    if s != t or len(x) != 1 or len(y) != 1 or x[0].kind != "kron" or y[0].kind != "kron":
        return None
    p, q = x[0].args, y[0].args
    if [f.shape for f in p] != [f.shape for f in q]:
        return None
    apart = [k for k, (f, g) in enumerate(zip(p, q, strict=True)) if f is not g]
    if len(apart) != 1:
        return None
    (k,) = apart
    whole = b.add([(p[k], c * one[1]), (q[k], d * other[1])])
    return b.mul(*(b.power(base, e) for base, e in s), b.kron(*p[:k], whole, *p[k + 1 :])), U
