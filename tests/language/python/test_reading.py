"""What a text is read as: the formula, the shapes, the names on the way, what was assumed."""

# ruff: noqa: E501 — tables read better with one entry a line

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from frechet.errors import FrechetError
from frechet.language.python import read_python
from frechet.notation.ascii import text
from frechet.verify.evaluate import evaluate

SHAPES: dict[str, list[Any]] = {
    "X": ["m", "n"],
    "w": ["n"],
    "y": ["m"],
    "W": ["n", "k"],
    "c": ["m", 1],
    "T": ["b", "m", "n"],
}

FORMULAS = {
    "np.sum((X@w-y)**2)": "sum((X*w-y).^2)",
    "np.linalg.norm(w)**2": "norm2(w)^2",
    "X @ w - y": "X*w - y",
    "w @ w": "w'*w",
    "y @ fr.softplus(X @ w)": "y'*softplus(X*w)",
    "X.T @ X": "X'*X",
    "y @ X @ w": "y'*X*w",
    "X - X.mean(axis=0)": "X - ones(m)*mean(X,1)'",
    "X * c": "diag(c)*X",
    "c + w": "c*ones(1,n) + ones(m)*w'",
    "X[:, 0] @ y": "X[:,1]'*y",
    "X[-1]": "X[m,:]'",
    "X.sum() / X.shape[0]": "sum(X)/m",
    "jax.nn.log_softmax(X)": "log(softmax(X,2))",
    "np.where(X > 0, X, 0)": "relu(X)",
    "1 / (1 + np.exp(-y))": "1./(1+exp(-y))",
    "lambda w, X, y: np.mean((X @ w - y) ** 2)": "mean((X*w-y).^2)",
    "r = X @ w - y\nr @ r": "(X*w-y)'*(X*w-y)",
    "def f(X):\n    m, n = X.shape\n    return X.sum() / (m * n)": "sum(X)/(m*n)",
    "def f(w):\n    s = 0\n    for k in range(3):\n        s = s + w[k] ** 2\n    return s": "w[1]^2 + w[2]^2 + w[3]^2",
    "def f(X, mask=None):\n    if mask is not None:\n        X = X * mask\n    return X.sum()": "sum(X)",
    "def f(X):\n    if X.ndim != 2:\n        raise ValueError\n    assert X.ndim == 2\n    return X.sum()": "sum(X)",
    "def g(a, b=2.0):\n    return b * a\ndef f(w):\n    return g(w).sum() + g(a=w, b=3).sum()": "sum(2*w) + sum(3*w)",
    "def f(w):\n    def sq(v):\n        return v ** 2\n    return sq(w).sum()": "sum(w.^2)",
    "sum(w[i] * w[i + 1] for i in range(2))": "w[1]*w[2] + w[2]*w[3]",
    "T.sum()": "sum(T)",
    "np.logaddexp(0, -y * (X @ w)).sum()": "sum(softplus(-y.*(X*w)))",
    "def f(X):\n    total = np.zeros(X.shape[1])\n    for k in range(2):\n        total += X[k]\n    return total.sum()": "sum(zeros(n)+X[1,:]'+X[2,:]')",
    "@jax.jit\ndef f(X):\n    loss = 0.0\n    loss += X.sum()\n    return loss": "sum(X)",
    "T @ w": 'einsum("ijk,k->ij", T, w)',
}  # fmt: skip


@pytest.mark.parametrize("written", FORMULAS)
def test_the_formula(written: str) -> None:
    names = {n: s for n, s in SHAPES.items() if n in written}
    assert text(read_python(written, names).value) == FORMULAS[written]


INFERRED: dict[str, dict[str, str]] = {
    "np.linalg.norm(A @ x - b)**2": {"A": "(m, n)", "x": "(n,)", "b": "(m,)"},
    "np.sum((X @ w - y)**2) / n": {"X": "(m, p)", "w": "(p,)", "y": "(m,)", "n": "()"},
    "lam * np.sum(w**2)": {"lam": "()", "w": "(n,)"},
    "np.trace(A @ B)": {"A": "(m, n)", "B": "(n, m)"},
    "torch.softmax(Q @ K.T / d**0.5, dim=-1) @ V": {"Q": "(m, n)", "K": "(p, n)", "d": "()", "V": "(p, q)"},
    "x / np.linalg.norm(x)": {"x": "(n,)"},
    "-y * np.log(p) - (1 - y) * np.log(1 - p)": {"y": "(n,)", "p": "(n,)"},
    "np.einsum('ij,jk->ik', A, B)": {"A": "(m, n)", "B": "(n, p)"},
    "α @ x": {"alpha": "(n,)", "x": "(n,)"},
}


@pytest.mark.parametrize("written", INFERRED)
def test_shapes_follow_from_use(written: str) -> None:
    found = {n: str(e.shape) for n, e in read_python(written).variables.items()}
    assert found == INFERRED[written]


