"""Functions as expressions: read by their source, or called on arrays without values; both roads agree."""

# ruff: noqa: E501 — tables read better with one entry a line

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
import scipy.special
from scipy.special import logsumexp

import frechet as fr
from frechet.errors import FrechetError
from frechet.language.python import looks_like_python, problem_of, read_file, read_python
from pythonlosses import LOSSES

SHAPES: dict[str, Any] = {"w": ["d"], "X": ["n", "d"], "y": ["n"]}


def loss(w: Any, X: Any, y: Any, lam: float = 0.1) -> Any:
    """Least squares with a ridge."""
    r = X @ w - y
    return np.sum(r**2) / len(X) + lam * w @ w


def helper(z: Any) -> Any:
    return np.logaddexp(0, -z).mean()


def calls_another(w: Any, X: Any, y: Any) -> Any:
    return helper(y * (X @ w))


def test_a_function_is_an_expression() -> None:
    d = fr.derive(loss, wrt="w", shapes=SHAPES)
    assert d.verification is not None and d.verification.passed
    assert str(d.gradient) == "(5*X'*dloss_dr+w)/5" and str(d.where["dloss_dr"]) == "2*r/n"
    assert d.context.problem.language == "python"
    assert d.context.problem.assumed == ("lam is 0.1, its default",)


def test_explain_check_and_conventions_take_functions() -> None:
    assert fr.check(lambda w: w @ w, "w", "2*w", shapes={"w": ["n"]}).verdict == "right"
    assert fr.explain(lambda w: w @ w, "w", shapes={"w": ["n"]}).steps
    assert fr.conventions(lambda w: w @ w, "w", shapes={"w": ["n"]}).rows


def test_without_source_numpy_asks_the_arrays() -> None:
    scope: dict[str, Any] = {"np": np}
    exec("def hidden(w, X, y):\n    return np.sum((X @ w - y)**2)", scope)
    d = fr.derive(scope["hidden"], wrt="w", shapes=SHAPES, verify=False)
    assert str(d.gradient) == "2*X'*(X*w-y)"


SAME = [name for name in LOSSES if "log_softmax" not in LOSSES[name][0] and "len(" not in LOSSES[name][0]]
"""Not those of a library that does not ask, nor len, which must be a number."""


@pytest.mark.parametrize("name", SAME)
def test_both_roads_give_the_same_expression(name: str) -> None:
    text, _, shapes = LOSSES[name]
    scope: dict[str, Any] = {"np": np}
    exec(text, scope)
    function = [f for n, f in scope.items() if callable(f) and not n.startswith("_")][-1]
    given = {n: [int(d) if d.isdigit() else d for d in s] for n, s in shapes.items()}
    called = problem_of(function, given, source=False)
    assert called.value is read_python(text, given).value


PROTOCOLS = [
    lambda x: np.exp(x).sum(), lambda x: np.add.reduce(x), lambda x: np.linalg.norm(x), lambda x: scipy.special.expit(x) @ x,
    lambda x: np.where(x > 0, x, 2 * x), lambda x: 1 / x, lambda x: 2**x, lambda x: x[:, None] * x, lambda x: x[0] + x[-1],
    lambda x: np.outer(x, x), lambda x: np.ones(3) @ np.stack([x[0], x[1], x[2]]), lambda x: np.mean(x) / x.shape[0], lambda x: abs(x).sum(),
    lambda x: np.einsum("i,i", x, x), lambda x: np.concatenate([x, x]), lambda x: x.reshape(1, -1) @ x, lambda x: np.sqrt(x @ x),
    lambda x: -x.T @ x, lambda x: (x > 0.5) * x, lambda x: np.clip(x, 0, 1), lambda x: x.std(), lambda x: np.var(x, ddof=1), lambda x: x.dot(x),
]  # fmt: skip


@pytest.mark.parametrize("k", range(len(PROTOCOLS)))
def test_protocols_and_source_agree(k: int) -> None:
    called = problem_of(PROTOCOLS[k], {"x": ["n"]}, source=False)
    value = np.random.default_rng(k).uniform(0.2, 0.9, 5)
    from frechet.verify.evaluate import evaluate

    found, wanted = evaluate(called.value, {"x": value}, {"n": 5}), PROTOCOLS[k](value)
    assert np.allclose(found, np.reshape(wanted, found.shape))


def doubled(function: Any) -> Any:
    @functools.wraps(function)
    def wrapper(x: Any) -> Any:
        return 2 * function(x)

    return wrapper


@doubled
def decorated(x: Any) -> Any:
    return x @ x


@jax.jit
def compiled(x: Any) -> Any:
    return x @ x


def test_what_a_decorator_makes_of_a_function_is_what_is_read() -> None:
    shapes = {"x": ["n"]}
    assert problem_of(decorated, shapes).value is read_python("2 * (x @ x)", shapes).value
    assert problem_of(compiled, shapes).value is read_python("x @ x", shapes).value


