"""Verdicts on claims: every reading by its name, shape slips as wrong claims, what cannot be read as an error."""

from __future__ import annotations

import pytest

import frechet as fr
from frechet.errors import FrechetError

pytestmark = pytest.mark.slow

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


INDEXED = [
    ("x.*x", "x", "2*x[i]*delta(i,j)", True),
    ("softmax(x)", "x", "softmax(x)[i]*(delta(i,j)-softmax(x)[j])", True),
    ("softmax(x)", "x", "softmax(x)[i]*(1-softmax(x)[j])", False),
    ("x'*x", "x", "2*x[i]", True),
    ("A*B", "B", "A[i,k]*delta(j,l)", True),
    ("A*B", "B", "A[i,j]*delta(k,l)", False),
    ("a'*X*b", "X", r"\frac{\partial f}{\partial X_{ij}} = a_i b_j", True),
    ("a'*X*b", "X", r"\frac{\partial f}{\partial X_{ij}} = a_j b_i", False),
]
"""Entries; an index of the value may stand on two factors where no left side says that it is not summed over."""


@pytest.mark.parametrize(("expression", "wrt", "claim", "holds"), INDEXED)
def test_claims_of_one_entry(expression: str, wrt: str, claim: str, holds: bool) -> None:
    shapes = {"X": ["m", "n"], "a": ["m"], "b": ["n"]} if wrt == "X" else MATRICES if wrt == "B" else {"x": ["n"]}
    verdict = fr.check(expression, wrt, claim, shapes=shapes)
    assert verdict.holds == holds
    assert ([c.name for c in verdict.conventions] == ["index"]) == holds
    assert (verdict.counterexample is None) == holds


LATEX = [
    ("x'*A*x", "x", r"(A + A^\top)\mathbf{x}", "right"),
    ("x'*A*x", "x", r"df = x^T(A+A^T)dx", "right"),
    (r"\mathbf{x}^\top A\mathbf{x}", "x", "2Ax", "right under a condition"),
    ("x'*A*x", "x", "x^T(A+A^T)", "right under a convention"),
    ("norm2(A*x)^2 + c*norm2(x)^2", "x", r"2(A^\top A + c I)x", "right"),
    ("norm2(A*x)^2 + c*norm2(x)^2", "x", "2*(A'*A + c*I)*x", "right"),
    (
        "inv(A)",
        "A",
        r"\frac{\partial\mathrm{vec}(A^{-1})}{\partial\mathrm{vec}(A)^\top} = -A^{-\top}\otimes A^{-1}",
        "right",
    ),
]


@pytest.mark.parametrize(("expression", "wrt", "claim", "word"), LATEX)
def test_claims_in_latex(expression: str, wrt: str, claim: str, word: str) -> None:
    verdict = fr.check(expression, wrt, claim, shapes={"A": ["n", "n"], "x": ["n"], "c": []} if wrt == "x" else None)
    assert verdict.verdict == word, str(verdict)


def test_a_bar_over_a_complex_variable_is_its_conjugate() -> None:
    shapes, facts = {"Z": ["n", "k"], "A": ["n", "n"]}, {"Z": ["complex"], "A": ["complex"]}
    verdict = fr.check(r"\operatorname{tr}(Z^H A Z)", "Z", r"A^\top \bar{Z}", shapes=shapes, assumptions=facts)
    assert [c.name for c in verdict.conventions] == ["d/dZ"]
    assert (
        str(fr.derive(r"\operatorname{tr}(\bar{Z}^T A Z)", "Z", shapes=shapes, assumptions=facts).complex["d/dconj(Z)"])
        == "A*Z"
    )


def test_letters_side_by_side_where_the_problem_is_latex() -> None:
    shapes = {"A": ["m", "m"], "B": ["n", "n"], "X": ["m", "n"]}
    verdict = fr.check(r"\operatorname{tr}(AXBX^\top)", "X", "2AXB", shapes=shapes)
    assert (verdict.reading, verdict.condition) == ("2*A*X*B", "A and B are symmetric")
    with pytest.raises(FrechetError, match="Y is defined nowhere"):
        fr.check(r"\operatorname{tr}(AXBX^\top)", "X", "2AYB", shapes=shapes)


