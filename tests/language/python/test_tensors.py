"""Arrays of more than two axes: what is read has the value that NumPy gives the text, and its gradients where it has."""

# ruff: noqa: E501 — tables read better with one entry a line

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.special

from frechet.errors import FrechetError
from frechet.language.declarations import read_size
from frechet.language.python import problem_of, read_python
from frechet.notation.ascii import text as written
from frechet.verify.evaluate import evaluate
from pythonic import derived, slopes
from tensorlosses import AXES, FUNCTIONS, SIZES

LIBRARY = {
    "np": np,
    "softmax": scipy.special.softmax,
    "log_softmax": scipy.special.log_softmax,
    "logsumexp": scipy.special.logsumexp,
}


def sized(shape: list[Any]) -> tuple[int, ...]:
    return tuple(read_size(d).evaluate(SIZES) for d in shape)


def drawn(shapes: dict[str, list[Any]], seed: int = 0) -> dict[str, Any]:
    """Entries within (0.2, 0.9); M, a mask, is of zeros and ones."""
    rng = np.random.default_rng(seed)
    arrays = {name: rng.uniform(0.2, 0.9, sized(shape)) for name, shape in shapes.items()}
    if "M" in arrays:
        arrays["M"] = np.tril(np.ones(arrays["M"].shape))
    return arrays


def as_def(code: str, names: Any) -> str:
    return code if code.startswith("def ") else f"def f({', '.join(names)}):\n    return {code}"


def run(code: str, arrays: dict[str, Any]) -> Any:
    scope: dict[str, Any] = dict(LIBRARY)
    exec(as_def(code, arrays), scope)
    return np.asarray(scope["f"](**arrays))


def same_values(code: str, shapes: dict[str, list[Any]]) -> None:
    """The formula has NumPy's value; NumPy's shape is known, too."""
    arrays = drawn(shapes)
    wanted = run(code, arrays)
    body = as_def(code, shapes)
    problem = read_python(body, shapes)
    found = evaluate(problem.value, arrays, SIZES | {f"{name}1": n for name, n in SIZES.items()})
    core = tuple(n for n in wanted.shape if n != 1)
    assert tuple(n for n in found.shape if n != 1) == core, (code, found.shape, wanted.shape)
    assert np.allclose(np.reshape(found, core), np.reshape(wanted, core), rtol=1e-9, atol=1e-12), code


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_have_the_value_that_numpy_gives(name: str) -> None:
    code, shapes = FUNCTIONS[name]
    same_values(code, shapes)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_sizes_may_be_numbers(name: str) -> None:
    code, shapes = FUNCTIONS[name]
    same_values(code, {n: list(sized(shape)) for n, shape in shapes.items()})


WIDTHS = [["a", "b", "c"], [2, 3, 4], ["a", 1, "c"], [1, "b", "c"], ["a", "b", 1], [1, 1, "c"], [1, 1, 1]]


@pytest.mark.parametrize("code", AXES)
def test_axes_of_any_size_are_those_of_numpy(code: str) -> None:
    for shape in WIDTHS:
        same_values(code, {"X": shape})


@pytest.mark.parametrize("code", AXES)
def test_four_axes(code: str) -> None:
    try:
        run(code, drawn({"X": ["a", "b", "c", "d"]}))
    except ValueError:
        pytest.skip("NumPy has no value of four axes")
    same_values(code, {"X": ["a", "b", "c", "d"]})


def shown(code: str, shapes: dict[str, list[Any]]) -> str:
    return written(read_python(as_def(code, shapes), shapes).value)


