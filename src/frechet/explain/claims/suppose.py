"""What would have to be assumed for a claim to be right: A symmetric, labels that sum to one, a 0/1 mask …"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from time import monotonic
from typing import Any, final

import numpy as np

from frechet.core.expr import Expr, postorder
from frechet.explain.claims.finding import Finding
from frechet.explain.claims.places import Place, Points
from frechet.explain.claims.question import Question, names_in
from frechet.explain.claims.readings import holding
from frechet.explain.claims.values import values_at
from frechet.verify.structure import SYMMETRIC, assumptions

MOST = 40
"""How many assumptions are tried; a claim that takes long to evaluate gets fewer."""
SECONDS = 1.0
LOGARITHMS = frozenset({"log", "logsumexp", "softmax"})
"""Beside these a constant may be a label or a probability, which sums to one."""


@final
@dataclass(frozen=True)
class Supposition:
    """An assumption: in words, how to make it hold at a point, and whether it is that of labels."""

    words: str
    adjust: Callable[[dict[str, Any]], dict[str, Any]]
    label: bool = False


@final
@dataclass(frozen=True)
class Supposed:
    """An assumption under which a claim holds, and the readings it then has."""

    words: str
    label: bool
    names: tuple[str, ...]
    places: tuple[Place, ...]
    arrays: tuple[Any, ...]


def suppose(question: Question, points: Points, found: Finding) -> Supposed | None:
    """The first assumption under which the claim holds."""
    expr = found.claim.expr
    if expr is None or not found.places or found.claim.free:
        return None
    end = monotonic() + SECONDS
    used = names_in(question.original, expr)
    sizes = found.places[0].sizes
    with np.errstate(all="ignore"):
        variables = {n: e for n, e in question.variables.items() if n in used}
        labels = any(e.op.name in LOGARITHMS for e in postorder(question.original))
        for supposition in islice(suppositions(variables, question.wrt_name, labels), MOST):
            if monotonic() > end:
                return None
            places = points.draw(1, adjust=supposition.adjust, sizes=sizes)
            if not _holds(question, places, expr, found):
                continue
            places = points.draw(3, adjust=supposition.adjust, sizes=sizes)
            arrays = values_at(expr, places)
            names = holding(question, places, arrays, found.claim.style) if arrays else []
            if names and arrays:
                return Supposed(supposition.words, supposition.label, tuple(names), tuple(places), tuple(arrays))
    return None


def _holds(question: Question, places: list[Place], expr: Expr, found: Finding) -> bool:
    arrays = values_at(expr, places) if places else None
    return bool(arrays and holding(question, places, arrays, found.claim.style))


def suppositions(variables: Mapping[str, Expr], wrt: str | None, labels: bool) -> Iterator[Supposition]:
    """Assumptions on these variables, the likeliest first; on `wrt` the fewest.

    `labels`: constants may be labels or probabilities.
    """
    constants = {n: e for n, e in variables.items() if n != wrt}
    square = [n for n, e in variables.items() if _square(e) and not assumptions(e) & (SYMMETRIC | {"skew"})]
    square.sort(key=lambda n: n == wrt)
    if labels:
        for name, e in constants.items():
            yield from _labels(name, e)
    for name in square:
        yield Supposition(f"{name} is symmetric", _each([name], _symmetric))
    if len(square) > 1:
        yield Supposition(f"{_and(square)} are symmetric", _each(square, _symmetric))
    for name, e in constants.items():
        if e.shape and "positive" not in assumptions(e) and not assumptions(e) & SYMMETRIC:
            yield Supposition(f"every entry of {name} is 0 or 1", _each([name], _mask))
    for k, a in enumerate(square):
        for b in square[k + 1 :]:
            if variables[a].shape == variables[b].shape:
                yield Supposition(f"{a} and {b} commute", _commuting(a, b))
    for name in square:
        if "orthogonal" not in assumptions(variables[name]):
            yield Supposition(f"{name} is orthogonal", _each([name], _orthogonal))
            yield Supposition(f"{name} is diagonal", _each([name], _diagonal))
    for name, e in constants.items():
        if len(e.shape) == 1:
            yield Supposition(f"{name} has length 1", _each([name], _unit))
    for name, e in variables.items():
        if "positive" not in assumptions(e) and not e.shape:
            yield Supposition(f"{name} is positive", _each([name], _positive))
        elif "positive" not in assumptions(e) and not assumptions(e):
            yield Supposition(f"every entry of {name} is positive", _each([name], _positive))


def _square(e: Expr) -> bool:
    return len(e.shape) == 2 and e.shape[0] == e.shape[1]


def _and(names: list[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1]


def _labels(name: str, e: Expr) -> Iterator[Supposition]:
    if len(e.shape) == 1 or (len(e.shape) == 2 and e.shape[0].number == 1):
        yield Supposition(f"the entries of {name} sum to one", _each([name], _shares(None)), True)
    elif len(e.shape) == 2:
        yield Supposition(f"each column of {name} sums to one", _each([name], _shares(0)), True)
        yield Supposition(f"each row of {name} sums to one", _each([name], _shares(1)), True)


def _each(names: list[str], change: Callable[[Any], Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def adjust(env: dict[str, Any]) -> dict[str, Any]:
        return {**env, **{n: change(np.asarray(env[n])) for n in names if n in env}}

    return adjust


def _commuting(a: str, b: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def adjust(env: Mapping[str, Any]) -> dict[str, Any]:
        m = np.asarray(env[a])
        return {**env, b: 0.5 * m @ m - 0.7 * m + 1.3 * np.eye(len(m))}

    return adjust


def _symmetric(m: Any) -> Any:
    return (m + m.T) / 2.0


def _mask(m: Any) -> Any:
    out = (m.real > float(np.median(m.real))).astype(float)
    return out if out.any() else np.ones_like(out)


def _orthogonal(m: Any) -> Any:
    return np.linalg.qr(m)[0]


def _diagonal(m: Any) -> Any:
    return np.diag(np.diagonal(m))


def _positive(m: Any) -> Any:
    return np.abs(m) + 0.1


def _unit(m: Any) -> Any:
    return m / np.linalg.norm(m)


def _shares(axis: int | None) -> Callable[[Any], Any]:
    def change(m: Any) -> Any:
        positive = np.abs(m) + 0.1
        return positive / np.sum(positive, axis=axis, keepdims=axis is not None)

    return change
