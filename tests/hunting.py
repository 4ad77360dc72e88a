"""What the hunts for wrong answers among random formulas share: a problem is solved and judged, outcomes are counted.

`test_random` draws formulas of vectors and matrices, `test_random_tensors` of arrays of any order.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import signal
import statistics
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from judge.check import judge
from judge.run import Stopped, ask, stop

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
    found.unjudged = report.trouble or ", ".join(report.having("unjudged"))
    wrong = [n for n in report.having("wrong") if not (found.passed and BEYOND.search(report.forms[n].reason))]
    for seed in (1, 2) if wrong else ():  # a wrong formula is wrong everywhere; a bad point is bad luck
        again = judge(problem, answer, trials=trials, seed=seed)
        wrong = [n for n in wrong if n in again.having("wrong")]
    if wrong and found.passed is not None:
        form = report.forms[wrong[0]]
        found.fault = f"wrong {wrong[0].split('.')[0]}"
        found.said = f"{', '.join(wrong)}: {form.text} ({form.reason})"
    elif report.having("absent"):
        found.fault, found.said = "absent", ", ".join(report.having("absent"))
    return found


def call(problem: dict[str, Any]) -> str:
    """The problem as a line of Python."""
    words = [repr(problem["expression"])]
    words += [f"{key}={problem[key]!r}" for key in ("wrt", "shapes", "assumptions", "functions") if key in problem]
    words += ["order=2"] if problem["order"] == 2 else []
    return f"frechet.derive({', '.join(words)})"


def hunt(doc: str | None, one: Callable[[tuple[int, int]], Outcome], depth: int = 6, examples: int = 2000) -> int:
    """The long run from the command line: `one` makes, solves and cuts down the problem of a seed and a depth."""
    words = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    words.add_argument("--examples", type=int, default=examples)
    words.add_argument("--seed", type=int, default=1, help="the first of the examples' seeds")
    words.add_argument("--depth", type=int, default=depth)
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
