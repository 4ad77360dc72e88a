"""The normal distribution of every entry, its density and its inverse; the error function and its relatives.

φ(x) = exp(-x²/2)/√(2π), Φ(x) = ∫ φ from -∞ to x; erfc(x) = 1 - erf(x) = 2Φ(-x√2).
"""

from __future__ import annotations

from fractions import Fraction
from math import pi
from typing import Any

from frechet.algebra import atoms
from frechet.algebra.atoms import HALF, U, is_op
from frechet.algebra.constructors import elementwise, hadamard, mul, neg, power
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.facts import Facts, Identity, Rules
from frechet.core.op import Params
from frechet.core.slips import Slips
from frechet.core.written import Written
from frechet.ops.elementwise.function import function, of_special, special

ZERO = Fraction(0)
ABRAMOWITZ = "Abramowitz & Stegun 26.2"


def _density(xp: Any, params: Params, x: Any) -> Any:
    return xp.exp(-x * x / 2) / (2 * pi) ** 0.5


def _density_slope(x: Node) -> Node:
    """φ'(x) = -x.*φ(x)."""
    return neg(hadamard([(x, U), (elementwise("normpdf", x), U)]))


def _inverse_slope(p: Node) -> Node:
    """1/φ(Φ⁻¹(p))."""
    return hadamard([(elementwise("normpdf", elementwise("norminv", p)), -U)])


def _inverse_of(p: Node) -> Node | None:
    """Φ⁻¹(Φ(x)) = x."""
    return p.args[0] if is_op(p, "normcdf") else None


def _erf_slope(x: Node) -> Node:
    """2/√π·exp(-x²)."""
    inside = elementwise("exp", neg(hadamard([(x, Fraction(2))])))
    return mul(atoms.number(2), power(atoms.pi(), -HALF), inside)


def _erfc_slope(x: Node) -> Node:
    """-2/√π·exp(-x²)."""
    inside = elementwise("exp", neg(hadamard([(x, Fraction(2))])))
    return mul(atoms.number(-2), power(atoms.pi(), -HALF), inside)


def _erfinv_slope(p: Node) -> Node:
    """√π/2·exp(erfinv(p)²)."""
    inside = elementwise("exp", hadamard([(elementwise("erfinv", p), Fraction(2))]))
    return mul(atoms.number(HALF), power(atoms.pi(), HALF), inside)


def _erfinv_of(p: Node) -> Node | None:
    """erfinv(erf(x)) = x."""
    return p.args[0] if is_op(p, "erf") else None


NORMAL = (
    function(
        "normpdf",
        _density_slope,
        _density,
        facts=Facts(mirror="even", range="positive", between=(0, 1), holomorphic=True),
        slips=Slips(derivative="-x.*y"),
        source=f"{ABRAMOWITZ}.1; the chain rule",
        doc="The density of the standard normal distribution, exp(-x²/2)/√(2π), at every entry.",
        python=("stats.norm.pdf",),
        elsewhere=("phi_normal", "npdf"),
        code=Code(torch="torch.exp(-({0}**2) / 2) / (2 * torch.pi)**0.5"),
        derived="-x*normpdf(x)",
    ),
    function(
        "normcdf",
        lambda x: elementwise("normpdf", x),
        special("ndtr"),
        facts=Facts(range="positive", between=(0, 1), holomorphic=True, at={ZERO: HALF}),
        slips=Slips(slope="normpdf"),
        source=f"{ABRAMOWITZ}.2: the integral of the density",
        doc="The distribution function of the standard normal distribution at every entry.",
        formulas=(Written(("special.log_ndtr",), "x", "log(normcdf(x))"),),
        python=("special.ndtr", "stats.norm.cdf"),
        elsewhere=("ndtr", "pnorm", "ncdf"),
        code=of_special("ndtr"),
        derived="normpdf(x)",
    ),
    function(
        "norminv",
        _inverse_slope,
        special("ndtri"),
        domain="probability",
        facts=Facts(real_only=True, at={HALF: ZERO}),
        rules=Rules(simplified=_inverse_of),
        identities=(
            Identity("the inverse of the distribution function", "norminv(normcdf(t))", "t", source=ABRAMOWITZ),
        ),
        source="the derivative of an inverse function: 1/φ at the value",
        doc="The inverse of the standard normal distribution function (its quantiles, the probit) of every entry.",
        python=("special.ndtri", "stats.norm.ppf"),
        elsewhere=("probit", "ndtri", "qnorm", "ppf"),
        code=of_special("ndtri"),
        derived="1/normpdf(norminv(x))",
    ),
    function(
        "erf",
        _erf_slope,
        special("erf"),
        facts=Facts(mirror="odd", between=(-1, 1), holomorphic=True, at={ZERO: ZERO}),
        source="Abramowitz & Stegun 7.1.19",
        doc="The error function 2/√π ∫₀ˣ exp(-t²) dt of every entry.",
        python=("erf", "special.erf"),
        code=of_special("erf"),
        shown='>>> fr.erf(fr.vector("x", "n")).evaluate(x=[0, 1]).round(4).tolist()\n[0.0, 0.8427]',
    ),
    function(
        "erfc",
        _erfc_slope,
        special("erfc"),
        facts=Facts(holomorphic=True, range="positive", between=(0, 2), at={ZERO: U}),
        source="Abramowitz & Stegun 7.1.19",
        doc="The complementary error function 1 - erf(x) of every entry, accurate where erf(x) is close to 1.",
        python=("erfc", "special.erfc"),
        code=of_special("erfc"),
        derived="-2*exp(-x^2)/sqrt(pi)",
    ),
    function(
        "erfinv",
        _erfinv_slope,
        special("erfinv"),
        domain="unit",
        facts=Facts(mirror="odd", real_only=True, at={ZERO: ZERO}),
        rules=Rules(simplified=_erfinv_of),
        identities=(Identity("the inverse of a function", "erfinv(erf(t))", "t", source="its definition"),),
        source="the derivative of an inverse function",
        doc="The inverse of the error function, of every entry.",
        python=("erfinv", "special.erfinv"),
        code=of_special("erfinv"),
        derived="sqrt(pi)*exp(erfinv(x)^2)/2",
    ),
)
