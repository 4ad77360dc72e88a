"""Functions that are smooth in pieces and have parameters of their own: clip, the Huber function, leaky relu, elu.

Every parameter is a scalar or an array of the argument's shape, and each has a derivative.
"""

from __future__ import annotations

from typing import Any

from frechet.algebra.atoms import U, number, value_of
from frechet.algebra.constructors import add, elementwise, hadamard, neg, plus
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.facts import Facts, Rule, Rules
from frechet.core.op import Params
from frechet.core.words import Telling, Words
from frechet.ops.books import MN5
from frechet.ops.elementwise.several import constructor, function_of_several

PIECES = "the slope of each piece"


def _step(x: Node) -> Node:
    return elementwise("step", x)


def _times(*factors: Node) -> Node:
    return hadamard([(f, U) for f in factors])


# -- clip --------------------------------------------------------------------------------------------------------------


def _within(x: Node, low: Node, high: Node) -> Node:
    """1 between the bounds."""
    return _times(_step(plus(x, low, -1)), _step(plus(high, x, -1)))


def _below(x: Node, low: Node, high: Node) -> Node:
    """1 where the lower bound is taken."""
    return _step(plus(low, x, -1))


def _above(x: Node, low: Node, high: Node) -> Node:
    """1 where the upper bound is taken."""
    return _step(plus(x, high, -1))


def _clip(xp: Any, params: Params, x: Any, low: Any, high: Any) -> Any:
    return xp.where(low <= high, xp.minimum(xp.maximum(x, low), high), xp.nan)


CLIP_TORCH = """
def clip(x, low, high):
    \"\"\"x between the bounds; nan where they are the wrong way round.\"\"\"
    low, high = (torch.as_tensor(a, dtype=x.dtype, device=x.device) for a in (low, high))
    return torch.where(low <= high, torch.minimum(torch.maximum(x, low), high), torch.nan)
"""
CLIP = function_of_several(
    "clip",
    (_within, _below, _above),
    _clip,
    arguments=("x", "a", "b"),
    facts=Facts(level=True, real_only=True),
    example="clip(x,-a,b)",
    doc="x kept between a and b: a below a, b above b, else x; of every entry, with a ≤ b.",
    caution="where {one} is at one of its bounds, clip has no derivative; the formula takes 0 there. "
    "The lower bound must not be above the upper one",
    needs="no entry of {x} at its bounds",
    source=PIECES,
    elsewhere=("clamp", "saturate"),
    telling=Telling(
        step=Words("What is clipped", "Between its bounds an entry moves, beyond them the bound does.", MN5)
    ),
    hint="clip(x,a,b) keeps x between a and b",
    code=Code(torch="clip({0}, {1}, {2})", torch_helpers=(CLIP_TORCH,)),
    shown='>>> fr.derive(fr.clip(fr.scalar("x"), -1, 1), "x").derivative\nstep(1-x)*step(1+x)',
)
clip = constructor("clip")

# -- the Huber function ------------------------------------------------------------------------------------------------


def _clipped(x: Node, d: Node) -> Node:
    """clip(x,-d,d)."""
    return clip(x, neg(d), d)


def _excess(x: Node, d: Node) -> Node:
    """|x| - d where that is positive."""
    return elementwise("relu", plus(elementwise("abs", x), d, -1))


def _huber(xp: Any, params: Params, x: Any, d: Any) -> Any:
    size = abs(x)
    return xp.where(d >= 0, xp.where(size <= d, x * x / 2, d * (size - d / 2)), xp.nan)


HUBER_TORCH = """
def huber(x, d):
    \"\"\"x²/2 up to d, then on along the tangent.\"\"\"
    d, size = torch.as_tensor(d, dtype=x.dtype, device=x.device), abs(x)
    return torch.where(d >= 0, torch.where(size <= d, x * x / 2, d * (size - d / 2)), torch.nan)
"""
HUBER = function_of_several(
    "huber",
    (_clipped, _excess),
    _huber,
    arguments=("x", "d"),
    domain=("any", "positive"),
    facts=Facts(real_only=True, level=True),
    doc="The Huber function of every entry: x²/2 where |x| ≤ d, else d(|x| - d/2).",
    source="Huber 1964, Robust estimation of a location parameter",
    telling=Telling(step=Words("The Huber function", "Its slope is x, kept between -d and d.", MN5)),
    hint="huber(x,d) is x²/2 up to |x| = d and grows with slope d from there",
    code=Code(torch="huber({0}, {1})", torch_helpers=(HUBER_TORCH,)),
    shown='>>> fr.derive(fr.huber(fr.scalar("x"), fr.scalar("d")), "x").derivative\nclip(x,-d,d)',
)

