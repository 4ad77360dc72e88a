"""Sums, means, products over all entries or along an axis; norms; the largest and the smallest entry.

The axis is None (every entry), 1 (down the rows: one number a column, a vector) or 2 (along each row: one
number a row, a vector); of a tensor any of its axes, counted from 1, which goes.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF, U, two
from frechet.algebra.constructors import T, elementwise, hadamard, mul, plus, scale
from frechet.algebra.network.contraction import summed
from frechet.algebra.network.raising import LETTERS
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import ONE, Shape, entries, settle
from frechet.core.expr import Expr
from frechet.core.facts import Facts
from frechet.core.looks import Looks
from frechet.core.op import Op, Params, Unify
from frechet.core.slips import Slips
from frechet.core.words import Square, Telling, Words
from frechet.ops.arrays import settled, with_axes
from frechet.ops.books import FUNDAMENTAL, LINEAR, MN5, MN8, PP2
from frechet.ops.shapes import axis_of, matrix, scalar


def reduced(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """m×n becomes a scalar; along axis 1 a vector of length n, along axis 2 one of length m.

    Along an axis of a tensor that axis goes.
    """
    (shape,) = shapes
    axis = axis_of(shape, params)
    if axis is None:
        return ()
    if len(shape) > 2:
        return settle(shape[: axis - 1] + shape[axis:])
    m, n = matrix(shape, "a reduction along an axis needs a matrix")
    return settle((n,) if axis == 1 else (m,))


def kept(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """Any array, or along one of its axes; the shape stays."""
    axis_of(shapes[0], params)
    return shapes[0]


def _along(name: str) -> Callable[[Any, Params, Any], Any]:
    """NumPy's reduction of that name, along the axis in the parameters."""

    def value(xp: Any, params: Params, x: Any) -> Any:
        axis = params[0] if params else None
        if axis is None:
            return getattr(xp, name)(x)
        return settled(xp, getattr(xp, name)(with_axes(xp, x), axis=axis - 1))

    return value


def _norm1(xp: Any, params: Params, x: Any) -> Any:
    return xp.sum(abs(x))


def _norm2(xp: Any, params: Params, x: Any) -> Any:
    return xp.sqrt(xp.sum(xp.real(x * xp.conj(x))))


def _taken(name: str) -> Callable[[Any, Params, Any], Any]:
    def value(xp: Any, params: Params, x: Any) -> Any:
        return getattr(xp, name)(x)

    return value


def total(e: Expr, x: Node) -> Node:
    """Σ over everything, down the rows (1), along each row (2)."""
    axis = e.params[0] if e.params else None
    if len(x.shape) > 2:
        return all_entries(x) if axis is None else summed(x, axis - 1)
    if axis == 1:
        return b.T(b.mul(T(b.ones(x.rows)), x))
    if axis == 2:
        return b.mul(x, b.ones(x.cols))
    return b.mul(T(b.ones(x.rows)), x, b.ones(x.cols))


def all_entries(x: Node) -> Node:
    """Σ over all axes of a tensor, as one contraction of its entrywise factors."""
    if x.kind == "sum":
        return b.add([(all_entries(t), c) for t, c in x.terms])
    coef, scalars, chain = b.parts(x)
    factors: list[Node] = []
    for f in chain:
        for base, e in f.terms if f.kind == "hadamard" else ((f, b.U),):
            factors += [base] * int(e) if e > 0 and e.denominator == 1 else [b.hadamard([(base, e)])]
    letters = LETTERS[: len(x.shape)]
    inside = b.einsum(f"{','.join([letters] * len(factors))}->", factors, (ONE, ONE))
    return b.mul(b.number(coef), *(b.power(s, e) for s, e in scalars), inside)


def _mean_reading(e: Expr, x: Node) -> Node:
    """The sum over the count."""
    axis: int | None = e.params[0] if e.params else None
    count = entries(x.shape) if axis is None else x.shape[axis - 1]
    return b.mul(b.power(b.size_of(count), -1), total(e, x))


def _prod_reading(e: Expr, x: Node) -> Node:
    """The product of the entries, of all or along an axis."""
    axis = e.params[0] if e.params else None
    if len(x.shape) > 2:
        return b.apply("prod", (x,), two(e.shape), axis)
    if x.scalar or (axis == 1 and x.rows == ONE) or (axis == 2 and x.cols == ONE):
        return b.T(x) if axis == 1 else x
    if x.column or x.row:
        return b.apply("prod", (T(x) if x.row else x,), (ONE, ONE), None)
    shape = (ONE, ONE) if axis is None else (x.cols if axis == 1 else x.rows, ONE)
    return b.apply("prod", (x,), shape, axis)


def _norm1_reading(_: Expr, x: Node) -> Node:
    """Σ |x|."""
    if len(x.shape) > 2:
        return all_entries(b.elementwise("abs", x))
    return b.mul(T(b.ones(x.rows)), b.elementwise("abs", x), b.ones(x.cols))


