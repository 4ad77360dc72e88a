"""Running sums, vectors of three entries, order, QR, Stein and Riccati equations: values and printed derivatives."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg

import frechet as fr
from frechet.language import parse
from frechet.ops.normalise import node_of
from printedforms import derived, value

RANDOM = np.random.default_rng(5)
SHAPES = {
    "x": ["n"], "y": ["n"], "X": ["m", "n"], "a": [3], "b": [3], "w": [3], "v": [3], "W": [3, 3],
    "A": ["n", "n"], "B": ["n", "m"], "C": ["n", "n"], "Q": ["n", "n"], "R": ["m", "m"],
}  # fmt: skip
LQR = {"Q": ["positive definite"], "R": ["positive definite"]}


def test_running_sums_and_products():
    x, m = np.array([1.0, 2.0, 4.0]), np.arange(1.0, 7.0).reshape(2, 3)
    assert value("cumsum", x, params=(None,)).tolist() == [1, 3, 7]
    assert value("cumprod", x, params=(None,)).tolist() == [1, 2, 8]
    assert value("cumsum", m, params=(2,)).tolist() == [[1, 3, 6], [4, 9, 15]]
    assert value("cumprod", m, params=(1,)).tolist() == [[1, 2, 3], [4, 10, 18]]


def test_vectors_of_three_entries():
    a, b = RANDOM.normal(size=(2, 3))
    expected = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
    np.testing.assert_allclose(value("cross", a, b), expected)
    np.testing.assert_allclose(value("hat", a) @ b, expected)
    np.testing.assert_allclose(value("vee", value("hat", a)), a)
    m = RANDOM.normal(size=(3, 3))
    np.testing.assert_allclose(value("hat", value("vee", m)), (m - m.T) / 2)


def test_order():
    for x in (np.array([3.0, -1.0, 2.0]), np.array([4.0, 1.0, 3.0, 2.0])):
        assert value("sort", x).tolist() == sorted(x)
        assert (value("sortperm", x) @ x).tolist() == sorted(x)
        middle = sorted(x)[(len(x) - 1) // 2 : len(x) // 2 + 1]
        assert value("median", x) == np.mean(middle)
        assert value("middle", params=(len(x),)) @ np.sort(x) == np.mean(middle)


def test_thin_factors_of_full_rank():
    x = RANDOM.normal(size=(5, 3))
    q, r = value("qr_q", x), value("qr_r", x)
    np.testing.assert_allclose(q @ r, x, atol=1e-13)
    np.testing.assert_allclose(q.T @ q, np.eye(3), atol=1e-13)
    assert (np.diag(r) > 0).all() and np.array_equal(r, np.triu(r))
    np.testing.assert_allclose(r.T, np.linalg.cholesky(x.T @ x), atol=1e-12)
    x[:, 2] = x[:, 0] - x[:, 1]
    assert np.isnan(value("qr_r", x)).all() and np.isnan(value("qr_q", x.T[:1].T @ np.ones((1, 2)))).all()


def test_stein_equations_small_and_large():
    for m, n in ((3, 2), (24, 20)):
        a, b, c = RANDOM.normal(size=(m, m)) / m, RANDOM.normal(size=(n, n)), RANDOM.normal(size=(m, n))
        y = value("stein", a, b, c)
        np.testing.assert_allclose(y - a @ y @ b, c, atol=1e-10)


def test_riccati_equations_are_those_of_scipy():
    a, b, s = RANDOM.normal(size=(4, 4)), RANDOM.normal(size=(4, 2)), RANDOM.normal(size=(4, 4))
    q, r = s @ s.T + np.eye(4), np.diag([1.0, 3.0])
    np.testing.assert_allclose(value("care", a, b, q, r), scipy.linalg.solve_continuous_are(a, b, q, r), rtol=1e-9)
    np.testing.assert_allclose(value("dare", a, b, q, r), scipy.linalg.solve_discrete_are(a, b, q, r), rtol=1e-9)


def test_riccati_equations_hold_where_nothing_is_symmetric():
    a, b = RANDOM.normal(size=(3, 3)), RANDOM.normal(size=(3, 2))
    q, r = 4 * np.eye(3) + 0.3 * RANDOM.normal(size=(3, 3)), np.eye(2) + 0.1 * RANDOM.normal(size=(2, 2))
    p = value("care", a, b, q, r)
    gain = np.linalg.solve(r, b.T @ p)
    np.testing.assert_allclose(a.T @ p + p @ a - p @ b @ gain + q, 0, atol=1e-10)
    assert abs(p - p.T).max() > 1e-3 and np.linalg.eigvals(a - b @ gain).real.max() < 0
    p = value("dare", a, b, q, r)
    gain = np.linalg.solve(r + b.T @ p @ b, b.T @ p @ a)
    np.testing.assert_allclose(a.T @ p @ a - p - a.T @ p @ b @ gain + q, 0, atol=1e-10)
    assert abs(np.linalg.eigvals(a - b @ gain)).max() < 1


def test_without_a_stabilizing_solution_there_is_no_value_and_a_condition_says_so():
    a, b, q, r = np.diag([1.0, -1.0]), np.array([[0.0], [1.0]]), np.eye(2), np.eye(1)
    assert np.isnan(value("care", a, b, q, r)).all()  # the first state is unstable, and out of reach
    assert np.isnan(value("dare", 2 * a, b, q, r)).all()
    for name in ("care", "dare"):
        found = fr.derive(f"tr({name}(A,B,Q,R))", wrt="A", assumptions=LQR, verify=False)
        assert "stabilizable" in found.to_dict()["conditions"][0]


DERIVATIVES = [
    ("sum(cumsum(x).*y)", "x", "triu(ones(n,n))*y"),
    ("norm2(cumsum(x)-y)^2", "x", "2*triu(ones(n,n))*(cumsum(x)-y)"),
    ("cumsum(X,2)", "X", "dX*triu(ones(n,n))"),
    ("cumprod(x)", "x", "cumprod(x).*(tril(ones(n,n))*(dx./x))"),
    ("cross(a,b)", "a", "-hat(b)*da"),
    ("cross(a,b)", "b", "hat(a)*db"),
    ("v'*cross(a,b)", "a", "cross(b,v)"),
    ("hat(w)*v", "w", "-hat(v)*dw"),
    ("hat(w)", "w", "hat(dw)"),
    ("vee(W)", "W", "vee(dW)"),
    ("v'*vee(W)", "W", "hat(v)/2"),
    ("y'*sort(x)", "x", "sortperm(x)'*y"),
    ("sortperm(x)*y", "x", "zeros(n)"),
    ("median(x)", "x", "sortperm(x)'*middle(n)"),
    ("stein(A,B,C)", "C", "stein(A,B,dC)"),
    ("tr(qr_r(X))", "X", "qr_q(X)*(phi(qr_r(X))+phi(qr_r(X))')*inv(qr_r(X))'"),
    ("qr_q(X)", "X", "dX*M - qr_q(X)*phi(qr_q(X)'*dX*M+M'*dX'*qr_q(X))'; M = inv(qr_r(X))"),
]


@pytest.mark.parametrize(("expression", "wrt", "printed"), DERIVATIVES)
def test_printed_derivative(expression, wrt, printed):
    shapes = {**SHAPES, "B": ["n", "n"]} if "stein" in expression else SHAPES
    assert derived(expression, wrt, shapes) == printed


RICCATI = [
    ("care(A,B,Q,R)", "Q", "-sylvester(P',P,dQ); P = A - B*inv(R)*B'*care(A,B,Q,R)"),
    ("dare(A,B,Q,R)", "Q", "stein(S',S,dQ); S = A - B*inv(B'*P+R)'*P'*A"),
    ("care(A,B,Q,R)", "A", "-sylvester(S',S,dA'*P+P*dA); P = care(A,B,Q,R); S = A - B*inv(R)*B'*P"),
]


@pytest.mark.parametrize(("expression", "wrt", "printed"), RICCATI)
def test_printed_derivative_of_the_usual_equation(expression, wrt, printed):
    assert derived(expression, wrt, SHAPES, LQR) == printed


@pytest.mark.parametrize("name", ["care", "dare"])
@pytest.mark.parametrize("wrt", "ABQR")
def test_riccati_equations_by_every_argument(name, wrt):
    for assumed in (None, LQR):
        found = fr.derive(f"tr(W*{name}(A,B,Q,R))", wrt=wrt, assumptions=assumed)
        assert found.verification.passed


def test_the_jacobian_of_a_running_sum_is_the_triangle():
    found = fr.derive("cumsum(x)", wrt="x", shapes={"x": ["n"]})
    assert str(found.jacobian()) == "tril(ones(n,n))"
    assert str(fr.derive("cross(a,b)", wrt="a").jacobian()) == "-hat(b)"


def test_formulas_that_are_one():
    def same(left, right):
        names = {"x": ["n"], "w": [3], "v": [3], "C": ["m", "n"]}
        used = [{k: shape for k, shape in names.items() if k in parse(t).variables} for t in (left, right)]
        one, other = (node_of(parse(t, known).value) for t, known in zip((left, right), used, strict=True))
        return one is other

    assert same("hat(w)*v", "cross(w,v)") and same("vee(hat(w))", "w") and same("v'*hat(w)", "cross(v,w)'")
    assert same("sortperm(x)*x", "sort(x)") and same("sum(sort(x))", "sum(x)") and same("cross(v,v)", "zeros(3)")
    assert same("qr_q(C)*qr_r(C)", "C") and same("qr_r(C)'*qr_r(C)", "C'*C")


@pytest.mark.parametrize(
    ("expression", "shapes", "message"),
    [
        ("cross(a,b)", {"a": ["n"], "b": [4]}, "two vectors of length 3"),
        ("hat(A)", {"A": [3, 3]}, "hat(w) needs a vector of length 3"),
        ("vee(W)", {"W": [2, 2]}, "vee(W) needs a 3×3 matrix"),
        ("cumsum(A)", {"A": ["m", "n"]}, "cumsum(X,1) down the rows"),
        ("sort(A)", {"A": ["m", "n"]}, "sort(x) needs a vector"),
        ("qr_r(A)", {"A": [2, 3]}, "at least as many rows as columns"),
        ("care(A,B,Q,R)", {"A": ["n", "n"], "B": ["n", "m"], "Q": ["n", "n"], "R": ["n", "n"]}, "R m×m"),
        ("stein(A,B,C)", {"A": ["n", "n"], "B": ["m", "m"], "C": ["m", "n"]}, "C with the rows of A"),
    ],
)
def test_refused(expression, shapes, message):
    with pytest.raises(fr.FrechetError) as caught:
        fr.derive(expression, wrt=next(iter(shapes)), shapes=shapes)
    assert message in str(caught.value)
