"""The second argument of a norm is read in every spelling, or refused with what to write; it is no new variable."""

from __future__ import annotations

import pytest

from frechet.errors import FrechetError
from frechet.language import parse

SHAPES = {"x": ["n"], "X": ["m", "n"], "A": ["m", "n"], "b": ["m"]}

READ = {
    "norm(x,-inf)": "min(abs(x))",
    "norm(x,oo)": "max(abs(x))",
    "norm(x,INF)": "max(abs(x))",
    "norm(x,'inf')": "max(abs(x))",
    "2norm(x,oo)": "2*max(abs(x))",
    "norm(X,fro)": "norm2(X)",
    "norm(X,nuc)": "norm_nuclear(X)",
    "norm(X,'F')": "norm2(X)",
    'norm(X,"frobenius")': "norm2(X)",
}


@pytest.mark.parametrize(("text", "formula"), READ.items())
def test_an_order_is_read(text: str, formula: str) -> None:
    found = parse(text)
    assert set(found.variables) <= {"x", "X"}
    assert parse(text, shapes=SHAPES).value is parse(formula, shapes=SHAPES).value


@pytest.mark.parametrize("text", ["norm(x,0)", "norm(X,0)", "norm(A*x-b,0)"])
def test_the_order_nought_is_refused_with_its_stand_in(text: str) -> None:
    with pytest.raises(FrechetError, match=r"counts the entries that are not zero.*norm1\("):
        parse(text)


def test_a_declared_name_is_no_order() -> None:
    shapes = {"x": ["n"], "fro": []}
    assert parse("norm(x,fro)", shapes=shapes).value is parse("sum(abs(x).^fro)^(1/fro)", shapes=shapes).value
