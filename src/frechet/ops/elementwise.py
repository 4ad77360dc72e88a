"""Functions that act entry by entry, and the larger and the smaller of two arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frechet.core.dim import Shape
from frechet.core.op import Op, Params, Unify
from frechet.errors import FrechetError
from frechet.ops import differentials, readings
from frechet.ops.shapes import agree, unchanged

SPECIAL = {
    "sqrt": None,
    "abs": differentials.modulus,
    "declared": differentials.declared,
    "polygamma": differentials.polygamma,
}
"""Differentials that need more than a slope f'(x)."""


def _library(name: str) -> Callable[[Any, Params, Any], Any]:
    """The function of that name in NumPy or its look-alike."""

    def value(xp: Any, params: Params, x: Any) -> Any:
        return getattr(xp, name)(x)

    return value


def _special(name: str) -> Callable[[Any, Params, Any], Any]:
    """The function of that name in scipy.special, which is imported when first used."""

    def value(xp: Any, params: Params, x: Any) -> Any:
        import scipy.special  # pyright: ignore[reportMissingTypeStubs]

        return getattr(scipy.special, name)(x)

    return value


def _function(
    name: str,
    value: Callable[..., Any] | None = None,
    domain: str = "any",
    example: str = "",
    doc: str = "",
    caution: str = "",
    source: str = "",
    python: tuple[str, ...] = (),
    latex: tuple[str, ...] = (),
) -> Op:
    return Op(
        name,
        unchanged,
        value or _library(name),
        normal=readings.pointwise(name),
        differential=SPECIAL[name] if name in SPECIAL else differentials.pointwise(name),
        elementwise=True,
        domain=(domain,),
        caution=caution,
        source=source,
        example=example or f"{name}(x)",
        doc=doc,
        python=python,
        latex=latex,
    )


def _abs(xp: Any, params: Params, x: Any) -> Any:
    return abs(x)


def _sigmoid(xp: Any, params: Params, x: Any) -> Any:
    # Through tanh no exponential overflows, and both tails keep their sign.
    return 0.5 + 0.5 * xp.tanh(0.5 * x)


def _relu(xp: Any, params: Params, x: Any) -> Any:
    return xp.maximum(x, 0.0)


def _softplus(xp: Any, params: Params, x: Any) -> Any:
    return xp.maximum(x, 0.0) + xp.log1p(xp.exp(-abs(x)))


def _gelu(xp: Any, params: Params, x: Any) -> Any:
    from scipy.special import ndtr  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    return x * ndtr(x)


def _silu(xp: Any, params: Params, x: Any) -> Any:
    return x * _sigmoid(xp, params, x)


def _step(xp: Any, params: Params, x: Any) -> Any:
    return xp.where(x > 0, 1.0, 0.0) + 0.0 * x


def _polygamma(xp: Any, params: Params, x: Any) -> Any:
    from scipy.special import polygamma  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    return xp.asarray(polygamma(int(params[0]), x))


def _declared(xp: Any, params: Params, x: Any) -> Any:
    function, order = params
    if not callable(function):
        raise FrechetError("input", f"no value for the function {function}")
    return function(x, order)


