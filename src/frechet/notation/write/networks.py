"""Networks of tensors as they are written: products member by member, transposes, sums along an axis, else ``einsum``.

The factors are put together two at a time, in every order; each partial result is an array whose axes have letters.
What the language has signs for is tried (``A*B`` over the last two axes, ``X*diag(g)``, ``A.*B``, ``sum(X,k)``), and
what is left is one ``einsum``.  The cheapest way is taken, an ``einsum`` counting as many signs more as it has letters:
it is read letter by letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import final

from frechet.algebra.node import Node
from frechet.core.expr import Expr
from frechet.notation.signs import NONE
from frechet.notation.write.pen import Pen
from frechet.ops.expressions import apply

MOST = 6
"""Networks of more factors are written as one einsum."""
NESTED = 6
"""What an einsum inside another formula costs besides."""
WAYS = 4
"""So many orders of the axes of a partial result are kept."""

Way = tuple[int, Expr]
"""What a partial result costs, and its formula."""
Ways = dict[str, Way]
"""Partial results of the same factors, by the letters of their axes in order."""


def network(w: Pen, x: Node, flips: frozenset[Node] = NONE) -> Expr:
    """An einsum node, written the shortest way, with the differences in `flips` turned round."""
    ins, out = x.params[0].split("->")
    specs = ins.split(",")
    tensors = len(x.shape) > 2 or any(len(a.shape) > 2 for a in x.args)
    if not tensors or len(x.args) > MOST:
        found = apply("einsum", tuple(w.factor(a, flips) for a in x.args), x.params)
        return apply("transpose", (found,)) if x.row and len(out) == 1 else found
    factors = [(w.factor(a, flips), s) for a, s in zip(x.args, specs, strict=True)]
    found = _Search(w, factors, out).found()
    return apply("transpose", (found,)) if x.row and len(out) == 1 else found


@final
class _Search:
    """The ways in which one network may be written."""

    def __init__(self, w: Pen, factors: list[tuple[Expr, str]], out: str) -> None:
        self.w, self.factors, self.out = w, factors, out
        self.everything = frozenset(range(len(factors)))
        self.ways: dict[frozenset[int], Ways] = {}

    def found(self) -> Expr:
        """The cheapest."""
        for size in range(1, len(self.factors) + 1):
            for chosen in combinations(range(len(self.factors)), size):
                subset = frozenset(chosen)
                ways: Ways = {}
                for letters, way in self._made(subset):
                    for summed in self._settled(letters, way, subset):
                        _keep(ways, *summed)
                kept = sorted(ways.items(), key=lambda k: (k[1][0], k[0]))[:WAYS]
                self.ways[subset] = dict(kept)
        options: list[Way] = []
        for letters, (cost, e) in self.ways[self.everything].items():
            turned = self._turned_to(letters, e)
            if turned is not None:
                options.append((cost + self.w.count(turned) - self.w.count(e), turned))
        options.append(self._einsum(self.factors, self.out))
        return min(options, key=lambda o: o[0])[1]

    def _einsum(self, operands: list[tuple[Expr, str]], out: str) -> Way:
        specs = [s for _, s in operands]
        e = apply("einsum", tuple(e for e, _ in operands), (",".join(specs) + "->" + out,))
        return self.w.count(e) + _letters(specs, out), e

    def _needed(self, subset: frozenset[int]) -> set[str]:
        """The letters of these factors that something else needs."""
        mine = {c for k in subset for c in self.factors[k][1]}
        others = {c for k in self.everything - subset for c in self.factors[k][1]} | set(self.out)
        return mine & others

    def _made(self, subset: frozenset[int]) -> Iterator[tuple[str, Way]]:
        """Partial results, before letters that nobody needs any more are summed over."""
        if len(subset) == 1:
            (k,) = subset
            e, letters = self.factors[k]
            yield letters, (self.w.count(e), e)
            return
        first = min(subset)
        for size in range(1, len(subset)):
            for chosen in combinations(sorted(subset - {first}), size - 1):
                left = frozenset((first, *chosen))
                right = subset - left
                for la, (ca, a) in self.ways[left].items():
                    for lb, (cb, b) in self.ways[right].items():
                        yield from self._joined(subset, (la, ca, a), (lb, cb, b))
                        yield from self._joined(subset, (lb, cb, b), (la, ca, a))
        needed = self._needed(subset)
        letters = "".join(c for c in self.out if c in needed)
        letters += "".join(sorted(needed - set(letters)))
        if len(subset) < len(self.factors):
            cost, e = self._einsum([self.factors[k] for k in sorted(subset)], letters)
            yield letters, (cost + NESTED, e)

    def _joined(
        self, subset: frozenset[int], left: tuple[str, int, Expr], right: tuple[str, int, Expr]
    ) -> Iterator[tuple[str, Way]]:
        """The products of two partial results that have signs, and the einsum of the two."""
        (la, ca, a), (lb, cb, b) = left, right
        needed = self._needed(subset)
        if la == lb:
            yield la, (ca + cb + 1, apply("hadamard", (a, b)))
            return
        if len(lb) == 1 and len(la) > 2 and lb in la[-2:] and lb in needed:
            d = apply("diag", (b,))
            if la[-1] == lb:
                yield la, (ca + cb + 2, apply("mul", (a, d)))
            else:
                yield la, (ca + cb + 2, apply("mul", (d, a)))
        for x, p in _both_ways(la, a):
            for y, q in _both_ways(lb, b):
                made = _product(x, y, needed)
                if made is not None:
                    e = apply("mul", (p, q))
                    yield made, (ca + cb + 1 + (p is not a) + (q is not b), e)
        whole = subset == self.everything
        letters = self.out if whole else "".join(c for c in dict.fromkeys(la + lb) if c in needed)
        e = apply("einsum", (a, b), (f"{la},{lb}->{letters}",))
        yield letters, (ca + cb + 1 + _letters([la, lb], letters) + (0 if whole else NESTED), e)

    def _settled(self, letters: str, way: Way, subset: frozenset[int]) -> Iterator[tuple[str, Way]]:
        """Letters that nobody needs, summed over: one axis after the other, or all at once."""
        cost, e = way
        needed = self._needed(subset)
        gone = [c for c in letters if c not in needed]
        if gone and len(gone) == len(letters):
            yield "", (cost + 1, apply("sum", (e,), (None,)))
            return
        for c in gone:
            if not e.shape:
                return
            k = letters.index(c)
            e = apply("sum", (e,), (k + 1,))
            letters = letters.replace(c, "")
            cost += 2
        yield letters, (cost, e)

    def _turned_to(self, letters: str, e: Expr) -> Expr | None:
        """The array with its axes in the order that is wanted."""
        if letters == self.out:
            return e
        if len(letters) >= 2 and letters[:-2] + letters[-1] + letters[-2] == self.out:
            return apply("transpose", (e,))
        if len(letters) > 2 and sorted(letters) == sorted(self.out):
            return apply("permute", (e,), tuple(letters.index(c) + 1 for c in self.out))
        return None


def _letters(specs: Sequence[str], out: str) -> int:
    """The letters of an einsum; one that stands in a single factor and is summed over is looked for twice."""
    text = "".join(specs) + out
    return len(text) + 2 * sum(text.count(c) == 1 for c in "".join(specs))


def _keep(ways: Ways, letters: str, way: Way) -> None:
    known = ways.get(letters)
    if known is None or way[0] < known[0]:
        ways[letters] = way


def _both_ways(letters: str, e: Expr) -> Iterator[tuple[str, Expr]]:
    """An array, and with its last two axes exchanged."""
    yield letters, e
    if len(letters) >= 2:
        yield letters[:-2] + letters[-1] + letters[-2], apply("transpose", (e,))


def _product(x: str, y: str, needed: set[str]) -> str | None:
    """The letters of the product over the last two axes; None where it is none of this network."""
    if len(x) == 2 and len(y) == 1:
        return x[0] if x[1] == y and y not in needed and x[0] in needed else None
    if len(x) < 2 or len(y) < 2 or x[-1] != y[-2]:
        return None
    first, second, inner, i, k = x[:-2], y[:-2], x[-1], x[-2], y[-1]
    if (first and second and first != second) or inner in needed or i == k:
        return None
    batch = first or second
    if {i, k, inner} & set(batch) or not {*batch, i, k} <= needed:
        return None
    return batch + i + k
