"""The program: values, each one instruction over earlier values.

An axis of size one is no axis here: a row and a column are arrays of one axis, a number has none.  Values are interned
within their program, so that what is computed twice is one value.

============  ==========================================================================  ======================
kind          what it is                                                                  data
============  ==========================================================================  ======================
input         an array that the caller passes                                             its name
number        a rational number                                                           the number
size          a size, as a number                                                         the size
constant      an array without arguments (a mask, a basis vector)                         operation, parameters
contract      Σ of the products of two arrays over the labels that the result lacks       labels in, labels out
reduce        one array summed over labels, on a diagonal, with its axes in an order      labels in, labels out
sum           terms with coefficients, each aligned with the axes of the result           coefficients, alignments
product       factors, aligned, with one coefficient                                      coefficient, alignments
power         every entry to a power                                                      the exponent
call          an operation by its record                                                  operation, parameters
reshape       the same entries, the last axis fastest, under other sizes                  nothing
fill          an array built in place: a base, or zeros, and terms along diagonals        labels of each term
inverse       of a matrix, by its factor                                                  its kind
solve         A⁻¹b or A'⁻¹b along the first axis of b                                     its kind, turned
log determinant  log|det A|                                                               its kind
cut           a part of an array along an axis, or one place of it                        axis, start, how many
============  ==========================================================================  ======================
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, Literal, final

from frechet.algebra.node import Node
from frechet.core.dim import Dim

Kind = Literal[
    "input", "number", "size", "constant", "contract", "reduce", "sum", "product", "power", "call", "reshape", "fill",
    "inverse", "solve", "log determinant", "cut",
]  # fmt: skip
Labels = tuple[int, ...]
"""Names of axes: within one instruction, the same label is the same axis."""
Dims = tuple[Dim, ...]


@final
class Value:
    """One value of a program."""

    __slots__ = ("args", "data", "dims", "kind", "name", "node", "number", "symmetric")
    kind: Kind
    args: tuple[Value, ...]
    data: Any
    dims: Dims
    node: Node | None
    """The formula that it is, where it is one."""
    name: str
    """What the problem or the answer calls it; nothing where it has no name."""
    symmetric: bool
    """Whether it is a matrix that is its own transpose."""
    number: int
    """Its place in the order in which values were made."""

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name or self.number} {self.dims}>"


@final
class Program:
    """Values, interned.

    >>> p = Program()
    >>> x = p.input("x", (Dim.of("n"),))
    >>> p.power(x, Fraction(2)) is p.power(x, Fraction(2)), p.power(x, Fraction(1)) is x
    (True, True)
    """

    def __init__(self, real: bool = True) -> None:
        self.real = real
        """Whether every array is one of real numbers."""
        self._table: dict[tuple[Any, ...], Value] = {}

    def make(self, kind: Kind, args: Sequence[Value], data: Any, dims: Sequence[Dim]) -> Value:
        """The one value of this instruction."""
        key = (kind, tuple(a.number for a in args), data, tuple(dims))
        found = self._table.get(key)
        if found is None:
            found = Value()
            found.kind, found.args, found.data, found.dims = kind, tuple(args), data, tuple(dims)
            found.node, found.name, found.symmetric, found.number = None, "", False, len(self._table)
            self._table[key] = found
        return found

    def known(self, kind: Kind, args: Sequence[Value], data: Any, dims: Sequence[Dim]) -> Value | None:
        """The value of this instruction, if it is there."""
        return self._table.get((kind, tuple(a.number for a in args), data, tuple(dims)))

    def input(self, name: str, dims: Sequence[Dim]) -> Value:
        """An array that the caller passes."""
        return self.make("input", (), name, dims)

    def rational(self, q: Fraction | int) -> Value:
        """A rational number."""
        return self.make("number", (), Fraction(q), ())

    def power(self, a: Value, e: Fraction) -> Value:
        """Every entry to a power; of a number its value where that is rational."""
        if e == 1:
            return a
        if a.kind == "number" and e.denominator == 1 and (a.data or e > 0):
            return self.rational(a.data ** int(e))
        if a.kind == "power" and e.denominator == 1 and (a.data * e).denominator == 1 and a.data.denominator == 1:
            return self.power(a.args[0], a.data * e)
        return self.make("power", (a,), e, a.dims)

    def product(self, coef: Fraction, factors: Sequence[tuple[Value, Labels]], dims: Sequence[Dim]) -> Value:
        """coef · Π factors, each with the axes of the result that its own are; inner products of numbers are joined."""
        made: list[tuple[Value, Labels]] = []
        for v, at in factors:
            if v.kind == "number":
                coef *= v.data
            elif v.kind == "product" and len(v.dims) in (0, len(dims)):
                inner: tuple[Fraction, tuple[Labels, ...]] = v.data
                coef *= inner[0]
                made += [(f, tuple(at[k] for k in axes)) for f, axes in zip(v.args, inner[1], strict=True)]
            else:
                made.append((v, at))
        if coef == 0 or not made:
            whole = self.rational(coef)
            return self.full(whole, (), dims)
        made = _gathered(self, made)
        if coef < 0 and len(made) == 1 and made[0][0].kind == "sum" and abs(coef) == 1:
            coef, made = -coef, [(self.negated(made[0][0]), made[0][1])]
        if coef == 1 and len(made) == 1 and made[0][1] == tuple(range(len(dims))):
            return made[0][0]
        return self.make("product", [v for v, _ in made], (coef, tuple(at for _, at in made)), dims)

    def negated(self, v: Value) -> Value:
        """The sum with every sign changed."""
        coefs, axes = v.data
        return self.make("sum", v.args, (tuple(-c for c in coefs), axes), v.dims)

    def full(self, v: Value, at: Labels, dims: Sequence[Dim]) -> Value:
        """An array with the same entries along every axis that v lacks."""
        if len(at) == len(dims):
            return self.reduce(v, at, tuple(range(len(dims))))
        return self.make("fill", (v,), (False, ((Fraction(1), tuple(range(len(dims))), at),)), dims)

    def fill(self, base: Value | None, terms: Sequence[tuple[Fraction, Labels, Labels, Value]], dims: Dims) -> Value:
        """A base, or zeros, with terms added in place: (coefficient, labels of the result, labels of the value, it)."""
        args = [*([] if base is None else [base]), *(v for *_, v in terms)]
        data = base is not None, tuple((c, _ranked(out, out), _ranked(out, at)) for c, out, at, _ in terms)
        return self.make("fill", args, data, dims)

    def sum(self, terms: Sequence[tuple[Fraction, Value, Labels]], dims: Sequence[Dim]) -> Value:
        """Σ coef · term, each with the axes of the result that its own are."""
        plain: list[tuple[Fraction, Value, Labels]] = []
        for c, v, at in terms:
            if v.kind == "product" and v.data[0] != 1:
                c *= v.data[0]
                v = self.product(Fraction(1), list(zip(v.args, v.data[1], strict=True)), v.dims)
            if v.kind == "number" and v.data != 1:
                c, v = c * v.data, self.rational(1)
            plain.append((c, v, at))
        sources = {v.args[0].dims for _, v, _ in plain if v.kind == "reshape"}
        if len(plain) > 1 and len(sources) == 1 and all(v.kind == "reshape" for _, v, _ in plain):
            (fine,) = sources  # added before the axes are put together
            if all(at == tuple(range(len(dims))) for _, _, at in plain):
                axes = tuple(range(len(fine)))
                return self.reshape(self.sum([(c, v.args[0], axes) for c, v, _ in plain], fine), dims)
        if len(plain) == 1:
            c, v, at = plain[0]
            return self.product(c, [(v, at)], dims)
        apart = self._apart(plain, dims)
        if apart is not None:
            return apart
        coefs, axes = tuple(c for c, _, _ in plain), tuple(at for _, _, at in plain)
        size = abs(coefs[0])
        if size != 1 and all(abs(c) == size for c in coefs):  # 2*(a-b), not 2*a-2*b
            inside = self.make("sum", [v for _, v, _ in plain], (tuple(c / size for c in coefs), axes), dims)
            return self.product(size, [(inside, tuple(range(len(dims))))], dims)
        for k, (c, v, at) in enumerate(plain):
            if abs(c) != 1 and v.kind == "product" and all(len(part) < len(v.dims) for part in v.data[1]):
                v = self.product(abs(c), _factors(v, tuple(range(len(v.dims)))), v.dims)  # not over the whole
                plain[k] = c / abs(c), v, at
        coefs = tuple(c for c, _, _ in plain)
        return self.make("sum", [v for _, v, _ in plain], (coefs, axes), dims)

    def _apart(self, terms: Sequence[tuple[Fraction, Value, Labels]], dims: Sequence[Dim]) -> Value | None:
        """S∘A - S∘B + C as S∘(A - B) + C, where that leaves fewer passes over the whole; None where none is common."""
        lists = [_factors(v, at) for _, v, at in terms]
        for factor in dict.fromkeys([f for found in lists for f in found if f[1] and len(found) > 1]):
            group = [k for k, found in enumerate(lists) if factor in found and len(found) > 1]
            rests = [[f for f in lists[k] if f != factor] for k in group]
            there = sorted({k for rest in rests for _, at in rest for k in at})
            if len(group) < 2 or (len(factor[1]) < len(dims) and len(there) == len(dims)):
                continue
            inside: list[tuple[Fraction, Value, Labels]] = []
            for k, rest in zip(group, rests, strict=True):
                own = sorted({j for _, at in rest for j in at})
                factors = [(f, tuple(own.index(j) for j in at)) for f, at in rest]
                v = self.product(Fraction(1), factors, [dims[j] for j in own])
                inside.append((terms[k][0], v, tuple(there.index(j) for j in own)))
            bracket = self.sum(inside, [dims[j] for j in there])
            joined = self.product(Fraction(1), [factor, (bracket, tuple(there))], dims)
            others = [t for k, t in enumerate(terms) if k not in group]
            return self.sum([(Fraction(1), joined, tuple(range(len(dims)))), *others], dims) if others else joined
        return None

    def reshape(self, a: Value, dims: Sequence[Dim]) -> Value:
        """The same entries under other sizes."""
        if a.kind == "reshape":
            a = a.args[0]
        return a if a.dims == tuple(dims) else self.make("reshape", (a,), None, dims)

    def reduce(self, a: Value, labels: Labels, out: Labels) -> Value:
        """One array summed over the labels that `out` lacks, on the diagonal of those that it has twice."""
        if labels == out:
            return a
        dims = dict(zip(labels, a.dims, strict=True))
        if a.kind == "reduce" and len(set(labels)) == len(labels):
            parts: tuple[Labels, Labels] = a.data
            inner, middle = parts
            there = dict(zip(middle, labels, strict=True))
            fresh = max([*labels, *inner, *middle], default=0) + 1
            through = tuple(there.get(i, i + fresh) for i in inner)
            return self.reduce(a.args[0], through, out)
        ranks: dict[int, int] = {}
        for i in labels:
            ranks.setdefault(i, len(ranks))
        data = tuple(ranks[i] for i in labels), tuple(ranks[i] for i in out)
        return a if data[0] == data[1] else self.make("reduce", (a,), data, [dims[i] for i in out])


def _ranked(order: Labels, labels: Labels) -> Labels:
    ranks: dict[int, int] = {}
    for i in order:
        ranks.setdefault(i, len(ranks))
    return tuple(ranks[i] for i in labels)


def _factors(v: Value, at: Labels) -> list[tuple[Value, Labels]]:
    """The factors of a term, each with the axes of the whole that its own are."""
    if v.kind != "product":
        return [(v, at)]
    aligned: tuple[Labels, ...] = v.data[1]
    return [(f, tuple(at[k] for k in axes)) for f, axes in zip(v.args, aligned, strict=True)]


def _gathered(program: Program, factors: list[tuple[Value, Labels]]) -> list[tuple[Value, Labels]]:
    """Equal factors, and their powers, as one power; in the order in which the values were made, reciprocals last."""
    powers: dict[tuple[Value, Labels], Fraction] = {}
    for v, at in factors:
        base, e = (v.args[0], v.data) if v.kind == "power" else (v, Fraction(1))
        powers[base, at] = powers.get((base, at), Fraction(0)) + e
    found = [(program.power(v, e), at, e < 0) for (v, at), e in powers.items() if e]
    return [(v, at) for v, at, _ in sorted(found, key=lambda f: (f[2], bool(f[0].dims), f[0].number))]


def reachable(roots: Sequence[Value], known: Iterable[Value] = ()) -> list[Value]:
    """Every value below the roots once, arguments first; none that is known, and none below it alone."""
    seen = set(known)
    order: list[Value] = []
    stack: list[tuple[Value, bool]] = [(r, False) for r in reversed(roots) if r not in seen]
    while stack:
        v, opened = stack.pop()
        if opened:
            order.append(v)
        elif v not in seen:
            seen.add(v)
            stack.append((v, True))
            stack.extend((a, False) for a in reversed(v.args) if a not in seen)
    return order
