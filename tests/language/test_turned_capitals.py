"""A capital under a function of vectors is asked: no habit of letters is overturned in silence."""

from __future__ import annotations

import pytest

from frechet.errors import FrechetError
from frechet.language import parse

ASKED = {
    "sort(X)": ("--shape X=n", "sort(vec(X))"),
    "sum(median(X))": ("--shape X=n", "sum(median(vec(X)))"),
    "cumprod(X)": ("--shape X=n", "cumprod(vec(X))", "cumprod(X,1)", "cumprod(X,2)"),
    "sum(cumsum(X))": ("--shape X=n", "sum(cumsum(vec(X)))", "sum(cumsum(X,1))", "sum(cumsum(X,2))"),
    "norm(X,-inf)": ("--shape X=n", "norm(vec(X),-inf)"),
    "hat(W)*x": ("--shape W=3",),
}


@pytest.mark.parametrize(("text", "readings"), ASKED.items())
def test_a_capital_under_a_function_of_vectors_is_asked(text: str, readings: tuple[str, ...]) -> None:
    with pytest.raises(FrechetError, match="which by habit is a matrix, could be") as caught:
        parse(text)
    assert caught.value.readings == readings
    for reading in readings:
        name, _, size = reading.removeprefix("--shape ").partition("=")
        found = parse(text, shapes={name: [size]}) if reading.startswith("--") else parse(reading)
        assert {"X", "W"} & {*found.variables}


@pytest.mark.parametrize("text", ["cumsum(X,1)", "sort(x)", "diag(V)*A*x", "sort(vec(X))"])
def test_what_habit_allows_is_not_asked(text: str) -> None:
    assert parse(text).variables
