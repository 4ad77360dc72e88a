"""How long an answer takes, beside SymPy, in one interleaved run.

    python benchmarks/derive.py [FILE.jsonl]

For each problem, three times each in turn: frechet with all forms, frechet with verification, SymPy's derivative of the
same expression with explicit symbolic matrices where it can be written there (a product, trace, inverse, determinant,
elementwise function …).  Medians over the problems.  Targets: 10 ms, with verification 30 ms.
Needs `pip install frechet[bench]` for SymPy; without it only frechet's own times are given.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frechet as fr

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "problems.jsonl"
ROUNDS = 3

Measure = Callable[[dict[str, Any]], float | None]
"""Seconds for a problem, None when there is no answer."""

SAMPLE: list[dict[str, Any]] = [
    {"expression": "A*B", "wrt": "B"},
    {"expression": "tr(A*X*B)", "wrt": "X"},
    {"expression": "norm2(A*x-b)^2", "wrt": "x", "shapes": {"A": ["m", "n"], "x": ["n"], "b": ["m"]}},
    {"expression": "logdet(X'*X)", "wrt": "X", "shapes": {"X": ["m", "n"]}},
    {"expression": "softmax(x)", "wrt": "x"},
]
"""What is measured where there is no file."""


def frechet_time(problem: dict[str, Any], verify: bool) -> float | None:
    """Seconds for the answer; None when it is refused."""
    start = time.perf_counter()
    try:
        fr.derive(
            problem["expression"],
            wrt=problem["wrt"],
            shapes=problem.get("shapes"),
            assumptions=problem.get("assumptions"),
            functions=problem.get("functions") or (),
            order=problem.get("order") or 1,
            verify=verify,
        ).to_dict()
    except fr.FrechetError:
        return None
    return time.perf_counter() - start


def peer() -> Measure | None:
    """SymPy on a problem: seconds, None where it cannot be written or is not answered."""
    try:
        from against_sympy import sympy_time
    except ImportError:
        return None
    return sympy_time


def said(name: str, times: list[float], target: str = "") -> None:
    if times:
        ordered = sorted(times)
        ninth = ordered[int(0.9 * (len(ordered) - 1))]
        print(
            f"{name:28} {len(times):4} problems   median {statistics.median(times) * 1e3:7.2f} ms"
            f"   nine in ten {ninth * 1e3:7.2f} ms   most {ordered[-1] * 1e3:8.1f} ms   {target}"
        )


def main() -> None:
    words = argparse.ArgumentParser(description="times over a corpus, beside SymPy")
    words.add_argument("file", nargs="?", type=Path, default=CORPUS)
    given = words.parse_args()
    problems = SAMPLE
    if given.file.exists():
        problems = [json.loads(line) for line in given.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    else:
        print(f"{given.file} is not there: a few problems instead")
    against = peer()
    for problem in problems[:5]:
        frechet_time(problem, True)  # what is loaded once is loaded
    measures: dict[str, Measure] = {
        "plain": lambda problem: frechet_time(problem, False),
        "checked": lambda problem: frechet_time(problem, True),
        "other": against or (lambda problem: None),
    }
    kept: dict[str, list[float]] = {"plain": [], "checked": [], "other": [], "both": []}
    for problem in problems:
        rounds = [{name: measure(problem) for name, measure in measures.items()} for _ in range(ROUNDS)]
        middle: dict[str, float] = {}
        for name in measures:
            times = [seconds for done in rounds if (seconds := done[name]) is not None]
            if times:
                middle[name] = statistics.median(times)
                kept[name].append(middle[name])
        if "other" in middle and "plain" in middle:
            kept["both"].append(middle["plain"])
    said("frechet, all forms", kept["plain"], "target 10 ms")
    said("frechet, all forms, checked", kept["checked"], "target 30 ms")
    if against is None:
        print("SymPy is not installed: pip install 'frechet[bench]'")
    said("SymPy, one form", kept["other"])
    said("frechet on those problems", kept["both"])


if __name__ == "__main__":
    main()
