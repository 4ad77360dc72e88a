"""Arrays of more than two axes: what is read has the value that NumPy gives the text, and its gradients where it has."""

# ruff: noqa: E501 — tables read better with one entry a line

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.special

from frechet.language.declarations import read_size
from frechet.language.python import read_python
from frechet.verify.evaluate import evaluate
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
