"""From the formula of a derivative, over arrays, to the structure that it is."""

from __future__ import annotations

from typing import final

import numpy as np

from frechet.core.expr import Expr
from frechet.notation import precedence
from frechet.notation.unicode import form
from frechet.operators import assembling
from frechet.operators.blocks import Blocks
from frechet.operators.chain import Chain
from frechet.operators.dense import Dense
from frechet.operators.diagonal import Diagonal
from frechet.operators.entries import contraction
from frechet.operators.identity import Identity
from frechet.operators.lowrank import LowRank
from frechet.operators.places import Places
from frechet.operators.structure import ATOM, PRODUCT, SUM, Structure
from frechet.operators.sums import over
from frechet.operators.tape import filled
from frechet.operators.total import Scaled, Total
from frechet.operators.values import Values
from frechet.ops.leaves import VARIABLE

SMALL = 4
"""A named part is formed where it has at most so many times the numbers of the largest array given."""


@final
class Builder:
    """Reads formulas over the same arrays; a part that stands twice is built once.

    >>> from frechet.language import parse
    >>> e = parse("2*kron(V'*V,eye(3))").value
    >>> Builder(Values({"V": np.ones((5, 2))}, {str(d): k for d, k in zip(e.args[1].args[0].args[1].shape, (5, 2))},
    ...                {}, {})).structure(e)
    <scaled 6×6: 2·Vᵀ V ⊗ I(3)>
    """

    def __init__(self, values: Values) -> None:
        self.values = values
        self.known: dict[Expr, Structure] = {}

    def structure(self, e: Expr) -> Structure:
        """The structure of a formula of at most two axes."""
        if e not in self.known:
            self.known[e] = self._read(e)
        return self.known[e]

    def dense(self, e: Expr) -> Structure:
        """The value, all entries of it."""
        level = form(e).level
        mine = ATOM if level >= precedence.POWER else PRODUCT if level >= precedence.PRODUCT else SUM
        return Dense(self.values.matrix(e), self.values.named(e), mine)

    def _read(self, e: Expr) -> Structure:
        if e.op is VARIABLE:
            return self._variable(e)
        if not e.shape or len(e.shape) > 2 or any(len(a.shape) > 2 for a in e.args):
            return over(e, self.values, self.structure) if e.op.name == "isum" else self.dense(e)
        m, n = self.values.flat(e)
        match e.op.name:
            case "eye":
                return Identity(m)
            case "zeros":
                return assembling.zero(m, n)
            case "ones":
                return LowRank(filled(1.0, m, 1), filled(1.0, n, 1), self.values.named(e))
            case "add" | "sub":
                return self._sum(e)
            case "neg":
                return assembling.scaled(-1.0, self.structure(e.args[0]))
            case "divide" if not e.args[1].shape:
                return assembling.scaled(self.values.inverse(e.args[1]), self.structure(e.args[0]))
            case "mul":
                return self._product(e)
            case "transpose":
                return self.structure(e.args[0]).T
            case "kron":
                return assembling.kron(*(self.structure(a) for a in e.args))
            case "diag" if m == n and 1 in self.values.flat(e.args[0]):
                return Diagonal(self.values.of(e.args[0]).reshape(-1), self.values.named(e.args[0]))
            case "hadamard" | "khatrirao":
                return contraction(e, self.values) or self.dense(e)
            case "hcat":
                return Blocks((tuple(self.structure(a) for a in e.args),))
            case "vcat":
                return Blocks(tuple((self.structure(a),) for a in e.args))
            case "isum":
                return over(e, self.values, self.structure)
            case _:
                return self._constant(e) or self.dense(e)

    def _constant(self, e: Expr) -> Structure | None:
        """A constant matrix of zeros and few ones."""
        if e.op.ones_at is None or e.args:
            return None
        params = tuple(p if isinstance(p, int) else p.evaluate(self.values.sizes) for p in e.params)
        rows, columns = e.op.ones_at(np, params)
        made = Places(self.values.flat(e), rows, columns, f"{e.op.looks.letter}({', '.join(map(str, params))})")
        return Identity(made.shape[0]) if _is_identity(made) else made

    def _variable(self, e: Expr) -> Structure:
        """An array that was given; a name of `where` keeps the structure of what it means."""
        name = str(e.params[0])
        meaning = self.values.where.get(name)
        if meaning is None:
            return self.dense(e)
        if 8 * np.prod(self.values.shape(meaning)) <= 8 * SMALL * self.values.given or not _structured(meaning):
            found = self.structure(meaning) if _structured(meaning) else None
            return found if found is not None and not _plain(found) else self.dense(e)
        return self.structure(meaning)

    def _sum(self, e: Expr) -> Structure:
        sign = 1.0 if e.op.name == "add" else -1.0
        terms: list[Structure] = []
        for a, c in zip(e.args, (1.0, sign), strict=True):
            if a.shape:
                terms.append(assembling.scaled(c, self.structure(a)))
            else:  # a number meets every entry
                m, n = self.values.flat(e)
                value = c * self.values.number(a)
                terms.append(assembling.scaled(value, LowRank(filled(1.0, m, 1), filled(1.0, n, 1), f"1({m}×{n})")))
        return assembling.total(terms)

    def _product(self, e: Expr) -> Structure:
        left, right = e.args
        for number, other in ((left, right), (right, left)):
            if not number.shape:
                return assembling.scaled(self.values.number(number), self.structure(other))
        return assembling.chain([self.structure(left), self.structure(right)])


def _is_identity(s: Places) -> bool:
    return s.permutes and bool(np.array_equal(s.columns, np.arange(s.shape[0])))


def _structured(e: Expr) -> bool:
    """Whether a formula may keep something: a Kronecker product, a diagonal, a sum over an index in it."""
    from frechet.core.expr import postorder

    kept = ("kron", "khatrirao", "diag", "eye", "isum", "commutation")
    return len(e.shape) == 2 and any(part.op.name in kept or part.op.ones_at is not None for part in postorder(e))


def _plain(s: Structure) -> bool:
    """Whether a structure is made of arrays alone."""
    match s:
        case Scaled():
            return _plain(s.inner)
        case Chain():
            return all(map(_plain, s.factors))
        case Total():
            return all(map(_plain, s.terms))
        case Blocks():
            return all(_plain(part) for row in s.parts for part in row)
        case _:
            return isinstance(s, (Dense, LowRank))
