"""Steps on arrays whose axes have names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

Labels: TypeAlias = tuple[str, ...]
Part: TypeAlias = tuple[int, Labels]
"""A value under way: its place and the names of its axes."""

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""Labels that einsum knows."""


def cheapest(parts: Sequence[Part], gone: frozenset[str]) -> tuple[int, int, Labels]:
    """The two factors whose product has the fewest axes, and those axes; `gone` are summed once nobody needs
    them.

    >>> cheapest([(0, ("i", "s")), (1, ("k", "l")), (2, ("s", "j"))], frozenset("s"))
    (0, 2, ('i', 'j'))
    """
    best: tuple[int, int, int, Labels] | None = None
    for a in range(len(parts)):
        for b in range(a + 1, len(parts)):
            elsewhere = {n for k, (_, names) in enumerate(parts) if k not in (a, b) for n in names}
            union = dict.fromkeys(parts[a][1] + parts[b][1])
            out = tuple(n for n in union if n not in gone or n in elsewhere)
            cost = len(out) - len(parts[a][1]) - len(parts[b][1])
            if best is None or cost < best[0]:
                best = (cost, a, b, out)
    assert best is not None, "a product has two factors at least"
    return best[1:]


def times(a: Any, b: Any) -> Any:
    """The product of two arrays with the same axes, or of an array and a number."""
    return a * b


def reciprocal(a: Any) -> Any:
    """What a factor below a fraction bar multiplies by."""
    return 1.0 / a


def taken(where: tuple[int | slice, ...]) -> Callable[[Any], Any]:
    """The part of an array at fixed indices."""

    def step(x: Any) -> Any:
        return x[where]

    return step


def reordered(order: Sequence[int], where: tuple[slice | None, ...]) -> Callable[[Any], Any]:
    """The array with its axes in another order and new ones of length 1."""

    def step(x: Any) -> Any:
        return np.transpose(x, order)[where]

    return step


def einsum(labels: Sequence[Labels], out: Labels) -> Callable[..., Any]:
    """The contraction of arrays with these axes to the axes `out`."""
    names = dict.fromkeys(name for axes in labels for name in axes)
    letters = {name: LETTERS[k] for k, name in enumerate(names)}
    left = ",".join("".join(letters[n] for n in axes) for axes in labels)
    spec = f"{left}->{''.join(letters[n] for n in out)}"

    def step(*arrays: Any) -> Any:
        return np.einsum(spec, *arrays)

    return step
