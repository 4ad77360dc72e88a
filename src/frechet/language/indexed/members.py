"""Functions of an array that act on all members of a family at once: their sums, norms, traces, softmax."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from frechet.core.expr import Expr
from frechet.core.op import Op
from frechet.errors import FrechetError
from frechet.language.indexed.axes import Arrays
from frechet.language.indexed.named import Named
from frechet.ops.expressions import apply, number, size


def of_entries(a: Arrays, e: Expr, n: Named, function: str) -> Named:
    """A function of every entry of each member."""
    made, axes = a.one(a.apart(n))
    return Named(((apply(function, (made,)), axes),), n.row, n.col)


def summed(a: Arrays, n: Named, sides: Iterable[str | None]) -> Named:
    """The sum over rows, columns or both."""
    gone = set(sides)
    made, axes = a.one(a.apart(n))
    out = tuple(i for i in axes if i not in gone)
    row, col = (side if side not in gone else None for side in (n.row, n.col))
    return Named(((a.einsum([(made, axes)], out), out),), row, col)


def reduced(a: Arrays, e: Expr, n: Named) -> Named:
    """sum and mean, of all or along an axis."""
    n = a.apart(n)
    axis = e.params[0] if e.params else None
    gone = [n.row] if axis == 1 else [n.col] if axis == 2 else [n.row, n.col]
    made = summed(a, n, gone)
    if axis == 1:
        made = made.turned()
    if e.op.name == "mean":
        lengths = [size(a.size(side)) for side in gone if side is not None]
        made = Named((*made.factors, *((apply("divide", (number(1), k)), ()) for k in lengths)), made.row, made.col)
        made = Named((a.one(made),), made.row, made.col)
    return made


def along_rows(a: Arrays, e: Expr, n: Named) -> Named:
    """What acts along an axis (`Op.along`: softmax, logsumexp) of each member, a vector, as of the rows of a matrix."""
    if len(n.indices) != 1 or n.row is None or n.col is not None:
        raise FrechetError("unsupported", f"{e.op.name} of a family is that of vectors, over one index")
    axes = (*n.indices, n.row)
    made = apply(e.op.name, (a.spread(n, axes),), (2,), a.unify)
    return Named(((made, axes if len(made.shape) == 2 else n.indices),), n.row if made.shape[1:] else None)


def traced(a: Arrays, n: Named) -> Named:
    """The trace of each member."""
    n = n if n.row is None or n.col is None or n.row == n.col else n.renamed({n.col: n.row})
    return summed(a, Named((a.one(n),), None, None), [n.row])


def diagonal(a: Arrays, e: Expr, n: Named) -> Named:
    """diag of each member: of a vector a matrix, of a matrix a vector."""
    if n.row is not None and n.col is not None:
        turned = n.renamed({n.col: n.row})
        out = tuple(i for i in turned.axes)
        return Named(((a.einsum(turned.factors, out), out),), n.row)
    side = n.row or n.col
    return a.apart(Named(n.factors, side, side))


def length(a: Arrays, n: Named) -> Named:
    """norm2 of each member."""
    ((made, axes),) = a.squares(n).factors
    return Named(((apply("sqrt", (made,)), axes),))


OF_MEMBERS: dict[str, Callable[[Arrays, Expr, Named], Named]] = {
    "sum": lambda a, e, n: reduced(a, e, n),
    "mean": lambda a, e, n: reduced(a, e, n),
    "tr": lambda a, e, n: traced(a, n),
    "norm1": lambda a, e, n: summed(a, of_entries(a, e, n, "abs"), [n.row, n.col]),
    "norm2": lambda a, e, n: length(a, n),
    "diag": lambda a, e, n: diagonal(a, e, n),
    "vec": lambda a, e, n: n if n.col is None else _no_vec(),
}
"""Programs for functions of an array that act on all members of a family at once, beside those along an axis."""


def of_members(op: Op) -> Callable[[Arrays, Expr, Named], Named] | None:
    """How an operation acts on all members of a family at once; None where it does not.

    >>> from frechet.core.records import record
    >>> of_members(record("softmax")) is along_rows, of_members(record("inv"))
    (True, None)
    """
    return along_rows if op.along else OF_MEMBERS.get(op.name)


def _no_vec() -> Named:
    raise FrechetError("unsupported", "vec of each member of a family of matrices: write the sum by entries")
