"""Is this formula the derivative?  A claim against every reading of the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

from frechet.errors import FrechetError
from frechet.explain.claims.claim import Claim, read_claim
from frechet.explain.claims.points import Place, Points
from frechet.explain.claims.question import Question
from frechet.explain.claims.readings import held, of_scalar, told
from frechet.explain.claims.shorthand import shorthand
from frechet.explain.claims.values import entries_at, values_at
from frechet.explain.claims.verdict import Word

TRIALS = 4
MATCHES = 60
"""How many ways to read a claim's own size names are tried."""


@final
@dataclass(frozen=True)
class Finding:
    """What was found of a claim: the reading of it that fared best, the word, the names of the readings it holds
    under, the places, and why it has no value or shape, if so."""

    word: Word
    claim: Claim
    names: tuple[str, ...]
    places: Sequence[Place]
    arrays: Sequence[Any] | None
    trouble: str | None = None
    product: str | None = None
    order: tuple[str, ...] = ()
    """The order of the indices of a claim in index form: those of the value first."""
    within: tuple[str, ...] = ()
    """Those of the names that it has within the structure of the variable alone."""


def find(
    question: Question, points: Points, text: str, upstream: Mapping[str, str] | None = None, trials: int = TRIALS
) -> Finding:
    """The verdict on a claim, without its words."""
    best: Finding | None = None
    known: dict[object, list[Place]] = {}
    for k, claim in enumerate(read_claim(text, question, upstream or {})):
        if k >= MATCHES:
            break
        found = _judge(question, points, claim, trials, known)
        if best is None or _rank(found) < _rank(best):
            best = found
        if best.word == "right":
            break
    assert best is not None  # a claim is read at least once
    return best


def _rank(found: Finding) -> tuple[int, int]:
    order: tuple[Word, ...] = ("right", "right under a convention", "shorthand", "undecided", "wrong")
    return order.index(found.word), int(found.claim.expr is None)


def _judge(question: Question, points: Points, claim: Claim, trials: int, known: dict[object, list[Place]]) -> Finding:
    if None not in known:
        known[None] = points.draw(trials)
    places = known[None]
    if not places:
        return Finding("undecided", claim, (), (), None, "no point was found at which the derivative could be measured")
    if claim.expr is None:
        return Finding("wrong", claim, (), places, None, claim.trouble)
    try:
        return _compared(question, points, claim, places, trials)
    except KeyError as missing:
        raise FrechetError("name", f"{missing.args[0]} has no value here") from None


def _compared(question: Question, points: Points, claim: Claim, places: list[Place], trials: int) -> Finding:
    expr = claim.expr
    assert expr is not None
    if claim.index:
        return _by_index(question, claim, places)
    arrays = values_at(expr, places)
    if arrays is None:
        # Sizes that suit the claim as well (an index beyond the others, a wider matrix) may give it a value.
        elsewhere = points.draw(trials, also=(expr,))
        arrays = values_at(expr, elsewhere) if elsewhere else None
        if arrays is None or elsewhere[0].sizes == places[0].sizes:
            return Finding("wrong", claim, (), places, None, "it has no value where the expression has a derivative")
        places = elsewhere
    exact, alike = held(question, places, arrays, claim.style)
    names = told(exact, alike)
    if names:
        word = _word(question, names, of_scalar(question, claim.style))
        within = tuple(n for n in names if n not in exact)
        return Finding(word, claim, tuple(names), places, arrays, within=within)
    product = None if claim.style.upstream or claim.style.increment else shorthand(question, places, arrays)
    if product:
        return Finding("shorthand", claim, (), places, arrays, None, product)
    return Finding("wrong", claim, (), places, arrays)


def _by_index(question: Question, claim: Claim, places: list[Place]) -> Finding:
    found = entries_at(claim, question, places)
    if found is None:
        return Finding("wrong", claim, (), places, None)
    arrays, order = found
    return Finding("right", claim, ("index",), places, arrays, None, None, order)


def narrowed(question: Question, found: Finding, names: Sequence[str]) -> Finding:
    """What was found of a right claim, with fewer of the readings that it has."""
    if tuple(names) == found.names:
        return found
    word = _word(question, names, of_scalar(question, found.claim.style))
    return replace(found, word=word, names=tuple(names), within=tuple(n for n in found.within if n in names))


PLAIN = ("gradient", "derivative", "pullback", "differential", "index", "tensor", "hessian", "numerator")
"""Readings that need no convention to be named, the numerator layout only where the value is no scalar."""


def _word(question: Question, names: Sequence[str], scalar: bool) -> Word:
    """`right` where a reading holds that most mean without saying."""
    plain = [n for n in names if n in PLAIN and not (n == "numerator" and scalar)]
    if question.structure and question.scalar:
        plain = [n for n in names if n in ("symmetric-projected", "skew-projected") or (n in plain and n != "gradient")]
        plain += (
            ["gradient"]
            if "gradient" in names and question.structure not in ("symmetric", "positive definite", "skew")
            else []
        )
    if question.complex:
        plain = [n for n in names if n in ("d/dZ", "d/dconj(Z)", "2*d/dconj(Z)", "differential", "pullback")]
    return "right" if plain else "right under a convention"
