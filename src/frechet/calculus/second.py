"""The second derivative of a scalar: its gradient differentiated once more, in every form.

Of a structured variable the matrix has to be right for every pair of increments within the structure, and of the
matrices that are the shortest is shown.
"""

from __future__ import annotations

from typing import final

from frechet.algebra import constructors as b
from frechet.algebra.atoms import variable as leaf
from frechet.algebra.constructors import T, mul
from frechet.algebra.constructors.rebuild import substitute
from frechet.algebra.network import Network
from frechet.algebra.node import Node
from frechet.calculus.arrays import copies, matrix
from frechet.calculus.forms import Forms, Reader, Symbols
from frechet.calculus.free import KINDS, briefer, gathered, placed, read_off, skew_basis, stacked
from frechet.calculus.heldsums import held_sum
from frechet.calculus.jacobian import jacobian
from frechet.calculus.operators import operators
from frechet.calculus.overdata import over_data
from frechet.calculus.structure import Structure
from frechet.calculus.sweep import Chain
from frechet.core.dim import Dim, entries
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.notation.indexnames import IndexNames
from frechet.notation.tidy import tidy
from frechet.ops.expressions import apply

Nets = list[tuple[Network, tuple[int, ...]]]


def second(reader: Reader, rows: Expr, cols: Expr, symbols: Symbols) -> Forms:
    """The second derivative of a scalar value: rows ↔ the first variable, columns ↔ the second."""
    if not reader.chain.value.scalar:
        raise FrechetError("unsupported", "a second derivative is given for a scalar expression only")
    if reader.structure and reader.structure.kind == "orthogonal":
        raise FrechetError("unsupported", "a second derivative on the orthogonal matrices depends on the retraction")
    return _Second(reader, rows, cols, symbols).forms()


