"""What a formula needs to have a derivative: what is inverted is invertible, what is under a logarithm is positive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from frechet.algebra.plainest import Word, plainest
from frechet.core.expr import Expr
from frechet.core.rewrite import replace
from frechet.explain.boundaries import boundaries, demands, derivatives, kept_within
from frechet.explain.derivation.inner import squared
from frechet.explain.spelled import Spelled
from frechet.notation.ascii import text
from frechet.ops.expressions import variable
from frechet.ops.normalise import node_of

NEEDS: dict[str, str] = {
    "invertible": "{} invertible",
    "positive": "{} positive",
    "nonzero": "{} not zero",
    "apart": "{} not zero",
    "unit": "{} between -1 and 1",
    "probability": "{} between 0 and 1",
    "full column rank": "{} of full column rank",
}
"""What is asked of an argument, said of the plainest parts that it hangs on."""
EACH = ("positive", "nonzero", "unit", "probability")
"""What is asked of every entry."""
LONG = 40
"""A part with more characters is called by its name."""


def conditions(value: Expr, names: Mapping[Expr, str]) -> list[str]:
    """The conditions on the parts of a value, as a list of facts; `names` are those of long parts.

    A norm is smooth in its square alone: the steps to any other power divide by it.

    >>> from frechet.language import parse
    >>> conditions(parse("logdet(X'*X) + sum(log(x))").value, {})
    ["X'*X invertible", 'every entry of x positive']
    >>> conditions(parse("norm2(x)^2/(2*s^2) + log(s^2)").value, {})
    ['s not zero']
    """
    found: dict[str, None] = {}
    spelled = Spelled(value)
    for e in boundaries(value, lambda use: squared(use) is not None):
        if derivatives(e):
            continue
        for a, word in demands(e):
            for node, plain in plainest(node_of(a), cast("Word", word)) if not kept_within(a, word) else ():
                part = spelled.of(node, a)
                found[NEEDS[plain].format(_called(part, names, plain in EACH))] = None
        if e.op.needs:
            x, y = (_called(a, names, False) for a in (e.args[0], e.args[-1]))
            found[e.op.needs.format(x=x, y=y, entries=_called(e.args[0], names, True))] = None
    return list(found)


def _called(a: Expr, names: Mapping[Expr, str], entries: bool) -> str:
    shown = text(replace(a, {}, {e: variable(n, e.shape) for e, n in names.items() if e is not a}))
    if len(shown) > LONG and a in names:
        shown = names[a]
    return f"every entry of {shown}" if entries and a.shape else shown
