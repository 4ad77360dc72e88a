"""The free entries of a structured matrix: which ones they are, in which order, and what one of them moves.

They are ``vech(X)`` for a symmetric or lower triangular X (columns from the diagonal down), ``vech(X')`` for an upper
triangular one, ``diag(X)`` for a diagonal one, and the strict lower part in the order of ``vech`` for a skew one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

import numpy as np

from frechet.core.dim import Dim, entries
from frechet.core.expr import Expr
from frechet.verify.evaluate import Array
from frechet.verify.structure import assumptions

Place = tuple[int, int]


def _below(n: int) -> list[Place]:
    return [(i, j) for j in range(n) for i in range(j, n)]


def _above(n: int) -> list[Place]:
    return [(j, i) for i, j in _below(n)]


def _diagonal(n: int) -> list[Place]:
    return [(i, i) for i in range(n)]


def _strictly_below(n: int) -> list[Place]:
    return [(i, j) for i, j in _below(n) if i != j]


PLACES: Mapping[str, Callable[[int], list[Place]]] = {
    "diagonal": _diagonal,
    "skew": _strictly_below,
    "symmetric": _below,
    "lower triangular": _below,
    "upper triangular": _above,
}
"""Where the free entries of each kind of matrix stand, in their order."""
MIRRORED: Mapping[str, float] = {"symmetric": 1.0, "skew": -1.0}
"""What the entry across the diagonal does when a free one moves by 1."""


def kind(variable: Expr) -> str | None:
    """The kind of a matrix that has free entries; None where all are free, or none is.

    >>> from frechet.ops.expressions import variable
    >>> kind(variable("S", ("n", "n"), ["positive definite"])), kind(variable("A", ("n", "n")))
    ('symmetric', None)
    """
    if len(variable.shape) != 2:
        return None
    known = {"symmetric" if a == "positive definite" else a for a in assumptions(variable)}
    if "orthogonal" in known or not known.isdisjoint({"complex", "hermitian", "hermitian positive definite"}):
        return None
    if len(known & {"symmetric", "lower triangular", "upper triangular"}) > 1:
        return "diagonal"
    return next((name for name in PLACES if name in known), None)


def count(variable: Expr) -> Dim:
    """How many free entries there are, as a size; all of them where none is tied."""
    found = kind(variable)
    if found is None:
        return entries(variable.shape)
    n = variable.shape[0]
    if found == "diagonal":
        return n
    if found == "skew":
        return (n * (n - 1)).scaled(Fraction(1, 2))
    return (n * (n + 1)).scaled(Fraction(1, 2))


def selection(variable: Expr, n: int) -> Array:
    """The matrix that takes the free entries out of a matrix of the kind whose rows are stacked.

    >>> from frechet.ops.expressions import variable
    >>> selection(variable("D", ("n", "n"), ["diagonal"]), 2).tolist()
    [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    """
    places = _places(variable, n)
    out = np.zeros((len(places), n * n))
    for k, (i, j) in enumerate(places):
        out[k, i * n + j] = 1.0
    return out


def directions(variable: Expr, n: int) -> list[Array]:
    """How the matrix moves when one free entry moves by 1, in the order of the free entries.

    >>> from frechet.ops.expressions import variable
    >>> [d.tolist() for d in directions(variable("K", ("n", "n"), ["skew"]), 2)]
    [[[0.0, -1.0], [1.0, 0.0]]]
    """
    mirrored = MIRRORED.get(kind(variable) or "", 0.0)
    out: list[Array] = []
    for i, j in _places(variable, n):
        unit = np.zeros((n, n))
        unit[j, i] = mirrored
        unit[i, j] = 1.0
        out.append(unit)
    return out


def _places(variable: Expr, n: int) -> Sequence[Place]:
    found = kind(variable)
    assert found is not None, "a variable whose entries are tied"
    return PLACES[found](n)
