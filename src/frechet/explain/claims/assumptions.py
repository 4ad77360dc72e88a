"""What would have to be assumed for a claim to be right: A symmetric, labels that sum to one, a 0/1 mask …"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from time import monotonic
from typing import Any, final

import numpy as np

from frechet.core.expr import Expr, postorder
from frechet.explain.claims.comparison import Finding
from frechet.explain.claims.points import Adjust, Place, Points
from frechet.explain.claims.question import Question, names_in
from frechet.explain.claims.readings import held, holding, told
from frechet.explain.claims.values import values_at
from frechet.explain.claims.where_it_holds import survives
from frechet.verify.structure import COMPLEX, PROJECTIONS, SYMMETRIC, assumptions

MOST = 40
"""How many assumptions are tried; a claim that takes long to evaluate gets fewer."""
SURE = 8
"""Points at which the claim must hold under an assumption that is told."""
SECONDS = 3.0
MASKS = frozenset({"O", "Omega", "mask", "Mask"})
"""Names that a 0/1 mask has, and hardly anything else."""


@final
@dataclass(frozen=True)
class Supposition:
    """An assumption: in words, how to make it hold at a point, whether it is that of labels, and weaker ones.

    `small` makes it hold in whole numbers, `told` is what is said of it where a verdict holds under it.
    """

    words: str
    adjust: Adjust
    label: bool = False
    implies: frozenset[str] = frozenset()
    small: Adjust | None = None
    told: str = ""


@final
@dataclass(frozen=True)
class Supposed:
    """An assumption under which a claim holds, and the readings it then has; `told` as a condition says it."""

    words: str
    label: bool
    names: tuple[str, ...]
    places: tuple[Place, ...]
    arrays: tuple[Any, ...]
    told: str


def suppose(question: Question, points: Points, found: Finding) -> Supposed | None:
    """The first assumption under which the claim holds."""
    expr = found.claim.expr
    if expr is None or not found.places or found.claim.index:
        return None
    end = monotonic() + SECONDS
    used = names_in(question.original, expr)
    sizes = found.places[0].sizes
    with np.errstate(all="ignore"):
        variables = {n: e for n, e in question.variables.items() if n in used}
        labels = any(e.op.slips.labels for e in postorder(question.original))
        for supposition in islice(suppositions(variables, question.wrt_name, labels), MOST):
            if monotonic() > end:
                return None
            places = points.draw(1, adjust=supposition.adjust, sizes=sizes)
            if not _holds(question, places, expr, found):
                continue
            places = points.draw(SURE, adjust=supposition.adjust, sizes=sizes)
            arrays = values_at(expr, places)
            if arrays is None or len(places) < SURE or sum(_speaks(a) for a in arrays) < SURE / 2:
                continue  # zero is equal to zero whatever is assumed
            names = told(*held(question, places, arrays, found.claim.style))
            if names and survives(question, points, found, names, supposition.adjust):
                said, condition = supposition.words, supposition.told or supposition.words
                return Supposed(said, supposition.label, tuple(names), tuple(places), tuple(arrays), condition)
    return None


def _speaks(array: Any) -> bool:
    """Whether an array is more than rounding."""
    return float(np.max(np.abs(array), initial=0.0)) > 1e-9


def usual(question: Question) -> list[Supposition]:
    """What everyone assumes of the problem without saying: labels that sum to one, masks of zeros and ones."""
    used = names_in(question.original)
    variables = {n: e for n, e in question.variables.items() if n in used}
    labels = any(e.op.slips.labels for e in postorder(question.original))
    return [s for s in suppositions(variables, question.wrt_name, labels) if s.label][:3]


def _holds(question: Question, places: list[Place], expr: Expr, found: Finding) -> bool:
    arrays = values_at(expr, places) if places else None
    return bool(arrays and holding(question, places, arrays, found.claim.style))


def suppositions(variables: Mapping[str, Expr], wrt: str | None, labels: bool) -> Iterator[Supposition]:
    """Assumptions on these variables, the likeliest first; on `wrt` the fewest.

    `labels`: constants may be labels or probabilities.
    """
    constants = {n: e for n, e in variables.items() if n != wrt}
    real = {n: e for n, e in constants.items() if not COMPLEX & assumptions(e)}
    square = [n for n, e in variables.items() if _square(e) and not assumptions(e) & (SYMMETRIC | PROJECTIONS.keys())]
    square.sort(key=lambda n: n == wrt)
    for name, e in constants.items():
        if COMPLEX & assumptions(e):
            yield Supposition(f"{name} is real", _each([name], np.real))
    for name, e in real.items() if labels else ():
        yield from _labels(name, e)
    symmetric = [f"{name} is symmetric" for name in square]
    for name, words in zip(square, symmetric, strict=True):
        yield Supposition(words, _each([name], _symmetric))
    if len(square) > 1:
        yield Supposition(f"{_and(square)} are symmetric", _each(square, _symmetric), implies=frozenset(symmetric))
    for name, e in real.items():
        if e.shape and "positive" not in assumptions(e) and not assumptions(e) & SYMMETRIC:
            yield Supposition(
                f"every entry of {name} is 0 or 1", _each([name], _mask), name in MASKS, small=_each([name], _mask)
            )
    for k, a in enumerate(square):
        for b in square[k + 1 :]:
            if variables[a].shape == variables[b].shape:
                yield Supposition(f"{a} and {b} commute", _commuting(a, b))
    for name in square:
        if "orthogonal" not in assumptions(variables[name]):
            yield Supposition(f"{name} is orthogonal", _each([name], _orthogonal))
            for kind, change in SHAPED.items():
                yield Supposition(f"{name} is {kind}", _each([name], change), implies=frozenset(_weaker(name, kind)))
    for name, e in constants.items():
        if len(e.shape) == 1:
            yield Supposition(f"{name} has length 1", _each([name], _unit))
    vectors = [(n, e) for n, e in (variables if wrt is None else constants).items() if len(e.shape) == 1]
    for k, (a, e) in enumerate(vectors):
        for b, other in vectors[k + 1 :]:
            if e.shape == other.shape:
                yield Supposition(f"{a}'*{b} = 0", _perpendicular(a, b))
    for name, e in variables.items():
        if "positive" not in assumptions(e) and not (e.shape and assumptions(e)):
            yield Supposition(f"{name} > 0", _each([name], _positive))


def _weaker(name: str, kind: str) -> Iterator[str]:
    """What a matrix of a kind is besides."""
    if kind in ("diagonal", "positive definite"):
        yield f"{name} is symmetric"
    if kind == "diagonal":
        yield f"{name} is triangular"


def _square(e: Expr) -> bool:
    return len(e.shape) == 2 and e.shape[0] == e.shape[1]


def _and(names: list[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1]


def _labels(name: str, e: Expr) -> Iterator[Supposition]:
    if len(e.shape) == 1 or (len(e.shape) == 2 and e.shape[0].number == 1):
        yield from _label(f"the entries of {name} sum to one", f"the entries of {name} are", name, None)
    elif len(e.shape) == 2:
        yield from _label(f"each column of {name} sums to one", f"each column of {name} is", name, 0)
        yield from _label(f"each row of {name} sums to one", f"each row of {name} is", name, 1)


def _label(words: str, whose: str, name: str, axis: int | None) -> Iterator[Supposition]:
    """That sums are one, and, where this is not enough, that nothing is negative either."""
    told, small = f"{whose} a probability vector (not negative, summing to one)", _each([name], _hot(axis))
    yield Supposition(words, _each([name], _summed(axis)), True, small=small, told=told)
    yield Supposition(told, _each([name], _shares(axis)), True, frozenset({words}), small, told)


def _each(names: list[str], change: Callable[[Any], Any]) -> Adjust:
    def adjust(env: dict[str, Any]) -> dict[str, Any]:
        return {**env, **{n: change(np.asarray(env[n])) for n in names if n in env}}

    return adjust


def _commuting(a: str, b: str) -> Adjust:
    def adjust(env: Mapping[str, Any]) -> dict[str, Any]:
        m = np.asarray(env[a])
        return {**env, b: 0.5 * m @ m - 0.7 * m + 1.3 * np.eye(len(m))}

    return adjust


def _perpendicular(a: str, b: str) -> Adjust:
    def adjust(env: Mapping[str, Any]) -> dict[str, Any]:
        u, v = np.asarray(env[a]), np.asarray(env[b])
        return {**env, b: v - u * (u @ v) / (u @ u)}

    return adjust


def _symmetric(m: Any) -> Any:
    return (m + m.T) / 2.0


def _mask(m: Any) -> Any:
    """Zeros and ones, now more of these, now of those."""
    share = (0.25, 0.5, 0.75)[int(np.abs(m.real).sum() * 1e6) % 3]
    out = (m.real > float(np.quantile(m.real, share))).astype(float)
    return out if out.any() else np.ones_like(out)


def _idempotent(m: Any) -> Any:
    """A projection, not along its own complement."""
    basis: np.ndarray[Any, np.dtype[Any]] = m + 2.0 * np.eye(len(m))
    kept = (np.arange(len(m)) < (len(m) + 1) // 2).astype(float)
    return (basis * kept) @ np.linalg.inv(basis)


def _orthogonal(m: Any) -> Any:
    """Now a rotation, now with a reflection."""
    q, _ = np.linalg.qr(m)
    turned: Any = q.copy()
    turned[:, 0] *= (-1.0) ** int(np.abs(m.real).sum() * 1e6)
    return turned


def _diagonal(m: Any) -> Any:
    return np.diag(np.diagonal(m))


def _skew(m: Any) -> Any:
    return (m - m.T) / 2.0


def _definite(m: Any) -> Any:
    return m @ m.T + 0.5 * np.eye(len(m))


SHAPED: Mapping[str, Callable[[Any], Any]] = {
    "triangular": PROJECTIONS["lower triangular"],
    "diagonal": _diagonal,
    "skew": _skew,
    "positive definite": _definite,
    "idempotent": _idempotent,
}
"""Kinds of square matrices that an equality may need."""


def _positive(m: Any) -> Any:
    return np.abs(m) + 0.1


def _unit(m: Any) -> Any:
    return m / np.linalg.norm(m)


def _summed(axis: int | None) -> Callable[[Any], Any]:
    """Sums of one, some entries negative."""

    def change(m: Any) -> Any:
        count = m.size if axis is None else m.shape[axis]
        return m + (1.0 - np.sum(m, axis=axis, keepdims=axis is not None)) / count

    return change


def _shares(axis: int | None) -> Callable[[Any], Any]:
    def change(m: Any) -> Any:
        positive = np.abs(m) + 0.1
        return positive / np.sum(positive, axis=axis, keepdims=axis is not None)

    return change


def _hot(axis: int | None) -> Callable[[Any], Any]:
    """A one where the largest entry is, zeros elsewhere."""

    def change(m: Any) -> Any:
        flat = m.reshape(-1, 1) if axis is None else m
        along = 0 if axis is None else axis
        out = np.zeros_like(flat, dtype=float)
        np.put_along_axis(out, np.expand_dims(np.argmax(flat.real, axis=along), along), 1.0, along)
        return out.reshape(m.shape)

    return change
