"""What the tests of the Python reader share: arrays of distinct sizes, a text compared with what its libraries do."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import scipy.linalg
import scipy.special

from frechet.language.python import read_python
from frechet.language.python.arrays import leaf
from frechet.language.python.reader import Reader
from frechet.language.python.statements import uses
from frechet.language.python.values import array
from frechet.library.answered import Answered
from frechet.library.setting import Setting
from frechet.library.solving import finish
from frechet.verify.evaluate import evaluate

jax.config.update("jax_enable_x64", True)

SIZES = {"m": 5, "n": 3, "k": 7}

ARRAYS: dict[str, tuple[str | int, ...]] = {
    "X": ("m", "n"), "Y": ("m", "n"), "W": ("n", "k"), "V": ("k", "n"), "S": ("n", "n"), "x": ("n",),
    "y": ("n",), "u": ("m",),
    "R": (1, "n"), "C": ("m", 1), "s": (), "T": ("k", "m", "n"), "U": ("k", "n", "m"), "P": ("m", "n"),
}  # fmt: skip


def drawn(shape: tuple[int, ...], seed: int) -> Any:
    """Entries strictly within (0.2, 0.9): every function of the table is defined and smooth there."""
    return np.random.default_rng(seed).uniform(0.2, 0.9, shape)


def environment() -> dict[str, Any]:
    """An array for each name; S is positive definite, the rows of P are probabilities."""
    shapes = {name: tuple(SIZES[d] if isinstance(d, str) else d for d in shape) for name, shape in ARRAYS.items()}
    env = {name: drawn(shape, i) for i, (name, shape) in enumerate(shapes.items())}
    env["S"] = env["S"] @ env["S"].T + np.diag([1.0, 2.0, 4.0])
    env["P"] = env["P"] / env["P"].sum(1, keepdims=True)
    return env


ENV = environment()
EXACT: dict[str, Any] = {
    "np": np,
    "jnp": jnp,
    "jax": jax,
    "special": scipy.special,
    "linalg": scipy.linalg,
    "scipy": scipy,
}
JAX: dict[str, Any] = {
    "np": jnp, "jnp": jnp, "jax": jax, "special": jax.scipy.special, "linalg": jax.scipy.linalg, "scipy": jax.scipy,
}  # fmt: skip


def used(text: str) -> dict[str, Any]:
    """The arrays that a text names."""
    names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    return {name: ENV[name] for name in ARRAYS if name in names}


def run(text: str, libraries: Mapping[str, Any], arrays: Mapping[str, Any]) -> Any:
    """The text as Python runs it."""
    return eval(text, {**libraries, **arrays})


def settled(value: Any, shape: tuple[int, ...]) -> Any:
    """The value in the shape of the formula language: it drops axes of size 1."""
    return np.reshape(np.asarray(value, dtype=float), shape)


def slopes(scalar: Callable[[dict[str, Any]], float], arrays: dict[str, Any], name: str) -> Any:
    """Central differences by one array."""
    x, step = np.array(arrays[name], dtype=float), 1e-6
    out = np.zeros(x.shape)
    for at in np.ndindex(*x.shape):
        ends: list[float] = []
        for sign in (1, -1):
            moved = x.copy()
            moved[at] += sign * step
            ends.append(float(scalar({**arrays, name: moved})))
        out[at] = (ends[0] - ends[1]) / (2 * step)
    return out


def derived(text: str, shapes: Mapping[str, Any], names: list[str]) -> Answered:
    """The derivative of a text, not verified: it is compared with what the libraries give."""
    setting = Setting(read_python(text, shapes), names, ())
    return finish(setting, {n: setting.first(n) for n in names}, names, True, 1)


def value_of(text: str, arrays: Mapping[str, Any], shapes: Mapping[str, Any]) -> Any:
    """The value of the reading."""
    problem = read_python(text, shapes)
    return evaluate(problem.value, arrays, SIZES)


def agrees(text: str, truth: Callable[[dict[str, Any]], Any] | None = None, named: bool = True) -> None:
    """The reading of a text has the value, and the gradients, of the text as its libraries run it.

    The sizes have names, or (for texts with numbers for sizes) are numbers.
    """
    arrays = used(text)
    shapes: dict[str, Any] = {name: ARRAYS[name] if named else a.shape for name, a in arrays.items()}

    def exact(given: dict[str, Any]) -> Any:
        return np.asarray(run(text, EXACT, given) if truth is None else truth(given))

    wanted = exact(arrays)
    found = value_of(text, arrays, shapes)
    assert found.size == wanted.size, (text, found.shape, wanted.shape)
    assert np.allclose(found, settled(wanted, found.shape), rtol=1e-7, atol=1e-10), (text, found, wanted)
    weights = drawn(wanted.shape, 99)
    names = [n for n in read_python(text, shapes).variables if n in arrays]
    if not names:
        return
    shape = array(Reader(text, dialect=uses(ast.parse(text))).value({n: leaf(n, d) for n, d in shapes.items()})).shape
    assert tuple(d.evaluate(SIZES) for d in shape) == wanted.shape, (text, shape, wanted.shape)
    answer = derived(f"(({text}) * weights).sum()", {**shapes, "weights": shape}, names)
    for name, part in answer.by.items():
        form = part.gradient if "gradient" in part.forms else part.derivative
        got = np.asarray(form.evaluate({**arrays, "weights": weights, **SIZES}))
        slope = slopes(lambda given: (exact(given) * weights).sum(), arrays, name)
        assert np.allclose(got, settled(slope, got.shape), rtol=1e-5, atol=1e-7), (text, name, str(form), got, slope)
