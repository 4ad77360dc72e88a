"""The judge itself: it must accept every known answer of the corpus, and catch planted errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from judge.check import judge
from judge.corpus import load
from judge.language import Unreadable, parse, statements
from judge.values import Bad, evaluate

pytestmark = pytest.mark.slow

PROBLEMS = [p for p in load() if p.get("form") and p.get("answer")]

STRUCTURED = {
    "symmetric-free": "free entries",
    "symmetric-projected": "projected",
    "skew-projected": "projected",
}


@pytest.mark.parametrize(
    ("formula", "known"),
    [
        ("sum(T,3)", lambda t: t.sum(2)),
        ("mean(T,1)", lambda t: t.mean(0)),
        ("prod(T,2)", lambda t: t.prod(1)),
        ("logsumexp(T,2)", lambda t: np.log(np.exp(t).sum(1))),
        ("softmax(T,3)", lambda t: np.exp(t) / np.exp(t).sum(2, keepdims=True)),
        ("softmax(T)", lambda t: np.exp(t) / np.exp(t).sum()),
        ("cumsum(T,2)", lambda t: np.cumsum(t, 1)),
        ("permute(T,3,1,2)", lambda t: np.transpose(t, (2, 0, 1))),
        ("T*B", lambda t: np.matmul(t, B)),
        ("B'*T'", lambda t: np.matmul(B.T, np.swapaxes(t, 1, 2))),
        ("T'*T", lambda t: np.matmul(np.swapaxes(t, 1, 2), t)),
        ("vec(T)", lambda t: np.array([t[i, j, k] for k in range(4) for j in range(3) for i in range(2)])),
        ("reshape(T,3,2,2,2)", lambda t: t.flatten(order="F").reshape(3, 2, 2, 2, order="F")),
        ("reshape(vec(T),2,3,4)", lambda t: t),
        ("T[:,2,:]", lambda t: t[:, 1, :]),
        ("T[2,:,4]", lambda t: t[1, :, 3]),
        ("T[2,3,4]", lambda t: t[1, 2, 3]),
        ("T.*ones(2,3,4) + zeros(2,3,4)", lambda t: t),
    ],
)
def test_tensors_have_numpys_values(formula: str, known: Any) -> None:
    t = np.arange(1.0, 25.0).reshape(2, 3, 4) / 7
    np.testing.assert_allclose(evaluate(parse(formula), {"T": t, "B": B}), known(t), rtol=1e-13)


B = np.arange(8.0).reshape(4, 2)


@pytest.mark.parametrize(
    "formula", ["sum(T,4)", "permute(T,1,2)", "permute(T,1,1,2)", "T*T", "T*x", "T[1,:]", "T[3,1,1]"]
)
def test_tensors_that_do_not_fit_are_refused(formula: str) -> None:
    with pytest.raises(Bad):
        evaluate(parse(formula), {"T": np.ones((2, 3, 4)), "x": np.ones(4)})


def as_answer(problem: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The known answer, as if frechet had given it, and the name of its form."""
    form, text = problem["form"], problem["answer"]
    if form == "numerator":
        return "jacobian.numerator.column", {"jacobian": {"numerator": {"column": text}}}
    if form in STRUCTURED:
        return f"structured.{STRUCTURED[form]}", {"structured": {STRUCTURED[form]: text}}
    if form in ("d/dZ", "d/dconj(Z)"):
        return f"complex.{form}", {"complex": {form: text}}
    if form == "2*d/dconj(Z)":
        return "gradient", {"gradient": text}
    facts = (problem.get("assumptions") or {}).get(problem["wrt"], [])
    if form == "gradient" and {"orthogonal", "lower triangular", "positive definite", "symmetric"} & set(facts):
        return "structured.unconstrained", {"structured": {"unconstrained": text}}
    if form == "hessian" and len(problem["shapes"][problem["wrt"]]) == 2:
        return "hessian.column", {"hessian": {"column": text}}
    return form, {form: text}


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p["id"])
def test_known_answers_pass(problem: dict[str, Any]) -> None:
    name, answer = as_answer(problem)
    if "index" in problem:
        answer["index"] = {"value": ["i", "j"], "wrt": ["k", "l"], "entry": problem["index"]}
    report = judge(problem, answer)
    assert not report.trouble, report.trouble
    assert report.forms[name].status == "right", report.forms[name]
    assert "index" not in problem or report.forms["index"].status == "right", report.forms["index"]
    assert report.ratio == 1.0