ASKED = {
    "X @ w + b": ["--shape b= ", "--shape b=m "],
    "X @ W + b": ["--shape b= ", "--shape b=p "],
    "A + x": ["--shape x=", "--shape x=n"],
    "x * W": ["--shape x= ", "--shape x=n "],
    "t * np.sum(w**2)": ["--shape t= ", "--shape t=n "],
    "np.sum(np.exp(X @ beta) - counts * (X @ beta))": ["--shape counts= ", "--shape counts=m "],
    "np.sum(1 + logvar - mu**2 - np.exp(logvar), axis=1)": ["--shape mu= ", "--shape mu=m,n "],
    "X @ w - Y": ["--shape Y=m "],
}


@pytest.mark.parametrize("written", ASKED)
def test_what_two_readers_would_read_differently_is_asked(written: str) -> None:
    with pytest.raises(FrechetError) as caught:
        read_python(written)
    assert caught.value.kind == "shape"
    for offer in ASKED[written]:
        assert offer in caught.value.message, caught.value.message


def test_each_offer_is_taken() -> None:
    for shape, formula in (([], "X*W + b"), (["p"], "X*W + ones(m)*b'")):
        assert text(read_python("X @ W + b", {"b": shape}).value).replace("ones(n)", "ones(m)") == formula


def test_numpys_shapes_are_kept() -> None:
    assert read_python("X @ w - y", {**SHAPES, "y": ["m", 1]}).value.shape == read_python("X @ X.T", SHAPES).value.shape
    row = read_python("b", {"b": [1, "n"]})
    assert row.value is row.variables["b"] and str(row.value.shape) == "(1, n)"


def test_what_is_assumed_is_said() -> None:
    assert read_python("def f(x, lam=0.5):\n    return lam * x.sum()").assumed == ("lam is 0.5, its default",)
    assert read_python("X.sum() / m", {"X": ["m", "n"]}).assumed == ("m is the size m of the declared shapes",)
    assert read_python("X.std()", {"X": ["m", "n"]}).assumed == ("std divides by n, as NumPy's does",)
    assert "its use" in read_python("x.T @ A @ x + b @ x").assumed[0]


def test_annotations_are_shapes() -> None:
    problem = read_python(
        'def f(x: Float[Array, "n d"], y: Float[Array, "d"], c: float):\n    return c * (x @ y).sum()'
    )
    assert {n: str(e.shape) for n, e in problem.variables.items()} == {"x": "(n, d)", "y": "(d,)", "c": "()"}


def test_names_on_the_way() -> None:
    problem = read_python(
        "def f(X, w, y):\n    r = X @ w - y\n    s = r @ r\n    s = s / 2\n    norm2 = s + 1\n    return norm2 * 2",
        SHAPES,
    )
    assert list(problem.quantities) == ["r"] and problem.name == "f" and problem.language == "python"
    assert read_python("L = X.sum()", SHAPES).name == "L"


def test_assumptions_and_functions() -> None:
    problem = read_python("np.trace(S @ A) + sigma(A).sum()", {"A": ["n", "n"]}, {"S": ["symmetric"]}, ["sigma"])
    assert problem.variables["S"].params[1] == ("symmetric",)
    assert any(
        e.op.name == "declared" for e in __import__("frechet.core.expr", fromlist=["x"]).postorder(problem.value)
    )


def test_a_size_called_as_a_variable_is_renamed() -> None:
    problem = read_python("(X + b).sum()", {"X": ["b", "n"], "b": ["n"]})
    assert str(problem.variables["X"].shape) == "(b1, n)"


def test_complex_arrays_keep_numpys_conjugates() -> None:
    complex_ones = {"x": ["complex"], "A": ["complex"]}
    shapes = {"x": ["n"], "A": ["m", "n"]}
    arrays = {"x": np.array([1 + 2j, 3 - 1j]), "A": np.array([[1j, 2], [0.5, 1 - 1j], [3, 4j]])}
    for written in (
        "np.vdot(x, x)",
        "A.mT.conj() @ A",
        "np.linalg.norm(A, axis=1)",
        "np.abs(x).sum()",
        "np.real(x)",
        "A @ x",
    ):
        found = evaluate(read_python(written, shapes, complex_ones).value, arrays, {"m": 3, "n": 2})
        assert np.allclose(found, eval(written, {"np": np}, arrays)), written
    with pytest.raises(FrechetError):
        read_python("np.var(x)", shapes, complex_ones)


def test_arguments_by_their_places_are_not_mistaken() -> None:
    for written in ("np.sum(X, 0, True)", "special.logsumexp(X, 0, X)", "np.var(X, 0, 1)"):
        with pytest.raises(FrechetError) as caught:
            read_python(written, {"X": ["m", "n"]})
        assert "name those after" in caught.value.message
