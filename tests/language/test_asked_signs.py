"""Signs that two readers take differently: a × between letters that may be vectors, a dagger above a matrix."""

from __future__ import annotations

import pytest

from frechet.errors import FrechetError
from frechet.language import parse

ASKED = {
    "x×y": ("cross(x,y)", "x*y"),
    "a×b": ("cross(a,b)", "a*b"),
    "x ⋅ (y × z)": ("x ⋅ cross(y,z)", "x ⋅ (y*z)"),
    "(x+y)×z": ("cross(x+y,z)", "(x+y)*z"),
    "x'y×z": ("x'cross(y,z)", "x'(y*z)"),
}


@pytest.mark.parametrize(("text", "readings"), ASKED.items())
def test_a_cross_between_small_letters_is_asked(text: str, readings: tuple[str, str]) -> None:
    with pytest.raises(FrechetError, match="a × between small letters could be") as caught:
        parse(text)
    assert caught.value.readings == readings
    assert parse(readings[0]).variables


@pytest.mark.parametrize(("text", "formula"), [("2×x", "2*x"), ("A×B", "A*B"), ("n × x", "n*x"), ("λ×x", "lambda*x")])
def test_a_cross_beside_what_is_no_vector_is_a_product(text: str, formula: str) -> None:
    assert parse(text).value is parse(formula).value


def test_declared_numbers_are_multiplied() -> None:
    shapes: dict[str, list[str]] = {"a": [], "b": []}
    assert parse("a×b", shapes=shapes).value is parse("a*b", shapes=shapes).value


@pytest.mark.parametrize("text", [r"A^{\dagger} b", r"A^\dagger b"])
def test_a_dagger_above_a_matrix_is_asked(text: str) -> None:
    with pytest.raises(FrechetError, match=r"the pseudoinverse pinv\(A\)") as caught:
        parse(text)
    shapes = {"A": ["n", "n"], "b": ["n"]}
    first, second = (parse(reading, shapes=shapes).value for reading in caught.value.readings)
    assert first is parse("pinv(A)*b", shapes=shapes).value
    assert second is parse("herm(A)*b", shapes=shapes).value


def test_a_dagger_above_a_vector_is_its_conjugate_transpose() -> None:
    assert parse(r"x^\dagger A x").value is parse("herm(x)*A*x").value
