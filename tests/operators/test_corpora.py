"""The Jacobians and Hessians of real problems: the operator is the matrix that the evaluator gives."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import numpy as np
import pytest

import frechet as fr
from frechet.errors import FrechetError
from judge.corpus import HOME, load
from operators.compared import at_a_point, same, wave

pytestmark = pytest.mark.slow

FIRST = int(os.environ.get("OPERATORS_FIRST", "60"))
"""How many problems are gone through."""


@cache
def problems() -> list[dict[str, Any]]:
    return [p for name in ("problems", "structured", "composite", "tensors") for p in load(HOME / f"{name}.jsonl")][
        :FIRST
    ]


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("at", range(FIRST))
def test_the_operator_is_the_matrix(at: int, order: Any) -> None:
    if at >= len(problems()):
        pytest.skip("no such problem")
    problem = problems()[at]
    given = {k: problem[k] for k in ("shapes", "assumptions", "functions") if k in problem}
    try:
        d = fr.derive(
            problem.get("expression") or problem["code"], problem.get("wrt"), order=order, verify=False, **given
        )
    except FrechetError as trouble:
        pytest.skip(trouble.message)
    random = np.random.default_rng(at)
    seen = 0
    for one, arrays, D in at_a_point(d, at):
        functions = dict.fromkeys(one.context.functions, wave)
        for vec in ("column", "row"):
            form = "jacobian" if order == 1 else "hessian"
            for layout in ("numerator", "denominator") if order == 1 else ("numerator",):
                try:
                    D = one.evaluate(arrays, form=form, layout=layout, vec=vec, functions=functions)
                    J = one.operator(arrays, layout=layout, vec=vec, functions=functions)
                except FrechetError as trouble:
                    assert trouble.kind == "unsupported" and "complex" in trouble.message, trouble
                    continue
                shape = (*D.shape, 1, 1)[:2]
                same(J, np.reshape(D, shape), random)
                assert str(J).startswith(("Jacobian", "Hessian"))
                seen += 1
    if not seen:
        pytest.skip("no point at which there is a real matrix")