@final
class _Second:
    """One second derivative in the making.

    free    the gradient by the variable of the rows, every entry of it free
    dy      the increment of the variable of the columns, every entry of it free
    """

    def __init__(self, reader: Reader, rows: Expr, cols: Expr, symbols: Symbols) -> None:
        self.reader, self.rows, self.cols, self.symbols = reader, rows, cols, symbols
        self.named = reader.back
        structure = reader.structure
        self.x, self.y = (
            reader.chain.leaf(structure.twin if structure and v is structure.variable else v) for v in (rows, cols)
        )
        self.free = tidy(reader.chain.pullback(b.number(1), self.x, ""), reader.writer)
        self.dy = leaf(symbols.increment, cols.shape, ("increment",))
        self.linear = Chain(self.free, reader.chain.quantities, reader.chain.name).differential({self.y: self.dy})

    def _tied(self, v: Expr) -> Structure | None:
        """The structure of a variable of the rows or of the columns."""
        structure = self.reader.structure
        return structure if structure and v is structure.variable else None

    def forms(self) -> Forms:
        """All forms of it."""
        forms, reader, symbols = Forms(), self.reader, self.symbols
        forms.gradient = reader.tidied(reader.settled(reader.rows_within(self.free, self.rows)))
        direction = leaf(symbols.direction, self.cols.shape, ("upstream",))
        structure = self._tied(self.cols)
        moved = self.dy
        if structure:
            moved = structure.increment(symbols.increment)
            reader.back = {**reader.back, self.dy: moved, direction: structure.increment(symbols.direction)}
        along = reader.settled(self.linear)
        reader.attempt(forms, "differential", lambda: reader.tidied(reader.rows_within(along, self.rows)))
        turned = reader.settled(substitute(self.linear, {self.dy: direction}))
        reader.attempt(forms, "pullback", lambda: reader.tidied(reader.rows_within(turned, self.rows)))
        # the matrix of second partial derivatives, every entry moving alone
        plain = substitute(self.linear, self.named) if self.named else self.linear
        maps = [(plain, self.dy), *self._alike(plain, along, moved)]
        try:
            for order in ("column", "row"):
                written = [self._matrix(linear, dy, order) for linear, dy in maps]
                best = min(written, key=lambda pair: reader.writer.count(pair[1]))
                forms.hessian[order] = best[1]
                if order == "column" and best[0] is not None:
                    self._by_free(forms, plain, best[0])
        except FrechetError as trouble:
            if trouble.kind not in ("unsupported", "limit"):
                raise
            forms.hessian.clear()
            forms.missing["hessian"] = trouble.message
        return forms

    def _alike(self, plain: Node, along: Node, moved: Node) -> list[tuple[Node, Node]]:
        """Linear maps that act as the derivative does within the structure, each with its increment.

        Of a symmetric increment the transpose is the increment itself, and of a gradient by a symmetric variable the
        transpose serves as well; of skew ones both change the sign.
        """
        rows, cols = self._tied(self.rows), self._tied(self.cols)
        maps = [(plain, self.dy)]
        if cols:
            maps.append((along, moved))
            if cols.kind == "diagonal":
                alike = leaf(self.symbols.increment, self.cols.shape, ("increment", "symmetric"))
                maps.append((substitute(plain, {self.dy: alike}), alike))
        if rows and rows.kind in ("symmetric", "diagonal"):
            maps += [(T(linear), dy) for linear, dy in maps]
        elif rows and rows.kind == "skew":
            maps += [(b.scale(-1, T(linear)), dy) for linear, dy in maps]
        return maps[1:]

    def _matrix(self, linear: Node, dy: Node, order: str) -> tuple[Node | None, Expr]:
        """The matrix of a linear map into gradients, as a node and as it is written; a sum over an index is no node."""
        reader = self.reader
        if operators(linear, dy):
            made = reader.composed(linear, dy, order)
            return made, reader.writer.write(made)
        nets = reader.networks_of(linear, dy, self.free)
        if nets and max(len(self.x.shape), len(self.y.shape)) > 2:
            return None, matrix(nets, order == "row", reader.writer, reader.taken)[0]
        try:
            found = tidy(self._of(nets, order, entries(self.x.shape), entries(self.y.shape)), reader.writer)
        except FrechetError as trouble:
            held = held_sum(copies(nets), order == "row", reader.writer, IndexNames(reader.taken).fresh)
            if held is None:
                raise FrechetError(trouble.kind, trouble.message) from trouble
            return None, held.numerator
        return found, self._over_data(nets, order, reader.writer.write(found))

    def _of(self, nets: Nets, order: str, rows: Dim, cols: Dim) -> Node:
        if not nets:
            return b.add([(b.all_ones((rows, cols)), 0)])
        return jacobian(copies(nets), order == "row", self.reader.writer.cost)

    def _over_data(self, nets: Nets, order: str, found: Expr) -> Expr:
        """The matrix, or the sum over data that it is, where that is shorter."""
        writer = self.reader.writer
        made = over_data(copies(nets), order == "row", writer, IndexNames(self.reader.taken).fresh)
        return found if made is None or writer.count(made) >= writer.count(found) else made

    def _by_free(self, forms: Forms, plain: Node, column: Node) -> None:
        """The gradient and the Hessian by the free entries of the structured variables."""
        left, right = self._tied(self.rows), self._tied(self.cols)
        if any(s is not None and s.kind not in KINDS for s in (left, right)) or not (left or right):
            return
        reader = self.reader
        if left:
            forms.vech["gradient"] = reader.by_free_entries(reader.settled(self.free))
        skew = left is not None and right is not None and left.kind == right.kind == "skew"

        def made() -> Expr:
            found = reader.tidied(self._free_hessian(left, right, plain, column))
            return briefer(found, self._between(column)) if skew else found

        reader.attempt(forms, "vech hessian", made)

    def _between(self, column: Node) -> Expr:
        """T'*H*T: the Hessian by all entries between the maps from the free entries of skew variables to them."""
        reader = self.reader
        rows, cols = (reader.tidied(skew_basis(v.shape[0])) for v in (self.rows, self.cols))
        matrix, numbers = reader.tidied(column), list[Expr]()
        while matrix.op.name == "mul" and not matrix.args[0].shape:
            numbers.append(matrix.args[0])
            matrix = matrix.args[1]
        made = apply("transpose", (rows,))
        for factor in ([] if matrix.op.name == "eye" else [matrix]) + [cols]:
            made = apply("mul", (made, factor))
        for c in reversed(numbers):
            made = apply("mul", (c, made))
        return made

    def _free_hessian(self, left: Structure | None, right: Structure | None, plain: Node, column: Node) -> Node:
        direct = ("symmetric", "lower")
        made = column
        if any(s is not None and s.kind not in direct for s in (left, right)):
            hole = self.dy
            if right:
                n = self.cols.shape[0]
                hole = leaf("free entries", read_off(right.kind, n), ("increment",))
                plain = substitute(plain, {self.dy: placed(right.kind, hole, n)})
            if left:
                plain = gathered(left.kind, plain)
            nets = self.reader.networks_of(plain, hole, plain)
            made = self._of(nets, "column", plain.rows * plain.cols, hole.rows * hole.cols)
        before = stacked(left.kind, self.rows.shape[0]) if left else None
        after = stacked(right.kind, self.cols.shape[0]) if right else None
        factors = [*([T(before)] if before is not None else []), made, *([after] if after is not None else [])]
        return mul(*factors)
