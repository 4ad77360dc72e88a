"""max and min of one argument: the largest and the smallest entry, in all three readers, with their derivative."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import frechet as fr
from judge.run import solve

PROBLEMS = ["max(x)", "min(A*x-b)", "max(X)", "x'*x*max(x)", "log(max(x)) + min(x)^2", "max(x)-max(x,min(x))"]


@pytest.mark.parametrize("text", PROBLEMS)
def test_every_form_is_right(text: str) -> None:
    for name in fr.derive(text, verify=False).by:
        shapes = {k: list(map(str, v)) for k, v in fr.derive(text, verify=False).to_dict()["shapes"].items()}
        outcome = solve(({"id": text, "expression": text, "wrt": name, "shapes": shapes}, 7, 60, True))
        assert outcome.kind == "answered", outcome.reason
        assert not outcome.report.having("wrong")


def test_the_gradient_picks_the_entry() -> None:
    d = fr.derive("max(x)", wrt="x")
    assert d.evaluate(x=[3, 7, -1]).tolist() == [0, 1, 0]
    assert fr.derive("min(X)", wrt="X").evaluate(X=[[3, 7], [-1, 2]]).tolist() == [[0, 0], [1, 0]]
    assert "where two entries of x are both the largest" in "".join(d.to_dict()["conditions"])
    assert [str(fr.max(fr.vector("x", "n"))), str(fr.min(fr.matrix("X", 2, 2)))] == ["max(x)", "min(X)"]
    assert fr.min(fr.vector("x", 2), 1) != fr.min(fr.vector("x", 2))


def builtin_max(x: Any) -> Any:
    return max(x) ** 2


def numpy_max(x: Any) -> Any:
    return np.max(x) ** 2


def method_max(x: Any) -> Any:
    return x.max() ** 2


@pytest.mark.parametrize("function", [builtin_max, numpy_max, method_max])
def test_python_means_the_same(function: Callable[..., Any]) -> None:
    assert fr.derive(function, wrt="x", shapes={"x": ("n",)}).gradient == fr.derive("max(x)^2", wrt="x").gradient


@pytest.mark.parametrize("text", ["max(x)", r"\max(x)", r"\min(x)"])
def test_latex_means_the_same(text: str) -> None:
    found = fr.derive(text, wrt="x", shapes={"x": ["n"]})
    assert found.value == fr.parse(text.lstrip("\\"), shapes={"x": ["n"]})


def test_along_an_axis_of_two_is_refused() -> None:
    def rows(X: Any) -> Any:
        return X.max(axis=1).sum()

    with pytest.raises(fr.FrechetError, match="along an axis"):
        fr.derive(rows, wrt="X", shapes={"X": ("m", "n")})
