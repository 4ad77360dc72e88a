"""The axes of a formula with indices: how long they are, and arrays made over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import final

from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.core.op import Unify
from frechet.language.indexed.named import Axes, Named, Operand, anonymous, einsum, of_array
from frechet.language.indexed.ranges import Ranges
from frechet.ops.expressions import apply


@final
class Arrays:
    """What makes arrays with named axes: the ranges of the indices, the lengths of rows and columns."""

    def __init__(self, body: Expr, unify: Unify, places: Mapping[str, int], ranges: Mapping[str, Dim]) -> None:
        self.unify = unify
        self.ranges = Ranges(body, ranges, unify, places)
        self.sides: dict[str, Dim] = {}  # how long the rows and columns of the parts are
        self.count = count()

    def fresh(self, length: Dim) -> str:
        """A new axis of rows or columns."""
        axis = f"·{next(self.count)}"
        self.sides[axis] = length
        return axis

    def size(self, axis: str) -> Dim:
        """How long an axis is."""
        return self.sides[axis] if anonymous(axis) else self.ranges.of(axis)

    def array(self, e: Expr) -> Named:
        """An array without indices, with axes of its own."""
        return of_array(e, (self.fresh(d) for d in e.shape if len(e.shape) != 2 or d != 1 or e.shape[1] == 1))

    def einsum(self, operands: Iterable[Operand], out: Axes) -> Expr:
        """The product of the operands, summed over the axes that are not in `out`."""
        return einsum(list(operands), out, self.unify)

    def spread(self, n: Named, wanted: Axes) -> Expr:
        """One array with its axes in the order wanted, repeated along those it lacks."""
        here = n.axes
        if len(n.factors) == 1 and n.factors[0][1] == wanted:
            return n.factors[0][0]
        extra = [i for i in wanted if i not in here]
        return self.einsum([*n.factors, *((apply("ones", (), (self.size(i),)), (i,)) for i in extra)], wanted)

    def apart(self, n: Named) -> Named:
        """The same with different axes for rows and columns: a diagonal matrix is a product with an identity."""
        if n.row is None or n.row != n.col:
            return n
        other = self.fresh(self.size(n.row))
        eye = (apply("eye", (), (self.size(n.row),)), (n.row, other))
        return Named((*n.factors, eye), n.row, other)

    def one(self, n: Named) -> Operand:
        """The array as one factor."""
        if len(n.factors) == 1:
            return n.factors[0]
        return self.einsum(n.factors, n.axes), n.axes

    def squares(self, n: Named) -> Named:
        """The sum of squares of each member."""
        made, axes = self.one(self.apart(n))
        out = tuple(i for i in axes if not anonymous(i))
        return Named(((self.einsum([(made, axes), (made, axes)], out), out),))
