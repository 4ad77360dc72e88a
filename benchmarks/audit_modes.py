"""The ways in which JAX, PyTorch and autograd differentiate, each as one number, and differences of high order.

A function F of an array is made a number, φ(X) = Σ G∘F(X), and φ is differentiated along D, and along D and then E:
numbers that mean the same for every library, also where the derivative by a symmetric matrix is a matter of convention.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd
import autograd.numpy as anp
import jax
import jax.numpy as jnp
import numpy as np
import torch

Function = Callable[[Any], Any]
FIRST = ("reverse", "forward")
SECOND = ("reverse∘reverse", "forward∘reverse", "reverse∘forward", "forward∘forward")
# Central differences of eighth order: φ'(0) ≈ Σ w_k (φ(kh) − φ(−kh)) / h.
WEIGHTS = (4 / 5, -1 / 5, 4 / 105, -1 / 280)

jax.config.update("jax_enable_x64", True)


def with_jax(f: Function, x: Any, g: Any, d: Any, e: Any) -> dict[str, Callable[[], float]]:
    """The modes of JAX."""
    x, g, d, e = (jnp.asarray(a) for a in (x, g, d, e))

    def phi(a: Any) -> Any:
        return jnp.sum(g * f(a))

    def forward(a: Any) -> Any:
        return jax.jvp(phi, (a,), (d,))[1]

    return {
        "value": lambda: float(phi(x)),
        "reverse": lambda: float(jnp.sum(jax.grad(phi)(x) * d)),
        "forward": lambda: float(forward(x)),
        "reverse∘reverse": lambda: float(jnp.sum(jax.grad(lambda a: jnp.sum(jax.grad(phi)(a) * d))(x) * e)),
        "forward∘reverse": lambda: float(jnp.sum(jax.jvp(jax.grad(phi), (x,), (d,))[1] * e)),
        "reverse∘forward": lambda: float(jnp.sum(jax.grad(forward)(x) * e)),
        "forward∘forward": lambda: float(jax.jvp(forward, (x,), (e,))[1]),
    }


def with_torch(f: Function, x: Any, g: Any, d: Any, e: Any) -> dict[str, Callable[[], float]]:
    """The modes of PyTorch (`torch.func`)."""
    x, g, d, e = (torch.as_tensor(np.asarray(a)) for a in (x, g, d, e))
    grad, jvp = torch.func.grad, torch.func.jvp

    def phi(a: Any) -> Any:
        return (g * f(a)).sum()

    def forward(a: Any) -> Any:
        return jvp(phi, (a,), (d,))[1]

    return {
        "value": lambda: float(phi(x)),
        "reverse": lambda: float((grad(phi)(x) * d).sum()),
        "forward": lambda: float(forward(x)),
        "reverse∘reverse": lambda: float((grad(lambda a: (grad(phi)(a) * d).sum())(x) * e).sum()),
        "forward∘reverse": lambda: float((jvp(grad(phi), (x,), (d,))[1] * e).sum()),
        "reverse∘forward": lambda: float((grad(forward)(x) * e).sum()),
        "forward∘forward": lambda: float(jvp(forward, (x,), (e,))[1]),
    }


def with_autograd(f: Function, x: Any, g: Any, d: Any, e: Any) -> dict[str, Callable[[], float]]:
    """The modes of autograd."""
    x, g, d, e = (np.asarray(a, dtype=float) for a in (x, g, d, e))
    grad, jvp = autograd.grad, autograd.make_jvp

    def phi(a: Any) -> Any:
        return anp.sum(g * f(a))

    def forward(a: Any) -> Any:
        return jvp(phi)(a)(d)[1]

    return {
        "value": lambda: float(phi(x)),
        "reverse": lambda: float(np.sum(grad(phi)(x) * d)),
        "forward": lambda: float(forward(x)),
        "reverse∘reverse": lambda: float(np.sum(grad(lambda a: anp.sum(grad(phi)(a) * d))(x) * e)),
        "forward∘reverse": lambda: float(np.sum(jvp(grad(phi))(x)(d)[1] * e)),
        "reverse∘forward": lambda: float(np.sum(grad(forward)(x) * e)),
        "forward∘forward": lambda: float(jvp(forward)(x)(e)[1]),
    }


LIBRARIES = {"JAX": with_jax, "PyTorch": with_torch, "autograd": with_autograd}


def first(phi: Function, x: Any, d: Any, h: float = 0.02) -> float:
    """The derivative of φ at x along d, by differences."""
    return sum(w * (phi(x + k * h * d) - phi(x - k * h * d)) for k, w in enumerate(WEIGHTS, 1)) / h


def second(phi: Function, x: Any, d: Any, e: Any, h: float = 0.02) -> float:
    """The mixed derivative of φ at x along d and e, by differences of differences."""
    return first(lambda a: first(phi, a, d, h), x, e, h)
