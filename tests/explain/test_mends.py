"""Mends: near the claim, in its form, right; conditions; counterexamples that can be redone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import frechet as fr

SQUARE = {"A": ["n", "n"], "x": ["n"]}
TALL = {"A": ["m", "n"], "x": ["n"], "b": ["m"]}

MENDED = [
    ("x'*A*x", "x", "2*A*x", SQUARE, "(A+A')*x"),
    ("x'*A*x", "x", "A'*x + x'*A", SQUARE, "A'*x + A*x"),
    ("norm2(A*x-b)^2", "x", "A'*(A*x-b)", TALL, "2*A'*(A*x-b)"),
    ("norm2(A*x-b)^2", "x", "-2*A'*(A*x-b)", TALL, "2*A'*(A*x-b)"),
    ("norm2(A*x-b)^2", "x", "2*A*(A*x-b)", TALL, "2*A'*(A*x-b)"),
    ("sum(exp(A*x+b))", "x", "A'*exp(x)", {"A": ["n", "n"], "x": ["n"], "b": ["n"]}, "A'*exp(A*x+b)"),
    ("det(X)", "X", "det(X)*X'", {"X": ["n", "n"]}, "det(X)*inv(X)'"),
    ("A*B", "A", "kron(eye(n),B')", {"A": ["m", "n"], "B": ["n", "p"]}, "kron(eye(m),B')"),
    ("norm2(X*w-y)^2/m", "w", "2*X'*(X*w-y)", {"X": ["m", "n"], "w": ["n"], "y": ["m"]}, "2*X'*(X*w-y)/m"),
    ("tr(A*X*B)", "X", "A*B", {"A": ["m", "n"], "X": ["n", "p"], "B": ["p", "m"]}, "A'*B'"),
    ("X^2", "X", "2*X*dX", {"X": ["n", "n"]}, "X*dX + dX*X"),
    ("W*x", "W", "G*x", {"W": ["m", "n"], "x": ["n"]}, "G*x'"),
]


@pytest.mark.parametrize(("expression", "wrt", "claim", "shapes", "mend"), MENDED)
def test_the_nearest_right_formula(expression: str, wrt: str, claim: str, shapes: dict[str, Any], mend: str) -> None:
    verdict = fr.check(expression, wrt, claim, shapes=shapes)
    assert verdict.verdict == "wrong"
    assert verdict.mend is not None
    assert verdict.mend.formula == mend
    assert verdict.mend.change


@pytest.mark.parametrize(("expression", "wrt", "claim", "shapes", "mend"), MENDED)
def test_every_mend_holds(expression: str, wrt: str, claim: str, shapes: dict[str, Any], mend: str) -> None:
    del mend
    found = fr.check(expression, wrt, claim, shapes=shapes).mend
    assert found is not None
    assert fr.check(expression, wrt, found.formula, shapes=shapes).holds


def test_a_missing_assumption_is_named() -> None:
    verdict = fr.check("x'*A*x", "x", "2*A*x", shapes=SQUARE)
    assert verdict.condition == "A is symmetric"
    assert verdict.meaning.startswith("Right if A is symmetric")
    assert fr.check("x'*A*x", "x", "2*A*x", shapes=SQUARE, assumptions={"A": ["symmetric"]}).verdict == "right"


def test_labels_sum_to_one() -> None:
    verdict = fr.check("-sum(y.*log(softmax(z)))", "z", "softmax(z)-y", shapes={"y": ["n"], "z": ["n"]})
    assert verdict.holds
    assert verdict.condition == "the entries of y sum to one"


def test_the_counterexample_can_be_redone() -> None:
    example = fr.check("x'*A*x", "x", "2*A*x", shapes=SQUARE).counterexample
    assert example is not None
    a, x = (np.array(example["values"][name]) for name in ("A", "x"))
    assert example["claimed"] == (2 * a @ x).tolist()
    assert example["true"] == ((a + a.T) @ x).tolist()


def test_a_wrong_size_is_shown_at_small_sizes() -> None:
    verdict = fr.check("A*B", "A", "kron(eye(n),B')", shapes={"A": ["m", "n"], "B": ["n", "p"]})
    assert verdict.counterexample is not None
    assert np.shape(verdict.counterexample["claimed"]) != np.shape(verdict.counterexample["true"])
    assert "size" in (verdict.mend.change if verdict.mend else "")


def test_shorthand_is_completed() -> None:
    assert fr.check("A*B", "B", "A'").mend == fr.derive("A*B", wrt="B").check("A'").mend
    found = fr.check("A*B", "B", "A'").mend
    assert found is not None and found.formula == "A'*G"


def test_the_same_question_has_the_same_answer() -> None:
    once, again = (fr.check("x'*A*x", "x", "A*x", shapes=SQUARE).to_dict() for _ in range(2))
    assert once == again
