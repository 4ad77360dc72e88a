"""The corpus: where it lies, and which of its problems are of the first class."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from judge.point import STRUCTURES, uses

HOME = Path(__file__).resolve().parents[2] / "corpus"
"""The corpora of the project."""
CORPUS = HOME / "problems.jsonl"

LATER = {"expm", "logm", "sqrtm", "expm_frechet", "logm_frechet", "norm_nuclear", "norm_spectral", "eigvalsh"}
LATER |= {
    "eigvecs",
    "svdvals",
    "svd_u",
    "svd_v",
    "pinv",
    "chol",
    "phi",
    "sylvester",
    "conj",
    "herm",
    "real",
    "imag",
}


def load(path: Path = CORPUS) -> list[dict[str, Any]]:
    """The problems of a file, one JSON object a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def of_first_class(problem: dict[str, Any]) -> bool:
    """Whether the problem needs no structured variable, nothing complex, no spectra and matrix functions."""
    assumptions: dict[str, list[str]] = problem.get("assumptions") or {}
    if any("complex" in fact or "hermitian" in fact for facts in assumptions.values() for fact in facts):
        return False
    wrt = problem["wrt"] if isinstance(problem["wrt"], list) else [problem["wrt"]]
    if any(fact in STRUCTURES for name in wrt for fact in assumptions.get(name, [])):
        return False
    return not uses(problem)[1] & LATER
