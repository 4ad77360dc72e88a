"""Formulas in index form become array formulas: `C[i,j] = A[i,k]*B[k,j]` is `C = A*B`.

An index that stands on the left is an axis of the result; one that stands on the right alone is summed within its
product, unless `sum(k: …)` says where.  `X[i,:]` with a running index is the i-th row, a member of a family: so
`sum(i: norm2(X[i,:]'-m)^2)` is read too.  Functions act entry by entry, or on each member where that is one operation
on the whole family.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from typing import final

from frechet.core.dim import Dim
from frechet.core.expr import Expr, postorder
from frechet.core.op import Unify
from frechet.core.records import signs
from frechet.core.rewrite import replace
from frechet.errors import FrechetError
from frechet.language.calls import reached
from frechet.language.indexed.axes import Arrays
from frechet.language.indexed.binders import closed_sums, told_apart
from frechet.language.indexed.members import of_members
from frechet.language.indexed.named import Axes, Named, Operand, anonymous
from frechet.language.indexed.ranges import INDEXED, letters, parted, picked
from frechet.ops import REGISTRY
from frechet.ops.expressions import apply, number, size

DEEPEST = 300
"""Levels of nesting beyond which a formula in index form is refused."""
_PRODUCTS = ("mul", "hadamard", "divide", "edivide")


def has_indices(e: Expr, known: Container[Expr] = ()) -> bool:
    """Whether a formula is in index form; what is `known` has no indices in it."""
    return any(n.op.name in INDEXED or letters(n) for n in postorder(e, known=known))


def assembled(
    body: Expr,
    free: Axes,
    unify: Unify,
    places: Mapping[str, int] | None = None,
    ranges: Mapping[str, Dim] | None = None,
    families: bool = False,
) -> Expr:
    """The array whose entry (or, in `families`, member) at the indices `free` is `body`.

    `places` are where indices stand in the text, `ranges` how far some of them are said to run.

    >>> from frechet.ops.expressions import variable, rigid
    >>> A, x = variable("A", ("m", "n")), variable("x", ("n",))
    >>> entry = apply("mul", (apply("at", (A,), ("i", "k")), apply("at", (x,), ("k",))))
    >>> assembled(entry, ("i",), rigid).shape
    (m,)
    """
    if len(set(free)) < len(free):
        raise FrechetError("name", "an index stands twice on the left")
    depth: dict[Expr, int] = {}
    for e in postorder(body):
        depth[e] = 1 + max((depth[a] for a in e.args), default=0)
    if depth[body] > DEEPEST:
        raise FrechetError("limit", "the formula in index form is nested too deeply")
    if free and body.shape and not families:
        raise FrechetError("shape", "an array stands without indices in a formula in index form")
    body, renamed = told_apart(body, unify)
    places, ranges = dict(places or {}), dict(ranges or {})
    for new, old in renamed.items():
        if old in places:
            places[new] = places[old]
    closed = [e for e in closed_sums(body) if e is not body]
    if closed:
        body = replace(body, {e: assembled(e, (), unify, places, ranges) for e in closed})
        if not free and not has_indices(body):
            return body
    return _Assembly(body, unify, places, ranges).whole(body, free)


@final
class _Assembly:
    def __init__(self, body: Expr, unify: Unify, places: Mapping[str, int], ranges: Mapping[str, Dim]) -> None:
        self.unify, self.places = unify, places
        self.arrays = Arrays(body, unify, places, ranges)

    # -- axes ----------------------------------------------------------------------------------------------------------

    def whole(self, body: Expr, free: Axes) -> Expr:
        """The array with the indices `free` for its first axes, then the rows and columns of the body."""
        n = self.read(body, frozenset(free))
        if not free and n.row is None and n.col is not None:
            return apply("transpose", (self.arrays.spread(n, (n.col,)),))
        return self.arrays.spread(n, (*free, *n.sides))

    # -- what is summed where ------------------------------------------------------------------------------------------

    def counts(self, e: Expr) -> Counter[str]:
        """How often each index is seen from outside in one term of e."""
        name = e.op.name
        if name in ("isum", "iprod"):
            inner = self.counts(e.args[0])
            return Counter({i: k for i, k in inner.items() if i not in e.params})
        found = [self.counts(a) for a in e.args]
        if name in ("add", "sub"):
            return Counter({i: max(f[i] for f in found) for f0 in found for i in f0})
        total: Counter[str] = Counter(letters(e))
        for f in found:
            total += f
        if name not in (*_PRODUCTS, "neg", "transpose") and not letters(e):
            return Counter({i: 1 for i, k in total.items() if k == 1})  # a scope of its own
        return total

    def _single(self, e: Expr) -> frozenset[str]:
        return frozenset(i for i, k in self.counts(e).items() if k == 1)

    def _summed_nowhere(self, indices: Iterable[str], keep: frozenset[str]) -> None:
        """A refusal for the first index that is neither kept nor summed."""
        for i in indices:
            if i not in keep:
                raise FrechetError(
                    "name",
                    f"the index {i} stands once: put it on the left, or write sum({i}: …) if it is summed",
                    self.places.get(i),
                )

    def _kept(self, n: Named, keep: frozenset[str]) -> Named:
        """One array over the indices that are kept; the others are summed."""
        seen = Counter(i for _, axes in n.factors for i in axes)
        self._summed_nowhere((i for i, k in seen.items() if k == 1 and not anonymous(i)), keep)
        n = self.arrays.apart(n)
        out = tuple(i for i in n.axes if i in keep or i in n.sides)
        return Named(((self.arrays.einsum(n.factors, out), out),), n.row, n.col)

    # -- reading -------------------------------------------------------------------------------------------------------

    def read(self, e: Expr, keep: frozenset[str]) -> Named:
        """The array of e over those of its indices that are kept; the others are summed within it."""
        name = e.op.name
        if not has_indices(e):
            return self.arrays.array(e)
        if name in (*_PRODUCTS, "at", "member", "row", "column", "slice", "delta", "transpose"):
            return self._kept(self._product(e, keep), keep)
        if name == "neg":
            inner = self.read(e.args[0], keep)
            ((made, axes),) = inner.factors
            return Named(((apply("neg", (made,)), axes),), inner.row, inner.col)
        if name in ("add", "sub"):
            return self._pointwise(e, [self.read(a, keep) for a in e.args])
        if name == "iprod":
            return self._multiplied(e, keep)
        if name == "isum":
            names = frozenset(e.params)
            inner = self._product(e.args[0], keep | names)
            seen = Counter(i for _, axes in inner.factors for i in axes)
            self._summed_nowhere((i for i, k in seen.items() if k == 1 and not anonymous(i)), keep | names)
            inner = self.arrays.apart(inner)
            again = [(size(self.arrays.size(i)), ()) for i in e.params if i not in inner.axes]  # Σ_i c is n*c
            out = tuple(i for i in inner.axes if i in inner.sides or (i in keep and i not in names))
            return Named(((self.arrays.einsum([*again, *inner.factors], out), out),), inner.row, inner.col)
        return self._function(e, keep)

    def _multiplied(self, e: Expr, keep: frozenset[str]) -> Named:
        """The product over an index: of a vector's entries, or along the rows of a matrix."""
        (index,) = e.params
        inner = self.read(e.args[0], keep | {index})
        out = tuple(i for i in inner.axes if i != index)
        if len(out) > 1:
            raise FrechetError("unsupported", f"a product over {index} of what has two other indices")
        array = self.arrays.spread(inner, (*out, index))
        made = apply(signs()["∏"], (array,), (2,) if out else (None,))
        return Named(((made, out),))

    def _leaf(self, e: Expr) -> Named:
        """An entry, a member, a row, a column, a delta."""
        if e.op.name == "delta":
            i, j = e.params
            if isinstance(i, str) and isinstance(j, str):
                return Named(((apply("eye", (), (self.arrays.size(i),)), (i, j)),))
            index, place = (i, j) if isinstance(i, str) else (j, i)
            return Named(((apply("unit", (), (place, self.arrays.size(index))), (index,)),))
        array = e.args[0]
        running = dict(picked(e))
        axes: list[str] = []
        gone: set[int] = set()
        factors: list[Operand] = []
        for axis, length in enumerate(array.shape):
            written = running.get(axis)
            if written is not None:
                index = parted(written)[0]
                select = self.arrays.ranges.along(array, axis, written)
                label = index if select is None else self.arrays.fresh(length)
                if select is not None:
                    factors.append((select, (index, label)))
            else:
                label = self.arrays.fresh(length)
                fixed = e.op.name == "at" or (e.op.name == "slice" and e.params[axis] is not None)
                if fixed:
                    gone.add(axis)
                    factors.append((apply("unit", (), (e.params[axis], length)), (label,)))
            axes.append(label)
        factors = [(array, tuple(axes)), *factors]
        left = [axis for k, axis in enumerate(axes) if k not in running and k not in gone]
        if len(left) > 2:
            raise FrechetError("unsupported", "a member of a family that is itself a tensor: write its entries")
        if e.op.name == "row":
            return Named(tuple(factors), None, left[0])
        return Named(tuple(factors), *left)

    def _product(self, e: Expr, keep: frozenset[str]) -> Named:
        """The factors of a product, not yet multiplied."""
        counts = [self.counts(x) for x in self._terms(e)]
        shared = frozenset(i for c in counts for i in c if sum(i in d for d in counts) > 1)
        return self._factors(e, keep | shared)

    def _terms(self, e: Expr) -> list[Expr]:
        """What a product multiplies or divides by, taken apart."""
        found: list[Expr] = []
        stack = [e]
        while stack:
            x = stack.pop()
            if x.op.name in ("mul", "hadamard"):
                stack += x.args[::-1]
            elif x.op.name in ("divide", "edivide"):
                found.append(x.args[1])
                stack.append(x.args[0])
            elif x.op.name in ("transpose", "neg"):
                stack.append(x.args[0])
            else:
                found.append(x)
        return found

    def _factors(self, e: Expr, keep: frozenset[str]) -> Named:
        name = e.op.name
        if not has_indices(e):
            return self.arrays.array(e)
        if name in ("at", "member", "row", "column", "slice", "delta"):
            return self._leaf(e)
        if name == "transpose":
            return self._factors(e.args[0], keep).turned()
        if name == "neg":
            n = self._factors(e.args[0], keep)
            return Named(((number(-1), ()), *n.factors), n.row, n.col)
        if name in ("divide", "edivide"):
            left, right = self._factors(e.args[0], keep), self._reciprocal(e.args[1], keep)
            return self._beside(left, right)
        if name in ("mul", "hadamard"):
            left, right = (self._factors(a, keep) for a in e.args)
            if name == "hadamard" or not e.args[0].shape or not e.args[1].shape:
                return self._beside(left, right)
            if left.col is not None and right.row is not None:
                right = right.renamed({right.row: left.col})
            return Named((*left.factors, *right.factors), left.row, right.col)
        return self.read(e, keep)

    def _beside(self, left: Named, right: Named) -> Named:
        """The entrywise product of two arrays of one shape, or one of them a number."""
        right = self._aligned(right, left)
        return Named((*left.factors, *right.factors), left.row or right.row, left.col or right.col)

    @staticmethod
    def _aligned(n: Named, to: Named) -> Named:
        """The array with the axes of another for its rows and columns."""
        names = {old: new for old, new in ((n.row, to.row), (n.col, to.col)) if old and new and old != new}
        return n.renamed(names) if names else n

    def _reciprocal(self, e: Expr, keep: frozenset[str]) -> Named:
        n = self.read(e, keep | self._single(e)) if has_indices(e) else self.arrays.array(e)
        made, axes = self.arrays.one(n)
        made = apply("edivide" if axes else "divide", (number(1), made))
        return Named(((made, axes),), n.row, n.col)

    def _pointwise(self, e: Expr, args: list[Named]) -> Named:
        """An operation entry by entry, its operands repeated along the axes that they lack."""
        name = "epower" if e.op.name == "power" else e.op.name
        first = next((n for n in args if n.sides), args[0])
        args = [self._aligned(self.arrays.apart(n), first) for n in args]
        axes = tuple(dict.fromkeys(i for n in args for i in n.axes))
        operands = [self.arrays.spread(n, axes) if n.axes else self.arrays.one(n)[0] for n in args]
        made = apply(name if axes else e.op.name, operands, e.params, self.unify)
        return Named(((made, axes),), first.row, first.col)

    # -- functions -----------------------------------------------------------------------------------------------------

    def _function(self, e: Expr, keep: frozenset[str]) -> Named:
        """A function: of entries, or of each member where that is one operation on all of them."""
        name = "epower" if e.op.name == "power" else e.op.name
        if name == "epower" and e.args[0].op is signs()["‖x‖"] and e.args[1].op.name == "number":
            half = e.args[1].params[0] / 2
            if half.denominator == 1 and half > 0:
                inside = e.args[0].args[0]
                squares = self.arrays.squares(self.read(inside, keep | self._single(inside)))
                return squares if half == 1 else self._pointwise(e, [squares, Named(((number(half), ()),))])
        args = [self.read(a, keep | self._single(a)) for a in e.args]
        if not any(n.indices for n in args):
            summed = [self._core(n) for n in args]
            return self.arrays.array(apply(e.op.name, summed, e.params, self.unify))
        for n in args:
            self._summed_nowhere(n.indices, keep)
        special = of_members(e.op)
        if special is not None and e.args[0].shape:
            return special(self.arrays, e, args[0])
        if REGISTRY[name].elementwise:
            return self._pointwise(e, args)
        i = next(i for n in args for i in n.indices)
        called = f"{name}(…) of an entry is that of one number" if reached(name) else "this is no array here"
        if e.args[0].shape:
            raise FrechetError(
                "unsupported",
                f"{name}(…) of each member of a family is no one operation on the family: it cannot be summed over {i}",
                self.places.get(i),
            )
        raise FrechetError(
            "unsupported",
            f"{called}: for a function of the whole array write it without the index {i}",
            self.places.get(i),
        )

    def _core(self, n: Named) -> Expr:
        """An array without indices as an expression again."""
        made = self.arrays.spread(n, n.sides)
        return apply("transpose", (made,)) if n.row is None and n.col is not None else made
