"""Random well-shaped expressions: whatever is answered is right, in every form.

A few hundred in the tests, always the same ones; thousands, other ones each time, from the command line:

    python tests/test_random.py --examples 2000 [--seed 1] [--depth 6] [--jobs 2]

which counts what was answered, refused (and why), left out (and why) and slow, and cuts every fault down to the
smallest formula that shows it.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # started as a script
    sys.path[0] = str(Path(__file__).resolve().parent)

import pytest
from hypothesis import given, settings

from hunting import CHECKS, Outcome, call, hunt, solve
from strategies import Grower, Tree, problem_of, problems, smaller, variables_of

pytestmark = pytest.mark.slow


@settings(CHECKS, max_examples=300)
@given(problems())
def test_whatever_is_answered_is_right(problem: dict[str, Any]) -> None:
    outcome = solve(problem)
    assert not outcome.fault, f"{outcome.fault}: {outcome.said}\n{call(problem)}"


@settings(CHECKS, max_examples=200)
@given(problems(depth=5))
def test_the_formulas_are_well_shaped(problem: dict[str, Any]) -> None:
    """The generator itself: every formula can be read, in the shapes it was grown in."""
    from frechet.language import parse

    read = parse(problem["expression"], problem["shapes"], problem.get("assumptions"), problem.get("functions", ()))
    for name, shape in problem["shapes"].items():
        assert [str(d) for d in read.variables[name].shape] == [str(d) for d in shape]


def test_a_fault_is_cut_down() -> None:
    """The smaller trees keep their shapes, so that cutting never makes a formula ill-shaped."""
    rng = random.Random(5)
    tree = Grower(lambda options: rng.choice(list(options))).grow(("m",), 5)
    assert tree.kids
    for less in smaller(tree):
        assert len(less.text) < len(tree.text)


# -- the long run ------------------------------------------------------------------------------------------------------


def drawn(seed: int, depth: int) -> tuple[Tree, str | list[str], int, Tree | None]:
    """The seed's problem in parts."""
    rng = random.Random(seed)
    return Grower(lambda options: rng.choice(list(options))).parts(depth)


def one(task: tuple[int, int]) -> Outcome:
    """Solve a seed's problem; cut it down where it is at fault."""
    tree, wrt, order, named = drawn(*task)
    found = solve(problem_of(tree, wrt, order, named))
    if not found.fault:
        return found
    until = time.perf_counter() + 60
    simpler = [(tree, wrt, 1, named), (tree, wrt, order, None), (tree, wrt, 1, None)]
    simpler += [(tree, w, o, None) for w in (wrt if isinstance(wrt, list) else ()) for o in (order, 1)]
    for option in simpler:
        again = solve(problem_of(*option))
        if again.fault == found.fault:
            found, (tree, wrt, order, named) = again, option
    while time.perf_counter() < until:
        for less in smaller(tree):
            kept = named is None or any(part == named for part in less.walk())
            there = set(variables_of(less.text))
            if not kept or not there.issuperset([wrt] if isinstance(wrt, str) else wrt) or (order == 2 and less.shape):
                continue
            again = solve(problem_of(less, wrt, order, named))
            if again.fault == found.fault:
                found, tree = again, less
                break
        else:
            break
    return found


if __name__ == "__main__":
    sys.exit(hunt(__doc__, one))
