"""Answers beside the formulas of the literature: right, and no longer than what the field prints.

The judge has a parser, an evaluator and a measure of its own (`tests/judge`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import frechet as fr
from judge.check import judge
from judge.corpus import HOME, load
from judge.language import length
from judge.run import NO_LONGER, ask

OWN = load(Path(__file__).with_name("composite.jsonl"))
PUBLISHED = load(HOME / "composite.jsonl")


def in_form(form: str, formula: str) -> dict[str, Any]:
    """An answer that has one form only."""
    return {"jacobian": {"numerator": {"column": formula}}} if form == "numerator" else {form: formula}


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What was asked once."""
    return {}


def answer_to(problem: dict[str, Any], answers: dict[str, Any]) -> Any:
    if problem["id"] not in answers:
        answers[problem["id"]] = ask(problem, verify=False)
    return answers[problem["id"]]


@pytest.mark.parametrize("problem", OWN + PUBLISHED, ids=lambda p: p["id"])
def test_an_answer_is_right_and_no_longer_than_the_known_one(problem: dict[str, Any], answers: dict[str, Any]) -> None:
    report = judge(problem, answer_to(problem, answers), seed=3)
    assert report.right, (report.trouble, report.having("wrong"), report.having("absent"))
    assert report.ratio is not None and report.ratio <= NO_LONGER, (report.nodes, report.known)


@pytest.mark.parametrize("problem", OWN, ids=lambda p: p["id"])
def test_the_known_formula_is_right(problem: dict[str, Any]) -> None:
    known: Any = {**in_form(problem["form"], problem["answer"]), "where": problem.get("answer where") or {}}
    report = judge(problem, known, seed=4)
    assert not report.trouble and not report.having("wrong"), report.forms
    assert report.having("right")


def test_all_published_answers_together_are_shorter(answers: dict[str, Any]) -> None:
    reports = [judge(problem, answer_to(problem, answers), seed=3) for problem in PUBLISHED]
    nodes, known = (sum(getattr(report, name) or 10**6 for report in reports) for name in ("nodes", "known"))
    assert nodes <= 0.97 * known


def texts(expression: str, wrt: str, **given: Any) -> dict[str, Any]:
    return fr.derive(expression, wrt=wrt, verify=False, **given).to_dict()


def test_a_difference_stands_the_way_round_the_problem_has_it() -> None:
    shapes = {"A": ["n", "n"], "B": ["n", "m"], "C": ["k", "n"], "s": []}
    assert texts("C*inv(s*eye(n)-A)*B", "A", shapes=shapes)["where"]["M"] == "inv(s*eye(n)-A)"
    assert texts("C*inv(A-s*eye(n))*B", "A", shapes=shapes)["where"]["M"] == "inv(A-s*eye(n))"
    assert texts("exp((p-q)^2)", "p", shapes={"p": [], "q": []})["gradient"] == "2*(p-q)*exp((p-q)^2)"
    assert texts("exp((q-p)^2)", "q", shapes={"p": [], "q": []})["gradient"] == "2*(q-p)*exp((q-p)^2)"


def test_the_same_difference_is_not_written_both_ways_round() -> None:
    gradient = texts("sqrt((z-x)'*inv(S)*(z-x))", "x", assumptions={"S": ["positive definite"]})["gradient"]
    assert gradient == "inv(S)*(x-z)/sqrt((x-z)'*inv(S)*(x-z))"


def test_a_kronecker_factor_in_common_is_taken_out() -> None:
    shapes = {"X": ["n", "n"], "A": ["n", "n"]}
    column = texts("A*X*A + X*A", "X", shapes=shapes)["jacobian"]["numerator"]["column"]
    assert column == "kron(A',eye(n)+A)"
    column = texts("X'*X*A-A", "A", shapes={"X": ["m", "n"], "A": ["n", "k"]})["jacobian"]["numerator"]["column"]
    assert column == "kron(eye(k),X'*X-eye(n))" or length(column, {}) <= length("kron(eye(k),X'*X)-eye(k*n)", {})


def test_a_product_that_repeats_inside_products_has_a_name() -> None:
    answer = texts("(R*(p-c))/(e'*(R*(p-c)))", "p", shapes={"R": ["n", "n"], "p": ["n"], "c": ["n"], "e": ["n"]})
    assert answer["jacobian"]["numerator"]["column"] == "(R-r*e'*R/z)/z"
    assert answer["where"]["r"] == "R*(p-c)" and answer["where"]["z"] == "e'*r"


def test_a_name_stands_only_in_formulas_that_repeat_it() -> None:
    shapes = {"H": ["m", "n"], "Q": ["n", "n"], "s": []}
    answer = texts("logdet(eye(m)+H*Q*H'/s)", "Q", shapes=shapes, assumptions={"Q": ["positive definite"]})
    assert answer["gradient"] == "H'*inv(eye(m)+H*Q*H'/s)*H/s"
    assert "M" in answer["structured"]["free entries"] and answer["where"] == {"M": "inv(eye(m)+H*Q*H'/s)"}


def test_a_quotient_has_its_hessian_by_its_value_and_gradient() -> None:
    answer = texts("(x'*H*x)/(x'*x)", "x", order=2, assumptions={"H": ["symmetric"]})
    assert answer["hessian"] == "2*(H-g*x'-x*g'-r*eye(n))/c"
    assert answer["where"] == {"c": "x'*x", "r": "x'*H*x/c", "g": "2*(H*x-r*x)/c"}


@pytest.mark.parametrize(
    ("expression", "wrt", "form", "expected", "shapes"),
    [
        ("sum(log(cosh(x)))", "x", "gradient", "tanh(x)", {"x": ["n"]}),
        ("-log(sigmoid(w'*x-w'*y))", "w", "gradient", "sigmoid(w'*(y-x))*(y-x)", {"w": ["n"], "x": ["n"], "y": ["n"]}),
        ("sigmoid(z)", "z", "derivative", "sigmoid(z)*(1-sigmoid(z))", {"z": []}),
        ("tr(diag(w)*X*A*A'*X')", "w", "gradient", "sum((X*A).^2,2)", {"w": ["m"], "X": ["m", "n"], "A": ["n", "k"]}),
        (
            "sum(log(1+(K*x-b).^2/c^2))", "x", "gradient", "2*K'*(r./(r.^2+c^2))",
            {"K": ["m", "n"], "x": ["n"], "b": ["m"], "c": []},
        ),
    ],
)  # fmt: skip
def test_a_formula_is_read_as_the_function_it_is(
    expression: str, wrt: str, form: str, expected: str, shapes: dict[str, list[str]]
) -> None:
    assert texts(expression, wrt, shapes=shapes)[form] == expected


def test_a_kronecker_product_times_a_vector_in_a_matrix_is_a_product() -> None:
    shapes = {"y": ["m*t"], "S": ["m", "m"]}
    answer = texts("y'*kron(inv(S),eye(t))*y", "S", shapes=shapes, assumptions={"S": ["positive definite"]})
    assert "kron" not in answer["gradient"] and "kron" not in str(answer["where"])
