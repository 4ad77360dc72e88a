"""Reading a formula as a contraction: entries that are products of entries of small arrays."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import final

from frechet.core.expr import Expr
from frechet.operators import assembling
from frechet.operators.contraction import Contraction
from frechet.operators.labels import Entries, Factor, Labels
from frechet.operators.structure import Array, Structure
from frechet.operators.tape import decided, derived
from frechet.operators.values import Values


@final
class Reading:
    """Reads one formula."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.labels = Labels()

    def read(self, e: Expr) -> Entries:
        """The entries of a matrix."""
        m, n = self.values.flat(e)
        match e.op.name:
            case "eye":
                axis = self.labels.axis(m)
                return Entries(list(axis), list(axis), [])
            case "ones":
                return Entries(self.labels.axis(m), self.labels.axis(n), [])
            case "transpose" if len(e.args[0].shape) <= 2:
                found = self.read(e.args[0])
                return Entries(found.columns, found.rows, found.factors, found.scale)
            case "kron":
                a, b = (self.read(part) for part in e.args)
                return Entries(a.rows + b.rows, a.columns + b.columns, a.factors + b.factors, a.scale * b.scale)
            case "khatrirao":
                a, b = (self.read(part) for part in e.args)
                self.labels.same(a, "columns", b, "columns")
                return Entries(a.rows + b.rows, a.columns, a.factors + b.factors, a.scale * b.scale)
            case "hadamard" if all(part.shape == e.shape for part in e.args):
                a, b = (self.read(part) for part in e.args)
                self.labels.same(a, "rows", b, "rows")
                self.labels.same(a, "columns", b, "columns")  # which may split an index of the rows, in a and b alike
                return Entries(a.rows, a.columns, a.factors + b.factors, a.scale * b.scale)
            case "diag" if m == n and 1 in self.values.flat(e.args[0]):
                axis = self.labels.axis(m)
                value = self.values.of(e.args[0]).reshape(-1)
                return Entries(list(axis), list(axis), [(value if axis else value[0], tuple(axis))])
            case "neg":
                found = self.read(e.args[0])
                return Entries(found.rows, found.columns, found.factors, -found.scale)
            case "mul" | "divide" if e.shape and not all(a.shape for a in e.args):
                inverse = e.op.name == "divide"
                number, other = (e.args[1], e.args[0]) if inverse or not e.args[1].shape else e.args
                if not number.shape:
                    found = self.read(other)
                    c = self.values.inverse(number) if inverse else self.values.number(number)
                    return Entries(found.rows, found.columns, found.factors, found.scale * c)
            case _:
                pass
        rows, columns = self.labels.axis(m), self.labels.axis(n)
        value = self.values.matrix(e).reshape([self.labels.sizes[v] for v in (*rows, *columns)])
        return Entries(rows, columns, [(value, (*rows, *columns))])


def contraction(e: Expr, values: Values) -> Structure | None:
    """The structure of a product of Kronecker, Khatri-Rao and entrywise kind; None where it has none to keep."""
    reading = Reading(values)
    try:
        found = reading.read(e)
    except ValueError:
        return None
    numbers = [array for array, at in found.factors if not at]
    scale = found.scale * (decided(prod(float(array) for array in numbers)) if numbers else 1.0)
    factors = _merged([(array, at) for array, at in found.factors if at])
    labels = list(dict.fromkeys((*found.rows, *found.columns)))
    if any(set(at) == set(labels) for _, at in factors) and not set(found.rows) & set(found.columns):
        return None  # as many numbers as entries
    if any(len(set(side)) < len(side) for side in (found.rows, found.columns)):
        return None
    if any(len(set(at)) < len(at) for _, at in factors):
        return None
    place = {v: k for k, v in enumerate(labels)}
    made = Contraction(
        tuple(place[v] for v in found.rows),
        tuple(place[v] for v in found.columns),
        tuple(reading.labels.sizes[v] for v in labels),
        tuple((array, tuple(place[v] for v in at)) for array, at in factors),
        values.named(e),
    )
    return assembling.scaled(scale, made)


def _merged(factors: list[Factor]) -> list[Factor]:
    """Factors on the same indices are one."""
    out: dict[frozenset[int], Factor] = {}
    for array, at in factors:
        key = frozenset(at)
        if key in out and len(key) == len(at):
            other, there = out[key]
            made = derived(_turning([at.index(v) for v in there]), other, array)
            out[key] = (made, there)
        else:
            out[key] = (array, at)
    return list(out.values())


def _turning(order: list[int]) -> Callable[[Array, Array], Array]:
    """a times b, the axes of b in this order."""

    def times(a: Array, b: Array) -> Array:
        return a * b.transpose(order)

    return times