def test_the_lambda_that_is_meant_is_read() -> None:
    shapes = {"x": ["n"]}
    plus, minus = (lambda x: x + 1.0), (lambda x: x - 1.0)
    assert problem_of(plus, shapes).value is read_python("x + 1.0", shapes).value
    assert problem_of(minus, shapes).value is read_python("x - 1.0", shapes).value
    lines = problem_of(
        lambda x: (
            x @ x
        ),
        shapes,
    )  # fmt: skip
    assert lines.value is read_python("x @ x", shapes).value and "lambda" in lines.text


def test_a_closure() -> None:
    X, y, lam, scale = np.ones((4, 3)), np.ones(4), 0.5, np.float64(2.0)

    def inner(w: Any) -> Any:
        return scale * np.sum((X @ w - y) ** 2) + lam * (w @ w) + logsumexp(w)

    problem = problem_of(inner, like={"w": np.ones(3)})
    assert {n: len(v.shape) for n, v in problem.variables.items()} == {"w": 1, "X": 2, "y": 1}
    assert problem.variables["X"].params[1] == ("constant",)
    d = fr.derive(inner, like={"w": np.ones(3)}, verify=False)
    assert list(d.parts) == ["w"]


def test_a_def_that_calls_another() -> None:
    assert (
        problem_of(calls_another, SHAPES).value
        is read_python(
            "def h(z):\n    return np.logaddexp(0, -z).mean()\ndef f(w, X, y):\n    return h(y * (X @ w))", SHAPES
        ).value
    )


def test_shapes_like_arrays_have_names() -> None:
    problem = problem_of(loss, like={"w": np.ones(3), "X": np.ones((5, 3)), "y": np.ones(5)})
    assert str(problem.variables["X"].shape) == "(n, m)" and str(problem.variables["w"].shape) == "(m,)"
    known = problem_of(lambda x: x.reshape(2, 3).sum(axis=0), like={"x": np.ones(6)})
    assert str(known.variables["x"].shape) == "(6,)"


def asks(function: Any, shapes: Any) -> FrechetError:
    with pytest.raises(FrechetError) as caught:
        problem_of(function, shapes, source=False)
    return caught.value


def test_what_needs_values_is_refused_with_its_line() -> None:
    def sets(x: Any) -> Any:
        x[0] = 1
        return x

    assert "an entry is set in place" in asks(sets, {"x": ["n"]}).message
    assert "x[0] = 1" in asks(sets, {"x": ["n"]}).message and "line " in asks(sets, {"x": ["n"]}).message
    assert "np.where(condition" in asks(lambda x: x if x.sum() > 0 else -x, {"x": ["n"]}).message
    assert "array operations" in asks(lambda x: sum(v for v in x), {"x": ["n"]}).message
    assert "float(x) needs a value" in asks(lambda x: float(x[0]), {"x": ["n"]}).message
    assert "np.ones_like" in asks(lambda x: np.ones(x.shape[0]) @ x, {"x": ["n"]}).message
    assert "in place" in asks(lambda x: np.exp(x, out=x), {"x": ["n"]}).message
    assert "give the shape of x" in asks(lambda x: x, {}).message
    assert asks(lambda x: np.fft.rfft(x), {"x": ["n"]}).kind == "unsupported"
    assert asks(functools.partial(lambda x, y: x @ y), {"x": ["n"], "y": ["m"]}).kind == "shape"
    assert "cannot be called" in asks(lambda x: x.sum() + {}, {"x": ["n"]}).message


def test_a_file_and_a_def_of_it(tmp_path: Path) -> None:
    file = tmp_path / "loss.py"
    file.write_text("import numpy as np\nK = 2.0\ndef a(x):\n    return K * np.sum(x)\ndef b(x):\n    return a(x)**2\n")
    source = read_file(f"{file}:a")
    assert source is not None
    text, name = source.text, source.name
    assert name == "a" and read_python(text, {"x": ["n"]}, name=name).name == "a"
    source = read_file(str(file))
    assert source is not None
    text, name = source.text, source.name
    assert name is None and read_python(text, {"x": ["n"]}, name=name).name == "b"
    assert read_file("A*B") is None
    with pytest.raises(FrechetError) as caught:
        read_file("no/such.py")
    assert caught.value.kind == "input"


def test_what_looks_like_python() -> None:
    python = [
        "np.sum(X)",
        "x**2",
        "X.sum()",
        "lambda x: x",
        "def f(x):\n    return x",
        "F.relu(x)",
        "torch.exp(x)",
        "x.mean(0)",
    ]
    formulas = ["A@B.T", "lambda*x'*x", "A*B", "\\frac{a}{b}", "x.^2", "sum(x)", "F.T*x", "X.T*y", "lambda"]
    assert all(map(looks_like_python, python)) and not any(map(looks_like_python, formulas))
