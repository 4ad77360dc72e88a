"""What reading costs: texts as people write them against the formulas that they mean, typed with their shapes.

    python benchmarks/reading.py [FILE.jsonl …]

Both are read and differentiated in one interleaved run; prints the medians of the differences and of the reading alone.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frechet
from frechet.language import parse

CASES = Path(__file__).resolve().parents[1] / "tests" / "written" / "cases.jsonl"
RUNS = 5


def timed(work: Callable[[], object]) -> float | None:
    """Milliseconds, or None where the text is refused."""
    start = time.perf_counter()
    try:
        work()
    except frechet.FrechetError:
        return None
    return (time.perf_counter() - start) * 1e3


def main() -> None:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("files", nargs="*", type=Path, default=[CASES])
    cases: list[dict[str, Any]] = [
        json.loads(line) for file in words.parse_args().files for line in file.read_text(encoding="utf-8").splitlines()
    ]
    more: list[float] = []
    alone: list[float] = []
    for case in cases:
        if not case.get("means"):
            continue
        shapes = case["shapes"] if case.get("language") == "python" else case.get("given")
        language = case.get("language") or "auto"
        asked = [case["wrt"]] if case.get("wrt") else []

        def read(
            case: dict[str, Any] = case, shapes: Any = shapes, language: str = language, asked: Any = asked
        ) -> Any:
            return parse(case["written"], shapes, language=language, asked=asked)

        def typed(case: dict[str, Any] = case) -> Any:
            return parse(case["means"], case["shapes"], functions=case.get("functions") or ())

        pairs = [(timed(read), timed(typed)) for _ in range(RUNS)]
        if any(a is None or b is None for a, b in pairs):
            continue
        read_ms, typed_ms = (statistics.median(p[k] or 0.0 for p in pairs) for k in (0, 1))
        alone.append(read_ms)
        more.append(read_ms - typed_ms)
    print(
        f"{len(more)} texts: read in {statistics.median(alone):.2f} ms at the median, the longest {max(alone):.0f} ms"
    )
    print(f"more than the formula with its shapes: {statistics.median(more):.2f} ms at the median")


if __name__ == "__main__":
    main()
