"""frechet's side of a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import frechet as fr

from .workload import Arrays, Workload


def derivative(w: Workload) -> Any:
    return fr.derive(
        w.formula, wrt=list(w.wrt), shapes=dict(w.shapes), assumptions=dict(w.assumptions),
        order=2 if w.second else 1, verify=False,
    )  # fmt: skip


def operator(w: Workload, arrays: Arrays) -> Callable[[], Any]:
    """Built and applied once, or built and written as a sparse matrix."""
    d = derivative(w)
    given = {name: a for name, a in arrays.items() if name in w.shapes}
    if w.kind == "sparse":
        return lambda: d.operator(**given).to_sparse()
    direction = np.concatenate([np.ravel(arrays["d" + name], order="F") for name in w.wrt])
    return lambda: d.operator(**given) @ direction


def compiled(w: Workload, arrays: Arrays, target: str) -> tuple[Any, Arrays]:
    """The compiled function and its arrays."""
    d = derivative(w)
    f = d.compile(target, form=w.kind)
    given = {name: a for name, a in arrays.items() if name in f.arguments}
    if w.kind == "hvp":
        given.update({name: arrays["d" + w.wrt[0]] for name in f.arguments if name not in arrays})
    return f, given


def ways(w: Workload, arrays: Arrays, target: str) -> Iterator[tuple[str, Callable[[], Any], Any]]:
    """The name of the way, the call, and the compiled function where there is one."""
    if w.kind in ("operator", "sparse"):
        if target == "numpy":
            yield "", operator(w, arrays), None
        return
    f, given = compiled(w, arrays, target)
    if target == "numpy":
        yield "", lambda: f(**given), f
    elif target == "jax":
        import jax

        there = {name: jax.numpy.asarray(a) for name, a in given.items()}
        quick = jax.jit(f)
        yield "jit", lambda: jax.block_until_ready(quick(**there)), f
    else:
        import torch

        there = {name: torch.from_numpy(a) for name, a in given.items()}
        yield "eager", lambda: f(**there), f
        torch.compiler.reset()
        faster = torch.compile(f, dynamic=False)
        yield "compiled", lambda: faster(**there), f


def results(w: Workload, value: Any) -> list[Any]:
    """The arrays of a result.  An hvp by several variables with one direction for all comes as blocks to be added."""
    if hasattr(value, "toarray"):
        return [value.toarray()]
    arrays = [np.asarray(each) for each in (value if isinstance(value, tuple | list) else [value])]
    count = len(w.wrt)
    if w.kind == "hvp" and len(arrays) == count * count > 1:
        return [sum(arrays[i * count + 1 : (i + 1) * count], arrays[i * count]) for i in range(count)]
    return arrays
