"""Python functions of arrays of any order: the gradient is that of automatic differentiation of the same code."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("jax", reason="the truth is JAX's: pip install 'frechet[dev]'")

from judge import tensors
from judge.tensors import OURS, SHARED, Case, cases, solve

pytestmark = pytest.mark.slow

CASES = [*cases(OURS), *({**case, "id": f"corpus-{case['id']}"} for case in cases(SHARED))]


def name(case: Case) -> str:
    return case["id"]


@pytest.mark.parametrize("case", CASES, ids=name)
def test_the_gradient_is_that_of_automatic_differentiation(case: Case) -> None:
    found = solve(case)
    assert found.kind == "right", f"{found.kind}: {found.reason}\n{case['code']}\n{found.gradient}"


def test_every_case_has_a_name_of_its_own() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES)


BATCHED: dict[str, Any] = {
    "id": "planted",
    "code": "def f(A, B, b):\n    return (b * (A @ B)).sum()",
    "wrt": "B",
    "shapes": {"A": ["b", "m", "n"], "B": ["b", "n", "k"], "b": ["b", "m", "k"]},
}
ANSWERED: dict[str, Any] = {"shapes": {"A": ["c", "m", "n"], "B": ["c", "n", "k"], "b": ["c", "m", "k"]}}


@pytest.mark.parametrize(
    ("gradient", "where", "kind"),
    [
        ('einsum("bmn,bmk->bnk", A, b)', {}, "right"),
        ("H", {"unused": "dB", "H": 'einsum("bmn,bmk->bnk", A, b)'}, "right"),
        ('einsum("bmn,bmk->bnk", A, b)/c', {}, "wrong"),
        ('einsum("bmn,bmk->bkn", A, b)', {}, "wrong"),
        ('einsum("bmn,bmk->nk", A, b)', {}, "wrong"),
        ("H", {}, "wrong"),
        ("H", {"H": "H"}, "wrong"),
    ],
)
def test_the_judge_sees_what_is_wrong(
    gradient: str, where: dict[str, str], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tensors, "answered", lambda case: {**ANSWERED, "gradient": gradient, "where": where})
    assert solve(BATCHED).kind == kind
