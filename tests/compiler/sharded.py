"""Compiled forms on arrays that lie on eight devices: run by `test_sharded.py` in a process of its own.

JAX decides how many devices a machine has when it starts, so the flag must stand in the environment before.  Each case
is computed on one device and on a mesh over which the rows of the data are spread; printed as JSON: how far the results
are apart, where the result lies, and the collectives of the compiled program with the entries that each gives.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jax
import numpy as np
from jax.sharding import AxisType, NamedSharding, PartitionSpec

import frechet as fr

DEVICES = 8
ROWS, COLUMNS, CLASSES, RANK = 2048, 24, 5, 6
COLLECTIVE = re.compile(r"= (\([^=]*?\)|\S+) (all-[a-z-]+|reduce-scatter[a-z-]*|collective-[a-z-]+)\(")
LOGISTIC = "sum(softplus(-(y.*(X*w))))+c/2*norm2(w)^2"
SOFTMAX = "sum(logsumexp(X*W,2))-tr(Y'*X*W)"
FACTOR = "norm2(T-U*R')^2"


@dataclass(frozen=True)
class Case:
    """A form of a problem; `data` are the names of the arrays that lie on the devices row by row."""

    formula: str
    wrt: str
    form: str
    data: frozenset[str] = field(default_factory=lambda: frozenset({"X", "y", "Y", "T", "U"}))


CASES = {
    "logistic gradient": Case(LOGISTIC, "w", "gradient"),
    "logistic value_and_gradient": Case(LOGISTIC, "w", "value_and_gradient"),
    "logistic hvp": Case(LOGISTIC, "w", "hvp"),
    "logistic hessian": Case(LOGISTIC, "w", "hessian"),
    "softmax gradient": Case(SOFTMAX, "W", "gradient"),
    "softmax hvp": Case(SOFTMAX, "W", "hvp"),
    "softmax hessian": Case(SOFTMAX, "W", "hessian"),
    "factor gradient U": Case(FACTOR, "U", "gradient"),
    "factor gradient R": Case(FACTOR, "R", "gradient"),
    "factor hvp U": Case(FACTOR, "U", "hvp", frozenset({"T", "U", "V"})),
    "factor hvp R": Case(FACTOR, "R", "hvp"),
}


def numbers(case: Case) -> dict[str, Any]:
    """Arrays for every name of the three problems."""
    random = np.random.default_rng(0)
    shapes = {
        "X": (ROWS, COLUMNS), "y": (ROWS,), "w": (COLUMNS,), "Y": (ROWS, CLASSES), "W": (COLUMNS, CLASSES),
        "T": (ROWS, COLUMNS), "U": (ROWS, RANK), "R": (COLUMNS, RANK), "c": (),
    }  # fmt: skip
    return {n: np.asarray(random.normal(size=s)) for n, s in {**shapes, "V": shapes[case.wrt]}.items()}


def collectives(text: str) -> list[tuple[str, int]]:
    """What the devices tell each other in a compiled program: the operation, and the entries that it gives."""
    found: list[tuple[str, int]] = []
    for given, name in COLLECTIVE.findall(text):
        sizes = re.findall(r"\[([\d,]*)\]", re.sub(r"\{[^}]*\}", "", given))
        found.append((name, sum(int(np.prod([int(k) for k in s.split(",") if k], dtype=int)) for s in sizes)))
    return found


def run(case: Case, gathered: bool = False) -> dict[str, Any]:
    """One case on one device and on the mesh; `gathered` has the data brought together, to see that this is noticed."""
    mesh = jax.make_mesh((DEVICES,), ("data",), axis_types=(AxisType.Auto,))
    rows, everywhere = NamedSharding(mesh, PartitionSpec("data")), NamedSharding(mesh, PartitionSpec())
    d = fr.derive(case.formula, wrt=case.wrt, shapes={"X": ["n", "d"], "T": ["m", "n"]}, verify=False)
    f = d.compile("jax", case.form)
    arrays = {n: a for n, a in numbers(case).items() if n in f.arguments}
    spread = {n: jax.device_put(a, rows if n in case.data else everywhere) for n, a in arrays.items()}
    one = f(**{n: jax.device_put(a, jax.devices()[0]) for n, a in arrays.items()})
    called, again = f(**spread), f(**spread)

    def whole(given: dict[str, Any]) -> Any:
        return f(**{n: jax.lax.with_sharding_constraint(a, everywhere) for n, a in given.items()})

    jitted: Callable[..., Any] = jax.jit(whole) if gathered else jax.jit(lambda given: f(**given))  # pyright: ignore
    program = jitted.lower(spread).compile()
    many = program(spread)
    return {
        "apart": max(_apart(one, other) for other in (called, again, many)),
        "by rows": [[_by_rows(a) for a in jax.tree.leaves(result)] for result in (called, many)],
        "collectives": collectives(program.as_text()),
        "entries": [int(a.size) for a in jax.tree.leaves(many)],
    }


def _apart(one: Any, other: Any) -> float:
    """The largest difference of two results, by the largest entry."""
    pairs = zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True)
    return max(float(np.abs(np.asarray(a) - np.asarray(b)).max() / np.abs(np.asarray(a)).max()) for a, b in pairs)


def _by_rows(a: Any) -> bool:
    """Whether each device holds an eighth of the rows; False where each holds all."""
    return a.shape != () and a.sharding.shard_shape(a.shape)[0] * DEVICES == a.shape[0]


if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    assert len(jax.devices()) == DEVICES
    found = {name: run(case) for name, case in CASES.items()}
    found["gathered"] = run(CASES["logistic gradient"], gathered=True)
    print(json.dumps(found))
