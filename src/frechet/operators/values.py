"""The arrays that the parts of a formula stand for, each worked out once and only where it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import final

import numpy as np

from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.operators.plan import Plan, named
from frechet.operators.structure import Array
from frechet.operators.tape import decided
from frechet.ops.indexform import ISUM
from frechet.ops.leaves import VARIABLE
from frechet.verify.evaluate import Function, complex_valued, parameters
from frechet.verify.summands import below, summed

LIMIT = 200_000_000
"""The most bytes of one array that are written out unasked."""


def in_words(size: float) -> str:
    """Bytes for people.

    >>> in_words(2.5e9), in_words(8)
    ('2.5 GB', '8 B')
    """
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if size < 1000 or unit == "TB":
            return f"{size:.3g} {unit}"
        size /= 1000
    raise AssertionError


@final
class Values:
    """Arrays by name, and what formulas of them are; names of `where` stand for their formulas.

    >>> from frechet.ops.expressions import apply, variable
    >>> x = variable("x", ("n",))
    >>> Values({"x": np.array([3.0, 4.0])}, {"n": 2}, {}, {}).of(apply("norm2", (x,)))
    array(5.)
    """

    def __init__(
        self,
        arrays: Mapping[str, Array],
        sizes: Mapping[str, int],
        functions: Mapping[str, Function],
        where: Mapping[str, Expr],
        plan: Plan | None = None,
        known: Mapping[Expr, Array] | None = None,
    ) -> None:
        self.sizes, self.functions, self.where = sizes, functions, where
        self.plan = Plan(sizes, where) if plan is None else plan
        self.shape = self.plan.shape
        self.arrays = dict(arrays)
        self.given = max((a.size for a in arrays.values()), default=1)
        self.known: dict[Expr, Array] = dict(known or {})

    def named(self, e: Expr) -> str:
        """A formula in a line."""
        return self.plan.once(named, e)

    def flat(self, e: Expr) -> tuple[int, int]:
        """Rows and columns: a vector is a column."""
        shape = (*self.shape(e), 1, 1)
        return shape[0], shape[1]

    def of(self, root: Expr) -> Array:
        """The value; refused where it has none, or where it is far larger than what was given."""
        self.plan.asks(root)
        if root not in self.known:
            with np.errstate(all="ignore"):
                self._fill(root)
        return self.known[root]

    def _fill(self, root: Expr) -> None:
        for e in self.plan.order(root):
            if e not in self.known:
                self.known[e] = self._work_out(e)

    def number(self, e: Expr) -> float:
        """The value of a scalar; what is built with it is noted to depend on it where variables do stand in it."""
        found = float(self.of(e))
        return decided(found) if self.plan.once(_moves, e) else found

    def inverse(self, e: Expr) -> float:
        """1 over the value of a scalar."""
        found = self.number(e)
        if not found:
            raise FrechetError("input", f"{named(e)} is 0 at these arrays, and the derivative divides by it")
        return 1 / found

    def matrix(self, e: Expr) -> Array:
        """The value with rows and columns."""
        return self.of(e).reshape(self.flat(e))

    def _work_out(self, e: Expr) -> Array:
        shape = self.shape(e)
        if e.op is VARIABLE:
            name = str(e.params[0])
            if name in self.where and name not in self.arrays:
                meaning = self.where[name]
                self._fill(meaning)
                self.arrays[name] = self.known[meaning]
            return np.reshape(self.arrays[name], shape)
        bytes_needed = 8 * prod(shape)
        if bytes_needed > LIMIT and prod(shape) > 4 * self.given:
            raise FrechetError(
                "limit",
                f"a part of the derivative has no structure that is kept and would be written out: "
                f"{'×'.join(map(str, shape))}, {in_words(bytes_needed)}",
            )
        params = parameters(e, self.sizes, self.functions)
        value = e.op.value
        if e.op is ISUM:
            value = summed(e, self.sizes, lambda part: parameters(part, self.sizes, self.functions))
        try:
            found: Array = np.asarray(value(np, params, *(self.known[a] for a in below(e))))
        except np.linalg.LinAlgError as trouble:
            raise FrechetError("input", f"{e.op.name} has no value at these arrays: {trouble}") from trouble
        if np.iscomplexobj(found):
            if complex_valued(found):
                raise FrechetError("unsupported", "an operator is real; here complex numbers stand in it")
            found = np.real(found)
        return np.reshape(finite(np.asarray(found, dtype=float), e), shape)


def _moves(e: Expr) -> bool:
    return any(part.op is VARIABLE for part in postorder(e))


def finite(array: Array, e: Expr) -> Array:
    """The array itself; refused where an entry is no finite number."""
    if not np.isfinite(array.sum()) and not np.isfinite(array).all():
        raise FrechetError("input", f"{named(e)} has no finite value at these arrays")
    return array
