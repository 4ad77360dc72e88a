"""Arrays of arrays: joined, stacked, cut apart, repeated."""

from __future__ import annotations

from collections.abc import Sequence

from frechet.core.dim import ONE, Dim
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.language.python.arrays import Array, Fit, said, whole
from frechet.language.python.axes import broadcast_to, normal_axis
from frechet.language.python.contractions import agreed, outer, turned
from frechet.language.python.indexing import Cut, indexed
from frechet.language.python.products import contracted
from frechet.language.python.shaping import expanded
from frechet.ops.expressions import apply

MOST = 1000
"""The most parts that an array is cut into."""


def joined(fit: Fit, arrays: Sequence[Array], axis: int) -> Array:
    """np.concatenate: along an axis that the arrays have.

    >>> from frechet.language.python.arrays import leaf
    >>> joined(Fit(), [leaf("x", ("m",)), leaf("y", ("n",))], 0).shape
    (m+n,)
    """
    if not arrays:
        raise FrechetError("shape", "there is nothing to join")
    order = len(arrays[0].shape)
    if any(len(a.shape) != order for a in arrays):
        shapes = ", ".join(said(a.shape) for a in arrays)
        raise FrechetError("shape", f"arrays that are joined have as many axes; got {shapes}")
    if order < 1:
        raise FrechetError("shape", "numbers are not joined: write np.array([a, b])")
    k = normal_axis(axis, order)
    sizes = list(arrays[0].shape)
    sizes[k] = Dim.of(0)
    for a in arrays:
        for j in range(order):
            sizes[j] = sizes[j] + a.shape[j] if j == k else _common(fit, sizes[j], a.shape[j], arrays, k)
    shape = tuple(sizes)
    near = [j for j in range(order) if j == k or order <= 2 or shape[j] != ONE]
    if len(near) > 2:
        return Array(_placed(fit, arrays, k, shape[k]), shape)
    flat = [Array(a.expr, tuple(a.shape[j] for j in near)) for a in arrays]
    return Array(_blocks(fit, flat, near.index(k)), shape)


def _common(fit: Fit, p: Dim, q: Dim, arrays: Sequence[Array], k: int) -> Dim:
    """The size of an axis that all share; one of size 1 is not repeated."""
    try:
        if (p == ONE) != (q == ONE):
            raise FrechetError("shape", "a size of 1 is not repeated")
        return fit.unify(p, q)
    except FrechetError:
        shapes = ", ".join(said(a.shape) for a in arrays)
        others = "the other" if len(arrays[0].shape) == 2 else "the others"
        text = f"arrays that are joined along axis {k} agree in {others}; got {shapes}"
        raise FrechetError("shape", text) from None


def _blocks(fit: Fit, arrays: Sequence[Array], k: int) -> Expr:
    """Vectors and matrices side by side or one below the other."""
    blocks = [whole(a) for a in arrays]
    made = apply("hcat" if k == 1 else "vcat", blocks, (), fit.unify) if len(blocks) > 1 else blocks[0]
    return turned(made) if len(made.shape) == 2 and made.shape[0] == ONE else made


def _placed(fit: Fit, arrays: Sequence[Array], k: int, total: Dim) -> Expr:
    """Arrays of more axes, each in its place along the axis by a unit vector or rows of the identity: their sum."""
    if len(arrays) == 1:
        return arrays[0].expr
    made: Expr | None = None
    start = Dim.of(0)
    for a in arrays:
        n, stop = a.shape[k], start + a.shape[k]
        full = tuple(sorted({*a.axes, k}))
        if n == ONE:
            one = stop if stop.number is None else stop.number
            place = (apply("unit", (), (one, total)), (k,))
            term = outer([(a.expr, a.axes), place], full, fit.unify)
        else:
            new = len(a.shape)
            at = tuple(new if j == k else j for j in a.axes)
            term = outer([(a.expr, at), (_identity(start, n, total), (new, k))], full, fit.unify)
        made = term if made is None else apply("add", (made, term), (), fit.unify)
        start = stop
    assert made is not None
    return made


def _identity(start: Dim, n: Dim, total: Dim) -> Expr:
    """n rows of the identity of size `total`, those from `start` on."""
    rest = total - start - n
    blocks = [apply("eye", (), (n,))]
    if start != 0:
        blocks.insert(0, apply("zeros", (), (n, start)))
    if rest != 0:
        blocks.append(apply("zeros", (), (n, rest)))
    return apply("hcat", blocks, (), agreed) if len(blocks) > 1 else blocks[0]


def stacked(fit: Fit, arrays: Sequence[Array], axis: int) -> Array:
    """np.stack: along a new axis."""
    for a in arrays:
        if len(a.shape) != len(arrays[0].shape):
            raise FrechetError("shape", f"arrays that are stacked have one shape; got {said(a.shape)} beside others")
    return joined(fit, [expanded(a, axis) for a in arrays], axis)


def parts(a: Array, axis: int, lengths: Sequence[Dim]) -> tuple[Array, ...]:
    """The array cut along an axis into pieces of these lengths."""
    k = normal_axis(axis, len(a.shape))
    before: tuple[Cut, ...] = (Cut(None, None),) * k
    pieces: list[Array] = []
    start = Dim.of(0)
    for n in lengths:
        pieces.append(indexed(a, (*before, Cut(start, start + n))))
        start = start + n
    if start != a.shape[k]:
        raise FrechetError("shape", f"pieces of {start} in all do not make up an axis of size {a.shape[k]}")
    return tuple(pieces)


def even(n: Dim, count: int) -> list[Dim]:
    """The lengths of so many pieces of one length."""
    if not 0 < count <= MOST:
        raise FrechetError("limit", f"an array is cut into 1 to {MOST} pieces")
    each = n.quotient(Dim.of(count))
    if each is None or any(c.denominator != 1 for _, c in each.terms):
        raise FrechetError("shape", f"an axis of size {n} is not known to fall into {count} parts of one size")
    return [each] * count


def repeated(fit: Fit, a: Array, axis: int, times: Dim, by_entry: bool) -> Array:
    """The array so many times along an axis: as a whole (tile), or each entry by itself (repeat).

    >>> from frechet.language.python.arrays import leaf
    >>> repeated(Fit(), leaf("X", ("m", "n")), 0, Dim.of(3), False).shape
    (3*m, n)
    """
    k = normal_axis(axis, len(a.shape))
    if times == ONE:
        return a
    if times.number is not None and times.number < 1:
        raise FrechetError("shape", f"an array {times} times has no entries")
    n, order = a.shape[k], len(a.shape)
    shape = (*a.shape[:k], n * times, *a.shape[k + 1 :])
    if n == ONE:
        return broadcast_to(fit, a, shape)
    one, each = apply("ones", (), (times,)), apply("eye", (), (n,))
    rows = Array(apply("kron", (each, one) if by_entry else (one, each)), (n * times, n))
    axes = list(range(order))
    made = contracted(fit, [rows, a], [[order, k], axes], [order if j == k else j for j in axes])
    return Array(made.expr, shape)
