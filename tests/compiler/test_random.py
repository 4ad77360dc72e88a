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


def wrong(problem: dict[str, Any]) -> str:
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
                    made = d.compile("numpy", form)
                except FrechetError:
                    continue
                try:
                    said = differs(point.call(made), point.wanted(form))
                except np.linalg.LinAlgError:
                    continue
                if said:
                    return f"{form} by {key}: {said}\n{made.source}"
    return ""


def check(drawn: Callable[..., Any], count: int) -> Callable[[], None]:
    """A test of so many problems."""

    @settings(CHECKS, max_examples=count)
    @given(drawn())
    def test(problem: dict[str, Any]) -> None:
        said = wrong(problem)
        assert not said, f"{problem}\n{said}"

    return test


test_matrices = check(strategies.problems, 150)
test_tensors = check(tensorstrategies.problems, 100)
