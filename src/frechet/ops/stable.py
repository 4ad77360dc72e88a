"""Formulas that lose digits as they stand, and the code that computes them well; the compiler looks for them.

A key is a formula of x over the names of operations, as `compiler/stable.py` puts it together.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from frechet.core.code import Code
from frechet.ops.softmax import LOGSUMEXP

TANH_SLOPE = """
def tanh_slope(x):
    \"\"\"1-tanh(x)^2, with all its digits where tanh is nearly 1.\"\"\"
    e = {xp}.exp(-2 * abs(x))
    return 4 * e / (1 + e) ** 2
"""
SIGMOID_SLOPE = """
def sigmoid_slope(x):
    \"\"\"sigmoid(x)*(1-sigmoid(x)), with all its digits where sigmoid is nearly 1.\"\"\"
    e = {xp}.exp(-abs(x))
    return e / (1 + e) ** 2
"""
LOG1MEXP = """
def log1mexp(x):
    \"\"\"log(1-exp(x)) for x < 0: near 0 by expm1, far below by log1p.\"\"\"
    near = {xp}.log(-{xp}.expm1({xp}.clip(x, -1.0, None)))
    return {xp}.where(x > -0.7, near, {xp}.log1p(-{xp}.exp({xp}.clip(x, None, -0.5))))
"""
LOG_COSH = """
def log_cosh(x):
    \"\"\"log(cosh(x)), without overflow; near 0 by sinh.\"\"\"
    near = {xp}.log1p(2 * {xp}.sinh({xp}.clip(x, -1.0, 1.0) / 2) ** 2)
    return {xp}.where(abs(x) < 1, near, abs(x) + {xp}.log1p({xp}.exp(-2 * abs(x))) - 0.6931471805599453)
"""

STABLE: Mapping[str, Code] = MappingProxyType(
    {
        "1-tanh(x)^2": Code(text="tanh_slope({0})", helper=TANH_SLOPE, cost=16),
        "1-tanh(x)": Code(text="2 * {special}.expit(-2 * {0})", cost=17),
        "1+tanh(x)": Code(text="2 * {special}.expit(2 * {0})", cost=17),
        "sigmoid(x)*(1-sigmoid(x))": Code(text="sigmoid_slope({0})", helper=SIGMOID_SLOPE, cost=15),
        "1-2*sigmoid(x)": Code(text="{xp}.tanh(-{0} / 2)", cost=17),
        "exp(x)-1": Code(text="{xp}.expm1({0})", cost=12),
        "1-erf(x)": Code(text="{special}.erfc({0})", cost=20),
        "1+erf(x)": Code(text="{special}.erfc(-{0})", cost=20),
        "1-erfc(x)": Code(text="{special}.erf({0})", cost=20),
        "1-cos(x)": Code(text="2 * {xp}.sin({0} / 2)**2", cost=18),
        "log(1+x)": Code(text="{xp}.log1p({0})", cost=12),
        "log(-(exp(x)-1))": Code(text="log1mexp({0})", helper=LOG1MEXP, cost=45),
        "log(cosh(x))": Code(text="log_cosh({0})", helper=LOG_COSH, cost=50),
        "log(exp(x)+exp(y))": Code(text="{xp}.logaddexp({0}, {1})", cost=25),
        "normpdf(x)/normcdf(x)": Code(
            text="np.sqrt(2 / np.pi) / {special}.erfcx(-{0} / np.sqrt(2))",
            jax="jnp.exp(-({0})**2 / 2 - {special}.log_ndtr({0})) / jnp.sqrt(2 * jnp.pi)",
            torch="(2 / torch.pi)**0.5 / torch.special.erfcx(-{0} / 2**0.5)",
            cost=30,
        ),
        "1-normcdf(x)": Code(text="{special}.ndtr(-{0})", cost=20),
        "log(normcdf(x))": Code(  # JAX's own loses the digits of the upper tail
            text="{special}.log_ndtr({0})",
            jax="jnp.where({0} > 0, jnp.log1p(-{special}.ndtr(-{0})), {special}.log_ndtr({0}))",
            cost=30,
        ),
    }
)

THE_SAME: Mapping[str, str] = MappingProxyType(
    {"log(sum(exp(x)))": LOGSUMEXP.name, "exp(x)/(exp(x)+exp(y))": "sigmoid"}
)
"""Formulas that are an operation: of the same array along an axis; of the difference of two."""
