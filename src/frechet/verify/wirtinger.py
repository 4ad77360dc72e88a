"""The two derivatives by a complex variable, measured: ∂f/∂Z and ∂f/∂conj(Z) apart.

A real step along D gives a = L D + M conj(D), one along iD gives b = i L D - i M conj(D); so L D = (a - i b)/2 and
M conj(D) = (a + i b)/2.  A hermitian variable is moved off the hermitian matrices for this: its two derivatives are
those of the expression as it is written, every entry free.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from frechet.core.expr import Expr
from frechet.verify.evaluate import Array, Program
from frechet.verify.reference import Reference, first
from frechet.verify.structure import SYMMETRIC, assumptions

WIRTINGER = frozenset({"d/dZ", "d/dconj(Z)"})


def direction(variable: Expr, moves: Mapping[str, Array], others: Mapping[str, Array]) -> Array:
    """A complex increment with nothing tied: two hermitian ones make one."""
    name = variable.params[0]
    if assumptions(variable) & SYMMETRIC:
        return moves[name] + 1j * others[name]
    return moves[name]


def along_and_across(program: Program, env: Mapping[str, Any], name: str, step: Array) -> tuple[Reference, Reference]:
    """What ∂f/∂Z gives of an increment and what ∂f/∂conj(Z) gives of its conjugate."""
    a = first(program, env, {name: step})
    b = first(program, env, {name: 1j * step})
    scale, allowed = max(a.scale, b.scale), a.allowed + b.allowed
    trouble = a.trouble or b.trouble
    by_z, by_conj = (a.value - 1j * b.value) / 2.0, (a.value + 1j * b.value) / 2.0
    return Reference(by_z, scale, allowed, trouble), Reference(by_conj, scale, allowed, trouble)


def complex_valued(value: Any) -> bool:
    """Whether a value has an imaginary part beyond rounding.

    >>> complex_valued(np.array([1.0 + 1e-17j])), complex_valued(np.array([1.0j])), complex_valued(np.ones(2))
    (False, True, False)
    """
    if not np.iscomplexobj(value):
        return False
    return float(np.max(abs(np.imag(value)), initial=0.0)) > 1e-9 * float(np.max(abs(value), initial=0.0))
