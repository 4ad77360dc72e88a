"""Functions that are smooth in pieces: the modulus, the sign, the step, the larger and the smaller of two."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF, U, is_op, is_zero, value_of
from frechet.algebra.constructors import add, all_ones, conj, elementwise, hadamard, neg, nonnegative, plus, scale
from frechet.algebra.node import Node, intern, postorder
from frechet.core.code import Code
from frechet.core.dim import Shape
from frechet.core.expr import Expr
from frechet.core.facts import Facts, Rules
from frechet.core.looks import Looks
from frechet.core.op import Op, Params, Unify
from frechet.core.slips import Slips
from frechet.core.words import Telling, Words
from frechet.ops.books import MN5
from frechet.ops.elementwise.exponential import ZERO
from frechet.ops.elementwise.function import alike, function
from frechet.ops.shapes import agree

# -- the modulus and the sign ------------------------------------------------------------------------------------------


def _abs_of(x: Node) -> Node | None:
    """|x| is x where that is not negative; of a complex x it is a function of x and of its conjugate."""
    if nonnegative(x):
        return x
    if x.complex and conj(x) is not x:
        both = sorted((x, conj(x)), key=lambda z: (z.bars, z.flips, z.key))
        return intern("apply", x.shape, tuple(both), op="abs", params=("elementwise",))
    return None


def _abs_raised(x: Node, e: Fraction) -> Node | None:
    """|z|² = z·conj(z) for a complex z."""
    if len(x.args) == 2 and e % 2 == 0:
        return b.mul(*(b.power(z, e / 2) for z in x.args))
    return None


def _log_abs(x: Node) -> Node | None:
    """log|det X| is logdet(X)."""
    return b.logdet(x.args[0].args[0]) if len(x.args) == 1 and is_op(x.args[0], "det") else None


def _sign_of(x: Node) -> Node | None:
    """The sign of what is known to be positive is 1; of a complex z it is z/|z|."""
    value = value_of(x)
    if value is not None and value > 0:
        return b.number(1)
    if x.complex and conj(x) is not x:
        return hadamard([(x, U), (elementwise("abs", x), -U)])
    if nonnegative(x) and "positive" in atoms.assumptions(x):
        return all_ones(x.shape)
    return None


def _modulus(x: Node, _: Fraction, bases: dict[Node, Fraction]) -> None:
    """Of sign(u), abs(u).^n and u.^k the shortest: sign(u).*abs(u) is u, sign(u).*u is abs(u), abs(u).^2 is u.^2."""
    if len(x.args) != 1:
        return
    u = x.args[0]
    sign, size = elementwise("sign", u), elementwise("abs", u)
    n, k = bases.get(size, ZERO), bases.get(u, ZERO)
    simple = u.kind != "product" or (u.coef == 1 and not u.terms)
    if n.denominator != 1 or k.denominator != 1 or not (n or k) or not simple:
        return
    if bases.get(sign, ZERO) == 1:
        bases[sign] = ZERO
        if n:
            n, k = n - 1, k + 1
        else:
            n, k = (n + 1, k - 1) if k > 0 else (n - 1, k + 1)
    if n % 2 == 0:
        n, k = ZERO, k + n
    bases[size], bases[u] = n, k


def _d_abs(y: Node, dx: Node, *mirrored: Node) -> Node:
    """d|x| = sign(x).*dx; of a complex x, with its conjugate for a second argument, (x̄.*dx + x.*dx̄)./(2|x|)."""
    if not mirrored:
        return hadamard([(elementwise("sign", y.args[0]), U), (dx, U)])
    x, other = y.args
    straight, turned = hadamard([(other, U), (dx, U)]), hadamard([(x, U), (mirrored[0], U)])
    return scale(HALF, hadamard([(add([(straight, 1), (turned, 1)]), U), (y, -U)]))


def _abs(xp: Any, params: Params, x: Any) -> Any:
    return abs(x)


def _flat(x: Node) -> Node:
    """The slope of what is constant in pieces."""
    return atoms.zero(*x.shape)


ABS = function(
    "abs",
    value=_abs,
    differential=_d_abs,
    facts=Facts(mirror="even", range="not negative", real=True, splits=True, at={ZERO: ZERO}),
    rules=Rules(simplified=_abs_of, raised=_abs_raised, in_factors=_modulus, under={"log": _log_abs}),
    slips=Slips(slope="sign"),
    needs="{entries} not zero",
    source="the slope on either side of 0",
    doc="The modulus of every entry.",
    signs=("|a|",),
    caution="{where} its modulus has no derivative; the formula takes 0 there (sign(0) = 0)",
    python=("abs", "absolute", "fabs"),
    looks=Looks(latex_bars=(r"\left\lvert ", r" \right\rvert")),
    code=Code(text="abs({0})"),
    derived="sign(x)",
)
SIGN = function(
    "sign",
    _flat,
    facts=Facts(level=True, jumps=True, mirror="odd", between=(-1, 1), reached=True, splits=True, at={ZERO: ZERO}),
    rules=Rules(simplified=_sign_of, in_factors=_modulus),
    needs="{entries} not zero",
    source="constant on either side of 0",
    elsewhere=("sgn",),
    doc="1, 0 or -1, the sign of every entry.",
    caution="{where} sign jumps; its derivative is 0 everywhere else",
    python=("sign", "sgn"),
    latex=("sgn", "signum"),
    code=alike("sign"),
    derived="0",
)

# -- the step ----------------------------------------------------------------------------------------------------------


def _step_times(x: Node, e: Fraction, bases: dict[Node, Fraction]) -> None:
    """step^k = step, relu.*step = relu."""
    if e > 0:
        ramp = elementwise("relu", x.args[0])
        bases[x] = U if bases.get(ramp, ZERO) <= 0 else ZERO


def _step(xp: Any, params: Params, x: Any) -> Any:
    return xp.where(x > 0, 1.0, 0.0) + 0.0 * x


STEP = function(
    "step",
    _flat,
    _step,
    facts=Facts(
        level=True, jumps=True, real_only=True, range="not negative", between=(0, 1), reached=True, at={ZERO: ZERO}
    ),
    rules=Rules(in_factors=_step_times),
    slips=Slips(sign=True),
    needs="{entries} not zero",
    source="constant on either side of 0",
    elsewhere=("heaviside",),
    doc="1 where x > 0, else 0.",
    caution="{where} step jumps; its derivative is 0 everywhere else",
    code=Code(text="({0} > 0) * 1.0", torch="({0} > 0).to({0}.dtype)"),
    derived="0",
)

# -- of two ------------------------------------------------------------------------------------------------------------


def _of_two(name: str) -> Callable[[tuple[Shape, ...], Params, Unify], Shape]:
    def rule(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """Two arrays of one shape, or either a scalar; the result has that shape."""
        left, right = shapes
        if not left or not right:
            return left or right
        return agree(unify, left, right, f"{name}(A,B) needs arguments of one shape or a scalar")

    return rule


def _reading(name: str, sign: int) -> Callable[..., Node]:
    """max (sign 1) or min (sign -1) of two arrays."""

    def reading(_: Expr, x: Node, y: Node) -> Node:
        shape = y.shape if x.scalar else x.shape
        for n in (x, y):
            b.require_holomorphic(name, n)
        for zero, other in ((x, y), (y, x)):
            spread = zero.scalar or zero.shape == other.shape  # an array of zeros gives a number its shape
            if spread and (is_zero(zero) or value_of(zero) == 0):  # max(0,x) = relu(x), min(0,x) = -relu(-x)
                return scale(sign, elementwise("relu", scale(sign, other)))
        x, y = (b.mul(n, all_ones(shape)) if n.scalar else n for n in (x, y))
        return b.apply(name, (x, y), shape)

    return reading


def _larger(sign: int) -> Callable[..., Node]:
    """max (sign 1) and min (sign -1): each argument where it is the one taken.

    Where the two are equal over more than single points (max(x, min(x,c)) is) exactly one of them counts, so that one
    factor is 1 minus the other; a constant never ties for longer than that.
    """

    def differential(y: Node, dx: Node, dy: Node) -> Node:
        gap = scale(sign, plus(y.args[0], y.args[1], -1))
        first, second = elementwise("step", gap), elementwise("step", neg(gap))
        if all(any(is_op(leaf, "variable") for leaf in postorder([a])) for a in y.args):
            second = plus(atoms.number(1), first, -1)
        return add([(hadamard([(first, U), (dx, U)]), 1), (hadamard([(second, U), (dy, U)]), 1)])

    return differential


def _extremum(name: str, sign: int, word: str, most: str, shown: str) -> Op:
    def value(xp: Any, params: Params, x: Any, y: Any) -> Any:
        return getattr(xp, f"{name}imum")(x, y)

    return Op(
        name,
        _of_two(name),
        value,
        elementwise=True,
        domain=("any", "any"),
        normal=_reading(name, sign),
        differential=_larger(sign),
        caution=f"where {{x}} equals {{y}}{{entry}}, {name} has no derivative; the second is taken as the {word} there",
        source="the slope of the one that is taken",
        needs="{x} and {y} nowhere equal",
        telling=Telling(
            step=Words(f"The {word} of the two moves", f"Where one argument is the {word}, only it counts.", MN5)
        ),
        doc=f"The {word} of two, entry by entry.",
        example=f"{name}(x,y)",
        python=(f"{name}imum",),
        call="x?x",
        elsewhere=(f"{name}imum",),
        with_one=most,
        facts=Facts(level=True, real_only=True),
        looks=Looks(latex=rf"\{name}"),
        hint=f"the {word} of two, entry by entry, or the {most} entry of one",
        code=Code(text=f"{{xp}}.{name}imum({{0}}, {{1}})"),
        shown=shown,
    )


MAX = _extremum(
    "max",
    1,
    "larger",
    "largest",
    '>>> fr.derive(fr.max(fr.scalar("x"), 0), "x").derivative\nstep(x)\n'
    '>>> fr.derive(fr.max(fr.vector("x", "n")), "x").gradient\n1 - step(max(x)-x)',
)
MIN = _extremum("min", -1, "smaller", "smallest", '>>> fr.min(fr.vector("x", "n"), 1)\nmin(x,1)')

PIECES = (ABS, SIGN, STEP, MAX, MIN)
