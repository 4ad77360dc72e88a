"""Where a check may draw its points: what is inverted is invertible, what has a spectrum has a simple one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import numpy as np

from frechet.core.expr import Expr, postorder
from frechet.verify.evaluate import Program

ILL_CONDITIONED = 1e7
"""Beyond this condition number an inverse has too few digits to check anything."""
APART = 1e-3
"""Eigenvalues or singular values nearer than this share of the largest count as equal."""

ZERO = 1e-10
"""An eigenvalue below this share of the largest is one that the rank makes zero."""

Demand = tuple[int, str]
"""A place among a program's values and what must hold there."""


def _invertible(array: Any) -> bool:
    size = float(np.linalg.cond(array)) if array.ndim == 2 else 1.0 / max(float(abs(array)), 1e-300)
    return size < ILL_CONDITIONED


def _apart(values: Any) -> bool:
    return bool(np.all(np.diff(np.sort(values)) > APART * np.max(abs(values), initial=0.0)))


def _simple_spectrum(array: Any) -> bool:
    """Distinct eigenvalues, but for zeros: those of a matrix of low rank stay together."""
    if array.ndim < 2:
        return True
    values = np.linalg.eigvalsh((array + array.T) / 2)
    return _apart(values[abs(values) > ZERO * np.max(abs(values))])


def _simple_singular_values(array: Any) -> bool:
    if array.ndim < 2:
        return bool(np.any(array))
    values = np.linalg.svd(array, compute_uv=False)
    return _apart(np.append(values, 0.0))


DEMANDS: Mapping[str, Callable[[Any], bool]] = {
    "invertible": _invertible,
    "spectrum": _simple_spectrum,
    "singular values": _simple_singular_values,
}
"""What the words in an operation's domain ask of an array."""

POINTS = {"spectrum": "distinct eigenvalues", "singular values": "distinct singular values, none of them zero"}
"""What an answer says of the points at which it was checked."""


def demands(program: Program, words: Collection[str] = DEMANDS) -> list[Demand]:
    """What must hold at which places."""
    return [
        (program.places[argument], domain)
        for node in program.nodes
        for argument, domain in zip(node.args, node.op.domain, strict=False)
        if domain in words
    ]


def met(program: Program, asked: Iterable[Demand]) -> bool:
    """Whether all of it holds, with digits to spare."""
    for place, domain in asked:
        array = program.values[place]
        if not np.isfinite(array).all() or not DEMANDS[domain](array):
            return False
    return True


def points(expression: Expr) -> str | None:
    """What is said of the points at which an expression is checked.

    >>> from frechet.ops.expressions import apply, variable
    >>> points(apply("eigvalsh", (variable("S", ("n", "n")),)))
    'distinct eigenvalues'
    """
    words = [domain for node in postorder(expression) for domain in node.op.domain]
    return "; ".join(said for word, said in POINTS.items() if word in words) or None
