"""The activations of neural networks, entry by entry."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from frechet.algebra.atoms import HALF, U, number
from frechet.algebra.constructors import add, elementwise, hadamard, neg, nonnegative, plus
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.facts import Facts, Rules
from frechet.core.looks import Looks
from frechet.core.op import Params
from frechet.core.slips import Slips
from frechet.core.words import Telling
from frechet.core.written import Written
from frechet.ops.elementwise.exponential import ZERO, gain
from frechet.ops.elementwise.function import function

# -- sigmoid -----------------------------------------------------------------------------------------------------------


def _sigmoid_slope(x: Node) -> Node:
    """s.*(1-s)."""
    s = elementwise("sigmoid", x)
    return hadamard([(s, U), (plus(number(1), s, -1), U)])


def _sigmoid(xp: Any, params: Params, x: Any) -> Any:
    # Through tanh no exponential overflows, and both tails keep their sign.
    return 0.5 + 0.5 * xp.tanh(0.5 * x)


def _complement(x: Node, e: Fraction, bases: dict[Node, Fraction]) -> None:
    """sigmoid(u).*exp(-u) is 1 - sigmoid(u)."""
    decay = elementwise("exp", neg(x.args[0]))
    both = min(bases.get(decay, ZERO), e)
    if e > 0 and both > 0:
        gain(bases, x, -both)
        gain(bases, decay, -both)
        gain(bases, plus(number(1), x, -1), both)


def _one_minus_sigmoid(x: Node, f: Node, c: Fraction, e: Fraction, bases: dict[Node, Fraction]) -> bool:
    """(1-sigmoid(u)).*exp(u) is again sigmoid(u), for x = 1 + c*f in the power e."""
    if c != -1 or e <= 0:
        return False
    growth = elementwise("exp", f.args[0])
    if bases.get(growth, ZERO) >= e:
        bases[x] = ZERO
        gain(bases, growth, -e)
        gain(bases, f, e)
    return True


def _log_sigmoid(x: Node) -> Node:
    """log(sigmoid(u)) = -softplus(-u)."""
    return neg(elementwise("softplus", neg(x.args[0])))


SIGMOID = function(
    "sigmoid",
    _sigmoid_slope,
    _sigmoid,
    facts=Facts(mirror="complement", range="positive", between=(0, 1), holomorphic=True, at={ZERO: HALF}),
    rules=Rules(in_factors=_complement, in_term=_one_minus_sigmoid, under={"log": _log_sigmoid}),
    slips=Slips(derivative="y.*(1-y)", sign=True),
    source="the quotient rule",
    telling=Telling(letters=("s", "")),
    elsewhere=(
        "sigma",
        "logistic",
    ),
    doc="1/(1+exp(-x)).",
    python=("sigmoid", "special.expit", "nn.sigmoid", "functional.sigmoid"),
    latex=("sigm", "logistic"),
    looks=Looks(names="sS", named=True, from_one=True),
    code=Code(
        numpy="{special}.expit({0})",
        jax="jax.nn.sigmoid({0})",
        torch="torch.sigmoid({0})",
        cost=15,
    ),
    derived="sigmoid(x)*(1-sigmoid(x))",
)

# -- relu and its smooth relatives -------------------------------------------------------------------------------------


def _relu_of(x: Node) -> Node | None:
    """relu(x) is x where that is not negative."""
    return x if nonnegative(x) else None


def _relu(xp: Any, params: Params, x: Any) -> Any:
    return xp.maximum(x, 0.0)


def _softplus(xp: Any, params: Params, x: Any) -> Any:
    return xp.maximum(x, 0.0) + xp.log1p(xp.exp(-abs(x)))


def _silu_slope(x: Node) -> Node:
    """s + x.*s.*(1-s) with s = sigmoid(x)."""
    s = elementwise("sigmoid", x)
    return add([(s, 1), (hadamard([(x, U), (s, U), (plus(number(1), s, -1), U)]), 1)])


def _silu(xp: Any, params: Params, x: Any) -> Any:
    return x * _sigmoid(xp, params, x)


SOFTPLUS_TEXT = """
def softplus(x):
    \"\"\"log(1+exp(x)), without overflow.\"\"\"
    return {xp}.maximum(x, 0) + {xp}.log1p({xp}.exp(-abs(x)))
"""
ACTIVATIONS = (
    SIGMOID,
    function(
        "relu",
        lambda x: elementwise("step", x),
        _relu,
        facts=Facts(level=True, real_only=True, range="not negative", at={ZERO: ZERO}),
        rules=Rules(simplified=_relu_of),
        slips=Slips(slope="step", sign=True),
        source="the slope on either side of 0",
        needs="{entries} not zero",
        doc="max(x,0).",
        signs=("(a)_+",),
        caution="{where} relu has no derivative; the formula takes 0 there (step(0) = 0)",
        python=("relu", "nn.relu", "functional.relu"),
        latex=("ReLU",),
        looks=Looks(named=True),
        code=Code(text="{xp}.maximum({0}, 0)", torch="torch.relu({0})"),
        derived="step(x)",
    ),
    function(
        "softplus",
        lambda x: elementwise("sigmoid", x),
        _softplus,
        facts=Facts(real_only=True, range="positive"),
        slips=Slips(slope="sigmoid", sign=True),
        source="the chain rule",
        doc="log(1+exp(x)).",
        signs=("log(1+e^a)",),
        python=("nn.softplus",),
        formulas=(
            Written(("nn.mish", "functional.mish"), "x", "x.*tanh(softplus(x))"),
            Written(("functional.softplus",), "x, beta=1", "softplus(beta.*x)./beta"),
            Written(
                ("functional.binary_cross_entropy_with_logits",),
                "input, target",
                "softplus(input)-target.*input",
                reduced=True,
            ),
        ),
        latex=("SoftPlus",),
        looks=Looks(named=True),
        code=Code(
            numpy="softplus({0})",
            jax="jax.nn.softplus({0})",
            torch="torch.logaddexp({0}, torch.zeros_like({0}))",
            helper=SOFTPLUS_TEXT,
            cost=25,
        ),
        derived="sigmoid(x)",
    ),
    function(
        "silu",
        _silu_slope,
        _silu,
        facts=Facts(holomorphic=True),
        source="the product rule",
        doc="x*sigmoid(x).",
        python=("nn.silu", "nn.swish", "functional.silu"),
        latex=("SiLU", "swish"),
        code=Code(torch="torch.nn.functional.silu({0})"),
        shown='>>> fr.silu(fr.vector("x", "n")).evaluate(x=[0, 1]).round(4).tolist()\n[0.0, 0.7311]',
    ),
)
