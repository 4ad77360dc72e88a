"""Claims in LaTeX with sums over data: families are read as those of the problem."""

from __future__ import annotations

import pytest

import frechet as fr

SQUARES = r"\sum_i (y_i - w^T x_i)^2"


@pytest.mark.parametrize(
    ("problem", "wrt", "claim"),
    [
        (SQUARES, "w", r"-2\sum_i (y_i - w^T x_i) x_i"),
        (SQUARES, "w", r"-2\sum_{i=1}^n x_i (y_i - x_i^T w)"),
        (r"\sum_{i=1}^N (y_i - w^T x_i)^2", "w", r"\nabla_w = -2\sum_{i=1}^N x_i (y_i - x_i^T w)"),
        (r"\frac1n \sum_{i=1}^n (y_i - w^T x_i)^2", "w", r"-\frac2n \sum_{i=1}^n x_i (y_i - x_i^T w)"),
        (r"\sum_i \|x_i - \mu\|^2", r"\mu", r"-2\sum_i (x_i - \mu)"),
        (r"\sum_n \log(1+\exp(-y_n w^T x_n))", "w", r"-\sum_n y_n x_n \sigma(-y_n w^T x_n)"),
        ("x'*A*x", "x", r"\sum_j (A_{ij} + A_{ji}) x_j"),
    ],
)
def test_right(problem: str, wrt: str, claim: str) -> None:
    assert fr.check(problem, wrt, claim).verdict == "right"


def test_a_wrong_sign_is_mended() -> None:
    found = fr.check(SQUARES, "w", r"2\sum_i (y_i - w^T x_i) x_i")
    assert found.verdict == "wrong"
    assert found.mend is not None
    assert found.mend.change == "the sign"


def test_a_partial_derivative_of_another_index_is_wrong() -> None:
    assert fr.check(r"\sum_{ij} A_{ij} x_i x_j", "x", r"2\sum_j A_{ij} x_j").verdict != "right"