PRODUCT: dict[str, Any] = {"expression": "A*B", "wrt": "B", "shapes": {"A": ["m", "n"], "B": ["n", "p"]}}
GOOD: dict[str, Any] = {
    "differential": "A*dB",
    "pullback": "A'*G",
    "index": {"value": ["i", "j"], "wrt": ["k", "l"], "entry": "A[i,k]*delta(j,l)"},
    "tensor": 'einsum("ik,jl->ijkl", A, eye(p))',
    "jacobian": {
        "numerator": {"column": "kron(eye(p),A)", "row": "kron(A,eye(p))"},
        "denominator": {"column": "kron(eye(p),A')", "row": "kron(A',eye(p))"},
    },
}
PLANTED: list[tuple[str, dict[str, Any]]] = [
    ("differential", {"differential": "dB*A"}),
    ("differential", {"differential": "1.00001*A*dB"}),
    ("differential", {"differential": "(A*dB)'"}),
    ("pullback", {"pullback": "A*G"}),
    ("pullback", {"pullback": "(A'*G)'"}),
    ("index", {"index": {"value": ["i", "j"], "wrt": ["k", "l"], "entry": "A[i,k]*delta(i,l)"}}),
    ("index", {"index": {"value": ["i", "j"], "wrt": ["k", "l"], "entry": "A[i,k]"}}),
    ("index", {"index": {"value": ["i", "j"], "wrt": ["l", "k"], "entry": "A[i,k]*delta(j,l)"}}),
    ("index", {"index": {"value": ["i", "j"], "wrt": ["k", "l"], "entry": "A[i,k]*delta(j,l)*delta(s,s)"}}),
    ("tensor", {"tensor": 'einsum("ik,jl->ijlk", A, eye(p))'}),
    ("tensor", {"tensor": "kron(eye(p),A)"}),
    ("jacobian.numerator.column", {"jacobian": {"numerator": {"column": "kron(A,eye(p))"}}}),
    ("jacobian.numerator.row", {"jacobian": {"numerator": {"row": "kron(eye(p),A)"}}}),
    ("jacobian.denominator.column", {"jacobian": {"denominator": {"column": "kron(eye(p),A)"}}}),
    ("jacobian.denominator.row", {"jacobian": {"denominator": {"row": "kron(A',eye(q))"}}}),
]


def test_a_full_answer_passes() -> None:
    report = judge(PRODUCT, GOOD)
    assert report.right, report
    assert len(report.having("right")) == 8


@pytest.mark.parametrize(("form", "planted"), PLANTED)
def test_planted_errors_are_caught(form: str, planted: dict[str, Any]) -> None:
    assert judge(PRODUCT, planted).forms[form].status == "wrong"


def test_absent_and_missing_forms_are_told_apart() -> None:
    report = judge(PRODUCT, {"missing": {"jacobian": "too long"}, "differential": "A*dB"})
    assert report.forms["jacobian.numerator.row"].status == "missing"
    assert report.forms["jacobian.numerator.row"].reason == "too long"
    assert report.forms["tensor"].status == "absent"


def test_a_row_is_no_column() -> None:
    problem = {"expression": "x'*A*x", "wrt": "x", "shapes": {"x": ["n"], "A": ["n", "n"]}}
    assert judge(problem, {"gradient": "(A+A')*x"}).forms["gradient"].status == "right"
    assert judge(problem, {"gradient": "x'*(A+A')"}).forms["gradient"].status == "wrong"