ABC: dict[str, list[Any]] = {"X": ["a", "b", "c"]}
READINGS: list[tuple[str, dict[str, list[Any]], str]] = [
    ("A @ B", {"A": ["a", "b", "c"], "B": ["a", "c", "d"]}, "A*B"),
    ("X @ W + b", {"X": ["a", "t", "d"], "W": ["d", "k"], "b": ["k"]}, 'X*W + einsum("k,i,j->ijk", b, ones(a), ones(t))'),
    ("X @ X.mT", ABC, "X*X'"),
    ("X.transpose(0, 2, 1) @ X", ABC, "X'*X"),
    ("np.einsum('bij,bkj->bik', X, X)", ABC, "X*X'"),
    ("np.einsum('bij,bij->bij', X, X)", ABC, "X.*X"),
    ("X.T", ABC, "permute(X,3,2,1)"),
    ("X.transpose(1, 0, 2).transpose(1, 0, 2)", ABC, "X"),
    ("X.sum((1, 2))", ABC, "sum(sum(X,3),2)"),
    ("X.mean(1)", ABC, "mean(X,2)"),
    ("logsumexp(X, axis=0)", ABC, "logsumexp(X,1)"),
    ("softmax(X, axis=-1)", ABC, "softmax(X,3)"),
    ("X[:, -1]", ABC, "X[:,b,:]"),
    ("X[0, 1, 2]", ABC, "X[1,2,3]"),
    ("X.reshape(X.shape[0], 2, 3, X.shape[2])", {"X": ["a", 6, "c"]}, "permute(reshape(X,a,3,2,c),1,3,2,4)"),
    ("X.reshape(X.shape[0], -1)", ABC, "reshape(X',a,b*c)"),
    ("X.reshape(-1)", ABC, "vec(permute(X,3,2,1))"),
    ("X.ravel('F')", ABC, "vec(X)"),
    ("np.exp(X - X.max(1, keepdims=True)) / np.exp(X - X.max(1, keepdims=True)).sum(1, keepdims=True)", ABC, 'einsum("ijk,ik->ijk", exp(X), 1./sum(exp(X),2))'),
    ("softmax(X - X.max(-1, keepdims=True), axis=-1)", ABC, "softmax(X,3)"),
    ("np.where(np.tril(np.ones(S.shape)), S, 0)", {"S": ["n", "n"]}, "tril(ones(n,n)).*S"),
    ("softmax(np.where(M, S, -np.inf), axis=-1)", {"S": ["n", "n"], "M": ["n", "n"]}, "diag(1./sum(step(abs(M)).*exp(S),2))*(step(abs(M)).*exp(S))"),
    ("np.tile(x, 3)", {"x": ["n"]}, "kron(ones(3),eye(n))*x"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "shapes", "formula"), READINGS, ids=[code for code, _, _ in READINGS])
def test_what_is_read(code: str, shapes: dict[str, list[Any]], formula: str) -> None:
    assert shown(code, shapes) == formula
    same_values(code, shapes)


