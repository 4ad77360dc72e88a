"""Factors of a network contracted, two at a time, in the cheapest order.

Every pair becomes the instruction that it is: a product entry by entry, a matrix product or a contraction, a solve
where one of the two is an inverse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from frechet.compiler.contraction import Tree, order
from frechet.compiler.values import Labels, Program, Value
from frechet.core.dim import Dim


@final
@dataclass(frozen=True)
class Inverse:
    """The inverse of a matrix, not formed yet."""

    of: Value
    how: str
    symmetric: bool


@final
@dataclass(frozen=True)
class Pick:
    """A matrix [0, I, 0], or a basis vector: what it multiplies is cut out.

    From `start`, as many as `wide` says; without it one entry.
    """

    formed: Value
    start: Dim
    wide: Dim | None


@final
@dataclass(frozen=True)
class Factor:
    """A value, or an inverse, or what cuts out a part, and the labels of its axes."""

    labels: Labels
    value: Value | None
    inverse: Inverse | None = None
    pick: Pick | None = None


def contracted(
    program: Program,
    factors: Sequence[Factor],
    out: Set[int],
    dims: Mapping[int, Dim],
    size: Callable[[Dim], int],
    scalars: Sequence[Value],
) -> tuple[Value, Labels]:
    """Π scalars · Σ Π factors over the labels that are not in `out`; with the labels of what is made."""
    work = _Work(program, dims)
    there = work.reduced(factors, out)
    outside: list[tuple[Value, Labels]] = [(s, ()) for s in scalars]
    if not there:
        return program.product(Fraction(1), outside, ()), ()
    tree: Tree = 0 if len(there) == 1 else (0, 1)
    if len(there) > 2:  # only then there is a choice, and the sizes are asked for
        flat = {i: size(d) for i, d in dims.items()}
        tree = order([set(f.labels) for f in there], out, flat.__getitem__)
    made = work.along(tree, there, out)
    v = work.value(made)
    axes = tuple(range(len(v.dims)))
    return program.product(Fraction(1), [*outside, (v, axes)], v.dims) if outside else v, made.labels


@final
class _Work:
    """The contraction of two factors, as the instruction that it is."""

    def __init__(self, program: Program, dims: Mapping[int, Dim]) -> None:
        self.program, self.dims = program, dims

    def value(self, f: Factor) -> Value:
        """The array of a factor; an inverse is formed."""
        if f.value is not None:
            return f.value
        if f.pick is not None:
            return f.pick.formed
        assert f.inverse is not None
        return self.program.make("inverse", (f.inverse.of,), f.inverse.how, f.inverse.of.dims)

    def reduced(self, factors: Sequence[Factor], out: Set[int]) -> list[Factor]:
        """The factors, each summed over what it alone has; equal labels of one factor are its diagonal."""
        made: list[Factor] = []
        for k, f in enumerate(factors):
            needed = set(out) | {i for j, g in enumerate(factors) if j != k for i in g.labels}
            kept = tuple(i for i in dict.fromkeys(f.labels) if i in needed)
            made.append(f if kept == f.labels else Factor(kept, self.program.reduce(self.value(f), f.labels, kept)))
        return made

    def along(self, tree: Tree, factors: Sequence[Factor], out: Set[int]) -> Factor:
        """The factors of a tree contracted; `out` are the labels that others need."""
        if isinstance(tree, int):
            return factors[tree]
        left, right = tree
        a = self.along(left, factors, set(out) | _labels(right, factors))
        b = self.along(right, factors, set(out) | _labels(left, factors))
        return self.pair(a, b, out)

    def pair(self, a: Factor, b: Factor, out: Set[int]) -> Factor:
        """Two factors contracted to the labels in `out`."""
        for f, g in ((a, b), (b, a)):
            made = self._solved(f, g, out) or self._cut(f, g, out)
            if made is not None:
                return made
        x, y = self.value(a), self.value(b)
        both = [i for i in a.labels if i in b.labels]
        if all(i in out for i in both):
            return self._product(Factor(a.labels, x), Factor(b.labels, y))
        return self._contract(Factor(a.labels, x), Factor(b.labels, y), out)

    def _solved(self, f: Factor, g: Factor, out: Set[int]) -> Factor | None:
        """inv(A)·b as a solve: b has the label that is summed over and not the other one."""
        if f.inverse is None:
            return None
        i, k = f.labels
        inner, other, turned = (k, i, False) if k in g.labels and k not in out else (i, k, True)
        if inner not in g.labels or inner in out or other in g.labels:
            return None
        if self.program.known("inverse", (f.inverse.of,), f.inverse.how, f.inverse.of.dims) is not None:
            return None  # it is there already
        if g.inverse is not None and g.inverse.of is f.inverse.of:
            return None  # inv(A)*inv(A): formed once
        rest = tuple(j for j in g.labels if j != inner)
        b = self.program.reduce(self.value(g), g.labels, (inner, *rest))
        turned = turned and not f.inverse.symmetric
        made = self.program.make("solve", (f.inverse.of, b), (f.inverse.how, turned), b.dims)
        return Factor((other, *rest), made)

    def _cut(self, f: Factor, g: Factor, out: Set[int]) -> Factor | None:
        """[0, I, 0]·b, or a basis vector's: a part of b, as a view."""
        if f.pick is None or g.pick is not None:
            return None
        along = f.labels[-1]
        if along not in g.labels or along in out or (len(f.labels) == 2 and f.labels[0] in g.labels):
            return None
        at = g.labels.index(along)
        v = self.value(g)
        wide = () if f.pick.wide is None else (f.pick.wide,)
        made = self.program.make("cut", (v,), (at, f.pick.start, f.pick.wide), (*v.dims[:at], *wide, *v.dims[at + 1 :]))
        return Factor((*g.labels[:at], *f.labels[:-1], *g.labels[at + 1 :]), made)

    def _product(self, a: Factor, b: Factor) -> Factor:
        assert a.value is not None
        assert b.value is not None
        if (len(b.labels), -b.value.number) > (len(a.labels), -a.value.number) and not set(b.labels).isdisjoint(
            a.labels
        ):
            a, b = b, a
        labels = (*a.labels, *(i for i in b.labels if i not in a.labels))
        assert a.value is not None
        assert b.value is not None
        aligned = [(f.value, tuple(labels.index(i) for i in f.labels)) for f in (a, b) if f.value is not None]
        return Factor(labels, self.program.product(Fraction(1), aligned, [self.dims[i] for i in labels]))

    def _contract(self, a: Factor, b: Factor, out: Set[int]) -> Factor:
        a, b = _straight(a, b, out), _straight(b, a, out)
        if self._behind(a, b, out):
            a, b = b, a
        a = _straight(a, b, out, last=True)
        assert a.value is not None
        assert b.value is not None
        batch = [i for i in a.labels if i in b.labels and i in out]
        labels = (
            *batch,
            *(i for i in a.labels if i in out and i not in batch),
            *(i for i in b.labels if i in out and i not in batch),
        )
        ranks: dict[int, int] = {}
        for i in (*a.labels, *b.labels):
            ranks.setdefault(i, len(ranks))
        data = tuple(tuple(ranks[i] for i in part) for part in (a.labels, b.labels, labels))
        made = self.program.make("contract", (a.value, b.value), data, [self.dims[i] for i in labels])
        if a.value is b.value and len(labels) == 2 == len(a.labels) and not batch:
            shared = next(i for i in data[0] if i in data[1])
            made.symmetric = made.symmetric or data[0].index(shared) == data[1].index(shared)
        return Factor(labels, made)

    @staticmethod
    def _behind(a: Factor, b: Factor, out: Set[int]) -> bool:
        """Whether b is to stand before a: one order for each pair, that of a matrix product where it is one."""
        assert a.value is not None
        assert b.value is not None
        inner = [i for i in a.labels if i in b.labels and i not in out]
        if len(a.labels) == 2 == len(b.labels) and len(inner) == 1:
            (i,) = inner
            if a.labels[1] == i and b.labels[0] == i:
                return False
            if a.labels[0] == i and b.labels[1] == i:
                return True
        if len(a.labels) != len(b.labels):
            return len(a.labels) < len(b.labels)
        if len(a.labels) > 2 and len(inner) == 1:  # stacked matrices
            (i,) = inner
            if a.labels[-1] == i == b.labels[-2]:
                return False
            if b.labels[-1] == i == a.labels[-2]:
                return True
        return (a.value.number, a.labels) > (b.value.number, b.labels)


def _straight(f: Factor, g: Factor, out: Set[int], last: bool = False) -> Factor:
    """A symmetric matrix with the label that is summed over where a product has it: first, on the left last."""
    if f.value is None or not f.value.symmetric or len(f.labels) != 2 or f.labels[0] == f.labels[1]:
        return f
    inner = [i for i in f.labels if i in g.labels and i not in out]
    if len(inner) != 1:
        return f
    (other,) = (i for i in f.labels if i != inner[0])
    return Factor((other, inner[0]) if last or len(g.labels) < 2 else (inner[0], other), f.value)


def _labels(tree: Tree, factors: Sequence[Factor]) -> set[int]:
    if isinstance(tree, int):
        return set(factors[tree].labels)
    return _labels(tree[0], factors) | _labels(tree[1], factors)
