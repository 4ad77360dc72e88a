"""What a call costs: multiplications and additions by instruction, and the bytes that it must move at least."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import final

from frechet.compiler.values import Dims, Value, reachable
from frechet.core.records import code

BYTES = 8
"""Of a number in double precision."""


@final
@dataclass(frozen=True)
class Cost:
    """Floating-point operations, and bytes read and written at least."""

    flops: int
    bytes: int


def cost(roots: Sequence[Value], sizes: Mapping[str, int]) -> Cost:
    """The cost of a program at these sizes; a fraction of a third is rounded down."""

    def count(dims: Dims) -> int:
        return prod(int(d.evaluate(sizes)) for d in dims)

    flops, moved = 0, 0
    factored: set[Value] = set()
    for v in reachable(roots):
        entries = count(v.dims)
        if v.kind == "input":
            moved += BYTES * entries
        elif v.kind == "contract":
            la, lb, _ = v.data
            axes = dict(zip(la, v.args[0].dims, strict=True)) | dict(zip(lb, v.args[1].dims, strict=True))
            flops += 2 * count(tuple(axes.values()))
        elif v.kind == "reduce":
            flops += count(v.args[0].dims) if set(v.data[0]) != set(v.data[1]) else 0
        elif v.kind == "sum":
            flops += entries * (len(v.args) - 1 + sum(abs(c) != 1 for c in v.data[0]))
        elif v.kind == "product":
            flops += entries * (len(v.args) - 1 + (abs(v.data[0]) != 1))
        elif v.kind == "power":
            flops += entries
        elif v.kind == "call":
            flops += (max([entries, *(count(a.dims) for a in v.args)])) * code(v.data[0]).cost
        elif v.kind == "fill":
            values = v.args[1:] if v.data[0] else v.args
            flops += sum(count(a.dims) for a in values) if v.data[0] else 0
        elif v.kind in ("solve", "inverse", "logdet"):
            flops += _linear(v, count, factored)
    return Cost(flops, moved + BYTES * sum(count(r.dims) for r in roots))


def _linear(v: Value, count: Callable[[Dims], int], factored: set[Value]) -> int:
    """A factorisation, once a matrix, and what is done with it."""
    a = v.args[0]
    n = count(a.dims[:1])
    how = v.data[0] if v.kind == "solve" else v.data
    total = 0
    if how not in ("lower", "upper") and a not in factored:
        factored.add(a)
        total += n**3 // 3 if how == "definite" else 2 * n**3 // 3
    if v.kind == "solve":
        columns = count(v.dims) // n
        return total + (1 if how in ("lower", "upper") else 2) * n * n * columns
    if v.kind == "inverse":
        return total + (2 * n**3 // 3 if how == "definite" else 4 * n**3 // 3)
    return total + n