NN: dict[str, list[Any]] = {"S": ["n", "n"]}
MAXIMUM, INFINITE = "max along an axis has no reading", "-inf is no number"
REFUSED: list[tuple[str, dict[str, list[Any]], str]] = [
    ("X.max(axis=1)", ABC, MAXIMUM),
    ("X - X.max(axis=1, keepdims=True)", ABC, MAXIMUM),
    ("softmax(X - X.max(axis=1, keepdims=True), axis=2)", ABC, MAXIMUM),
    ("np.exp(X - X.max(1, keepdims=True)) / np.exp(X).sum(1, keepdims=True)", ABC, MAXIMUM),
    ("np.exp(X - X.max(1, keepdims=True)) / np.exp(X - X.max(2, keepdims=True)).sum(1, keepdims=True)", ABC, MAXIMUM),
    ("np.exp(X - X.max(1, keepdims=True)).sum(2)", ABC, MAXIMUM),
    ("np.exp(X - X.max(1, keepdims=True)).sum((0, 2))", ABC, MAXIMUM),
    ("np.exp(X - X.max(1, keepdims=True)) + X", ABC, MAXIMUM),
    ("np.exp(X - X.max(1, keepdims=True)) - np.exp(X - X.max(2, keepdims=True))", ABC, MAXIMUM),
    ("np.tanh(X - X.max(1, keepdims=True))", ABC, MAXIMUM),
    ("X * X.max(1, keepdims=True)", ABC, MAXIMUM),
    ("(X - X.max(1, keepdims=True))**2", ABC, MAXIMUM),
    ("np.log(np.exp(X - X.max(1, keepdims=True)).sum(1)) + 2 * X.max(1)", ABC, MAXIMUM),
    ("S - S.max(1, keepdims=True) + S.T.max(1, keepdims=True)", NN, MAXIMUM),
    ("S - S.max(1) + S.max(1)[:, None]", NN, MAXIMUM),
    ("X.min(axis=1)", ABC, "min along an axis"),
    ("X - X.max(1, keepdims=True) + X.min(1, keepdims=True)", ABC, "min along an axis"),
    ("np.where(S > 0, S, -np.inf)", NN, INFINITE),
    ("softmax(-np.where(S > 0, S, -np.inf), axis=1)", NN, INFINITE),
    ("softmax(np.where(S > 0, S, -np.inf) * S, axis=1)", NN, INFINITE),
    ("softmax(S - np.where(S > 0, S, -np.inf), axis=1)", NN, INFINITE),
    ("np.where(S > 0, S, np.inf)", NN, "-inf as the other branch"),
    ("np.where(np.exp(S), S, 0)", NN, "where needs a comparison"),
    ("S == 1", NN, "has no derivative"),
    ("np.tril(S, k=1)", NN, "k = 1 is not read"),
    ("X.reshape(X.shape[0], X.shape[0], -1)", ABC, "cannot stand for a whole size"),
    ("X.reshape(X.shape[2], X.shape[1])", ABC, "has not as many entries"),
    ("np.concatenate([X, X[:, :, :1]], axis=0)", ABC, "agree in the others"),
    ("np.concatenate([X, X[0]], axis=0)", ABC, "have as many axes"),
    ("np.split(X, 2, axis=1)[0]", ABC, "not known to fall into 2 parts"),
    ("np.einsum('...i,ij', X, X)", ABC, "needs an array of 2 axes"),
    ("np.einsum('ij', X)", ABC, "needs an array of 2 axes"),
    ("np.tensordot(X, X, axes=([0, 1], [0, 3]))", ABC, "out of bounds"),
    ("X.sum(axis=3)", ABC, "out of bounds"),
    ("X.sum(axis=(1, -2))", ABC, "named twice"),
    ("np.transpose(X, (0, 1))", ABC, "no order of the axes"),
    ("X @ X", ABC, "@ needs as many entries"),
    ("X + X.T", ABC, "do not broadcast"),
    ("np.tile(X, 0)", ABC, "has no entries"),
    ("np.broadcast_to(X, (-1, *X.shape))", ABC, "does not broadcast"),
    ("np.vdot(X, X[0])", ABC, "one shape"),
    ("X[::2]", ABC, "a slice with a step"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "shapes", "why"), REFUSED, ids=[code for code, _, _ in REFUSED])
def test_refusals(code: str, shapes: dict[str, list[Any]], why: str) -> None:
    with pytest.raises(FrechetError, match=why):
        read_python(as_def(code, shapes), shapes)


def test_a_maximum_is_held_as_it_cancels() -> None:
    text = "import jax\ndef f(X):\n    m = jax.lax.stop_gradient(X.max(-1, keepdims=True))\n    return jax.nn.softmax(X - m, axis=-1)"
    assert written(read_python(text, ABC).value) == "softmax(X,3)"
    text = (
        "import torch\ndef f(X):\n    m = X.max(dim=-1, keepdim=True).values\n    return torch.softmax(X - m, dim=-1)"
    )
    assert written(read_python(text, ABC).value) == "softmax(X,3)"
    text = "import torch\ndef f(X):\n    m, _ = torch.max(X, dim=1)\n    return m + torch.log(torch.exp(X - m[:, None]).sum(1))"
    assert "max" not in written(read_python(text, ABC).value)


