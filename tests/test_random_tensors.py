"""Random well-shaped formulas of arrays of any order: whatever is answered is right, in every form.

Two hundred in the tests, always the same ones; thousands, other ones each time, from the command line:

    python tests/test_random_tensors.py --examples 1500 [--seed 1] [--depth 5] [--jobs 2]

which counts what was answered, refused (and why), left out (and why) and slow, and cuts every fault down to the
smallest formula that shows it.
"""

from __future__ import annotations

import random
import re
import sys
import time
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # started as a script
    sys.path[0] = str(Path(__file__).resolve().parent)

import numpy as np
import pytest
from hypothesis import given, settings

from hunting import CHECKS, Outcome, call, hunt, solve
from judge.point import points
from strategies import Tree
from tensorstrategies import VARIABLES, Grower, problem_of, problems, smaller, variables_of

pytestmark = pytest.mark.slow

NOT_YET = re.compile("|".join(("^no answer in time",)))
"""Faults that are known; each goes from here as it is mended.  The long run shows them."""


@settings(CHECKS, max_examples=200)
@given(problems())
def test_whatever_is_answered_is_right(problem: dict[str, Any]) -> None:
    outcome = solve(problem)
    said = f"{outcome.fault}: {outcome.said}"
    assert not outcome.fault or NOT_YET.search(said), f"{said}\n{call(problem)}"


def test_the_formulas_are_well_shaped() -> None:
    """The generator itself, by the judge's evaluator: nearly all formulas have a value, of the shape wanted."""
    without = 0
    for seed in range(300):
        tree, wrt, order = drawn(seed, 5)
        problem = problem_of(tree, wrt, order)
        assert wrt in problem["shapes"]
        try:
            (point,) = points(problem, problem["shapes"], 1, np.random.default_rng(seed))
        except Exception as error:
            assert "finite" in str(error), f"{error}\n{call(problem)}"
            without += 1
            continue
        if tree.shape != ("?",):
            assert point.value.shape == tuple(point.sizes[d] for d in tree.shape), call(problem)
    assert without < 15


def test_every_order_is_drawn() -> None:
    """Arrays of three and of four axes are asked for, and scalars, vectors, matrices and tensors are their values."""
    found = [drawn(seed, 5) for seed in range(300)]
    assert {len(VARIABLES[wrt]) for _, wrt, _ in found} >= {1, 2, 3, 4}
    assert {len(tree.shape) for tree, _, _ in found} >= {0, 1, 2, 3}
    assert {order for _, _, order in found} == {1, 2}
    assert sum(len(VARIABLES[wrt]) > 2 for _, wrt, _ in found) > 200


# -- the long run ------------------------------------------------------------------------------------------------------


def drawn(seed: int, depth: int) -> tuple[Tree, str, int]:
    """The seed's problem in parts."""
    rng = random.Random(seed)
    return Grower(lambda options: rng.choice(list(options))).parts(depth)


def one(task: tuple[int, int]) -> Outcome:
    """Solve a seed's problem; cut it down where it is at fault."""
    tree, wrt, order = drawn(*task)
    found = solve(problem_of(tree, wrt, order))
    until = time.perf_counter() + 60
    if found.fault and order == 2:
        again = solve(problem_of(tree, wrt, 1))
        if again.fault == found.fault:
            found, order = again, 1
    while found.fault and time.perf_counter() < until:
        for less in smaller(tree):
            if wrt not in variables_of(less.text) or (order == 2 and less.shape):
                continue
            again = solve(problem_of(less, wrt, order))
            if again.fault == found.fault:
                found, tree = again, less
                break
        else:
            break
    return found


if __name__ == "__main__":
    sys.exit(hunt(__doc__, one, depth=5, examples=1500))
