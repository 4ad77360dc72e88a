"""The judge of readings: it must let a right reading pass, whatever names its sizes have, and catch the others."""

from __future__ import annotations

from typing import Any

import pytest

from judge.language import parse
from judge.values import evaluate
from judge.written import OURS, Case, cases, judged, meant_wrt, needs_reading, readings

LEAST: dict[str, Any] = {
    "id": "least",
    "written": "\\|A x_1 - b\\|^2",
    "wrt": "x_1",
    "wrt_means": "x1",
    "means": "norm2(A*x1-b)^2",
    "shapes": {"A": ["s1", "s2"], "x1": ["s2"], "b": ["s1"]},
    "rename": {"x_1": "x1"},
}
GOOD: dict[str, Any] = {
    "wrt": "x_1",
    "shapes": {"A": ["m", "n"], "x_1": ["n"], "b": ["m"]},
    "gradient": "2*A'*(A*x_1-b)",
    "differential": "2*(A*x_1-b)'*A*dx_1",
    "reading": {"language": "latex", "formula": "norm2(A*x_1-b)^2", "assumed": ["b is m×1"]},
}
ASKED: dict[str, Any] = {"error": {"kind": "shape", "message": "b on every row: X*W + ones(m)*b'", "position": 4}}
ASK: dict[str, Any] = {"id": "ask", "written": "X*W + b", "wrt": "W", "refuse": True, "offers": [r"ones\(\w+\)\*b'"]}


def kind(case: Case, answer: dict[str, Any]) -> str:
    return judged(case, answer, 1).kind


def test_a_right_reading_passes() -> None:
    assert kind(LEAST, GOOD) == "right"


def other(**changes: Any) -> dict[str, Any]:
    return {**GOOD, **changes}


@pytest.mark.parametrize(
    "answer",
    [
        other(shapes={"A": ["m", "n"], "x_1": ["n"], "b": []}),
        other(shapes={"A": ["n", "n"], "x_1": ["n"], "b": ["n"]}),
        other(shapes={"A": ["m", "n"], "x_1": ["n"], "b": ["m"], "c": []}),
        other(shapes={"A": ["m", "n"], "x_1": ["n"]}),
        other(shapes={"A": ["m", 3], "x_1": [3], "b": ["m"]}),
        other(wrt="b"),
        other(gradient="A'*(A*x_1-b)"),
        other(differential="2*(A*x_1+b)'*A*dx_1"),
        other(gradient=None, differential=None),
    ],
)
def test_another_reading_is_misread(answer: dict[str, Any]) -> None:
    assert kind(LEAST, answer) == "misread"


@pytest.mark.parametrize(
    "reading",
    [
        None,
        {"language": "latex", "formula": "norm2(A*x_1-b)^2"},
        {"language": "latex", "formula": "norm2(A*x_1-b)", "assumed": []},
        {"language": "latex", "formula": "A*x_1-b", "assumed": []},
        {"language": "latex", "formula": "norm2(A x_1-b)^2", "assumed": []},
    ],
)
def test_a_reading_that_is_not_shown_or_is_another(reading: Any) -> None:
    assert kind(LEAST, other(reading=reading)) == "unshown"


def test_a_reading_in_index_form() -> None:
    case = {"id": "i", "written": "C_{ij} = \\sum_k A_{ik} B_{kj}", "wrt": "A", "means": "A*B"}
    case["shapes"] = {"A": ["s1", "s2"], "B": ["s2", "s3"]}
    reading = {"language": "latex", "formula": "C[i,j] = A[i,k]*B[k,j]", "assumed": []}
    answer = {"wrt": "A", "shapes": {"A": ["m", "n"], "B": ["n", "p"]}, "differential": "dA*B", "reading": reading}
    assert kind(case, answer) == "right"
    assert kind(case, {**answer, "reading": {**reading, "formula": "C[i,j] = A[i,k]*B[k,i]*delta(i,j)"}}) == "unshown"


def test_questions() -> None:
    assert kind(ASK, ASKED) == "right"
    assert kind(ASK, {"error": {"kind": "syntax", "message": "a sign is missing"}}) == "unasked"
    assert kind(ASK, {"error": {"kind": "limit", "message": "ones(m)*b'"}}) == "unasked"
    assert kind(ASK, other(wrt="W")) == "guessed"
    assert kind(LEAST, ASKED) == "refused"
    assert kind({**LEAST, "either": True}, ASKED) == "right"
    assert kind({**LEAST, "either": True}, GOOD) == "right"


def test_another_reading_that_counts_too() -> None:
    numbers = {"means": "norm2(A*x1)^2", "shapes": {"A": ["s1", "s2"], "x1": ["s2"]}}
    case = {**LEAST, "alt": [numbers]}
    answer = other(shapes={"A": ["m", "n"], "x_1": ["n"]}, gradient="2*A'*A*x_1", differential="2*(A*x_1)'*A*dx_1")
    answer["reading"] = {**GOOD["reading"], "formula": "norm2(A*x_1)^2"}
    assert kind(case, answer) == "right"
    assert kind(LEAST, answer) == "misread"


def test_a_shifted_sum_has_a_value() -> None:
    x = evaluate(parse("[1; 4; 9; 16]"), {})
    assert evaluate(parse("sum(t: (x[t+1]-x[t])^2)"), {"x": x}) == 9 + 25 + 49
    assert evaluate(parse("sum(i, j: x[i]*x[j])"), {"x": x}) == 900


def test_the_cases_are_whole() -> None:
    for case in cases(OURS):
        assert case.get("written") and case.get("kind") and case.get("source"), case["id"]
        assert case.get("refuse") or case.get("means"), case["id"]
        for meant in readings(case):
            if meant.get("means"):
                wrt = meant_wrt(meant)
                assert set([wrt] if isinstance(wrt, str) else wrt) <= set(meant["shapes"]), case["id"]
        assert case.get("language") != "python" or needs_reading(case)
