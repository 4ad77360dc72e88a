"""Functions of every entry: ``fr.exp``, ``fr.tanh``, … of a scalar, a vector, a matrix, in the shape of their argument.

Each docstring ends with the derivative (of a scalar), as the library gives it, or with values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frechet.errors import FrechetError
from frechet.library.formula import Formula, build

if TYPE_CHECKING:
    from frechet.library.words import Operand


def exp(x: Operand) -> Formula:
    """e to the power x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.exp(fr.scalar("x")), "x").derivative
    exp(x)
    """
    return build("exp", x)


def log(x: Operand) -> Formula:
    """The natural logarithm of x, entry by entry; for x > 0.

    >>> import frechet as fr
    >>> fr.derive(fr.log(fr.scalar("x")), "x").derivative
    1/x
    """
    return build("log", x)


def sqrt(x: Operand) -> Formula:
    """The square root of x, entry by entry; for x > 0.

    >>> import frechet as fr
    >>> fr.derive(fr.sqrt(fr.scalar("x")), "x").derivative
    1/(2*sqrt(x))
    """
    return build("sqrt", x)


def abs(x: Operand) -> Formula:
    """The modulus of x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.abs(fr.scalar("x")), "x").derivative
    sign(x)
    """
    return build("abs", x)


def sign(x: Operand) -> Formula:
    """-1, 0 or 1: the sign of x, entry by entry; its derivative is 0.

    >>> import frechet as fr
    >>> fr.derive(fr.sign(fr.scalar("x")), "x").derivative
    0
    """
    return build("sign", x)


def sin(x: Operand) -> Formula:
    """The sine of x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.sin(fr.scalar("x")), "x").derivative
    cos(x)
    """
    return build("sin", x)


def cos(x: Operand) -> Formula:
    """The cosine of x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.cos(fr.scalar("x")), "x").derivative
    -sin(x)
    """
    return build("cos", x)


def tan(x: Operand) -> Formula:
    """The tangent of x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.tan(fr.scalar("x")), "x").derivative
    1 + tan(x)^2
    """
    return build("tan", x)


def arcsin(x: Operand) -> Formula:
    """The arc sine of x, entry by entry; for |x| < 1.

    >>> import frechet as fr
    >>> fr.derive(fr.arcsin(fr.scalar("x")), "x").derivative
    1/sqrt(1-x^2)
    """
    return build("arcsin", x)


def arccos(x: Operand) -> Formula:
    """The arc cosine of x, entry by entry; for |x| < 1.

    >>> import frechet as fr
    >>> fr.derive(fr.arccos(fr.scalar("x")), "x").derivative
    -1/sqrt(1-x^2)
    """
    return build("arccos", x)


def arctan(x: Operand) -> Formula:
    """The arc tangent of x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.arctan(fr.scalar("x")), "x").derivative
    1/(1+x^2)
    """
    return build("arctan", x)


def sinh(x: Operand) -> Formula:
    """The hyperbolic sine of x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.sinh(fr.scalar("x")), "x").derivative
    cosh(x)
    """
    return build("sinh", x)


def cosh(x: Operand) -> Formula:
    """The hyperbolic cosine of x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.cosh(fr.scalar("x")), "x").derivative
    sinh(x)
    """
    return build("cosh", x)


def tanh(x: Operand) -> Formula:
    """The hyperbolic tangent of x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.tanh(fr.scalar("x")), "x").derivative
    1 - tanh(x)^2
    """
    return build("tanh", x)


def erf(x: Operand) -> Formula:
    """The error function, 2/√π ∫₀ˣ exp(-t²) dt, entry by entry.

    >>> import frechet as fr
    >>> fr.erf(fr.vector("x", "n")).evaluate(x=[0, 1]).round(4).tolist()
    [0.0, 0.8427]
    """
    return build("erf", x)


def gamma(x: Operand) -> Formula:
    """Γ(x), entry by entry; for x > 0.

    >>> import frechet as fr
    >>> fr.derive(fr.gamma(fr.scalar("x")), "x").derivative
    digamma(x)*gamma(x)
    """
    return build("gamma", x)


def lgamma(x: Operand) -> Formula:
    """log |Γ(x)|, entry by entry; for x > 0.

    >>> import frechet as fr
    >>> fr.derive(fr.lgamma(fr.scalar("x")), "x").derivative
    digamma(x)
    """
    return build("lgamma", x)


def digamma(x: Operand) -> Formula:
    """ψ(x) = Γ'(x)/Γ(x), entry by entry; for x > 0.

    >>> import frechet as fr
    >>> fr.derive(fr.digamma(fr.scalar("x")), "x").derivative
    polygamma(1,x)
    """
    return build("digamma", x)


def sigmoid(x: Operand) -> Formula:
    """1/(1+exp(-x)), entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.sigmoid(fr.scalar("x")), "x").derivative
    sigmoid(x)*(1-sigmoid(x))
    """
    return build("sigmoid", x)


def relu(x: Operand) -> Formula:
    """max(x, 0), entry by entry; the derivative at 0 is taken to be 0.

    >>> import frechet as fr
    >>> fr.derive(fr.relu(fr.scalar("x")), "x").derivative
    step(x)
    """
    return build("relu", x)


def softplus(x: Operand) -> Formula:
    """log(1+exp(x)), entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.softplus(fr.scalar("x")), "x").derivative
    sigmoid(x)
    """
    return build("softplus", x)


def gelu(x: Operand) -> Formula:
    """x·Φ(x), Φ the normal distribution function, entry by entry.

    >>> import frechet as fr
    >>> fr.gelu(fr.vector("x", "n")).evaluate(x=[0, 1]).round(4).tolist()
    [0.0, 0.8413]
    """
    return build("gelu", x)


def silu(x: Operand) -> Formula:
    """x·sigmoid(x), entry by entry.

    >>> import frechet as fr
    >>> fr.silu(fr.vector("x", "n")).evaluate(x=[0, 1]).round(4).tolist()
    [0.0, 0.7311]
    """
    return build("silu", x)


def step(x: Operand) -> Formula:
    """1 where x > 0, else 0, entry by entry; its derivative is 0.

    >>> import frechet as fr
    >>> fr.derive(fr.step(fr.scalar("x")), "x").derivative
    0
    """
    return build("step", x)


def polygamma(k: int, x: Operand) -> Formula:
    """The k-th derivative of digamma, entry by entry; for x > 0.

    >>> import frechet as fr
    >>> fr.derive(fr.polygamma(1, fr.scalar("x")), "x").derivative
    polygamma(2,x)
    """
    if isinstance(k, bool) or not isinstance(k, int) or k < 0:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise FrechetError("input", f"polygamma(k, x) needs a whole number k from 0 on; got {k!r}")
    return build("polygamma", x, params=(k,))


def max(a: Operand, b: Operand | None = None) -> Formula:
    """The larger of a and b, entry by entry; of one shape, or one of them a scalar.  Of one array its largest entry.

    >>> import frechet as fr
    >>> fr.derive(fr.max(fr.scalar("x"), 0), "x").derivative
    step(x)
    >>> fr.derive(fr.max(fr.vector("x", "n")), "x").gradient
    1 - step(max(x)-x)
    """
    return build("largest", a) if b is None else build("max", a, b)


def min(a: Operand, b: Operand | None = None) -> Formula:
    """The smaller of a and b, entry by entry; of one shape, or one of them a scalar.  Of one array its smallest entry.

    >>> import frechet as fr
    >>> fr.min(fr.vector("x", "n"), 1)
    min(x,1)
    """
    return build("smallest", a) if b is None else build("min", a, b)
