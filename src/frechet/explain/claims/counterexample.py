"""A counterexample that a person can redo: smallest sizes, small whole numbers, the claim's value and the true one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from time import monotonic
from typing import Any

import numpy as np
from numpy.random import Generator

from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.explain.claims.comparison import Finding
from frechet.explain.claims.points import Adjust, Place, Points
from frechet.explain.claims.question import Question, names_in
from frechet.explain.claims.readings import settled, targets
from frechet.explain.claims.targets import Target
from frechet.explain.claims.values import entries_in, orders_of
from frechet.verify.sizes import dims_of
from frechet.verify.structure import COMPLEX, PROJECTIONS, assumptions

SECONDS = 3.0
"""How long it may take, whatever the machine."""
PATIENCE, MOST = 8, 24
"""How many choices of sizes are tried for whole numbers, and for any numbers."""
DRAWS = 5
"""Points that are tried at each choice of sizes."""


def counterexample(
    question: Question, points: Points, found: Finding, wanted: Sequence[Target], adjust: Adjust | None = None
) -> dict[str, Any] | None:
    """The simplest point at which the claim is not what it is meant to be; `adjust` may change what was drawn."""
    if not found.places or not (wanted or found.claim.index):
        return None
    if found.claim.index:
        return _entry(question, points, found)
    expr, name, style = found.claim.expr, wanted[0].name, wanted[0].style
    used = set(names_in(question.original) if expr is None else names_in(question.original, expr))
    end = monotonic() + SECONDS
    best: tuple[tuple[float, ...], Place, Any, Any] | None = None
    for k, sizes in enumerate(_sizes(question, found)):
        if k >= (MOST if best is None else PATIENCE) or (best is not None and best[0][0] == 0) or monotonic() > end:
            break
        try:
            bench = points.bench(sizes)
        except (FrechetError, ValueError):
            continue
        random = np.random.default_rng(1)
        for attempt in range(DRAWS):
            env = {n: drawn(e, sizes, attempt, random) for n, e in question.variables.items()}
            place = points.at(bench, adjust(env) if adjust else env)
            if place is None:
                continue
            _round(question, place, random)
            true = next((settled(a) for n, a in targets(question, place, style) if n == name), None)
            claimed = None if expr is None else place.value(expr)
            if true is None or (claimed is None and expr is not None):
                continue
            claimed = settled(claimed) if claimed is not None else None
            if claimed is not None and not differs(claimed, true, place.slack):
                continue
            dull = float(not np.any(true))
            score = (ugly(true) + (ugly(claimed) if claimed is not None else 0), dull, _bulk(place, used))
            if best is None or score < best[0]:
                best = score, place, claimed, true
    return _told(used, *best[1:]) if best is not None else None


def at_place(question: Question, found: Finding, place: Place, name: str, claimed: Any) -> dict[str, Any] | None:
    """A point that is there already; `claimed` is the claim's value, None where it has none."""
    expr = found.claim.expr
    used = set(names_in(question.original) if expr is None else names_in(question.original, expr))
    true = next((settled(a) for n, a in targets(question, place, found.claim.style) if n == name), None)
    if true is None:
        true = place.truth
    return _told(used, place, settled(claimed) if claimed is not None else None, true)


def _entry(question: Question, points: Points, found: Finding) -> dict[str, Any] | None:
    """Of a claim in index form: the first entry that differs, at the smallest sizes."""
    used = set(names_in(question.original))
    orders = orders_of(found.claim, question)
    for sizes in islice(_sizes(question, found), MOST if orders else 0):
        try:
            bench = points.bench(sizes)
        except (FrechetError, ValueError):
            continue
        random = np.random.default_rng(1)
        for attempt in range(DRAWS):
            env = {n: drawn(e, sizes, attempt, random) for n, e in question.variables.items()}
            place = points.at(bench, env)
            array = entries_in(found.claim, orders[0], place) if place is not None else None
            if place is None or array is None or not differs(array, place.truth, place.slack):
                continue
            wide = np.abs(array - place.truth) > 1e-2
            at = tuple(int(k) for k in np.argwhere(wide)[0]) if wide.any() else ()
            shown = [k + 1 for k, n in zip(at, place.truth.shape, strict=True) if n != 1] if at else []
            told = _told(used, place, array[at], place.truth[at])
            named = {i: k for i, k in zip(orders[0], shown, strict=False) if not i.startswith("_")}
            return {**told, "entry": named} if named else told
    return None


def _sizes(question: Question, found: Finding) -> Iterator[dict[str, int]]:
    """Choices of sizes, the smallest first; where the claim has no shape, none is 1."""
    roots = [question.original, *question.forms.values()]
    roots += [found.claim.expr] if found.claim.expr is not None else []
    least = 1 if found.claim.expr is not None else 2
    return small_sizes(sorted(found.places[0].sizes), roots, question.constraints, least)


