r"""A backslash in a text without LaTeX divides from the left; where it may be LaTeX's, it is asked."""

from __future__ import annotations

import pytest

from frechet.errors import FrechetError
from frechet.language import parse

SHAPES = {"A": ["n", "n"], "B": ["n", "n"], "X": ["n", "n"], "b": ["n"], "rhs": ["n"], "w": ["n"], "alpha": []}

READ = {
    "A\\ones(n)": "inv(A)*ones(n)",
    "A \\ ones(n)": "inv(A)*ones(n)",
    "A\\inv(B)": "inv(A)*inv(B)",
    "A\\rhs": "inv(A)*rhs",
    "A\\(diag(w))": "inv(A)*diag(w)",
    "A\\alpha": "A*alpha",
    r"\alpha A\ b": "alpha*A*b",
    r"w^T A w + \tr(A\diag(w))": "w'*A*w + tr(A*diag(w))",
}

ASKED = {
    "A\\ b": ("A\\(b)", "A*b"),
    "A\\diag(w)": ("A\\(diag(w))", "A*diag(w)"),
    "B*(A\\ b)": ("B*(A\\(b))", "B*(A*b)"),
}


@pytest.mark.parametrize(("text", "formula"), READ.items())
def test_a_backslash_divides_where_it_is_no_command(text: str, formula: str) -> None:
    assert parse(text, shapes=SHAPES).value is parse(formula, shapes=SHAPES).value


@pytest.mark.parametrize(("text", "readings"), ASKED.items())
def test_what_may_be_either_is_asked(text: str, readings: tuple[str, str]) -> None:
    with pytest.raises(FrechetError, match="divide from the left or be LaTeX's") as caught:
        parse(text, shapes=SHAPES)
    assert caught.value.readings == readings
    divided, product = (parse(reading, shapes=SHAPES).value for reading in readings)
    assert divided is not product


def test_the_word_behind_a_division_is_asked_as_elsewhere() -> None:
    with pytest.raises(FrechetError, match=r"cov\(X\) could be"):
        parse("X\\cov(X)", shapes=SHAPES)
