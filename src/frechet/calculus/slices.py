"""Slices of an array where some of its axes are held at an index of a sum: X[r,:,:] for X.

Products and sums are sliced inside, (X*W)[r,:,:] = X[r,:,:]*W; where that ends stands a leaf, which `written` replaces
by the slice once the formula around it is there.  A function of a formula stays whole, tanh(X*W)[r,:,:], so that it has
the name that it has elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import final

from frechet.algebra import constructors as b
from frechet.algebra.atoms import is_op, variable, zero
from frechet.algebra.atoms import is_zero as vanishes
from frechet.algebra.constructors import T
from frechet.algebra.network import contracted
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Dim
from frechet.core.expr import Expr
from frechet.core.rewrite import replace
from frechet.notation.write import Writer
from frechet.ops.expressions import apply

Place = str | None
"""The index at which an axis is held, or None of an axis that stays."""


@final
class Slices:
    """The leaves that stand for slices and for basis vectors at the index of a sum."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.picked: dict[Node, tuple[Node | None, tuple[Place, ...]]] = {}

    def basis(self, at: str, size: Dim) -> Node:
        """unit(r,n), r the index."""
        found = variable(f"unit {at} {size}", (size,))
        self.picked[found] = (None, (at,))
        return found

    def of(self, x: Node, places: Sequence[Place]) -> Node:
        """x with some axes held: a number, a column, a matrix or a tensor of the others."""
        if all(p is None for p in places):
            return x
        coef, scalars, chain = b.parts(x)
        if coef != 1 or scalars:
            numbers = [b.number(coef), *(b.power(s, e) for s, e in scalars)]
            return b.mul(*numbers, self.of(b.mul(*chain), places))
        rest = tuple(d for d, p in zip(_sizes(x, len(places)), places, strict=True) if p is None)
        if vanishes(x):
            return zero(*_two(rest))
        if is_op(x, "ones"):
            return b.all_ones(_two(rest))
        if x.kind == "transpose" and len(places) == 2:
            turned = self.of(x.args[0], places[::-1])
            return T(turned) if len(rest) == 2 else turned
        if x.kind == "hadamard":
            return b.hadamard([(self.of(base, places), e) for base, e in x.terms])
        if x.kind == "sum":
            return b.add([(self.of(t, places), c) for t, c in x.terms])
        if x.kind == "apply" and x.params[:1] == ("elementwise",) and len(x.args) == 1 and x.args[0].kind == "leaf":
            return b.elementwise(x.op, self.of(x.args[0], places), *x.params[1:])
        if x.kind == "einsum":
            return self._contraction(x, places)
        return self._leaf(x, tuple(places), rest)

    def _contraction(self, x: Node, places: Sequence[Place]) -> Node:
        """A network with its factors sliced."""
        ins, out = x.params[0].split("->")
        held = {c: p for c, p in zip(out, places, strict=True) if p is not None}
        specs, factors = list[str](), list[Node]()
        for letters, factor in zip(ins.split(","), x.args, strict=True):
            factors.append(self.of(factor, [held.get(c) for c in letters]))
            specs.append("".join(c for c in letters if c not in held))
        return contracted(specs, "".join(c for c in out if c not in held), factors)

    def _leaf(self, x: Node, places: tuple[Place, ...], rest: tuple[Dim, ...]) -> Node:
        name = f"slice {x.key[1]} {x.key[2].hex()} {places}"
        found = variable(name, rest)
        self.picked[found] = (x, places)
        return found

    def written(self, e: Expr) -> Expr:
        """The formula with the slices in place of what stands for them."""
        back: dict[Expr, Expr] = {}
        for stand, (of, places) in self.picked.items():
            mine = self.writer.write(stand)
            if of is None:
                back[mine] = apply("unit", (), (*places, stand.rows))
                continue
            whole = self.writer.write(of)
            if None not in places:
                back[mine] = apply("at", (whole,), places)
            elif len(places) > 2:
                back[mine] = apply("slice", (whole,), places)
            elif places[:1] == (None,):
                back[mine] = apply("column", (whole,), places[1:])
            else:
                row = apply("row", (whole,), places[:1])
                back[mine], back[apply("transpose", (mine,))] = apply("transpose", (row,)), row
        return replace(e, back)

    def renamed(self, names: Mapping[str, str]) -> None:
        """Other names for the indices: those that nothing else in the formula has."""
        self.picked = {
            stand: (of, tuple(names.get(p, p) if p is not None else None for p in places))
            for stand, (of, places) in self.picked.items()
        }


def _two(rest: tuple[Dim, ...]) -> tuple[Dim, ...]:
    """The shape of a node of these sizes: a matrix at least."""
    return rest if len(rest) > 2 else (*rest, ONE, ONE)[:2]


def _sizes(x: Node, axes: int) -> tuple[Dim, ...]:
    """The sizes of the axes that have a place: one of a column, two of a matrix."""
    return x.shape if len(x.shape) > 2 or axes == 2 else (x.rows if x.cols == ONE else x.cols,)
