"""Shapes: reshape (row-major, as NumPy counts), squeeze, joining and stacking, triangles, diag."""

from __future__ import annotations

from frechet.core.dim import ONE, Dim, Shape, entries
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.language.python.arrays import Array, Fit, agreed, said, turned
from frechet.language.python.axes import normal_axes, normal_axis
from frechet.ops.expressions import apply


def reshaped(a: Array, sizes: tuple[Dim | int, ...], order: str = "C") -> Array:
    """`a.reshape(…)`: the last index runs fastest; one size may be -1.

    >>> from frechet.language.python.arrays import leaf
    >>> X = leaf("X", ("m", "n"))
    >>> reshaped(X, (-1,)).expr, reshaped(X, (-1,), "F").expr
    (vec(transpose(variable('X', ()))), vec(variable('X', ())))
    """
    total = entries(a.shape)
    shape = _solved(sizes, total)
    if entries(shape) != total:
        raise FrechetError("shape", f"an array of shape {said(a.shape)} has not as many entries as {said(shape)}")
    new = tuple(d for d in shape if d != ONE)
    old = tuple(d for d in a.shape if d != ONE)
    if new == old:
        return Array(a.expr, shape)
    if len(new) > 2 or len(old) > 2:
        raise FrechetError("unsupported", f"reshape from {said(a.shape)} to {said(shape)} is not done yet")
    if order not in ("C", "F"):
        raise FrechetError("unsupported", f"reshape in order {order}: use 'C' or 'F'")
    by_rows = order == "C"
    e = turned(a.expr) if by_rows and len(old) == 2 else a.expr
    if len(new) < 2:
        return Array(apply("vec", (e,)), shape)
    flat = new[::-1] if by_rows else new
    made = apply("reshape", (e,), flat, agreed)
    return Array(turned(made) if by_rows else made, shape)


def _solved(sizes: tuple[Dim | int, ...], total: Dim) -> Shape:
    unknown = [k for k, d in enumerate(sizes) if d == -1]
    if len(unknown) > 1:
        raise FrechetError("shape", "reshape finds one size only: -1 may stand once")
    known = [Dim.of(d) for d in sizes]
    if unknown:
        below = ONE
        for k, d in enumerate(known):
            below = below if k in unknown else below * d
        size = total.quotient(below)
        if size is None:
            raise FrechetError("shape", f"-1 cannot stand for a whole size: {total} over {below}")
        known[unknown[0]] = size
    return tuple(known)


def squeezed(a: Array, axis: int | tuple[int, ...] | None) -> Array:
    """Axes of size 1 taken away."""
    gone = tuple(k for k, d in enumerate(a.shape) if d == ONE) if axis is None else normal_axes(axis, a.shape)
    for k in gone:
        if a.shape[k] != ONE:
            raise FrechetError("shape", f"axis {k} of an array of shape {said(a.shape)} is not of size 1")
    return Array(a.expr, tuple(d for k, d in enumerate(a.shape) if k not in gone))


def expanded(a: Array, axis: int) -> Array:
    """A new axis of size 1."""
    k = normal_axis(axis, len(a.shape) + 1)
    return Array(a.expr, (*a.shape[:k], ONE, *a.shape[k:]))


def joined(fit: Fit, arrays: list[Array], axis: int) -> Array:
    """np.concatenate: along an axis that the arrays have.

    >>> from frechet.language.python.arrays import leaf
    >>> joined(Fit(), [leaf("x", ("m",)), leaf("y", ("n",))], 0).shape
    (m+n,)
    """
    order = len(arrays[0].shape)
    if any(len(a.shape) != order for a in arrays):
        shapes = ", ".join(said(a.shape) for a in arrays)
        raise FrechetError("shape", f"arrays that are joined have as many axes; got {shapes}")
    if not 1 <= order <= 2:
        raise FrechetError("unsupported", f"joining arrays of {order} axes is not done yet")
    k = normal_axis(axis, order)
    total = Dim.of(0)
    for a in arrays:
        total = total + a.shape[k]
    other = arrays[0].shape[1 - k] if order == 2 else ONE
    for a in arrays[1:] if order == 2 else []:
        try:
            other = fit.unify(other, a.shape[1 - k])
        except FrechetError:
            shapes = ", ".join(said(s.shape) for s in arrays)
            raise FrechetError(
                "shape", f"arrays that are joined along axis {k} agree in the other; got {shapes}"
            ) from None
    blocks = [_block(a) for a in arrays]
    shape = (total,) if order == 1 else (total, other) if k == 0 else (other, total)
    made = apply("hcat" if k == 1 else "vcat", blocks, (), fit.unify) if len(blocks) > 1 else blocks[0]
    return Array(turned(made) if len(made.shape) == 2 and made.shape[0] == ONE else made, shape)


def _block(a: Array) -> Expr:
    """The array with rows and columns: 1×n is a row."""
    return turned(a.expr) if len(a.shape) == 2 and a.shape[0] == ONE and a.shape[1] != ONE else a.expr


def stacked(fit: Fit, arrays: list[Array], axis: int) -> Array:
    """np.stack: along a new axis."""
    if len(arrays[0].shape) > 1:
        raise FrechetError("unsupported", "stacking arrays of more than one axis is not done yet")
    return joined(fit, [expanded(a, axis) for a in arrays], axis)


def diagonal(fit: Fit, a: Array) -> Array:
    """np.diag: a matrix of a vector, the diagonal of a square matrix."""
    if len(a.shape) == 1:
        n = a.shape[0]
        return Array(apply("diag", (a.expr,)) if n != ONE else a.expr, (n, n))
    if len(a.shape) != 2:
        raise FrechetError("unsupported", f"diag of an array of shape {said(a.shape)}: give one or two axes")
    try:
        n = fit.unify(a.shape[0], a.shape[1]) if ONE not in a.shape else _alone(a)
    except FrechetError:
        text = f"diag of a matrix needs a square one; got {said(a.shape)}: write x[:, 0] or ravel() for a column"
        raise FrechetError("shape", text) from None
    return Array(apply("diag", (a.expr,), (), fit.unify) if n != ONE else a.expr, (n,))


def _alone(a: Array) -> Dim:
    if a.shape != (ONE, ONE):
        raise FrechetError("shape", "not square")
    return ONE
