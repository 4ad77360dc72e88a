"""Reading a formula as a contraction: entries that are products of entries of small arrays."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import final

from frechet.core.expr import Expr
from frechet.operators import assembling
from frechet.operators.contraction import Contraction
from frechet.operators.structure import Array, Structure
from frechet.operators.values import Values, named

Factor = tuple[Array, tuple[int, ...]]


@final
@dataclass
class Entries:
    """Rows and columns as axes (labels); equal labels are one index; the factors; a number in front."""

    rows: list[int]
    columns: list[int]
    factors: list[Factor]
    scale: float = 1.0


@final
class Reading:
    """Reads one formula; hands out labels and knows how far each runs."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.sizes: list[int] = []

    def label(self, size: int) -> int:
        """A new index."""
        self.sizes.append(size)
        return len(self.sizes) - 1

    def axis(self, size: int) -> list[int]:
        """The axis of a new index; of length 1 none."""
        return [] if size == 1 else [self.label(size)]

    def read(self, e: Expr) -> Entries:
        """The entries of a matrix."""
        m, n = self.values.flat(e)
        match e.op.name:
            case "eye":
                axis = self.axis(m)
                return Entries(list(axis), list(axis), [])
            case "ones":
                return Entries(self.axis(m), self.axis(n), [])
            case "transpose" if len(e.args[0].shape) <= 2:
                found = self.read(e.args[0])
                return Entries(found.columns, found.rows, found.factors, found.scale)
            case "kron":
                a, b = (self.read(part) for part in e.args)
                return Entries(a.rows + b.rows, a.columns + b.columns, a.factors + b.factors, a.scale * b.scale)
            case "khatrirao":
                a, b = (self.read(part) for part in e.args)
                meeting = self._same(a, b, "columns")
                return Entries(a.rows + b.rows, meeting, a.factors + b.factors, a.scale * b.scale)
            case "hadamard" if all(part.shape == e.shape for part in e.args):
                a, b = (self.read(part) for part in e.args)
                self._same(a, b, "rows")
                self._same(a, b, "columns")  # which may split an index of the rows, in a and b alike
                return Entries(a.rows, a.columns, a.factors + b.factors, a.scale * b.scale)
            case "diag" if m == n and 1 in self.values.flat(e.args[0]):
                axis = self.axis(m)
                value = self.values.of(e.args[0]).reshape(-1)
                return Entries(list(axis), list(axis), [(value if axis else value[0], tuple(axis))])
            case "neg":
                found = self.read(e.args[0])
                return Entries(found.rows, found.columns, found.factors, -found.scale)
            case "mul" | "divide" if e.shape and not all(a.shape for a in e.args):
                inverse = e.op.name == "divide"
                number, other = (e.args[1], e.args[0]) if inverse or not e.args[1].shape else e.args
                if not number.shape:
                    found, c = self.read(other), float(self.values.of(number))
                    return Entries(
                        found.rows, found.columns, found.factors, found.scale / c if inverse else found.scale * c
                    )
            case _:
                pass
        rows, columns = self.axis(m), self.axis(n)
        value = self.values.matrix(e).reshape([self.sizes[v] for v in (*rows, *columns)])
        return Entries(rows, columns, [(value, (*rows, *columns))])

    def _same(self, a: Entries, b: Entries, side: str) -> list[int]:
        """Make the axes of one side of two readings the same indices: split what is coarser, rename.  In place."""
        k = 0
        while True:
            left: list[int] = getattr(a, side)
            right: list[int] = getattr(b, side)
            if k == len(left) == len(right):
                return left
            u, v = left[k], right[k]
            m, n = self.sizes[u], self.sizes[v]
            if u == v:
                k += 1
            elif m == n:
                self._rename(u, v, a)
                self._rename(u, v, b)
                k += 1
            elif m > n and m % n == 0:
                self._split(u, n, a, b)
            elif n > m and n % m == 0:
                self._split(v, m, a, b)
            else:
                raise ValueError

    def _rename(self, old: int, new: int, x: Entries) -> None:
        x.rows = [new if v == old else v for v in x.rows]
        x.columns = [new if v == old else v for v in x.columns]
        x.factors = [(array, tuple(new if v == old else v for v in at)) for array, at in x.factors]

    def _split(self, label: int, slow: int, *readings: Entries) -> None:
        """One index as two, the slow one of this length."""
        parts = [self.label(slow), self.label(self.sizes[label] // slow)]
        for x in readings:
            x.rows = [w for v in x.rows for w in (parts if v == label else [v])]
            x.columns = [w for v in x.columns for w in (parts if v == label else [v])]
            x.factors = [self._split_factor(factor, label, parts) for factor in x.factors]

    def _split_factor(self, factor: Factor, label: int, parts: list[int]) -> Factor:
        array, at = factor
        new = tuple(w for v in at for w in (parts if v == label else [v]))
        return (array.reshape([self.sizes[w] for w in new]), new) if label in at else factor


def contraction(e: Expr, values: Values) -> Structure | None:
    """The structure of a product of Kronecker, Khatri-Rao and entrywise kind; None where it has none to keep."""
    reading = Reading(values)
    try:
        found = reading.read(e)
    except ValueError:
        return None
    numbers = [array for array, at in found.factors if not at]
    scale = found.scale * prod(float(array) for array in numbers)
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
        tuple(reading.sizes[v] for v in labels),
        tuple((array, tuple(place[v] for v in at)) for array, at in factors),
        named(e),
    )
    return assembling.scaled(scale, made)


def _merged(factors: list[Factor]) -> list[Factor]:
    """Factors on the same indices are one."""
    out: dict[frozenset[int], Factor] = {}
    for array, at in factors:
        key = frozenset(at)
        if key in out and len(key) == len(at):
            other, there = out[key]
            out[key] = (other * array.transpose([at.index(v) for v in there]), there)
        else:
            out[key] = (array, at)
    return list(out.values())
