"""How long compiled code takes to be there, and what a call of it adds to the generated function itself.

    python benchmarks/first_call.py            the problems of the public corpus
    python benchmarks/first_call.py --calls    only the cost of a call

The first call: from `d.compile("numpy", form=…)` to the first result, in a process that has compiled before; the
derivative is there already.  Targets: 50 ms at the median; a later call adds at most 5 µs.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import frechet as fr
from frechet.errors import FrechetError

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

FORMS = {1: ("gradient", "jacobian", "pullback"), 2: ("hessian",)}
ROUNDS, CALLS = 21, 2000


def problems() -> Iterator[tuple[str, Any, int]]:
    """The points of the corpus's problems: by one variable, where all forms have values."""
    from compiler.points import Point
    from judge.corpus import HOME, load

    for problem in load(HOME / "problems.jsonl"):
        given = {key: problem[key] for key in ("shapes", "assumptions", "functions") if problem.get(key)}
        for order in FORMS:
            try:
                found = fr.derive(problem["expression"], problem.get("wrt"), order=order, verify=False, **given)
                singles = [d for key, d in found.by.items() if len(set(key.split(","))) == 1]
                points = [Point(d) for d in singles]
            except (FrechetError, AssertionError):
                continue
            for point in points:
                yield problem["id"], point, order


def first_calls() -> dict[str, list[tuple[float, float, str]]]:
    """Seconds to the source and to the first result, with the problem, by form."""
    from compiler.points import having

    found: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    warm = fr.derive("logdet(S)+norm2(A*x)^2", wrt="x", verify=False).compile()
    warm(x=np.ones(2), A=np.ones((3, 2)), S=np.eye(2))
    for name, point, order in problems():
        for form in FORMS[order]:
            if form not in having(point.d):
                continue
            start = time.perf_counter()
            try:
                made = point.d.compile("numpy", form)
            except FrechetError:
                continue
            written = time.perf_counter()
            point.call(made)
            found[form].append((written - start, time.perf_counter() - start, name))
    return found


def each(call: Callable[..., Any], arrays: dict[str, Any]) -> float:
    """Seconds of one call, of this process alone: a few microseconds are lost among what else the machine does."""
    start = time.process_time()
    for _ in range(CALLS):
        call(**arrays)
    return (time.process_time() - start) / CALLS


def added(formula: str, wrt: str, arrays: dict[str, Any], form: str = "gradient", **given: Any) -> str:
    """What a call adds to the generated function, by how it is called."""
    made = fr.derive(formula, wrt=wrt, verify=False, **given).compile("numpy", form)  # pyright: ignore
    made(**arrays)
    space: dict[str, Any] = {}
    exec(made.source, space)
    plain = space[form]
    called, alone = list[float](), list[float]()
    for _ in range(ROUNDS):  # in turns, so that both see the same machine
        called.append(each(made, arrays))
        alone.append(each(plain, {n: arrays[n] for n in made.arguments}))
    a, b = statistics.median(called), statistics.median(alone)
    return f"{len(arrays):3} arrays: {b * 1e6:6.2f} µs alone, {a * 1e6:6.2f} µs called, added {(a - b) * 1e6:5.2f} µs"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--calls", action="store_true", help="only the cost of a call")
    if not parser.parse_args().calls:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = first_calls()
        print("from compile to the first result, ms       median   90 %    most")
        for form, times in found.items():
            both = sorted(t for _, t, _ in times)
            most = max(times, key=lambda t: t[1])
            source = statistics.median(t for t, _, _ in times)
            print(
                f"{form:12} {len(times):4} problems {source * 1e3:10.1f} source {statistics.median(both) * 1e3:7.1f} "
                f"{both[int(0.9 * len(both))] * 1e3:7.1f} {most[1] * 1e3:7.1f}  {most[2]}"
            )
    random = np.random.default_rng(0)
    dozen = [f"a{k}" for k in range(12)]
    few = {"x": random.normal(size=3), "A": random.normal(size=(4, 3)), "b": random.normal(size=4)}
    print(added("norm2(A*x-b)^2", "x", few, shapes={"b": ["m"]}))
    many = {name: random.normal(size=3) for name in dozen}
    print(added("sum(" + ".*".join(dozen) + ")", "a0", many, shapes={n: ["n"] for n in dozen}))
    idle = {"T": random.normal(size=(4, 3)), "U": np.ones((4, 2)), "W": np.ones((3, 2)), "V": np.ones((4, 2))}
    print(added("norm2(T-U*W')^2", "U", idle, "hvp", order=2), " two of them not needed")


if __name__ == "__main__":
    main()
