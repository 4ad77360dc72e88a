"""The evaluator against formulas written in NumPy."""

import numpy as np
import pytest

from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.language import parse
from frechet.ops.expressions import apply, variable
from frechet.verify.evaluate import Program, evaluate
from frechet.verify.functions import smooth

random = np.random.default_rng(3)
SIZES = {"m": 4, "n": 3}
ENV = {
    "A": random.normal(size=(4, 3)),
    "S": random.normal(size=(3, 3)),
    "x": random.normal(size=3),
    "y": random.normal(size=4),
    "c": np.asarray(0.7),
}
SHAPES = {"A": ["m", "n"], "S": ["n", "n"], "x": ["n"], "y": ["m"], "c": []}
A, S, x, y, c = (ENV[k] for k in "ASxyc")

FORMULAS = {
    "norm2(A*x - y)^2/(2*m)": ((A @ x - y) ** 2).sum() / 8,
    "logdet(A'*A + c*eye(n))": np.log(np.linalg.det(A.T @ A + 0.7 * np.eye(3))),
    "(x'*S*x)/(x'*x)": x @ S @ x / (x @ x),
    "softmax(A,2)*x": (np.exp(A) / np.exp(A).sum(1, keepdims=True)) @ x,
    "y'*A": (y @ A)[None, :],
    "diag(x)*inv(S)*A'": np.diag(x) @ np.linalg.inv(S) @ A.T,
    "kron(A,S)*kron(x,x)": np.kron(A @ x, S @ x),
    "sum(tanh(A).*(y*x'))": (np.tanh(A) * np.outer(y, x)).sum(),
    "S^-2*x": np.linalg.inv(S) @ np.linalg.inv(S) @ x,
    'einsum("ij,kj->ki", A, S)': S @ A.T,
}


@pytest.mark.parametrize("formula", FORMULAS)
def test_formula(formula):
    np.testing.assert_allclose(evaluate(parse(formula, SHAPES).value, ENV, SIZES), FORMULAS[formula], rtol=1e-11)


@pytest.mark.parametrize("formula", FORMULAS)
def test_sizes_of_one_keep_the_order_that_the_expression_says(formula):
    problem = parse(formula, SHAPES)
    ones = {"m": 1, "n": 1}
    env = {name: np.full([d.evaluate(ones) for d in v.shape], 0.5) for name, v in problem.variables.items()}
    assert evaluate(problem.value, env, ones).shape == (1,) * len(problem.value.shape)


def test_each_shared_node_is_computed_once():
    calls = []

    def counted(x, order):
        calls.append(order)
        return np.sin(x)

    v = variable("x", ("n",))
    inner = apply("declared", (v,), ("sigma", 0))
    for _ in range(60):
        inner = apply("add", (inner, inner))
    value = evaluate(inner, {"x": x}, SIZES, {"sigma": counted})
    np.testing.assert_allclose(value, 2.0**60 * np.sin(x))
    assert calls == [0]


def test_a_chain_of_thousands_of_layers():
    h: Expr = variable("x", ("n",))
    for _ in range(3000):
        h = apply("tanh", (apply("mul", (variable("S", ("n", "n")), h)),))
    assert evaluate(h, ENV, SIZES).shape == (3,)


def test_only_what_moves_runs_again():
    problem = parse("norm2(S*S*x)^2", SHAPES)
    program = Program([problem.value], SIZES, {})
    assert len(program.depending(["x"])) < len(program.depending(["S"])) == len(program.code)
    assert program.depending(["y"]) == []


def test_what_has_no_value_says_so():
    with pytest.raises(FrechetError, match="no value for x"):
        evaluate(parse("S*x", SHAPES).value, {"S": S}, SIZES)
    with pytest.raises(FrechetError, match="no value for the function sigma"):
        evaluate(parse("sigma(x)", SHAPES, functions=["sigma"]).value, ENV, SIZES)


def test_declared_functions_know_their_derivatives():
    sigma, h = smooth("sigma"), 1e-4
    t = np.linspace(-2, 2, 9)
    for order in range(4):
        slope = (sigma(t + h, order) - sigma(t - h, order)) / (2 * h)
        np.testing.assert_allclose(sigma(t, order + 1), slope, atol=1e-7)
    assert not np.allclose(sigma(t, 0), smooth("phi")(t, 0))
    assert (smooth("sigma")(t, 0) == sigma(t, 0)).all()
