"""The values of a claim at points."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations
from typing import Any

import numpy as np

from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.explain.claims.claim import Claim
from frechet.explain.claims.points import Place
from frechet.explain.claims.question import Question
from frechet.verify.evaluate import Program
from frechet.verify.indexvalue import IndexProgram


def values_at(expr: Expr, places: Sequence[Place]) -> list[Any] | None:
    """The arrays of an expression at all places; None where it has no value at one of them."""
    arrays = [place.value(expr) for place in places]
    return None if any(a is None for a in arrays) else arrays


def axes_of(question: Question) -> list[str]:
    """The axes that indices run over: those of what is differentiated, then those of the variable, 1s left out."""
    shape = (*question.rows, *question.wrt.shape)
    return [str(d) for d in shape if d.number != 1]


def entries_at(claim: Claim, question: Question, places: Sequence[Place]) -> tuple[list[Any], tuple[str, ...]] | None:
    """The arrays of a claim in index form over its free indices, and these in the order of the axes.

    Which index belongs to which axis: as the left side says, else in alphabetical order, the first ones for the
    value; or the first ones for the variable; else None.  An index that stands on two factors is summed over, unless
    the axes are more than the free indices.
    """
    for order in orders_of(claim, question):
        arrays = [entries_in(claim, order, place) for place in places]
        pairs = zip(arrays, places, strict=True)
        if all(a is not None and np.max(np.abs(a - p.truth)) <= p.slack * np.max(np.abs(p.truth)) + 1e-3 * p.slack
               for a, p in pairs):  # fmt: skip
            return arrays, order
    return None


def entries_in(claim: Claim, order: tuple[str, ...], place: Place) -> Any:
    """The array of a claim in index form over its indices in this order; None where it has none."""
    assert claim.expr is not None
    shape = [n for n in place.truth.shape if n != 1]
    if len(shape) != len(order):
        return None
    try:
        program = IndexProgram(claim.expr, list(zip(order, shape, strict=True)), place.sizes, place.functions)
        with np.errstate(all="ignore"):
            found = program.run(Program(program.roots, place.sizes, place.functions).run(place.env))
    except (FrechetError, ValueError, np.linalg.LinAlgError):
        return None
    return np.reshape(found, place.truth.shape)


def orders_of(claim: Claim, question: Question) -> list[tuple[str, ...]]:
    """The ways in which the indices of a claim may belong to the axes."""
    wanted = len(axes_of(question))
    if claim.declared is not None:
        told = (*claim.declared[0], *claim.declared[1])
        return [told] if len(told) == wanted else []
    value = len([d for d in question.rows if d.number != 1])
    free = claim.free
    if len(free) > wanted:
        return []
    found: dict[tuple[str, ...], None] = {}
    others = [n for n in claim.named if n not in free]
    for more in combinations(others, wanted - len(free)):
        names = tuple(sorted((*free, *more)))
        found |= dict.fromkeys((names, (*names[wanted - value :], *names[: wanted - value])))
    # An entry that is the same for all of some axis does not name it.
    spare = [f"_{k}" for k in range(wanted - len(free))]
    return [*found, *(p for p in permutations((*free, *spare)) if [n for n in p if n in free] == list(free))]
