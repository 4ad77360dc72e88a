"""What stands in a sum over an index, for all values of the index at once."""

from __future__ import annotations

from typing import final

import numpy as np

from frechet.core.expr import Expr
from frechet.operators.batch import Batch, Diagonals, Full, Outer, Units, turned, weighted
from frechet.operators.structure import Array
from frechet.operators.tape import filled
from frechet.operators.values import Values, finite
from frechet.ops.blocks import COLUMN, ENTRY, ROW
from frechet.ops.constants import UNIT
from frechet.ops.indexform import AT
from frechet.verify.evaluate import parameters
from frechet.verify.summands import PICKS, touched


@final
class OverIndex:
    """The parts of a sum's body with the index as their first axis.

    >>> from frechet.language.problem import read_formula
    >>> from frechet.ops.expressions import variable
    >>> total = read_formula("sum(i: 2*X[i,:]'*X[i,:])", {"X": variable("X", ("m", "n"))})
    >>> inside = OverIndex(total, Values({"X": np.ones((3, 2))}, {"m": 3, "n": 2}, {}, {}))
    >>> [type(piece).__name__ for piece in inside.batch(total.args[0])], inside.length
    (['Outer'], 3)
    """

    def __init__(self, total: Expr, values: Values) -> None:
        (self.index,) = total.params
        self.values = values
        self.moving = touched(total)
        self.known: dict[Expr, Array] = {}
        picks = [e for e in self.moving if e.op in PICKS and self.index in e.params]
        self.length = next(self._runs_to(e) for e in picks)

    def _runs_to(self, e: Expr) -> int:
        if e.op is UNIT:
            return self.values.shape(e)[0] if e.shape else 1
        shape = self.values.shape(e.args[0])
        flat = self.values.flat(e.args[0])
        if e.op is ROW:
            return flat[0]
        return flat[1] if e.op is COLUMN else shape[e.params.index(self.index)]

    # -- arrays --------------------------------------------------------------------------------------------------------

    def array(self, e: Expr) -> Array:
        """The values of a part: first axis the index (of length 1 where the index does not touch the part)."""
        if e not in self.moving:
            return self.values.of(e)[None]
        if e not in self.known:
            self.known[e] = finite(np.reshape(self._array(e), (-1, *self.values.shape(e))), e)
        return self.known[e]

    def matrices(self, e: Expr) -> Array:
        """The same with rows and columns."""
        return self.array(e).reshape(-1, *self.values.flat(e))

    def _array(self, e: Expr) -> Array:
        still = not any(a in self.moving for a in e.args)
        match e.op.name:
            case "row" if still:
                return self.values.matrix(e.args[0])
            case "column" if still:
                return self.values.matrix(e.args[0]).T
            case "at" | "slice" if still and e.params.count(self.index) == 1:
                axis = e.params.index(self.index)
                front = np.moveaxis(self.values.of(e.args[0]), axis, 0)
                rest = [p for k, p in enumerate(e.params) if k != axis]
                if all(p is None or isinstance(p, int) for p in rest):
                    return front[(slice(None), *(slice(None) if p is None else p - 1 for p in rest))]
            case "unit":
                return np.eye(self.length)
            case "mul" if all(len(a.shape) <= 2 for a in e.args):
                if all(a.shape for a in e.args):
                    return np.matmul(*(self.matrices(a) for a in e.args))
                return self._entrywise(e)
            case "transpose" if len(e.shape) <= 2:
                return self.matrices(e.args[0]).transpose(0, 2, 1)
            case "add" | "sub" | "neg" | "hadamard" | "divide" | "edivide":
                return self._entrywise(e)
            case _:
                if e.op.elementwise:
                    return self._entrywise(e)
        return self._one_by_one(e)

    def _entrywise(self, e: Expr) -> Array:
        """An operation that acts entry by entry, numbers spread over what they meet."""
        spread = [
            self.array(a) if a.shape else self.array(a).reshape(-1, *(1 for _ in e.shape)) for a in e.args
        ]  # fmt: skip
        left = spread[0]
        match e.op.name:
            case "add":
                return left + spread[1]
            case "sub":
                return left - spread[1]
            case "neg":
                return -left
            case "mul" | "hadamard":
                return left * spread[1]
            case "divide" | "edivide":
                return left / spread[1]
            case _:
                return e.op.value(np, parameters(e, self.values.sizes, self.values.functions), *spread)

    def _one_by_one(self, e: Expr) -> Array:
        """Any other operation, for each value of the index in turn."""
        own = parameters(e, self.values.sizes, self.values.functions)
        value = ENTRY.value if e.op is AT else e.op.value
        given = [self.array(a) for a in e.args]
        made: list[Array] = []
        for i in range(self.length):
            here = tuple(i + 1 if p == self.index else p for p in own)
            made.append(np.asarray(value(np, here, *(a[i] if len(a) > 1 else a[0] for a in given))))
        return np.stack(made)

    def numbers(self, e: Expr) -> Array:
        """A number for each value of the index."""
        return np.broadcast_to(self.array(e).reshape(-1), (self.length,))

    # -- structure -----------------------------------------------------------------------------------------------------

    def batch(self, e: Expr) -> Batch:
        """The matrices of a part, kept as what they are."""
        match e.op.name:
            case "add" | "sub" if all(a.shape == e.shape for a in e.args):
                left, right = (self.batch(a) for a in e.args)
                return (*left, *(right if e.op.name == "add" else self._negative(right)))
            case "neg":
                return self._negative(self.batch(e.args[0]))
            case "transpose" if len(e.shape) == 2 or len(e.args[0].shape) <= 2:
                return turned(self.batch(e.args[0]))
            case "divide" if not e.args[1].shape:
                return weighted(self.batch(e.args[0]), 1 / self.numbers(e.args[1]))
            case "mul" if e.shape:
                return self._product(e)
            case "diag" if len(e.shape) == 2 and 1 in self.values.flat(e.args[0]):
                return (Diagonals(self._whole(self.array(e.args[0]).reshape(-1, self.values.flat(e)[0]))),)
            case _:
                return (Full(self._whole(self.matrices(e))),)
        return (Full(self._whole(self.matrices(e))),)

    def _product(self, e: Expr) -> Batch:
        left, right = e.args
        for number, other in ((left, right), (right, left)):
            if not number.shape:
                return weighted(self.batch(other), self.numbers(number))
        (a, inner), (_, b) = self.values.flat(left), self.values.flat(right)
        if inner != 1 or a == 1 or b == 1:
            return (Full(self._whole(self.matrices(e))),)
        if left.op is UNIT and left in self.moving and right.op.name == "transpose" and right.args[0] is left:
            return (Units(np.ones(self.length)),)
        u = self._whole(self.array(left).reshape(-1, a))
        mirrored = (right.op.name == "transpose" and right.args[0] is left) or (
            left.op.name == "transpose" and left.args[0] is right
        )
        return (Outer(u, u if mirrored else self._whole(self.array(right).reshape(-1, b))),)

    def _negative(self, pieces: Batch) -> Batch:
        return weighted(pieces, filled(-1.0, self.length))

    def _whole(self, array: Array) -> Array:
        """With one entry for each value of the index."""
        return np.broadcast_to(array, (self.length, *array.shape[1:])) if len(array) != self.length else array
