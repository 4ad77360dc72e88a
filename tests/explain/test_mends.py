"""Mends: near the claim, in its form, right; conditions; counterexamples that can be redone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import frechet as fr

pytestmark = pytest.mark.slow

SQUARE = {"A": ["n", "n"], "x": ["n"]}
TALL = {"A": ["m", "n"], "x": ["n"], "b": ["m"]}

LAYER = {"W": ["m", "n"], "x": ["n"], "b": ["m"], "y": ["m"]}
PRODUCT = {"A": ["m", "n"], "B": ["n", "p"]}

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
    ("W*x", "W", "x", {"W": ["m", "n"], "x": ["n"]}, "G*x'"),
    ("norm2(A*x-b)", "x", "A'*(A*x-b)/norm2(A*x-b)^2", TALL, "A'*(A*x-b)/norm2(A*x-b)"),
    ("1/(x'*x)", "x", "-2*x/(x'*x)", {"x": ["n"]}, "-2*x/(x'*x)^2"),
    ("sqrt(x'*x)", "x", "x/(2*sqrt(x'*x))", {"x": ["n"]}, "x/sqrt(x'*x)"),
    ("(x'*A*x)^2", "x", "4*(x'*A*x)*A*x", SQUARE, "2*(x'*A*x)*(A+A')*x"),
    ("sum(x.^3)", "x", "3*x^2", {"x": ["n"]}, "3*x.^2"),
    ("sum(log(x))", "x", "1/x", {"x": ["n"]}, "1./x"),
    ("sum(exp(x))", "x", "diag(exp(x))", {"x": ["n"]}, "exp(x)"),
    ("sum(sin(x))", "x", "-cos(x)", {"x": ["n"]}, "cos(x)"),
    ("x'*A'*B*x", "x", "2*A'*B*x", {"A": ["m", "n"], "B": ["m", "n"], "x": ["n"]}, "(A'*B+B'*A)*x"),
    ("relu(A*x+b)", "x", "A", TALL, "diag(step(A*x+b))*A"),
    ("tr(X)", "X", "1", {"X": ["n", "n"]}, "eye(n)"),
    ("sum(X)", "X", "1", {"X": ["m", "n"]}, "ones(m,n)"),
    ("X'", "X", "eye(m*n)", {"X": ["m", "n"]}, "commutation(m,n)"),
    ("tr(X'*X*X'*X)", "X", "4*X^3", {"X": ["m", "n"]}, "4*X*X'*X"),
    ("(x-b)'*A*(x-b)", "x", "(A+A')*x", {"A": ["n", "n"], "x": ["n"], "b": ["n"]}, "(A+A')*(x-b)"),
    ("det(A*X*B)", "X", "det(A*X*B)*inv(A*X*B)'", {n: ["n", "n"] for n in "AXB"}, "det(A*X*B)*inv(X)'"),
    ("X*X'", "X", "2*X*dX'", {"X": ["m", "n"]}, "X*dX' + dX*X'"),
    ("norm2(A*x-b)^2/m", "x", "2/n*A'*(A*x-b)", TALL, "2/m*A'*(A*x-b)"),
    ("norm2(A*x-b)^2", "x", "2*A'*A*x - A'*b", TALL, "2*A'*A*x - 2*A'*b"),
    ("c*x'*x + b'*x", "x", "c*x + b", {"c": [], "b": ["n"], "x": ["n"]}, "2*c*x + b"),
    ("1/2*norm2(W*x+b-y)^2", "W", "(W*x-y)*x'", LAYER, "(W*x-y+b)*x'"),
    ("sigmoid(z)", "z", "sigmoid(z)*sigmoid(-z)'", {"z": ["n"]}, "diag(sigmoid(z).*sigmoid(-z))"),
    ("tanh(x)", "x", "eye(n) - tanh(x)*tanh(x)'", {"x": ["n"]}, "eye(n) - diag(tanh(x).*tanh(x))"),
    ("sigmoid(a'*x)", "a", "sigmoid(a'*x)*x", {"a": ["n"], "x": ["n"]}, "sigmoid(a'*x)*(1-sigmoid(a'*x))*x"),
    ("sum(log(sigmoid(A*x)))", "x", "A'*sigmoid(A*x)", TALL, "A'*sigmoid(-A*x)"),
    ("A*B", "B", 'einsum("ik,jl->ijkl",A,eye(n))', PRODUCT, 'einsum("ik,jl->ijkl", A, eye(p))'),
    ("inv(X)", "X", '-einsum("ik,jl->ijkl",inv(X),inv(X))', {"X": ["n", "n"]},
     '-einsum("ik,jl->ijkl", inv(X), inv(X)\')'),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "wrt", "claim", "shapes", "mend"), MENDED)
def test_the_nearest_right_formula(expression: str, wrt: str, claim: str, shapes: dict[str, Any], mend: str) -> None:
    verdict = fr.check(expression, wrt, claim, shapes=shapes)
    assert verdict.verdict == ("right under a condition" if verdict.condition else "wrong")
    assert not verdict.holds
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
    assert verdict.verdict == "right under a condition"
    assert verdict.condition == "A is symmetric"
    assert verdict.meaning.startswith("Right if A is symmetric")
    assert fr.check("x'*A*x", "x", "2*A*x", shapes=SQUARE, assumptions={"A": ["symmetric"]}).verdict == "right"


def test_labels_sum_to_one() -> None:
    verdict = fr.check("-sum(y.*log(softmax(z)))", "z", "softmax(z)-y", shapes={"y": ["n"], "z": ["n"]})
    assert verdict.holds
    assert verdict.verdict == "right under a condition"
    assert verdict.condition == "the entries of y are a probability vector (not negative, summing to one)"
    assert verdict.meaning.startswith("Right if the entries of y sum to one, as labels and probabilities do")
    assert verdict.mend is not None and verdict.mend.formula == "sum(y)*softmax(z) - y"


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
    assert verdict.mend is not None
    assert verdict.mend.change == "the size of the identity: eye(m), not eye(n)"
    # The sizes that are told are those of the reading that the mend has.
    assert "the Jacobian in numerator layout, rows stacked, is mp×mn" in verdict.meaning


def test_shorthand_is_completed() -> None:
    assert fr.check("A*B", "B", "A'").mend == fr.derive("A*B", wrt="B").check("A'").mend
    found = fr.check("A*B", "B", "A'").mend
    assert found is not None and found.formula == "A'*G"


def test_the_same_question_has_the_same_answer() -> None:
    once, again = (fr.check("x'*A*x", "x", "A*x", shapes=SQUARE).to_dict() for _ in range(2))
    assert once == again


LAYER = {"W": ["k", "d"], "x": ["d"], "y": ["k"]}
FACTORS = {"O": ["m", "n"], "Y": ["m", "n"], "U": ["m", "k"], "V": ["n", "k"]}
LABELLED = [
    ("-sum(y.*log(softmax(z)))", "z", "y-softmax(z)", {"y": ["k"], "z": ["k"]}, "softmax(z) - y"),
    ("-y'*log(softmax(W*x))", "W", "(softmax(W*x)-y)*x", LAYER, "(softmax(W*x)-y)*x'"),
    ("norm2(O.*(Y-U*V'))^2", "U", "2*(O.*(Y-U*V'))*V", FACTORS, "-2*(O.*(Y-U*V'))*V"),
]


@pytest.mark.parametrize(("expression", "wrt", "claim", "shapes", "mend"), LABELLED)
def test_labels_and_masks_are_taken_for_what_they_are(
    expression: str, wrt: str, claim: str, shapes: dict[str, Any], mend: str
) -> None:
    verdict = fr.check(expression, wrt, claim, shapes=shapes)
    assert verdict.verdict == "wrong" and verdict.mend is not None
    assert verdict.mend.formula == mend
    assert "sum to one" in verdict.mend.change or "0 or 1" in verdict.mend.change
    assert fr.check(expression, wrt, mend, shapes=shapes).holds  # under the same assumption
    labels = np.array((verdict.counterexample or {})["values"]["O" if wrt == "U" else "y"])
    assert np.isin(labels, (0, 1)).all() and (wrt == "U" or labels.sum() == 1)


VACUOUS = [
    # Half of all orthogonal matrices have determinant -1.
    ("det(X)", "X", "inv(X)'", {"X": ["n", "n"]}, "orthogonal"),
    # A mask with one 1 in it would do.
    ("norm2(x)^2*norm2(y)^2 - (x'*y)^2", "x", "2*x - 2*(x'*y)*y", {"x": ["n"], "y": ["n"]}, "0 or 1"),
    # A skew matrix of odd size is singular: zero is equal to zero.
    ("det(A*X)", "X", "det(A*X)*A'*inv(X)'", {"A": ["n", "n"], "X": ["n", "n"]}, "skew"),
]


@pytest.mark.parametrize(("expression", "wrt", "claim", "shapes", "word"), VACUOUS)
def test_no_assumption_that_does_not_do(
    expression: str, wrt: str, claim: str, shapes: dict[str, Any], word: str
) -> None:
    verdict = fr.check(expression, wrt, claim, shapes=shapes)
    assert not verdict.holds
    assert word not in (verdict.condition or "")


def test_within_the_symmetric_matrices_a_mend_stays_there() -> None:
    shapes, facts = {"A": ["n", "n"], "X": ["n", "n"]}, {"X": ["symmetric"]}
    found = fr.check("tr(A*X)", "X", "A+A'", shapes=shapes, assumptions=facts).mend
    assert found is not None and found.formula == "1/2*(A+A')"


LOWER = ({"L": ["n", "n"], "S": ["n", "n"], "s": []}, {"L": ["lower triangular"], "S": ["symmetric"]})
KEPT: list[tuple[str, str, str, dict[str, Any], dict[str, list[str]], str]] = [
    # What the variable's structure asks for stays: tril, the diagonal alone.
    ("s*logdet(L) - tr(L'*S*L)", "L", "s*diag(1)-2*tril(S*L)", *LOWER, "s*diag(1./diag(L)) - 2*tril(S*L)"),
    # A stacked derivative by a scalar stays stacked.
    ("expm(t*A)", "t", "vec(A)", {}, {}, "vec(A*expm(t*A))"),
    ("expm(A+t*B)", "t", "vec(expm_frechet(A+B,B))", {}, {}, "vec(expm_frechet(A+t*B,B))"),
    ("expm(A+t*B)", "t", "vec(expm_frechet(A+t,B))'", {}, {}, "vec(expm_frechet(A+t*B,B))'"),
    # A pullback by a complex variable stays one.
    ("tr(herm(X)*A*X)", "X", "(G*herm(A)-conj(G)*A)*X", {"X": ["m", "n"], "A": ["m", "m"]},
     {"X": ["complex"], "A": ["complex"]}, "(G*herm(A)+conj(G)*A)*X"),
    ("softmax(z)", "z", "s = softmax(z); diag(s) - s*s", {}, {}, "diag(softmax(z)) - softmax(z)*softmax(z)'"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "wrt", "claim", "shapes", "facts", "mend"), KEPT)
def test_what_was_right_stays(
    expression: str, wrt: str, claim: str, shapes: dict[str, Any], facts: dict[str, list[str]], mend: str
) -> None:
    verdict = fr.check(expression, wrt, claim, shapes=shapes, assumptions=facts)
    assert verdict.verdict == "wrong" and verdict.mend is not None
    assert verdict.mend.formula == mend
    assert fr.check(expression, wrt, mend, shapes=shapes, assumptions=facts).verdict == "right" or "vec" in mend


def test_no_condition_is_put_on_an_upstream_gradient() -> None:
    text = "F*(c/2*tr(F'*F-eye(n))*eye(n)+a*(F'*F-eye(n)))"
    verdict = fr.check(text, "F", "abs(G)*F", shapes={"F": ["n", "n"]})
    assert not verdict.holds and "G" not in (verdict.condition or "")


def test_a_reading_holds_at_every_size() -> None:
    verdict = fr.check("logdet(X)", "X", "-kron(inv(X)',inv(X))*commutation(n,n)", order=2)
    assert [c.name for c in verdict.conventions] == ["hessian row"] and verdict.condition is None
