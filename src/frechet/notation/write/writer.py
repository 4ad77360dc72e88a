"""From a node to the formula a textbook would print: what is remembered, and who writes which kind of node."""

from __future__ import annotations

from fractions import Fraction
from typing import final

from frechet.algebra import constructors as b
from frechet.algebra.atoms import U, is_op
from frechet.algebra.constructors import T
from frechet.algebra.node import CAP, Node, postorder
from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.core.expr import postorder as parts_of
from frechet.notation.conjugates import UNIT, part
from frechet.notation.signs import NONE, UNSAID, Said, chosen, factors_of, negative, turned_freely
from frechet.notation.write.cells import in_blocks
from frechet.notation.write.entrywise import hadamard
from frechet.notation.write.factors import turned_factor
from frechet.notation.write.functions import function, kron, transpose
from frechet.notation.write.leaves import leaf
from frechet.notation.write.networks import network
from frechet.notation.write.products import product, scalar_power
from frechet.notation.write.rings import diagonal, ring
from frechet.notation.write.sums import total
from frechet.ops.expressions import apply

UNWELCOME = 60
"""What the imaginary unit, which cannot be shown, counts as: any other formula is shorter."""
SMALLEST = 4
"""Vectors and matrices with as few entries along an axis are written out where they are put together of entries."""


