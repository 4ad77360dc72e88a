"""Arrays with named axes: what stands for a formula whose parts carry indices.

`x[i,:]'` with a running index i is a column for each i: an array with one axis called `i` and one axis for the rows of
the column.  Named axes make the members of a family, its entries and whole arrays one thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import final

from frechet.core.dim import ONE
from frechet.core.expr import Expr
from frechet.core.op import Unify
from frechet.errors import FrechetError
from frechet.ops.expressions import apply, number

LETTERS = "ijklmnpqrstuvwxyzabcdefgh"
Axes = tuple[str, ...]
Operand = tuple[Expr, Axes]


def anonymous(axis: str) -> bool:
    """Whether an axis is a row or a column axis of its own, and no index of the formula."""
    return axis.startswith("·")


@final
@dataclass(frozen=True)
class Named:
    """Factors whose product, summed over every axis that nobody keeps, is the array.

    `row` and `col` are the axes that stand for its rows and columns (None: one row, one column); the other axes that
    are kept are indices of the formula.
    """

    factors: tuple[Operand, ...]
    row: str | None = None
    col: str | None = None

    @property
    def axes(self) -> Axes:
        """Every axis once, in order of appearance."""
        return tuple(dict.fromkeys(axis for _, axes in self.factors for axis in axes))

    @property
    def indices(self) -> Axes:
        """The indices of the formula among them."""
        return tuple(axis for axis in self.axes if not anonymous(axis))

    @property
    def sides(self) -> Axes:
        """The row and the column axis, those that there are."""
        return tuple(axis for axis in (self.row, self.col) if axis is not None)

    def turned(self) -> Named:
        """The transpose: nothing moves."""
        return replace(self, row=self.col, col=self.row)

    def renamed(self, names: Mapping[str, str]) -> Named:
        """The same with axes under other names."""

        def new(axis: str) -> str:
            return names.get(axis) or axis

        factors = tuple((e, tuple(new(a) for a in axes)) for e, axes in self.factors)
        return Named(factors, self.row and new(self.row), self.col and new(self.col))


def of_array(e: Expr, fresh: Iterable[str]) -> Named:
    """A scalar, vector, row or matrix with axes of its own.

    >>> from frechet.ops.expressions import variable
    >>> of_array(variable("X", ("m", "n")), iter(["·0", "·1"])).axes
    ('·0', '·1')
    """
    names = iter(fresh)
    if not e.shape:
        return Named(((e, ()),))
    if len(e.shape) == 1:
        row = next(names)
        return Named(((e, (row,)),), row)
    if len(e.shape) == 2 and e.shape[0] == ONE:
        col = next(names)
        return Named(((apply("transpose", (e,)), (col,)),), None, col)
    if len(e.shape) > 2:
        raise FrechetError(
            "unsupported", "a tensor stands without indices in a formula with indices: write its entries"
        )
    row, col = next(names), next(names)
    return Named(((e, (row, col)),), row, col)


def einsum(operands: Sequence[Operand], out: Axes, unify: Unify) -> Expr:
    """The product of the operands over all their axes, summed over those that are not in `out`.

    >>> from frechet.ops.expressions import rigid, variable
    >>> A, x = variable("A", ("m", "n")), variable("x", ("n",))
    >>> einsum([(A, ("i", "k")), (x, ("k",))], ("i",), rigid).shape
    (m,)
    """
    scalars = [e for e, axes in operands if not axes]
    arrays = [(e, axes) for e, axes in operands if axes]
    letters: dict[str, str] = {}
    for _, axes in arrays:
        for axis in axes:
            letters.setdefault(axis, LETTERS[len(letters)])
    if not arrays:
        made = number(1)
    elif len(arrays) == 1 and arrays[0][1] == out:
        made = arrays[0][0]
    else:
        spec = ",".join("".join(letters[axis] for axis in axes) for _, axes in arrays)
        spec += "->" + "".join(letters[axis] for axis in out)
        made = apply("einsum", [e for e, _ in arrays], (spec,), unify)
    for s in reversed(scalars):
        made = s if made is number(1) else apply("mul", (s, made), (), unify)
    return made
