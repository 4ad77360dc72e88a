"""Wrong variants of right formulas, made mechanically: each mend is right and takes away nothing that was."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

import frechet as fr
from judge.check import judge

pytestmark = pytest.mark.slow

WHOLE: list[tuple[str, str, str, str, dict[str, Any]]] = [
    ("tr(A*X*B)", "X", "gradient", "A'*B'", {"A": ["m", "n"], "X": ["n", "p"], "B": ["p", "m"]}),
    ("norm2(A*x-b)^2", "x", "gradient", "2*A'*(A*x-b)", {"A": ["m", "n"], "x": ["n"], "b": ["m"]}),
    ("tr(inv(X)*A)", "X", "gradient", "-inv(X)'*A'*inv(X)'", {"A": ["n", "n"], "X": ["n", "n"]}),
    ("tr(X'*A*X*B)", "X", "gradient", "A*X*B+A'*X*B'", {"A": ["m", "m"], "X": ["m", "n"], "B": ["n", "n"]}),
    ("A*X*B", "X", "pullback", "A'*G*B'", {"A": ["m", "n"], "X": ["n", "p"], "B": ["p", "q"]}),
    ("sigmoid(W*x)", "W", "pullback", "(G.*sigmoid(W*x).*(1-sigmoid(W*x)))*x'", {"W": ["m", "n"], "x": ["n"]}),
    ("sum(log(sigmoid(A*x-b)))", "x", "gradient", "A'*(1-sigmoid(A*x-b))", {"A": ["m", "n"], "x": ["n"], "b": ["m"]}),
    ("X*A*X", "X", "differential", "dX*A*X+X*A*dX", {"A": ["n", "m"], "X": ["m", "n"]}),
]  # fmt: skip


def variants(formula: str) -> Iterator[str]:
    """The formula without one of its transposes, with one sign turned, without its first or its last factor."""
    for found in re.finditer(r"(?<=[\w)])'", formula):
        yield formula[: found.start()] + formula[found.end() :]
    for found in re.finditer(r"(?<=[\w)'])[+-]", formula):
        yield formula[: found.start()] + ("-" if found.group() == "+" else "+") + formula[found.end() :]
    for dropped in (r"^-?[\w()']+\*", r"\*[\w()']+$"):
        yield re.sub(dropped, "", formula)


def factors(formula: str) -> Counter[str]:
    return Counter(re.findall(r"[A-Za-z]\w*", formula))


CASES = [(*case, wrong) for case in WHOLE for wrong in dict.fromkeys(variants(case[3])) if wrong != case[3]]


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 30


@pytest.mark.parametrize(("text", "wrt", "form", "right", "shapes", "wrong"), CASES)
def test_a_mend_takes_away_nothing_that_was_right(
    text: str, wrt: str, form: str, right: str, shapes: dict[str, Any], wrong: str
) -> None:
    verdict = fr.check(text, wrt, wrong, shapes=shapes)
    mend = verdict.mend
    if mend is None:
        assert verdict.holds or verdict.verdict == "wrong"  # another convention, or too little is left of it
        return
    kept = factors(wrong) & factors(right)
    assert not kept - factors(mend.formula), (wrong, mend.formula)
    assert not factors(mend.formula).keys() - factors(right).keys() - {"G", "eye", "n"}, (wrong, mend.formula)
    assert fr.check(text, wrt, mend.formula, shapes=shapes).holds
    if mend.reading == form:
        found = judge({"expression": text, "wrt": wrt, "shapes": shapes}, {form: mend.formula}).forms[form]
        assert found.status == "right", (wrong, mend.formula, found.reason)
