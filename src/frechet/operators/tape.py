"""What is noted while a structure is built: what is computed of arrays, and what is decided by their numbers."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, final

import numpy as np

from frechet.operators.structure import Array


@final
class Tape:
    """The notes of one structure."""

    def __init__(self) -> None:
        self.notes: list[tuple[Array, Callable[..., Array], tuple[Array, ...]]] = []
        self.decided = False


RUNNING: ContextVar[Tape | None] = ContextVar("running", default=None)
"""The tape of the structure that is being built here."""


def derived(function: Callable[..., Array], *arrays: Array) -> Array:
    """function(*arrays), noted.

    >>> import numpy as np
    >>> tape = Tape()
    >>> before = RUNNING.set(tape)
    >>> derived(np.negative, np.ones(2)).tolist(), len(tape.notes)
    ([-1.0, -1.0], 1)
    >>> RUNNING.reset(before)
    """
    made = function(*arrays)
    tape = RUNNING.get()
    if tape is not None:
        tape.notes.append((made, function, arrays))
    return made


def filled(value: float, *shape: int) -> Array:
    """An array of one number, noted."""
    return derived(lambda: np.full(shape, value))


def rows_weighted(weights: Array, array: Array) -> Array:
    """Each row times its weight, noted.

    >>> rows_weighted(np.array([2.0, 3.0]), np.ones((2, 2))).tolist()
    [[2.0, 2.0], [3.0, 3.0]]
    """
    return derived(_weighted, weights, array)


def _weighted(weights: Array, array: Array) -> Array:
    return weights[:, None] * array


def decided(value: Any) -> Any:
    """A value that the numbers of an array decided: with other numbers the structure may be another."""
    tape = RUNNING.get()
    if tape is not None:
        tape.decided = True
    return value
