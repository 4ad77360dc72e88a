"""Functions of a number for `audit.py`: the same in mpmath, JAX, PyTorch, autograd and frechet, and its points.

The points are those where a rule shows whether it was thought through: tails, saturation, places where two large terms
cancel.  Truth is mpmath's, with 60 digits; what counts is the relative error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import autograd.numpy as anp
import autograd.scipy.special as asp
import autograd.scipy.stats.norm as asn
import jax
import jax.numpy as jnp
import jax.scipy.special as jsp
import mpmath as mp
import torch
import torch.nn.functional as tnf
from scipy.special import ndtri

Function = Callable[[Any], Any]
tsp = torch.special


@dataclass(frozen=True)
class Scalar:
    """A function of one number; the formula is frechet's, of x, empty where its language has none."""

    name: str
    points: tuple[float, ...]
    exact: Function
    jax: Function | None
    torch: Function | None
    autograd: Function | None
    formula: str = ""


def normal_below(x: Any) -> Any:
    """Φ, also far below."""
    return mp.erfc(-x / mp.sqrt(2)) / 2


def normal_inverse(p: Any) -> Any:
    return mp.findroot(lambda z: mp.log(normal_below(z)) - mp.log(p), float(ndtri(float(p))))


def sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def t(a: float) -> Any:
    return torch.tensor(a, dtype=torch.float64)


def scalars() -> list[Scalar]:
    """All of them."""
    return [*saturated(), *normal(), *gammas(), *others()]


def saturated() -> list[Scalar]:
    return [
        Scalar("tanh", (0.3, 9.0, 15.0, 20.0, 300.0), mp.tanh, jnp.tanh, torch.tanh, anp.tanh, "tanh(x)"),
        Scalar("sigmoid", (-700.0, -40.0, 0.3, 20.0, 40.0), sigmoid, jax.nn.sigmoid, torch.sigmoid, None,
               "sigmoid(x)"),
        Scalar("softplus", (-40.0, 0.3, 19.0, 25.0, 40.0, 700.0), lambda x: mp.log1p(mp.exp(x)), jax.nn.softplus,
               tnf.softplus, lambda x: anp.logaddexp(x, 0.0), "softplus(x)"),
        Scalar("log sigmoid", (-700.0, -40.0, 0.3, 25.0, 40.0), lambda x: -mp.log1p(mp.exp(-x)), jax.nn.log_sigmoid,
               tnf.logsigmoid, None, "log(sigmoid(x))"),
        Scalar("logaddexp(x, 0)", (-40.0, 0.0, 25.0, 40.0), lambda x: mp.log1p(mp.exp(x)),
               lambda x: jnp.logaddexp(x, 0.0), lambda x: torch.logaddexp(x, t(0.0)),
               lambda x: anp.logaddexp(x, 0.0), "log(exp(x)+1)"),
        Scalar("silu", (-700.0, -40.0, 0.3, 40.0), lambda x: x * sigmoid(x), jax.nn.silu, tnf.silu, None, "silu(x)"),
        Scalar("mish", (-40.0, 0.3, 25.0), lambda x: x * mp.tanh(mp.log1p(mp.exp(x))), jax.nn.mish, tnf.mish, None),
        Scalar("arctanh", (0.3, 1 - 1e-12), mp.atanh, jnp.arctanh, torch.arctanh, anp.arctanh, ""),
        Scalar("log1p", (1e-12, -1 + 1e-12), mp.log1p, jnp.log1p, torch.log1p, anp.log1p, "log(1+x)"),
        Scalar("expm1", (1e-12, -40.0), mp.expm1, jnp.expm1, torch.expm1, anp.expm1, "exp(x)-1"),
        Scalar("logit", (1e-300, 0.3, 1 - 1e-12), lambda x: mp.log(x / (1 - x)), jsp.logit, tsp.logit, asp.logit,
               "log(x/(1-x))"),
    ]  # fmt: skip


def normal() -> list[Scalar]:
    return [
        Scalar("erf", (0.3, 6.0, 26.0), mp.erf, jsp.erf, torch.erf, asp.erf, "erf(x)"),
        Scalar("erfc", (0.3, 6.0, 26.0), mp.erfc, jsp.erfc, torch.erfc, asp.erfc, "erfc(x)"),
        Scalar("erfinv", (0.0, 0.5, 1 - 1e-6, 1 - 1e-12), mp.erfinv, jsp.erfinv, torch.erfinv, asp.erfinv,
               "erfinv(x)"),
        Scalar("erfcx", (0.3, 10.0, 1e4, 1e8), lambda x: mp.exp(x * x) * mp.erfc(x), None, tsp.erfcx, None),
        Scalar("ndtr", (-37.0, -10.0, 0.3, 10.0), normal_below, jsp.ndtr, tsp.ndtr, asn.cdf, "normcdf(x)"),
        Scalar("ndtri", (1e-300, 1e-12, 0.3, 1 - 1e-12), normal_inverse, jsp.ndtri, tsp.ndtri, None, "norminv(x)"),
        Scalar("log_ndtr", (-1e4, -40.0, -15.0, -5.0, 0.3, 5.0, 10.0, 37.0), lambda x: mp.log(normal_below(x)),
               jsp.log_ndtr, tsp.log_ndtr, asn.logcdf, "log(normcdf(x))"),
        Scalar("gelu", (-37.0, -10.0, 0.3, 10.0), lambda x: x * normal_below(x),
               lambda x: jax.nn.gelu(x, approximate=False), tnf.gelu, None, "gelu(x)"),
    ]  # fmt: skip


