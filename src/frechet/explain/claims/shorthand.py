"""The factor that texts abbreviate a derivative by: what multiplies the upstream gradient in the pullback."""

from __future__ import annotations

from typing import Any

import numpy as np

from frechet.explain.claims.points import Place
from frechet.explain.claims.question import Question
from frechet.explain.claims.readings import as_grid, close, settled

PRODUCTS = ("{claim}*{G}", "{G}*{claim}", "{claim}.*{G}")
"""How the factor may stand beside the upstream gradient."""


def _products(factor: Any, upstream: Any) -> list[Any]:
    """The three products, None where shapes do not fit."""
    left, right = (x if np.ndim(x) > 2 else as_grid(x) for x in (factor, upstream))
    out: list[Any] = [None, None, None]
    if _conform(left, right):
        out[0] = settled(left @ right)
    if _conform(right, left):
        out[1] = settled(right @ left)
    if np.shape(factor) == np.shape(upstream):
        out[2] = factor * upstream
    return out


def _conform(left: Any, right: Any) -> bool:
    """Whether there is a product over the last two axes, the axes before alike or absent."""
    batches = {np.shape(x)[:-2] for x in (left, right)} - {()}
    return np.shape(left)[-1] == np.shape(right)[-2] and len(batches) <= 1


def shorthand(question: Question, places: list[Place], arrays: list[Any]) -> str | None:
    """The product with the upstream gradient that is the pullback, if the claim is its other factor."""
    if question.scalar or question.order == 2 or question.complex or not question.wrt.shape:
        return None
    kept = [0, 1, 2]
    for place, array in zip(places, arrays, strict=True):
        upstream = np.asarray(place.env[question.upstream])
        if not np.ndim(array):
            return None
        pulled = np.tensordot(upstream, place.truth, axes=upstream.ndim)
        found = _products(array, upstream)
        kept = [k for k in kept if found[k] is not None and close(found[k], pulled, place.slack)]
    return PRODUCTS[kept[0]] if kept else None
