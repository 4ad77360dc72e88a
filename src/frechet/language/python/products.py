"""Products of arrays: `@`, dot, inner, outer, einsum, tensordot, kron."""

from __future__ import annotations

from frechet.core.dim import ONE, Dim, Shape
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.language.python.arrays import Array, Fit, binary, said
from frechet.language.python.axes import normal_axis
from frechet.language.python.contractions import outer, turned
from frechet.ops.expressions import apply
from frechet.ops.tensors import split


def _joined(fit: Fit, p: Dim, q: Dim, a: Array, b: Array, sign: str) -> None:
    try:
        fit.unify(p, q)
    except FrechetError:
        needs = "as many entries in the last axis of the left as in the last but one of the right"
        if len(b.shape) == 1:
            needs = "as many entries in the last axis of the left as in the right"
        text = f"{sign} needs {needs}; got {said(a.shape)} and {said(b.shape)}"
        raise FrechetError("shape", text) from None


def matmul(fit: Fit, a: Array, b: Array, sign: str = "@") -> Array:
    """`a @ b`: 1-d is a row on the left and a column on the right; more than two axes are batches of matrices.

    >>> from frechet.language.python.arrays import leaf
    >>> x, A = leaf("x", ("m",)), leaf("A", ("m", "n"))
    >>> matmul(Fit(), x, A).expr, matmul(Fit(), x, x).expr
    (mul(transpose(variable('A', ())), variable('x', ())), mul(transpose(variable('x', ())), variable('x', ())))
    """
    if not a.shape or not b.shape:
        raise FrechetError(
            "shape", f"{sign} needs arrays, one of these is a number: for a number times an array write *"
        )
    inner = a.shape[-1], b.shape[-1] if len(b.shape) == 1 else b.shape[-2]
    if ONE in inner and inner != (ONE, ONE):
        raise FrechetError(
            "shape", f"{sign} does not broadcast the inner axis; got {said(a.shape)} and {said(b.shape)}"
        )
    _joined(fit, *inner, a, b, sign)
    batch = fit.together(a.shape[:-2], b.shape[:-2])
    shape = (*batch, *a.shape[-2:-1], *(b.shape[-1:] if len(b.shape) > 1 else ()))
    if len(a.shape) <= 2 and len(b.shape) <= 2:
        return Array(_flat(fit, a, b), shape)
    # Labels: batch axes by their place from the right, then rows, inner, columns.
    first = len(batch)
    rows, middle, columns = first, first + 1, first + 2

    def labels(s: Array, matrix: tuple[int, int]) -> list[int]:
        own = list(matrix) if len(s.shape) > 1 else [middle]
        return [*range(first - len(s.shape) + len(own), first), *own]

    al, bl = labels(a, (rows, middle)), labels(b, (middle, columns))
    result = [*range(first), *([rows] if len(a.shape) > 1 else []), *([columns] if len(b.shape) > 1 else [])]
    kept = tuple(k for k, d in zip(result, shape, strict=True) if d != ONE)
    operands = [(s.expr, tuple(ls[k] for k in s.axes)) for s, ls in ((a, al), (b, bl))]
    return Array(outer(operands, kept, fit.unify), shape)


def _flat(fit: Fit, a: Array, b: Array) -> Expr:
    """The core of a product of arrays of one or two axes."""
    rows = len(a.shape) > 1 and a.shape[0] != ONE
    columns = len(b.shape) > 1 and b.shape[1] != ONE
    inner = a.shape[-1:] != (ONE,)
    x, y = a.expr, b.expr
    if not inner:
        pair = (x, turned(y)) if rows and columns else (x, y)
        return apply("mul", pair, (), fit.unify)
    if rows:
        return apply("mul", (x, y), (), fit.unify)
    if columns:
        return apply("mul", (turned(y), x), (), fit.unify)
    return apply("mul", (turned(x), y), (), fit.unify)


