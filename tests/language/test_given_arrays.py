"""Shapes from real arrays, for texts as for functions; a lambda is found wherever it stands."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import pytest

import frechet as fr

X, W = np.ones((5, 3), dtype=int), np.ones((3, 2))


@pytest.mark.parametrize("text", ["sum((X*W+ones(m)*b').^2)", "np.sum((X @ W + b)**2)"])
def test_arrays_tell_the_shapes_of_a_text(text: str) -> None:
    found = fr.derive(text, wrt="b", like={"b": np.ones(2), "X": X, "W": W}, shapes={"X": ["m", 3]})
    assert len(found.to_dict()["shapes"]["b"]) == 1


def test_arrays_decide_what_would_be_asked() -> None:
    with pytest.raises(fr.FrechetError):
        fr.derive("np.sum(X @ W + b)", wrt="b")
    assert "derivative" in fr.derive("np.sum(X @ W + b)", wrt="b", like={"b": 2.0}).forms


def test_wrong_shapes_are_told_in_their_numbers() -> None:
    with pytest.raises(fr.FrechetError, match="5×3"):
        fr.derive("X*w", wrt="w", like={"X": X, "w": np.ones(4)})


@pytest.mark.parametrize("value", [object(), None, "3"])
def test_what_is_no_array(value: Any) -> None:
    with pytest.raises(fr.FrechetError, match="like gives arrays") as caught:
        fr.derive("c*x", wrt="x", like={"c": value})
    assert caught.value.kind == "input"


@pytest.mark.parametrize("expression", [3, None, ["A*B"]])
def test_what_is_no_expression(expression: Any) -> None:
    with pytest.raises(fr.FrechetError, match="an expression is") as caught:
        fr.derive(expression, wrt="x")
    assert caught.value.kind == "input"


def test_a_lambda_anywhere() -> None:
    listed = [lambda x: np.sum(x**2), lambda x: np.sum(np.exp(x))]
    named = {"a": lambda x: x @ x,
             "b": lambda c: math.exp(c) * c}  # fmt: skip
    assert [str(fr.derive(f, wrt="x").gradient) for f in (*listed, named["a"])] == ["2*x", "exp(x)", "2*x"]
    assert str(fr.derive(named["b"], wrt="c").derivative) == "exp(c)*(1+c)"


def test_what_has_no_source_is_called() -> None:
    assert str(fr.derive(np.tanh, wrt="x", shapes={"x": []}).derivative) == "1 - tanh(x)^2"
    norm = functools.partial(np.linalg.norm, ord=2)
    assert str(fr.derive(norm, wrt="x", shapes={"x": ["n"]}).gradient) == "x/norm2(x)"


def test_explain_and_conventions_take_a_language() -> None:
    assert fr.explain("x^T A x", "x", language="latex").reading is not None
    assert fr.conventions("x @ A @ x", "x", language="python").reading is not None
