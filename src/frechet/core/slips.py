"""The mistakes that people make with an operation: a search for what a wrong claim was meant to be undoes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Slips:
    """What people write, or forget, where an operation f belongs or its derivative.

    slope       f' where it is one function of the same argument, by its name, with the same parameters (cos of sin):
                people write f for f', and forget f' as a factor
    derivative  f' by a formula in the argument x and the value y, where it is none by one name: ``"y.*(1-y)"``
    left        what f leaves in its derivative beside other factors, applied to the same argument: inv of det
    sign        the sign of the argument is easily lost: f(x) for f(-x)
    square      the square of the value is easily lost
    adjoint     of a linear map its adjoint, a formula in `letters` but the last, and G: people leave it out, or write f
    letters     what the formula `adjoint` calls the arguments of f
    labels      beside it a constant may be a label or a probability, and is meant to sum to one

    >>> from frechet.ops import RECORDS
    >>> RECORDS["sin"].slips.slope, RECORDS["sigmoid"].slips.derivative, RECORDS["logdet"].slips.left
    ('cos', 'y.*(1-y)', 'inv')
    """

    slope: str = ""
    derivative: str = ""
    left: str = ""
    sign: bool = False
    square: bool = False
    adjoint: str = ""
    letters: tuple[str, ...] = ()
    labels: bool = False


NO_SLIPS = Slips()
"""The slips with an operation with which none are known."""
