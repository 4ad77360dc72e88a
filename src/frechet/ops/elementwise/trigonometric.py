"""Circular and hyperbolic functions of every entry, and their inverses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from frechet.algebra import atoms
from frechet.algebra.atoms import HALF, U
from frechet.algebra.constructors import all_ones, elementwise, hadamard, neg, plus
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.facts import Facts, Rules
from frechet.core.looks import Looks
from frechet.core.op import Params
from frechet.core.slips import Slips
from frechet.core.words import Telling, Words
from frechet.ops.books import MN5
from frechet.ops.elementwise.exponential import gain
from frechet.ops.elementwise.function import alike, function
from frechet.ops.elementwise.several import function_of_several

ZERO, TWO = Fraction(0), Fraction(2)
ODD = Facts(mirror="odd", holomorphic=True, at={ZERO: ZERO})


def _square(x: Node) -> Node:
    return hadamard([(x, TWO)])


def _pythagoras(t: Node, terms: dict[Node, Fraction]) -> None:
    """sin² + cos² = 1, among the terms of a sum."""
    if t.kind != "hadamard" or len(t.terms) != 1 or t.terms[0][1] != 2:
        return
    other = _square(elementwise("cos", t.terms[0][0].args[0]))
    c = terms.get(t)
    if c and terms.get(other) == c:
        terms[t] = terms[other] = ZERO
        one = all_ones(t.shape)
        terms[one] = terms.get(one, ZERO) + c


def _quotient(over: str, quotient: str) -> Callable[[Node, Fraction, dict[Node, Fraction]], None]:
    """sinh(u)./cosh(u) is tanh(u), and sin(u)./cos(u) is tan(u), among factors."""

    def rule(x: Node, e: Fraction, bases: dict[Node, Fraction]) -> None:
        below = elementwise(over, x.args[0])
        both = min(e, -bases.get(below, ZERO))
        if both > 0:
            gain(bases, x, -both)
            gain(bases, below, both)
            gain(bases, elementwise(quotient, x.args[0]), both)

    return rule


def _one_minus_square(x: Node) -> Node:
    return plus(atoms.number(1), _square(x), -1)


TRIGONOMETRIC = (
    function(
        "sin",
        lambda x: elementwise("cos", x),
        facts=replace(ODD, between=(-1, 1), reached=True),
        rules=Rules(in_sum=_pythagoras, in_factors=_quotient("cos", "tan")),
        slips=Slips(slope="cos"),
        source="Abramowitz & Stegun 4.3.105",
        doc="The sine of every entry (of a matrix too: not the matrix function).",
        python=("sin",),
        looks=Looks(latex=r"\sin"),
        code=alike("sin", cost=15),
        derived="cos(x)",
    ),
    function(
        "cos",
        lambda x: neg(elementwise("sin", x)),
        facts=Facts(mirror="even", between=(-1, 1), reached=True, holomorphic=True, at={ZERO: U}),
        source="Abramowitz & Stegun 4.3.106",
        doc="The cosine of every entry.",
        python=("cos",),
        looks=Looks(latex=r"\cos"),
        code=alike("cos", cost=15),
        derived="-sin(x)",
    ),
    function(
        "tan",
        lambda x: plus(_square(elementwise("tan", x)), atoms.number(1)),
        caution="{no} an odd multiple of pi/2",
        facts=replace(ODD, boundary="some"),
        source="Abramowitz & Stegun 4.3.107",
        doc="The tangent of every entry.",
        python=("tan",),
        looks=Looks(latex=r"\tan"),
        code=alike("tan", cost=20),
        derived="1 + tan(x)^2",
    ),
    function(
        "arcsin",
        lambda x: hadamard([(_one_minus_square(x), -HALF)]),
        domain="unit",
        facts=ODD,
        source="Abramowitz & Stegun 4.4.52",
        elsewhere=("asin",),
        doc="The inverse sine of every entry.",
        python=("arcsin", "asin"),
        looks=Looks(latex=r"\arcsin"),
        code=alike("arcsin", cost=20),
        derived="1/sqrt(1-x^2)",
    ),
    function(
        "arccos",
        lambda x: neg(hadamard([(_one_minus_square(x), -HALF)])),
        domain="unit",
        facts=Facts(holomorphic=True),
        source="Abramowitz & Stegun 4.4.53",
        elsewhere=("acos",),
        doc="The inverse cosine of every entry.",
        python=("arccos", "acos"),
        looks=Looks(latex=r"\arccos"),
        code=alike("arccos", cost=20),
        derived="-1/sqrt(1-x^2)",
    ),
    function(
        "arctan",
        lambda x: hadamard([(plus(atoms.number(1), _square(x)), Fraction(-1))]),
        facts=ODD,
        source="Abramowitz & Stegun 4.4.54",
        elsewhere=("atan",),
        doc="The inverse tangent of every entry.",
        python=("arctan", "atan"),
        looks=Looks(latex=r"\arctan"),
        code=alike("arctan", cost=20),
        derived="1/(1+x^2)",
    ),
)


def _atan2(xp: Any, params: Params, y: Any, x: Any) -> Any:
    return xp.arctan2(y, x)


def _by_first(y: Node, x: Node) -> Node:
    """x/(x² + y²)."""
    return hadamard([(x, U), (plus(_square(x), _square(y)), -U)])


def _by_second(y: Node, x: Node) -> Node:
    """-y/(x² + y²)."""
    return neg(_by_first(x, y))


ATAN2 = function_of_several(
    "atan2",
    (_by_first, _by_second),
    _atan2,
    arguments=("y", "x"),
    facts=Facts(real_only=True, boundary="some"),
    doc="The angle of the point (x,y), from -π to π, of every entry.",
    source="the chain rule",
    caution="where {x} and {y} are both 0, atan2 has no derivative; where {x} is 0 and {y} negative, it jumps by 2π",
    needs="{x} and {y} nowhere both 0",
    python=("arctan2", "atan2"),
    elsewhere=("arctan2",),
    telling=Telling(step=Words("The angle of a point", "d arctan(y/x) = (x*dy - y*dx)/(x² + y²).", MN5)),
    hint="the point's second coordinate comes first: atan2(y,x)",
    code=Code(text="{xp}.arctan2({0}, {1})", cost=20),
    shown='>>> fr.derive(fr.atan2(fr.scalar("y"), fr.scalar("x")), "y").derivative\nx/(x^2+y^2)',
)
HYPERBOLIC = (
    function(
        "sinh",
        lambda x: elementwise("cosh", x),
        facts=ODD,
        rules=Rules(in_factors=_quotient("cosh", "tanh")),
        slips=Slips(slope="cosh"),
        source="Abramowitz & Stegun 4.5.71",
        doc="The hyperbolic sine of every entry.",
        python=("sinh",),
        looks=Looks(latex=r"\sinh"),
        code=alike("sinh", cost=20),
        derived="cosh(x)",
    ),
    function(
        "cosh",
        lambda x: elementwise("sinh", x),
        facts=Facts(mirror="even", range="positive", between=(1, None), reached=True, holomorphic=True, at={ZERO: U}),
        slips=Slips(slope="sinh"),
        source="Abramowitz & Stegun 4.5.72",
        doc="The hyperbolic cosine of every entry.",
        python=("cosh",),
        looks=Looks(latex=r"\cosh"),
        code=alike("cosh", cost=20),
        derived="sinh(x)",
    ),
    function(
        "tanh",
        lambda x: _one_minus_square(elementwise("tanh", x)),
        facts=replace(ODD, between=(-1, 1)),
        slips=Slips(derivative="1-y.^2"),
        source="Abramowitz & Stegun 4.5.73",
        doc="The hyperbolic tangent of every entry.",
        python=("tanh", "nn.tanh", "functional.tanh"),
        looks=Looks(latex=r"\tanh", named=True, from_one=True),
        code=alike("tanh", cost=15),
        derived="1 - tanh(x)^2",
    ),
)
