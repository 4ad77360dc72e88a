"""From a claim to its verdict, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frechet.explain.claims.finding import find
from frechet.explain.claims.mend import mend
from frechet.explain.claims.places import Points
from frechet.explain.claims.question import Question
from frechet.explain.claims.readings import CONVENTIONS, OF_SCALAR, Convention
from frechet.explain.claims.verdict import Verdict


def judge(
    question: Question, expression: str, text: str, correct: Mapping[str, Any] | None, upstream: Mapping[str, str]
) -> Verdict:
    """The verdict on a claim."""
    points = Points(question)
    found = find(question, points, text, upstream)
    named = tuple(_convention(question, name) for name in found.names)
    repaired, stopped = (None, None) if found.word not in ("wrong", "shorthand") else mend(question, points, found)
    return Verdict(
        expression, question.wrt_name, text, found.word, named, found.trouble or "", correct, repaired, searched=stopped
    )


def _convention(question: Question, name: str) -> Convention:
    if question.scalar and name in OF_SCALAR:
        return Convention(name, OF_SCALAR[name], "numerator")
    return CONVENTIONS[name]
