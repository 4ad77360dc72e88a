"""How cost grows: with the data on one core, and with the devices over which the data are spread.

    python benchmarks/scale.py [--rows 100000] [--repeat 9]

Prints, as Markdown: the time of a call for growing data (NumPy target); for 1, 2, 4 and 8 devices the time of a call
(JAX target, rows spread) and the numbers that the devices add up, read in the compiled program, beside those of JAX's
own derivative of the same loss.  The devices are made of this machine's cores: what is measured is that the work is
divided and what is told, not the network.  Medians; the forms are called in turn.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

DEVICES = 8
os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={DEVICES}"  # read when JAX starts

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
from jax.sharding import AxisType, Mesh, NamedSharding, PartitionSpec  # noqa: E402

import frechet as fr  # noqa: E402

COLLECTIVE = re.compile(r"= (\([^=]*?\)|\S+) (?:all-[a-z-]+|reduce-scatter[a-z-]*|collective-[a-z-]+)\(")
FEATURES, CLASSES, RANK = 100, 10, 20
RANDOM = np.random.default_rng(0)


@dataclass(frozen=True)
class Problem:
    """A loss as frechet is given it and as JAX differentiates it; the arrays in `spread` are spread row by row."""

    name: str
    formula: str
    wrt: str
    loss: Callable[[Any, dict[str, Any]], Any]
    shapes: dict[str, tuple[int, ...]]
    forms: tuple[str, ...]
    spread: frozenset[str]


def logistic(w: Any, a: dict[str, Any]) -> Any:
    return jnp.sum(jax.nn.softplus(-a["y"] * (a["X"] @ w)))


def softmax(w: Any, a: dict[str, Any]) -> Any:
    z = a["X"] @ w
    return jnp.sum(jax.nn.logsumexp(z, axis=1)) - jnp.sum(a["Y"] * z)


def factor(r: Any, a: dict[str, Any]) -> Any:
    return jnp.sum((a["T"] - a["U"] @ r.T) ** 2)


def factor_rows(u: Any, a: dict[str, Any]) -> Any:
    return jnp.sum((a["T"] - u @ a["R"].T) ** 2)


def problems(n: int) -> list[Problem]:
    d, k, r = FEATURES, CLASSES, RANK
    data = frozenset({"X", "y", "Y", "T", "U"})
    factors = {"T": (n, d), "U": (n, r), "R": (d, r)}
    three = ("gradient", "hvp", "hessian")
    return [
        Problem("logistic", "sum(softplus(-(y.*(X*w))))", "w", logistic, {"X": (n, d), "y": (n,), "w": (d,)}, three,
                data),
        Problem("softmax", "sum(logsumexp(X*W,2))-tr(Y'*X*W)", "W", softmax,
                {"X": (n, d), "Y": (n, k), "W": (d, k)}, ("gradient", "hvp"), data),
        Problem("T-U*R', by R", "norm2(T-U*R')^2", "R", factor, factors, ("gradient", "hvp"), data),
        Problem("T-U*R', by U", "norm2(T-U*R')^2", "U", factor_rows, factors, ("gradient", "hvp"), data | {"V"}),
    ]  # fmt: skip


def own(p: Problem, form: str) -> Callable[[dict[str, Any]], Any]:
    """JAX's derivative of the loss; of the Hessian–vector products forward over reverse."""

    def of(arrays: dict[str, Any]) -> Any:
        x, rest = arrays[p.wrt], {n: a for n, a in arrays.items() if n not in (p.wrt, "V")}
        gradient = jax.grad(lambda v: p.loss(v, rest))
        if form == "gradient":
            return gradient(x)
        if form == "hessian":
            return jax.hessian(lambda v: p.loss(v, rest))(x)
        return jax.jvp(gradient, (x,), (arrays["V"],))[1]

    return of