def small_sizes(
    names: Sequence[str], roots: Sequence[Expr], equations: Sequence[tuple[Dim, Dim]], least: int = 1
) -> Iterator[dict[str, int]]:
    """Assignments of small integers to the names of sizes at which all expressions make sense, the smallest first.

    >>> next(small_sizes(["m", "n"], [], []))
    {'m': 1, 'n': 1}
    """
    dims = dims_of(roots)
    top = 3 if len(names) <= 4 else 2
    for values in sorted(product(range(least, top + 1), repeat=len(names)), key=lambda v: (sum(v), v)):
        sizes = dict(zip(names, values, strict=True))
        try:
            sound = all(d.evaluate(sizes) > 0 for d in dims)
            if sound and all(a.evaluate(sizes) == b.evaluate(sizes) for a, b in equations):
                yield sizes
        except (ValueError, KeyError):
            continue


def drawn(variable: Expr, sizes: Mapping[str, int], attempt: int, random: Generator) -> Any:
    """Small whole numbers for a variable, with all its assumed properties."""
    shape = tuple(d.evaluate(sizes) for d in variable.shape)
    assumed = assumptions(variable)
    square = len(shape) == 2 and shape[0] == shape[1]
    if "positive" in assumed or "integer" in assumed:
        return np.asarray(random.integers(1, 3, size=shape), dtype=float)
    if square and "orthogonal" in assumed:
        return np.eye(shape[0])[:, random.permutation(shape[0])]
    if square and any("definite" in a for a in assumed):
        half = random.integers(0, 2, size=shape).astype(float)
        return half @ half.T + np.eye(shape[0])
    if attempt == 0 and not square:
        entries = np.ones(shape)
    elif attempt == 0 and square:
        entries = np.triu(np.ones(shape))
    else:
        entries = random.integers(-1 if attempt > 2 else 0, 3, size=shape).astype(float)
    if COMPLEX & assumed:
        entries = entries + 1j * random.integers(0, 2, size=shape)
    for name in sorted(assumed):
        if name in PROJECTIONS and square:
            doubled: Any = 2.0 * entries
            entries = PROJECTIONS[name](doubled)
    return np.asarray(entries)


def _round(question: Question, place: Place, random: Generator) -> None:
    """Whole numbers for the increment, the upstream gradient and the direction too."""
    for name, like in ((question.upstream, question.original), (question.increment, question.wrt),
                       (question.direction, question.wrt)):  # fmt: skip
        if name in place.env and name not in question.variables:
            shape = tuple(d.evaluate(place.sizes) for d in like.shape)
            entries = random.integers(0, 3, size=shape).astype(float)
            known = assumptions(like) if like is question.wrt else frozenset[str]()
            for assumed in sorted(known):
                if assumed in PROJECTIONS and len(shape) == 2:
                    entries = PROJECTIONS[assumed](2.0 * entries)
            place.env[name] = np.asarray(entries)


def differs(claimed: Any, true: Any, slack: float) -> bool:
    if np.shape(claimed) != np.shape(true):
        return True
    scale = max(float(np.max(np.abs(true), initial=0.0)), float(np.max(np.abs(claimed), initial=0.0)), 1.0)
    return float(np.max(np.abs(claimed - true), initial=0.0)) > max(1e-2, 100 * slack) * scale


def ugly(array: Any) -> float:
    """How many entries are no small whole numbers."""
    entries: np.ndarray[Any, Any] = np.asarray(array)
    whole = (np.abs(entries - np.round(entries)) < 1e-6) & (np.abs(entries) < 100)
    return float(np.size(entries) - np.count_nonzero(whole)) / max(np.size(entries), 1)


def _bulk(place: Place, used: set[str]) -> float:
    """How much there is to calculate with; nothing but zeros teaches nothing, a minus is one more thing to mind."""
    total = 0.0
    for array in (np.asarray(v) for n, v in place.env.items() if n in used):
        total += array.size + 0.1 * float(np.sum(np.abs(array))) + 0.05 * int(np.sum(np.real(array) < 0))
        total += not np.any(array)
    return total


def _told(used: set[str], place: Place, claimed: Any, true: Any) -> dict[str, Any]:
    values = {n: plain(place.env[n]) for n in sorted(used) if n in place.env}
    out: dict[str, Any] = {
        "values": values,
        "claimed": None if claimed is None else plain(claimed),
        "true": plain(true),
    }
    if place.sizes:
        out["sizes"] = dict(place.sizes)
    return out


def plain(array: Any) -> Any:
    """An array as nested lists of short numbers.

    >>> plain(np.array([[1.0, 0.333333333], [2.0, 3.0]]))
    [[1, 0.33333], [2, 3]]
    """
    array = np.asarray(array)
    if array.ndim:
        return [plain(part) for part in array]
    number: complex = array.item()
    if isinstance(number, complex) and abs(number.imag) > 1e-9:
        return f"{_short(number.real)}{'+' if number.imag >= 0 else '-'}{_short(abs(number.imag))}i"
    return _short(float(np.real(number)))


def _short(number: float) -> int | float:
    nearest = round(number)
    if abs(number - nearest) < 1e-6 * max(1.0, abs(number)):
        return int(nearest)
    return float(f"{number:.5g}")
