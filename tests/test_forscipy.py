"""The keyword arguments of SciPy's optimisers: against differences, with every method, and what is refused."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from scipy.optimize import approx_fprime, least_squares, minimize, root

import frechet as fr
from frechet.errors import FrechetError

RANDOM = np.random.default_rng(3)
X = RANDOM.normal(size=(30, 4))
Y = np.eye(3)[RANDOM.integers(0, 3, 30)]
T = RANDOM.normal(size=(5, 6))
y = (RANDOM.random(30) < 0.5) * 1.0
LOGISTIC = fr.derive("sum(softplus(X*w)-y.*(X*w))+w'*w/2", wrt="w", shapes={"y": ["n"]}, verify=False)
SOFTMAX = fr.derive("sum(logsumexp(X*W,2))-sum(Y.*(X*W))+norm2(W)^2", wrt="W", shapes={"Y": ["n", "c"]}, verify=False)
FACTORS = fr.derive("norm2(T-U*V')^2+norm2(U)^2+norm2(V)^2", wrt=["U", "V"], shapes={"U": ["m", "k"]}, verify=False)
START = {"U": RANDOM.normal(size=(5, 2)), "V": RANDOM.normal(size=(6, 2))}

CASES: list[tuple[Any, dict[str, Any], int]] = [
    (LOGISTIC, {"X": X, "y": y}, 4),
    (SOFTMAX, {"X": X, "Y": Y}, 12),
    (FACTORS, {"T": T, "k": 2}, 22),
    (FACTORS, {"T": T, **START}, 22),
]


@pytest.mark.parametrize(("d", "data", "n"), CASES)
def test_everything_agrees_with_differences(d: Any, data: dict[str, Any], n: int) -> None:
    x, v = RANDOM.normal(size=n), RANDOM.normal(size=n)
    dense, product = d.for_scipy(data, curvature="dense"), d.for_scipy(data, curvature="product")
    operator = d.for_scipy(data, curvature="operator")
    assert dense["fun"](x) == product["fun"](x)
    gradient = approx_fprime(x, dense["fun"], 1e-7)
    assert np.allclose(dense["jac"](x), gradient, atol=1e-4)
    hessian = dense["hess"](x)
    assert hessian.shape == (n, n)
    assert np.allclose(hessian @ v, (dense["jac"](x + 1e-6 * v) - dense["jac"](x - 1e-6 * v)) / 2e-6, atol=1e-4)
    assert np.allclose(product["hessp"](x, v), hessian @ v)
    assert np.allclose(operator["hess"](x).to_dense(), hessian)


@pytest.mark.parametrize(
    ("method", "curvature"),
    [
        ("trust-ncg", "dense"), ("trust-ncg", "product"), ("trust-krylov", "product"), ("Newton-CG", "product"),
        ("Newton-CG", "dense"), ("trust-exact", "dense"), ("dogleg", "dense"), ("trust-constr", "operator"),
        ("trust-constr", "product"), ("L-BFGS-B", "none"), ("BFGS", "none"), ("trust-ncg", "auto"),
    ],
)  # fmt: skip
def test_every_method_takes_them(method: str, curvature: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)  # "does not use Hessian information"
        problem = LOGISTIC.for_scipy(X=X, y=y, w=np.zeros(4), curvature=curvature)
        found = minimize(**problem, method=method)
    w = problem.unpack(found.x)["w"]
    assert np.abs(LOGISTIC.evaluate(X=X, y=y, w=w)).max() < 1e-3


def test_a_matrix_and_two_matrices_are_found() -> None:
    problem = SOFTMAX.for_scipy(X=X, Y=Y)
    found = minimize(**problem, x0=np.zeros(12), method="trust-ncg", tol=1e-8)
    W = problem.unpack(found.x)["W"]
    assert W.shape == (4, 3)
    assert np.abs(SOFTMAX.evaluate(X=X, Y=Y, W=W)).max() < 1e-6
    both = FACTORS.for_scipy(T=T, **START)
    assert np.array_equal(both["x0"], np.concatenate([START["U"].ravel(), START["V"].ravel()]))
    found = minimize(**both, method="trust-exact", tol=1e-8)
    parts = both.unpack(found.x)
    assert parts["U"].shape == (5, 2) and parts["V"].shape == (6, 2)
    assert np.abs(both["jac"](found.x)).max() < 1e-6
    assert np.array_equal(both.pack(**parts), found.x)


def test_a_vector_learns_its_size_from_the_start() -> None:
    d = fr.derive("sum((x-1).^2)+sum(x.^4)", wrt="x", shapes={"x": ["n"]}, verify=False)
    found = minimize(**d.for_scipy(), x0=np.zeros(7), method="trust-ncg")
    assert found.x.shape == (7,) and found.success


def test_a_scalar_variable() -> None:
    d = fr.derive("a*t^2-2*t", wrt="t", shapes={"a": [], "t": []}, verify=False)
    found = minimize(**d.for_scipy(a=2.0), x0=[3.0], method="trust-exact")
    assert np.isclose(d.for_scipy(a=2.0).unpack(found.x)["t"], 0.5)


def test_residuals_for_least_squares_and_root() -> None:
    d = fr.derive("exp(X*w)-y", wrt="w", shapes={"y": ["n"]}, verify=False)
    w = RANDOM.normal(size=4) / 3
    problem = d.for_scipy(X=X, y=np.exp(X @ w))
    assert set(problem) == {"fun", "jac"}
    assert np.allclose(least_squares(**problem, x0=np.zeros(4)).x, w)
    square = d.for_scipy(X=X[:4], y=np.exp(X[:4] @ w))
    assert np.allclose(root(**square, x0=w + 0.01).x, w)


def test_a_function_that_is_passed() -> None:
    d = fr.derive("sum(sigma(x))", wrt="x", shapes={"x": ["n"]}, functions=["sigma"], verify=False)
    derivatives = (lambda x: x**4, lambda x: 4 * x**3, lambda x: 12 * x**2)
    problem = d.for_scipy(sigma=lambda x, k: derivatives[k](x))
    assert np.allclose(problem["hess"](np.array([1.0, 2.0])), np.diag([12.0, 48.0]))


def test_one_point_is_computed_once() -> None:
    problem = LOGISTIC.for_scipy(X=X, y=y)
    (f,) = problem._first  # pyright: ignore
    calls: list[int] = []

    def counted(**arrays: Any) -> Any:
        calls.append(1)
        return f(**arrays)

    counted.arguments = f.arguments  # pyright: ignore
    problem._first[0] = counted  # pyright: ignore
    x = np.ones(4)
    problem["fun"](x)
    slope = problem["jac"](x)
    assert len(calls) == 1
    slope[:] = 0  # what is handed out may be written to
    assert problem["jac"](x).any()
    x[0] = 2.0  # the same array with other numbers is another point
    problem["fun"](x)
    assert len(calls) == 2


def test_large_problems_take_products() -> None:
    d = fr.derive("norm2(T-U*V')^2", wrt="U", shapes={"U": ["m", "k"]}, verify=False)
    problem = d.for_scipy(T=np.zeros((2000, 3)), V=np.ones((3, 2)))
    assert set(problem) == {"fun", "jac", "hessp"}
    assert problem["hessp"](np.zeros(4000), np.ones(4000)).tolist() == [12.0] * 4000


REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    (LOGISTIC, {"X": X}, "y has no value: pass y="),
    (LOGISTIC, {"X": X, "y": y, "B": 1}, "there is no B here; the names are"),
    (LOGISTIC, {"X": X, "y": y[:5]}, "the size n is"),
    (LOGISTIC, {"X": X, "y": "no"}, "y is no array of numbers"),
    (LOGISTIC, {"X": X, "y": y, "curvature": "some"}, 'curvature is "auto"'),
    (fr.derive("exp(x)", wrt="x", shapes={"x": ["n"]}, verify=False), {"curvature": "dense"}, "take no Hessian"),
    (fr.derive("tr(S*S)", wrt="S", assumptions={"S": ["symmetric"]}, verify=False), {}, "S is symmetric"),
    (fr.derive("tr(herm(Z)*Z)", wrt="Z", assumptions={"Z": ["complex"]}, verify=False), {}, "Z is complex"),
]


@pytest.mark.parametrize(("d", "data", "said"), REFUSED)
def test_what_does_not_fit_is_refused(d: Any, data: dict[str, Any], said: str) -> None:
    with pytest.raises(FrechetError, match=said):
        d.for_scipy(**data)


def test_a_vector_of_the_wrong_length_is_refused() -> None:
    problem = SOFTMAX.for_scipy(X=X, Y=Y)
    with pytest.raises(FrechetError, match=r"12 entries \(W m×c\); got an array of shape \(5,\)"):
        problem["fun"](np.zeros(5))
    loose = FACTORS.for_scipy(T=T)
    with pytest.raises(FrechetError, match="the size k is not fixed by the arrays: pass k="):
        loose["fun"](np.zeros(22))
    with pytest.raises(FrechetError, match="made of W; pass each by name"):
        problem.pack(w=1)
