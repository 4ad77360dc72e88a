"""Contractions as a reader would write them: X', permute(X,…), sum(X,k), A*B over the last two axes, else einsum.

Operands are cores with a number for each axis; what the result lacks is summed over.
"""

from __future__ import annotations

from collections.abc import Sequence

from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.core.op import Unify
from frechet.ops.expressions import apply

Axes = tuple[int, ...]
"""Where the axes of a core stand in NumPy's shape."""
Operand = tuple[Expr, Axes]


def agreed(left: Dim, right: Dim, /) -> Dim:
    """The common size of two sizes that have been made to agree before: they may be written differently yet."""
    return left


def turned(e: Expr) -> Expr:
    """The transpose: of a transpose what is transposed, of A'*x the row x'*A."""
    if not e.shape:
        return e
    if e.op.name == "mul" and len(e.shape) == 1 and e.args[0].op.name == "transpose" and len(e.args[1].shape) == 1:
        return apply("mul", (apply("transpose", (e.args[1],)), e.args[0].args[0]), (), agreed)
    return e.args[0] if e.op.name == "transpose" else apply("transpose", (e,))


def reordered(e: Expr, order: Sequence[int]) -> Expr:
    """The axes in another order, axis k of the result being axis `order[k]`: of a matrix the transpose.

    >>> from frechet.ops.expressions import variable
    >>> T = variable("T", ("m", "n", "p"))
    >>> reordered(T, (1, 0, 2)), reordered(reordered(T, (1, 0, 2)), (1, 0, 2)) is T, reordered(T, (0, 2, 1))
    (permute(variable('T', ()), 2, 1, 3), True, transpose(variable('T', ())))
    """
    n = len(order)
    inner, before = e, tuple(range(n))
    if n > 2 and e.op.name in ("permute", "transpose"):
        (inner,) = e.args
        before = tuple(int(k) - 1 for k in e.params) if e.op.name == "permute" else _swapped(n)
    made = tuple(before[k] for k in order)
    if made == tuple(range(n)):
        return inner
    if made == _swapped(n):
        return turned(inner) if n == 2 else apply("transpose", (inner,))
    return apply("permute", (inner,), tuple(k + 1 for k in made))


def _swapped(n: int) -> Axes:
    return (*range(n - 2), n - 1, n - 2)


def outer(operands: Sequence[Operand], result: Axes, unify: Unify = agreed) -> Expr:
    """The sum of products over the axes that the result lacks: einsum over numbered axes, plainly where it is plain.

    >>> from frechet.ops.expressions import variable
    >>> A, T = variable("A", ("m", "n")), variable("T", ("b", "n", "k"))
    >>> outer([(A, (0, 1))], (1, 0)), outer([(A, (1, 2)), (T, (0, 2, 3))], (0, 1, 3))
    (transpose(variable('A', ())), mul(variable('A', ()), variable('T', ())))
    """
    numbers = [e for e, axes in operands if not axes]
    arrays = [(e, axes) for e, axes in operands if axes]
    if len(arrays) == 1:
        made = _alone(arrays[0], result, unify)
    else:
        plain = _batched(arrays, result, unify) if len(arrays) == 2 else None
        made = (plain or _einsum(arrays, result, unify)) if arrays else numbers.pop()
    for e in numbers:
        made = apply("mul", (e, made))
    return made


def _alone(operand: Operand, result: Axes, unify: Unify) -> Expr:
    """One array: its axes in another order, sums along those that go."""
    e, axes = operand
    going = [k for k in axes if k not in result]
    plain = len(set(axes)) == len(axes) and len(axes) - len(going) == len(result)
    if not plain or (going and len(axes) <= 2):
        return _einsum([operand], result, unify)
    for k in reversed(going):
        e = apply("sum", (e,), (axes.index(k) + 1,) if len(axes) > 1 else (None,))
        axes = tuple(j for j in axes if j != k)
    return reordered(e, [axes.index(k) for k in result]) if axes else e


def _batched(arrays: Sequence[Operand], result: Axes, unify: Unify) -> Expr | None:
    """Two arrays of which one is a tensor: entry by entry, or the product over the last two axes of each."""
    (x, at), (y, bt) = arrays
    if len(at) <= 2 and len(bt) <= 2:
        return None
    if len(set(at)) != len(at) or len(set(bt)) != len(bt):
        return None
    if at == bt == result:
        return apply("hadamard", (x, y), (), unify)
    for left, right in (((x, at), (y, bt)), ((y, bt), (x, at))):
        found = _product(left, right, unify)
        if found is not None and found[1] == result:
            return found[0]
    found = _product((x, at), (y, bt), unify)
    if found is not None and (*found[1][:-2], found[1][-1], found[1][-2]) == result:
        return apply("transpose", (found[0],))
    return None


def _product(left: Operand, right: Operand, unify: Unify) -> tuple[Expr, Axes] | None:
    """The product over the one axis that the last two of both share, and its axes."""
    (x, at), (y, bt) = left, right
    if len(at) < 2 or len(bt) < 2:
        return None
    batch = at[:-2] or bt[:-2]
    shared = set(at[-2:]) & set(bt[-2:])
    if (at[:-2] and bt[:-2] and at[:-2] != bt[:-2]) or len(shared) != 1:
        return None
    (k,) = shared
    (i,), (j,) = (tuple(a for a in axes[-2:] if a != k) for axes in (at, bt))
    if k in batch or i in batch or j in batch:
        return None
    a = x if at[-1] == k else _turned(x)
    b = y if bt[-2] == k else _turned(y)
    return apply("mul", (a, b), (), unify), (*batch, i, j)


def _turned(e: Expr) -> Expr:
    n = len(e.shape)
    return reordered(e, _swapped(n)) if n > 2 else turned(e)


def _einsum(operands: Sequence[tuple[Expr, Axes]], result: Axes, unify: Unify) -> Expr:
    order = [*result, *(k for _, axes in operands for k in axes)]
    letters = dict(zip(dict.fromkeys(order), "ijklmnopqrstuvwxyzabcdefgh", strict=False))
    spec = ",".join("".join(letters[k] for k in axes) for _, axes in operands)
    return apply("einsum", [e for e, _ in operands], (f"{spec}->{''.join(letters[k] for k in result)}",), unify)
