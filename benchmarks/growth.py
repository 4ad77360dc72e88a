"""How the gradient of a chain grows with its length.

    python benchmarks/growth.py [--most 3000] [--text]

Two chains of L layers: `x ← sigmoid(W_i*x)` with squared loss, and the residual `x ← x + W_i*tanh(x)`.  For each L
the gradient by the first weight is derived: its time, its size (nodes of the answer's formulas, named parts counted
once), and whether it was verified.  The exponent is the slope of log(time) by log(L), least squares over all L.
The saturating chain underflows when it is deep: there the answer must say that it cannot tell.  `--text` reads the
chain from statements as text, otherwise it is built with Python operators.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from typing import Any

import frechet as fr

LENGTHS = (10, 30, 100, 300, 1000, 3000)


def built(kind: str, length: int) -> Any:
    """The loss of a chain, with Python operators."""
    (n,) = fr.dims("n")
    x, y = fr.vector("x", n), fr.vector("y", n)
    for i in range(length):
        w = fr.matrix(f"W{i}", n, n)
        x = fr.sigmoid(w @ x) if kind == "sigmoid" else x + w @ fr.tanh(x)
    return fr.norm2(x - y) ** 2


def written(kind: str, length: int) -> str:
    """The same as statements of the language."""
    lines: list[str] = []
    last = "x"
    for i in range(length):
        layer = f"sigmoid(W{i}*{last})" if kind == "sigmoid" else f"{last} + W{i}*tanh({last})"
        lines.append(f"h{i} = {layer}")
        last = f"h{i}"
    return ";\n".join([*lines, f"norm2({last}-y)^2"])


def shapes(length: int) -> dict[str, list[str]]:
    return {"x": ["n"], "y": ["n"], **{f"W{i}": ["n", "n"] for i in range(length)}}


def size(answer: dict[str, Any]) -> int:
    """Characters of the gradient and of the named parts: what is printed."""
    return len(answer["gradient"]) + sum(len(k) + len(v) + 3 for k, v in answer["where"].items())


def measure(kind: str, length: int, as_text: bool, verify: bool) -> tuple[float, dict[str, Any]]:
    """Seconds from the expression (or text) to the printed answer, and the answer."""
    problem = written(kind, length) if as_text else built(kind, length)
    given = {"shapes": shapes(length)} if as_text else {}
    start = time.perf_counter()
    answer = fr.derive(problem, wrt="W0", verify=verify, **given).to_dict()
    return time.perf_counter() - start, answer


def slope(values: list[tuple[int, float]]) -> float:
    """The exponent: least squares of log(value) by log(length)."""
    xs, ys = [math.log(n) for n, _ in values], [math.log(v) for _, v in values]
    mean_x, mean_y = statistics.fmean(xs), statistics.fmean(ys)
    above = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return above / sum((x - mean_x) ** 2 for x in xs)


def best(kind: str, length: int, as_text: bool) -> float:
    """Seconds without verification, the best of three for a short chain."""
    rounds = 3 if length <= 300 else 1
    return min(measure(kind, length, as_text, False)[0] for _ in range(rounds))


def told(answer: dict[str, Any]) -> str:
    found = answer.get("verification") or {}
    if found.get("passed"):
        return f"verified, {found['max_relative_error']:.0e}"
    return f"cannot tell: {found.get('reason')}"


def main() -> None:
    words = argparse.ArgumentParser(description="growth of the gradient with the length of a chain")
    words.add_argument("--most", type=int, default=LENGTHS[-1])
    words.add_argument("--text", action="store_true")
    given = words.parse_args()
    lengths = [n for n in LENGTHS if n <= given.most]
    for kind in ("sigmoid", "residual"):
        print(f"{kind} chain{', from text' if given.text else ''}")
        times: list[tuple[int, float]] = []
        sizes: list[tuple[int, float]] = []
        for n in lengths:
            seconds = best(kind, n, given.text)
            checked, answer = measure(kind, n, given.text, True)
            times.append((n, seconds))
            sizes.append((n, float(size(answer))))
            row = f"  L {n:5}   {seconds * 1e3:9.1f} ms   {size(answer):9} characters"
            print(f"{row}   checked in {checked * 1e3:9.1f} ms: {told(answer)}", flush=True)
        print(f"  exponents: time {slope(times):.2f}, size {slope(sizes):.2f}\n")


if __name__ == "__main__":
    main()
