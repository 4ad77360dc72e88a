"""Sums, means, products, norms, softmax: of all entries, or along an axis, which is NumPy's.

The formula language counts axes from 1: what is ``axis=0`` here is printed, and typed in a text, as ``sum(X,1)``.
"""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING

from frechet.errors import FrechetError
from frechet.library.formula import Formula, build, expr_of

if TYPE_CHECKING:
    from frechet.library.words import Operand


def axis_of(x: Operand, axis: int | None) -> int | None:
    """NumPy's axis (0 the first, -1 the last) as the language counts it, from 1; None for every entry.

    >>> import frechet as fr
    >>> axis_of(fr.matrix("A", "m", "n"), 0), axis_of(fr.matrix("A", "m", "n"), -1)
    (1, 2)
    """
    if axis is None:
        return None
    order = len(expr_of(x).shape)
    if isinstance(axis, bool) or not isinstance(axis, Integral):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise FrechetError("input", f"an axis is a whole number or None, as in NumPy; got {axis!r}")
    if not -order <= axis < order:
        there = "a scalar has none" if not order else f"this array has {', '.join(map(str, range(order)))}"
        raise FrechetError("shape", f"there is no axis {axis}: axes count from 0, as in NumPy, and {there}")
    return None if order == 1 else int(axis) % order + 1


def sum(x: Operand, axis: int | None = None) -> Formula:
    """Σ of all entries, or along an axis, which is NumPy's: 0 down the rows, 1 along each row, -1 the last.

    The formula language counts axes from 1: what is ``axis=0`` here is printed, and typed in a text, as ``sum(X,1)``.

    >>> import frechet as fr
    >>> X = fr.matrix("X", "m", "n")
    >>> fr.sum(X), fr.sum(X, axis=0), fr.sum(X, axis=0).shape, fr.sum(X, axis=1).shape
    (sum(X), sum(X,1), ('n',), ('m',))
    """
    return build("sum", x, params=(axis_of(x, axis),))


def mean(x: Operand, axis: int | None = None) -> Formula:
    """The mean of all entries, or along an axis (NumPy's) as for `sum`.

    >>> import frechet as fr
    >>> fr.mean(fr.vector("x", "n")).evaluate(x=[1, 2, 6]).tolist()
    3.0
    """
    return build("mean", x, params=(axis_of(x, axis),))


def prod(x: Operand, axis: int | None = None) -> Formula:
    """Π of all entries, or along an axis (NumPy's) as for `sum`.

    >>> import frechet as fr
    >>> fr.prod(fr.vector("x", "n")).evaluate(x=[1, 2, 6]).tolist()
    12.0
    """
    return build("prod", x, params=(axis_of(x, axis),))


def norm1(x: Operand) -> Formula:
    """The sum of the moduli of the entries, a scalar.

    >>> import frechet as fr
    >>> fr.norm1(fr.vector("x", "n")).evaluate(x=[1, -2]).tolist()
    3.0
    """
    return build("norm1", x)


def norm2(x: Operand) -> Formula:
    """√(Σ x[i,j]²): the Euclidean norm of a vector, the Frobenius norm of a matrix.

    >>> import frechet as fr
    >>> fr.norm2(fr.vector("x", "n")).evaluate(x=[3, 4]).tolist()
    5.0
    """
    return build("norm2", x)


def logsumexp(x: Operand, axis: int | None = None) -> Formula:
    """log Σ exp of all entries, or along an axis (NumPy's) as for `sum`.

    >>> import frechet as fr
    >>> fr.derive(fr.logsumexp(fr.vector("x", "n")), "x").gradient
    softmax(x)
    """
    return build("logsumexp", x, params=(axis_of(x, axis),))


def softmax(x: Operand, axis: int | None = None) -> Formula:
    """exp(x)/Σ exp(x), in the shape of x; along axis 0 each column, along axis 1 each row sums to one.

    >>> import frechet as fr
    >>> fr.softmax(fr.vector("x", "n")).evaluate(x=[0, 0]).tolist()
    [0.5, 0.5]
    """
    return build("softmax", x, params=(axis_of(x, axis),))
