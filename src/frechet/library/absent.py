"""Why a derivative has no such form: the reason that the answer itself gives, or what the form is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from frechet.core.dim import show
from frechet.errors import FrechetError

if TYPE_CHECKING:
    from frechet.library.parts import Context, Part
    from frechet.library.words import Form

FIRST = ("derivative", "index", "tensor", "jacobian")
"""Forms of the first derivative alone."""


def absent(part: Part, context: Context, there: Sequence[str], form: Form) -> FrechetError:
    """The refusal for a form that is not there, with the reason; `there` are those that are.

    >>> import frechet as fr
    >>> d = fr.derive("A*B", wrt="B")
    >>> print(absent(d.part(), d.context, d.forms, "gradient"))
    there is no gradient here: the value is m×p, and a gradient is of a scalar; there are differential, pullback, index,
    tensor, jacobian
    """
    reason = part.missing.get(form)
    if reason is not None:
        return FrechetError("unsupported", f"there is no {form} here: {reason}")
    others = f"; there are {', '.join(there)}" if there else ""
    return FrechetError("input", f"there is no {form} here{_reason(part, context, form)}{others}")


def _reason(part: Part, context: Context, form: Form) -> str:
    name = part.key.split(",")[-1]
    value, x = context.original.shape, context.variables[name].shape
    if form == "hessian":
        return "" if context.order == 2 else ": the hessian is the second derivative, order=2"
    if context.order == 2 and form in FIRST:
        return f": the {form} is a form of the first derivative, order=1"
    if form == "gradient" and value:
        return f": the value is {show(value)}, and a gradient is of a scalar"
    if form == "derivative" and x:
        return f": {name} is {show(x)}, and this form is by a scalar"
    if form == "tensor" and not (value and x):
        return ": with a scalar on one side the derivative has the shape of the other"
    return ""