def test_second_order() -> None:
    problem = {"expression": "tr(X'*A*X*B)", "wrt": "X", "order": 2}
    problem["shapes"] = {"X": ["m", "n"], "A": ["m", "m"], "B": ["n", "n"]}
    answer = {
        "gradient": "A*X*B+A'*X*B'",
        "differential": "A*dX*B+A'*dX*B'",
        "pullback": "A*V*B+A'*V*B'",
        "hessian": {"column": "kron(B',A)+kron(B,A')", "row": "kron(A,B')+kron(A',B)"},
    }
    assert judge(problem, answer).right
    swapped = {"hessian": {"column": answer["hessian"]["row"], "row": answer["hessian"]["column"]}}
    assert judge(problem, swapped).having("wrong") == ["hessian.column", "hessian.row"]


def test_statements_several_variables_and_declared_functions() -> None:
    problem = {
        "expression": "a = h*W; y = sigma(a); L = sum((Y-y).^2)/(2*m)",
        "wrt": ["a", "W"],
        "functions": ["sigma"],
        "shapes": {"h": ["m", "n"], "W": ["n", "p"], "Y": ["m", "p"]},
    }
    parts = {"a": {"gradient": "D"}, "W": {"gradient": "h'*D"}}
    answer = {
        "where": {"D": "-(Y-y).*sigma'(a)/m"},
        "differential": "sum(D.*da) + sum((h'*D).*dW)",
        "by": parts,
    }
    report = judge(problem, answer)
    assert {"a: gradient", "W: gradient", "total differential"} <= set(report.having("right")), report
    parts["W"]["gradient"] = "-h'*((Y-y).*sigma''(a))/m"
    assert judge(problem, answer).forms["W: gradient"].status == "wrong"


def test_mixed_second_derivative() -> None:
    problem = {"expression": "x'*A*y", "wrt": ["x", "y"], "order": 2}
    problem["shapes"] = {"x": ["m"], "A": ["m", "n"], "y": ["n"]}
    blocks = {"x,y": {"column": "A", "row": "A"}, "y,x": {"column": "A", "row": "A'"}}
    report = judge(problem, {"by": blocks})
    assert report.forms["x,y"].status == "right"
    assert report.forms["y,x"].status == "wrong"


@pytest.mark.parametrize("text", ["A*", "(A", "A B", "f(", "A[1", "", "A $ B", "1 2"])
def test_nonsense_is_not_read(text: str) -> None:
    with pytest.raises(Unreadable):
        parse(text)


@pytest.mark.parametrize(("text", "like"), [("-x^2'", "-((x^2)')"), ("2.*x", "2 .* x"), ("A.T@x", "A'*x")])
def test_reading(text: str, like: str) -> None:
    assert parse(text) == parse(like)


def test_reading_statements_with_blocks() -> None:
    assert [name for name, _ in statements("a = [x, y; z, w]\nb = a # done\n; a+b")] == ["a", "b", None]


def test_no_silent_broadcasting() -> None:
    with pytest.raises(Bad):
        evaluate(parse("X + b"), {"X": np.ones((2, 3)), "b": np.ones(3)})


def test_a_sum_over_an_index_of_matrices_has_a_value() -> None:
    values = {"X": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), "n": np.asarray(3.0)}
    gram = evaluate(parse("sum(i: X[i,:]'*X[i,:])"), values)
    assert np.allclose(gram, values["X"].T @ values["X"]) and "i" not in values
    assert np.allclose(evaluate(parse("sum(k: unit(k,n)*X[k,:])"), values), values["X"])
    assert np.allclose(evaluate(parse("khatrirao(X,X)*pi"), values)[0], np.pi * np.array([1.0, 4.0]))
    with pytest.raises(Bad, match="nothing says how far"):
        evaluate(parse("sum(i: X)"), values)
