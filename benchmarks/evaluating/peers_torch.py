"""torch.func, as it is and through torch.compile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import torch
import torch.func as tf

from .peer import Cannot, Peer
from .workload import Arrays, Workload

WORDS = SimpleNamespace(
    sum=torch.sum, exp=torch.exp, log=torch.log, tanh=torch.tanh, sigmoid=torch.sigmoid, relu=torch.relu,
    softplus=lambda t: torch.logaddexp(t, torch.zeros_like(t)), softmax=torch.softmax, logsumexp=torch.logsumexp,
    trace=torch.trace, inv=torch.linalg.inv, solve=torch.linalg.solve, cholesky=torch.linalg.cholesky,
    diagonal=torch.diagonal, logdet=lambda s: torch.linalg.slogdet(s)[1], turned=lambda t: t.transpose(-1, -2),
)  # fmt: skip

FAR = 10
"""How many times slower than the quickest peer torch may be to be compiled, which takes 10 s."""


def ways(w: Workload, f: Callable[[Any, Arrays], Any]) -> dict[str, Callable[[Any, Arrays], Any]]:
    """From the variables (a tuple) and all other arrays to the result."""
    gradient = tf.grad(f)

    def direction(others: Arrays) -> Any:
        return tuple(others["d" + name] for name in w.wrt)

    def inner(p: Any, others: Arrays) -> Any:
        return sum((g * d).sum() for g, d in zip(gradient(p, others), direction(others), strict=True))

    if w.kind == "gradient":
        return {"grad": gradient}
    if w.kind == "pullback":
        return {"vjp": lambda p, o: tf.vjp(lambda q: f(q, o), p)[1](o["G"])[0]}
    if w.kind == "jacobian":
        return {"jacfwd": tf.jacfwd(f), "jacrev": tf.jacrev(f)}
    if w.kind == "hessian":
        return {"fwd-rev": tf.jacfwd(gradient), "rev-rev": tf.jacrev(gradient)}
    if w.second:
        return {
            "fwd-rev": lambda p, o: tf.jvp(lambda q: gradient(q, o), (p,), (direction(o),))[1],
            "rev-rev": tf.grad(inner),
        }
    return {"jvp": lambda p, o: tf.jvp(lambda q: f(q, o), (p,), (direction(o),))[1]}


def leaves(value: Any) -> list[Any]:
    if isinstance(value, tuple):
        return [each for part in value for each in leaves(part)]
    return [value.numpy()]


def peers(w: Workload, arrays: Arrays, times: dict[str, float]) -> Iterator[Peer]:
    """Each way by each writing of the function; the quickest of them compiled too, unless it is far behind."""
    if w.kind == "sparse":
        raise Cannot("torch.func has no sparse Jacobians")
    there = {name: torch.from_numpy(a) for name, a in arrays.items()}
    x = tuple(there.pop(name) for name in w.wrt)
    all_ways: dict[str, Callable[[Any, Arrays], Any]] = {}
    for number, loss in enumerate(w.losses):

        def f(p: Any, others: Arrays, loss: Any = loss) -> Any:
            return loss(WORDS, {**others, **dict(zip(w.wrt, p, strict=True))})

        all_ways.update({way + "′" * number: made for way, made in ways(w, f).items()})
    for way, made in all_ways.items():
        yield Peer("torch", way, lambda made=made: made(x, there), leaves)
    done = {way: times["torch " + way] for way in all_ways if "torch " + way in times}
    if not done or min(done.values()) > FAR * min(times.values()):
        return
    way = min(done, key=lambda each: done[each])
    torch.compiler.reset()
    quick = torch.compile(all_ways[way], dynamic=False)
    yield Peer("torch", way + " compiled", lambda: quick(x, there), leaves, compiles=True)