def gammas() -> list[Scalar]:
    def below(x: Any) -> Any:
        return mp.gammainc(mp.mpf(2.5), 0, x, regularized=True)

    def by_shape(a: Any) -> Any:
        return mp.gammainc(a, 0, mp.mpf(2.5), regularized=True)

    made = [
        Scalar("gammaln", (1e-8, 0.3, 1e6, -0.5, -2.3), lambda x: mp.log(abs(mp.gamma(x))), jsp.gammaln,
               torch.lgamma, asp.gammaln, "lgamma(x)"),
        Scalar("digamma", (1e-8, 0.3, 2.0, 1e6, -0.5, -2.3), mp.digamma, jsp.digamma, torch.digamma, asp.digamma,
               "digamma(x)"),
        Scalar("betaln(x, 2.5)", (1e-8, 0.3, 1e6, 1e10),
               lambda x: mp.loggamma(x) + mp.loggamma(mp.mpf(2.5)) - mp.loggamma(x + mp.mpf(2.5)),
               lambda x: jsp.betaln(x, 2.5), None, lambda x: asp.betaln(x, 2.5), "betaln(x,2.5)"),
        Scalar("gammainc(2.5, x)", (1e-8, 0.3, 30.0, 600.0), below, lambda x: jsp.gammainc(2.5, x),
               lambda x: tsp.gammainc(t(2.5), x), lambda x: asp.gammainc(2.5, x)),
        Scalar("gammainc(x, 2.5)", (0.3, 2.0, 8.0), by_shape, lambda x: jsp.gammainc(x, 2.5),
               lambda x: tsp.gammainc(x, t(2.5)), None),
    ]  # fmt: skip
    for k in (1, 2):
        made.append(Scalar(f"polygamma({k}, x)", (1e-4, 0.3, 1e6, -0.5), lambda x, k=k: mp.psi(k, x),
                           lambda x, k=k: jsp.polygamma(k, x), lambda x, k=k: torch.polygamma(k, x),
                           lambda x, k=k: asp.polygamma(k, x), f"polygamma({k},x)"))  # fmt: skip
    return made


def others() -> list[Scalar]:
    def scaled(k: int) -> Function:
        return lambda x: mp.besseli(k, x) * mp.exp(-abs(x))

    return [
        Scalar("i0", (0.0, 3.0, -3.0, 600.0), lambda x: mp.besseli(0, x), jsp.i0, tsp.i0, asp.i0),
        Scalar("i1", (0.0, 1e-9, 3.0, -3.0, 600.0), lambda x: mp.besseli(1, x), jsp.i1, tsp.i1, asp.i1),
        Scalar("i0e", (3.0, -3.0, 1e4), scaled(0), jsp.i0e, tsp.i0e, None),
        Scalar("i1e", (1e-9, 3.0, -3.0, 1e4), scaled(1), jsp.i1e, tsp.i1e, None),
        Scalar("xlogy(x, 2)", (0.0, 0.3), lambda x: x * mp.log(2), lambda x: jsp.xlogy(x, 2.0),
               lambda x: torch.xlogy(x, t(2.0)), None, "xlogy(x,2)"),
        Scalar("xlogy(0, x)", (0.3, 1e-300), lambda x: 0 * x, lambda x: jsp.xlogy(0.0, x),
               lambda x: torch.xlogy(t(0.0), x), None, "xlogy(0,x)"),
        Scalar("xlog1py(x, 2)", (0.0, 0.3), lambda x: x * mp.log(3), lambda x: jsp.xlog1py(x, 2.0),
               lambda x: tsp.xlog1py(x, t(2.0)), None, "x*log(3)"),
        Scalar("entr", (1e-300, 0.3), lambda x: -x * mp.log(x), jsp.entr, tsp.entr, None, "-x*log(x)"),
        Scalar("sinc", (0.0, 1e-9, 1e-6, 1e-3, 0.3, 1.0), mp.sincpi, jnp.sinc, torch.sinc, anp.sinc,
               "sin(pi*x)/(pi*x)"),
        Scalar("x^3", (0.0, -2.0), lambda x: x**3, lambda x: jnp.power(x, 3.0), lambda x: torch.pow(x, 3.0),
               lambda x: anp.power(x, 3.0), "x^3"),
        Scalar("x^2", (0.0, -2.0), lambda x: x**2, lambda x: jnp.power(x, 2.0), lambda x: torch.pow(x, 2.0),
               lambda x: anp.power(x, 2.0), "x^2"),
        Scalar("x^1", (0.0, -2.0), lambda x: x, lambda x: jnp.power(x, 1.0), lambda x: torch.pow(x, 1.0),
               lambda x: anp.power(x, 1.0), "x^1"),
        Scalar("x^2, the exponent an array", (0.0, -2.0), lambda x: x**2,
               lambda x: jnp.power(x, jnp.asarray(2.0)), lambda x: torch.pow(x, t(2.0)), None, "x^2"),
        Scalar("0^x", (2.0,), lambda x: 0 * x, lambda x: jnp.power(0.0, x), lambda x: torch.pow(t(0.0), x),
               lambda x: anp.power(0.0, x)),
        Scalar("arctan2(x, 1)", (0.0, 1e300), mp.atan, lambda x: jnp.arctan2(x, 1.0),
               lambda x: torch.atan2(x, t(1.0)), lambda x: anp.arctan2(x, 1.0), "arctan(x)"),
        Scalar("hypot(x, 1)", (0.0, 1e200), lambda x: mp.hypot(x, 1), lambda x: jnp.hypot(x, 1.0),
               lambda x: torch.hypot(x, t(1.0)), None, "sqrt(x^2+1)"),
    ]  # fmt: skip
