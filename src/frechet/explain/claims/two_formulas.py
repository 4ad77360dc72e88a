"""Two expressions over the same variables, and what points say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, final

import numpy as np

from frechet.core.dim import Dim
from frechet.core.expr import Expr, postorder
from frechet.explain.claims.conditions import PARTS, Seen, asks, conditions, inverted, offered, varies
from frechet.explain.claims.counterexample import plain
from frechet.explain.claims.points import Adjust
from frechet.explain.claims.readings import close
from frechet.explain.claims.singular_points import singular_points
from frechet.ops.leaves import VARIABLE
from frechet.verify.bench import Bench, declared_functions
from frechet.verify.breaking import GENERIC, GRID, TOGETHER, breaking_points, breaking_sizes, kind_points
from frechet.verify.defined import Nothing, Outcome, Watched, compared
from frechet.verify.request import CheckRequest, Form
from frechet.verify.sample import MANNERS
from frechet.verify.sizes import candidates, dims_of
from frechet.verify.structure import is_complex

TRIALS, SIZES_TRIED = 6, 10
FIRST, OTHERS = 19, 4
"""Points that are drawn to break a statement at the first choice of sizes, and at each of the others."""
SMOOTH = 1
"""The same where no operation has a boundary: what holds at a point drawn at random then holds at all of that size."""
WIDE, KINDLY = 3, 6
"""From which size on, and how many, points without anything special are drawn too where an operation has a boundary:
only there can three entries stand in every order."""
MANY, ALL = 24, 90
"""Points from which a domain is told: at each choice of sizes at least, and together."""
OFTEN = 2
"""At so many points at least they must agree for there to be a region on which they do."""
HOPELESS = 20
"""After so many points at none of which both have a value an assumption is left alone."""
ONE_SIDED = (Outcome.LEFT_ONLY, Outcome.RIGHT_ONLY)


@final
@dataclass(frozen=True)
class Tried:
    """A point that was drawn to break the equality: what it says, and the two values."""

    outcome: Outcome
    sizes: Mapping[str, int]
    env: Mapping[str, Any]
    left: Any
    right: Any

    @property
    def idle(self) -> bool:
        """Whether both values are zero."""
        return self.outcome is Outcome.EQUAL and not _speaks(self.left)

    def told(self) -> dict[str, Any]:
        """The point as a counterexample; None stands for no value."""
        one, other = (None if isinstance(v, Nothing) else plain(v) for v in (self.left, self.right))
        out = {"values": {n: plain(v) for n, v in self.env.items()}, "left": one, "right": other}
        return {**out, "sizes": dict(self.sizes)} if self.sizes else out


@final
class Pair:
    """Two expressions over the same variables."""

    def __init__(self, left: Expr, right: Expr, equations: Sequence[tuple[Dim, Dim]]) -> None:
        self.left, self.right, self.equations = left, right, tuple(equations)
        self.open = False
        """Whether neither is zero everywhere, as far as is known."""
        nodes = list(postorder(left, right))
        self.variables = {str(e.params[0]): e for e in nodes if e.op is VARIABLE}
        self.bounded = any(asks(e) for e in nodes)
        """Whether an operation has a boundary."""
        self.powers = any(varies(e) for e in nodes)
        """Whether there is an exponent that varies: then numbers are tried in all combinations."""
        dims = dims_of([left, right])
        small = breaking_sizes(dims, self.equations, 5 if self.bounded else 3)
        # All alike, growing, falling, ones; and larger ones that differ, at which no missing transpose goes unseen.
        self.sizes = small + [s for s in islice(candidates(dims, self.equations), 1) if s not in small]
        self.most = max(MANY, ALL // max(len(self.sizes), 1)) * (2 if self.powers else 1)
        """How many points there are at each choice of sizes where a domain is told."""
        self.patience = MANY // 2 if self.bounded else None
        """How many points at each choice of sizes an assumption is tried at."""
        self._many: dict[int, list[Tried]] = {}
        self._sized: list[tuple[Bench, list[dict[str, Any] | None]]] = []

    def bench(self, sizes: Mapping[str, int]) -> Bench:
        """Both laid out at given sizes."""
        return Bench(CheckRequest(self.left, (), (Form("right", "gradient", self.right),)), sizes)

    def values(self, bench: Bench, env: dict[str, Any]) -> tuple[Any, Any] | None:
        """The values of both; None where one of them has none."""
        try:
            (left,) = bench.original.run(env)
            found = bench.values(env)
        except (np.linalg.LinAlgError, ValueError):
            return None
        return None if found is None or not np.isfinite(left).all() else (left, found[0])

    def look(self) -> None:
        """See whether one of them is zero everywhere."""
        found: list[tuple[Any, Any]] = []
        for sizes in islice(candidates(dims_of([self.left, self.right]), self.equations), SIZES_TRIED):
            bench, random = self.bench(sizes), np.random.default_rng(0)
            envs = [bench.point(0, random) for _ in range(TRIALS)]
            found += [pair for env in envs if env is not None and (pair := self.values(bench, env)) is not None]
            if len(found) >= TRIALS:
                break
        self.open = all(any(_speaks(pair[k]) for pair in found) for k in (0, 1))

    def agree(self, adjust: Adjust | None = None, trials: int = TRIALS, kinds: int = 1) -> bool | None:
        """Whether they agree at random points, of `kinds` choices of sizes; None where there is no point at which both
        have a value.  Under an assumption a point at which both are zero says nothing, unless one of them always is.
        """
        seen = told = missed = 0
        for k in range(SIZES_TRIED):
            here = 0
            for bench, env in self._drawn(k):
                pair = self.values(bench, adjust(env) if adjust else env) if env is not None else None
                if pair is None:
                    missed += 1
                    if adjust and missed > HOPELESS and not seen + here:
                        return None
                    continue
                size = max(float(np.max(np.abs(pair[0]), initial=0.0)), 1e-3)
                if not close(pair[1], pair[0], 1e-8) and np.max(np.abs(pair[1] - pair[0]), initial=0.0) > 1e-9 * size:
                    return False
                here += 1
                told += _speaks(pair[0]) or not self.open
                if here >= trials:
                    break
            seen += here
            kinds -= here >= trials // 2
            if kinds <= 0 and here:
                break
        return (told > 0 if adjust else True) if seen else None

    def _drawn(self, k: int) -> Iterator[tuple[Bench, dict[str, Any] | None]]:
        """The points at the k-th choice of sizes, each drawn once: an assumption changes copies of them."""
        if not self._sized:
            offered = candidates(dims_of([self.left, self.right]), self.equations)
            self._sized = [(self.bench(sizes), []) for sizes in islice(offered, SIZES_TRIED)]
        if k >= len(self._sized):
            return
        bench, points = self._sized[k]
        if not points:
            random = np.random.default_rng(0)
            points += [bench.point(attempt // 2, random) for attempt in range(2 * len(MANNERS))]
        yield from ((bench, dict(env) if env is not None else None) for env in points)

    def breaking(self, seed: int = 0, adjust: Adjust | None = None, many: int | None = None) -> Iterator[Tried]:
        """What points say that are drawn to break the equality, `many` at each choice of sizes."""
        functions = declared_functions([self.left, self.right], {})
        for k, sizes in enumerate(self.sizes):
            left, right = Watched(self.left, sizes, functions), Watched(self.right, sizes, functions)
            count = (FIRST if k == 0 else OTHERS) + 2 * (len(self.variables) > 1) if self.bounded else SMOOTH
            if k == 0 and self.powers:
                count = TOGETHER * len(GRID) ** min(len(self.variables), 3)
            count = (many or count) if self.variables else 1
            start = 7 * k + 101 * seed if self.bounded or many else GENERIC
            drawn = breaking_points(self.variables, sizes, count, start)
            if self.bounded and self.variables and many is None and max(sizes.values(), default=0) >= WIDE:
                drawn = chain(drawn, kind_points(self.variables, sizes, KINDLY, start))
            for point in drawn:
                env = adjusted(adjust, point)
                if env is not None:
                    outcome, one, other = compared(left, right, env)
                    yield Tried(outcome, sizes, env, one, other)

    def conditions(self, neither: bool, exact: bool = True, most: int = 3) -> tuple[str, ...]:
        """The conditions under which they are equal, in words; `neither`: a point at which neither has a value lies
        outside, else it says nothing.  If not `exact` they may be equal elsewhere too.
        """

        good = {Outcome.EQUAL: True, Outcome.UNSURE: None, Outcome.NEITHER: False if neither else None}

        def seen(tried: Iterable[Tried]) -> Iterator[Seen]:
            for t in tried:
                # Zero is equal to zero whatever is assumed.
                yield Seen(t.sizes, t.env, None if self.open and t.idle else good.get(t.outcome, False))

        def fresh(adjust: Adjust | None) -> Iterator[Seen]:
            return seen(self.many(1) if adjust is None else self.breaking(2, adjust, self.most))

        found = conditions(list(seen(self.many(0))), offered([self.left, self.right]), fresh, exact, most)
        return tuple(c.words for c in found)

    def outcomes(self) -> dict[Outcome, int]:
        """How many of the points say what, up to the first at which they differ."""
        counts: dict[Outcome, int] = {}
        for t in self.breaking():
            counts[t.outcome] = counts.get(t.outcome, 0) + 1
            if t.outcome is Outcome.DIFFERENT:
                break
        return counts

    def often(self) -> bool:
        """Whether they agree at several of the points drawn to break the equality, where that says something.

        What is smooth and holds on a region holds everywhere.
        """
        if not self.bounded:
            return False
        found = (t for t in self.breaking() if t.outcome is Outcome.EQUAL and not t.idle)
        return sum(not t.sizes or max(t.sizes.values()) > 1 for t in found) >= OFTEN

    def many(self, seed: int) -> list[Tried]:
        """Many points, kept for the next question."""
        if seed not in self._many:
            self._many[seed] = [*self.breaking(seed, None, self.most), *self._singular(seed)]
        return self._many[seed]

    def _singular(self, seed: int) -> Iterator[Tried]:
        """Points at which a matrix that is inverted is singular."""
        nodes = postorder(self.left, self.right)
        parts = list(dict.fromkeys(a for e in nodes for a in inverted(e) if a.args))[:PARTS]
        if not parts or any(map(is_complex, self.variables.values())):
            return
        functions = declared_functions([self.left, self.right], {})
        for k, sizes in enumerate(self.sizes):
            left, right = Watched(self.left, sizes, functions), Watched(self.right, sizes, functions)
            for env in singular_points(parts, self.variables, sizes, 7 * k + 101 * seed):
                outcome, one, other = compared(left, right, env)
                yield Tried(outcome, sizes, env, one, other)

    def boundary(self) -> dict[str, Any] | None:
        """A point at which one alone has a value, in few and small numbers."""
        return self._simplest(ONE_SIDED)

    def difference(self) -> dict[str, Any] | None:
        """A point at which they differ, among those drawn to break the equality."""
        return self._simplest((Outcome.DIFFERENT,))

    def _simplest(self, wanted: Sequence[Outcome]) -> dict[str, Any] | None:
        found = [t for t in self.many(0) if t.outcome in wanted]
        return min(found, key=lambda t: bulk(t.env)).told() if found else None


def adjusted(adjust: Adjust | None, point: Mapping[str, Any]) -> dict[str, Any] | None:
    """A point changed so that an assumption holds; None where that cannot be."""
    env = dict(point)
    if adjust is None:
        return env
    try:
        env = adjust(env)
    except (np.linalg.LinAlgError, ValueError):
        return None
    return env if all(np.isfinite(v).all() for v in env.values()) else None


def bulk(env: Mapping[str, Any]) -> tuple[float, float]:
    """How hard a point is to read: entries that are not whole, then how many and how large."""
    arrays = [np.asarray(v) for v in env.values()]
    ragged = sum(float(np.sum(np.abs(a - np.round(np.real(a))) > 1e-9)) for a in arrays)
    return ragged, sum(a.size + 0.1 * float(np.sum(np.abs(a))) + 0.3 * (not np.any(a)) * a.size for a in arrays)


def _speaks(array: Any) -> bool:
    return bool(np.max(np.abs(array), initial=0.0) > 1e-9)
