"""Places without a derivative for `audit.py`: what each library answers there.

Nothing here is right or wrong; a program that relies on one answer finds another in the next library.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import autograd
import autograd.numpy as anp
import jax
import jax.numpy as jnp
import numpy as np
import torch

import frechet as fr

Function = Callable[[Any], Any]


@dataclass(frozen=True)
class Corner:
    """A function to a number, at a point where it has no derivative; the formula is frechet's, of x."""

    name: str
    x: Any
    jax: Function | None
    torch: Function | None
    autograd: Function | None
    formula: str = ""


def corners() -> list[Corner]:
    tie, zeros = [2.0, 1.0, 2.0], [0.0, 0.0]
    return [
        Corner("relu at 0", 0.0, jax.nn.relu, torch.relu, lambda x: anp.maximum(x, 0.0), "relu(x)"),
        Corner("maximum(x, 0) at 0", 0.0, lambda x: jnp.maximum(x, 0.0), lambda x: torch.maximum(x, 0 * x.detach()),
               lambda x: anp.maximum(x, 0.0), "max(x,0)"),
        Corner("abs at 0", 0.0, jnp.abs, torch.abs, anp.abs, "abs(x)"),
        Corner("sqrt at 0", 0.0, jnp.sqrt, torch.sqrt, anp.sqrt, "sqrt(x)"),
        Corner("sqrt(x²) at 0", 0.0, lambda x: jnp.sqrt(x * x), lambda x: torch.sqrt(x * x),
               lambda x: anp.sqrt(x * x), "sqrt(x^2)"),
        Corner("norm at 0", zeros, jnp.linalg.norm, torch.linalg.vector_norm, anp.linalg.norm, "norm2(x)"),
        Corner("1-norm at 0", zeros, lambda x: jnp.linalg.norm(x, 1), lambda x: torch.linalg.vector_norm(x, 1),
               lambda x: anp.linalg.norm(x, 1), "norm1(x)"),
        Corner("∞-norm, tie", [2.0, -2.0], lambda x: jnp.linalg.norm(x, jnp.inf),
               lambda x: torch.linalg.vector_norm(x, float("inf")), None, "max(abs(x))"),
        Corner("hypot at (0, 0)", zeros, lambda x: jnp.hypot(x[0], x[1]), lambda x: torch.hypot(x[0], x[1]), None,
               "norm2(x)"),
        Corner("max, tie", tie, jnp.max, torch.max, anp.max, "max(x)"),
        Corner("amax, tie", tie, jnp.amax, torch.amax, anp.amax, "max(x)"),
        Corner("max by an axis, tie", tie, lambda x: jnp.max(x, axis=0), lambda x: torch.max(x, 0).values,
               lambda x: anp.max(x, axis=0), "max(x)"),
        Corner("min, tie", [1.0, 2.0, 1.0], jnp.min, torch.min, anp.min, "min(x)"),
        Corner("maximum(x₁, x₂), tie", [2.0, 2.0], lambda x: jnp.maximum(x[0], x[1]),
               lambda x: torch.maximum(x[0], x[1]), lambda x: anp.maximum(x[0], x[1]), "max(x[1],x[2])"),
        Corner("median of four", [1.0, 4.0, 2.0, 8.0], jnp.median, torch.median, None, "median(x)"),
        Corner("median, tie", [1.0, 2.0, 2.0], jnp.median, torch.median, None, "median(x)"),
        Corner("clip(x, 0, 1) at 0", 0.0, lambda x: jnp.clip(x, 0.0, 1.0), lambda x: torch.clamp(x, 0.0, 1.0),
               lambda x: anp.clip(x, 0.0, 1.0), "clip(x,0,1)"),
        Corner("std of equal numbers", [1.0, 1.0, 1.0], jnp.std, lambda x: torch.std(x, correction=0), anp.std,
               "norm2(x-mean(x))/sqrt(3)"),
        Corner("x^0 at 0", 0.0, lambda x: jnp.power(x, 0.0), lambda x: torch.pow(x, 0.0),
               lambda x: anp.power(x, 0.0), "x^0"),
        Corner("0^x at 0", 0.0, lambda x: jnp.power(0.0, x),
               lambda x: torch.pow(torch.tensor(0.0, dtype=torch.float64), x), lambda x: anp.power(0.0, x)),
        Corner("xlogy(x, x) at 0", 0.0, lambda x: jax.scipy.special.xlogy(x, x), lambda x: torch.xlogy(x, x), None,
               "x*log(x)"),
        Corner("logsumexp, all −∞", [-np.inf, -np.inf], jax.scipy.special.logsumexp,
               lambda x: torch.logsumexp(x, 0), autograd.scipy.special.logsumexp, "logsumexp(x)"),
        Corner("logaddexp(−∞, −∞)", [-np.inf, -np.inf], lambda x: jnp.logaddexp(x[0], x[1]),
               lambda x: torch.logaddexp(x[0], x[1]), lambda x: anp.logaddexp(x[0], x[1])),
        Corner("nuclear norm at 0", np.zeros((2, 2)), lambda x: jnp.linalg.norm(x, "nuc"),
               lambda x: torch.linalg.matrix_norm(x, "nuc"), lambda x: anp.linalg.norm(x, "nuc"), "norm(x,'nuc')"),
        Corner("nuclear norm, rank one", np.ones((2, 2)), lambda x: jnp.linalg.norm(x, "nuc"),
               lambda x: torch.linalg.matrix_norm(x, "nuc"), lambda x: anp.linalg.norm(x, "nuc"), "norm(x,'nuc')"),
        Corner("largest eigenvalue, twice", np.eye(2), lambda x: jnp.linalg.eigvalsh(x)[-1],
               lambda x: torch.linalg.eigvalsh(x)[-1], lambda x: anp.linalg.eigh(x)[0][-1]),
    ]  # fmt: skip


def answers(c: Corner) -> dict[str, str]:
    """What each library gives as the gradient, reverse."""
    x = np.asarray(c.x, dtype=float)
    found: dict[str, str] = {}

    def by_torch() -> Any:
        return torch.func.grad(c.torch)(torch.as_tensor(x)).numpy()

    def by_frechet() -> Any:
        shapes = {"x": [str(k) for k in x.shape]}
        with np.errstate(all="ignore"):
            return fr.derive(c.formula, wrt="x", shapes=shapes, verify=False).compile("numpy", "gradient")(x=x)

    for who, there, compute in (
        ("JAX", c.jax, lambda: jax.grad(c.jax)(jax.numpy.asarray(x))),
        ("PyTorch", c.torch, by_torch),
        ("autograd", c.autograd, lambda: autograd.grad(c.autograd)(x)),
        ("frechet", c.formula, by_frechet),
    ):
        if not there:
            found[who] = "–"
            continue
        try:
            found[who] = told(compute())
        except Exception as trouble:
            found[who] = f"refuses: {(str(trouble).strip().splitlines() or [type(trouble).__name__])[0][:60]}"
    return found


def told(a: Any) -> str:
    """A gradient in few characters."""
    return " ".join(f"{float(v) + 0.0:.4g}" for v in np.ravel(np.asarray(a)))
