"""Ask frechet for every problem of a corpus and judge the answers.

    python tests/judge/run.py [FILE.jsonl] [--class first|all] [--id NAME] [--worst 20] [--seed 1]

Prints the counts (answered, wrong, refused, crashed, forms missing, readable: main form at most 1.5 times
as long as the known answer, each with the names of its `where`; no longer: at most 1.05 times), every wrong
and every refused problem with its reason, and the longest losers.
`--id` shows problems in full.  The exit status is 1 when anything is wrong or crashed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import signal
import statistics
import sys
import time
import traceback
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

if __package__ in (
    None,
    "",
):  # started as a script: the package's folder, not the script's, is where to import from
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from judge.check import Report, judge, main_form
from judge.corpus import CORPUS, load, of_first_class
from judge.language import Unreadable
from judge.values import Bad

READABLE = 1.5
NO_LONGER = 1.05
"""What may count as no longer than the known formula."""


@dataclass
class Outcome:
    """One problem: `kind` is answered, refused, crashed, or slow (stopped at the time limit)."""

    id: str
    kind: str
    report: Report
    reason: str = ""
    seconds: float = 0.0
    text: str | None = None
    passed: bool | None = None
    answer: dict[str, Any] | None = None


class Stopped(BaseException):
    """The time limit; no Exception, so that no `except Exception` swallows it."""


def stop(*_: object) -> None:
    raise Stopped


def ask(problem: dict[str, Any], verify: bool) -> dict[str, Any]:
    """frechet's answer."""
    import frechet

    return frechet.derive(
        problem["expression"],
        wrt=problem.get("wrt"),
        shapes=problem.get("shapes"),
        assumptions=problem.get("assumptions"),
        functions=problem.get("functions") or (),
        order=problem.get("order") or 1,
        verify=verify,
    ).to_dict()


def solve(task: tuple[dict[str, Any], int, int, bool]) -> Outcome:
    """Ask and judge one problem."""
    problem, seed, limit, verify = task
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(limit)
    start = time.perf_counter()
    name = problem.get("id", problem["expression"])
    try:
        answer = ask(problem, verify)
    except Stopped:
        return Outcome(name, "slow", Report(), f"no answer in {limit} s", limit)
    except Exception as error:
        seconds = time.perf_counter() - start
        kind, message = getattr(error, "kind", None), getattr(error, "message", None)
        if kind and message is not None:
            return Outcome(name, "refused", Report(), f"{kind}: {message}", seconds)
        lines = traceback.format_exception(error)
        return Outcome(name, "crashed", Report(), "".join(lines[-3:]).strip(), seconds)
    finally:
        signal.alarm(0)
    seconds = time.perf_counter() - start
    if answer.get("error"):
        error = answer["error"]
        return Outcome(name, "refused", Report(), f"{error.get('kind')}: {error.get('message')}", seconds)
    try:
        report = judge(problem, answer, seed=seed)
    except (Unreadable, Bad) as trouble:  # the judge's own reader knows less than the language
        report = Report(trouble=f"{type(trouble).__name__}: {trouble}")
    passed = (answer.get("verification") or {}).get("passed")
    return Outcome(name, "answered", report, report.trouble, seconds, main_form(problem, answer), passed, answer)


def show(problem: dict[str, Any], outcome: Outcome) -> None:
    """One problem in full."""
    print(
        f"{outcome.id}: {problem['expression']}  by {problem.get('wrt')}  {problem.get('shapes')}",
        outcome.kind,
    )
    print(f"known    {problem.get('form')}: {problem.get('answer')}")
    if outcome.reason:
        print(outcome.reason)
    for name, form in outcome.report.forms.items():
        print(f"{form.status:8} {name:32} {form.text} {form.reason}")
    for name, formula in ((outcome.answer or {}).get("where") or {}).items():
        print(f"where    {name} = {formula}")
    print(f"nodes {outcome.report.nodes}, known {outcome.report.known}; {outcome.seconds * 1e3:.1f} ms")


def first_line(text: str) -> str:
    return text.splitlines()[-1][:200] if text else ""


