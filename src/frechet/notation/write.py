"""From a node to the formula a textbook would print.

The algebra stores one thing where people write many (``x'*x``, ``norm2(x)^2``, ``tr(x*x')``); here the shortest of
the usual ways is chosen.  Nothing is simplified: every formula is another spelling of its node.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import final

from frechet.algebra import build as b
from frechet.algebra.atoms import is_op
from frechet.algebra.build import T
from frechet.algebra.factor import collect
from frechet.algebra.node import CAP, REAL_VALUED, Node, Term, intern, postorder
from frechet.core.dim import ONE, Dim, Shape, settle
from frechet.core.expr import Expr
from frechet.notation.blocks import grid
from frechet.notation.conjugates import UNIT, paired, part, with_parts
from frechet.notation.signs import (
    backwards,
    chosen,
    differences,
    factors_of,
    in_order,
    is_odd,
    negative,
    of_scalar,
    place,
    times,
    unsigned,
)
from frechet.ops import record
from frechet.ops.build import apply, number, size, variable

U = Fraction(1)
NONE = frozenset[Node]()
HALF = Fraction(1, 2)
UNWELCOME = 60
"""What the imaginary unit, which cannot be shown, counts as: any other formula is shorter."""
SMALLEST = 4
"""Vectors and matrices with as few entries along an axis are written out where they are put together of entries."""
OUTER_TRANSPOSE = 2
"""A transpose stands outside a product, (A*B)', only where that saves this many signs over B'*A'."""