# -- activations with a slope of their own -----------------------------------------------------------------------------


def _negative(x: Node, *_: Node) -> Node:
    """x where that is negative, else 0."""
    return neg(elementwise("relu", neg(x)))


def _leaky_slope(x: Node, a: Node) -> Node:
    """1 above 0, a below: a + (1 - a).*step(x)."""
    return plus(_times(plus(number(1), a, -1), _step(x)), a)


def _smooth_at_one(derivatives: int) -> Rule:
    """With a = 1 both pieces have the same slope at 0; of x itself every derivative is there."""

    def smooth(x: Node, a: Node) -> int:
        return derivatives if value_of(a) == 1 else 0

    return smooth


def _leaky(xp: Any, params: Params, x: Any, a: Any) -> Any:
    return xp.where(x > 0, x, a * x)


LEAKYRELU = function_of_several(
    "leakyrelu",
    (_leaky_slope, _negative),
    _leaky,
    arguments=("x", "a"),
    facts=Facts(real_only=True, level=True),
    rules=Rules(smooth=_smooth_at_one(2)),
    doc="x where x > 0, else a*x, of every entry.",
    caution="{where} leakyrelu has no derivative; the formula takes {y} there",
    needs="{entries} not zero",
    source=PIECES,
    latex=("LeakyReLU",),
    elsewhere=("leaky_relu", "lrelu", "prelu"),
    telling=Telling(step=Words("The leaky relu", "Its slope is 1 above 0 and a below.", MN5)),
    hint="the second argument is the slope below 0: leakyrelu(x,0.01)",
    code=Code(text="{xp}.where({0} > 0, {0}, {1} * {0})"),
    shown='>>> fr.derive(fr.leakyrelu(fr.scalar("x"), fr.scalar("a")), "a").derivative\n-relu(-x)',
)


def _elu_slope(x: Node, a: Node) -> Node:
    """1 above 0, a·exp(x) below; the exponential is taken of min(x,0), which does not overflow."""
    above = _step(x)
    below = _times(a, plus(number(1), above, -1), elementwise("exp", _negative(x)))
    return add([(above, 1), (below, 1)])


def _elu_below(x: Node, a: Node) -> Node:
    """exp(min(x,0)) - 1."""
    return plus(elementwise("exp", _negative(x)), number(1), -1)


def _elu(xp: Any, params: Params, x: Any, a: Any) -> Any:
    return xp.where(x > 0, x, a * xp.expm1(xp.minimum(x, 0.0)))


ELU = function_of_several(
    "elu",
    (_elu_slope, _elu_below),
    _elu,
    arguments=("x", "a"),
    facts=Facts(real_only=True, level=True),
    rules=Rules(smooth=_smooth_at_one(1)),
    doc="x where x > 0, else a*(exp(x)-1), of every entry.",
    caution="{where} elu has no derivative unless {y} is 1; the formula takes {y} there",
    needs="{entries} not zero",
    source="Clevert, Unterthiner & Hochreiter 2016; the slope of each piece",
    latex=("ELU",),
    telling=Telling(step=Words("The exponential linear unit", "Its slope is 1 above 0 and a*exp(x) below.", MN5)),
    hint="the second argument is the limit at -∞, with its sign turned: elu(x,1)",
    code=Code(torch="torch.where({0} > 0, {0}, {1} * torch.expm1(torch.clamp({0}, max=0)))"),
    shown='>>> fr.elu(fr.vector("x", "n"), 1).evaluate(x=[2, 0]).tolist()\n[2.0, 0.0]',
)

BENT = (CLIP, HUBER, LEAKYRELU, ELU)
