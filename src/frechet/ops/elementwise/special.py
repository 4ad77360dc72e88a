"""Special functions of every entry: the error function and gelu, the gamma function and its logarithmic derivatives."""

from __future__ import annotations

from fractions import Fraction
from math import exp
from typing import Any

from frechet.algebra import atoms
from frechet.algebra.atoms import HALF, U, number, value_of
from frechet.algebra.constructors import elementwise, hadamard, neg, plus, power
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.facts import Facts, Rules
from frechet.core.looks import Looks
from frechet.core.op import Params
from frechet.ops.elementwise.function import function, of_special, special

ZERO = Fraction(0)


def _gamma_of(x: Node) -> Node | None:
    """Γ(½) = √π."""
    return power(atoms.pi(), HALF) if value_of(x) == HALF else None


def _polygamma(xp: Any, params: Params, x: Any) -> Any:
    from scipy.special import polygamma  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    return xp.asarray(polygamma(int(params[0]), x))


def _d_polygamma(y: Node, dx: Node) -> Node:
    """ψ_k' = ψ_{k+1}."""
    return hadamard([(elementwise("polygamma", y.args[0], y.params[1] + 1), U), (dx, U)])


def _gelu_slope(x: Node) -> Node:
    """Φ(x) + x.*φ(x)."""
    return plus(elementwise("normcdf", x), hadamard([(x, U), (elementwise("normpdf", x), U)]))


def _gelu(xp: Any, params: Params, x: Any) -> Any:
    from scipy.special import ndtr  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    return x * ndtr(x)


def _lambertw(xp: Any, params: Params, x: Any) -> Any:
    """The principal branch; nan where that is not real."""
    from scipy.special import lambertw  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    found: Any = lambertw(x)
    return xp.where(x >= -exp(-1.0), xp.real(found), xp.nan)


def _lambertw_slope(x: Node) -> Node:
    """exp(-w)./(1+w) with w = W(x), of w.*exp(w) = x: it has a value at 0, where w./(x.*(1+w)) has none."""
    w = elementwise("lambertw", x)
    return hadamard([(elementwise("exp", neg(w)), U), (plus(w, number(1)), -U)])


POLE = "{no} 0 or a negative integer"
"""Where the gamma function and its relatives have no value."""

POLYGAMMA = function(
    "polygamma",
    value=_polygamma,
    differential=_d_polygamma,
    domain="positive",
    caution=POLE,
    source="Abramowitz & Stegun 6.4.1",
    example="polygamma(1,x)",
    doc="The k-th derivative of digamma.",
    python=("special.polygamma", "polygamma"),
    call="kx",
    looks=Looks(latex=r"\psi^{{({})}}"),
    facts=Facts(real_only=True),
    code=Code(text="{special}.polygamma({p0}, {0})", torch="torch.special.polygamma({p0}, {0})", cost=40),
    shown='>>> fr.derive(fr.polygamma(1, fr.scalar("x")), "x").derivative\npolygamma(2,x)',
)
GAMMA_TORCH = """
def gamma(x):
    \"\"\"Γ(x); below zero the sign changes at every whole number.\"\"\"
    size = torch.exp(torch.lgamma(x))
    return torch.where((x < 0) & (torch.floor(x) % 2 != 0), -size, size)
"""
LAMBERTW_TORCH = """
def lambertw(x):
    \"\"\"The w ≥ -1 with w*exp(w) = x, by Halley's steps; nan where there is none.\"\"\"
    p = torch.sqrt(2 * (2.718281828459045 * torch.clamp(x, max=0.5) + 1))
    w = torch.where(x < 0.5, -1 + p - p**2 / 3 + 11 * p**3 / 72, torch.log1p(torch.clamp(x, min=0.5)))
    for _ in range(6):
        off = w * torch.exp(w) - x
        w = torch.where(off == 0, w, w - off / (torch.exp(w) * (w + 1) - (w + 2) * off / (2 * w + 2)))
    return w
"""

SPECIAL = (
    function(
        "gamma",
        lambda x: hadamard([(elementwise("gamma", x), U), (elementwise("digamma", x), U)]),
        special("gamma"),
        domain="positive",
        caution=POLE,
        facts=Facts(holomorphic=True),
        rules=Rules(simplified=_gamma_of),
        source="Abramowitz & Stegun 6.3.1",
        doc="The gamma function of every entry.",
        python=("gamma", "special.gamma"),
        looks=Looks(unicode="Γ", latex=r"\Gamma"),
        code=Code(
            numpy="{special}.gamma({0})",
            jax="{special}.gamma({0})",
            torch="gamma({0})",
            torch_helpers=(GAMMA_TORCH,),
            cost=30,
        ),
        derived="digamma(x)*gamma(x)",
    ),
    function(
        "lgamma",
        lambda x: elementwise("digamma", x),
        special("gammaln"),
        domain="positive",
        caution=POLE,
        source="Abramowitz & Stegun 6.3.1",
        doc="The logarithm of |Γ(x)|.",
        python=("lgamma", "special.gammaln", "special.loggamma"),
        looks=Looks(latex=r"\log\Gamma"),
        facts=Facts(real_only=True),
        code=of_special("gammaln"),
        derived="digamma(x)",
    ),
    function(
        "digamma",
        lambda x: elementwise("polygamma", x, 1),
        special("digamma"),
        domain="positive",
        caution=POLE,
        facts=Facts(real_only=True, holomorphic=True),
        source="Abramowitz & Stegun 6.4.1",
        doc="ψ(x) = Γ'(x)/Γ(x), the derivative of lgamma.",
        python=("digamma", "special.digamma", "special.psi"),
        looks=Looks(unicode="ψ", latex=r"\psi"),
        code=of_special("digamma"),
        derived="polygamma(1,x)",
    ),
    POLYGAMMA,
    function(
        "gelu",
        _gelu_slope,
        _gelu,
        source="Hendrycks & Gimpel 2016, the exact form; the product rule",
        doc="x times the normal distribution function at x.",
        latex=("GELU",),
        facts=Facts(real_only=True),
        code=Code(torch="torch.nn.functional.gelu({0})"),
        shown='>>> fr.gelu(fr.vector("x", "n")).evaluate(x=[0, 1]).round(4).tolist()\n[0.0, 0.8413]',
    ),
    function(
        "lambertw",
        _lambertw_slope,
        _lambertw,
        facts=Facts(real_only=True, boundary="some", at={ZERO: ZERO}),
        source="Corless, Gonnet, Hare, Jeffrey & Knuth 1996, On the Lambert W function, (3.2)",
        doc="The w ≥ -1 with w*exp(w) = x, of every entry: the principal branch of the Lambert function.",
        caution="{entries} must lie above -1/e: at -1/e the slope of lambertw is infinite",
        needs="{entries} above -1/e",
        python=("special.lambertw",),
        elsewhere=("lambert", "productlog", "LambertW"),
        code=Code(torch="lambertw({0})", torch_helpers=(LAMBERTW_TORCH,)),
        derived="exp(-lambertw(x))/(1+lambertw(x))",
    ),
)