def _norm2_reading(_: Expr, x: Node) -> Node:
    """√⟨x, x⟩."""
    if len(x.shape) > 2:
        return b.power(all_entries(b.hadamard([(x, U), (b.conj(x), U)] if x.complex else [(x, Fraction(2))])), HALF)
    return b.power(b.trace(b.mul(b.herm(x), x)), HALF)


def _extreme_reading(name: str) -> Callable[..., Node]:
    """The largest or the smallest entry of an array."""

    def reading(_: Expr, x: Node) -> Node:
        b.require_holomorphic(name, x)
        return x if x.scalar else b.apply(name, (T(x) if x.row else x,), (ONE, ONE))

    return reading


def _d_prod(y: Node, dx: Node) -> Node:
    """d Π x = Π x · Σ dx/x, for entries that are not zero."""
    x, axis = y.args[0], y.params[0]
    ratio = hadamard([(x, Fraction(-1)), (dx, U)])
    if len(x.shape) > 2:
        return mul(y, all_entries(ratio)) if axis is None else hadamard([(y, U), (summed(ratio, axis - 1), U)])
    if axis is None:
        return mul(y, T(b.ones(x.rows)), ratio, b.ones(x.cols))
    sums = T(mul(T(b.ones(x.rows)), ratio)) if axis == 1 else mul(ratio, b.ones(x.cols))
    return hadamard([(y, U), (sums, U)])


def _d_extreme(sign: int) -> Callable[..., Node]:
    """max x (sign 1) and min x (sign -1) of one array: the increment of the entry that is taken.

    That entry is the one whose distance from the extreme is not above 0: 1 - step(max(x)-x) is 1 there, else 0.
    """

    def differential(y: Node, dx: Node) -> Node:
        x = y.args[0]
        ones = b.all_ones(x.shape)
        away = elementwise("step", scale(sign, plus(mul(y, ones), x, -1)))
        taken = plus(ones, away, -1)
        picked = hadamard([(taken, U), (dx, U)])
        if len(x.shape) > 2:
            return all_entries(picked)
        return mul(T(b.ones(x.rows)), picked, b.ones(x.cols))

    return differential


def _norm1_on_paper(e: Expr, du: Expr, paper: Any) -> Expr:
    """Σ sign(u).*du."""
    return paper.apply("sum", (paper.apply("hadamard", (paper.apply("sign", e.args), du)),), (None,))


def _norm2_on_paper(e: Expr, du: Expr, paper: Any) -> Expr:
    """⟨u, du⟩/‖u‖."""
    (u,) = e.args
    return paper.apply("divide", (paper.inner(u, du), e))


def _norm2_squared(e: Expr, du: Expr, paper: Any) -> Expr:
    """2⟨u, du⟩."""
    (u,) = e.args
    return paper.apply("mul", (paper.number(2), paper.inner(u, du)))


