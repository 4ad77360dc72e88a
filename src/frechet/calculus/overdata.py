"""A Hessian over data as the sum that papers print: sum(i: kron(diag(S[i,:]')-S[i,:]'*S[i,:], X[i,:]'*X[i,:])).

Where three factors meet in one summation, no product of matrices says it.  With the index of that summation held, each
factor on it is a vector, its row, and what is left is a Kronecker product of small matrices again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import final

from frechet.algebra import constructors as b
from frechet.algebra.atoms import U, variable
from frechet.algebra.constructors import T
from frechet.algebra.constructors.products import unturned
from frechet.algebra.network import Network, Reduced
from frechet.algebra.node import Node, Term, depends
from frechet.calculus.jacobian import matrix_of, outputs_of
from frechet.core.dim import ONE, Dim
from frechet.core.expr import Expr
from frechet.core.rewrite import replace
from frechet.errors import FrechetError
from frechet.notation.signs import added
from frechet.notation.tidy import tidy
from frechet.notation.write import Writer
from frechet.ops.expressions import apply

Nets = Sequence[tuple[Network, tuple[int, ...]]]


def over_data(nets: Nets, rows_stacked: bool, writer: Writer, index: Callable[[], str]) -> Expr | None:
    """The numerator Jacobian of networks as a sum over the index in which their factors meet; None without one."""
    sums = _Sums(writer, index)
    plain: list[Term] = []
    for net, out in nets:
        rows, cols, red = outputs_of(net, out, rows_stacked)
        try:
            if not red.hubs:
                plain.append((matrix_of(red, rows, cols, writer.cost), U))
            elif red.fused or not sums.add(red, rows, cols):
                return None
        except FrechetError:
            return None
    if not sums.terms:
        return None
    rest = [writer.write(tidy(b.add(plain), writer))] if plain else []
    return added([*sums.written(), *rest])


@final
class _Sums:
    """The terms of sums over an index, by how far it runs; rows and columns of factors stand in them as leaves."""

    def __init__(self, writer: Writer, index: Callable[[], str]) -> None:
        self.writer, self.index = writer, index
        self.terms: dict[Dim, list[Node]] = {}
        self.picked: dict[Node, tuple[Node, str]] = {}

    def add(self, red: Reduced, rows: Sequence[int], cols: Sequence[int]) -> bool:
        """Take a network in which all hubs are around one inner index; whether this one is such."""
        outer = {red.net.find(v) for v in (*rows, *cols)}
        inner = {v for _, at in red.hubs for v in at} - outer
        if len(inner) != 1:
            return False
        (held,) = inner
        length = red.net.dims[held]
        single = Reduced(red.net)
        single.scalar, single.dims = red.scalar, red.dims
        single.edges = {at: m for at, m in red.edges.items() if held not in at}
        single.labels = {v: label for v, label in red.labels.items() if v != held}
        factors = [*red.hubs, *((m, at) for at, m in red.edges.items() if held in at)]
        factors += [(label, (v,)) for v, label in red.labels.items() if v == held]
        for m, at in factors:
            if len(at) == 2 and at[0] != held:
                m, at = T(m), at[::-1]
            if at[0] != held or len(m.shape) > 2:
                return False
            scale, vector = self._row(m, length)
            single.scalar = b.mul(single.scalar, *scale)
            if vector is not None and len(at) == 2 and vector.rows != ONE:
                single.add_label(at[1], vector)
            elif vector is not None:
                single.scalar = b.mul(single.scalar, vector)
        _pair(single, rows, cols)
        self.terms.setdefault(length, []).append(matrix_of(single, rows, cols, self.writer.cost))
        return True

    def _row(self, m: Node, length: Dim) -> tuple[list[Node], Node | None]:
        """A row of a matrix: numbers, and a column vector; of diag(t)*X the entry of t and the row of X."""
        coef, scalars, chain = b.parts(m)
        scale = [b.number(coef), *(b.power(s, e) for s, e in scalars)]
        if chain and chain[0].kind == "diag":
            scale.append(self._leaf(chain[0].args[0], "at", ONE))
            chain = chain[1:]
        if not chain:
            return scale, None
        rest = b.mul(*chain)
        if rest.cols == ONE:
            return [*scale, self._leaf(rest, "at", ONE)], None
        if unturned(rest) is not rest:
            return scale, self._leaf(rest.args[0], "column", rest.cols)
        return scale, self._leaf(rest, "row", rest.cols)

    def _leaf(self, of: Node, pick: str, size: Dim) -> Node:
        """What stands for an entry, a row (as a column) or a column."""
        found = variable(f"{pick} {of.key[1]} {of.key[2].hex()}", (size,) if size != ONE else ())
        self.picked[found] = (of, pick)
        return found

    def written(self) -> list[Expr]:
        """The sums, one for each length, their terms put together; what no index touches stands outside."""
        out: list[Expr] = []
        for terms in self.terms.values():
            i = self.index()
            back = self._back(i)
            coef, scalars, chain = b.parts(_together(terms))
            moving = frozenset(self.picked)
            held = [(s, e) for s, e in scalars if s not in depends(s, moving)]
            body = b.mul(*(b.power(s, e) for s, e in scalars if (s, e) not in held), *chain)
            total = apply("isum", (replace(self.writer.write(body), back),), (i,))
            stand = variable("sum", total.shape)
            outside = self.writer.write(b.mul(b.number(coef), *(b.power(s, e) for s, e in held), stand))
            out.append(replace(outside, {self.writer.write(stand): total}))
        return out

    def _back(self, i: str) -> dict[Expr, Expr]:
        """What the leaves stand for, and their transposes."""
        back: dict[Expr, Expr] = {}
        for stand, (of, pick) in self.picked.items():
            e, whole = self.writer.write(stand), self.writer.write(of)
            made = apply(pick, (whole,), (i,))
            back[e] = apply("transpose", (made,)) if pick == "row" else made
            if pick == "row":
                back[apply("transpose", (e,))] = made
        return back


def _pair(red: Reduced, rows: Sequence[int], cols: Sequence[int]) -> None:
    """Vectors on a row and the column beside it as one matrix u*v', a factor of the Kronecker product.  In place."""
    ends = {red.net.find(v) for at in red.edges for v in at}
    for r, c in zip(map(red.net.find, rows), map(red.net.find, cols), strict=False):
        if r != c and len(rows) == len(cols) and not {r, c} & ends and r in red.labels and c in red.labels:
            red.add_edge(r, c, b.mul(red.labels.pop(r), T(red.labels.pop(c))))


def _together(terms: Sequence[Node]) -> Node:
    """The sum of Kronecker products, those with one factor alike as one: kron(A,C) - kron(B,C) = kron(A-B,C)."""
    left = list(terms)
    for side in (1, 0):
        groups: dict[tuple[object, ...], list[tuple[Node, Node]]] = {}
        alone: list[Node] = []
        for t in left:
            coef, scalars, chain = b.parts(t)
            if len(chain) == 1 and chain[0].kind == "kron" and len(chain[0].args) == 2:
                pair = chain[0].args
                mine = b.scale(coef, pair[1 - side])
                groups.setdefault((pair[side], scalars), []).append((mine, t))
            else:
                alone.append(t)
        left = alone
        for (shared, _), members in groups.items():
            if len(members) == 1:
                left.append(members[0][1])
                continue
            scalars = b.parts(members[0][1])[1]
            other = b.add([(m, U) for m, _ in members])
            assert isinstance(shared, Node)
            pair = (other, shared) if side else (shared, other)
            left.append(b.mul(*(b.power(s, e) for s, e in scalars), b.kron(*pair)))
    return b.add([(t, U) for t in left])
