"""Real problems: every one of the first class is answered, every form is right, and it reads like the known answer."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from judge.corpus import load, of_first_class
from judge.run import READABLE, Outcome, solve

pytestmark = pytest.mark.slow

PROBLEMS = [p for p in load() if of_first_class(p)]


@cache
def outcome(at: int) -> Outcome:
    return solve((PROBLEMS[at], 7, 60, True))


def name(value: Any) -> str:
    return PROBLEMS[value]["id"]


@pytest.mark.parametrize("at", range(len(PROBLEMS)), ids=name)
def test_answered_and_every_form_right(at: int) -> None:
    found = outcome(at)
    assert found.kind == "answered", found.reason
    assert not found.report.trouble, found.report.trouble
    wrong = {form: found.report.forms[form].reason for form in found.report.having("wrong")}
    assert not wrong
    assert not found.report.having("absent")
    assert found.passed is not False


def test_nineteen_in_twenty_read_like_the_known_answer() -> None:
    measured = [o for o in map(outcome, range(len(PROBLEMS))) if o.report.known]
    readable = [o for o in measured if o.report.ratio is not None and o.report.ratio <= READABLE]
    assert len(readable) >= 0.95 * len(measured), [o.id for o in measured if o not in readable]
