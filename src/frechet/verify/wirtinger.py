"""The two derivatives by a complex variable, measured: ∂f/∂Z and ∂f/∂conj(Z) apart.

A real step along D gives a = L D + M conj(D), one along iD gives b = i L D - i M conj(D); so L D = (a - i b)/2 and
M conj(D) = (a + i b)/2.  A hermitian variable is moved off the hermitian matrices for this: its two derivatives are
those of the expression as it is written, every entry free.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frechet.core.expr import Expr
from frechet.verify.evaluate import Array, Program
from frechet.verify.reference import Reference, first
from frechet.verify.structure import SYMMETRIC, assumptions

WIRTINGER = frozenset({"d/dZ", "d/dconj(Z)"})
"""The names of the two derivatives by a complex variable."""


def direction(variable: Expr, moves: Mapping[str, Array], others: Mapping[str, Array]) -> Array:
    """A complex increment with nothing tied: two hermitian ones make one."""
    name = variable.params[0]
    step: Any = moves[name]
    return step + 1j * others[name] if assumptions(variable) & SYMMETRIC else step


def along_and_across(program: Program, env: Mapping[str, Any], name: str, step: Array) -> tuple[Reference, Reference]:
    """What ∂f/∂Z gives of an increment and what ∂f/∂conj(Z) gives of its conjugate."""
    a = first(program, env, {name: step})
    turned: Any = 1j * step
    b = first(program, env, {name: turned})
    scale, allowed = max(a.scale, b.scale), a.allowed + b.allowed
    trouble = a.trouble or b.trouble
    by_z: Any = (a.value - 1j * b.value) / 2.0
    by_conj: Any = (a.value + 1j * b.value) / 2.0
    return Reference(by_z, scale, allowed, trouble), Reference(by_conj, scale, allowed, trouble)
