"""Index form: a node by its entries, ``A[i,r]*B[r,j]``.

Indices are names; a fresh one is taken for every inner sum.  An index that two factors share is summed by the
convention; anything else (an index on one factor or on three, a sum under a power) gets an explicit ``sum(r: …)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import final

from frechet.algebra import build as b
from frechet.algebra.atoms import is_op
from frechet.algebra.network import Reduced
from frechet.algebra.node import CAP, Node
from frechet.core.dim import ONE, Dim
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.notation.signs import added, negative
from frechet.notation.write import Writer
from frechet.ops.build import apply, number

OUTPUTS = ("i", "j", "k", "l")
LONGEST = CAP // 2
"""Index forms of heavier nodes are refused: nobody reads them."""

Counts = dict[str, int]
"""How often each index stands in a factor (in the worst term of a sum)."""

Factors = list[tuple[Expr, Counts]]
"""Factors of one product."""


def _once(*names: str | None) -> Counts:
    counts: Counts = {}
    for n in names:
        if n:
            counts[n] = counts.get(n, 0) + 1
    return counts


def _worst(terms: list[Counts]) -> Counts:
    """How often each index stands in a sum of terms; twice in one and not in another counts as too often."""
    worst: Counts = {}
    for name in dict.fromkeys(n for counts in terms for n in counts):
        found = [counts.get(name, 0) for counts in terms]
        most = max(found)
        worst[name] = 3 if most > 1 and min(found) < most else most
    return worst


@final
class IndexNames:
    """Names for indices that differ from every name of the problem."""

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = set(taken)
        self._stream = self._names()

    def _names(self) -> Iterator[str]:
        yield from "ijklrstuvwpqabcdefghmno"
        k = 1
        while True:
            yield f"i{k}"
            k += 1

    def fresh(self) -> str:
        """The next free name: i, j, k, l for the outside, then r, s, t …"""
        for name in self._stream:
            if name not in self.taken:
                self.taken.add(name)
                return name
        raise AssertionError


@final
class Entries:
    """Writes entries of nodes as formulas in index form."""

    def __init__(self, writer: Writer, names: IndexNames) -> None:
        self.writer, self.names = writer, names

    def entry(self, x: Node, i: str | None, j: str | None) -> tuple[Expr, Counts]:
        """x[i,j] and the free indices in it; an axis of size one has no index."""
        if x.weight >= LONGEST:
            raise FrechetError("limit", "the index form is too long to be read")
        scalar, factors = self._factors(x, i, j)
        return self._join(scalar, factors, frozenset(n for n in (i, j) if n))

    def _join(self, coef: Fraction, factors: Factors, free: frozenset[str]) -> tuple[Expr, Counts]:
        """The product of factors; an inner index that is not on exactly two of them is summed explicitly."""
        counts: Counts = {}
        for _, names in factors:
            for n, k in names.items():
                counts[n] = counts.get(n, 0) + k
        odd = tuple(sorted(n for n, c in counts.items() if c != 2 and n not in free))
        parts = [e for e, _ in factors]
        if coef.numerator not in (1, -1) or not parts:
            parts.insert(0, number(abs(coef.numerator)))
        below = [p.args[1] for p in parts if p.op.name == "divide" and p.args[0] is number(1)]
        parts = [p for p in parts if not (p.op.name == "divide" and p.args[0] is number(1))] or [number(1)]
        e = parts[0]
        if coef < 0:
            e = negative(e)
        for p in parts[1:]:
            e = apply("mul", (e, p))
        if coef.denominator != 1:
            below.append(number(coef.denominator))
        for d in below:
            e = apply("divide", (e, d))
        if odd:
            e = apply("isum", (e,), odd)
        return e, {n: k for n, k in counts.items() if n in free}

    def _closed(self, x: Node, i: str | None, j: str | None) -> tuple[Expr, Counts]:
        """x[i,j] with every inner sum explicit: what may stand under a power or a division."""
        scalar, factors = self._factors(x, i, j)
        free = frozenset(n for n in (i, j) if n)
        inner = sorted({n for _, names in factors for n in names if n not in free})
        if not inner:
            return self._join(scalar, factors, free)
        joined, counts = self._join(scalar, factors, free | frozenset(inner))
        return apply("isum", (joined,), tuple(inner)), {n: k for n, k in counts.items() if n in free}

    def _factors(self, x: Node, i: str | None, j: str | None) -> tuple[Fraction, Factors]:
        none: Counts = {}
        if x.kind == "product":
            coef, factors = x.coef, Factors()
            for s, e in x.terms:
                factors.append((self._scalar(s, e), none))
            c, inner = self._line(x.chain, i, j) if x.chain else (Fraction(1), [])
            return coef * c, factors + inner
        if x.scalar:
            return Fraction(1), [(self.writer.write(x), none)]
        if x.kind == "transpose":
            return self._factors(x.args[0], j, i)
        if x.kind == "sum":
            terms = [self._factors(t, i, j) for t, _ in x.terms]
            free = frozenset(n for n in (i, j) if n)
            every: list[Counts] = []
            summands: list[Expr] = []
            for (c, factors), (_, a) in zip(terms, x.terms, strict=True):
                e, counts = self._join(c * a, factors, free)
                every.append(counts)
                summands.append(e)
            e = added(summands)
            return Fraction(1), [(e, _worst(every))]
        if x.kind == "hadamard":
            coef, factors = Fraction(1), Factors()
            for base, e in x.terms:
                if e == 1:
                    c, inner = self._factors(base, i, j)
                    coef, factors = coef * c, factors + inner
                else:
                    entry, names = self._closed(base, i, j)
                    factors.append((self._power(entry, e), names))
            return coef, factors
        if x.kind == "diag":
            c, factors = self._factors(x.args[0], i, None)
            return c, [*factors, *self._delta(i, j)]
        if x.kind == "diagonal":
            return self._factors(x.args[0], i, i)
        if is_op(x, "eye"):
            return Fraction(1), self._delta(i, j)
        if is_op(x, "ones"):
            return Fraction(1), []
        if is_op(x, "zeros"):
            return Fraction(0), []
        if is_op(x, "unit"):
            return Fraction(1), [(apply("delta", (), (x.params[0], i)), _once(i))]
        if x.kind == "apply" and x.params[:1] == ("elementwise",):
            entry, counts = self.entry(x.args[0], i, j)
            # an index that stands twice inside a function would be summed there: let it count as one too many
            counts = {n: k if k == 1 else 3 for n, k in counts.items()}
            return Fraction(1), [(apply(x.op, (entry,), x.params[1:]), counts)]
        return Fraction(1), [self._at(self.writer.write(x), i, j)]

    def _at(self, e: Expr, i: str | None, j: str | None) -> tuple[Expr, Counts]:
        names = _once(i, j)
        if e.op.name == "transpose":
            e, i, j = e.args[0], j, i
        if len(e.shape) == 1:
            return apply("at", (e,), (i if i else j,)), names
        return apply("at", (e,), (i if i else Dim.of(1), j if j else Dim.of(1))), names

    def _delta(self, i: str | None, j: str | None) -> Factors:
        if i is None or j is None or i == j:
            return []
        return [(apply("delta", (), (i, j)), _once(i, j))]

    def _scalar(self, s: Node, e: Fraction) -> Expr:
        """A power of a scalar; a negative one as 1/…, which the product turns into a division."""
        made = self.writer.scalar_power(s, abs(e))
        return made if e > 0 else apply("divide", (number(1), made))

    def _power(self, e: Expr, k: Fraction) -> Expr:
        if k == 1:
            return e
        if k == -1:
            return apply("divide", (number(1), e))
        if k == Fraction(1, 2):
            return apply("sqrt", (e,))
        return apply("power", (e, number(k)))

    def _line(self, chain: tuple[Node, ...], i: str | None, j: str | None) -> tuple[Fraction, Factors]:
        """A chain from index i to index j; a diagonal matrix passes its index on."""
        coef, factors = Fraction(1), Factors()
        at = i
        inner_sizes: dict[str, Dim] = {}
        for k, f in enumerate(chain):
            last = k == len(chain) - 1
            if f.kind == "diag" and not last:
                c, inner = self._factors(f.args[0], at, None)
            elif f.kind == "diag" and k:
                # the index before a last diagonal is its own: rename it instead of adding a delta
                c, inner = self._factors(f.args[0], at, None)
                inner = [*inner, *self._delta(at, j)]
            else:
                to = j if last else (None if f.cols == ONE else self.names.fresh())
                if not last and chain[k + 1].kind == "diag" and k + 1 == len(chain) - 1:
                    to = j
                elif to and not last:
                    inner_sizes[to] = f.cols
                c, inner = self._factors(f, at, to)
                at = to
            coef, factors = coef * c, factors + inner
        return coef, factors + self._unused(inner_sizes, factors)

    def _unused(self, sizes: Mapping[str, Dim], factors: Factors) -> Factors:
        """A sum over an index that no factor has: the number of its values."""
        used = {n for _, names in factors for n in names}
        return [(self.writer.write(b.size_of(d)), Counts()) for n, d in sizes.items() if n not in used]

    def network(self, red: Reduced, outputs: list[tuple[int, str]]) -> tuple[Expr, Counts]:
        """A reduced network whose outputs have names (pairs of index and name)."""
        red.spread()
        if red.zero:
            return number(0), {}
        net = red.net
        name_of: dict[int, str] = {}
        factors = Factors()
        coef, scalars, _ = b.parts(red.scalar)
        factors += [(self._scalar(s, e), Counts()) for s, e in scalars]
        deltas = Factors()
        for v, name in outputs:
            v = net.find(v)
            if v in name_of:
                deltas += self._delta(name_of[v], name)
            else:
                name_of[v] = name

        def named(v: int) -> str | None:
            if net.dims[v] == ONE:
                return None
            if v not in name_of:
                name_of[v] = self.names.fresh()
            return name_of[v]

        for v, label in red.labels.items():
            c, inner = self._factors(label, named(v), None)
            coef, factors = coef * c, factors + inner
        for (u, w), m in red.edges.items():
            c, inner = self._factors(m, named(u), named(w))
            coef, factors = coef * c, factors + inner
        for m, at in red.hubs:
            if len(m.shape) > 2:
                names = tuple(named(v) or "" for v in at)
                factors.append((apply("at", (self.writer.write(m),), names), _once(*names)))
                continue
            ends = [named(v) for v in at]
            row = ends[0] if ends and m.rows != ONE else None
            col = (ends[1] if len(ends) > 1 else ends[0]) if m.cols != ONE else None
            c, inner = self._factors(m, row, col)
            coef, factors = coef * c, factors + inner
        free = frozenset(n for _, n in outputs)
        inner_sizes = {n: net.dims[v] for v, n in name_of.items() if n not in free}
        return self._join(coef, [*factors, *deltas, *self._unused(inner_sizes, factors)], free)
