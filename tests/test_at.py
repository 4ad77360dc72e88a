"""A derivative at a point that formulas name: differentiated first, then put in, and checked at such points."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest

import frechet as fr
from frechet.apps.batch import run

pytestmark = pytest.mark.slow

GAUSS = "-n/2*logdet(S) - tr(inv(S)*W)/2"
GIVEN = {
    "shapes": {"n": [], "S": ["p", "p"]},
    "assumptions": {"S": ["positive definite"], "W": ["symmetric"]},
}
LOGISTIC = "sum(log(1+exp(x*w))) - y'*x*w"


def test_the_information_of_the_gaussian() -> None:
    d = fr.derive(GAUSS, "S", order=2, **GIVEN).at(W="n*S")
    assert d.verification.passed
    assert str(d.vech["hessian"]) == "-n*duplication(p)'*kron(inv(S),inv(S))*duplication(p)/2"
    assert str(d.gradient) == "zeros(p,p)"
    assert d.to_dict()["at"] == {"W": "n*S"}
    information = "n/2*duplication(p)'*kron(inv(S),inv(S))*duplication(p)"
    equal = fr.equal(f"-({d.vech['hessian']})", information, shapes={**GIVEN["shapes"]})
    assert equal.to_dict()["verdict"] == "always equal" or equal.to_dict()["verdict"].startswith("equal where both")


POINTS = [
    (LOGISTIC, "w", 1, {"w": "0"}, "x'*(1/2-y)"),
    ("softmax(z)", "z", 1, {"z": "c*ones(n)"}, "(eye(n)-ones(n,n)/n)/n"),
    ("logsumexp(z)", "z", 2, {"z": "0"}, "(eye(n)-ones(n,n)/n)/n"),
    ("tr(A*X*A'*X)", "X", 1, {"X": "eye(n)"}, "A*A' + A'*A"),
    ("norm2(A*x-b)^2", "x", 1, {"b": "A*x"}, "zeros(n)"),
    ("logdet(X)", "X", 1, {"X": "s*eye(n)"}, "eye(n)/s"),
]
SHAPES = {"x": ["m", "n"], "y": ["m"], "w": ["n"], "z": ["n"], "X": ["n", "n"], "A": ["n", "n"]}


@pytest.mark.parametrize("case", POINTS, ids=lambda case: f"{case[0]} at {case[3]}")
def test_what_is_left_at_a_point(case: tuple[str, str, int, dict[str, str], str]) -> None:
    formula, wrt, order, point, wanted = case
    shapes = {k: v for k, v in SHAPES.items() if k in formula} if "norm2" not in formula else {"x": ["n"]}
    d = fr.derive(formula, wrt, shapes=shapes, order=order).at(point)
    assert d.verification.passed
    form = d.hessian if order == 2 else d.gradient if "gradient" in d.forms else d.jacobian()
    assert str(form) == wanted


def test_it_is_differentiated_before_anything_is_put_in() -> None:
    """With W = n*S put in first the derivative would be another one."""
    random = np.random.default_rng(0)
    half = random.normal(size=(3, 3))
    S, n = half @ half.T + np.eye(3), 4.0
    found = fr.derive("tr(inv(S)*W)", "S", **{**GIVEN, "shapes": {"S": ["p", "p"]}}).at(W="n*S")
    assert np.allclose(found.evaluate(S=S, n=n), -n * np.linalg.inv(S))
    assert not np.allclose(found.evaluate(S=S, n=n), 0.0)


def test_a_claim_about_the_derivative_at_a_point() -> None:
    given = {**GIVEN, "order": 2, "at": "W = n*S"}
    claim = "-n/2*duplication(p)'*kron(inv(S),inv(S))*duplication(p)"
    assert [c.name for c in fr.check(GAUSS, "S", claim, **given).conventions] == ["hessian vech"]
    assert fr.check(GAUSS, "S", claim.replace("n/2*d", "n*d"), **given).verdict == "wrong"
    assert fr.check(GAUSS, "S", claim, **{**given, "at": ()}).verdict != "right under a convention"


def test_a_line_of_a_batch_names_a_point_and_the_answer_repeats_it() -> None:
    problem = {"expression": LOGISTIC, "wrt": "w", "shapes": {"x": ["m", "n"], "w": ["n"], "y": ["m"]}}
    lines = [{**problem, "at": {"w": "0"}}, {**problem, "at": ["w = 0"], "claim": "x'*(1/2-y)"}]
    out = io.StringIO()
    assert run(io.BytesIO("\n".join(map(json.dumps, lines)).encode()), out, jobs=1) == 0
    first, second = map(json.loads, out.getvalue().splitlines())
    assert (first["gradient"], first["at"]) == ("x'*(1/2-y)", {"w": "0"})
    assert (second["verdict"], second["at"]) == ("right", ["w = 0"])


REFUSED = [
    ("Q = 0", "name", "Q does not occur"),
    ("W 3", "input", "W = n"),
    ("W = 2*W", "input", "both sides"),
    ("W = ones(p)", "shape", "p×p"),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case[0])
def test_a_point_that_is_none(case: tuple[str, str, str]) -> None:
    point, kind, words = case
    with pytest.raises(fr.FrechetError, match=words) as caught:
        fr.derive(GAUSS, "S", **GIVEN).at(point)
    assert caught.value.kind == kind


def test_names_of_its_own_are_inferred() -> None:
    d = fr.derive("A*B", "B").at(A="C*D")
    assert d.verification.passed
    assert str(d.jacobian()) == "kron(eye(p),C*D)"
