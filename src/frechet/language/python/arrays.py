"""NumPy's arrays written as formulas: an expression beside the shape that NumPy would say.

The formula language settles n×1 to a vector and 1×1 to a scalar; NumPy keeps (n, 1), (n,) and (1, n) apart, and
broadcasts them differently.  So an :class:`Array` has both: NumPy's shape, and the *core*, the expression of the same
entries without the axes of size 1.  Every operation works on cores and says where their axes stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import final

from frechet.core.dim import ONE, Dim, Shape
from frechet.core.expr import Expr, postorder
from frechet.core.op import Unify
from frechet.errors import FrechetError
from frechet.language.python.contractions import Axes, outer, turned
from frechet.ops.expressions import apply, number, rigid, size, variable


@final
@dataclass(frozen=True)
class Array:
    """An array: the core and NumPy's shape.

    >>> leaf("b", ("n", 1)), leaf("b", (1, "n"))
    (Array(expr=variable('b', ()), shape=(n, 1)), Array(expr=transpose(variable('b', ())), shape=(1, n)))
    """

    expr: Expr
    shape: Shape

    @property
    def axes(self) -> Axes:
        """The axes that the core has."""
        return tuple(i for i, d in enumerate(self.shape) if d != ONE)


@final
@dataclass
class Fit:
    """What makes sizes agree, and (while kinds are sought) what is noticed: names broadcast, names that are factors.

    `peaks` has what stands for the maxima along axes that the text takes (:mod:`frechet.language.python.scores`).
    """

    unify: Unify = rigid
    broadcasts: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    factors: set[str] = field(default_factory=set[str])
    watching: bool = False
    peaks: dict[object, Expr] = field(default_factory=dict[object, Expr])

    def together(self, left: Shape, right: Shape) -> Shape:
        """The shape that two shapes broadcast to, aligned from the last axis.

        >>> n, m = Dim.of("n"), Dim.of("m")
        >>> Fit().together((n, ONE), (m,))
        (n, m)
        """
        longer, shorter = (left, right) if len(left) >= len(right) else (right, left)
        shape = list(longer)
        for k in range(1, len(shorter) + 1):
            p, q = longer[-k], shorter[-k]
            if p == ONE or q == ONE:
                shape[-k] = q if p == ONE else p
                continue
            try:
                shape[-k] = self.unify(p, q)
            except FrechetError:
                raise FrechetError("shape", f"shapes {said(left)} and {said(right)} do not broadcast") from None
        return tuple(shape)


def said(shape: Shape) -> str:
    """The shape as Python writes it.

    >>> said((Dim.of("n"),)), said(())
    ('(n,)', '()')
    """
    inside = ", ".join(map(str, shape))
    return f"({inside},)" if len(shape) == 1 else f"({inside})"


def leaf(name: str, shape: Sequence[Dim | int | str], assumptions: Sequence[str] = ()) -> Array:
    """The variable of that name as an array of that NumPy shape."""
    sizes = tuple(Dim.of(d) for d in shape)
    e = variable(name, sizes, assumptions)
    if len(sizes) == 2 and sizes[0] == ONE and sizes[1] != ONE:
        return Array(turned(e), sizes)
    if len(sizes) > 2 and ONE in sizes:
        return Array(apply("slice", (e,), tuple(1 if d == ONE else None for d in sizes)), sizes)
    return Array(e, sizes)


def whole(a: Array) -> Expr:
    """The array as the formula language has it: a 1×n array is a row."""
    if len(a.shape) == 2 and a.shape[0] == ONE and a.shape[1] != ONE:
        return turned(a.expr)
    return a.expr


def constant(value: Fraction | int | float) -> Array:
    """A number as an array of order 0."""
    return Array(number(value), ())


def size_array(d: Dim) -> Array:
    """A size used as a number: `m*n` is written with its names.

    >>> size_array(Dim.of("n") + 1).expr
    add(size(n), number(Fraction(1, 1)))
    """
    total: Expr | None = None
    for monomial, c in sorted(d.terms, key=lambda term: -sum(power for _, power in term[0])):
        term: Expr | None = None
        for name, power in monomial:
            factor = size(name) if power == 1 else apply("power", (size(name), number(power)))
            term = factor if term is None else apply("mul", (term, factor))
        if abs(c) != 1 or term is None:
            term = number(abs(c)) if term is None else apply("mul", (number(abs(c)), term))
        if total is None:
            total = term if c > 0 else apply("neg", (term,))
        else:
            total = apply("add" if c > 0 else "sub", (total, term))
    return Array(number(0) if total is None else total, ())


def ones(shape: Shape) -> Expr:
    """The core of an array of ones."""
    sizes = tuple(d for d in shape if d != ONE)
    return apply("ones", (), sizes) if sizes else number(1)


def spread(fit: Fit, e: Expr, at: Axes, shape: Shape) -> Expr:
    """The core over `at` of these axes repeated over all axes of the shape that are not 1."""
    full = tuple(i for i, d in enumerate(shape) if d != ONE)
    if at == full:
        return e
    if not at:
        return apply("mul", (e, ones(shape)))
    if len(full) == 2:
        other = shape[full[1] if at[0] == full[0] else full[0]]
        if at[0] == full[0]:
            return apply("mul", (e, apply("ones", (), (ONE, other))), (), fit.unify)
        return apply("mul", (apply("ones", (), (other,)), turned(e)), (), fit.unify)
    beside = [(apply("ones", (), (shape[k],)), (k,)) for k in full if k not in at]
    return outer([(e, at), *beside], full, fit.unify)


_SIGNS = {"add": "+", "sub": "-", "hadamard": "*", "edivide": "/", "epower": "**", "max": "maximum", "min": "minimum"}
_OF_NUMBERS = {"hadamard": "mul", "edivide": "divide", "epower": "power"}


def binary(fit: Fit, op: str, a: Array, b: Array) -> Array:
    """An operation entry by entry, after broadcasting: add, sub, hadamard, edivide, epower, max, min.

    >>> X, c, r = leaf("X", ("m", "n")), leaf("c", ("m", 1)), leaf("r", ("n",))
    >>> binary(Fit(), "add", X, r).expr
    add(variable('X', ()), mul(ones(m), transpose(variable('r', ()))))
    >>> binary(Fit(), "hadamard", c, r).expr
    mul(variable('c', ()), transpose(variable('r', ())))
    """
    shape = fit.together(a.shape, b.shape)
    full = tuple(i for i, d in enumerate(shape) if d != ONE)
    (x, at), (y, bt) = ((s.expr, tuple(i + len(shape) - len(s.shape) for i in s.axes)) for s in (a, b))
    _notice(fit, op, a, b)
    if at == bt or not at or not bt:
        plain = _OF_NUMBERS.get(op, op)
        number_like = not bt if op in ("edivide", "epower") else not at or not bt
        if op == "epower" and at:
            number_like = False
        return Array(apply(plain if number_like else op, (x, y), (), fit.unify), shape)
    if op == "edivide" and at == full and (len(full) > 2 or len(bt) == 1):
        y, op = apply("edivide", (number(1), y)), "hadamard"
    if op == "hadamard":
        return Array(_product(fit, (x, at), (y, bt), full), shape)
    return Array(apply(op, (spread(fit, x, at, shape), spread(fit, y, bt, shape)), (), fit.unify), shape)


def entrywise(fit: Fit, op: str, operands: Sequence[Array]) -> Array:
    """A function of several numbers entry by entry, after broadcasting; scalars stay scalars.

    >>> X, c, r = leaf("X", ("m", "n")), leaf("c", ()), leaf("r", ("n",))
    >>> entrywise(Fit(), "clip", [X, c, r]).expr
    clip(variable('X', ()), variable('c', ()), mul(ones(m), transpose(variable('r', ()))))
    """
    shape: Shape = ()
    for a in operands:
        shape = fit.together(shape, a.shape)
    places = [tuple(i + len(shape) - len(a.shape) for i in a.axes) for a in operands]
    spread_out = [spread(fit, a.expr, at, shape) if at else a.expr for a, at in zip(operands, places, strict=True)]
    return Array(apply(op, spread_out, (), fit.unify), shape)


def _product(fit: Fit, left: tuple[Expr, Axes], right: tuple[Expr, Axes], full: Axes) -> Expr:
    """The product entry by entry of two cores over different axes."""
    (x, at), (y, bt) = left, right
    if len(full) > 2:
        return outer([left, right], full, fit.unify)
    if len(at) == len(bt) == 1:
        column, row = (x, y) if at[:1] == full[:1] else (y, x)
        return apply("mul", (column, turned(row)))
    matrix, vector, where = (x, y, bt) if at == full else (y, x, at)
    scaled = apply("diag", (vector,))
    pair = (scaled, matrix) if where == full[:1] else (matrix, scaled)
    return apply("mul", pair, (), fit.unify)


def unary(op: str, a: Array, params: tuple[object, ...] = ()) -> Array:
    """A function of every entry."""
    return Array(apply(op, (a.expr,), params), a.shape)


_COMPLEX = frozenset(("complex", "hermitian", "hermitian positive definite"))


def is_complex(a: Array) -> bool:
    """Whether a complex variable goes into the array.

    >>> is_complex(leaf("z", ("n",), ["complex"])), is_complex(leaf("x", ("n",)))
    (True, False)
    """
    return any(e.op.name == "variable" and not _COMPLEX.isdisjoint(e.params[1]) for e in postorder(a.expr))


def conjugate(a: Array) -> Array:
    """The complex conjugate, where there is one to take."""
    return unary("conj", a) if is_complex(a) else a


_PLACES = frozenset(("transpose", "entry", "row", "column"))
"""What only says where an entry stands."""


def entrywise_names(e: Expr) -> frozenset[str]:
    """The names that an expression is made of entry by entry; none where anything else goes into it.

    >>> x, c = variable("x", ("n",)), variable("c")
    >>> sorted(entrywise_names(apply("mul", (c, apply("exp", (x,)))))), sorted(entrywise_names(apply("norm2", (x,))))
    (['c', 'x'], [])
    """
    names: set[str] = set()
    for node in postorder(e):
        if node.op.name == "variable":
            names.add(str(node.params[0]))
        elif node.op.name in ("mul", "divide", "power") and any(not a.shape for a in node.args):
            continue
        elif node.args and not node.op.elementwise and node.op.name not in _PLACES:
            return frozenset()
    return frozenset(names)


def _notice(fit: Fit, op: str, a: Array, b: Array) -> None:
    """Note the names that meet an array of more axes, or a number that they would make an array of, and factors."""
    if not fit.watching:
        return
    for one, other in ((a, b), (b, a)):
        names, less = sorted(entrywise_names(one.expr)), len(one.axes) < len(other.axes)
        if op in ("hadamard", "edivide") and other.axes:
            fit.factors.update(names)
        if less and (op in ("add", "sub", "max", "min") or one.axes):
            what = f"{_SIGNS.get(op, op)} with an array of shape {said(other.shape)}"
        elif op == "hadamard" and one.axes and not other.axes and _computed(other.expr, names):
            what = f"{_SIGNS.get(op, op)} with a number"
        elif op in ("add", "sub", "max", "min") and other.axes and len(other.shape) < len(one.shape):
            names = [name for name in names if _computed(other.expr, [name])]
            what = f"{_SIGNS[op]} over an array of shape {said(other.shape)}"
        else:
            continue
        fit.broadcasts += [(name, what) for name in names]


def _computed(e: Expr, names: Sequence[str]) -> bool:
    """Whether a number is made of arrays, others than these names."""
    within = {str(node.params[0]) for node in postorder(e) if node.op.name == "variable"}
    return bool(e.args) and not entrywise_names(e) and within.isdisjoint(names)
