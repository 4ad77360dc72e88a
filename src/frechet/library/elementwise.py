"""Functions of every entry: ``fr.exp``, ``fr.tanh``, … of a scalar, a vector, a matrix, in the shape of their argument.

Each docstring ends with the derivative (of a scalar), as the library gives it, or with values.
"""

from __future__ import annotations

from typing import Any

from frechet.errors import FrechetError
from frechet.library.formula import Formula, build


def exp(x: Any) -> Formula:
    """e to the power x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.exp(fr.scalar("x")), "x").derivative
    exp(x)
    """
    return build("exp", x)


def log(x: Any) -> Formula:
    """The natural logarithm of x, entry by entry; for x > 0.

    >>> import frechet as fr
    >>> fr.derive(fr.log(fr.scalar("x")), "x").derivative
    1/x
    """
    return build("log", x)


def sqrt(x: Any) -> Formula:
    """The square root of x, entry by entry; for x > 0.

    >>> import frechet as fr
    >>> fr.derive(fr.sqrt(fr.scalar("x")), "x").derivative
    1/(2*sqrt(x))
    """
    return build("sqrt", x)


def abs(x: Any) -> Formula:
    """The modulus of x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.abs(fr.scalar("x")), "x").derivative
    sign(x)
    """
    return build("abs", x)


def sign(x: Any) -> Formula:
    """-1, 0 or 1: the sign of x, entry by entry; its derivative is 0.

    >>> import frechet as fr
    >>> fr.derive(fr.sign(fr.scalar("x")), "x").derivative
    0
    """
    return build("sign", x)


def sin(x: Any) -> Formula:
    """The sine of x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.sin(fr.scalar("x")), "x").derivative
    cos(x)
    """
    return build("sin", x)


def cos(x: Any) -> Formula:
    """The cosine of x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.cos(fr.scalar("x")), "x").derivative
    -sin(x)
    """
    return build("cos", x)


def tan(x: Any) -> Formula:
    """The tangent of x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.tan(fr.scalar("x")), "x").derivative
    1 + tan(x)^2
    """
    return build("tan", x)


def arcsin(x: Any) -> Formula:
    """The arc sine of x, entry by entry; for |x| < 1.

    >>> import frechet as fr
    >>> fr.derive(fr.arcsin(fr.scalar("x")), "x").derivative
    1/sqrt(1-x^2)
    """
    return build("arcsin", x)


def arccos(x: Any) -> Formula:
    """The arc cosine of x, entry by entry; for |x| < 1.

    >>> import frechet as fr
    >>> fr.derive(fr.arccos(fr.scalar("x")), "x").derivative
    -1/sqrt(1-x^2)
    """
    return build("arccos", x)


def arctan(x: Any) -> Formula:
    """The arc tangent of x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.arctan(fr.scalar("x")), "x").derivative
    1/(1+x^2)
    """
    return build("arctan", x)


def sinh(x: Any) -> Formula:
    """The hyperbolic sine of x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.sinh(fr.scalar("x")), "x").derivative
    cosh(x)
    """
    return build("sinh", x)


def cosh(x: Any) -> Formula:
    """The hyperbolic cosine of x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.cosh(fr.scalar("x")), "x").derivative
    sinh(x)
    """
    return build("cosh", x)


def tanh(x: Any) -> Formula:
    """The hyperbolic tangent of x, entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.tanh(fr.scalar("x")), "x").derivative
    1 - tanh(x)^2
    """
    return build("tanh", x)


def erf(x: Any) -> Formula:
    """The error function, 2/√π ∫₀ˣ exp(-t²) dt, entry by entry.

    >>> import frechet as fr
    >>> fr.erf(fr.vector("x", "n")).evaluate(x=[0, 1]).round(4).tolist()
    [0.0, 0.8427]
    """
    return build("erf", x)


def gamma(x: Any) -> Formula:
    """Γ(x), entry by entry; for x > 0.

    >>> import frechet as fr
    >>> fr.derive(fr.gamma(fr.scalar("x")), "x").derivative
    digamma(x)*gamma(x)
    """
    return build("gamma", x)


def lgamma(x: Any) -> Formula:
    """log |Γ(x)|, entry by entry; for x > 0.

    >>> import frechet as fr
    >>> fr.derive(fr.lgamma(fr.scalar("x")), "x").derivative
    digamma(x)
    """
    return build("lgamma", x)


def digamma(x: Any) -> Formula:
    """ψ(x) = Γ'(x)/Γ(x), entry by entry; for x > 0.

    >>> import frechet as fr
    >>> fr.derive(fr.digamma(fr.scalar("x")), "x").derivative
    polygamma(1,x)
    """
    return build("digamma", x)


def sigmoid(x: Any) -> Formula:
    """1/(1+exp(-x)), entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.sigmoid(fr.scalar("x")), "x").derivative
    sigmoid(x)*(1-sigmoid(x))
    """
    return build("sigmoid", x)


def relu(x: Any) -> Formula:
    """max(x, 0), entry by entry; the derivative at 0 is taken to be 0.

    >>> import frechet as fr
    >>> fr.derive(fr.relu(fr.scalar("x")), "x").derivative
    step(x)
    """
    return build("relu", x)


def softplus(x: Any) -> Formula:
    """log(1+exp(x)), entry by entry.

    >>> import frechet as fr
    >>> fr.derive(fr.softplus(fr.scalar("x")), "x").derivative
    sigmoid(x)
    """
    return build("softplus", x)


def gelu(x: Any) -> Formula:
    """x·Φ(x), Φ the normal distribution function, entry by entry.

    >>> import frechet as fr
    >>> fr.gelu(fr.vector("x", "n")).evaluate(x=[0, 1]).round(4).tolist()
    [0.0, 0.8413]
    """
    return build("gelu", x)


def silu(x: Any) -> Formula:
    """x·sigmoid(x), entry by entry.

    >>> import frechet as fr
    >>> fr.silu(fr.vector("x", "n")).evaluate(x=[0, 1]).round(4).tolist()
    [0.0, 0.7311]
    """
    return build("silu", x)


def step(x: Any) -> Formula:
    """1 where x > 0, else 0, entry by entry; its derivative is 0.

    >>> import frechet as fr
    >>> fr.derive(fr.step(fr.scalar("x")), "x").derivative
    0
    """
    return build("step", x)


def polygamma(k: int, x: Any) -> Formula:
    """The k-th derivative of digamma, entry by entry; for x > 0.

    >>> import frechet as fr
    >>> fr.derive(fr.polygamma(1, fr.scalar("x")), "x").derivative
    polygamma(2,x)
    """
    if isinstance(k, bool) or not isinstance(k, int) or k < 0:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise FrechetError("input", f"polygamma(k, x) needs a whole number k from 0 on; got {k!r}")
    return build("polygamma", x, params=(k,))


def max(a: Any, b: Any = None) -> Formula:
    """The larger of a and b, entry by entry; of one shape, or one of them a scalar.  Of one array its largest entry.

    >>> import frechet as fr
    >>> fr.derive(fr.max(fr.scalar("x"), 0), "x").derivative
    step(x)
    >>> fr.derive(fr.max(fr.vector("x", "n")), "x").gradient
    1 - step(max(x)-x)
    """
    return build("largest", a) if b is None else build("max", a, b)


def min(a: Any, b: Any = None) -> Formula:
    """The smaller of a and b, entry by entry; of one shape, or one of them a scalar.  Of one array its smallest entry.

    >>> import frechet as fr
    >>> fr.min(fr.vector("x", "n"), 1)
    min(x,1)
    """
    return build("smallest", a) if b is None else build("min", a, b)
