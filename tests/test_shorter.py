"""Where one declaration would shorten a gradient, the card says so."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

import frechet as fr
from frechet.apps.cli import main

Case = tuple[str, str, dict[str, list[str]], list[tuple[str, str]]]

CASES: list[Case] = [
    ("-(x-mu)'*inv(Sigma)*(x-mu)", "x", {}, [("Sigma is symmetric", "2*inv(Sigma)*(mu-x)")]),
    ("u = x - mu; L = u'*inv(Sigma)*u/2", "x", {}, [("Sigma is symmetric", "inv(Sigma)*(x-mu)")]),
    ("norm2(A*x-b)^2", "x", {"b": ["m"]}, []),
    ("x'*A*y", "x", {"A": ["n", "n"]}, []),
    ("logdet(X)", "X", {}, []),
    ("norm2(A*x-b)^2", "x", {"A": ["n", "n"], "b": ["n"]}, []),
    ("tr(inv(A)*X)", "X", {"A": ["n", "n"]}, []),
]


@pytest.mark.parametrize(("expression", "wrt", "shapes", "expected"), CASES)
def test_a_declaration_that_shortens_the_gradient_is_named(
    expression: str, wrt: str, shapes: dict[str, list[str]], expected: list[tuple[str, str]]
) -> None:
    found = fr.derive(expression, wrt, shapes=shapes).shorter()
    assert [(one.condition, str(one.gradient)) for one in found] == expected


def test_what_is_declared_is_not_offered() -> None:
    assert fr.derive("x'*A*x", "x", assumptions={"A": ["symmetric"]}).shorter() == []
    assert "shorter" not in fr.derive("x'*A*x", "x").to_dict()


def test_the_card_says_it_in_one_line() -> None:
    page = CliRunner().invoke(main, ["derive", "tr(X'*A*X*B)", "--wrt", "X"]).output
    assert page.count("if ") == 1 and "                if A is symmetric: A*X*(B+B')\n" in page
    assert "if A is" not in CliRunner().invoke(main, ["derive", "x'*A*x", "--wrt", "x", "--json"]).output
