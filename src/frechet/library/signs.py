"""What the language writes with signs, brackets or subscripts, as functions: no call of theirs stands in a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frechet.errors import FrechetError
from frechet.library.formula import Formula, build

if TYPE_CHECKING:
    from frechet.library.formula import Operand


def hadamard(a: Operand, b: Operand) -> Formula:
    """The product entry by entry; a scalar scales.  Between two arrays ``a * b`` is the same.

    >>> import frechet as fr
    >>> fr.hadamard(fr.vector("x", "n"), fr.vector("y", "n"))
    x.*y
    """
    return build("hadamard", a, b)


def power(x: Operand, k: Operand) -> Formula:
    """x to the power k: of a square matrix the matrix power, k a whole number (``-1`` the inverse).

    >>> import frechet as fr
    >>> fr.derive(fr.power(fr.matrix("A", "n", "n"), 2), "A").differential
    dA*A + A*dA
    """
    return build("power", x, k)


def hcat(*blocks: Operand) -> Formula:
    """Blocks beside each other, as many rows in each.

    >>> import frechet as fr
    >>> fr.hcat(fr.matrix("A", "m", "n"), fr.vector("b", "m"))
    [A, b]
    """
    return _joined("hcat", blocks)


def vcat(*blocks: Operand) -> Formula:
    """Blocks below each other, as many columns in each.

    >>> import frechet as fr
    >>> fr.vcat(fr.vector("x", "m"), fr.vector("y", "n")).shape
    ('m+n',)
    """
    return _joined("vcat", blocks)


def _joined(op: str, blocks: tuple[Operand, ...]) -> Formula:
    if len(blocks) < 2:
        raise FrechetError("input", f"{op} joins two blocks or more; got {len(blocks)}")
    return build(op, *blocks)


def einsum(spec: str, *operands: Operand) -> Formula:
    """A contraction with NumPy's meaning.

    >>> import frechet as fr
    >>> fr.einsum("ij,kj->ik", fr.matrix("A", "m", "n"), fr.matrix("B", "p", "n")).shape
    ('m', 'p')
    """
    from frechet.ops.tensors import explicit

    if not isinstance(spec, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise FrechetError("input", 'einsum begins with a text, as in fr.einsum("ij,jk->ik", A, B)')
    return build("einsum", *operands, params=(explicit(spec),))
