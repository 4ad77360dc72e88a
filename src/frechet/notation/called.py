"""What a value without a name is called, the same on every page: C for a matrix, y for a vector, f for a scalar.

And what a loss is called that comes after the value: ∂L/∂C.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

LETTERS = ("fyupq", "yfupq", "CFYPQ")
"""By the order of the value: a scalar's, a vector's, those of a matrix and of all larger arrays."""


def called(shape: Sequence[Any], taken: Collection[str]) -> str:
    """The first letter for a value of this shape that is not taken, nor its increment.

    >>> called((), ()), called(("n",), ()), called(("m", "n"), {"C"}), called((), {"df"})
    ('f', 'y', 'F', 'y')
    """
    letters = LETTERS[min(len(shape), len(LETTERS) - 1)]
    return next((x for x in letters if x not in taken and f"d{x}" not in taken), "value")


def loss(taken: Collection[str]) -> str:
    """What the upstream gradient is the gradient of.

    >>> loss(()), loss({"L"})
    ('L', 'J')
    """
    return next(x for x in ("L", "J", "loss", "cost", "L_") if x not in taken)
