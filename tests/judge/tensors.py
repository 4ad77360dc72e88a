"""Ask frechet for the gradient of Python functions of arrays of any order, and compare it with JAX's of the same code.

    python tests/judge/tensors.py [FILE.jsonl …] [--id PART] [--show] [--seed 1]

A case holds the `code` of one function, the array asked for (`wrt`), the `shapes`, and how arrays are `draw`n, where
that is no matter of indifference (`tests/written/README.md`).  The truth is `jax.grad` in double precision, `np` being
`jax.numpy` and `softmax`, `log_softmax`, `logsumexp`, `sigmoid` those of JAX.  What is compared is the `gradient` with
its `where`, in its exact shape, by the judge's own evaluator of the formula language.

right     the gradient has the value and the shape of JAX's, at every point
wrong     it has not, or cannot be evaluated: the worst
refused   an error, or no gradient, with a reason
crashed   an error without a message for people
slow      no answer in time
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import statistics
import sys
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

if __package__ in (None, ""):  # started as a script: the package's folder is where to import from
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from judge.check import error_of
from judge.corpus import HOME, load
from judge.language import Unreadable, length, parse
from judge.point import TROUBLE
from judge.run import Stopped, stop
from judge.sample import as_scalars, concrete, draw, size_names
from judge.values import Array, Bad, evaluate, settle

Case = Mapping[str, Any]

OURS = Path(__file__).resolve().parents[1] / "written" / "tensors.jsonl"
SHARED = HOME / "tensors.jsonl"

LIMIT = 30
"""Seconds an answer may take."""
TOLERANCE = 1e-8
"""How far the gradient may be from JAX's, relative to the largest entry."""


@dataclass
class Finding:
    """What came of one case."""

    id: str
    kind: str
    reason: str = ""
    gradient: str = ""
    nodes: int = 0
    seconds: float = 0.0


# The truth


def arrays(case: Case, rng: np.random.Generator) -> tuple[dict[str, int], dict[str, Array]]:
    """Sizes, all different and none of them 1, and an array for each name, in the shapes that Python has."""
    names, condition = size_names(case["shapes"]), case.get("sizes", "True")
    sizes: dict[str, int] = {}
    while not sizes or not eval(condition, {"__builtins__": {}}, dict(sizes)):
        several = rng.permutation(max(len(names), 4))[: len(names)] + 2
        sizes = dict(zip(names, map(int, several), strict=True)) or {"": 0}
    how: Mapping[str, Sequence[str]] = case.get("draw") or {}
    given: dict[str, Array] = {}
    for name, shape in case["shapes"].items():
        given[name] = drawn(concrete(shape, sizes), how.get(name, ()), rng)
    return sizes, given


def drawn(shape: tuple[int, ...], how: Sequence[str], rng: np.random.Generator) -> Array:
    """A random array; `causal` is 1 on and below the diagonal of the last two axes, `causal bias` 0 there, else -1e9.

    >>> drawn((2, 2), ["causal bias"], np.random.default_rng(0)).tolist()
    [[0.0, -1000000000.0], [0.0, 0.0]]
    """
    if "causal" in how or "causal bias" in how:
        below = np.tril(np.ones(shape))
        return below if "causal" in how else np.where(below > 0, 0.0, -1e9)
    if "onehot-last" in how:
        return np.eye(shape[-1])[rng.integers(shape[-1], size=shape[:-1])]
    return draw(shape, (), how, rng, False).reshape(shape)


def by_jax(case: Case, given: Mapping[str, Array]) -> Array:
    """The gradient by automatic differentiation of the code itself."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    scope: dict[str, Any] = {"np": jnp, "jnp": jnp, "jax": jax, "logsumexp": jax.scipy.special.logsumexp}
    scope |= {name: getattr(jax.nn, name) for name in ("softmax", "log_softmax", "sigmoid", "relu")}
    before = set(scope)
    exec(case["code"], scope)
    function = next(f for name, f in scope.items() if name not in before and callable(f))
    wrt = case["wrt"]
    slope = jax.jit(jax.grad(lambda x: function(**{**given, wrt: x})))
    return np.asarray(slope(jnp.asarray(given[wrt])))


# The answer


class Lazy(dict[str, Array]):
    """Arrays, sizes, and the `where` names, each worked out when it is asked for: those of other forms never are."""

    def __init__(self, values: Mapping[str, Array], where: Mapping[str, str]) -> None:
        super().__init__(values)
        clash = [name for name in where if name in values]
        if clash:
            raise Bad(f"the where-name {clash[0]} is a name of the problem")
        self.where = dict(where)

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in self.where

    def __missing__(self, name: str) -> Array:
        self[name] = evaluate(parse(self.where.pop(name)), self)  # popped, so that a circle ends in an unknown name
        return self[name]


def sizes_of(answer: Mapping[str, Any], given: Mapping[str, Array]) -> dict[str, int]:
    """The sizes by the names that the answer has for them: a size `b` beside an array `b` is called otherwise."""
    found: dict[str, int] = {}
    for name, shape in answer["shapes"].items():
        found |= {d: n for d, n in zip(shape, given[name].shape, strict=False) if re.fullmatch(r"[A-Za-z_]\w*", str(d))}
    return found


def value_of(answer: Mapping[str, Any], given: Mapping[str, Array]) -> Array:
    """The gradient of the answer, as the formula language evaluates it."""
    values = as_scalars(sizes_of(answer, given)) | {name: settle(x) for name, x in given.items()}
    with np.errstate(all="ignore"):
        return settle(evaluate(parse(answer["gradient"]), Lazy(values, answer.get("where") or {})))


def answered(case: Case) -> dict[str, Any]:
    """frechet's answer."""
    import frechet

    return frechet.derive(case["code"], wrt=case["wrt"], shapes=case["shapes"], language="python").to_dict()


