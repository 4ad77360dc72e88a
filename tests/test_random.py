"""Random well-shaped expressions: whatever is answered is right, in every form.

A few hundred in the tests, always the same ones; thousands, other ones each time, from the command line:

    python tests/test_random.py --examples 2000 [--seed 1] [--depth 6] [--jobs 2]

which counts what was answered, refused (and why), left out (and why) and slow, and cuts every fault down to the
smallest formula that shows it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import signal
import statistics
import sys
import time
import traceback
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # started as a script
    sys.path[0] = str(Path(__file__).resolve().parent)

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from judge.check import judge
from judge.run import Stopped, ask, stop
from strategies import Grower, Tree, problem_of, problems, smaller, variables_of

pytestmark = pytest.mark.slow

LIMIT = 10
"""Seconds an answer may take."""
MOST = 12
"""Faults of one sort that are shown."""
REFUSALS = ("unsupported", "limit")
"""A refusal of one of these kinds is no fault; one of another kind is, and `unverified` first of all."""
BEYOND = re.compile(r"Singular matrix|relative error inf|no value", re.IGNORECASE)
"""What the judge says of a formula where it is not defined although the expression is (`inv(X)` in the gradient of
`det(X)` at a singular X): frechet's own check looked at points where it is."""

CHECKS = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)
"""Always the same examples; a fault is shown as it is found (the long run cuts it down)."""


@dataclass
class Outcome:
    """What became of one problem; `fault` is empty where there is nothing to complain of."""

    problem: dict[str, Any]
    kind: str
    fault: str = ""
    said: str = ""
    seconds: float = 0.0
    passed: bool | None = None
    missing: dict[str, str] = field(default_factory=dict[str, str])
    unjudged: str = ""


def solve(problem: dict[str, Any], trials: int = 1) -> Outcome:
    """Ask frechet, within the time limit, and judge every form of the answer."""
    start = time.perf_counter()
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(LIMIT)
    try:
        answer = ask(problem, verify=True)
    except Stopped:
        return Outcome(problem, "slow", "no answer in time", seconds=LIMIT)
    except Exception as error:
        seconds = time.perf_counter() - start
        kind = getattr(error, "kind", None)
        if kind is not None:
            said = str(getattr(error, "message", error))
            return Outcome(problem, f"refused: {kind}", "" if kind in REFUSALS else f"refused: {kind}", said, seconds)
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        return Outcome(problem, "crashed", f"{type(error).__name__} at {where}", str(error), seconds)
    finally:
        signal.alarm(0)
    seconds = time.perf_counter() - start
    verification = answer["verification"]
    found = Outcome(problem, "answered", seconds=seconds, passed=verification["passed"])
    found.said = verification.get("reason") or ""
    for part in (answer, *(answer.get("by") or {}).values()):
        found.missing.update(part.get("missing") or {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = judge(problem, answer, trials=trials)
    found.unjudged = report.trouble
    wrong = [n for n in report.having("wrong") if not (found.passed and BEYOND.search(report.forms[n].reason))]
    for seed in (1, 2) if wrong else ():  # a wrong formula is wrong everywhere; a bad point is bad luck
        again = judge(problem, answer, trials=trials, seed=seed)
        wrong = [n for n in wrong if n in again.having("wrong")]
    if wrong and found.passed is not None:
        found.fault, form = "wrong", report.forms[wrong[0]]
        found.said = f"{', '.join(wrong)}: {form.text} ({form.reason})"
    elif report.having("absent"):
        found.fault, found.said = "absent", ", ".join(report.having("absent"))
    return found


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


def call(problem: dict[str, Any]) -> str:
    """The problem as a line of Python."""
    words = [repr(problem["expression"])]
    words += [f"{key}={problem[key]!r}" for key in ("wrt", "shapes", "assumptions", "functions") if key in problem]
    words += ["order=2"] if problem["order"] == 2 else []
    return f"frechet.derive({', '.join(words)})"


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


def main() -> int:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--examples", type=int, default=2000)
    words.add_argument("--seed", type=int, default=1, help="the first of the examples' seeds")
    words.add_argument("--depth", type=int, default=6)
    words.add_argument("--jobs", type=int, default=2)
    words.add_argument("--slowest", type=int, default=5)
    words.add_argument("--minutes", type=float, default=60, help="stop after so long and report what there is")
    given = words.parse_args()
    tasks = [(given.seed + k, given.depth) for k in range(given.examples)]
    with multiprocessing.Pool(given.jobs, maxtasksperchild=200) as pool:
        until = time.monotonic() + 60 * given.minutes
        outcomes: list[Outcome] = []
        for found in pool.imap_unordered(one, tasks, chunksize=2):
            outcomes.append(found)
            if time.monotonic() > until:
                break
    report(outcomes, given.slowest)
    return int(any(o.fault for o in outcomes))


def report(outcomes: list[Outcome], slowest: int) -> None:
    """Counts, reasons, the slowest, and every fault."""
    answered = [o for o in outcomes if o.kind == "answered"]
    print(
        f"{len(outcomes)} problems:", ", ".join(f"{n} {k}" for k, n in Counter(o.kind for o in outcomes).most_common())
    )
    passed = Counter(o.passed for o in answered)
    print(f"frechet's own verification: {passed[True]} passed, {passed[None]} not told")
    _reasons("  not told:", (o.said for o in answered if o.passed is None))
    _reasons("refused:", (f"{o.kind[9:]}: {o.said}" for o in outcomes if o.kind.startswith("refused") and not o.fault))
    left = [(name, why) for o in answered for name, why in o.missing.items()]
    print(f"forms missing with a reason: {len(left)} in {sum(bool(o.missing) for o in answered)} answers")
    _reasons("  ", (f"{name}: {why}" for name, why in left))
    print(f"not judged: {sum(bool(o.unjudged) for o in answered)}")
    times = [o.seconds for o in outcomes]
    print(f"time: median {statistics.median(times) * 1e3:.0f} ms; over 1 s: {sum(t > 1 for t in times)}")
    for o in sorted(outcomes, key=lambda o: -o.seconds)[:slowest]:
        print(f"  {o.seconds:.1f} s  {call(o.problem)}")
    faults = [o for o in outcomes if o.fault]
    print(f"faults: {len(faults)}", dict(Counter(o.fault.split(" at ")[0] for o in faults)))
    shown = {o.fault: [other for other in faults if other.fault == o.fault][:MOST] for o in faults}
    for o in (o for alike in shown.values() for o in alike):
        print(f"  {o.fault}: {o.said.splitlines()[0] if o.said else ''}\n      {call(o.problem)}")


def _reasons(title: str, reasons: Any) -> None:
    for reason, count in Counter(reasons).most_common(8):
        print(title, count, reason.splitlines()[0][:140])


if __name__ == "__main__":
    sys.exit(main())
