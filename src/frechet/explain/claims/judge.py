"""From a claim to its verdict: found, supposed, mended, refuted by an example, put into words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frechet.explain.claims import wording
from frechet.explain.claims.counterexample import counterexample
from frechet.explain.claims.finding import Finding, find
from frechet.explain.claims.instead import instead, only_where
from frechet.explain.claims.mend import form_of, mend
from frechet.explain.claims.places import Points
from frechet.explain.claims.question import Question
from frechet.explain.claims.readings import CONVENTIONS, OF_SCALAR, Convention, of_scalar
from frechet.explain.claims.suppose import suppose
from frechet.explain.claims.targets import aims
from frechet.explain.claims.verdict import Verdict
from frechet.notation.ascii import text as shown


def judge(
    question: Question, expression: str, text: str, correct: Mapping[str, Any] | None, upstream: Mapping[str, str]
) -> Verdict:
    """The verdict on a claim."""
    points = Points(question)
    found = find(question, points, text, upstream)
    reading = found.claim.text if found.claim.text.replace(" ", "") != text.replace(" ", "") else None
    scalar = of_scalar(question, found.claim.style)
    named = tuple(_convention(name, scalar) for name in found.names)

    def verdict(meaning: str, **more: Any) -> Verdict:
        return Verdict(
            expression, question.wrt_name, text, found.word, named, meaning, correct, reading=reading, **more
        )

    if found.word == "right":
        return verdict(wording.right(question, found))
    if found.word == "right under a convention":
        return verdict(wording.conventional(question, found))
    if found.word == "undecided":
        return verdict(wording.undecided(found))
    if found.word == "shorthand":
        completed, _ = mend(question, points, found)
        return verdict(wording.short(question, found, only_where(question, points, found)), mend=completed)
    return _wrong(question, points, found, expression, text, reading, correct)


def _wrong(
    question: Question, points: Points, found: Finding, expression: str, text: str, reading: str | None,
    correct: Mapping[str, Any] | None,
) -> Verdict:  # fmt: skip
    supposed = suppose(question, points, found)
    wrt = question.wrt_name
    if supposed is not None and supposed.label:
        named = tuple(_convention(name, of_scalar(question, found.claim.style)) for name in supposed.names)
        meaning = wording.conditional(question, supposed.words, True, None)
        return Verdict(
            expression, wrt, text, "right under a convention", named, meaning, correct, reading=reading,
            condition=supposed.words,
        )  # fmt: skip
    repaired, stopped = mend(question, points, found)
    wanted = aims(question, found) if found.places else []
    example = counterexample(question, points, found, wanted, repaired.small if repaired is not None else None)
    names = list(dict.fromkeys(t.name for t in wanted))
    form = _short_form(question, names[0]) if names else None
    if supposed is not None:
        general = (names[0], form or "") if names else None
        general = (repaired.reading, repaired.formula) if repaired is not None else general
        meaning = wording.conditional(question, supposed.words, False, general if general and general[1] else None)
    else:
        meaning = wording.wrong(question, found, names, repaired, instead(question, found), form)
    condition = supposed.words if supposed is not None else None
    return Verdict(expression, wrt, text, "wrong", (), meaning, correct, repaired, example, reading, condition, stopped)


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
