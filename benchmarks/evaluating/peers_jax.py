"""JAX, compiled; and asdex, which colours the pattern of a sparse matrix and asks JAX for few products."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .peer import Cannot, Peer
from .workload import Arrays, Workload

jax.config.update("jax_enable_x64", True)

WORDS = SimpleNamespace(
    sum=jnp.sum, exp=jnp.exp, log=jnp.log, tanh=jnp.tanh, sigmoid=jax.nn.sigmoid, softplus=jax.nn.softplus,
    relu=jax.nn.relu, softmax=jax.nn.softmax, logsumexp=jax.nn.logsumexp, trace=jnp.trace, inv=jnp.linalg.inv,
    solve=jnp.linalg.solve, cholesky=jnp.linalg.cholesky, diagonal=jnp.diagonal,
    logdet=lambda s: jnp.linalg.slogdet(s)[1], turned=lambda t: jnp.swapaxes(t, -1, -2),
)  # fmt: skip

Made = dict[str, Callable[[Any, Arrays], Any]]


def ways(w: Workload, f: Callable[[Any, Arrays], Any]) -> Made:
    """From the variables (a tuple) and all other arrays to the result."""
    gradient = jax.grad(f)

    def direction(others: Arrays) -> Any:
        return tuple(others["d" + name] for name in w.wrt)

    def inner(p: Any, others: Arrays) -> Any:
        return sum(jnp.vdot(g, d) for g, d in zip(gradient(p, others), direction(others), strict=True))

    if w.kind == "gradient":
        return {"grad": gradient}
    if w.kind == "pullback":
        return {"vjp": lambda p, o: jax.vjp(lambda q: f(q, o), p)[1](o["G"])[0]}
    if w.kind == "jacobian":
        return {"jacfwd": jax.jacfwd(f), "jacrev": jax.jacrev(f)}
    if w.kind == "hessian":
        return {"fwd-rev": jax.jacfwd(gradient), "rev-rev": jax.jacrev(gradient)}
    if w.second:
        return {
            "fwd-rev": lambda p, o: jax.jvp(lambda q: gradient(q, o), (p,), (direction(o),))[1],
            "rev-rev": jax.grad(inner),
        }
    return {"jvp": lambda p, o: jax.jvp(lambda q: f(q, o), (p,), (direction(o),))[1]}


def peers(w: Workload, arrays: Arrays, _: dict[str, float]) -> Iterator[Peer]:
    """Each way by each writing of the function."""
    if w.kind == "sparse":
        raise Cannot("JAX has no sparse Jacobians")
    there = {name: jnp.asarray(a) for name, a in arrays.items()}
    x = tuple(there.pop(name) for name in w.wrt)
    for number, loss in enumerate(w.losses):

        def f(p: Any, others: Arrays, loss: Any = loss) -> Any:
            return loss(WORDS, {**others, **dict(zip(w.wrt, p, strict=True))})

        for way, made in ways(w, f).items():
            compiled = jax.jit(made)
            yield Peer(
                "JAX",
                way + "′" * number,
                lambda compiled=compiled: jax.block_until_ready(compiled(x, there)),
                lambda value: [np.asarray(each) for each in jax.tree.leaves(value)],
                compiles=True,
            )


def asdex_peers(w: Workload, arrays: Arrays, _: dict[str, float]) -> Iterator[Peer]:
    """The sparse matrix, or the dense one that asdex fills from it."""
    import asdex

    if w.kind not in ("hessian", "jacobian", "sparse"):
        raise Cannot("asdex gives matrices only")
    if len(w.wrt) > 1:
        raise Cannot("asdex gives no blocks by several variables")
    if not w.zeros:
        raise Cannot("no pattern of zeros: as many products as JAX")
    there = {name: jnp.asarray(a) for name, a in arrays.items()}
    (name,) = w.wrt
    x = there.pop(name)
    loss = w.losses[0]

    def f(p: Any, others: Arrays) -> Any:
        return loss(WORDS, {**others, name: p})

    sparse = w.kind == "sparse"
    make = asdex.hessian if w.second else asdex.jacobian
    compiled = jax.jit(make(f, x, there, output_format="bcoo" if sparse else "dense"))

    shape = x.shape if w.second else jax.eval_shape(f, x, there).shape

    def dense(value: Any) -> list[Any]:
        return [np.asarray(value.todense() if sparse else value).reshape(*shape, *x.shape)]

    yield Peer(
        "asdex", "sparse" if sparse else "", lambda: jax.block_until_ready(compiled(x, there)), dense, compiles=True
    )
