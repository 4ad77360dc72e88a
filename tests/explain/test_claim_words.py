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
    ("tr(inv(X)*A)", "X", "-X^-T*A^T*X^-T", "right"),
    ("tr(inv(X)*A)", "X", "-(Inverse(X)*A*Inverse(X))^T", "right"),
    ("tr(inv(X)*A)", "X", "-(Inverse(X)*A*Inverse(X))", "right under a convention"),
    ("tr(A*X)", "X", "transpose(A^T)", "right under a convention"),
    ("trace(A*X)", "X", "inverse(A)", "wrong"),
    ("norm(A*x-b)^2", "x", "2*transpose(A)*(A*x+b)", "wrong"),
]


@pytest.mark.parametrize(("expression", "wrt", "claim", "verdict"), CLAIMS)
def test_a_claim_in_words(expression: str, wrt: str, claim: str, verdict: str) -> None:
    assert fr.check(expression, wrt, claim).verdict == verdict


def test_a_claim_with_a_word_that_is_asked() -> None:
    with pytest.raises(fr.FrechetError, match=r"X is a matrix m×n, and norm\(X\) could be"):
        fr.check("norm(X,'fro')", "X", "X/norm(X)")


def test_of_signs_that_are_read_the_unknown_name_is_told() -> None:
    with pytest.raises(fr.FrechetError, match="B is defined nowhere"):
        fr.check("tr(A*X)", "X", "A^T*B")
    with pytest.raises(fr.FrechetError, match="T is defined nowhere"):
        fr.check("tr(A*X)", "X", "transpose(A) + T")


def test_a_layout_that_holds_at_permutations_of_two_alone_is_not_named() -> None:
    for claim, name in (("sortperm(x)", "numerator"), ("sortperm(x)'", "denominator")):
        found = fr.check("sort(x)", "x", claim)
        assert {c.name for c in found.conventions} & {"numerator", "denominator"} == {name}
    assert fr.check("cumsum(sort(x))", "x", "tril(ones(n,n))*sortperm(x)'").verdict == "wrong"
    assert fr.check("relu(x)", "x", "diag(step(x))").verdict == "right"


CONFORMS = [
    ("sum(normcdf(X*b))", "b", "X'*normpdf(X*b)"),
    ("y'*log(X*b)", "b", "X'*(y./(X*b))"),
    ("norm2(X*b)", "b", "X'*X*b/norm2(X*b)"),
]


@pytest.mark.parametrize(("expression", "wrt", "claim"), CONFORMS)
def test_a_name_is_what_makes_the_claim_conform(expression: str, wrt: str, claim: str) -> None:
    found = fr.check(expression, wrt, claim)
    assert found.verdict == "right"
    assert found.meaning.startswith("Read so that the claim conforms (--shape b=n).")
    assert fr.check(expression, wrt, claim, shapes={"b": []}).verdict == "wrong"
    assert fr.check(expression, wrt, claim.replace("X'", "2*X'")).verdict == "wrong"