@final
class Writer:
    """Writes nodes, each once; `sizes` counts the signs of what was written.

    The text depends on the node alone, never on how a person typed it: equal inputs give equal formulas.
    """

    def __init__(self) -> None:
        self.done: dict[Node, Expr] = {}
        self.sizes: dict[Expr, int] = {}
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
                    self.sizes[x] = min(1 + _extra(x) + sum(self.sizes[a] for a in x.args), 10**9)
            found = self.sizes[e]
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
        for op, y in (("conj", b.conj(x)), ("herm", b.herm(x))):
            if y.bars < x.bars:
                options.append(apply(op, (self.write(y),)))
        if x.kind == "transpose" and is_op(x.args[0], "inv"):
            turned = T(x.args[0].args[0])
            if turned.flips <= x.flips:  # the transpose of a hermitian matrix is its conjugate
                options.append(apply("inv", (self.write(turned),)))
        return min(options, key=self.count)

    # -- by kind -------------------------------------------------------------------------------------------------------

    def _write(self, x: Node) -> Expr:
        if x.kind == "leaf":
            return _leaf(x)
        if x.kind == "product":
            return self._in_blocks(x, self._product(x))
        if x.kind == "sum":
            return self._sum(x, 1)
        if x.kind == "hadamard":
            positive, flips = self.signs(x, U)
            e = self._hadamard(x.terms, flips)
            return e if positive else negative(e)
        if x.kind == "ring":
            return self._ring(x)
        if x.kind == "transpose":
            return self._in_blocks(x, self._transpose(x))
        if x.kind == "conj":
            return apply("conj", (self.write(x.args[0]),))
        if x.kind == "diag" or x.kind == "diagonal":
            return apply("diag", (self.write(x.args[0]),))
        if x.kind == "vec":
            return apply("vec", (self.write(x.args[0]),))
        if x.kind == "unvec":
            return apply("reshape", (self.write(x.args[0]),), x.params)
        if x.kind == "kron":
            counts: dict[Node, int] = {}
            differences(x, counts)
            return self._kron(x.args, frozenset(s for s, k in counts.items() if k % 2 == 0 and backwards(s)))
        if x.kind == "einsum":
            return apply("einsum", tuple(self.write(a) for a in x.args), x.params)
        return self._apply(x)

    def _kron(self, factors: tuple[Node, ...], flips: frozenset[Node]) -> Expr:
        e = self.factor(factors[-1], flips)
        for f in reversed(factors[:-1]):
            e = apply("kron", (self.factor(f, flips), e))
        return e

    def _apply(self, x: Node) -> Expr:
        if _turnable(x) and self._shorter_turned(x.args[0]):
            return apply("transpose", (self._function_of(x, T(x.args[0])),))
        params = x.params[1:] if x.params[:1] == ("elementwise",) else x.params
        if x.op in ("power", "epower"):
            return apply(x.op, tuple(self.write(a) for a in x.args))
        written = record(x.op).written
        if written is not None:
            return written(*(self.write(a) for a in x.args))
        if x.op in b.EVEN and len(x.args) == 1:
            return apply(x.op, (self._oriented(x.args[0]),), params)
        if x.op in REAL_VALUED:  # of a complex argument: the second is its conjugate
            return apply(x.op, (self.write(x.args[0]),))
        return apply(x.op, tuple(self.write(a) for a in x.args), params)

    def _shorter_turned(self, argument: Node) -> bool:
        """Whether f(X) is written through f(X') because X' is the shorter argument."""
        return len(argument.shape) == 2 and self.cost(T(argument)) < self.cost(argument)

    def _function_of(self, x: Node, turned: Node) -> Expr:
        """f of the transposed argument."""
        if x.op == "softmax":
            axis = x.params[0]
            return apply("softmax", (self.write(turned),), (3 - axis if axis else None,))
        return apply(x.op, (self.write(turned),), x.params[1:])

    def _transpose(self, x: Node, flips: frozenset[Node] = NONE) -> Expr:
        inner = x.args[0]
        if _turnable(inner) and self._shorter_turned(inner.args[0]):
            return self._function_of(inner, T(inner.args[0]))
        if is_op(inner, "tril"):
            return apply("triu", (apply("ones", (), (x.rows, x.cols)),))
        if inner.kind in ("hadamard", "sum"):
            terms = tuple((T(base), e) for base, e in inner.terms)
            sign = -1 if inner in flips else 1
            turned = self._hadamard(terms, flips) if inner.kind == "hadamard" else self._terms(terms, x.shape, sign)
            plain = apply("transpose", (self.factor(inner, flips),))
            masked = any(_bare(base).op in ("tril", "phi") for base, _ in inner.terms)
            return turned if self.count(turned) < self.count(plain) + masked else plain
        return apply("transpose", (self.factor(inner, flips),))

    def _in_blocks(self, x: Node, plain: Expr) -> Expr:
        """[A, B; C, D] where a matrix is made of blocks and that is shorter."""
        whole = self._grid(x) if self.blocky(x) else None
        return plain if whole is None else min(whole, plain, key=self.count)

    def _grid(self, x: Node) -> Expr | None:
        """A matrix as its blocks, where it is made of some."""
        blocks = grid(x)
        if blocks is None:
            return None
        rows = [[self.write(cell) for cell in row] for row in blocks]
        across = [apply("hcat", tuple(row)) if len(row) > 1 else row[0] for row in rows]
        return apply("vcat", tuple(across)) if len(across) > 1 else across[0]

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

    # -- products ------------------------------------------------------------------------------------------------------

    def _product(self, x: Node, coef: Fraction | None = None, flips: frozenset[Node] | None = None) -> Expr:
        """coefficient · scalars · chain, denominators last; a difference takes the sign and way round that suits.

        Inside a product whose signs are chosen already, `flips` are the differences to be turned.
        """
        own, terms, chain = b.parts(x)
        coef = own if coef is None else coef
        if not terms and not chain:
            return number(coef)
        if coef.denominator != 1 and len(terms) == 1 and not chain and terms[0][1] == 1 and terms[0][0].kind == "sum":
            spread = self._terms(tuple((t, c * coef) for t, c in terms[0][0].terms), x.shape, 1)
            whole = apply("divide", (self._sum(terms[0][0], 1), number(coef.denominator)))
            if abs(coef.numerator) == 1 and self.count(spread) <= self.count(whole):
                return spread  # 1 + x/2, not (2+x)/2
        if x.complex:
            parted = with_parts(x)
            if parted is not x:
                signed = coef if own == 0 else parted.coef * coef / own
                whole = parted.kind != "product"
                return self.write(b.scale(signed, parted)) if whole else self._product(parted, signed)
        positive, flips = self.signs(x, coef) if flips is None else (coef > 0, flips)
        above: list[Expr] = []
        below: list[Expr] = []
        if abs(coef.numerator) != 1:
            above.append(number(abs(coef.numerator)))
        if coef.denominator != 1:
            below.append(number(coef.denominator))
        terms, means = self._means(terms, flips)
        above += means
        for s, e in terms:
            (above if e > 0 else below).append(self.scalar_power(s, abs(e), flips))
        under = self._reciprocal(chain, flips) if above else None
        if under is not None:
            e = times(above) if positive else negative(times(above))
            for f in under:
                e = apply("edivide", (e, f))
            return apply("divide", (e, times(below))) if below else e
        if chain:
            above += self._chain(chain, flips)
        if not above:
            above.append(number(1))
        if not positive:
            above[0] = negative(above[0])
        e = times(above)
        if below:
            e = apply("divide", (e, times(below)))
        return e

    def _means(self, terms: tuple[Term, ...], flips: frozenset[Node]) -> tuple[tuple[Term, ...], list[Expr]]:
        """sum(x)/n is mean(x): the other scalars, and the means."""
        counts = {s.params[0]: s for s, e in terms if s.op == "size" and e < 0}
        if not counts:
            return terms, []
        left, means = dict(terms), list[Expr]()
        for s, e in terms:
            if e != 1 or s.kind != "ring" or s.params != ("open",):
                continue
            total = self.scalar_power(s, e, flips)
            if total.op.name != "sum" or total.params != (None,):
                continue
            sizes = [counts.get(d) for d in total.args[0].shape]
            if all(d is not None and left[d] <= -1 for d in sizes) and len(set(sizes)) == len(sizes):
                del left[s]
                left.update({d: left[d] + 1 for d in sizes if d is not None})
                means.append(apply("mean", total.args, (None,)))
        return tuple((s, e) for s, e in left.items() if e), means

    def _reciprocal(self, chain: tuple[Node, ...], flips: frozenset[Node]) -> list[Expr] | None:
        """The factors below the line where the chain is one entrywise reciprocal: c./x, not c*(1./x)."""
        if len(chain) != 1 or chain[0].kind != "hadamard" or any(e >= 0 for _, e in chain[0].terms):
            return None
        powers = [(self.factor(base, flips), -e) for base, e in chain[0].terms]
        return [
            f if p == 1 else apply("sqrt", (f,)) if p == HALF else apply("epower", (f, number(p))) for f, p in powers
        ]

    def signs(self, x: Node, coef: Fraction, forced: bool = True) -> tuple[bool, frozenset[Node]]:
        """Whether the product is written without a minus sign, and which of its differences are turned round.

        A difference begins with its weightiest term (`backwards`); if `forced`, one more is turned where that spares
        the sign.
        """
        _, terms, chain = b.parts(x)
        return chosen(coef, factors_of(terms, chain), forced)

    def scalar_power(self, s: Node, e: Fraction, flips: frozenset[Node] = NONE) -> Expr:
        """A positive power of a scalar: norm2(x)^3 for (x'*x)^(3/2)."""
        base = self._scalar(s, flips) if flips and e.denominator == 1 else self.write(s)
        if s.kind == "ring":
            half = square_of(s)
            if half is not None and (e != 1 or half.kind not in ("leaf",)):
                norm = self._norm(half, flips)
                return norm if e == HALF else apply("power", (norm, number(2 * e)))
        if e == 1:
            return base
        if e == HALF:
            return apply("sqrt", (base,))
        return apply("power", (base, number(e)))

    def _scalar(self, s: Node, flips: frozenset[Node]) -> Expr:
        """A scalar, with the differences in `flips` turned round: itself, or those in a closed chain."""
        if s.kind == "sum":
            return self._sum(s, -1 if s in flips else 1)
        if s.kind != "ring":
            return self.write(s)
        counts: dict[Node, int] = {}
        of_scalar(s, counts, 1)
        return self.write(s) if flips.isdisjoint(counts) else self._ring(s, flips)

    def _even(self, chain: tuple[Node, ...]) -> frozenset[Node]:
        """The differences that stand an even number of times: those that stand backwards may all be turned."""
        counts: dict[Node, int] = {}
        for f in chain:
            differences(f, counts)
        return frozenset(x for x, k in counts.items() if k % 2 == 0 and backwards(x))

    def _norm(self, half: Node, flips: frozenset[Node]) -> Expr:
        """‖half‖, of the half or its transpose, and the way round that the same difference has beside it."""
        options = [self._sum(half, -1) if half in flips else self._oriented(half)]
        if not half.column and half not in flips:
            options.append(self._oriented(T(half)))
        return apply("norm2", (min(options, key=self.count),))

    def _oriented(self, x: Node) -> Expr:
        """x or -x, whichever begins with its weightiest term: for where the sign does not matter."""
        return self._sum(x, -1) if x.kind == "sum" and backwards(x) else self.write(x)

    def factor(self, f: Node, flips: frozenset[Node]) -> Expr:
        """A factor of a chain, with the differences in `flips` turned round."""
        if not flips:
            return self.write(f)
        found = self.flipped.get((f, flips))
        if found is None:
            found = self.flipped[f, flips] = self._flipped(f, flips)
        return found

    def _flipped(self, f: Node, flips: frozenset[Node]) -> Expr:
        if f.bars:
            options = [self._sum_factor(f, flips)]
            for op, y in (("conj", b.conj(f)), ("herm", b.herm(f))):
                sign, scalars, chain = b.parts(y)
                if y.bars < f.bars and len(chain) == 1 and not scalars and abs(sign) == 1:
                    sums = frozenset(_bare(g) for g in chain)
                    turned = sums if (sign < 0) != (_bare(f) in flips) else NONE
                    if sign > 0 or _bare(chain[0]).kind == "sum":
                        options.append(apply(op, (self._sum_factor(chain[0], turned),)))
            return min(options, key=self.count)
        return self._sum_factor(f, flips)

    def _sum_factor(self, f: Node, flips: frozenset[Node]) -> Expr:
        if f.kind == "sum":
            return self._sum(f, -1 if f in flips else 1)
        if f.kind == "transpose":
            return self._transpose(f, flips)
        if f.kind in ("diag", "diagonal"):
            return apply("diag", (self.factor(f.args[0], flips),))
        if f.kind == "vec":
            return apply("vec", (self.factor(f.args[0], flips),))
        if f.kind == "kron":
            return self._kron(f.args, flips)
        if f.kind == "einsum":
            return apply("einsum", tuple(self.factor(a, flips) for a in f.args), f.params)
        if f.kind == "hadamard":
            return self._hadamard(f.terms, flips)
        counts: dict[Node, int] = {}
        differences(f, counts)
        if not flips.isdisjoint(counts):
            if f.kind == "product":
                return self._product(f, None, flips)
            if is_odd(f):
                return apply(f.op, (self.factor(f.args[0], flips),), f.params[1:])
        return self.write(f)

    def _chain(self, chain: tuple[Node, ...], flips: frozenset[Node]) -> list[Expr]:
        """The factors of a chain: runs as powers, sums for ones at the ends, the transpose outside where shorter."""
        straight = self._line(chain, flips)
        if len(chain) == 1:
            return straight
        turned = self._line(tuple(T(f) for f in reversed(chain)), flips)
        if straight and turned:
            e, t = times(straight), apply("transpose", (times(turned),))
            if self.count(t) + OUTER_TRANSPOSE <= self.count(e):
                straight = [t]
        if any(f.bars for f in chain):
            return min([straight, *self._conjugated_chain(chain, flips)], key=lambda line: self.count(times(line)))
        return straight

    def _conjugated_chain(self, chain: tuple[Node, ...], flips: frozenset[Node]) -> Iterator[list[Expr]]:
        """A chain as conj(…) and herm(…) of another that has fewer conjugates in it."""
        sign, scalars, mirrored = b.parts(b.conj(b.mul(*chain)))
        sums = [f for f in mirrored if f.kind == "sum"]
        if scalars or abs(sign) != 1 or sum(f.bars for f in mirrored) >= sum(f.bars for f in chain):
            return
        turned = frozenset(f for s in flips for f in b.parts(b.conj(s))[2])
        if sign < 0 and not sums:
            return
        if sign < 0:
            turned ^= {sums[0]}
        yield [apply("conj", (times(self._line(mirrored, turned)),))]
        yield [apply("herm", (times(self._line(tuple(T(f) for f in reversed(mirrored)), turned)),))]

    def _line(self, chain: tuple[Node, ...], flips: frozenset[Node]) -> list[Expr]:
        factors: list[Expr] = []
        i, n = 0, len(chain)
        while i < n:
            f = chain[i]
            if i + 1 < n and is_op(f, "ones") and _ones_row(chain[i + 1]):
                factors.append(apply("ones", (), (f.rows, chain[i + 1].cols)))
                i += 2
                continue
            if _ones_row(f) and i + 1 < n and not is_op(chain[i + 1], "eye"):
                factors.append(apply("transpose", (self._sums(chain[i + 1], flips, 1),)))
                i += 2
                continue
            if f.kind == "transpose" and is_op(f.args[0], "unit") and i + 1 < n and chain[i + 1].rows != ONE:
                factors.append(self._take(f.args[0], chain[i + 1], flips, "row"))
                i += 2
                continue
            masked = self._masked(chain[i : i + 3], flips)
            if masked is not None:
                factors.append(masked)
                i += 3
                continue
            k = 1
            while i + k < n and chain[i + k] is f and f.rows == f.cols:
                k += 1
            after = chain[i + k] if i + k < n else None
            if k == 1 and after is not None and is_op(after, "ones") and not _starts_square(chain, i + 1) and not f.row:
                factors.append(self._sums(f, flips, 2))
                i += 2
                continue
            if k == 1 and after is not None and is_op(after, "unit") and not f.row:
                factors.append(self._take(after, f, flips, "column"))
                i += 2
                continue
            if k > 1 and f.kind == "transpose":
                factors.append(apply("transpose", (apply("power", (self.factor(f.args[0], flips), number(k))),)))
            elif k > 1:
                factors.append(apply("power", (self.factor(f, flips), number(k))))
            else:
                factors.append(self.factor(f, flips))
            i += k
        return factors

    def _masked(self, triple: tuple[Node, ...], flips: frozenset[Node]) -> Expr | None:
        """tril(u*w') and phi(u*w'), kept as diag(u)*mask*diag(w)."""
        if len(triple) < 3 or triple[0].kind != "diag" or triple[2].kind != "diag":
            return None
        mask = triple[1].args[0] if triple[1].kind == "transpose" else triple[1]
        if mask.kind != "leaf" or mask.op not in ("tril", "phi"):
            return None
        u, w = triple[0].args[0], triple[2].args[0]
        turned = triple[1] is not mask
        if turned and mask.op == "phi":
            return apply("transpose", (apply("phi", (self._outer(w, u, flips),)),))
        return apply("triu" if turned else mask.op, (self._outer(u, w, flips),))

    def _outer(self, u: Node, w: Node, flips: frozenset[Node]) -> Expr:
        """u*w', with the differences in `flips` turned round that stand in them as factors."""
        return self._product(b.mul(u, T(w)), None, flips)

    def _sums(self, f: Node, flips: frozenset[Node], axis: int) -> Expr:
        """Sums along an axis; of a transpose those along the other axis."""
        if f.kind == "transpose" and not f.row:
            return apply("sum", (self.factor(f.args[0], flips),), (3 - axis,))
        return apply("sum", (self.factor(f, flips),), (axis,))

    def _take(self, unit: Node, f: Node, flips: frozenset[Node], op: str) -> Expr:
        if f.kind == "transpose":
            other = "column" if op == "row" else "row"
            return apply("transpose", (apply(other, (self.factor(f.args[0], flips),), (unit.params[0],)),))
        return apply(op, (self.factor(f, flips),), (unit.params[0],))

    # -- sums ----------------------------------------------------------------------------------------------------------

    def _sum(self, x: Node, sign: int) -> Expr:
        """A sum, what is added before what is subtracted; a scalar times ones is broadcast."""
        return self._terms(x.terms, x.shape, sign)

    def _terms(self, terms: tuple[tuple[Node, Fraction], ...], shape: tuple[Dim, ...], sign: int) -> Expr:
        if any(t.complex for t, _ in terms):
            terms = paired(terms)
        cut = [(t, c * sign) for t, c in terms if self.blocky(t)]
        whole = self._grid(b.add(cut)) if cut else None
        if whole is not None:
            rest = tuple((t, c) for t, c in terms if not self.blocky(t))
            if rest:
                whole = apply("add", (whole, self._terms(rest, shape, sign)))
                if unsigned(whole.args[1])[0] and len(rest) == 1:
                    whole = apply("sub", (whole.args[0], unsigned(whole.args[1])[1]))
            return min(whole, self._plain_terms(terms, shape, sign), key=self.count)
        return self._plain_terms(terms, shape, sign)

    def _plain_terms(self, terms: tuple[tuple[Node, Fraction], ...], shape: tuple[Dim, ...], sign: int) -> Expr:
        plus: list[Expr] = []
        minus: list[Expr] = []
        below: list[Node] = []
        ones = b.all_ones(shape) if len(shape) == 2 and not (shape[0] == ONE and shape[1] == ONE) else None
        spread = ones is not None and any(_broadcast(t, ones) is None for t, _ in terms)
        for t, c in in_order(_joined(terms)):
            c = c * sign
            scalar = _broadcast(t, ones) if spread and ones is not None else None
            body = scalar if scalar is not None else t
            node = b.scale(abs(c), body)
            if c < 0 and self.signs(node, -b.parts(node)[0], forced=False)[0]:
                plus.append(self._product(node, -b.parts(node)[0]))
            else:
                (plus if c > 0 else minus).append(self.write(node))
                below = below if c > 0 else [*below, node]
        if not plus:  # begin with a difference turned round, where there is one
            k = next((k for k, t in enumerate(below) if self.signs(t, -b.parts(t)[0])[0]), None)
            if k is None:
                plus = [negative(minus.pop(0))]
            else:
                plus = [self._product(below[k], -b.parts(below[k])[0])]
                del minus[k]
        e = plus[0]
        plus = plus[1:]
        for p in plus:
            e = apply("add", (e, p))
        for m in minus:
            e = apply("sub", (e, m))
        return e

    # -- Hadamard products ---------------------------------------------------------------------------------------------

    def _hadamard(self, terms: tuple[tuple[Node, Fraction], ...], flips: frozenset[Node] = frozenset()) -> Expr:
        if any(e == 1 and base.kind == "transpose" and is_op(base.args[0], "phi") for base, e in terms):
            return apply("transpose", (self._hadamard(tuple((T(base), e) for base, e in terms), flips),))
        above: list[Expr] = []
        below: list[Expr] = []
        triangle = ""
        for base, e in sorted(terms, key=self._rank_in_product):
            if e == 1 and base.op in ("tril", "phi") and base.kind == "leaf" and not triangle:
                triangle = base.op
                continue
            if e == 1 and base.kind == "transpose" and is_op(base.args[0], "tril") and not triangle:
                triangle = "triu"
                continue
            f = self.factor(base, flips) if e.denominator == 1 else self.write(base)
            p = abs(e)
            f = f if p == 1 else apply("sqrt", (f,)) if p == HALF else apply("epower", (f, number(p)))
            (above if e > 0 else below).append(f)
        if not above:
            above.append(number(1)) if below else None
        e = above[0] if above else None
        if e is not None:
            for f in above[1:]:
                e = apply("hadamard", (e, f))
            for f in below:
                e = apply("edivide", (e, f))
        if triangle:
            if e is None:
                e = apply("ones", (), tuple(terms[0][0].shape))
            e = apply(triangle, (e,))
        assert e is not None
        return e

    def _rank_in_product(self, term: tuple[Node, Fraction]) -> tuple[int, tuple[int, str, bytes]]:
        """Where a factor stands in x.*y.*z: upstream gradients, differences, the rest, 1-s after s, increments."""
        base = term[0]
        if self._moving(base):
            return 4, base.key
        if base.op == "variable" and "upstream" in base.params[1]:
            return 0, base.key
        core = base.args[0] if base.kind == "transpose" else base
        if core.kind != "sum" or core.scalar:
            return 2, base.key
        return (3 if any(place(t)[0] == 0 for t in core.terms) else 1), base.key

    def _moving(self, x: Node) -> bool:
        """Whether an increment stands in a node (heavy nodes are not searched)."""
        found = self.moving.get(x)
        if found is None:
            if x.kind == "leaf":
                found = x.op == "variable" and "increment" in x.params[1]
            else:
                found = x.weight < CAP and any(self._moving(a) for a in x.args)
            self.moving[x] = found
        return found

    # -- closed chains -------------------------------------------------------------------------------------------------

    def _ring(self, x: Node, flips: frozenset[Node] | None = None) -> Expr:
        options: list[Expr] = []
        last_moves: dict[Expr, bool] = {}  # among equals the increment stands last: tr(inv(X)*dX)
        half = square_of(x)
        chain = x.chain
        turned = self._even(chain) if flips is None else flips
        if (half is not None and half.kind != "leaf") or (half is not None and not half.column):
            options.append(apply("power", (self._norm(half, turned), number(2))))
        if x.params == ("open",):
            first, last = T(chain[0]), chain[-1]
            inner = chain[1:-1]
            if is_op(first, "ones") and (is_op(last, "ones") or not inner):
                body = inner if inner else (last,)
                if len(body) == 1 and body[0].kind == "transpose":
                    body = (body[0].args[0],)  # a sum of all entries does not see a transpose
                options.append(apply("sum", (times(self._chain(body, turned)),), (None,)))
                if len(body) == 1:
                    options.append(apply("sum", (self.factor(T(body[0]), turned),), (None,)))
                    if is_op(body[0], "abs"):
                        options.append(apply("norm1", (self._oriented(body[0].args[0]),)))
            elif is_op(last, "ones") and not inner:
                options.append(apply("sum", (self.factor(first, turned),), (None,)))
                if is_op(first, "abs"):
                    options.append(apply("norm1", (self._oriented(first.args[0]),)))
            elif is_op(first, "unit") and (not inner or (is_op(last, "unit") and len(inner) == 1)):
                indices = (first.params[0],) if not inner else (first.params[0], last.params[0])
                options.append(apply("entry", (self.factor(inner[0] if inner else last, turned),), indices))
            elif is_op(last, "unit") and not inner:
                options.append(apply("entry", (self.factor(first, turned),), (last.params[0],)))
            else:
                back = tuple(T(f) for f in reversed(chain))
                for c in (chain, back) if self._moving(x) or x.complex else (chain,):
                    options.append(times(self._line(c, turned)))
                    last_moves[options[-1]] = self._moving(c[-1])
        else:
            for k in range(len(chain) if len(chain) <= 6 else 1):
                c = chain[k:] + chain[:k]
                back = tuple(T(f) for f in reversed(c))
                for d in (c, back) if self._moving(x) or x.complex else (c,):
                    options.append(apply("tr", (times(self._line(d, turned)),)))
                    last_moves[options[-1]] = any(map(self._moving, d[-1:]))
            if len(chain) == 2:
                pair = (self.factor(T(chain[0]), turned), self.factor(chain[1], turned))
                other = (self.factor(chain[0], turned), self.factor(T(chain[1]), turned))
                for p in (pair, other):
                    options.append(apply("sum", (apply("hadamard", p),), (None,)))
        return min(options, key=lambda e: (self.count(e), not last_moves.get(e, False)))


