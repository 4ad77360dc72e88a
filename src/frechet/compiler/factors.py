"""Factors of a network contracted, two at a time, in the cheapest order.

Every pair becomes the instruction that it is: a product entry by entry, a matrix product or a contraction, a solve
where one of the two is an inverse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import prod
from typing import Any, final

from frechet.compiler.bounds import not_negative
from frechet.compiler.contraction import Tree, order
from frechet.compiler.values import Labels, Program, Value
from frechet.core.dim import ONE, Dim

LARGE = 20_000
"""From how many entries on a pass over an array is worth avoiding."""
HEAVY = 5_000_000
"""From how many multiplications on a symmetric product is worth a pass over its factor."""


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
    outs: Labels,
    dims: Mapping[int, Dim],
    size: Callable[[Dim], int],
    coef: Fraction,
    scalars: Sequence[Value],
) -> tuple[Fraction, Value, Labels]:
    """coef · Π scalars · Σ Π factors over the labels that are not in `outs`.

    As a coefficient that is left to be multiplied by, the array, and the labels of its axes.
    """
    work, out = _Work(program, dims, outs), frozenset(outs)

    def length(i: int) -> int:
        return size(dims[i])

    there = work.rooted(work.reduced(factors, out), out, length)
    outside: list[tuple[Value, Labels]] = [(s, ()) for s in scalars]
    if outside or abs(coef) != 1:
        there, taken = work.scaled(there, out, length, coef, outside)
        coef, outside = (Fraction(1), []) if taken else (coef, outside)
    if not there:
        return coef, program.product(Fraction(1), outside, ()), ()
    tree: Tree = 0 if len(there) == 1 else (0, 1)
    if len(there) > 2:  # only then there is a choice, and the sizes are asked for
        tree = order([set(f.labels) for f in there], out, length)
    made = work.along(tree, there, out)
    v = work.value(made)
    axes = tuple(range(len(v.dims)))
    return coef, program.product(Fraction(1), [*outside, (v, axes)], v.dims) if outside else v, made.labels


@final
class _Work:
    """The contraction of two factors, as the instruction that it is."""

    def __init__(self, program: Program, dims: Mapping[int, Dim], outs: Labels) -> None:
        self.program, self.dims = program, dims
        self.place = {i: 1 + k for k, i in reversed(list(enumerate(outs)))}
        """Where a label stands in the result; one that is summed over later has no place."""

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

    def rooted(self, factors: list[Factor], out: Set[int], size: Callable[[int], int]) -> list[Factor]:
        """X'·diag(w)·X with a weight w that is not negative as Z'·Z with Z = diag(√w)·X: half the multiplications."""
        if not self.program.real:
            return factors
        for f, g in combinations(factors, 2):
            others = [h for h in factors if h is not f and h is not g]
            common = set(f.labels) & set(g.labels)
            ends = [k for k, (i, j) in enumerate(zip(f.labels, g.labels, strict=False)) if i != j]
            if f.value is None or f.value is not g.value or len(ends) != 1 or not others or common & set(out):
                continue
            if prod(size(i) for i in {*f.labels, *g.labels}) < HEAVY:
                continue
            weights = [(h.value, h.labels) for h in others if h.value is not None and common.issuperset(h.labels)]
            if len(weights) == len(others) and all(not_negative(w) for w, _ in weights):
                axes = tuple(i for i in f.labels if any(i in at for _, at in weights))
                aligned = [(w, tuple(axes.index(i) for i in at)) for w, at in weights]
                weight = self.program.product(Fraction(1), aligned, [self.dims[i] for i in axes])
                root = self.program.power(weight, Fraction(1, 2)), tuple(f.labels.index(i) for i in axes)
                whole = f.value, tuple(range(len(f.labels)))
                z = self.program.product(Fraction(1), [whole, root], f.value.dims)
                return [Factor(f.labels, z), Factor(g.labels, z)]
        return factors

    def scaled(
        self, factors: list[Factor], out: Set[int], size: Callable[[int], int], coef: Fraction,
        scalars: Sequence[tuple[Value, Labels]],
    ) -> tuple[list[Factor], bool]:  # fmt: skip
        """A factor that is much smaller than the result multiplied by what the result is to be multiplied by."""
        if len(factors) < 2:
            return factors, False
        entries = {k: prod(size(i) for i in f.labels) for k, f in enumerate(factors) if f.value is not None}
        least = min(entries, key=entries.__getitem__, default=None)
        large = prod(size(i) for i in {i for f in factors for i in f.labels if i in out})
        if least is None or large < LARGE or large < 3 * entries[least]:
            return factors, False
        f = factors[least]
        assert f.value is not None
        v = self.program.product(coef, [*scalars, (f.value, tuple(range(len(f.labels))))], f.value.dims)
        return [*factors[:least], Factor(f.labels, v), *factors[least + 1 :]], True

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
        if len(labels) > len(a.labels):  # what is summed over first, then as the result has them: nothing is copied
            labels = tuple(sorted(labels, key=lambda i: self.place.get(i, 0)))
        assert a.value is not None
        assert b.value is not None
        aligned = [(f.value, tuple(labels.index(i) for i in f.labels)) for f in (a, b) if f.value is not None]
        return Factor(labels, self.program.product(Fraction(1), aligned, [self.dims[i] for i in labels]))

    def _contract(self, a: Factor, b: Factor, out: Set[int]) -> Factor:
        a, b = self._turned(a, b, out)
        batch = [i for i in a.labels if i in b.labels and i in out]
        left = [i for i in a.labels if i in out and i not in batch]
        right = [i for i in b.labels if i in out and i not in batch]
        inner = [i for i in a.labels if i in b.labels and i not in out]
        labels = (*batch, *left, *right)
        if not batch and max(len(a.labels), len(b.labels)) > 2 and _leads(inner, a) and _leads(inner, b):
            flat = [self._flat(f, len(inner)) for f in (a, b)]
            made = self._made(flat[0], ((0, 1), (0, 2), (1, 2)), flat[1])
            return Factor(labels, self.program.reshape(made, [self.dims[i] for i in labels]))
        ranks: dict[int, int] = {}
        for i in (*a.labels, *b.labels):
            ranks.setdefault(i, len(ranks))
        assert a.value is not None
        assert b.value is not None
        data = tuple(tuple(ranks[i] for i in part) for part in (a.labels, b.labels, labels))
        return Factor(labels, self._made(a.value, data, b.value))

    def _made(self, a: Value, data: tuple[Labels, ...], b: Value) -> Value:
        """The contraction of two values; of a matrix with itself it is symmetric."""
        sizes = dict(zip((*data[0], *data[1]), (*a.dims, *b.dims), strict=True))
        made = self.program.make("contract", (a, b), data, [sizes[i] for i in data[2]])
        inner = [i for i in data[0] if i in data[1] and i not in data[2]]
        if a is b and len(data[2]) == 2 == len(data[0]) and len(inner) == 1:
            made.symmetric = made.symmetric or data[0].index(inner[0]) == data[1].index(inner[0])
        return made

    def _flat(self, f: Factor, many: int) -> Value:
        """The array as a matrix: its first axes, that are summed over, together; and the others together."""
        assert f.value is not None
        dims = f.value.dims
        return self.program.reshape(f.value, [prod(dims[:many], start=ONE), prod(dims[many:], start=ONE)])

    def _turned(self, a: Factor, b: Factor, out: Set[int]) -> tuple[Factor, Factor]:
        """Two factors in the order in which they are multiplied, symmetric matrices turned as the product has them."""
        inner = [i for i in a.labels if i in b.labels and i not in out]
        if len(inner) != 1 or max(len(a.labels), len(b.labels)) > 2:
            return (b, a) if self._behind(a, b, out) else (a, b)
        (i,) = inner

        def awkward(pair: tuple[Factor, Factor]) -> tuple[Any, ...]:
            left, right = pair
            free = [self.place.get(k, 0) for f in pair for k in f.labels if k != i]
            turns = (left.labels[-1] != i) + (right.labels[0] != i)
            first = (left.value.number, left.labels) if left.value else ()
            return len(left.labels) < len(right.labels), turns, free != sorted(free), first

        ways = [(x, y) for x in _ways(a) for y in _ways(b)]
        return min([*ways, *((y, x) for x, y in ways)], key=awkward)

    @staticmethod
    def _behind(a: Factor, b: Factor, out: Set[int]) -> bool:
        """Whether b is to stand before a, of arrays with more axes: as a product of stacked matrices has them."""
        assert a.value is not None
        assert b.value is not None
        if len(a.labels) != len(b.labels):
            return len(a.labels) < len(b.labels)
        inner = [i for i in a.labels if i in b.labels and i not in out]
        if len(a.labels) > 2 and len(inner) == 1:
            (i,) = inner
            if a.labels[-1] == i == b.labels[-2]:
                return False
            if b.labels[-1] == i == a.labels[-2]:
                return True
        return (a.value.number, a.labels) > (b.value.number, b.labels)


def _leads(inner: Sequence[int], f: Factor) -> bool:
    """Whether the axes that are summed over come first, and others behind them."""
    return len(f.labels) > len(inner) > 0 and list(f.labels[: len(inner)]) == inner


def _ways(f: Factor) -> list[Factor]:
    """The factor, and where it is a symmetric matrix the same with its labels exchanged."""
    if f.value is None or not f.value.symmetric or len(f.labels) != 2 or f.labels[0] == f.labels[1]:
        return [f]
    return [f, Factor(f.labels[::-1], f.value)]


def _labels(tree: Tree, factors: Sequence[Factor]) -> set[int]:
    if isinstance(tree, int):
        return set(factors[tree].labels)
    return _labels(tree[0], factors) | _labels(tree[1], factors)