def dot(fit: Fit, a: Array, b: Array) -> Array:
    """np.dot: the product with a number, else of the last axis with the last but one."""
    if not a.shape or not b.shape:
        return binary(fit, "hadamard", a, b)
    if len(a.shape) <= 2 and len(b.shape) <= 2:
        return matmul(fit, a, b, "dot")
    n, m = len(a.shape) - 1, len(b.shape)
    at = max(m - 2, 0)  # the axis of b that is summed over
    other = [99 if k == at else 50 + k for k in range(m)]
    return contracted(fit, [a, b], [[*range(n), 99], other], [*range(n), *(k for k in other if k != 99)])


def inner(fit: Fit, a: Array, b: Array) -> Array:
    """np.inner: over the last axis of both."""
    if not a.shape or not b.shape:
        return binary(fit, "hadamard", a, b)
    n, m = len(a.shape) - 1, len(b.shape) - 1
    return contracted(fit, [a, b], [[*range(n), 99], [*range(50, 50 + m), 99]], [*range(n), *range(50, 50 + m)])


def diagonal_of(fit: Fit, a: Array, one: int, other: int) -> Array:
    """The diagonal over two axes, as the last axis of the others."""
    i, j = normal_axis(one, len(a.shape)), normal_axis(other, len(a.shape))
    if i == j:
        raise FrechetError("shape", "a diagonal is of two axes; one is named twice")
    own = [i if k == j else k for k in range(len(a.shape))]
    return contracted(fit, [a], [own], [k for k in own if k != i] + [i])


def contracted(
    fit: Fit, arrays: list[Array], labels: list[list[int]], result: list[int], loose: frozenset[int] = frozenset()
) -> Array:
    """einsum with numbered axes; those in `loose` are broadcast where one of them has size 1."""
    sizes: dict[int, Dim] = {}
    for a, own in zip(arrays, labels, strict=True):
        for k, d in zip(own, a.shape, strict=True):
            known = sizes.get(k)
            if known is not None and (known == ONE) != (d == ONE):
                if k in loose:
                    sizes[k] = d if known == ONE else known
                    continue
                raise FrechetError("shape", f"an index has the sizes {known} and {d}")
            try:
                sizes[k] = d if known is None else fit.unify(known, d)
            except FrechetError:
                raise FrechetError("shape", f"an index has the sizes {known} and {d}") from None
    shape: Shape = tuple(sizes[k] for k in result)
    kept = tuple(k for k in result if sizes[k] != ONE)
    operands = [(a.expr, tuple(own[i] for i in a.axes)) for a, own in zip(arrays, labels, strict=True)]
    plain = _plain(fit, operands, kept)
    return Array(outer(operands, kept, fit.unify) if plain is None else plain, shape)


def _plain(fit: Fit, operands: list[tuple[Expr, tuple[int, ...]]], kept: tuple[int, ...]) -> Expr | None:
    """The product of two vectors or matrices over one shared axis, as the matrix product it is."""
    if len(operands) != 2:
        return None
    (x, at), (y, bt) = operands
    shared = set(at) & set(bt)
    if len(shared) != 1 or shared & set(kept) or not 1 <= len(at) <= 2 or not 1 <= len(bt) <= 2:
        return None
    if len(set(at)) != len(at) or len(set(bt)) != len(bt):
        return None
    (k,) = shared
    left = x if len(at) == 1 or at[1] == k else turned(x)
    right = y if bt[0] == k else turned(y)
    free = tuple(i for i in (*at, *bt) if i != k)
    if len(at) == 1:
        left = turned(x) if len(bt) == 1 else x
        if len(bt) == 2:
            return apply("mul", (turned(right), x), (), fit.unify) if kept == free else None
    product = apply("mul", (left, right), (), fit.unify)
    return product if kept == free else turned(product) if kept == free[::-1] else None