def test_masks_of_torch() -> None:
    shapes: dict[str, list[Any]] = {"S": ["a", "n", "n"], "M": ["n", "n"]}
    wanted = 'einsum("ijk,jk->ijk", exp(S), step(abs(M)))'
    text = "import torch\ndef f(S, M):\n    return torch.exp(S.masked_fill(M == 0, float('-inf')))"
    arrays = drawn(shapes)
    found = evaluate(read_python(text, shapes).value, arrays, SIZES)
    assert np.allclose(found, arrays["M"] * np.exp(arrays["S"])), wanted
    text = "import torch\ndef f(S):\n    n = S.shape[-1]\n    M = torch.triu(torch.ones(n, n) * float('-inf'), diagonal=1)\n    return torch.exp(S + M)"
    found = evaluate(read_python(text, {"S": shapes["S"]}).value, arrays, SIZES)
    assert np.allclose(found, np.tril(np.exp(arrays["S"])))


def test_rearranged_axes_are_split_and_merged_with_the_last_fastest() -> None:
    code = "from einops import rearrange\ndef f(X):\n    return rearrange(X, 'b t (h e) -> (b h) e t', h=2)"
    shapes: dict[str, list[Any]] = {"X": ["a", "t", "2*d"]}
    arrays = drawn(shapes)
    found = evaluate(read_python(code, shapes).value, arrays, SIZES)
    assert np.array_equal(found, arrays["X"].reshape(2, 3, 2, 5).transpose(0, 2, 3, 1).reshape(4, 5, 3))
    for pattern in ("b t -> t b", "b t e -> t b", "b t e -> b t e f", "b t t -> b t", "b t (h e) -> b t h e", "b t e"):
        with pytest.raises(FrechetError):
            read_python(f"import einops\ndef f(X):\n    return einops.rearrange(X, {pattern!r})", shapes)


ANSWERED = [
    "cp", "attention of heads", "group norm", "merged heads", "flattened", "mean pooling", "a token in front", "products broadcast over batches", "tucker", "batched products", "attention", "causal attention", "a mask that is an argument", "softmax by hand", "logsumexp by hand",
    "cross entropy by hand", "layer norm", "rms norm", "pairwise distances", "mixture of experts", "contrastive", "recurrent", "convolution of one axis",
    "windows", "joined features", "differences along an axis", "quadratic forms", "products along an axis", "running sums",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", ANSWERED)
def test_gradients_are_those_of_differences(name: str) -> None:
    code, shapes = FUNCTIONS[name]
    arrays = drawn(shapes)
    own = as_def(code, shapes)
    names = ", ".join(shapes)
    text = f"{own}\ndef loss({names}):\n    return (f({names}) * f({names})).sum()"
    answer = derived(text, shapes, [next(iter(shapes))])
    for variable, part in answer.by.items():
        got = np.asarray(part.gradient.evaluate({**SIZES, **{f"{n}1": d for n, d in SIZES.items()}, **arrays}))
        slope = slopes(lambda given: float((run(code, given) ** 2).sum()), arrays, variable)
        assert np.allclose(got, np.reshape(slope, got.shape), rtol=1e-4, atol=1e-6), name


SOURCELESS = [
    name for name, (code, _) in FUNCTIONS.items() if "max(" not in code.replace("S.max(", "") and "sumexp(" not in code
]
APART = {
    "a causal mask that is added": "numpy asks for the size of an array that it makes",
    "states of a recurrent net": "numpy asks for the size of an array that it makes",
    "batch norm": "its argument b takes the name of a size there",
    "convolution of a batch": "its argument b takes the name of a size there",
}


@pytest.mark.parametrize("name", [name for name in SOURCELESS if name not in APART])
def test_called_on_arrays_without_values_it_is_the_same(name: str) -> None:
    code, shapes = FUNCTIONS[name]
    scope: dict[str, Any] = {"np": np}
    exec(as_def(code, shapes), scope)
    assert problem_of(scope["f"], shapes, source=False).value is read_python(as_def(code, shapes), shapes).value
