"""Why a formula has no value at some numbers: the operation at which it ends, and what that needs."""

from __future__ import annotations

from frechet.core.expr import Expr
from frechet.library.conditions import LONGEST, needed
from frechet.notation.ascii import text
from frechet.notation.naming import written_size


def no_value(e: Expr) -> str:
    """What is said where an operation has no finite value.

    >>> from frechet.language import parse
    >>> no_value(parse("inv(A)").value)
    'inv(A) has no finite value at these numbers: A must be invertible'
    """
    shown = text(e) if written_size(e) <= 2 * LONGEST else f"{e.op.name} of something long"
    said = f"{shown} has no finite value at these numbers"
    return ": ".join([said, *needed(e)])
