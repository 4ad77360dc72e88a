"""Triangular matrices: what is known to be zero above or below the diagonal, and what that makes shorter.

Inverses, products, sums and entrywise products of lower triangular matrices are lower triangular; the diagonal of a
product is the product of the diagonals.  So the lower triangle of inv(L)' is diag(1./diag(L)).
"""

from __future__ import annotations

from frechet.algebra import atoms
from frechet.algebra.atoms import is_op
from frechet.algebra.node import Node
from frechet.core.records import facts

DEEPEST = 6
"""Formulas nested deeper are not looked through."""


def is_triangular(x: Node, lower: bool, depth: int = 0) -> bool:
    """Whether every entry above (or, if not `lower`, below) the diagonal is known to be zero."""
    if depth > DEEPEST or len(x.shape) != 2:
        return False

    def same(f: Node) -> bool:
        return is_triangular(f, lower, depth + 1)

    if x.kind == "transpose":
        return is_triangular(x.args[0], not lower, depth + 1)
    if x.kind == "diag" or is_op(x, "eye"):
        return True
    if x.kind == "leaf":
        known = atoms.assumptions(x)
        return (
            "diagonal" in known
            or ("lower triangular" if lower else "upper triangular") in known
            or (lower and facts(x.op).triangular == "lower" and x.rows == x.cols)
        )
    if x.kind == "apply":
        shape = facts(x.op).triangular
        return (shape == "kept" and same(x.args[0])) or (lower and shape == "lower")
    if x.kind == "product":
        return bool(x.chain) and all(same(f) for f in x.chain)
    if x.kind == "sum":
        return all(same(t) for t, _ in x.terms)
    return x.kind == "hadamard" and any(e > 0 and same(f) for f, e in x.terms)


def is_diagonal(x: Node) -> bool:
    """Whether x is the diagonal matrix of a vector, or a variable that is assumed to be diagonal."""
    return x.kind == "diag" or (x.kind == "leaf" and is_triangular(x, True) and is_triangular(x, False))
