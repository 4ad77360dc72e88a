"""Networks of tensors as they are written: products member by member, transposes, sums along an axis, else ``einsum``.

The factors are put together two at a time, in every order; each partial result is an array whose axes have letters.
What the language has signs for is tried (``A*B`` over the last two axes, ``X*diag(g)``, ``A.*B``, ``sum(X,k)``), and
what is left is one ``einsum``.  The cheapest way is taken, an ``einsum`` counting as many signs more as it has letters:
it is read letter by letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, final

from frechet.algebra.atoms import is_op
from frechet.algebra.constructors import T
from frechet.algebra.constructors.tensors import LETTERS
from frechet.algebra.network.contraction import contracted
from frechet.algebra.node import Node
from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.notation.signs import NONE, times
from frechet.notation.write.pen import Pen
from frechet.ops.expressions import apply

MOST = 6
"""Networks of more factors are written as one einsum."""
NESTED = 6
"""What an einsum inside another formula costs besides."""
INSIDE = 3
"""What a product as an argument of an einsum costs besides."""
WAYS = 4
"""So many orders of the axes of a partial result are kept."""

Held = dict[int, Dim]
"""The axes of a factor, counted from 0, that are held at a place."""
Plan = tuple[Any, ...]
"""How a partial result is made: ("factor", k), or an operation with its parameters and the plans of its arguments."""
Way = tuple[int, Plan]
"""What a partial result costs, and its plan."""
Ways = dict[str, Way]
"""Partial results of the same factors, by the letters of their axes in order."""


def network(w: Pen, x: Node, flips: frozenset[Node] = NONE) -> Expr:
    """An einsum node, written the shortest way, with the differences in `flips` turned round."""
    tensors = len(x.shape) > 2 or any(len(a.shape) > 2 for a in x.args)
    ins, out = (_named_by_sizes(x) if tensors else x.params[0]).split("->")
    specs, arguments = ins.split(","), list(x.args)
    kept = [(s, a) for s, a in zip(specs, arguments, strict=True) if not a.scalar]
    if 0 < len(kept) < len(specs):  # axes of size one that no other factor has
        letters = {c for s, _ in kept for c in s}
        inside = contracted([s for s, _ in kept], "".join(c for c in out if c in letters), [a for _, a in kept])
        return apply("reshape", (w.factor(inside, flips),), x.shape)
    if tensors:  # what has most axes comes first: T, then the vectors it is contracted with
        places = sorted(range(len(specs)), key=lambda k: -len(specs[k]))
        specs, arguments = [specs[k] for k in places], [arguments[k] for k in places]
        specs, arguments, held = held_at_places(specs, arguments, out)
        factors = [sliced(w.factor(a, flips), at) for a, at in zip(arguments, held, strict=True)]
        entries = [e for e, s in zip(factors, specs, strict=True) if not s]
        if entries:  # they stand in front
            return times([*entries, *([_written(w, x, specs, factors, arguments, out)] if any(specs) else [])])
    else:
        factors = [w.factor(a, flips) for a in arguments]
    return _written(w, x, specs, factors, arguments, out)


def _written(w: Pen, x: Node, specs: list[str], factors: list[Expr], arguments: list[Node], out: str) -> Expr:
    """A network of factors that are written already; of those without axes nothing is said."""
    tensors = len(x.shape) > 2 or any(len(a.shape) > 2 for a in x.args)
    live = [k for k, s in enumerate(specs) if s]
    specs, factors, arguments = [specs[k] for k in live], [factors[k] for k in live], [arguments[k] for k in live]
    if not tensors or len(arguments) > MOST:
        found = apply("einsum", tuple(factors), (",".join(specs) + "->" + out,))
    else:
        alike = frozenset(k for k, a in enumerate(arguments) if len(a.shape) == 2 and not a.row and T(a) is a)
        found = _built(_Search(specs, [w.count(e) for e in factors], out, alike).found(), factors)
    return apply("transpose", (found,)) if x.row and len(out) == 1 else found


def held_at_places(
    specs: Sequence[str], arguments: Sequence[Node], out: str
) -> tuple[list[str], list[Node], list[Held]]:
    """The factors without unit vectors that only pick a place along axes of tensors, and where each is held.

    Beside a unit vector along an axis of the result a tensor matters at that place only.
    """
    held: list[Held] = [{} for _ in specs]
    picking: set[int] = set()
    for k, (spec, a) in enumerate(zip(specs, arguments, strict=True)):
        if not is_op(a, "unit") or len(spec) != 1:
            continue
        others = [j for j in range(len(specs)) if j != k and spec in specs[j]]
        sliced_there = [j for j in others if len(arguments[j].shape) > 2 and specs[j].count(spec) == 1]
        if spec in out or (others and sliced_there == others):
            for j in sliced_there:
                held[j][specs[j].index(spec)] = a.params[0]
        if others and sliced_there == others and spec not in out:
            picking.add(k)
    left = [k for k in range(len(specs)) if k not in picking]
    rest = ["".join(c for at, c in enumerate(specs[k]) if at not in held[k]) for k in left]
    return rest, [arguments[k] for k in left], [held[k] for k in left]


def sliced(e: Expr, at: Held) -> Expr:
    """X[1,:,:]: an array with some of its axes held at places."""
    if not at:
        return e
    return apply("entry" if len(at) == len(e.shape) else "slice", (e,), tuple(at.get(k) for k in range(len(e.shape))))


def _named_by_sizes(x: Node) -> str:
    """The letters of a network after the sizes of its axes, where these have names: btd for an array b×t×d."""
    text: str = x.params[0]
    sizes: dict[str, Dim] = {}
    for spec, a in zip(text.split("->")[0].split(","), x.args, strict=True):
        for c, d in zip(spec, a.shape if len(spec) > 1 or not a.row else a.shape[1:], strict=False):
            sizes.setdefault(c, d)
    order = [*dict.fromkeys(text.split("->")[1] + text.split("->")[0].replace(",", ""))]
    wanted = {c: str(sizes[c])[0] if c in sizes and len(sizes[c].names) == 1 else "" for c in order}
    names: dict[str, str] = {}
    for c in order:
        if wanted[c].isascii() and wanted[c].isalpha() and wanted[c] not in names.values():
            names[c] = wanted[c]
    spare = iter(k for k in LETTERS if k not in wanted.values())
    return "".join(names.get(c) or names.setdefault(c, next(spare)) if c.isalpha() else c for c in text)


def _built(plan: Plan, factors: Sequence[Expr]) -> Expr:
    """The formula that a plan makes of the factors."""
    if plan[0] == "factor":
        k: int = plan[1]
        return factors[k]
    return apply(plan[0], tuple(_built(a, factors) for a in plan[2:]), plan[1])


@final
class _Search:
    """The ways in which one network may be written: the letters of its factors, their signs, the result's letters."""

    def __init__(self, specs: Sequence[str], signs: Sequence[int], out: str, symmetric: frozenset[int]) -> None:
        self.specs, self.signs, self.out, self.symmetric = specs, signs, out, symmetric
        self.everything = frozenset(range(len(specs)))
        self.ways: dict[frozenset[int], Ways] = {}
        self.needs: dict[frozenset[int], frozenset[str]] = {}

    def found(self) -> Plan:
        """The cheapest."""
        for size in range(1, len(self.specs) + 1):
            for chosen in combinations(range(len(self.specs)), size):
                subset = frozenset(chosen)
                self.needs[subset] = self._needed(subset)
                ways: Ways = {}
                for letters, way in self._made(subset):
                    _keep(ways, *self._settled(letters, way, self.needs[subset]))
                    if subset != self.everything:
                        _keep(ways, letters, way)  # sum(X*A): what nobody needs is summed over later
                self.ways[subset] = dict(sorted(ways.items(), key=lambda k: (k[1][0], k[0]))[:WAYS])
        options = [self._einsum(self.everything, self.out)]
        for letters, way in self.ways[self.everything].items():
            turned = self._turned_to(letters, way)
            options += [turned] if turned is not None else []
        return min(options, key=lambda o: o[0])[1]

    def _einsum(self, subset: frozenset[int], out: str) -> Way:
        """All factors in one einsum."""
        which = sorted(subset)
        specs = [self.specs[k] for k in which]
        cost = 1 + sum(self.signs[k] for k in which) + _letters(specs, out)
        return cost, ("einsum", (",".join(specs) + "->" + out,), *(("factor", k) for k in which))

    def _needed(self, subset: frozenset[int]) -> frozenset[str]:
        """The letters of these factors that something else needs."""
        mine = {c for k in subset for c in self.specs[k]}
        return frozenset(mine & ({c for k in self.everything - subset for c in self.specs[k]} | set(self.out)))

    def _made(self, subset: frozenset[int]) -> Iterator[tuple[str, Way]]:
        """Partial results, before letters that nobody needs any more are summed over."""
        if len(subset) == 1:
            (k,) = subset
            spec = self.specs[k]
            if len(set(spec)) == len(spec):
                yield spec, (self.signs[k], ("factor", k))
                return
            letters = "".join(c for c in dict.fromkeys(spec) if c in self.needs[subset])
            if len(spec) == 2:
                yield letters, (self.signs[k] + 1, ("diag" if letters else "tr", (), ("factor", k)))
                return
            cost, plan = self._einsum(subset, letters)  # a diagonal: only einsum names an axis twice
            yield letters, (cost if subset == self.everything else cost + NESTED, plan)
            return
        first = min(subset)
        needed, whole = self.needs[subset], subset == self.everything
        for size in range(1, len(subset)):
            for chosen in combinations(sorted(subset - {first}), size - 1):
                left = frozenset((first, *chosen))
                right = subset - left
                for a in self.ways[left].items():
                    for b in self.ways[right].items():
                        yield from self._joined(needed, whole, a, b)
                        yield from self._joined(needed, whole, b, a)
        letters = "".join(c for c in self.out if c in needed)
        letters += "".join(sorted(needed - set(letters)))
        if not whole:
            cost, plan = self._einsum(subset, letters)
            yield letters, (cost + NESTED, plan)

    def _joined(
        self, needed: frozenset[str], whole: bool, left: tuple[str, Way], right: tuple[str, Way]
    ) -> Iterator[tuple[str, Way]]:
        """The products of two partial results that have signs, and the einsum of the two."""
        (la, (ca, a)), (lb, (cb, b)) = left, right
        if la == lb:
            yield la, (ca + cb + 1, ("hadamard", (), a, b))
            return
        if len(la) == 2 and la == lb[::-1]:
            yield la, (ca + cb + 2, ("hadamard", (), a, ("transpose", (), b)))
        if len(lb) == 1 and len(la) > 2 and lb in la[-2:] and lb in needed:
            d: Plan = ("diag", (), b)
            yield la, (ca + cb + 2, ("mul", (), a, d) if la[-1] == lb else ("mul", (), d, a))
        for x, p in self._both_ways(la, a):
            for y, q in self._both_ways(lb, b):
                made = _product(x, y, needed)
                if made is not None:
                    brackets = q[0] == "mul"  # A*B*C, not A*(B*C)
                    yield made, (ca + cb + 1 + (p is not a) + (q is not b) + brackets, ("mul", (), p, q))
        letters = self.out if whole else "".join(c for c in dict.fromkeys(la + lb) if c in needed)
        inside = (a[0] not in ("factor", "sum")) + (b[0] not in ("factor", "sum"))
        cost = ca + cb + 1 + _letters([la, lb], letters) + INSIDE * inside + (0 if whole else NESTED)
        yield letters, (cost, ("einsum", (f"{la},{lb}->{letters}",), a, b))

    def _both_ways(self, letters: str, plan: Plan) -> Iterator[tuple[str, Plan]]:
        """An array, and with its last two axes exchanged."""
        yield letters, plan
        if len(letters) >= 2:
            same = plan[0] == "factor" and plan[1] in self.symmetric
            yield letters[:-2] + letters[-1] + letters[-2], plan if same else ("transpose", (), plan)

    def _settled(self, letters: str, way: Way, needed: frozenset[str]) -> tuple[str, Way]:
        """Letters that nobody needs, summed over: one axis after the other, or all at once."""
        cost, plan = way
        gone = [c for c in letters if c not in needed]
        if gone and len(gone) == len(letters):
            return "", (cost + 1, ("sum", (None,), plan))
        for again, c in enumerate(gone):  # the sum of a sum is read twice: one einsum over two axes is shorter
            k = letters.index(c)
            letters, cost, plan = letters.replace(c, ""), cost + 2 + 2 * bool(again), ("sum", (k + 1,), plan)
        return letters, (cost, plan)

    def _turned_to(self, letters: str, way: Way) -> Way | None:
        """The array with its axes in the order that is wanted."""
        cost, plan = way
        if letters == self.out:
            return way
        if len(letters) >= 2 and letters[:-2] + letters[-1] + letters[-2] == self.out:
            return cost + 1, ("transpose", (), plan)
        if len(letters) > 2 and sorted(letters) == sorted(self.out):
            return cost + 1 + len(letters), ("permute", tuple(letters.index(c) + 1 for c in self.out), plan)
        return None


def _letters(specs: Sequence[str], out: str) -> int:
    """The letters of an einsum; one of several factors that has a letter for itself alone is looked for twice."""
    text = "".join(specs) + out
    return len(text) + 2 * sum(text.count(c) == 1 for c in "".join(specs) if len(specs) > 1)


def _keep(ways: Ways, letters: str, way: Way) -> None:
    known = ways.get(letters)
    if known is None or way[0] < known[0]:
        ways[letters] = way


def _product(x: str, y: str, needed: frozenset[str]) -> str | None:
    """The letters of the product over the last two axes; None where it is none of this network."""
    if len(x) == 2 and len(y) == 1:
        return x[0] if x[1] == y and y not in needed and x[0] in needed else None
    if len(x) < 2 or len(y) < 2 or x[-1] != y[-2]:
        return None
    first, second, inner, i, k = x[:-2], y[:-2], x[-1], x[-2], y[-1]
    if (first and second and first != second) or inner in needed or i == k:
        return None
    batch = first or second
    if {i, k, inner} & set(batch):
        return None
    return batch + i + k