@final
class Writer:
    """Writes nodes, each once; `sizes` counts the signs of what was written.

    The text depends on the node, and on how a person typed it in one thing only: `said` tells which way round a
    difference stands in the problem, p - c, and so it stands in the answer where no sign is spared by turning it.
    `taken` are names that no index of a sum may have.  Only with `sums` are blocks added up by sum(k: …), for what is
    shown: a derivation goes on with products.
    Each kind of node has its function, in the files beside this one, and is handed the writer; what they write in turn
    they ask of it again.
    """

    def __init__(self, taken: frozenset[str] = frozenset(), sums: bool = False, said: Said = UNSAID) -> None:
        self.taken, self.sums, self.said = taken, sums, said
        self.done: dict[Node, Expr] = {}
        self.sizes: dict[Expr, int] = {}
        self.best: dict[tuple[Node, bool], Node] = {}
        """What `tidy` has found to be the shortest form of a node, inside a formula and as the whole of one."""
        self.moving: dict[Node, bool] = {}
        self.flipped: dict[tuple[Node, frozenset[Node]], Expr] = {}
        self.blocks: dict[Node, bool] = {}

    def write(self, node: Node) -> Expr:
        """The formula of a node."""
        found = self.done.get(node)
        if found is not None:
            return found
        for x in postorder([node], self.done):
            if x not in self.done:  # a formula may have needed this one already
                self.done[x] = self._conjugated(x) if x.complex else self._write(x)
        return self.done[node]

    def agree(self, e: Expr) -> bool:
        """Turn the differences round that stand both ways in a formula, for all that is written from now on.

        A sign was spared by turning one of them, and those whose sign does not matter go with it: never x - z beside
        z - x.  False where there are none.
        """
        found = {x for x in parts_of(e) if x.op.name == "sub"}
        both = {x for x in found if apply("sub", x.args[::-1]) in found}
        turned = {node: not way for node, way in self.said.items() if self._of(node) & both}
        if turned:
            self.said = {**self.said, **turned}
            self.done.clear()
            self.flipped.clear()
            self.best.clear()
        return bool(turned)

    def _of(self, node: Node) -> set[Expr]:
        """A difference as it is written, both ways round."""
        return {total(self, node, 1), total(self, node, -1)}

    def cost(self, node: Node) -> int:
        """How many signs the formula of a node has."""
        return self.count(self.write(node))

    def count(self, e: Expr) -> int:
        """How many signs a formula has."""
        found = self.sizes.get(e)
        if found is None:
            stack = [e]
            while stack:
                x = stack[-1]
                todo = [a for a in x.args if a not in self.sizes]
                if todo:
                    stack.extend(todo)
                else:
                    stack.pop()
                    self.sizes[x] = min(1 + _extra(x) - _ones(x) + sum(self.sizes[a] for a in x.args), 10**9)
            found = self.sizes[e]
        return found

    def factor(self, f: Node, flips: frozenset[Node]) -> Expr:
        """A factor of a chain, with the differences in `flips` turned round."""
        if not flips:
            return self.write(f)
        found = self.flipped.get((f, flips))
        if found is None:
            found = self.flipped[f, flips] = turned_factor(self, f, flips)
        return found

    def product(self, x: Node, coef: Fraction | None = None, flips: frozenset[Node] | None = None) -> Expr:
        """A product, by another coefficient or with chosen differences turned: see `products.product`."""
        return product(self, x, coef, flips)

    def scalar_power(self, s: Node, e: Fraction, flips: frozenset[Node] = NONE) -> Expr:
        """A positive power of a scalar: norm2(x)^3 for (x'*x)^(3/2)."""
        return scalar_power(self, s, e, flips)

    def signs(self, x: Node, coef: Fraction, forced: bool = True) -> tuple[bool, frozenset[Node]]:
        """Whether the product is written without a minus sign, and which of its differences are turned round.

        A difference stands as it is said, or begins with its weightiest term (`backwards`); if `forced`, one more is
        turned where that spares the sign.
        """
        _, terms, chain = b.parts(x)
        return chosen(coef, factors_of(terms, chain), forced, self.said)

    def blocky(self, x: Node) -> bool:
        """Whether the rows or the columns of a matrix are cut into blocks."""
        found = self.blocks.get(x)
        if found is None:
            inside = x.terms if x.kind == "sum" else ()
            ends = x.chain[:1] + x.chain[-1:] if x.kind == "product" else x.args if x.kind == "transpose" else ()
            small = x.op == "unit" and x.kind == "leaf" and (x.rows.number or SMALLEST + 1) <= SMALLEST
            found = x.op == "select" or small or any(self.blocky(t) for t, _ in inside) or any(map(self.blocky, ends))
            self.blocks[x] = found
        return found

    def holds_increment(self, x: Node) -> bool:
        """Whether an increment stands in a node (heavy nodes are not searched)."""
        found = self.moving.get(x)
        if found is None:
            if x.kind == "leaf":
                found = x.op == "variable" and "increment" in x.params[1]
            else:
                found = x.weight < CAP and any(self.holds_increment(a) for a in x.args)
            self.moving[x] = found
        return found

    def _conjugated(self, x: Node) -> Expr:
        """Conjugates stand on the leaves; outside, conj(A*x-b) or herm(A*x-b), where that is shorter."""
        found = part(x) if x.kind == "ring" else None
        if found is not None:
            return self.write(b.scale(found[1], found[0]))
        e = self._write(x)
        if x.kind in ("leaf", "conj", "product") or x.bars == 0:
            return e
        options = [e]
        turned = [("herm", b.herm(x))] if len(x.shape) <= 2 else []
        for op, y in (("conj", b.conj(x)), *turned):
            if y.bars < x.bars:
                options.append(apply(op, (self.write(y),)))
        if x.kind == "transpose" and is_op(x.args[0], "inv"):
            inner = T(x.args[0].args[0])
            if inner.flips <= x.flips:  # the transpose of a hermitian matrix is its conjugate
                options.append(apply("inv", (self.write(inner),)))
        return min(options, key=self.count)

    def _write(self, x: Node) -> Expr:
        if x.kind == "leaf":
            return leaf(x)
        if x.kind == "product":
            return in_blocks(self, x, self.product(x))
        if x.kind == "sum":
            return total(self, x, 1)
        if x.kind == "hadamard":
            positive, flips = self.signs(x, U)
            e = hadamard(self, x.terms, flips)
            return e if positive else negative(e)
        if x.kind == "ring":
            return ring(self, x)
        if x.kind == "transpose":
            return in_blocks(self, x, transpose(self, x))
        if x.kind == "conj":
            return apply("conj", (self.write(x.args[0]),))
        if x.kind == "diagonal":
            return diagonal(self, x)
        if x.kind == "diag":
            return apply("diag", (self.write(x.args[0]),))
        if x.kind == "vec":
            return apply("vec", (self.write(x.args[0]),))
        if x.kind == "unvec":
            return apply("reshape", (self.write(x.args[0]),), x.params)
        if x.kind == "kron":
            return kron(self, x.args, turned_freely(x.args, self.said))
        if x.kind == "einsum":
            return network(self, x)
        return function(self, x)


def _extra(x: Expr) -> int:
    """What a node of the tree writes beside one sign: the sizes of a constant, the parts of a fraction."""
    if x.op.name == "number":
        q: Fraction = x.params[0]
        return (2 if q.denominator != 1 else 0) + (1 if q < 0 else 0)
    if x.op.name == "size":
        return 0
    if x is UNIT:
        return UNWELCOME
    kinds = (Dim, int, str) if x.op.name in ("row", "column", "slice", "unit", "isum") else (Dim, int)
    return sum(1 for p in x.params if isinstance(p, kinds))


def _ones(x: Expr) -> int:
    """The signs of the ones that carry a number in a sum of matrices: a reader sees the 1 of ones(m,n) - S, no more."""
    if x.op.name not in ("add", "sub") or len(x.shape) < 2:
        return 0
    free = 0
    for term in x.args:
        e = term.args[0] if term.op.name == "divide" else term
        multiple = e.op.name == "mul" and not e.args[0].shape
        e = e.args[1] if multiple else e
        if e.op.name == "ones":
            free += len(e.params) + 2 * multiple
    return free
