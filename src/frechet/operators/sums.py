"""A sum over an index as a structure: Kronecker products of what the index touches stay products."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

import numpy as np

from frechet.core.expr import Expr
from frechet.operators import assembling
from frechet.operators.batch import Batch, Outer, Units, full, weighted
from frechet.operators.blockdiagonal import BlockDiagonal
from frechet.operators.dense import Dense
from frechet.operators.overdata import OverData, OverMatrices
from frechet.operators.overindex import OverIndex
from frechet.operators.structure import Array, Structure
from frechet.operators.tape import decided, derived
from frechet.operators.values import Values

Weights = Array | None


@final
class Sum:
    """Reads the body of one sum; `still` reads what the index does not touch."""

    def __init__(self, total: Expr, values: Values, still: Callable[[Expr], Structure]) -> None:
        self.total, self.values, self.still = total, values, still
        self.inside = OverIndex(total, values)
        self.index = str(total.params[0])

    def structure(self) -> Structure:
        """The whole sum."""
        return self.over(self.total.args[0], None)

    def over(self, e: Expr, weights: Weights) -> Structure:
        """Σᵢ wᵢ·eᵢ."""
        moving = self.inside.moving
        if e not in moving:
            whole = self.inside.length if weights is None else decided(float(weights.sum()))
            return assembling.scaled(float(whole), self.still(e))
        match e.op.name:
            case "add" | "sub" if all(a.shape == e.shape for a in e.args):
                left, right = (self.over(a, weights) for a in e.args)
                return assembling.total([left, assembling.scaled(1.0 if e.op.name == "add" else -1.0, right)])
            case "neg":
                return assembling.scaled(-1.0, self.over(e.args[0], weights))
            case "transpose":
                return self.over(e.args[0], weights).T
            case "divide" if not e.args[1].shape:
                return self.over(e.args[0], self._times(weights, 1 / self.inside.numbers(e.args[1])))
            case "mul" if e.shape:
                left, right = e.args
                for number, other in ((left, right), (right, left)):
                    if not number.shape:
                        return self.over(other, self._times(weights, self.inside.numbers(number)))
                if left not in moving:
                    return assembling.chain([self.still(left), self.over(right, weights)])
                if right not in moving:
                    return assembling.chain([self.over(left, weights), self.still(right)])
            case "kron":
                return self._kron(e, weights)
            case _:
                pass
        return self._added(self.inside.batch(e), weights, e)

    def _times(self, weights: Weights, more: Array) -> Array:
        return more if weights is None else derived(np.multiply, weights, more)

    def _name(self, e: Expr) -> str:
        return f"Σ({self.index}: {self.values.named(e)})"

    def _added(self, pieces: Batch, weights: Weights, e: Expr) -> Structure:
        """Σᵢ wᵢ·Bᵢ as one matrix."""
        found = np.zeros(pieces[0].shape[1:])
        for piece in weighted(pieces, weights):
            found += piece.left().T @ piece.v if isinstance(piece, Outer) else piece.full().sum(0)
        return Dense(found, self._name(e))

    def _kron(self, e: Expr, weights: Weights) -> Structure:
        left, right = e.args
        if left not in self.inside.moving:
            return assembling.kron(self.still(left), self.over(right, weights))
        if right not in self.inside.moving:
            return assembling.kron(self.over(left, weights), self.still(right))
        name = self._name(e)
        lefts, rights = self.inside.batch(left), self.inside.batch(right)
        terms: list[Structure] = []
        for pieces, others, flipped in ((rights, lefts, False), (lefts, rights, True)):
            # A sum of outer products on one side: each with all that stands on the other.
            if all(isinstance(piece, Outer) for piece in pieces) and not any(isinstance(p, Units) for p in others):
                for piece in pieces:
                    assert isinstance(piece, Outer)
                    mine = weighted(weighted(others, weights), piece.weights)
                    terms.append(OverData(mine, Outer(piece.u, piece.v), name, flipped))
                return assembling.total(terms)
        lefts = weighted(lefts, weights)
        units = [(p, rights, False) for p in lefts if isinstance(p, Units)]
        units += [(p, lefts, True) for p in rights if isinstance(p, Units)]
        if units and (len(lefts) if not units[0][2] else len(rights)) == 1:
            piece, others, inner = units[0]
            blocks = full(others) * piece.weights[:, None, None]
            return BlockDiagonal(np.ascontiguousarray(blocks), name, inner)
        return OverMatrices(lefts, rights, name)


def over(total: Expr, values: Values, still: Callable[[Expr], Structure]) -> Structure:
    """The structure of ``sum(i: …)``."""
    if len(total.params) != 1:
        return Dense(values.matrix(total), values.named(total))
    return Sum(total, values, still).structure()
