"""From a claim to its verdict: found, supposed, mended, refuted by an example, put into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from frechet.explain.claims import wording
from frechet.explain.claims.assumptions import suppose
from frechet.explain.claims.comparison import Finding, find, narrowed
from frechet.explain.claims.conditions import joined
from frechet.explain.claims.counterexample import at_place, counterexample
from frechet.explain.claims.mend import form_of, mend
from frechet.explain.claims.mistaken_for import instead, only_where
from frechet.explain.claims.points import Points
from frechet.explain.claims.question import Question
from frechet.explain.claims.readings import CONVENTIONS, OF_SCALAR, Convention, of_scalar
from frechet.explain.claims.targets import aims
from frechet.explain.claims.verdict import Mend, Verdict
from frechet.explain.claims.where_it_holds import Standing, region, standing
from frechet.explain.plain import Answer
from frechet.notation.ascii import text as shown


def judge(
    question: Question, expression: str, text: str, correct: Answer | None, upstream: Mapping[str, str]
) -> Verdict:
    """The verdict on a claim."""
    points = Points(question)
    found = find(question, points, text, upstream)
    made = _judged(question, points, found, expression, text, correct)
    return replace(made, meaning=f"{found.claim.note} {made.meaning}") if found.claim.note else made


def _judged(
    question: Question, points: Points, found: Finding, expression: str, text: str, correct: Answer | None
) -> Verdict:
    reading = found.claim.text if found.claim.text.replace(" ", "") != text.replace(" ", "") else None
    scalar = of_scalar(question, found.claim.style)
    named = tuple(_convention(name, scalar) for name in found.names)

    def verdict(meaning: str, **more: Any) -> Verdict:
        return Verdict(
            expression, question.wrt_name, text, found.word, named, meaning, correct, reading=reading, **more
        )

    if found.word in ("right", "right under a convention"):
        lasting, where = standing(question, points, found)
        if where is not None:
            return _where(question, points, found, where, expression, text, reading, correct)
        found = narrowed(question, found, lasting)
        named = tuple(_convention(name, scalar) for name in found.names)
        said = wording.right if found.word == "right" else wording.conventional
        return verdict(said(question, found))
    if found.word == "undecided":
        return verdict(wording.undecided(found))
    if found.word == "shorthand":
        completed, _ = mend(question, points, found)
        return verdict(wording.short(question, found, only_where(question, points, found)), mend=completed)
    return _wrong(question, points, found, expression, text, reading, correct)


def _where(
    question: Question, points: Points, found: Finding, where: Standing, expression: str, text: str,
    reading: str | None, correct: Answer | None,
) -> Verdict:  # fmt: skip
    """The verdict on a claim that is right at some points and not at others."""
    style = found.claim.style
    scalar = of_scalar(question, style)
    has_value = where.claimed is not None
    condition = joined(where.words) or (None if has_value else f"{found.claim.text} has a value")
    general = _general(question, where.names)
    example = at_place(question, found, where.against, where.names[0], where.claimed)
    meaning = wording.where(question, found, where.names, condition, has_value, general.formula if general else None)
    if condition is None:
        return Verdict(expression, question.wrt_name, text, "wrong", (), meaning, correct, general, example, reading)
    named = tuple(_convention(name, scalar) for name in where.names)
    return Verdict(
        expression, question.wrt_name, text, "right under a condition", named, meaning, correct, general, example,
        reading, condition,
    )  # fmt: skip


def _general(question: Question, names: Sequence[str]) -> Mend | None:
    """The right answer in the form of the claim, which needs no condition."""
    for name in names if question.verified else ():
        own = form_of(question, name)
        if own is not None:
            return Mend(shown(own), "right without the condition", name)
    return None


def _wrong(
    question: Question, points: Points, found: Finding, expression: str, text: str, reading: str | None,
    correct: Answer | None,
) -> Verdict:  # fmt: skip
    supposed = suppose(question, points, found)
    wrt = question.wrt_name
    named: tuple[Convention, ...] = ()
    if supposed is not None:
        named = tuple(_convention(name, of_scalar(question, found.claim.style)) for name in supposed.names)
    if supposed is not None and supposed.label:
        meaning = wording.conditional(question, supposed.words, True, None)
        general = _general(question, supposed.names)
        return Verdict(
            expression, wrt, text, "right under a condition", named, meaning, correct, general, reading=reading,
            condition=supposed.told, usual=True,
        )  # fmt: skip
    if supposed is None:
        part = region(question, points, found)
        if part is not None:
            return _where(question, points, found, part, expression, text, reading, correct)
    repaired, stopped = mend(question, points, found)
    wanted = aims(question, found) if found.places else []
    example = counterexample(question, points, found, wanted, repaired.small if repaired is not None else None)
    names = list(dict.fromkeys(t.name for t in wanted))
    form = _short_form(question, names[0]) if names else None
    if supposed is None:
        meaning = wording.wrong(question, found, names, repaired, instead(question, found), form)
        return Verdict(
            expression, wrt, text, "wrong", (), meaning, correct, repaired, example, reading, searched=stopped
        )
    told = (names[0], form or "") if names else None
    told = (repaired.reading, repaired.formula) if repaired is not None else told
    meaning = wording.conditional(question, supposed.words, False, told if told and told[1] else None)
    repaired = repaired or _general(question, supposed.names)
    return Verdict(
        expression, wrt, text, "right under a condition", named, meaning, correct, repaired, example, reading,
        supposed.told, stopped,
    )  # fmt: skip


LONG = 90


def _short_form(question: Question, name: str) -> str | None:
    """The right answer under a reading, if it is no longer than a sentence bears."""
    own = form_of(question, name) if question.verified else None
    written = shown(own) if own is not None else None
    return written if written is not None and len(written) <= LONG else None


def _convention(name: str, scalar: bool) -> Convention:
    if scalar and name in OF_SCALAR:
        return Convention(name, OF_SCALAR[name], "numerator")
    return CONVENTIONS[name]
