"""Random texts over arrays of every kind of shape: what is read has NumPy's value, what NumPy refuses is refused."""

from __future__ import annotations

import random
import warnings
from typing import Any

import numpy as np
import pytest

from frechet.errors import FrechetError
from frechet.language.python import read_python
from frechet.verify.evaluate import evaluate

SIZES = {"m": 4, "n": 3, "k": 2}
SHAPES: dict[str, tuple[str | int, ...]] = {
    "X": ("m", "n"), "Y": ("m", "n"), "W": ("n", "k"), "S": ("n", "n"), "x": ("n",), "u": ("m",), "R": (1, "n"),
    "C": ("m", 1), "O": (1, 1), "z": (1,), "s": (), "T": ("k", "m", "n"), "D": ("k", 1, "n"), "E": (1, "m", 1),
}  # fmt: skip
RNG = np.random.default_rng(0)
ARRAYS = {
    name: RNG.uniform(0.3, 0.9, [SIZES[d] if isinstance(d, str) else d for d in shape])
    for name, shape in SHAPES.items()
}
AXES = ["", "0", "1", "-1", "axis=0, keepdims=True", "axis=-1, keepdims=True", "axis=(0, 1)"]
PLACES = [
    "0",
    "-1",
    "None",
    ":, None",
    "..., 0",
    "1:",
    ":-1",
    ":, 0",
    ":, 1:",
    "0, :",
    "None, :",
    ":, -1",
    "..., None",
    "0:1",
    ":, 0:1",
]


def written(r: random.Random, depth: int) -> str:
    """A random expression of that depth; many do not fit, and NumPy says so."""
    if depth == 0 or r.random() < 0.1:
        return r.choice([*SHAPES, "np.float64(2.0)"])

    def part() -> str:
        return written(r, depth - 1)

    forms = [
        lambda: f"({part()} {r.choice(['+', '-', '*', '/', '@', '@'])} {part()})",
        lambda: f"np.{r.choice(['exp', 'tanh', 'abs', 'sin'])}({part()})",
        lambda: f"({part()}).{r.choice(['sum', 'mean'])}({r.choice(AXES)})",
        lambda: f"({part()}).T",
        lambda: f"({part()})[{r.choice(PLACES)}]",
        lambda: f"np.{r.choice(['maximum', 'minimum', 'dot', 'matmul', 'outer', 'inner'])}({part()}, {part()})",
        lambda: f"({part()}).reshape({r.choice(['-1', '1, -1', '-1, 1'])})",
        lambda: f"np.where({part()} > {part()}, {part()}, {part()})",
        lambda: f"({part()}) ** {r.choice(['2', '0.5', '-1'])}",
        lambda: f"np.{r.choice(['concatenate', 'stack'])}([{part()}, {part()}], axis={r.choice(['0', '1', '-1'])})",
        lambda: f"np.swapaxes({part()}, 0, {r.choice(['1', '-1'])})",
        lambda: f"np.linalg.norm({part()}, axis={r.choice(['None', '0', '-1'])})",
    ]
    return r.choice([forms[0], forms[0], *forms])()


def run(text: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return np.asarray(eval(text, {"np": np}, dict(ARRAYS)))
        except (ValueError, IndexError, TypeError):
            return None


@pytest.mark.parametrize("seed", range(8))
def test_what_is_read_is_what_numpy_does(seed: int) -> None:
    r = random.Random(seed)
    read = 0
    for _ in range(100):
        text = written(r, r.choice([1, 2, 3, 3]))
        wanted = run(text)
        try:
            problem = read_python(text, SHAPES)
        except FrechetError:
            continue
        assert wanted is not None, f"NumPy refuses {text}"
        found = evaluate(problem.value, ARRAYS, SIZES)
        assert found.size == wanted.size and np.allclose(found.ravel(), wanted.ravel(), equal_nan=True), text
        read += 1
    assert read >= 20