def _joined(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """reshape(x,m,n) + reshape(y,m,n) as reshape(x+y,m,n), and so with vec."""
    shaped: dict[tuple[str, Shape, Shape], list[tuple[Term, Term]]] = {}
    others: list[Term] = []
    for t, c in terms:
        _, scalars, chain = b.parts(t)
        single = chain[0] if len(chain) == 1 else t
        if single.kind in ("vec", "unvec"):
            inner = b.mul(*(b.power(s, e) for s, e in scalars), single.args[0])
            key = (single.kind, single.args[0].shape, single.shape)
            shaped.setdefault(key, []).append(((t, c), (inner, c)))
        else:
            others.append((t, c))
    for (kind, _, shape), members in shaped.items():
        if len(members) == 1:
            others.append(members[0][0])
        else:
            others.append((_shaped(kind, collect([inner for _, inner in members]), shape), U))
    return tuple(others)


def _shaped(kind: str, inner: Node, shape: Shape) -> Node:
    """vec or reshape of a node as it stands, a sum kept whole."""
    if kind == "vec":
        return intern("vec", shape, (inner,))
    return intern("unvec", shape, (inner,), params=shape, overhead=3)


def _bare(x: Node) -> Node:
    """What is transposed, or the node itself."""
    return x.args[0] if x.kind == "transpose" else x


def _turnable(x: Node) -> bool:
    """Whether a function may be written of the transpose: f(X)' = f(X')."""
    return x.kind == "apply" and len(x.args) == 1 and (x.params[:1] == ("elementwise",) or x.op == "softmax")


def _extra(x: Expr) -> int:
    """What a node of the tree writes beside one sign: the sizes of a constant, the parts of a fraction."""
    if x.op.name == "number":
        q: Fraction = x.params[0]
        return (2 if q.denominator != 1 else 0) + (1 if q < 0 else 0)
    if x.op.name == "size":
        return 0
    if x is UNIT:
        return UNWELCOME
    return sum(1 for p in x.params if isinstance(p, (Dim, int)))


def _ones_row(f: Node) -> bool:
    return f.kind == "transpose" and is_op(f.args[0], "ones")


def _starts_square(chain: tuple[Node, ...], i: int) -> bool:
    """Whether ones(m)*ones(n)' starts at i: it is written ones(m,n)."""
    return i + 1 < len(chain) and is_op(chain[i], "ones") and _ones_row(chain[i + 1])


def _broadcast(t: Node, ones: Node | None) -> Node | None:
    """s when t is s times an array of ones; None otherwise."""
    if t is ones:
        return b.number(1)
    if t.kind != "product" or ones is None:
        return None
    chain = ones.chain if ones.kind == "product" else (ones,)
    if t.chain != chain:
        return None
    return b.mul(b.number(t.coef), *(b.power(s, e) for s, e in t.terms))


def square_of(ring: Node) -> Node | None:
    """P when the closed chain is ⟨P, P⟩ = tr(herm(P)*P)."""
    chain = ring.chain
    n = len(chain)
    if n % 2:
        return None
    for k in range(1 if ring.params == ("open",) else n):
        c = chain[k:] + chain[:k]
        if all(b.herm(c[i]) is c[n - 1 - i] for i in range(n // 2)):
            half = b.mul(*c[n // 2 :])
            ways = (half, b.conj(half), b.herm(half), T(half)) if half.complex else (half,)
            return min(ways, key=lambda x: (x.bars + x.flips, x.bars))
    if ring.params == ("open",) and n == 2 and is_op(chain[1], "ones"):
        return None
    return None


def _leaf(x: Node) -> Expr:
    if x.op == "variable":
        name, assumed = x.params
        kept = () if "increment" in assumed else tuple(a for a in assumed if a != "upstream")
        return variable(name, settle(x.shape), kept)
    if x.op == "number":
        return number(x.params[0])
    if x.op == "size":
        return size(x.params[0])
    if x.op == "imaginary":
        return UNIT
    if x.op in ("tril", "phi"):
        return apply(x.op, (apply("ones", (), x.params),))
    if x.op == "select":
        offset, width, whole = x.params
        rest = whole - offset - width
        blocks = [apply("eye", (), (width,))]
        if offset != 0:
            blocks.insert(0, apply("zeros", (), (width, offset)))
        if rest != 0:
            blocks.append(apply("zeros", (), (width, rest)))
        return apply("hcat", tuple(blocks)) if len(blocks) > 1 else blocks[0]
    if x.op == "ones" and len(x.shape) > 2:
        letters = "ijklmnpq"[: len(x.shape)]
        return apply("einsum", tuple(apply("ones", (), (d,)) for d in x.shape), (",".join(letters) + "->" + letters,))
    if x.op == "zeros" and x.cols == ONE:
        return apply("zeros", (), (x.rows,))
    return apply(x.op, (), x.params)
