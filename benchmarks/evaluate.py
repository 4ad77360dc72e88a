"""Compiled closed forms beside automatic differentiation: equal values, then the times, in one interleaved run.

    python benchmarks/evaluate.py [--runs 9] [--only TEXT] [--target numpy|jax]

Results are compared first.  JAX is the best of forward over reverse, reverse over reverse, jacfwd and jacrev, compiled
and warm, in float64.  The ratios are peer ÷ ours and ours ÷ hand, of medians.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "2")
os.environ.setdefault("OMP_NUM_THREADS", "2")

import jax
import jax.numpy as jnp
import numpy as np
from workloads import WORKLOADS, Arrays, Workload

import frechet as fr

jax.config.update("jax_enable_x64", True)

ENOUGH = 0.3
"""Seconds that a single timing takes at the least, calls repeated."""


def ours(w: Workload, arrays: Arrays, target: str) -> Callable[[], Any]:
    """frechet's closed form, compiled."""
    order = 2 if w.kind in ("hessian", "hvp", "operator") else 1
    d = fr.derive(w.formula, wrt=w.wrt, shapes=w.shapes, assumptions=w.assumptions, order=order, verify=False)
    given = {name: a for name, a in arrays.items() if name in w.shapes}
    if w.kind == "operator":
        direction = np.ravel(arrays["V"], order="F")
        return lambda: d.operator(**given) @ direction
    if w.kind in ("hvp", "pullback"):
        given["V" if w.kind == "hvp" else "G"] = arrays["V" if w.kind == "hvp" else "G"]
    if target == "jax":
        given = {name: jnp.asarray(a) for name, a in given.items()}
    f = d.compile(target, form="hvp" if w.kind == "hvp" else w.kind)
    return lambda: f(**given)


def peers(w: Workload, arrays: Arrays) -> Iterator[tuple[str, Callable[[], Any]]]:
    """JAX's ways to the same numbers."""
    there = {name: jnp.asarray(a) for name, a in arrays.items()}
    x = there[w.wrt]

    def loss(point: Any, others: Arrays) -> Any:
        return w.loss(jnp, point, {**others, w.wrt: point})

    gradient = jax.grad(loss)

    def product(point: Any, others: Arrays) -> Any:
        return jax.jvp(lambda p: gradient(p, others), (point,), (others["V"],))[1]

    if w.kind == "gradient":
        made = {"grad": gradient}
    elif w.kind == "pullback":
        made = {"vjp": lambda p, o: jax.vjp(lambda q: loss(q, o), p)[1](o["G"])[0]}
    elif w.kind == "jacobian":
        made = {"jacfwd": jax.jacfwd(loss), "jacrev": jax.jacrev(loss)}
    elif w.kind == "hessian":
        made = {"fwd-rev": jax.jacfwd(gradient), "rev-rev": jax.jacrev(gradient)}
    else:
        made = {"fwd-rev": product, "rev-rev": jax.grad(lambda p, o: jnp.vdot(gradient(p, o), o["V"]))}
    for name, f in made.items():
        compiled = jax.jit(f)
        yield name, lambda compiled=compiled: compiled(x, there).block_until_ready()


def stacked(w: Workload, value: Any) -> Any:
    """A result of JAX in the order in which frechet's matrices list it: columns stacked."""
    array = np.asarray(value)
    if w.kind == "operator":
        return np.ravel(array, order="F")
    if w.kind in ("jacobian", "hessian"):
        half = array.ndim // 2
        rows = math.prod(array.shape[:half])
        turned = np.transpose(array, (*reversed(range(half)), *reversed(range(half, array.ndim))))
        return turned.reshape(rows, -1)
    return array


def timed(calls: list[Callable[[], Any]], runs: int) -> list[float]:
    """The median seconds of each call; all take turns."""
    times: list[list[float]] = [[] for _ in calls]
    repeats: list[int] = []
    for call in calls:
        start = time.perf_counter()
        call()
        repeats.append(max(1, int(ENOUGH / runs / max(time.perf_counter() - start, 1e-7))))
    for _ in range(runs):
        for call, mine, repeat in zip(calls, times, repeats, strict=True):
            start = time.perf_counter()
            for _ in range(repeat):
                call()
            mine.append((time.perf_counter() - start) / repeat)
    return [statistics.median(mine) for mine in times]


def shown(seconds: float) -> str:
    return f"{seconds * 1e6:.0f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.1f} ms"


def main() -> None:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--runs", type=int, default=9)
    words.add_argument("--only", default="")
    words.add_argument("--target", choices=("numpy", "jax"), default="numpy")
    asked = words.parse_args()
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores; NumPy {np.__version__} with {blas}, ")
    print(f"JAX {jax.__version__}; target {asked.target}; float64; medians of {asked.runs}\n")
    print(f"{'workload':34} {'form':9} {'ours':>9} {'JAX':>9} {'JAX÷ours':>8} {'hand':>9} {'ours÷hand':>9}")
    ratios: dict[str, list[float]] = {}
    for w in WORKLOADS:
        if asked.only not in f"{w.name} {w.kind}":
            continue
        arrays = w.arrays()
        mine = ours(w, arrays, asked.target)
        others = dict(peers(w, arrays))
        value = np.asarray(mine())
        for name, peer in others.items():
            wanted = stacked(w, peer())
            scale = float(abs(wanted).max())
            assert np.allclose(np.reshape(value, wanted.shape), wanted, atol=1e-7 * scale), (
                f"{w.name} {name}: different"
            )
        hand = [lambda w=w, arrays=arrays: w.hand(arrays)] if w.hand else []  # type: ignore[misc]
        (own, *rest) = timed([mine, *others.values(), *hand], asked.runs)
        best = min(rest[: len(others)])
        ratios.setdefault(w.kind, []).append(best / own)
        by_hand = f"{shown(rest[-1]):>9} {own / rest[-1]:9.2f}" if hand else ""
        print(f"{w.name:34} {w.kind:9} {shown(own):>9} {shown(best):>9} {best / own:8.2f} {by_hand}", flush=True)
    print()
    for kind, found in ratios.items():
        print(f"{kind:9} {math.exp(statistics.mean(map(math.log, found))):6.2f} times, in the geometric mean")


if __name__ == "__main__":
    main()
