"""Random well-shaped problems, of matrices and of tensors: compiled code gives what the evaluator gives."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import frechet as fr
import strategies
import tensorstrategies
from compiler.points import Point, differs, having
from frechet.errors import FrechetError
from hunting import CHECKS

pytestmark = pytest.mark.slow


def wrong(problem: dict[str, Any], backend: Any = "numpy") -> str:
    """What is wrong with the compiled forms of a problem; a refusal is not."""
    given_ = {key: problem[key] for key in ("shapes", "assumptions", "functions") if problem.get(key)}
    try:
        found = fr.derive(
            problem.get("expression") or problem["code"],
            problem.get("wrt"),
            order=problem.get("order", 1),
            verify=False,
            **given_,
        )
    except FrechetError:
        return ""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for key, d in found.by.items():
            if len(set(key.split(","))) > 1:
                continue
            try:
                point = Point(d)
            except AssertionError:
                continue
            for form in having(d):
                try:
                    made = d.compile(backend, form)
                except FrechetError:
                    continue
                try:
                    said = differs(point.call(made), point.wanted(form))
                except (np.linalg.LinAlgError, RuntimeError) as trouble:
                    if not _singular(trouble):
                        raise
                    continue
                if said:
                    return f"{form} by {key}: {said}\n{made.source}"
    return ""


def _singular(trouble: Exception) -> bool:
    """Whether a library says that a matrix has no inverse or no factor."""
    return type(trouble).__name__ in ("LinAlgError", "_LinAlgError")


def check(drawn: Callable[..., Any], count: int, backend: str = "numpy") -> Callable[[], None]:
    """A test of so many problems."""

    @settings(CHECKS, max_examples=count)
    @given(drawn())
    def test(problem: dict[str, Any]) -> None:
        said = wrong(problem, backend)
        assert not said, f"{problem}\n{said}"

    def of_torch() -> None:
        pytest.importorskip("torch", reason="the PyTorch target: make test-torch")
        test()

    return of_torch if backend == "torch" else test


test_matrices = check(strategies.problems, 80)
test_tensors = check(tensorstrategies.problems, 60)
test_matrices_torch = check(strategies.problems, 60, "torch")
test_tensors_torch = check(tensorstrategies.problems, 40, "torch")
