"""The ledger of a second derivative: shapes, layouts, vec orders, the free entries, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import frechet as fr
from frechet.apps.cli import main


def forms(found: dict[str, Any]) -> dict[tuple[str, str | None], tuple[str, list[Any]]]:
    return {(f["name"], f["vec"]): (f["formula"], f["shape"]) for f in found["forms"]}


def test_by_a_vector_it_is_one_symmetric_matrix() -> None:
    found = fr.conventions("x'*A*x", "x", order=2).to_dict()
    assert forms(found) == {
        ("gradient", None): ("(A+A')*x", ["n"]),
        ("differential", None): ("(A+A')*dx", ["n"]),
        ("pullback", None): ("(A+A')*V", ["n"]),
        ("hessian", "either"): ("A + A'", ["n", "n"]),
    }
    assert found["chain"] is None and "layout are one matrix" in found["notes"][0]


def test_by_a_matrix_there_are_two_stackings() -> None:
    found = forms(fr.conventions("tr(X'*A*X)", "X", order=2).to_dict())
    assert found["hessian", "column"] == ("kron(eye(n),A+A')", ["m*n", "m*n"])
    assert found["hessian", "row"] == ("kron(A+A',eye(n))", ["m*n", "m*n"])


@pytest.mark.parametrize(
    ("fact", "free", "source"),
    [
        ("symmetric", "n^2/2+n/2", "duplication(n)'*H*duplication(n)"),
        ("diagonal", "n", "diagonal"),
        ("skew", "n^2/2-n/2", "less the one across"),
        ("lower triangular", "n^2/2+n/2", "elimination(n)*H*elimination(n)'"),
        ("upper triangular", "n^2/2+n/2", "transpose"),
    ],
)
def test_by_the_free_entries_of_a_structured_variable(fact: str, free: str, source: str) -> None:
    made = fr.derive("x'*S*S*x", "S", assumptions={"S": [fact]}, order=2)
    found = made.conventions().to_dict()
    rows = {(f["name"], f["vec"]): f for f in found["forms"]}
    assert rows["vech hessian", None]["shape"] == [free, free] and source in rows["vech hessian", None]["from"]
    assert rows["vech hessian", None]["formula"] == str(made.vech["hessian"])
    assert rows["vech gradient", "column"]["shape"] == [free]
    assert "within the structure" in found["notes"][0]


def test_a_mixed_block_has_both_layouts() -> None:
    block = fr.derive("sum(tanh(A*x))", ["A", "x"], order=2).by["A,x"]
    found = block.conventions()
    shown = forms(found.to_dict())
    assert found.wrt == "A,x"
    assert shown["numerator", "column"][1] == ["m*n", "n"] and shown["denominator", "column"][1] == ["n", "m*n"]
    rng = np.random.default_rng(1)
    point = {"A": rng.normal(size=(2, 3)), "x": rng.normal(size=3)}
    known: dict[str, Any] = dict(point)
    for name, formula in block.where.items():
        known[name] = formula.evaluate(known)
    value = {row.name: fr.Formula(row.formula).evaluate(known, m=2) for row in found.rows if row.vec == "column"}
    np.testing.assert_allclose(value["denominator"], value["numerator"].T)
    np.testing.assert_allclose(value["numerator"], block.evaluate(point, form="hessian"))


def test_by_a_number() -> None:
    assert forms(fr.conventions("exp(c)*k", "c", order=2).to_dict())["hessian", "either"] == ("k*exp(c)", [1, 1])


def test_the_command() -> None:
    run = CliRunner()
    done = run.invoke(main, ["conventions", "x'*A*x", "--wrt", "x", "--order", "2"])
    assert done.exit_code == 0 and "hessian         either way    n×n      A + A'" in done.output
    plain = json.loads(run.invoke(main, ["conventions", "x'*A*x", "--wrt", "x", "--order", "2", "--json"]).output)
    assert plain == fr.conventions("x'*A*x", "x", order=2).to_dict()
    through = run.invoke(main, ["conventions", "a = A*x; a'*a", "--wrt", "x", "--order", "2", "--through", "a"])
    assert through.exit_code == 1 and "leave `through` out" in through.output
    both = run.invoke(main, ["conventions", "x'*A*y", "--wrt", "x", "--wrt", "y", "--order", "2"])
    assert both.output.count("form            stacking") == 4


def test_of_an_array_there_is_none() -> None:
    with pytest.raises(fr.FrechetError, match="for a scalar expression only"):
        fr.conventions("A*x", "x", order=2)


def test_a_long_label_keeps_its_distance() -> None:
    page = fr.conventions("logdet(S)", "S", assumptions={"S": ["symmetric"]}, order=2).text()
    assert "vech gradient (columns) information" in page
