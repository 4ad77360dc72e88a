"""How a line is spelled: one term for each place of its increment, numbers gathered in front, the sign foremost.

Gathering changes no factor's place: it multiplies numbers, and moves them past what is linear.
"""

from __future__ import annotations

from collections.abc import Container
from fractions import Fraction

from frechet.core.expr import Expr, make
from frechet.explain.derivation.terms import Term, terms, total
from frechet.ops.expressions import apply, number


def spelled(line: Expr, increments: Container[Expr]) -> Expr:
    """The line, multiplied out where its increments are concerned.

    >>> from frechet.language import parse
    >>> from frechet.notation.ascii import text
    >>> from frechet.ops.expressions import variable
    >>> x, dx = variable("x", ("n",)), variable("dx", ("n",))
    >>> def of(line): return text(spelled(parse(line, known={"x": x, "dx": dx}).value, {dx}))
    >>> of("c/2*(2*x'*dx)"), of("-(1/N*2*x'*dx)"), of("(dx'*x+x'*dx)/2"), of("A*(2*(x.*dx))"), of("x*(x'*dx/s)/s^2")
    ("c*x'*dx", "-2*x'*dx/N", "dx'*x/2 + x'*dx/2", '2*A*(x.*dx)', "x*(x'*dx)/s^3")
    """
    parts = terms(line, increments)
    return total(in_front(sign, e) for sign, e in parts) if parts else line


def in_front(sign: int, e: Expr) -> Term:
    """A term with its numbers gathered and its divisors below it: c/2*(2*u'*du/s)/s^2 is c*u'*du/s^3."""
    coefficient, rest, below = _gathered(e)
    coefficient *= sign
    top, bottom = abs(coefficient).numerator, abs(coefficient).denominator
    whole = rest or number(1)
    if top != 1:
        whole = _first(number(top), whole) if rest is not None else number(top)
    divisor = _product(bottom, below)
    return (-1 if coefficient < 0 else 1), whole if divisor is None else apply("divide", (whole, divisor))


Below = dict[Expr, Fraction]
"""What stands below the line: bases with their exponents."""


def _product(count: int, below: Below) -> Expr | None:
    """2*s^3*t."""
    whole = number(count) if count != 1 else None
    for base, k in below.items():
        factor = base if k == 1 else apply("power", (base, number(k)))
        whole = factor if whole is None else apply("mul", (whole, factor))
    return whole


def _first(c: Expr, product: Expr) -> Expr:
    """The number before the first factor of a product."""
    if product.op.name in ("mul", "hadamard", "edivide"):
        left, right = product.args
        if left.shape or product.op.name == "mul":
            return apply(product.op, (_first(c, left), right), product.params)
    return apply("mul", (c, product))


def _joined(first: Below, second: Below) -> Below:
    return {**first, **{base: k + first.get(base, 0) for base, k in second.items()}}


def _divisor(e: Expr) -> tuple[Fraction, Below]:
    """A scalar divisor as a number and bases with exponents."""
    if e.op.name == "number":
        return e.params[0], {}
    if e.op.name == "mul":
        (c, a), (d, b) = _divisor(e.args[0]), _divisor(e.args[1])
        return c * d, _joined(a, b)
    if e.op.name == "power" and e.args[1].op.name == "number":
        return Fraction(1), {e.args[0]: e.args[1].params[0]}
    return Fraction(1), {e: Fraction(1)}


def _grouped(e: Expr, a: Expr, b: Expr) -> Expr:
    """The product of a and b; entrywise products are grouped to the left."""
    factors = [b]
    while e.op.name == "hadamard" and factors[-1].op.name == "hadamard" and factors[-1].args[0].shape == e.shape:
        left, right = factors.pop().args
        factors += [right, left]
    for f in reversed(factors):
        a = make(e.op, (a, f), e.params, e.shape)
    return a


def _gathered(e: Expr) -> tuple[Fraction, Expr | None, Below]:
    """(number, what it multiplies, scalar divisors)."""
    name = e.op.name
    if name == "number":
        return e.params[0], None, {}
    if name == "neg":
        c, rest, below = _gathered(e.args[0])
        return -c, rest, below
    if name in ("mul", "hadamard"):
        (c, a, over), (d, b, under) = _gathered(e.args[0]), _gathered(e.args[1])
        below = _joined(over, under)
        if a is None or b is None:
            return c * d, b if a is None else a, below
        return c * d, e if (a, b) == e.args else _grouped(e, a, b), below
    if name == "divide" and not e.args[1].shape:
        c, a, over = _gathered(e.args[0])
        d, under = _divisor(e.args[1])
        return c / d, a, _joined(over, under)
    if name == "edivide" or (e.op.facts.linear and len(e.args) == 1):
        c, a, below = _gathered(e.args[0])
        if a is None or a is e.args[0]:
            return Fraction(1), e, {}
        return c, make(e.op, (a, *e.args[1:]), e.params, e.shape), below
    return Fraction(1), e, {}
