"""What a wrong claim is instead: the Jacobian's diagonal, the gradient of the sum, the gradient for the Hessian."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from frechet.explain.claims.comparison import Finding
from frechet.explain.claims.points import Place, Points
from frechet.explain.claims.question import Question
from frechet.explain.claims.readings import close, holding, settled
from frechet.explain.claims.values import values_at


def instead(question: Question, found: Finding) -> str | None:
    """What the claim is at every place, in words, if it is something that is taken for the derivative."""
    if found.arrays is None or found.claim.index or found.claim.style.upstream or found.claim.style.increment:
        return None
    kept: list[str] | None = None
    for place, array in zip(found.places, found.arrays, strict=True):
        names = [said for said, other in _others(question, place) if np.any(other) and close(array, other, place.slack)]
        kept = names if kept is None else [n for n in kept if n in names]
    return kept[0] if kept else None


def _others(question: Question, place: Place) -> Iterator[tuple[str, Any]]:
    """Arrays that are near the derivative in people's minds, each with what it is."""
    if question.complex:
        return
    if question.order == 2:
        first = question.forms.get("gradient")
        if first is not None:
            gradient = place.value(first)
            if gradient is not None:
                yield "the gradient, and the Hessian is its derivative", gradient
        return
    if question.scalar:
        return
    truth = np.asarray(place.truth)
    rows, columns = len(question.original.shape), len(question.wrt.shape)
    yield (
        f"the gradient of the sum of the entries of {question.called}, each column of the Jacobian added up",
        np.sum(truth, axis=tuple(range(rows))),
    )
    if rows == columns == 1 and truth.shape[0] == truth.shape[1]:
        yield "only the diagonal of the Jacobian", settled(np.diagonal(truth))


def only_where(question: Question, points: Points, found: Finding) -> tuple[str, str] | None:
    """A size that makes the factor a Jacobian where it is 1, and the reading it then has."""
    expr = found.claim.expr
    if expr is None or not found.places:
        return None
    for name in sorted(question.sizes):
        places = points.draw(2, sizes={**found.places[0].sizes, name: 1})
        arrays = values_at(expr, places) if places else None
        names = holding(question, places, arrays, found.claim.style) if arrays else []
        if names and names[0] in ("numerator", "denominator"):
            return name, names[0]
    return None
