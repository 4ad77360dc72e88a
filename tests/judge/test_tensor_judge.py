"""The judge on arrays of any order: what is right passes in every form, planted slips do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from judge.check import judge
from judge.language import parse
from judge.values import Bad, evaluate

pytestmark = pytest.mark.slow

TURNED: dict[str, Any] = {"expression": "2*X'", "wrt": "X", "shapes": {"X": ["b", "m", "n"]}}
TURNED_RIGHT: dict[str, Any] = {
    "differential": "2*dX'",
    "pullback": "2*permute(G,1,3,2)",
    "index": {"value": ["i", "j", "k"], "wrt": ["q", "r", "s"], "entry": "2*delta(i,q)*delta(j,s)*delta(k,r)"},
    "tensor": '2*einsum("iq,js,kr->ijkqrs", eye(b), eye(n), eye(m))',
    "jacobian": {
        "numerator": {"column": "2*kron(commutation(m,n),eye(b))", "row": "2*kron(eye(b),commutation(n,m))"},
        "denominator": {"column": "2*kron(commutation(n,m),eye(b))", "row": "2*kron(eye(b),commutation(m,n))"},
    },
}

REDUCED: dict[str, Any] = {
    "expression": "sum(X.*Y,2)*c",
    "wrt": "X",
    "shapes": {"X": ["b", "m", "n"], "Y": ["b", "m", "n"], "c": ["n"]},
}
REDUCED_RIGHT: dict[str, Any] = {
    "differential": "sum(dX.*Y,2)*c",
    "pullback": 'einsum("i,ijk,k->ijk", G, Y, c)',
    "index": {"value": ["i"], "wrt": ["q", "r", "s"], "entry": "delta(i,q)*Y[q,r,s]*c[s]"},
}

SQUARE: dict[str, Any] = {
    "expression": "sum(X.^2)/2",
    "wrt": "X",
    "shapes": {"X": ["b", "m", "n"]},
    "order": 2,
    "small": True,
}


@pytest.mark.parametrize(("problem", "right"), [(TURNED, TURNED_RIGHT), (REDUCED, REDUCED_RIGHT)])
def test_right_forms_pass(problem: dict[str, Any], right: dict[str, Any]) -> None:
    report = judge(problem, right)
    assert not report.trouble and not report.having("wrong"), report
    assert len(report.having("right")) == len(right) + 3 * ("jacobian" in right)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("differential", "2*permute(dX,3,2,1)"),
        ("pullback", "2*G"),
        ("tensor", '2*einsum("iq,jr,ks->ijkqrs", eye(b), eye(n), eye(m))'),
        ("tensor", '2*einsum("iq,js,kr->ijkqsr", eye(b), eye(n), eye(m))'),
        ("index", {"value": ["i", "j", "k"], "wrt": ["q", "r", "s"], "entry": "2*delta(i,q)*delta(j,r)*delta(k,s)"}),
        ("jacobian", {"numerator": {"column": "2*kron(eye(b),commutation(m,n))"}}),
        ("jacobian", {"numerator": {"row": "2*kron(eye(b),commutation(m,n))"}}),
        ("jacobian", {"denominator": {"column": "2*kron(commutation(m,n),eye(b))"}}),
    ],
)
def test_slips_are_seen(form: str, text: Any) -> None:
    assert judge(TURNED, {form: text}).having("wrong")


def test_the_second_derivative_by_a_tensor() -> None:
    right = {"gradient": "X", "pullback": "V", "hessian": {"column": "eye(b*m*n)", "row": "eye(b*m*n)"}}
    assert not judge(SQUARE, right).having("wrong")
    assert judge(SQUARE, {"hessian": "eye(b*m*n)"}).having("wrong")
    assert judge(SQUARE, {"hessian": {"column": "2*eye(b*m*n)"}}).having("wrong")


X = np.random.default_rng(1).standard_normal((2, 3, 4))
VALUES = {"X": X, "A": X[0], "x": X[0, 0]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("mean(X,1)", X.mean(0)),
        ("prod(X,2)", X.prod(1)),
        ("logsumexp(X,3)", np.log(np.exp(X).sum(2))),
        ("softmax(X,2)", np.exp(X) / np.exp(X).sum(1, keepdims=True)),
        ("cumsum(X,2)", X.cumsum(1)),
        ("permute(X,3,1,2)", X.transpose(2, 0, 1)),
        ("X'*X", np.einsum("bki,bkj->bij", X, X)),
        ("X*A'", np.einsum("bik,jk->bij", X, X[0])),
        ("A'*X", np.einsum("ki,bkj->bij", X[0], X)),
        ("X[2,:,4]", X[1, :, 3]),
        ("X[1,2,3]", X[0, 1, 2]),
        ("vec(X)", X.flatten(order="F")),
        ("reshape(X,4,3,2)", X.reshape(4, 3, 2, order="F")),
        ("reshape(vec(X),2,3,4)", X),
        ("ones(2,3,4)-zeros(2,3,4)", np.ones((2, 3, 4))),
        ("sum(k: X[k,:,:]*x)", X.sum(0) @ X[0, 0]),
    ],
)
def test_functions_of_tensors(text: str, value: Any) -> None:
    found = evaluate(parse(text), VALUES)
    assert found.shape == value.shape
    assert np.allclose(found, value)


@pytest.mark.parametrize(
    "text", ["X*x", "X*A", "X*permute(X,3,2,1)", "sum(X,4)", "permute(X,1,2)", "X[1,2]", "X+A", "reshape(X,5,5)"]
)
def test_what_has_no_value(text: str) -> None:
    with pytest.raises(Bad):
        evaluate(parse(text), VALUES)
