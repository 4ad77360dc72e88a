"""How many answers are right, and how many of those can be read, beside SymPy on the same problems.

    python benchmarks/right.py [FILE.jsonl]

The truth is the judge's (tests/judge): differences of the expression at random points, by code that shares nothing
with frechet.  An answer of frechet is right if all its forms are, in their exact shapes, and readable if the main form
has at most 1.5 times the signs of the known answer (where one is known).  One of SymPy is right if its array has the
derivative's entries in any of the usual arrangements (gradient, either layout, axes of the variable first or last), and
readable if it is written in matrices, without array axes, summation indices and lambdas.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp
from against_sympy import derivatives, is_matrix, symbol
from derive import CORPUS

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from judge.check import seed_of
from judge.point import first, points, second
from judge.run import READABLE, Outcome, Stopped, solve, stop

SECONDS = 30
KINDS = ("right, readable", "right, not readable", "wrong", "refused")


def ours(problem: dict[str, Any]) -> str:
    """The kind of frechet's answer."""
    outcome: Outcome = solve((problem, 1, SECONDS, True))
    if outcome.kind != "answered":
        return "refused"
    if outcome.report.trouble or outcome.report.having("wrong") or outcome.report.having("absent"):
        return "wrong"
    ratio = outcome.report.ratio
    return KINDS[0] if ratio is None or ratio <= READABLE else KINDS[1]


def theirs(problem: dict[str, Any]) -> str:
    """The kind of SymPy's best answer."""
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    found = {"refused"}
    try:
        for _, derivative in derivatives(problem):
            found.add(kind_of(problem, derivative))
    except Stopped:
        pass
    finally:
        signal.alarm(0)
    return next(kind for kind in KINDS if kind in found)


def kind_of(problem: dict[str, Any], derivative: Any) -> str:
    """Right or wrong at a random point, readable or not."""
    point = points(problem, problem["shapes"], 1, seed_of(problem, 1))[0]
    wrt = problem["wrt"]
    truth = (second(point, wrt, wrt) if problem.get("order") == 2 else first(point, wrt)).array
    try:
        array = value(problem, derivative, point)
    except Exception:  # an answer that cannot be evaluated by SymPy itself is of no use to a reader either
        return "refused"
    close = any(a.shape == array.shape and np.allclose(a, array, rtol=1e-5, atol=1e-7) for a in arranged(truth, point))
    return "wrong" if not close else KINDS[0] if readable(derivative) else KINDS[1]


def value(problem: dict[str, Any], derivative: Any, point: Any) -> Any:
    """SymPy's own value of its answer, axes of length one left out."""
    sizes = {sp.Symbol(name, integer=True, positive=True): n for name, n in point.sizes.items()}
    known: dict[Any, Any] = {}
    for name, shape in problem["shapes"].items():
        s = symbol(name, shape)
        if is_matrix(s):
            s = s.subs(sizes)
            known[s] = sp.ImmutableMatrix(np.reshape(point.values[name], tuple(map(int, s.shape))).tolist())
        else:
            known[s] = sp.Float(float(point.values[name]))
    there = derivative.subs(sizes).xreplace(known).doit()
    there = there.as_explicit() if hasattr(there, "as_explicit") else there
    return np.squeeze(np.array(there.tolist() if hasattr(there, "tolist") else there, dtype=float))


def arranged(truth: Any, point: Any) -> Iterator[Any]:
    """The derivative as an array in the usual arrangements, axes of length one left out."""
    k = point.value.ndim
    turned = np.moveaxis(truth, range(k), range(truth.ndim - k, truth.ndim))
    rows = int(np.prod(truth.shape[:k]))
    for order in "CF":
        a = truth.reshape(rows, -1, order=order)
        yield from (np.squeeze(a), np.squeeze(a.T))
    for a in (truth, turned):
        a = np.squeeze(a)
        yield from (a, a.T)


def readable(derivative: Any) -> bool:
    """Whether an answer is written in matrices: no array axes, no summation index, no lambda, no entry."""
    heads = {type(node).__name__ for node in sp.preorder_traversal(derivative)}
    unread = ("Array", "PermuteDims", "Reshape", "Sum", "Lambda", "MatrixElement", "OneArray", "ZeroArray")
    return not any(head.startswith(unread) for head in heads)


def main() -> None:
    words = argparse.ArgumentParser(description="right and readable answers over a corpus, beside SymPy")
    words.add_argument("file", nargs="?", type=Path, default=CORPUS)
    words.add_argument("--show", action="store_true", help="a line for every problem")
    given = words.parse_args()
    lines = given.file.read_text(encoding="utf-8").splitlines()
    problems = [json.loads(line) for line in lines if line.strip()]
    counts = {"frechet": Counter[str](), f"SymPy {sp.__version__}": Counter[str]()}
    for done, problem in enumerate(problems, 1):
        kinds = [judge(problem) for judge in (ours, theirs)]
        for count, kind in zip(counts.values(), kinds, strict=True):
            count[kind] += 1
        if given.show:
            print(problem["id"], *kinds, sep=" | ", flush=True)
        elif sys.stderr.isatty():
            print(f"\r{done} of {len(problems)}", end="", file=sys.stderr)
    print(f"{len(problems)} problems   " + "   ".join(KINDS))
    for name, count in counts.items():
        print(f"{name:14}" + "   ".join(f"{count[kind]:{len(kind)}}" for kind in KINDS))


if __name__ == "__main__":
    main()