def solve(case: Case, seed: int = 1, trials: int = 2) -> Finding:
    """Ask within the time limit, and compare at fresh points."""
    start = time.perf_counter()
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(LIMIT)
    try:
        answer = answered(case)
    except Stopped:
        return Finding(case["id"], "slow", f"no answer in {LIMIT} s", seconds=LIMIT)
    except Exception as error:
        seconds = time.perf_counter() - start
        kind, message = getattr(error, "kind", None), getattr(error, "message", None)
        if kind and message is not None:
            return Finding(case["id"], "refused", f"{kind}: {message}", seconds=seconds)
        return Finding(case["id"], "crashed", "".join(traceback.format_exception(error)[-2:]).strip(), seconds=seconds)
    finally:
        signal.alarm(0)
    found = Finding(case["id"], "right", seconds=time.perf_counter() - start)
    if answer.get("gradient") is None:
        found.kind, found.reason = "refused", f"no gradient: {answer.get('missing') or answer.get('error')}"
        return found
    where = answer.get("where") or {}
    found.gradient = "; ".join([*(f"{name} = {text}" for name, text in where.items()), answer["gradient"]])
    try:
        found.nodes = length(answer["gradient"], where)
        for trial in range(trials):
            rng = np.random.default_rng([zlib.crc32(case["id"].encode()), seed, trial])
            sizes, given = arrays(case, rng)
            truth = by_jax(case, given)
            if not np.all(np.isfinite(truth)) or not np.any(truth):
                raise AssertionError(f"{case['id']}: JAX's gradient is zero or not finite: no test of anything")
            error = error_of(value_of(answer, given), settle(truth))
            if not error <= TOLERANCE:
                found.kind, found.reason = "wrong", f"relative error {error:.1e} at sizes {sizes}"
                return found
    except (Unreadable, KeyError, *TROUBLE) as error:
        found.kind, found.reason = "wrong", f"{type(error).__name__}: {error}"
    return found


def cases(*paths: Path) -> list[dict[str, Any]]:
    """The cases of the files."""
    return [case for path in paths for case in load(path)]


def main() -> int:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("files", nargs="*", type=Path, default=[OURS, SHARED])
    words.add_argument("--id", help="only the cases whose id holds this")
    words.add_argument("--show", action="store_true", help="the code and the gradient of every case")
    words.add_argument("--seed", type=int, default=1)
    options = words.parse_args()
    found: list[Finding] = []
    for case in cases(*options.files):
        if options.id and options.id not in case["id"]:
            continue
        one = solve(case, options.seed)
        found.append(one)
        if options.show:
            print(f"{one.id}: {one.kind} {one.reason}\n{case['code']}\nby {case['wrt']}, {json.dumps(case['shapes'])}")
            print(f"  {one.gradient}\n")
    report(found)
    return int(any(one.kind in ("wrong", "crashed") for one in found))


def report(found: Sequence[Finding]) -> None:
    """Counts, the lengths of the gradients, and all that is not right."""
    counts = Counter(one.kind for one in found)
    print(f"{len(found)} cases:", ", ".join(f"{n} {kind}" for kind, n in counts.most_common()))
    nodes = sorted((one.nodes, one.id) for one in found if one.nodes)
    if nodes:
        print(f"nodes: {sum(n for n, _ in nodes)} in all, median {statistics.median(n for n, _ in nodes):g}")
        print(" ", ", ".join(f"{name} {n}" for n, name in nodes))
    slowest = max(found, key=lambda one: one.seconds, default=None)
    if slowest:
        print(f"time: {sum(one.seconds for one in found):.1f} s in all, {slowest.seconds:.1f} s for {slowest.id}")
    for kind in ("wrong", "crashed", "slow", "refused"):
        for one in found:
            if one.kind == kind:
                print(f"{kind} {one.id}: {' '.join(one.reason.split())[:400]}")
                if kind == "wrong":
                    print(f"    {one.gradient}")


if __name__ == "__main__":
    sys.exit(main())
