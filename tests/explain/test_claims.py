"""Verdicts on claims: every reading by its name, shape slips as wrong claims, what cannot be read as an error."""

from __future__ import annotations

import pytest

import frechet as fr
from frechet.errors import FrechetError

MATRICES = {"A": ("m", "n"), "B": ("n", "p")}

KNOWN = [
    ("A*B", "B", "kron(eye(p),A)", ["numerator"]),
    ("A*B", "B", "kron(eye(p),A')", ["denominator"]),
    ("A*B", "B", "kron(A,eye(p))", ["rowmajor-numerator"]),
    ("A*B", "B", "kron(A',eye(p))", ["rowmajor-denominator"]),
    ("A*B", "B", "A'*G", ["gradient", "pullback"]),
    ("A*B", "B", "A*dB", ["differential"]),
    ("A*B", "B", "A[i,k]*delta(j,l)", ["index"]),
    ("A*B", "B", 'einsum("ik,jl->ijkl", A, eye(p))', ["tensor"]),
    ("x'*A*x", "x", "(A+A')*x", ["gradient", "vec-column", "vec-column-rowmajor"]),
    ("x'*A*x", "x", "x'*(A+A')", ["numerator", "vec-row", "vec-row-rowmajor"]),
    ("tr(A*B)", "A", "B'", ["gradient"]),
    ("tr(A*B)", "A", "B", ["numerator"]),
    ("tr(A*B)", "A", "vec(B')", ["vec-column"]),
    ("tr(A*B)", "A", "vec(B)'", ["vec-row-rowmajor"]),
    ("kron(d,d)", "d", "vec(kron(d,eye(n))+kron(eye(n),d))", ["vec-of-jacobian"]),
]


@pytest.mark.parametrize(("expression", "wrt", "claim", "names"), KNOWN)
def test_a_right_claim_is_told_every_reading(expression: str, wrt: str, claim: str, names: list[str]) -> None:
    shapes = {"x": ["n"], "A": ["n", "n"]} if expression == "x'*A*x" else {"d": ["n"]} if wrt == "d" else MATRICES
    verdict = fr.check(expression, wrt, claim, shapes=shapes if "tr" not in expression else None)
    assert verdict.holds
    assert [c.name for c in verdict.conventions] == names


def test_a_factor_of_the_pullback_is_shorthand() -> None:
    assert fr.check("A*B", "B", "A'").verdict == "shorthand"
    assert fr.check("A*B", "A", "B'").verdict == "shorthand"
    assert fr.check("sigma(a)", "a", "sigma'(a)", shapes={"a": ["n"]}, functions=["sigma"]).verdict == "shorthand"


def test_where_the_sizes_make_it_a_jacobian_it_is_one() -> None:
    verdict = fr.check("A*b", "b", "A'", shapes={"A": ["m", "n"], "b": ["n"]})
    assert [c.name for c in verdict.conventions] == ["denominator", "rowmajor-denominator"]


def test_a_claim_without_a_shape_is_wrong_and_no_error() -> None:
    verdict = fr.check("x'*A*x", "x", "A'*x + x'*A", shapes={"A": ["n", "n"], "x": ["n"]})
    assert verdict.verdict == "wrong"
    assert "n×1" in verdict.meaning and "1×n" in verdict.meaning


@pytest.mark.parametrize("claim", ["A'*", "Q'*x", "foo(x)", ""])
def test_a_claim_that_cannot_be_read_is_an_error(claim: str) -> None:
    with pytest.raises(FrechetError):
        fr.check("x'*A*x", "x", claim)


def test_size_names_of_its_own() -> None:
    assert fr.check("A*B", "B", "kron(eye(k),A)").verdict == "right"
    assert fr.check("A*B", "A", "kron(eye(n),B')", shapes=MATRICES).verdict == "wrong"


def test_equations_and_upstream_names() -> None:
    shapes = {"h": [1, "n"], "W": ["n", "m"]}
    for claim in ("dL/dW = h'*dL/dout", "dL/dW = h'*G", "h'*dout"):
        verdict = fr.check("out = h*W", "W", claim, shapes=shapes, upstream={"dout": "out"})
        assert verdict.verdict == "right", claim
        assert "pullback" in [c.name for c in verdict.conventions]


def test_readings_of_a_symmetric_variable() -> None:
    asked = {"shapes": {"X": ["n", "n"], "A": ["n", "n"]}, "assumptions": {"X": ["symmetric"]}}

    def names(claim: str) -> list[str]:
        return [c.name for c in fr.check("tr(A*X)", "X", claim, **asked).conventions]

    assert names("A'") == ["gradient"]
    assert names("(A+A')/2") == ["symmetric-projected"]
    assert names("A+A'-diag(diag(A))") == ["symmetric-free"]
    assert names("tril(A+A')-diag(diag(A))") == ["symmetric-lower"]


def test_the_verdict_as_plain_data() -> None:
    out = fr.check("A*B", "B", "kron(eye(p),A)").to_dict()
    assert list(out)[:9] == [
        "expression",
        "wrt",
        "claim",
        "verdict",
        "conventions",
        "meaning",
        "correct",
        "mend",
        "counterexample",
    ]
    assert out["conventions"][0]["layout"] == "numerator"
    assert out["correct"]["pullback"] == "A'*G"
