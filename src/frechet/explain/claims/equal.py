"""Two formulas, one question: are they the same, always, under an assumption, or not?"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, final

import numpy as np

from frechet.core.dim import Dim, show
from frechet.core.expr import Expr, postorder
from frechet.explain.claims.counterexample import differs, drawn, plain, small_sizes, ugly
from frechet.explain.claims.places import Adjust
from frechet.explain.claims.readings import close, settled
from frechet.explain.claims.suppose import suppositions
from frechet.ops.leaves import VARIABLE
from frechet.verify.bench import Bench
from frechet.verify.request import CheckRequest, Form
from frechet.verify.sample import MANNERS
from frechet.verify.sizes import candidates, dims_of

TRIALS, SIZES_TRIED, DRAWS = 6, 10, 6
MOST = 60
"""Assumptions that are tried."""


@final
@dataclass(frozen=True)
class Equality:
    """Whether two formulas are equal: `assumptions` are what it takes, in words."""

    left: str
    right: str
    verdict: Literal["always equal", "equal under assumptions", "different", "undecided"]
    assumptions: tuple[str, ...]
    meaning: str
    counterexample: Mapping[str, Any] | None = None

    def __bool__(self) -> bool:
        return self.verdict == "always equal"

    def __str__(self) -> str:
        return f"{self.verdict}: {self.meaning}"

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain data."""
        return {
            "left": self.left,
            "right": self.right,
            "verdict": self.verdict,
            "assumptions": list(self.assumptions),
            "meaning": self.meaning,
            "counterexample": dict(self.counterexample) if self.counterexample else None,
        }


@final
class Pair:
    """Two expressions over the same variables."""

    def __init__(self, left: Expr, right: Expr, equations: Sequence[tuple[Dim, Dim]]) -> None:
        self.left, self.right, self.equations = left, right, tuple(equations)
        self.open = False
        """Whether neither is zero everywhere, as far as is known."""
        self.variables = {str(e.params[0]): e for e in postorder(left, right) if e.op is VARIABLE}

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
        seen = told = 0
        offered = candidates(dims_of([self.left, self.right]), self.equations)
        for sizes in islice(offered, SIZES_TRIED):
            bench = self.bench(sizes)
            random = np.random.default_rng(0)
            here = 0
            for attempt in range(2 * len(MANNERS)):
                env = bench.point(attempt // 2, random)
                pair = self.values(bench, adjust(env) if adjust else env) if env is not None else None
                if pair is None:
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


def _speaks(array: Any) -> bool:
    return bool(np.max(np.abs(array), initial=0.0) > 1e-9)


def equal(
    left: Expr, right: Expr, names: tuple[str, str], equations: Sequence[tuple[Dim, Dim]] = (), trouble: str = ""
) -> Equality:
    """Whether two expressions are equal; `trouble` says why their shapes cannot agree."""
    if trouble or left.shape != right.shape:
        said = trouble or f"{names[0]} is {show(left.shape)}, {names[1]} is {show(right.shape)}"
        return Equality(*names, "different", (), f"Their shapes differ: {said}.")
    pair = Pair(left, right, equations)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of SciPy, about the points that are passed over
        found = pair.agree()
        if found is None:
            return Equality(*names, "undecided", (), "No point was found at which both have a value.")
        if found:
            return Equality(*names, "always equal", (), "They agree at random points of every kind that was tried.")
        pair.look()
        example = _example(pair)
        words = _assumed(pair)
    if words:
        said = f"They are equal if {' or if '.join(words)}; in general they differ."
        return Equality(*names, "equal under assumptions", tuple(words), said, example)
    return Equality(*names, "different", (), "They differ in general.", example)


def _assumed(pair: Pair) -> list[str]:
    """The assumptions each of which makes them equal, none of which implies another."""
    found: list[str] = []
    for supposition in islice(suppositions(pair.variables, None, labels=True), MOST):
        if not supposition.implies.isdisjoint(found) or not pair.agree(supposition.adjust, 2):
            continue
        if pair.agree(supposition.adjust, TRIALS, 3):
            found.append(supposition.words)
            if len(found) == 3:
                break
    return found


def _example(pair: Pair) -> dict[str, Any] | None:
    """The simplest small numbers at which they differ."""
    names = sorted({n for e in postorder(pair.left, pair.right) for d in e.shape for n in d.names})
    best: tuple[tuple[float, float], dict[str, Any]] | None = None
    for sizes in islice(small_sizes(names, [pair.left, pair.right], pair.equations), 30):
        bench = pair.bench(sizes)
        random = np.random.default_rng(1)
        for attempt in range(DRAWS):
            env = {n: drawn(e, sizes, attempt, random) for n, e in pair.variables.items()}
            values = pair.values(bench, env)
            if values is None:
                continue
            one, other = settled(values[0]), settled(values[1])
            if not differs(one, other, 1e-8):
                continue
            bulk = float(sum(np.size(v) + 0.1 * np.sum(np.abs(v)) for v in env.values()))
            score = (ugly(one) + ugly(other), bulk)
            if best is None or score < best[0]:
                told = {"values": {n: plain(v) for n, v in env.items()}, "left": plain(one), "right": plain(other)}
                best = score, {**told, "sizes": dict(sizes)} if sizes else told
        if best is not None and not best[0][0]:
            break
    return best[1] if best else None