def einsum(fit: Fit, spec: str, arrays: list[Array]) -> Array:
    """np.einsum to the letter; the output written or not.

    >>> from frechet.language.python.arrays import leaf
    >>> A = leaf("A", ("m", "n"))
    >>> einsum(Fit(), "ij,ij", [A, A]).shape
    ()
    """
    spec = spec.replace(" ", "")
    left, arrow, right = spec.partition("->")
    own = left.split(",")
    if len(own) != len(arrays):
        raise FrechetError("shape", f'einsum("{spec}") needs {len(own)} arrays; got {len(arrays)}')
    wide = max(
        (len(a.shape) - len(o.replace("...", "")) for o, a in zip(own, arrays, strict=True) if "..." in o), default=0
    )
    free = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in spec][:wide]
    if "..." in spec:
        if not arrow:
            letters = left.replace("...", "").replace(",", "")
            right = "..." + "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
        own = [_ellipsis(spec, o, len(a.shape), free) for o, a in zip(own, arrays, strict=True)]
        spec = f"{','.join(own)}->{right.replace('...', ''.join(free))}"
    labels, result = split(spec)
    for names, a in zip(labels, arrays, strict=True):
        if len(names) != len(a.shape):
            text = f'einsum("{spec}"): "{names}" needs an array of {len(names)} axes; got shape {said(a.shape)}'
            raise FrechetError("shape", text)
    loose = frozenset(map(ord, free))
    return contracted(fit, arrays, [[ord(c) for c in o] for o in labels], [ord(c) for c in result], loose)


def _ellipsis(spec: str, names: str, order: int, free: list[str]) -> str:
    """The letters of an array where "..." stands for the axes without a letter, the last of `free`."""
    if "..." not in names:
        return names
    count = order - len(names.replace("...", ""))
    if count < 0 or names.count("...") > 1:
        raise FrechetError("shape", f'einsum("{spec}"): "{names}" has more letters than the array of {order} axes')
    return names.replace("...", "".join(free[len(free) - count :]))


def tensordot(fit: Fit, a: Array, b: Array, axes: int | tuple[tuple[int, ...], tuple[int, ...]]) -> Array:
    """np.tensordot: over the last axes of one with the first of the other, or over axes that are named."""
    n, m = len(a.shape), len(b.shape)
    if isinstance(axes, int) and not 0 <= axes <= min(n, m):
        raise FrechetError("shape", f"tensordot over {axes} axes of {said(a.shape)} and {said(b.shape)}")
    left = tuple(range(n - axes, n)) if isinstance(axes, int) else tuple(normal_axis(k, n) for k in axes[0])
    right = tuple(range(axes)) if isinstance(axes, int) else tuple(normal_axis(k, m) for k in axes[1])
    if len(left) != len(right) or len(set(left)) != len(left) or len(set(right)) != len(right):
        raise FrechetError("shape", "tensordot needs as many axes of the left as of the right")
    own = list(range(n))
    other = [left[right.index(k)] if k in right else 50 + k for k in range(m)]
    result = [k for k in own if k not in left] + [k for k in other if k >= 50]
    return contracted(fit, [a, b], [own, other], result)


def kron(fit: Fit, a: Array, b: Array) -> Array:
    """np.kron of vectors or of matrices."""
    if len(a.shape) != len(b.shape) or len(a.shape) > 2:
        raise FrechetError("unsupported", f"kron of shapes {said(a.shape)} and {said(b.shape)}: give both as many axes")
    if len(a.shape) < 2:
        shape = tuple(p * q for p, q in zip(a.shape, b.shape, strict=True))
        return Array(apply("kron", (a.expr, b.expr)), shape)
    rows = [turned(s.expr) if s.shape[0] == ONE and s.shape[1] != ONE else s.expr for s in (a, b)]
    made = apply("kron", rows)
    shape = (a.shape[0] * b.shape[0], a.shape[1] * b.shape[1])
    return Array(turned(made) if shape[0] == ONE else made, shape)


def outer_product(fit: Fit, a: Array, b: Array) -> Array:
    """np.outer of two vectors."""
    if len(a.shape) != 1 or len(b.shape) != 1:
        text = f"outer takes vectors here; got {said(a.shape)} and {said(b.shape)}: ravel() what is to be laid flat"
        raise FrechetError("shape", text)
    column = Array(a.expr, (a.shape[0], ONE))
    return binary(fit, "hadamard", column, b)
