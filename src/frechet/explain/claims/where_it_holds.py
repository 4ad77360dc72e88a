"""Where a claim holds: what is the derivative at random points is tried at points drawn to break it.

A point counts against a claim only where the derivative exists, which differences from both sides must show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, final

import numpy as np

from frechet.core.expr import postorder
from frechet.errors import FrechetError
from frechet.explain.claims.comparison import Finding
from frechet.explain.claims.conditions import Seen, asks, conditions, offered
from frechet.explain.claims.points import Adjust, Place, Points
from frechet.explain.claims.question import Question, names_in
from frechet.explain.claims.readings import CONVENTIONS, close, holding, settled
from frechet.explain.claims.two_formulas import KINDLY, WIDE, adjusted, bulk
from frechet.explain.claims.values import entries_in
from frechet.verify.bench import declared_functions
from frechet.verify.breaking import breaking_points, breaking_sizes, kind_points
from frechet.verify.defined import NONE, UNSURE, Watched
from frechet.verify.evaluate import Program
from frechet.verify.sizes import dims_of
from frechet.verify.structure import basis, tangent

FIRST, OTHERS, MANY = 16, 4, 20
"""Points at the first choice of sizes, at each of the others, and where a condition is to be told."""
SIZES = 5
OFTEN = 3
"""At so many points at least a claim that is wrong must hold for there to be a region on which it does."""
STEP, ALIKE = 1e-6, 1e-3


@final
@dataclass(frozen=True)
class Standing:
    """Where a claim holds: the conditions in words (none where there are no words for it), the readings it has there,
    a point at which it does not hold, and whether it has another value there or none."""

    words: tuple[str, ...]
    names: tuple[str, ...]
    against: Place
    claimed: Any


@final
@dataclass(frozen=True)
class Tried:
    """A point, the readings under which the claim holds there, its value; None for `names` where nothing is said."""

    place: Place
    env: Mapping[str, Any]
    names: frozenset[str] | None
    value: Any


def bounded(question: Question, found: Finding) -> bool:
    """Whether an operation of the problem or of the claim has a boundary at which something may break."""
    roots = [question.original] + ([found.claim.expr] if found.claim.expr is not None else [])
    return not question.complex and any(asks(e) for e in postorder(*roots))


def standing(question: Question, points: Points, found: Finding) -> tuple[tuple[str, ...], Standing | None]:
    """The readings under which a claim that holds at random points still holds at others; and where it holds, None if
    nothing was found against it.

    A matrix that is its own transpose at a few points is the Jacobian in both layouts there, and in one elsewhere.
    """
    if found.claim.expr is None or not bounded(question, found):
        return found.names, None
    trials = [t for t in tried(question, points, found) if t.names is not None]
    wide = [t for t in trials if 1 not in t.place.sizes.values()]  # where a size is 1 layouts are not to be told apart
    lasting = tuple(n for n in found.names if all(n in (t.names or ()) for t in wide))
    if all(_good(t, frozenset(lasting)) for t in trials):
        return lasting, None
    return found.names, _told(question, points, found, frozenset(found.names))


def region(question: Question, points: Points, found: Finding) -> Standing | None:
    """A region with a name on which a claim holds that is wrong in general."""
    if found.claim.expr is None or found.claim.index or not found.places or not bounded(question, found):
        return None
    counts = Counter(
        name for t in tried(question, points, found) if t.names and max(t.place.sizes.values(), default=2) > 1
        and _speaks(t.place) for name in t.names
    )  # fmt: skip
    most = max(counts.values(), default=0)
    if most < OFTEN:
        return None
    name = next(n for n in CONVENTIONS if counts[n] == most)
    told = _told(question, points, found, frozenset({name}), idle=True)
    return told if told is not None and told.words else None


def survives(question: Question, points: Points, found: Finding, names: Sequence[str], adjust: Adjust) -> bool:
    """Whether nothing speaks against a claim at points drawn to break it that an assumption is put upon."""
    if not bounded(question, found):
        return True
    return all(_good(t, frozenset(names)) is not False for t in tried(question, points, found, 1, adjust))


def _told(
    question: Question, points: Points, found: Finding, names: frozenset[str], idle: bool = False
) -> Standing | None:
    """The conditions; `idle`: where the derivative is zero a claim that is zero too says nothing."""
    expr = found.claim.expr
    assert expr is not None
    first = list(tried(question, points, found, 3, None, MANY))
    against = [t for t in first if _good(t, names) is False]
    if not against:
        return None

    def seen(trials: Iterable[Tried]) -> Iterator[Seen]:
        for t in trials:
            yield Seen(t.place.sizes, t.env, None if idle and not _speaks(t.place) else _good(t, names))

    def fresh(adjust: Adjust | None) -> Iterator[Seen]:
        return seen(tried(question, points, found, 5 if adjust else 4, adjust, MANY))

    # Nobody puts a condition on the upstream gradient or on an increment: they are any.
    known = question.variables.keys()
    candidates = [c for c in offered([expr, question.original]) if c.expr is None or names_in(c.expr) <= known]
    told = list(seen(first))
    chosen = conditions(told, candidates, fresh) or conditions(told, candidates, fresh, False, 1 if idle else 2)
    kept = frozenset(CONVENTIONS).intersection(*(t.names for t in first if t.names and t.names & names)) or names
    worst = min(against, key=lambda t: bulk(t.env))
    claimed = None if worst.value is NONE else worst.value
    return Standing(tuple(c.words for c in chosen), tuple(n for n in CONVENTIONS if n in kept), worst.place, claimed)


def _speaks(place: Place) -> bool:
    """Whether the derivative is more than rounding."""
    return float(np.max(np.abs(place.truth), initial=0.0)) > 1e-9


def _good(t: Tried, names: frozenset[str]) -> bool | None:
    return None if t.names is None else bool(t.names & names)


def tried(
    question: Question, points: Points, found: Finding, seed: int = 0, adjust: Adjust | None = None,
    many: int | None = None,
) -> Iterator[Tried]:  # fmt: skip
    """The points at which the derivative exists, and what the claim is there."""
    expr = found.claim.expr
    assert expr is not None
    used = names_in(question.original, expr, question.wrt)
    variables = {n: e for n, e in question.variables.items() if n in used}
    dims = dims_of([question.original, question.wrt, *question.forms.values(), expr])
    functions = declared_functions([question.original, expr], {})
    with np.errstate(all="ignore"):
        for k, sizes in enumerate(breaking_sizes(dims, question.constraints, SIZES)):
            try:
                bench = points.bench(sizes)
                watched = Watched(expr, sizes, functions)
            except (FrechetError, ValueError):
                continue
            count = many or (OTHERS if k else FIRST)
            drawn = breaking_points(variables, sizes, count, 7 * k + 101 * seed)
            if max(sizes.values(), default=0) >= WIDE:
                drawn = chain(drawn, kind_points(variables, sizes, KINDLY, 7 * k + 101 * seed))
            for point in drawn:
                env = adjusted(adjust, point)
                place = _placed(points, bench, env) if env is not None else None
                if env is not None and place is not None:
                    yield _tried(question, found, place, env, watched, bench.original)


def _placed(points: Points, bench: Any, env: dict[str, Any]) -> Place | None:
    try:
        return points.at(bench, env)
    except (np.linalg.LinAlgError, ValueError):
        return None


def _tried(
    question: Question, found: Finding, place: Place, env: Mapping[str, Any], watched: Watched, original: Program
) -> Tried:
    if found.claim.index and 1 in place.sizes.values():
        return Tried(place, env, None, None)  # an axis of one entry has no index
    if found.claim.index:
        value = entries_in(found.claim, found.order, place)
        whole = value is not None and bool(np.isfinite(value).all())
        value = value if whole else NONE
        names = (
            frozenset({"index"}) if whole and close(value, place.truth, max(place.slack, 1e-7)) else frozenset[str]()
        )
    else:
        value = watched.value(place.env)
        if value is UNSURE:
            return Tried(place, env, None, value)
        # Where a size is 1 a matrix may be a vector or a number by the time it is a reading.
        forms = [] if value is NONE else [value, settled(value)] if 1 in place.sizes.values() else [value]
        names = frozenset(n for form in forms for n in holding(question, [place], [form], found.claim.style))
    if not names and not (_settled(watched, value, place) and differentiable(question, original, place)):
        return Tried(place, env, None, value)
    return Tried(place, env, names, value)


def _settled(watched: Watched, value: Any, place: Place) -> bool:
    """Whether rounding does not decide what the claim is here."""
    if place.slack > 1e-7 or not np.isfinite(place.truth).all():
        return False
    for seed in (0, 1):
        try:
            again = watched.disturbed(place.env, seed)
        except (FrechetError, ValueError):  # an index form has no value by itself
            return True
        if again is UNSURE or (again is NONE) != (value is NONE):
            return False
        if value is not NONE and not close(again, value, 1e-6):
            return False
    return True


def differentiable(question: Question, original: Program, place: Place) -> bool:
    """Whether differences from both sides agree with the derivative, along every direction in which one may go."""
    name = question.wrt_name
    program = original
    if question.order == 2:
        gradient = question.forms.get("gradient")
        if gradient is None:
            return False
        program = Program([gradient], place.sizes, place.functions)
    point = np.asarray(place.env[name], dtype=float)
    env = {k: v for k, v in place.env.items() if k in program.variables}
    random = np.random.default_rng(0)
    directions = [
        *basis(question.wrt, point),
        tangent(question.wrt, point, np.asarray(random.normal(size=point.shape))),
    ]
    step = STEP * max(1.0, float(np.max(np.abs(point), initial=0.0)))
    try:
        here = np.asarray(program.run(env)[0])
        for direction in directions:
            wanted = np.tensordot(place.truth, direction, axes=direction.ndim)
            for sign in (1.0, -1.0):
                there = np.asarray(program.run({**env, name: point + sign * step * direction})[0])
                slope = sign * (there - here) / step
                size = max(float(np.max(np.abs(wanted), initial=0.0)), float(np.max(np.abs(here), initial=0.0)), 1e-2)
                if not float(np.max(np.abs(slope - wanted), initial=0.0)) <= ALIKE * size:
                    return False
    except (np.linalg.LinAlgError, ValueError):
        return False
    return True
