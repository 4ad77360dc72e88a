"""Claims in the words of other languages are read as the formulas that they stand for."""

from __future__ import annotations

import pytest

import frechet as fr

CLAIMS = [
    ("trace(A*X)", "X", "transpose(A)", "right"),
    ("log(det(X))", "X", "transpose(inverse(X))", "right"),
    ("norm(x)", "x", "x/norm(x)", "right"),
    ("norm(X,'fro')", "X", "X/norm(X,'fro')", "right"),
    ("sum(log1p(x))", "x", "reciprocal(1+x)", "right"),
    ("A\\b", "b", "inverse(A)", "right"),
    ("trace(A*X)", "X", "inverse(A)", "wrong"),
    ("norm(A*x-b)^2", "x", "2*transpose(A)*(A*x+b)", "wrong"),
]


@pytest.mark.parametrize(("expression", "wrt", "claim", "verdict"), CLAIMS)
def test_a_claim_in_words(expression: str, wrt: str, claim: str, verdict: str) -> None:
    assert fr.check(expression, wrt, claim).verdict == verdict


def test_a_claim_with_a_word_that_is_asked() -> None:
    with pytest.raises(fr.FrechetError, match=r"X is a matrix m×n, and norm\(X\) could be"):
        fr.check("norm(X,'fro')", "X", "X/norm(X)")
