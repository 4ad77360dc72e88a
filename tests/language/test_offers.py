"""What a question offers to copy can be read: every reading of every question among the cases as people write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import frechet as fr
from frechet.errors import FrechetError

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
        text, declared = case["written"], dict(shapes)
        if reading.startswith("--shape "):
            name, _, sizes = reading.removeprefix("--shape ").partition("=")
            declared[name] = tuple(size for size in sizes.split(",") if size)
        else:
            text = reading
        try:
            fr.derive(text, wrt=case.get("wrt"), shapes=declared)
        except FrechetError as other:
            assert other.readings, f"{reading} is offered and refused: {other.message}"
