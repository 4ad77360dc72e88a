"""How many answers of a program are right: any program that reads one problem a line and writes one answer a line.

    python benchmarks/score.py [FILE.jsonl …] [--tool "frechet batch -"] [--show]

The program is given the problems alone (never a known answer) on standard input, as JSON lines, and writes its answers
in the same order (docs/answer.md; a line {"error": {…}} is a refusal).  Each is judged at random points by code that
shares nothing with frechet (tests/judge).  Without --tool it is this frechet.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[1]
sys.path.append(str(HOME / "tests"))
from judge.check import judge  # noqa: E402
from judge.corpus import CORPUS, load  # noqa: E402
from judge.language import Unreadable  # noqa: E402
from judge.run import READABLE  # noqa: E402
from judge.values import Bad  # noqa: E402

KEYS = ("id", "expression", "wrt", "shapes", "assumptions", "functions", "order")
"""What a program is told of a problem."""
OURS = f"{shlex.quote(sys.executable)} -m frechet batch -"


def stripped(problem: dict[str, Any]) -> dict[str, Any]:
    """A problem as a line of a batch: what is known of its answer is left out.

    >>> stripped({"id": "a", "expression": "A*B", "wrt": "A", "answer": "B'", "draw": {}})
    {'id': 'a', 'expression': 'A*B', 'wrt': 'A'}
    """
    return {key: problem[key] for key in KEYS if key in problem}


def answers(tool: str, problems: Sequence[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """What the program answers, in the order of the problems; None for what it did not answer at all."""
    given = "".join(json.dumps(stripped(p)) + "\n" for p in problems)
    done = subprocess.run(shlex.split(tool), input=given, stdout=subprocess.PIPE, text=True, check=False)
    found: list[dict[str, Any] | None] = []
    for line in done.stdout.splitlines()[: len(problems)]:
        try:
            read = json.loads(line)
        except ValueError:
            read = None
        found.append(read if isinstance(read, dict) else None)
    return found + [None] * (len(problems) - len(found))


def kind_of(problem: dict[str, Any], answer: dict[str, Any] | None, seed: int = 1) -> tuple[str, str]:
    """right and readable, right, wrong, refused or silent; and why."""
    if answer is None:
        return "silent", "no line, or no JSON object"
    if answer.get("error"):
        return "refused", str(answer["error"])
    if problem.get("id") != answer.get("id", problem.get("id")):
        return "wrong", "the answer to another problem"
    try:
        report = judge(problem, answer, seed=seed)
    except (Unreadable, Bad, KeyError, TypeError, ValueError, AttributeError) as trouble:
        return "wrong", f"cannot be read: {trouble}"
    wrong = [f"{name}: {report.forms[name].text}" for name in report.having("wrong")]
    if report.trouble or wrong or not report.having("right"):
        return "wrong", report.trouble or "; ".join(wrong) or "there is no form in it"
    readable = report.ratio is None or report.ratio <= READABLE
    return ("right, readable" if readable else "right"), ""


def main() -> int:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("files", nargs="*", type=Path, default=[CORPUS])
    words.add_argument("--tool", default=OURS, help="the program with its arguments")
    words.add_argument("--show", action="store_true", help="show what is not right")
    given = words.parse_args()
    problems = [p for file in given.files for p in load(file) if "expression" in p and "wrt" in p and "task" not in p]
    counts: Counter[str] = Counter()
    for problem, answer in zip(problems, answers(given.tool, problems), strict=True):
        kind, why = kind_of(problem, answer)
        counts[kind] += 1
        if given.show and not kind.startswith("right"):
            print(f"{kind:8} {problem.get('id')}: {problem['expression']}: {why[:200]}")
    print(f"{len(problems)} problems: " + ", ".join(f"{n} {kind}" for kind, n in counts.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
