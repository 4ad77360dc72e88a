"""Random well-shaped expressions: whatever is answered is right, in every form.

`FRECHET_EXAMPLES=2000` asks for more than the usual few hundred.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, assume, given, settings

from frechet import FrechetError
from judge.check import judge
from judge.expressions import problems
from judge.run import ask

EXAMPLES = int(os.environ.get("FRECHET_EXAMPLES", "300"))

HARD = {"limit", "unsupported"}
"""A refusal with one of these reasons is no wrong answer; any other is."""


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="FRECHET_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
@given(problems())
def test_whatever_is_answered_is_right(problem: dict[str, Any]) -> None:
    try:
        answer = ask(problem, verify=True)
    except FrechetError as error:
        assert error.kind in HARD, f"{error.kind}: {error.message}"
        return
    report = judge(problem, answer, trials=2)
    assume(not report.trouble)  # no point where it is defined and moderate
    wrong = {name: (report.forms[name].text, report.forms[name].reason) for name in report.having("wrong")}
    assert not wrong, (problem, wrong)
    assert not report.having("absent"), (problem, report.having("absent"))


def test_the_formulas_are_well_shaped() -> None:
    """The generator itself: nearly all of its formulas have a value somewhere, in the shape it means them to have."""
    from judge.point import points
    from judge.sample import concrete
    from judge.values import Bad, settle

    tried: list[bool] = []

    @settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(problems(depth=4))
    def look(problem: dict[str, Any]) -> None:
        import numpy as np

        try:
            point = points(problem, problem["shapes"], 1, np.random.default_rng(0))[0]
        except Bad as error:
            assert "finite" in str(error) or "no point" in str(error), (problem, error)
            tried.append(False)
            return
        tried.append(True)
        assert point.value.shape == settle(np.zeros(point.value.shape)).shape
        for name, shape in problem["shapes"].items():
            assert point.values[name].shape == settle(np.zeros(concrete(shape, point.sizes))).shape

    look()
    assert sum(tried) > 0.8 * len(tried)