def _of_two(name: str):
    def rule(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """Two arrays of one shape, or either a scalar; the result has that shape."""
        left, right = shapes
        if not left or not right:
            return left or right
        return agree(unify, left, right, f"{name}(A,B) needs arguments of one shape or a scalar")

    return rule


def _maximum(xp: Any, params: Params, a: Any, b: Any) -> Any:
    return xp.maximum(a, b)


def _minimum(xp: Any, params: Params, a: Any, b: Any) -> Any:
    return xp.minimum(a, b)


MAX = Op(
    "max",
    _of_two("max"),
    _maximum,
    elementwise=True,
    domain=("any", "any"),
    normal=readings.of_two("max"),
    differential=differentials.larger(1),
    caution="where {x} equals {y} in an entry, max has no derivative; the second is taken as the larger there",
    source="the slope of the one that is taken",
    doc="The larger of two, entry by entry.",
    example="max(x,y)",
    python=("maximum",),
)
MIN = Op(
    "min",
    _of_two("min"),
    _minimum,
    elementwise=True,
    domain=("any", "any"),
    normal=readings.of_two("min"),
    differential=differentials.larger(-1),
    caution="where {x} equals {y} in an entry, min has no derivative; the second is taken as the smaller there",
    source="the slope of the one that is taken",
    doc="The smaller of two, entry by entry.",
    example="min(x,y)",
    python=("minimum",),
)
POLYGAMMA = _function(
    "polygamma",
    _polygamma,
    "positive",
    source="Abramowitz & Stegun 6.4.1",
    example="polygamma(1,x)",
    doc="The derivative of digamma of the order that is its parameter.",
)
DECLARED = _function(
    "declared",
    _declared,
    source="the definition of the derivative's name",
    example="sigma(X)",
    doc="A smooth function known by name only, or its derivative; params are the name and the order. "
    "For a value the name is replaced by a callable (array, order) → array.",
)

ELEMENTWISE = (
    _function("exp", source="Abramowitz & Stegun 4.2.49", doc="The exponential of every entry.", python=("exp",)),
    _function(
        "log",
        domain="positive",
        source="Abramowitz & Stegun 4.1.46",
        doc="The natural logarithm of every entry.",
        python=("log",),
        latex=("ln",),
    ),
    _function(
        "sqrt",
        domain="positive",
        source="Abramowitz & Stegun 4.2.52",
        doc="The square root of every entry.",
        caution="where an entry of {x} is 0, the root has no derivative, and the formula no value",
        python=("sqrt",),
    ),
    _function(
        "abs",
        _abs,
        source="the slope on either side of 0",
        doc="The modulus of every entry.",
        caution="where an entry of {x} is 0, its modulus has no derivative; the formula takes 0 there (sign(0) = 0)",
        python=("abs", "absolute", "fabs"),
    ),
    _function(
        "sign",
        source="constant on either side of 0",
        doc="1, 0 or -1, the sign of every entry.",
        caution="where an entry of {x} is 0, sign jumps; its derivative is 0 everywhere else",
        python=("sign", "sgn"),
        latex=("sgn", "signum"),
    ),
    _function(
        "sin",
        source="Abramowitz & Stegun 4.3.105",
        doc="The sine of every entry (of a matrix too: not the matrix function).",
        python=("sin",),
    ),
    _function("cos", source="Abramowitz & Stegun 4.3.106", doc="The cosine of every entry.", python=("cos",)),
    _function("tan", source="Abramowitz & Stegun 4.3.107", doc="The tangent of every entry.", python=("tan",)),
    _function(
        "arcsin",
        domain="unit",
        source="Abramowitz & Stegun 4.4.52",
        doc="The inverse sine of every entry.",
        python=("arcsin", "asin"),
    ),
    _function(
        "arccos",
        domain="unit",
        source="Abramowitz & Stegun 4.4.53",
        doc="The inverse cosine of every entry.",
        python=("arccos", "acos"),
    ),
    _function(
        "arctan",
        source="Abramowitz & Stegun 4.4.54",
        doc="The inverse tangent of every entry.",
        python=("arctan", "atan"),
    ),
    _function("sinh", source="Abramowitz & Stegun 4.5.71", doc="The hyperbolic sine of every entry.", python=("sinh",)),
    _function(
        "cosh", source="Abramowitz & Stegun 4.5.72", doc="The hyperbolic cosine of every entry.", python=("cosh",)
    ),
    _function(
        "tanh",
        source="Abramowitz & Stegun 4.5.73",
        doc="The hyperbolic tangent of every entry.",
        python=("tanh", "nn.tanh", "functional.tanh"),
    ),
    _function(
        "erf",
        _special("erf"),
        source="Abramowitz & Stegun 7.1.19",
        doc="The error function of every entry.",
        python=("erf", "special.erf"),
    ),
    _function(
        "gamma",
        _special("gamma"),
        "positive",
        source="Abramowitz & Stegun 6.3.1",
        doc="The gamma function of every entry.",
        python=("gamma", "special.gamma"),
    ),
    _function(
        "lgamma",
        _special("gammaln"),
        "positive",
        source="Abramowitz & Stegun 6.3.1",
        doc="The logarithm of |Γ(x)|.",
        python=("lgamma", "special.gammaln", "special.loggamma"),
    ),
    _function(
        "digamma",
        _special("digamma"),
        "positive",
        source="Abramowitz & Stegun 6.4.1",
        doc="The derivative of lgamma.",
        python=("digamma", "special.digamma", "special.psi"),
    ),
    _function(
        "sigmoid",
        _sigmoid,
        source="the quotient rule",
        doc="1/(1+exp(-x)).",
        python=("sigmoid", "special.expit", "nn.sigmoid", "functional.sigmoid"),
        latex=("sigm", "logistic"),
    ),
    _function(
        "relu",
        _relu,
        source="the slope on either side of 0",
        doc="max(x,0).",
        caution="where an entry of {x} is 0, relu has no derivative; the formula takes 0 there (step(0) = 0)",
        python=("relu", "nn.relu", "functional.relu"),
        latex=("ReLU",),
    ),
    _function(
        "softplus",
        _softplus,
        source="the chain rule",
        doc="log(1+exp(x)).",
        python=("nn.softplus",),
        latex=("SoftPlus",),
    ),
    _function(
        "gelu",
        _gelu,
        source="Hendrycks & Gimpel 2016, the exact form; the product rule",
        doc="x times the normal distribution function at x.",
        latex=("GELU",),
    ),
    _function(
        "silu",
        _silu,
        source="the product rule",
        doc="x*sigmoid(x).",
        python=("nn.silu", "nn.swish", "functional.silu"),
        latex=("SiLU", "swish"),
    ),
    _function(
        "step",
        _step,
        source="constant on either side of 0",
        doc="1 where x > 0, else 0.",
        caution="where an entry of {x} is 0, step jumps; its derivative is 0 everywhere else",
    ),
    POLYGAMMA,
    DECLARED,
    MAX,
    MIN,
)
