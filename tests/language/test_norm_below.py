"""What stands below the bars of a norm is never a factor: it is the norm's kind, or refused by name."""

from __future__ import annotations

import pytest

from frechet.errors import FrechetError
from frechet.language import parse

SHAPES = {"x": ["n"], "b": ["m"], "A": ["m", "n"], "W": ["m", "n"], "p": []}

READ = {
    "||x||_inf": "max(abs(x))",
    "‖x‖_∞": "max(abs(x))",
    "||x||_p": "sum(abs(x).^p)^(1/p)",
    "‖x‖ₚ": "sum(abs(x).^p)^(1/p)",
    "||A*x-b||_p^p": "(sum(abs(A*x-b).^p)^(1/p))^p",
    "||x||_4": "sum(abs(x).^4)^((1)/4)",
    "||A||_op": "norm_spectral(A)",
    "||A||_nuc": "norm_nuclear(A)",
    "||A||_*^2": "norm_nuclear(A)^2",
    "||A||_fro": "norm2(A)",
    "||x||_1*b": "norm1(x)*b",
    "||x||^2_2": "norm2(x)^2",
    "‖x‖²_2": "norm2(x)^2",
    "‖x‖²₂": "norm2(x)^2",
    "||A||^2_F": "norm2(A)^2",
    "||x||^p_p": "(sum(abs(x).^p)^(1/p))^p",
}

REFUSED = {
    "||x||_0": "it counts the entries that are not zero",
    "||A||_max": r"written max\(abs\(A\)\)",
    "||x||_A^2": r"with a matrix A it is sqrt\(x'\*A\*x\)",
    "||A*x-b||^2_W": r"sqrt\(\(A\*x-b\)'\*W\*\(A\*x-b\)\)",
    "||W||_21": r"sum\(sqrt\(sum\(W\.\^2,1\)\)\)",
    "||W||_foo": "there are 1, 2, F, inf, p",
}


@pytest.mark.parametrize(("text", "formula"), READ.items())
def test_a_subscript_is_the_norms_kind(text: str, formula: str) -> None:
    found = parse(text, shapes=SHAPES)
    assert found.value is parse(formula, shapes=SHAPES).value
    assert set(found.variables) <= {"x", "A", "b", "p"}


@pytest.mark.parametrize(("text", "message"), REFUSED.items())
def test_an_unknown_norm_is_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(FrechetError, match=message) as caught:
        parse(text, shapes=SHAPES)
    assert caught.value.position == text.rindex("||")


def test_two_below_a_matrix_is_asked_whichever_comes_first() -> None:
    with pytest.raises(FrechetError) as caught:
        parse("||A||^2_2")
    assert any("norm_spectral" in reading for reading in caught.value.readings)