def summary(problems: list[dict[str, Any]], outcomes: list[Outcome], worst: int) -> int:
    """Print the counts and the losers; 1 when anything is wrong or crashed."""
    by_id = {p.get("id", p["expression"]): p for p in problems}
    kinds = Counter(o.kind for o in outcomes)
    answered = [o for o in outcomes if o.kind == "answered"]
    wrong = [o for o in answered if o.report.having("wrong")]
    untold = [o for o in answered if o.report.having("absent")]
    unjudged = [o for o in answered if o.report.trouble]
    missing = Counter(name for o in answered for name in o.report.having("missing"))
    statuses = Counter(form.status for o in answered for form in o.report.forms.values())
    measured = [o for o in answered if o.report.known]
    readable = [o for o in measured if o.report.ratio is not None and o.report.ratio <= READABLE]
    for o in outcomes:
        if o.kind != "answered":
            print(f"{o.kind:8} {o.id}: {first_line(o.reason)}")
    for o in unjudged:
        print(f"unjudged {o.id}: {o.report.trouble}")
    for o in wrong:
        for name in o.report.having("wrong"):
            form = o.report.forms[name]
            print(f"WRONG    {o.id}: {name}: {form.text[:160]}   ({form.reason[:160]})")
    for o in untold:
        print(f"absent   {o.id}: {', '.join(o.report.having('absent'))}")
    for o in answered:
        reasons = {form.reason for form in o.report.forms.values() if form.status == "missing"}
        if reasons:
            print(
                f"missing  {o.id}: {', '.join(o.report.having('missing'))}:",
                "; ".join(sorted(reasons))[:160],
            )
    losers = sorted((o for o in measured if o not in readable), key=lambda o: -(o.report.ratio or 99))
    for o in losers[:worst]:
        print(
            f"long     {o.id}: {o.report.nodes} nodes against {o.report.known}:",
            (o.text or "no main form")[:200],
        )
        where = (o.answer or {}).get("where") or {}
        print(
            f"         known {by_id[o.id]['answer'][:200]}",
            f"  where {json.dumps(where)[:200]}" if where else "",
        )
    times = [o.seconds * 1e3 for o in answered]
    print(
        f"\n{len(outcomes)} problems: {kinds['answered']} answered, {len(wrong)} wrong, "
        f"{kinds['refused']} refused, "
        f"{kinds['crashed']} crashed, {kinds['slow']} too slow, {len(unjudged)} not judged"
    )
    print(
        f"forms: {statuses['right']} right, {statuses['wrong']} wrong, "
        f"{statuses['missing']} missing with a reason, {statuses['absent']} absent; {dict(missing)}"
    )
    passed = Counter(o.passed for o in answered)
    print(f"frechet's own verification: {passed[True]} passed, {passed[None]} not told, {passed[False]} failed")
    if measured:
        share = 100 * len(readable) / len(measured)
        total = sum(o.report.nodes or 0 for o in measured) / sum(o.report.known or 0 for o in measured)
        print(
            f"readable: {len(readable)} of {len(measured)} ({share:.1f} %);",
            f"nodes in all: {total:.2f} of the known answers",
        )
        short = [o for o in measured if o.report.ratio is not None and o.report.ratio <= NO_LONGER]
        print(f"no longer: {len(short)} of {len(measured)} at most {NO_LONGER} times as long as the known answer")
    if times:
        print(f"time: median {statistics.median(times):.1f} ms, largest {max(times):.0f} ms")
    return int(bool(wrong or unjudged or kinds["crashed"] or kinds["slow"]))


def main() -> int:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("file", nargs="?", type=Path, default=CORPUS)
    words.add_argument("--class", dest="which", choices=["first", "all"], default="all")
    words.add_argument("--id", action="append", help="only these problems (a part of the id will do), shown in full")
    words.add_argument("--worst", type=int, default=20, help="how many of the longest losers to show")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--limit", type=int, default=20, help="seconds a problem may take")
    words.add_argument("--jobs", type=int, default=2)
    words.add_argument(
        "--no-verify", action="store_true", help="ask frechet not to verify (times the derivation alone)"
    )
    words.add_argument("--json", type=Path, help="write every outcome, with its answer, to this file")
    given = words.parse_args()
    problems = load(given.file)
    if given.which == "first":
        problems = [p for p in problems if of_first_class(p)]
    if given.id:
        problems = [p for p in problems if any(part in p.get("id", "") for part in given.id)]
    tasks = [(p, given.seed, given.limit, not given.no_verify) for p in problems]
    if given.jobs > 1 and len(tasks) > 4:
        with multiprocessing.Pool(given.jobs) as pool:
            outcomes = pool.map(solve, tasks, chunksize=4)
    else:
        outcomes = [solve(task) for task in tasks]
    if given.json:
        given.json.write_text("".join(json.dumps(asdict(o)) + "\n" for o in outcomes))
    if given.id:
        for problem, outcome in zip(problems, outcomes, strict=True):
            show(problem, outcome)
        return 0
    return summary(problems, outcomes, given.worst)


if __name__ == "__main__":
    sys.exit(main())
