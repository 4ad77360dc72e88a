"""Two formulas, one question: are they the same, always, where both are defined, under an assumption, or not?"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal, final

import numpy as np

from frechet.core.dim import Dim, show
from frechet.core.expr import Expr, postorder
from frechet.explain.claims.assumptions import Supposition, suppositions
from frechet.explain.claims.conditions import joined
from frechet.explain.claims.counterexample import differs, drawn, plain, small_sizes, ugly
from frechet.explain.claims.readings import settled
from frechet.explain.claims.two_formulas import ONE_SIDED, TRIALS, Pair
from frechet.verify.defined import Outcome

DRAWS = 6
ENOUGH = 4
"""At so many points at least they must agree to be called equal; else more are drawn, in milder manners."""
MOST = 60
"""Assumptions that are tried."""


@final
@dataclass(frozen=True)
class Equality:
    """Whether two formulas are equal.

    `assumptions` are what it takes where their values differ, each enough by itself; `conditions` together are the
    domain on which both have a value, where one alone has a value elsewhere; `reading` says how sides that are no
    formulas were read.
    """

    left: str
    right: str
    verdict: Literal[
        "always equal", "equal where both are defined", "equal under assumptions", "different", "undecided"
    ]
    assumptions: tuple[str, ...]
    meaning: str
    counterexample: Mapping[str, Any] | None = field(default=None, hash=False)
    conditions: tuple[str, ...] = ()
    reading: Mapping[str, Any] | None = None

    def __bool__(self) -> bool:
        return self.verdict == "always equal"

    @property
    def head(self) -> str:
        """The verdict in a word: two formulas that are equal under assumptions only are different."""
        return "different" if self.verdict == "equal under assumptions" else self.verdict

    def __str__(self) -> str:
        return f"{self.head}: {self.meaning}"

    @property
    def condition(self) -> str | None:
        """Where they are equal, in one phrase; None where there is nothing to say."""
        return " or ".join(self.assumptions) or joined(self.conditions) or None

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain data."""
        return {
            "left": self.left,
            "right": self.right,
            "verdict": self.verdict,
            "assumptions": list(self.assumptions),
            "conditions": list(self.conditions),
            "condition": self.condition,
            "meaning": self.meaning,
            "counterexample": dict(self.counterexample) if self.counterexample else None,
            "reading": dict(self.reading) if self.reading is not None else None,
        }


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
        outcomes = pair.outcomes()
        found = True
        if Outcome.DIFFERENT not in outcomes and outcomes.get(Outcome.EQUAL, 0) < ENOUGH:
            found = pair.agree()
        if found is None and outcomes.keys() <= {Outcome.NEITHER, Outcome.UNSURE}:
            return Equality(*names, "undecided", (), "No point was found at which both have a value.")
        if found is not False and Outcome.DIFFERENT not in outcomes:
            if outcomes.keys().isdisjoint(ONE_SIDED):
                said = "They agree at random points of every kind that was tried."
                return Equality(*names, "always equal", (), said)
            if Outcome.DIFFERENT not in {t.outcome for t in pair.many(0)}:
                return _where_defined(pair, names)
        pair.look()
        words = _assumed(pair)
        example = _example(pair) or pair.difference()
    if words:
        said = f"In general they differ; they are equal if {' or if '.join(words)}."
        return Equality(*names, "equal under assumptions", tuple(words), said, example)
    return Equality(*names, "different", (), "They differ in general.", example)


def _where_defined(pair: Pair, names: tuple[str, str]) -> Equality:
    """The same values, but at some points one alone has a value."""
    found = pair.conditions(neither=True) or pair.conditions(neither=True, exact=False, most=2)
    example = pair.boundary()
    said = "They are equal wherever both have a value"
    said += f": where {joined(found)}." if found else "."
    if example is not None:
        one, other = (names[1], names[0]) if example["left"] is None else names
        said += f" Elsewhere {one} can have a value where {other} has none."
    return Equality(*names, "equal where both are defined", (), said, example, found)


def _assumed(pair: Pair) -> list[str]:
    """The assumptions each of which makes them equal, none of which implies another."""
    # Where they hardly ever agree there is no region on which they do.
    often = pair.often()
    exact = pair.conditions(neither=False) if often else ()
    told = exact or (pair.conditions(neither=False, exact=False, most=1) if often else ())
    if told:
        return [joined(told)]
    found: list[str] = []
    for supposition in islice(suppositions(pair.variables, None, labels=True), MOST):
        if supposition.implies.isdisjoint(found) and _does(pair, supposition):
            found.append(supposition.words)
            if len(found) == 3:
                break
    if found or not often:
        return found
    enough = pair.conditions(neither=False, exact=False, most=2)
    return [joined(enough)] if enough else []


def _does(pair: Pair, supposition: Supposition) -> bool:
    """Whether they are equal under an assumption, also at points drawn to break it."""
    if not pair.agree(supposition.adjust, 2) or not pair.agree(supposition.adjust, TRIALS, 3):
        return False
    agreed = 0
    for t in pair.breaking(1, supposition.adjust, pair.patience):
        if t.outcome in (Outcome.DIFFERENT, *ONE_SIDED):
            return False
        agreed += t.outcome is Outcome.EQUAL
    return agreed > 1


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
