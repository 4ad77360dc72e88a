"""Which readings a mend may aim at: those of the form of the claim, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from frechet.core.expr import postorder
from frechet.core.records import facts
from frechet.explain.claims.comparison import Finding
from frechet.explain.claims.question import Question
from frechet.explain.claims.readings import Style, targets
from frechet.language.tree import walk

BY_FREE = ("vech gradient", "vech", "vech denominator", "hessian vech")
"""The readings by them."""


@final
@dataclass(frozen=True)
class Target:
    """A reading: its name, its array at the point of the search, how far it is from the form of the claim."""

    name: str
    array: Any
    penalty: float
    style: Style


def aims(question: Question, found: Finding) -> list[Target]:
    """The readings that a mend of this claim may have."""
    place = found.places[0]
    out: list[Target] = []
    for name, penalty in _names(question, found):
        style = found.claim.style
        if name == "pullback" and question.order == 1 and not style.upstream:
            style = Style(upstream=True)
        for other, array in targets(question, place, style):
            if question.verified and question.structure and name in SHOWN:
                array = _as_shown(question, found, name, array)
            if other == name:
                out.append(Target(name, np.asarray(array), penalty, style))
    expr = found.claim.expr
    shape = found.arrays[0].shape if found.arrays is not None and expr is not None else None
    fits = [
        t for t in out if shape and t.array.shape == shape and (t.style == found.claim.style or t.name != "pullback")
    ]
    if fits:
        # The claim has the shape of a reading: that is what it is meant to be.
        same = {t.name for t in fits}
        out = [Target(t.name, t.array, t.penalty + (0.0 if t.name in same else 2.0), t.style) for t in out]
        out = [t for t in out if t.name in same or t.penalty < 3.0]
        if not same.isdisjoint(BY_FREE) and _stacks(found, "free"):
            out = [t for t in out if t.name in BY_FREE]  # what counts the free entries stays by them
    return sorted(out, key=lambda t: t.penalty)


SHOWN = ("numerator", "denominator", "rowmajor-numerator", "rowmajor-denominator", "hessian", "hessian row")
"""Matrices that act alike within a structure: a mend aims at the shortest, the one that the answer shows."""


def _as_shown(question: Question, found: Finding, name: str, array: Any) -> Any:
    """The array of the formula that the answer shows."""
    layout = name.removeprefix("rowmajor-")
    order = "row" if layout != name or name == "hessian row" else "column"
    second = name.startswith("hessian")
    if second != (question.order == 2) or (question.scalar and not second):
        return array
    form = question.forms.get(f"hessian {order}" if second else f"jacobian {layout} {order}")
    value = found.places[0].value(form) if form is not None else None
    return array if value is None else value


def _names(question: Question, found: Finding) -> Iterator[tuple[str, float]]:
    style = found.claim.style
    stacked = _stacks(found)
    if question.complex:
        if style.increment or style.upstream:
            yield "differential" if style.increment else "pullback", 0.0
        elif question.scalar:
            for k, name in enumerate(("d/dconj(Z)", "2*d/dconj(Z)", "d/dZ", "2*d/dZ", "d/dherm(Z)")):
                yield name, 0.1 * k
        else:
            yield from (("numerator", 0.0), ("denominator", 0.5))
    elif style.increment:
        yield "differential", 0.0
    elif question.order == 2:
        if style.direction:
            yield "pullback", 0.0
        else:
            by_free = _stacks(found, "free")
            yield from (("hessian", 0.4 if by_free else 0.0), ("hessian row", 0.5))
            yield "hessian vech", 0.0 if by_free else 0.6
    elif style.upstream:
        yield "pullback", 0.0
    elif not question.wrt.shape:
        yield from (("derivative", 1.0 if stacked else 0.0), ("derivative transposed", 1.5))
        if stacked and not question.scalar:
            yield from (("numerator", 0.0), ("denominator", 0.2))
    elif question.scalar:
        yield "vech gradient", 0.0 if _stacks(found, "free") else 1.2
        within = _symmetric(found)
        yield "gradient", 0.6 if within else 0.0
        for name in ("symmetric-projected", "symmetric-free", "skew-projected"):
            yield name, 0.0 if within else 0.6
        yield "numerator", 0.7 if len(question.wrt.shape) == 1 else 1.3
        for name in ("vec-column", "vec-row", "vec-column-rowmajor", "vec-row-rowmajor"):
            yield name, 0.3 if stacked else 1.8
    elif found.claim.expr is not None and len(found.claim.expr.shape) > 2:
        yield "tensor", 0.0
        if found.claim.expr.shape == question.wrt.shape:
            yield "pullback", 0.35
    else:
        by_free = _stacks(found, "free")
        yield from (("vech", 0.0 if by_free else 1.2), ("vech denominator", 0.2 if by_free else 1.4))
        small = not stacked and len(question.wrt.shape) + len(question.original.shape) > 2
        yield from (("numerator", 0.3 if small else 0.0), ("denominator", 0.6 if small else 0.4))
        yield from (("rowmajor-numerator", 0.8), ("rowmajor-denominator", 0.9))
        yield "pullback", 0.35 if small else 1.0


def _symmetric(found: Finding) -> bool:
    """Whether the claim has a symmetric (or skew) value, as a gradient within the structure has."""
    array: Any = found.arrays[0] if found.arrays is not None else np.zeros(())
    if np.ndim(array) != 2 or array.shape[0] != array.shape[1]:
        return False
    slack = 1e-9 * float(np.max(np.abs(array), initial=0.0))
    return bool(np.max(np.abs(array - array.T)) <= slack or np.max(np.abs(array + array.T)) <= slack)


def _stacks(found: Finding, what: str = "") -> bool:
    """Whether the claim has operations of those who stack matrices into columns (`what`: the free entries alone)."""
    if found.claim.expr is not None:
        told = {e.op.facts.stacks for e in postorder(found.claim.expr)}
    else:
        told = {facts(str(n.data)).stacks for n in walk(found.claim.node) if n.kind == "call"}
    return what in told if what else any(told)
