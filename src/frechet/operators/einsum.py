"""Sums of products of small arrays, two factors at a time; the order is found once for the labels and sizes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from frechet.operators.structure import Array

Axes = tuple[int, ...]
"""The labels of an array's axes."""


def einsum(factors: Sequence[tuple[Array, Axes]], out: Axes) -> Array:
    """The sum over every label that does not stand in `out`; it may be a view of a factor.

    No label stands twice in one factor.

    >>> a, b = np.array([[1.0, 2.0]]), np.array([3.0, 4.0])
    >>> einsum([(a, (0, 1)), (b, (1,))], (0,)).tolist(), einsum([(a, (0, 1)), (b, (1,))], (1, 0)).tolist()
    ([11.0], [[3.0], [8.0]])
    """
    labels = tuple([at for _, at in factors])
    known = [array for array, _ in factors]
    steps, at = _steps(labels, tuple([array.shape for array in known]), out)
    for i, j, here, there, made in steps:
        known.append(_product(known[i], here, known[j], there, made))
    found = known[-1]
    summed = tuple([k for k, v in enumerate(at) if v not in out])
    if summed:
        found = found.sum(axis=summed)
        at = tuple([v for v in at if v in out])
    return found if at == out else found.transpose([at.index(v) for v in out])


Step = tuple[int, int, Axes, Axes, Axes]
"""Which two factors, their labels, the labels of their product; a product is counted behind the factors."""


@lru_cache(maxsize=1000)
def _steps(labels: tuple[Axes, ...], shapes: tuple[tuple[int, ...], ...], out: Axes) -> tuple[list[Step], Axes]:
    """What is multiplied with what, and the labels of the last product."""
    operands: list[Any] = []
    for at, shape in zip(labels, shapes, strict=True):
        operands += [np.broadcast_to(0.0, shape), list(at)]
    path: list[tuple[int, ...]] = [(0, 1)][: len(labels) - 1]
    if len(labels) > 2:
        path = np.einsum_path(*operands, list(out), optimize="greedy")[0][1:]
    every = list(labels)
    left = list(range(len(labels)))
    steps: list[Step] = []
    for group in path:
        first, *others = [left[k] for k in group]
        left = [k for k in left if k not in (first, *others)]
        while others:
            second = others.pop(0)
            a, b = every[first], every[second]
            kept = {*out, *(v for k in (*left, *others) for v in every[k])}
            both = tuple(v for v in a if v in b and v in kept)
            made = (*both, *(v for v in a if v not in b and v in kept), *(v for v in b if v not in a and v in kept))
            if {*a} & {*b} <= kept and {*made} <= {*out}:  # entry by entry: in the order that is wanted
                made = tuple(v for v in out if v in made)
            steps.append((first, second, a, b, made))
            first = len(every)
            every.append(made)
        left.append(first)
    return steps, every[-1]


def _product(a: Array, at: Axes, b: Array, bt: Axes, made: Axes) -> Array:
    """Two factors as one: entry by entry, or by matrix products."""
    inner = [v for v in at if v in bt and v not in made]
    a, at = _alone(a, at, bt, made)
    b, bt = _alone(b, bt, at, made)
    if not inner:
        return _spread(a, at, made) * _spread(b, bt, made)
    batch = [v for v in at if v in bt and v in made]
    rows, columns = [v for v in at if v not in bt], [v for v in bt if v not in at]
    sizes = dict(zip((*at, *bt), (*a.shape, *b.shape), strict=True))
    front = [sizes[v] for v in batch]
    left = a.transpose([at.index(v) for v in (*batch, *rows, *inner)])
    right = b.transpose([bt.index(v) for v in (*batch, *inner, *columns)])
    count = int(np.prod([sizes[v] for v in inner]))
    found = np.matmul(
        left.reshape(*front, -1, count) if rows or not batch else left.reshape(*front, 1, count),
        right.reshape(*front, count, -1) if columns or not batch else right.reshape(*front, count, 1),
    )
    whole = found.reshape([*front, *(sizes[v] for v in (*rows, *columns))])
    order = (*batch, *rows, *columns)
    return whole if order == made else whole.transpose([order.index(v) for v in made])


def _alone(a: Array, at: Axes, other: Axes, made: Axes) -> tuple[Array, Axes]:
    """Without the labels that only this factor has and that are summed."""
    gone = tuple(k for k, v in enumerate(at) if v not in other and v not in made)
    return (a.sum(axis=gone), tuple(v for v in at if v in other or v in made)) if gone else (a, at)


def _spread(a: Array, at: Axes, made: Axes) -> Array:
    """With an axis of length 1 for what it does not have."""
    order = sorted(range(len(at)), key=lambda k: made.index(at[k]))
    turned = a if order == list(range(len(at))) else a.transpose(order)
    return turned if len(at) == len(made) else turned[tuple(slice(None) if v in at else None for v in made)]
