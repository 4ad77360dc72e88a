"""Shapes: reshape (row-major, as NumPy counts), squeeze, new axes, diag."""

from __future__ import annotations

from frechet.core.dim import ONE, Dim, Shape, entries
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.language.python.arrays import Array, Fit, said
from frechet.language.python.axes import normal_axes, normal_axis
from frechet.language.python.contractions import agreed, reordered, turned
from frechet.ops.expressions import apply


def reshaped(a: Array, sizes: tuple[Dim | int, ...], order: str = "C") -> Array:
    """`a.reshape(…)`: the last index runs fastest; one size may be -1.

    >>> from frechet.language.python.arrays import leaf
    >>> X = leaf("X", ("m", "n"))
    >>> reshaped(X, (-1,)).expr, reshaped(X, (-1,), "F").expr
    (vec(transpose(variable('X', ()))), vec(variable('X', ())))
    """
    total = entries(a.shape)
    shape = solved(sizes, total)
    if entries(shape) != total:
        raise FrechetError("shape", f"an array of shape {said(a.shape)} has not as many entries as {said(shape)}")
    new = tuple(d for d in shape if d != ONE)
    old = tuple(d for d in a.shape if d != ONE)
    if new == old:
        return Array(a.expr, shape)
    if order not in ("C", "F"):
        raise FrechetError("unsupported", f"reshape in order {order}: use 'C' or 'F'")
    by_rows = order == "C"
    if len(new) > 2 or len(old) > 2:
        return Array(_regrouped(a.expr, old, new, by_rows), shape)
    e = turned(a.expr) if by_rows and len(old) == 2 else a.expr
    if len(new) < 2:
        return Array(apply("vec", (e,)), shape)
    flat = new[::-1] if by_rows else new
    made = apply("reshape", (e,), flat, agreed)
    return Array(turned(made) if by_rows else made, shape)


def solved(sizes: tuple[Dim | int, ...], total: Dim) -> Shape:
    """The sizes, with what is left of the entries for -1."""
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


def _regrouped(e: Expr, old: Shape, new: Shape, by_rows: bool) -> Expr:
    """Axes split and merged; where the last index runs fastest, the axes of a group are taken in reverse.

    >>> from frechet.ops.expressions import variable
    >>> X, (b, h, d) = variable("X", ("b", "d*h")), map(Dim.of, ("b", "h", "d"))
    >>> _regrouped(X, (b, d * h), (b, h, d), True).shape
    (b, h, d)
    """
    groups = _groups(old, new) if by_rows else [(list(range(len(old))), list(range(len(new))))]
    if by_rows:
        e = reordered(e, [k for before, _ in groups for k in reversed(before)])
    order = [k for _, after in groups for k in (reversed(after) if by_rows else after)]
    sizes = tuple(new[k] for k in order)
    if sizes != e.shape:
        e = apply("vec", (e,)) if len(sizes) == 1 else apply("reshape", (e,), sizes, agreed)
    return reordered(e, [order.index(k) for k in range(len(order))])


def _groups(old: Shape, new: Shape) -> list[tuple[list[int], list[int]]]:
    """The axes before and after that hold the same entries: the shortest runs of as many entries on both sides.

    >>> b, h, d = map(Dim.of, "bhd")
    >>> _groups((b, h * d), (b, h, d)), _groups((b, h, d), (b * h, d))
    ([([0], [0]), ([1], [1, 2])], [([0, 1], [0]), ([2], [1])])
    """
    groups: list[tuple[list[int], list[int]]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        before, after, p, q = [i], [j], old[i], new[j]
        while p != q:
            if _within(q, p) and after[-1] + 1 < len(new):
                after.append(after[-1] + 1)
                q = q * new[after[-1]]
            elif _within(p, q) and before[-1] + 1 < len(old):
                before.append(before[-1] + 1)
                p = p * old[before[-1]]
            else:
                return [*groups, (list(range(i, len(old))), list(range(j, len(new))))]
        groups.append((before, after))
        i, j = before[-1] + 1, after[-1] + 1
    return groups


def _within(p: Dim, q: Dim) -> bool:
    """Whether p may be some of the factors of q: it is the smaller number, or divides q as a polynomial."""
    if p.number is not None and q.number is not None:
        return p.number < q.number
    ratio = q.quotient(p)
    return ratio is not None and all(c.denominator == 1 for _, c in ratio.terms)


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
