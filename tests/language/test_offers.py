"""What a question offers to copy can be read: every reading of every question among the cases as people write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import frechet as fr
from frechet.errors import FrechetError
from frechet.language import parse
from frechet.language.questions import as_copied
from frechet.verify.evaluate import Program

CASES = Path(__file__).resolve().parents[1] / "written" / "cases.jsonl"


def questions() -> list[Any]:
    """The cases that ask, but for code."""
    found = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines() if line.strip()]
    asked = [c for c in found if (c.get("refuse") or c.get("either")) and c.get("language") != "python"]
    return [pytest.param(c, id=c["id"]) for c in asked]


@pytest.mark.parametrize("case", questions())
def test_what_is_offered_can_be_read(case: dict[str, Any]) -> None:
    shapes = {name: tuple(shape) for name, shape in (case.get("given") or {}).items()}
    try:
        fr.derive(case["written"], wrt=case.get("wrt"), shapes=shapes)
        return
    except FrechetError as asked:
        readings = asked.readings
    for reading in readings:
        formula, said = as_copied(reading)
        text, declared = formula or case["written"], {**shapes, **said}
        try:
            fr.derive(text, wrt=case.get("wrt"), shapes=declared)
        except FrechetError as other:
            assert other.readings, f"{reading} is offered and refused: {other.message}"


PLACES = [
    ("mean(x)/var(x)", 1, "mean(x)/(norm2(x-mean(x)*ones(n))^2/n)"),
    ("var(x)^2", 1, "(norm2(x-mean(x)*ones(n))^2/n)^2"),
    ("1/var(x)", 0, "1/(norm2(x-mean(x)*ones(n))^2/(n-1))"),
    ("y.^var(x)", 1, "y.^(norm2(x-mean(x)*ones(n))^2/n)"),
    ("var(A*x)/2", 1, "norm2(A*x-mean(A*x)*ones(m))^2/m/2"),
    ("x'x/var(2x)", 1, "x'*x/(norm2(2*x-mean(2*x)*ones(n))^2/n)"),
    ("B/cond(B)", 1, "B/(norm2(B)*norm2(inv(B)))"),
    ("cond(B)^2", 1, "(norm2(B)*norm2(inv(B)))^2"),
    ("cov(A)'", 1, "(A'*(A-ones(m)*(ones(m)'*A)/m)/m)'"),
    ("normalize(A)'*z", 2, "(A/norm2(A))'*z"),
]  # fmt: skip
SHAPED = {"x": ["n"], "y": ["n"], "z": ["m"], "A": ["m", "n"], "B": ["n", "n"]}


def value(expr: Any) -> Any:
    random = np.random.default_rng(3)
    sizes = {"m": 3, "n": 4}
    env = {
        name: random.uniform(0.5, 2.0, size=tuple(sizes[s] for s in shape)) for name, shape in sorted(SHAPED.items())
    }
    return Program([expr], sizes, {}).run(env)[0]


@pytest.mark.parametrize(("text", "which", "meant"), PLACES, ids=[text for text, _, _ in PLACES])
def test_an_offer_keeps_its_meaning_where_it_is_put(text: str, which: int, meant: str) -> None:
    with pytest.raises(FrechetError) as asked:
        parse(text, SHAPED)
    formula, _ = as_copied(asked.value.readings[which])
    assert np.allclose(value(parse(formula, SHAPED).value), value(parse(meant, SHAPED, language="frechet").value))


def test_an_offer_makes_the_size_in_it_the_size() -> None:
    with pytest.raises(FrechetError) as asked:
        parse("1/var(x)")
    formula, declared = as_copied(asked.value.readings[0])
    assert declared == {"x": ["n"]}
    assert parse(formula, declared).variables.keys() == {"x"}
    with pytest.raises(FrechetError) as asked:
        parse("var(A*x) + y'y", {"x": ["k"]})
    assert asked.value.readings[0] == "sum((A*x-mean(A*x)).^2)/(m-1) + y'y --shape A=m,k"
