"""What people write is read as it was meant: LaTeX, text side by side, Python; what is ambiguous is asked."""

from __future__ import annotations

import pytest

from judge.written import OURS, SHARED, Case, cases, readings, solve

pytestmark = pytest.mark.slow

WORDS = OURS.with_name("words.jsonl")
CASES = [*cases(OURS, WORDS), *({**case, "id": f"corpus-{case['id']}"} for case in cases(SHARED))]


def name(case: Case) -> str:
    return case["id"]


@pytest.mark.parametrize("case", CASES, ids=name)
def test_read_as_it_was_meant(case: Case) -> None:
    found = solve(case)
    assert found.kind == "right", f"{found.kind}: {case['written']}: {found.reason}"


MEANT = [meant for case in cases(OURS, WORDS) for meant in readings(case) if meant.get("means")]


@pytest.mark.parametrize("case", MEANT, ids=name)
def test_what_was_meant_typed_with_its_shapes(case: Case) -> None:
    found = solve(case, means=True)
    assert found.kind == "right", f"{found.kind}: {case['means']}: {found.reason}"


def test_every_case_has_a_name_of_its_own() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES)
