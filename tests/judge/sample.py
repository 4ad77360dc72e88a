"""Fresh random points: sizes, then values, by the assumptions and the fields `draw`, `sizes`, `small`.

Points at which the value is not finite, or the formula is badly conditioned, are thrown away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from judge.language import parse
from judge.values import Array, Bad, evaluate, settle

Problem = Mapping[str, Any]
Rng = np.random.Generator


def size_names(shapes: Mapping[str, Sequence[Any]]) -> list[str]:
    """Every name in the sizes, in order of appearance.

    >>> size_names({"A": ["m", "n*q"], "x": [3]})
    ['m', 'n', 'q']
    """
    found: dict[str, None] = {}
    for shape in shapes.values():
        for size in shape:
            for name in re.findall(r"[A-Za-z_]\w*", str(size)):
                found.setdefault(name)
    return list(found)


def draw_sizes(problem: Problem, names: Sequence[str], rng: Rng) -> dict[str, int]:
    """Distinct sizes (as far as they go) from 2 to 5, or 2 to 3 for a `small` problem, that meet `sizes`."""
    top = 3 if problem.get("small") else 5
    condition = problem.get("sizes", "")
    most: dict[str, int] | None = None
    for _ in range(400):
        drawn = {name: int(rng.integers(2, top + 1)) for name in names}
        if condition and not eval(condition, {"__builtins__": {}}, dict(drawn)):
            continue
        if most is None or len(set(drawn.values())) > len(set(most.values())):
            most = drawn
        if len(set(drawn.values())) >= min(len(names), top - 1):
            return drawn
    if most is None:
        raise Bad(f"no sizes meet {condition}")
    return most


def concrete(shape: Sequence[Any], sizes: Mapping[str, int]) -> tuple[int, ...]:
    """A shape in numbers, not settled: ["n*q", 1] → (6, 1)."""
    out: list[int] = []
    for size in shape:
        value = size if isinstance(size, int) else float(evaluate(parse(str(size)), as_scalars(sizes)))
        out.append(round(value))
    return tuple(out)


def as_scalars(sizes: Mapping[str, int]) -> dict[str, Array]:
    return {name: np.asarray(float(n)) for name, n in sizes.items()}


def draw(shape: tuple[int, ...], assumptions: Sequence[str], how: Sequence[str], rng: Rng, positive: bool) -> Array:
    """One value of the shape (as given, two axes for a row or a matrix)."""
    x = rng.standard_normal(shape)
    facts = set(assumptions)
    n = shape[0] if shape else 1
    if "complex" in facts or any("hermitian" in f for f in facts):
        x = x + 1j * rng.standard_normal(shape)
    if "integer" in facts:
        x = np.asarray(float(rng.integers(2, 4)))
    if positive or "positive" in facts:
        x = np.abs(x) + 0.3
    if "positive definite" in facts or "hermitian positive definite" in facts:
        x = x @ x.conj().T / n + 0.5 * np.eye(n)
    if "hermitian" in facts:
        x = (x + x.conj().T) / 2
    if "symmetric" in facts:
        x = (x + x.T) / 2
    if "skew" in facts:
        x = x - x.T
    if "orthogonal" in facts:
        x = np.linalg.qr(x)[0]
    if "diagonal" in facts:
        x = np.diag(np.diag(x))
    if "lower triangular" in facts:
        x = np.tril(x) + np.eye(n)
    if "upper triangular" in facts:
        x = np.triu(x) + np.eye(n)
    for kind in how:
        if kind == "positive":
            x = np.abs(x) + 0.3
        elif kind in ("positive definite", "spd"):
            x = x @ x.T / n + 0.5 * np.eye(n)
        elif kind == "mask":
            x = rng.integers(0, 2, shape).astype(float)
        elif kind == "prob":
            x = np.abs(x) + 0.1
            x = x / x.sum()
        elif kind == "onehot":
            x = np.zeros(shape)
            x.reshape(-1)[rng.integers(x.size)] = 1.0
        elif kind == "onehot-cols":
            x = np.zeros(shape)
            x[rng.integers(shape[0], size=shape[1]), np.arange(shape[1])] = 1.0
        elif kind == "near-identity":
            x = np.eye(n) + 0.1 * x
        else:
            raise Bad(f"unknown draw {kind}")
    return settle(x)


class Smooth:
    """A declared function: some smooth elementwise function with all its derivatives, and no symmetry."""

    def __init__(self, rng: Rng) -> None:
        self.a, self.b, self.c, self.d = rng.uniform(0.5, 1.5, 4)

    def __call__(self, order: int, x: Array) -> Array:
        """a·sin(b·x + c) + d·x²/2 and its derivatives."""
        wave = self.a * self.b**order * np.sin(self.b * x + self.c + order * np.pi / 2)
        bow = (self.d * x * x / 2, self.d * x, self.d + 0 * x)
        return wave + (bow[order] if order < 3 else 0)
