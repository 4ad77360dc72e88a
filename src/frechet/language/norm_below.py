"""What stands below the bars of a norm: `‖x‖₁`, `‖A‖_op`, `‖x‖_p^p`, and before it the exponent in `‖X‖²_F`.

Behind the closing bars a `_` begins a subscript and never a name, as a product with a name like `_inf` is not written.
"""

from __future__ import annotations

import re
from typing import final

from lark import Token

from frechet.language.calls import norm_with
from frechet.language.names import LOWERED, SUBSCRIPTS

INFINITE = frozenset(("inf", "infty", "infinity", "oo", "∞"))
"""How the largest of all orders of a norm is spelled."""
_LOW = {**SUBSCRIPTS, **LOWERED}
_SUBSCRIPT = rf"_(?:[A-Za-z0-9]+(?:,[0-9]+)?|[*∞])|[{''.join(_LOW)}]+|∞"
_BELOW = re.compile(_SUBSCRIPT)
_ABOVE_FIRST = re.compile(rf"(?:(?P<caret>\^)(?P<power>[0-9]+|[a-z])|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]+))(?P<below>{_SUBSCRIPT})")
_ZERO = "it counts the entries that are not zero, and jumps: it has no derivative; its usual stand-in is norm1({x})"
_MIXED = (
    "the sum of the lengths of the columns is written sum(sqrt(sum({x}.^2,1))), of the rows sum(sqrt(sum({x}.^2,2)))"
)
_WITHOUT = {
    "0": _ZERO,
    "21": _MIXED,
    "2,1": _MIXED,
    "12": _MIXED,
    "1,2": _MIXED,
    "max": "the largest modulus is written max(abs({x}))",
    "tr": "the nuclear norm is written norm_nuclear({x})",
}
"""What is written instead of a norm that has no sign here."""


_OTHERWISE = re.compile(rf"(?:\|\||‖)(?:_(?![12F*](?!\w))|∞|(?:\^\w+?|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)(?:_|[{''.join(_LOW)}]))")


def otherwise_written(text: str) -> bool:
    """Whether a norm has below it what the formula language does not write so, or an exponent before it.

    >>> otherwise_written("‖x‖_2^2"), otherwise_written("‖x‖^2_2"), otherwise_written("‖x‖²")
    (False, True, False)
    """
    return _OTHERWISE.search(text) is not None


@final
class Closed:
    """The closing bars of a norm with what stands behind them: what is below, the tokens of its exponent, the end."""

    __slots__ = ("above", "below", "end")

    def __init__(self, below: str, above: list[Token], end: int) -> None:
        self.below, self.above, self.end = below, above, end


def _flat(below: str) -> str:
    return "".join(_LOW.get(c, c) for c in below.removeprefix("_"))


def behind_bars(text: str, position: int) -> Closed | None:
    """What stands below the bars that close before a place, whether an exponent comes first or not.

    >>> found = behind_bars("‖X‖^2_F", 3)
    >>> found.below, [str(t) for t in found.above], found.end
    ('F', ['^', '2'], 7)
    >>> behind_bars("‖x‖_inf*y", 3).below, behind_bars("‖x‖^2", 3)
    ('inf', None)
    """
    found = _BELOW.match(text, position)
    if found is not None:
        return Closed(_flat(found.group()), [], found.end())
    found = _ABOVE_FIRST.match(text, position)
    if found is None:
        return None
    if found["raised"]:
        above = [Token("SUPER", found["raised"], position, end_pos=found.end("raised"))]
    else:
        kind, start = "NUMBER" if found["power"].isdigit() else "NAME", found.start("power")
        above = [
            Token("CARET", "^", position, end_pos=start),
            Token(kind, found["power"], start, end_pos=found.end("power")),
        ]
    return Closed(_flat(found["below"]), above, found.end())


def order_below(below: str) -> str:
    """The order of a norm of a vector that is no operation of its own: a number from 3 on, p, q or inf; else "".

    >>> order_below("p"), order_below("oo"), order_below("3"), order_below("A"), order_below("0")
    ('p', 'inf', '3', '', '')
    """
    if below.lower() in INFINITE:
        return "inf"
    return below if below in tuple("pqr3456789") else ""


def is_norm(below: str) -> bool:
    """Whether there is a norm with this below its bars.

    >>> is_norm("op"), is_norm("inf"), is_norm("max")
    (True, True, False)
    """
    return norm_with(below) is not None or bool(order_below(below))


def no_norm(below: str, inside: str) -> str:
    """Why there is no such norm, and what to write.

    >>> no_norm("max", "A")
    'no norm is known with max below: the largest modulus is written max(abs(A))'
    """
    why = _WITHOUT.get(below, "")
    if not why and len(below) == 1 and below.isupper() and norm_with(below) is None:
        factor = inside if inside.isalnum() else f"({inside})"
        why = f"with a matrix {below} it is sqrt({factor}'*{below}*{factor})"
    why = why or "there are 1, 2, F, inf, p, * (nuclear) and op (spectral)"
    bare = inside if inside.isalnum() or "{x}." not in why else f"({inside})"
    return f"no norm is known with {below} below: {why.replace('{x}', bare)}"