SUM = Op(
    "sum",
    reduced,
    _along("sum"),
    normal=total,
    telling=Telling(step=LINEAR),
    facts=Facts(cancels=True, linear="together", adds=True, of_arrays=True),
    signs=("∑",),
    source="linear: a product with ones",
    example="sum(X,1)",
    doc="Σ of all entries, or along an axis.",
    python=("sum",),
    call="x?a",
    looks=Looks(unicode="∑", latex=r"\operatorname{sum}"),
    shown=(
        '>>> X = fr.matrix("X", "m", "n")\n'
        ">>> fr.sum(X), fr.sum(X, axis=0), fr.sum(X, axis=0).shape, fr.sum(X, axis=1).shape\n"
        "(sum(X), sum(X,1), ('n',), ('m',))"
    ),
)
MEAN = Op(
    "mean",
    reduced,
    _along("mean"),
    normal=_mean_reading,
    telling=Telling(
        step=LINEAR, across="mean(M) = ⟨ones, M⟩ over the count", collected="mean(M) is sum(M) over the count"
    ),
    facts=Facts(cancels=True, linear="together", adds=True, of_arrays=True),
    source="linear: a product with ones, over the count",
    example="mean(X,2)",
    doc="The sum over the count, of all entries or along an axis.",
    python=("mean",),
    call="x?a",
    shown='>>> fr.mean(fr.vector("x", "n")).evaluate(x=[1, 2, 6]).tolist()\n3.0',
)
PROD = Op(
    "prod",
    reduced,
    _along("prod"),
    normal=_prod_reading,
    differential=_d_prod,
    facts=Facts(boundary="none", holomorphic=True, of_arrays=True),
    signs=("∏",),
    caution="the formula divides by the entries of {x}: none may be 0",
    telling=Telling(step=Words("A product of entries", "Each entry moves in turn: dΠu = Πu · Σ du/u.", FUNDAMENTAL)),
    source="the product rule",
    example="prod(x)",
    doc="Π of all entries, or along an axis.",
    python=("prod",),
    call="x?a",
    looks=Looks(unicode="∏"),
    code=Code(text="{0}.prod({axis})", torch="torch.prod({0}{, dim})"),
    shown='>>> fr.prod(fr.vector("x", "n")).evaluate(x=[1, 2, 6]).tolist()\n12.0',
)
NORM1 = Op(
    "norm1",
    scalar,
    _norm1,
    normal=_norm1_reading,
    caution="{where} the 1-norm has no derivative; the formula takes 0 there (sign(0) = 0), which is a subgradient",
    slips=Slips(slope="sign"),
    facts=Facts(unturned=True, adds=True, of_arrays=True),
    signs=tuple(f"‖x‖_{below}" for below in ("1", "ell_1", "ell1", "l_1", "l1", "L1")),
    needs="{entries} not zero",
    telling=Telling(
        step=Words("The sum of moduli", "d|u| = sign(u)*du for each entry that is not zero.", FUNDAMENTAL),
        on_paper=_norm1_on_paper,
    ),
    source="the slope of the modulus on either side of 0",
    example="norm1(X)",
    doc="The sum of the moduli of the entries.",
    looks=Looks(bars=("‖", "‖₁"), latex_bars=(r"\left\lVert ", r" \right\rVert_{1}")),
    shown='>>> fr.norm1(fr.vector("x", "n")).evaluate(x=[1, -2]).tolist()\n3.0',
)
_EUCLIDEAN = ("2", "F", "f", "Fro", "fro", "HS", "ell_2", "ell2", "l_2", "l2", "L2", "L^2")
NORM2 = Op(
    "norm2",
    scalar,
    _norm2,
    domain=("nonzero",),
    normal=_norm2_reading,
    caution="{where} the norm has no derivative, and the formula no value",
    slips=Slips(square=True),
    telling=Telling(
        step=Words("The norm", "‖u‖ is the root of ⟨u, u⟩, so d‖u‖ = ⟨u, du⟩/‖u‖.", f"{PP2}.6"),
        on_paper=_norm2_on_paper,
        square=Square(
            Words(
                "The squared norm",
                "‖u‖² = ⟨u, u⟩, and both places move by the same amount: d‖u‖² = 2⟨u, du⟩.",
                f"{MN8}; {PP2}.7",
                rule="squared norm",
            ),
            _norm2_squared,
        ),
    ),
    source="Cookbook (129); the chain rule",
    example="norm2(X)",
    elsewhere=(
        "norm",
        "fro",
    ),
    doc="The Euclidean or Frobenius norm, √(Σ |X[i,j]|²).",
    looks=Looks(bars=("‖", "‖"), latex_bars=(r"\left\lVert ", r" \right\rVert"), matrix_mark="_{F}"),
    facts=Facts(unturned=True, cancels=True, adds=True, of_arrays=True),
    signs=("|x|", "‖x‖", *(f"‖x‖_{below}" for below in _EUCLIDEAN)),
    shown='>>> fr.norm2(fr.vector("x", "n")).evaluate(x=[3, 4]).tolist()\n5.0',
)
_TIE = "where two entries of {{x}} are both the {0}, {1}({{x}}) has no derivative; the formula has a 1 for each of them"
LARGEST = Op(
    "largest",
    scalar,
    _taken("max"),
    domain=("any",),
    normal=_extreme_reading("largest"),
    differential=_d_extreme(1),
    caution=_TIE.format("largest", "max"),
    needs="one entry alone is the largest of {x}",
    telling=Telling(
        step=Words(
            "The largest entry moves", "Only the entry that is the largest counts: the others are below it.", MN5
        )
    ),
    source="the slope of the one that is taken (Danskin)",
    call="",
    example="max(x)",
    doc="The largest entry, a scalar: max of one argument.",
    looks=Looks(word="max", latex=r"\max"),
    facts=Facts(unturned=True, level=True, picks=True, real_only=True),
    code=Code(text="{0}.max()"),
)
SMALLEST = Op(
    "smallest",
    scalar,
    _taken("min"),
    domain=("any",),
    normal=_extreme_reading("smallest"),
    differential=_d_extreme(-1),
    caution=_TIE.format("smallest", "min"),
    needs="one entry alone is the smallest of {x}",
    telling=Telling(
        step=Words(
            "The smallest entry moves", "Only the entry that is the smallest counts: the others are above it.", MN5
        )
    ),
    source="the slope of the one that is taken (Danskin)",
    call="",
    example="min(x)",
    doc="The smallest entry, a scalar: min of one argument.",
    looks=Looks(word="min", latex=r"\min"),
    facts=Facts(unturned=True, level=True, picks=True, real_only=True),
    code=Code(text="{0}.min()"),
)

REDUCTIONS = (SUM, MEAN, PROD, NORM1, NORM2, LARGEST, SMALLEST)