def told(text: str) -> int:
    """The numbers that the devices tell each other in a compiled program."""
    sizes = [
        s for given in COLLECTIVE.findall(text) for s in re.findall(r"\[([\d,]*)\]", re.sub(r"\{[^}]*\}", "", given))
    ]
    return sum(int(np.prod([int(k) for k in s.split(",") if k], dtype=int)) for s in sizes)


def medians(calls: dict[str, Callable[[], Any]], repeat: int) -> dict[str, float]:
    """Milliseconds of each call, called in turn."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(repeat + 1):
        for name, call in calls.items():
            start = time.perf_counter()
            jax.block_until_ready(call())
            if turn:
                times[name].append(1e3 * (time.perf_counter() - start))
    return {name: statistics.median(t) for name, t in times.items()}


def arrays_of(p: Problem) -> dict[str, Any]:
    return {n: RANDOM.normal(size=s) for n, s in {**p.shapes, "V": p.shapes[p.wrt]}.items()}


def compiled(p: Problem, form: str, target: str) -> Any:
    shapes = {n: s for n, s in {"X": ["n", "d"], "T": ["n", "d"], "U": ["n", "k"]}.items() if n in p.shapes}
    return fr.derive(p.formula, wrt=p.wrt, shapes=shapes, verify=False).compile(target, form)


def with_the_data(rows: int, repeat: int) -> None:
    """One core, NumPy: growing data."""
    sizes = [rows // 8, rows // 4, rows // 2, rows]
    print(f"| NumPy, ms | {' | '.join(f'n = {n}' for n in sizes)} | flops a row | numbers a row |")
    print("| --- " * (len(sizes) + 3) + "|")
    for i, named in enumerate(problems(rows)):
        for form in named.forms:
            cells: list[str] = []
            for n in sizes:
                p = problems(n)[i]
                f, given = compiled(p, form, "numpy"), arrays_of(p)
                given = {name: a for name, a in given.items() if name in f.arguments}
                cells.append(f"{medians({form: lambda f=f, g=given: f(**g)}, repeat)[form]:.3g}")
            print(f"| {named.name}, {form} | {' | '.join(cells)} | {f.flops / rows:.0f} | {f.bytes / 8 / rows:.0f} |")


def with_the_devices(rows: int, repeat: int) -> None:
    """Rows spread over 1, 2, 4 and 8 devices."""
    counts = (1, 2, 4, 8)
    print(f"| JAX, n = {rows}, ms | {' | '.join(f'{k} devices' for k in counts)} | result | told | told by JAX's own |")
    print("| --- " * (len(counts) + 4) + "|")
    for p in problems(rows):
        for form in p.forms:
            f, calls, said, size = compiled(p, form, "jax"), {}, [0, 0], 0
            for k in counts:
                mesh = Mesh(np.array(jax.devices()[:k]), ("data",), axis_types=(AxisType.Auto,))
                spread, everywhere = NamedSharding(mesh, PartitionSpec("data")), NamedSharding(mesh, PartitionSpec())
                placed = {
                    n: jax.device_put(a, spread if n in p.spread else everywhere) for n, a in arrays_of(p).items()
                }
                given = {n: a for n, a in placed.items() if n in f.arguments}
                ours = jax.jit(lambda a, f=f: f(**a)).lower(given).compile()
                calls[str(k)] = lambda c=ours, g=given: c(g)
                size = int(calls[str(k)]().size)
                if k == DEVICES:
                    said = [told(ours.as_text()), told(jax.jit(own(p, form)).lower(placed).compile().as_text())]
            times = medians(calls, repeat)
            cells = " | ".join(f"{times[str(k)]:.3g}" for k in counts)
            print(f"| {p.name}, {form} | {cells} | {size} | {said[0]} | {said[1]} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=9)
    given = parser.parse_args()
    jax.config.update("jax_enable_x64", True)
    with_the_data(given.rows, given.repeat)
    print()
    with_the_devices(given.rows, given.repeat)


if __name__ == "__main__":
    main()