def test_entries_of_second_derivatives() -> None:
    square = {"A": ["n", "n"], "x": ["n"]}
    right = fr.check("x'*A*x", "x", "A[i,j]+A[j,i]", shapes=square, order=2)
    assert right.meaning == "Right: it is the entry ∂²f/∂x[i]∂x[j]."
    assert fr.check("x'*A*x", "x", "2*A[i,j]", shapes=square, order=2).verdict == "wrong"
    kron = "(A[i,k]+A[k,i])*delta(j,l)"
    assert fr.check("tr(X'*A*X)", "X", kron, shapes={"A": ["m", "m"], "X": ["m", "n"]}, order=2).holds
    assert fr.check("A*B", "B", "A[i,k]*delta(j,l)", shapes=MATRICES).meaning == (
        "Right: it is the entry ∂C[i,j]/∂B[k,l]."
    )


def test_with_an_upstream_gradient_the_claim_is_about_a_loss() -> None:
    verdict = fr.check("W*x+b", "W", "x*G'", shapes={"W": ["m", "n"], "x": ["n"], "b": ["m"]})
    assert verdict.verdict == "right under a convention"
    assert "the gradient transposed" in verdict.meaning and "Jacobian" not in verdict.meaning


def test_the_other_layout_is_told_with_the_mend() -> None:
    verdict = fr.check("exp(A*x)", "x", "A'*exp(A*x)", shapes={"A": ["m", "n"], "x": ["n"]})
    assert "A'*diag(exp(A*x)), the Jacobian in denominator layout" in verdict.meaning


def test_a_verdict_says_first_what_can_be_done() -> None:
    shorthand = fr.check("A*B", "B", "A'", shapes=MATRICES)
    assert shorthand.meaning.startswith(
        "Shorthand for the factor of the upstream gradient: with C = A*B and G = ∂L/∂C, "
    )
    assert "only where p = 1 is it one: the Jacobian in denominator layout" in shorthand.meaning
    conditional = fr.check("x'*A*x", "x", "2*x'*A", shapes={"A": ["n", "n"], "x": ["n"]})
    assert conditional.meaning == (
        "Right if A is symmetric; in general it is wrong: the gradient as a row is x'*(A+A')."
    )
    assert str(conditional) == conditional.meaning


def test_what_a_wrong_claim_is_instead() -> None:
    def meaning(expression: str, claim: str, order: int = 1) -> str:
        return fr.check(expression, "x", claim, shapes={"A": ["n", "n"], "x": ["n"]}, order=order).meaning

    assert "only the diagonal of the Jacobian" in meaning("softmax(x)", "softmax(x).*(1-softmax(x))")
    assert "the gradient of the sum of the entries" in meaning("exp(A*x)", "A'*exp(A*x)")
    assert "it is the gradient, and the Hessian" in meaning("x'*A*x", "(A+A')*x", order=2)


MISFITS = [
    ("A*x*x", "A*x*x multiplies two columns, n×1 and n×1"),
    ("x*A", "x*A does not conform: x is n×1 and A is n×n"),
    ("A*x/x", "A*x/x divides by an array, n×1: entry by entry that is A*x./x"),
    ("A*x + x'*A", "a column and a row: A*x is n×1 and x'*A is 1×n"),
    ("A.*x", "A.*x goes entry by entry and needs one shape: A is n×n and x is n×1"),
]


@pytest.mark.parametrize(("claim", "said"), MISFITS)
def test_a_misfit_is_told_of_the_parts_of_the_claim(claim: str, said: str) -> None:
    assert said in fr.check("x'*A*x", "x", claim, shapes={"A": ["n", "n"], "x": ["n"]}).meaning
