"""Index form: a node by its entries, ``A[i,r]*B[r,j]``.

Indices are names; a fresh one is taken for every inner sum.  An index that two factors share is summed by the
convention; anything else (an index on one factor or on three, a sum under a power) gets an explicit ``sum(r: …)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from typing import final

from frechet.algebra import constructors as b
from frechet.algebra.atoms import U, is_op
from frechet.algebra.network import Reduced
from frechet.algebra.node import CAP, Node
from frechet.core.dim import ONE, Dim
from frechet.core.expr import Expr, postorder
from frechet.core.records import facts, record
from frechet.errors import FrechetError
from frechet.notation.indexcounts import (
    Counts,
    Factors,
    Index,
    delta,
    entry_at,
    entry_of,
    in_a_function,
    is_reciprocal,
    meets_itself,
    once,
    powered,
    unused,
    worst,
)
from frechet.notation.indexnames import IndexNames
from frechet.notation.signs import (
    added,
    backwards,
    chosen,
    differences,
    factors_of,
    in_order,
    is_odd,
    negative,
    times,
    unsigned,
    unstacked,
)
from frechet.notation.write import Writer
from frechet.ops.expressions import apply, number

LONGEST = CAP // 2
"""Index forms of heavier nodes are refused: nobody reads them."""

Flips = frozenset[Node]
"""The differences that are written the other way round."""


@final
class Entries:
    """Writes entries of nodes as formulas in index form."""

    def __init__(self, writer: Writer, names: IndexNames) -> None:
        self.writer, self.names = writer, names

    def entry(self, x: Node, i: Index, j: Index) -> tuple[Expr, Counts]:
        """x[i,j] and the free indices in it; an axis of size one has no index."""
        if x.weight >= LONGEST:
            raise FrechetError("limit", "the index form is too long to be read")
        return self._term(x, U, i, j)

    def _term(self, x: Node, c: Fraction, i: Index, j: Index, forced: bool = True) -> tuple[Expr, Counts]:
        """c·x[i,j], with the signs of its differences chosen."""
        own, scalars, chain = b.parts(x)
        positive, flips = chosen(c * own, factors_of(scalars, chain), forced, self.writer.said)
        coef, factors = self._factors(x, i, j, flips)
        coef = abs(coef * c) if positive else -abs(coef * c)
        return self._join(coef, factors, frozenset(once(i, j)))

    def _join(self, coef: Fraction, factors: Factors, free: frozenset[str]) -> tuple[Expr, Counts]:
        """The product of factors; an inner index that is not on exactly two of them is summed explicitly.

        So is one that stands below the line only: 1/(u[l]*v[l]) would read as one over the sum.
        """
        if coef == 0:
            return number(0), {}
        counts: Counts = {}
        above: set[str] = set()
        for e, names in factors:
            for n, k in names.items():
                counts[n] = counts.get(n, 0) + k
            if not is_reciprocal(e):
                above |= names.keys()
        odd = tuple(sorted(n for n, c in counts.items() if (c != 2 or n not in above) and n not in free))
        parts = [e for e, _ in factors]
        if coef.numerator not in (1, -1) or not parts:
            parts.insert(0, number(abs(coef.numerator)))
        below = [p.args[1] for p in parts if is_reciprocal(p)]
        parts = [p for p in parts if not is_reciprocal(p)] or [number(1)]
        if coef.denominator != 1:
            below.insert(0, number(coef.denominator))
        e = times(parts)
        if below:
            under = times(below)
            if e.op.name == under.op.name == "number" and under.params[0]:
                e = number(e.params[0] / under.params[0])
            else:
                e = apply("divide", (e, under))
        if odd:
            e = apply("isum", (e,), odd)
        e = negative(e) if coef < 0 else e
        return e, {n: k for n, k in counts.items() if n in free}

    def _closed(self, x: Node, i: Index, j: Index, flips: Flips) -> tuple[Expr, Counts]:
        """x[i,j] with every inner sum explicit: what may stand under a power or a division."""
        return self._explicit(*self._factors(x, i, j, flips), frozenset(once(i, j)))

    def _explicit(self, scalar: Fraction, factors: Factors, free: frozenset[str]) -> tuple[Expr, Counts]:
        """The product of factors with a written sum over every index that is not free."""
        inner = sorted({n for _, names in factors for n in names if n not in free})
        if not inner:
            return self._join(scalar, factors, free)
        joined, counts = self._join(scalar, factors, free | frozenset(inner))
        return apply("isum", (joined,), tuple(inner)), {n: k for n, k in counts.items() if n in free}

    def _factors(self, x: Node, i: Index, j: Index, flips: Flips) -> tuple[Fraction, Factors]:
        none: Counts = {}
        if x.kind == "product":
            coef, factors = x.coef, Factors()
            for s, e in x.terms:
                factors.append((self._scalar(s, e, flips), none))
            c, inner = self._line(x.chain, i, j, flips) if x.chain else (U, [])
            return coef * c, factors + inner
        if x.scalar:
            return U, [(self._scalar(x, U, flips), none)]
        if x.kind == "transpose":
            return self._factors(x.args[0], j, i, flips)
        if x.kind == "sum" and unstacked(x)[1] is not x:  # reshape(a-b,m,n)[i,j]
            return U, [entry_of(self.writer.factor(x, flips), i, j)]
        if x.kind == "sum":
            sign = -1 if x in flips else 1
            ordered = [(t, c * sign) for t, c in in_order(x.terms)]

            def made(forced: bool) -> list[tuple[Expr, Counts]]:
                return self.names.apart(lambda t=t, c=c: self._term(t, c, i, j, forced) for t, c in ordered)

            terms = made(forced=False)
            if all(unsigned(e)[0] for e, _ in terms):
                terms = made(forced=True)
            terms = [(e, counts) for e, counts in terms if e is not number(0)]
            if not terms:
                return Fraction(0), []
            return U, [(added(e for e, _ in terms), worst([counts for _, counts in terms]))]
        if x.kind == "hadamard":
            coef, factors = U, Factors()
            for base, e in x.terms:
                if e == 1:
                    c, inner = self._factors(base, i, j, flips)
                    coef, factors = coef * c, factors + inner
                else:
                    entry, names = self._closed(base, i, j, flips)
                    factors.append((powered(entry, e), names))
            return coef, factors
        if x.kind == "diag":
            c, factors = self._factors(x.args[0], i, None, flips)
            one, same = delta(i, j)
            return c * one, [*factors, *same]
        if x.kind == "diagonal":
            return self._factors(x.args[0], i, i, flips)
        if is_op(x, "eye"):
            return delta(i, j)
        if is_op(x, "ones"):
            return U, []
        if is_op(x, "zeros"):
            return Fraction(0), []
        if is_op(x, "unit"):
            return delta(x.params[0], i)
        if is_op(x, "select") and isinstance(j, Dim):
            return delta(i, j - x.params[0], x.rows)
        if x.kind == "apply" and x.params[:1] == ("elementwise",):
            if facts(x.op).jumps and meets_itself(x.args[0]):
                return U, [entry_of(self.writer.factor(x, flips), i, j)]
            entry, counts = self._argument(x, i, j, flips)
            if counts and not any(e.op.name == "at" for e in postorder(entry)):
                return U, [entry_of(self.writer.factor(x, flips), i, j)]  # f(delta(k,l)) does not say how far they run
            return U, [(apply(x.op, (entry,), x.params[1:]), in_a_function(counts))]
        if x.kind == "einsum":
            axes: list[Index] = [i, j] if x.rows != ONE else [j]
            return self._contraction(x, axes[: len(x.params[0].split("->")[1])], flips)
        if x.kind == "apply" and record(x.op).elementwise:
            each = [self.entry(a, *((i, j) if not a.scalar else (None, None))) for a in x.args]
            name = "power" if x.op == "epower" else x.op
            entry, counts = apply(name, tuple(e for e, _ in each)), worst([counts for _, counts in each])
            if counts and not any(e.op.name == "at" for e in postorder(entry)):
                return U, [entry_of(self.writer.factor(x, flips), i, j)]
            return U, [(entry, in_a_function(counts))]
        return U, [entry_of(self.writer.factor(x, flips), i, j)]

    def _contraction(self, x: Node, at: Sequence[Index], flips: Flips) -> tuple[Fraction, Factors]:
        """A contraction of several factors: its letters become indices."""
        ins, out = x.params[0].split("->")
        name: dict[str, Index] = dict(zip(out, at, strict=True))
        specs = ins.split(",")
        picks = [k for k, f in enumerate(x.args) if is_op(f, "unit") and specs[k] not in name]
        for k in reversed(picks):  # a sum against a unit vector: its place stands for the index
            name[specs[k]] = x.args[k].params[0]
        coef, factors = U, Factors()
        inner_sizes: dict[str, Dim] = {}
        for k, (spec, f) in enumerate(zip(specs, x.args, strict=True)):
            if k in picks and name[spec] == f.params[0]:
                continue
            sizes = f.shape if len(spec) > 1 or not f.row else f.shape[1:]
            for letter, size in zip(spec, sizes, strict=False):
                if letter not in name:
                    name[letter] = fresh = self.names.fresh()
                    inner_sizes[fresh] = size
            c, inner = self._tensor(f, [name[letter] for letter in spec], flips)
            coef, factors = coef * c, factors + inner
        return coef, factors + unused(self.writer, inner_sizes, factors)

    def of_tensor(self, x: Node, at: Sequence[Index]) -> Expr:
        """An entry of an array of any order, one index an axis."""
        return self._whole_tensor(x, at)[0]

    def _whole_tensor(self, x: Node, at: Sequence[Index]) -> tuple[Expr, Counts]:
        """An entry of an array of any order, with the signs of its differences chosen."""
        own, scalars, chain = b.parts(x)
        positive, flips = chosen(own, factors_of(scalars, chain), said=self.writer.said)
        coef, factors = self._tensor(x, at, flips)
        return self._join(abs(coef) if positive else -abs(coef), factors, frozenset(once(*at)))

    def _tensor(self, x: Node, at: Sequence[Index], flips: Flips) -> tuple[Fraction, Factors]:
        """An entry of an array of any order."""
        if len(x.shape) <= 2:
            i, j = (*at, None)[:2]
            return self._factors(x, None, i, flips) if x.row else self._factors(x, i, j, flips)
        if x.kind == "einsum":
            return self._contraction(x, at, flips)
        if x.kind == "product":
            coef, factors = x.coef, [(self._scalar(s, e, flips), Counts()) for s, e in x.terms]
            for f in x.chain:
                c, inner = self._tensor(f, at, flips)
                coef, factors = coef * c, factors + inner
            return coef, factors
        if x.kind == "sum":
            sign = -1 if x in flips else 1
            free = frozenset(once(*at))

            def term(t: Node, c: Fraction) -> tuple[Expr, Counts]:
                coef, factors = self._tensor(t, at, frozenset())
                return self._join(coef * c, factors, free)

            made = self.names.apart(lambda t=t, c=c: term(t, c * sign) for t, c in in_order(x.terms))
            return U, [(added(e for e, _ in made), worst([counts for _, counts in made]))]
        if x.kind == "hadamard":
            coef, factors = U, Factors()
            for base, e in x.terms:
                c, inner = self._tensor(base, at, flips)
                if e == 1:
                    coef, factors = coef * c, factors + inner
                else:
                    entry, counts = self._explicit(c, inner, frozenset(once(*at)))
                    factors.append((powered(entry, e), counts))
            return coef, factors
        if x.kind == "apply" and x.params[:1] == ("elementwise",):
            entry, counts = self._argument_of_tensor(x, at, flips)
            if counts and not any(e.op.name == "at" for e in postorder(entry)):
                return U, [entry_at(self.writer.factor(x, flips), at)]  # f(delta(k,l)) does not say how far they run
            return U, [(apply(x.op, (entry,), x.params[1:]), in_a_function(counts))]
        if is_op(x, "ones"):
            return U, []
        if is_op(x, "zeros"):
            return Fraction(0), []
        return U, [entry_at(self.writer.factor(x, flips), at)]

    def _argument_of_tensor(self, x: Node, at: Sequence[Index], flips: Flips) -> tuple[Expr, Counts]:
        """The argument of a function of entries, turned round where the function is odd and its sign was counted."""
        counts: dict[Node, int] = {}
        differences(x, counts)
        if is_odd(x) and not flips.isdisjoint(counts):
            coef, factors = self._tensor(x.args[0], at, flips)
            return self._join(coef, factors, frozenset(once(*at)))
        return self._whole_tensor(x.args[0], at)

    def _argument(self, x: Node, i: Index, j: Index, flips: Flips) -> tuple[Expr, Counts]:
        """The argument of a function of entries, turned round where the function is odd and its sign was counted."""
        y = x.args[0]
        counts: dict[Node, int] = {}
        differences(x, counts)
        if is_odd(x) and not flips.isdisjoint(counts):
            coef, factors = self._factors(y, i, j, flips)
            return self._join(coef, factors, frozenset(once(i, j)))
        if facts(x.op).mirror == "even" and y.kind == "sum" and backwards(y, self.writer.said):
            return self._factors(y, i, j, frozenset([y]))[1][0]
        return self.entry(y, i, j)

    def _scalar(self, s: Node, e: Fraction, flips: Flips) -> Expr:
        """A power of a scalar; a negative one as 1/…, which the product turns into a division."""
        made = self.writer.scalar_power(s, abs(e), flips)
        return made if e > 0 else apply("divide", (number(1), made))

    def _line(self, chain: tuple[Node, ...], i: Index, j: Index, flips: Flips) -> tuple[Fraction, Factors]:
        """A chain from index i to index j; a diagonal matrix passes its index on, a unit vector gives it a place."""
        coef, factors = U, Factors()
        at = i
        inner_sizes: dict[str, Dim] = {}
        for k, f in enumerate(chain):
            last = k == len(chain) - 1
            after = None if last else chain[k + 1]
            if f.kind == "diag" and k and last:
                # the index before a last diagonal is its own: rename it instead of adding a delta
                c, inner = self._factors(f.args[0], at, None, flips)
                one, same = delta(at, j)
                c, inner = c * one, [*inner, *same]
            elif f.kind == "diag" and after is not None:
                c, inner = self._factors(f.args[0], at, None, flips)
            elif is_op(f, "unit") and k and isinstance(at, Dim):
                at = j if last else None
                continue
            elif f.kind == "transpose" and is_op(f.args[0], "unit") and after is not None and after.rows != ONE:
                at = f.args[0].params[0]
                continue
            else:
                to: Index = None
                if last or (after is not None and after.kind == "diag" and k + 1 == len(chain) - 1):
                    to = j
                elif after is not None and is_op(after, "unit"):
                    to = after.params[0]
                elif f.cols != ONE:
                    to = self.names.fresh()
                    inner_sizes[to] = f.cols
                c, inner = self._factors(f, at, to, flips)
                at = to
            coef, factors = coef * c, factors + inner
        return coef, factors + unused(self.writer, inner_sizes, factors)

    def network(self, red: Reduced, outputs: list[tuple[int, str]]) -> tuple[Expr, Counts]:
        """A reduced network whose outputs have names (pairs of index and name)."""
        red.spread()
        if red.zero or b.parts(red.scalar)[0] == 0:
            return number(0), {}
        net = red.net
        name_of: dict[int, str | Dim] = {}
        factors = Factors()
        own, scalars, _ = b.parts(red.scalar)
        every = [*red.labels.values(), *red.edges.values(), *(m for m, _ in red.hubs)]
        coefs = [b.parts(m)[0] for m in every]
        positive, flips = chosen(prod(coefs, start=own), factors_of(scalars, every), said=self.writer.said)
        coef = own
        factors += [(self._scalar(s, e, flips), Counts()) for s, e in scalars]
        deltas = Factors()
        for v, name in outputs:
            v = net.find(v)
            if v in name_of:
                deltas += delta(name_of[v], name)[1]
            else:
                name_of[v] = name

        vectors = [*red.labels.items(), *((at[0], m) for m, at in red.hubs if len(at) == 1)]
        fixed: dict[int, Dim] = {}
        for v, label in vectors:
            if is_op(label, "unit") and net.find(v) not in name_of:
                fixed.setdefault(net.find(v), label.params[0])
        name_of.update(fixed)

        def named(v: int) -> Index:
            if net.dims[v] == ONE:
                return None
            if v not in name_of:
                name_of[v] = self.names.fresh()
            return name_of[v]

        for v, label in red.labels.items():
            if net.find(v) not in fixed:
                c, inner = self._factors(label, named(v), None, flips)
                coef, factors = coef * c, factors + inner
        for (u, w), m in red.edges.items():
            c, inner = self._factors(m, named(u), named(w), flips)
            coef, factors = coef * c, factors + inner
        for m, at in red.hubs:
            if len(m.shape) > 2:
                c, inner = self._tensor(m, [named(v) for v in at], flips)
                coef, factors = coef * c, factors + inner
                continue
            ends = [named(v) for v in at]
            if len(at) == 1 and is_op(m, "unit") and fixed.get(net.find(at[0])) == m.params[0]:
                continue
            row = ends[0] if ends and m.rows != ONE else None
            col = (ends[1] if len(ends) > 1 else ends[0]) if m.cols != ONE else None
            c, inner = self._factors(m, row, col, flips)
            coef, factors = coef * c, factors + inner
        coef = abs(coef) if positive else -abs(coef)
        free = frozenset(n for _, n in outputs)
        inner_sizes = {n: net.dims[v] for v, n in name_of.items() if isinstance(n, str) and n not in free}
        return self._join(coef, [*factors, *deltas, *unused(self.writer, inner_sizes, factors)], free)
