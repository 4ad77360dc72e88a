"""Formulas written in other notations and read back without declarations: right or a question, never another."""

from __future__ import annotations

import random

import pytest

from readings.back import NOTATIONS, read_back
from readings.grow import formula

COUNT = 75
"""Formulas a notation; the long run is `python tests/readings/back.py --count 2000`."""


@pytest.mark.parametrize("notation", NOTATIONS)
def test_what_is_written_is_read_or_asked(notation: str) -> None:
    rng = random.Random(f"{notation} readings")
    outcomes = [read_back(formula(rng.choice, notation == "numpy"), notation) for _ in range(COUNT)]
    assert not [o for o in outcomes if o.kind == "another"]
    refused = [o for o in outcomes if o.kind == "refused"]
    assert len(refused) <= COUNT // 20, refused  # a refusal is no misreading, but many would hide one
