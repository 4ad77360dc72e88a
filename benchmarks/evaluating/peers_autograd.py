"""autograd (HIPS), which has NumPy differentiate itself."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
from autograd.scipy.special import expit, logsumexp

from .peer import Cannot, Peer
from .workload import Arrays, Workload, parts

WORDS = SimpleNamespace(
    sum=anp.sum, exp=anp.exp, log=anp.log, tanh=anp.tanh, sigmoid=expit, softplus=lambda t: anp.logaddexp(0.0, t),
    relu=lambda t: anp.maximum(t, 0.0), softmax=lambda t, axis: anp.exp(t - logsumexp(t, axis=axis, keepdims=True)),
    logsumexp=lambda t, axis: logsumexp(t, axis=axis), trace=anp.trace, inv=anp.linalg.inv, solve=anp.linalg.solve,
    cholesky=anp.linalg.cholesky, diagonal=anp.diagonal, logdet=lambda s: anp.linalg.slogdet(s)[1],
    turned=lambda t: anp.swapaxes(t, -1, -2),
)  # fmt: skip


def peers(w: Workload, arrays: Arrays, _: dict[str, float]) -> Iterator[Peer]:
    """Reverse mode, and reverse over reverse."""
    if w.kind == "sparse":
        raise Cannot("autograd has no sparse Jacobians")
    if w.kind == "hessian" and len(w.wrt) > 1:
        raise Cannot("autograd has no Hessian by several variables")
    loss = w.losses[0]
    x = tuple(arrays[name] for name in w.wrt)
    others = {name: a for name, a in arrays.items() if name not in w.wrt}
    direction = [arrays["d" + name] for name in w.wrt if "d" + name in arrays]

    def f(*p: Any) -> Any:
        return loss(WORDS, {**others, **dict(zip(w.wrt, p, strict=True))})

    numbers = tuple(range(len(x)))
    gradient = autograd.grad(f, numbers)

    def inner(*p: Any) -> Any:
        return sum(anp.sum(g * d) for g, d in zip(gradient(*p), direction, strict=True))

    if w.kind == "gradient":
        made: Any = gradient
    elif w.kind == "pullback":

        def made(p: Any) -> Any:
            return autograd.make_vjp(f)(p)[0](arrays["G"])
    elif w.kind == "jacobian":
        made = autograd.jacobian(f)
    elif w.kind == "hessian":
        made = autograd.hessian(f)
    elif w.second:
        made = autograd.grad(inner, numbers)
    else:
        given = np.zeros_like(f(*x))

        def made(p: Any) -> Any:  # forward by two reverse sweeps
            def pulled(g: Any) -> Any:
                return anp.sum(autograd.make_vjp(f)(p)[0](g) * direction[0])

            return autograd.grad(pulled)(given)

    yield Peer("autograd", "", lambda: made(*x), parts)
