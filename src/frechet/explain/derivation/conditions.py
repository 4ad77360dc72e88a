"""What a formula needs to have a derivative: what is inverted is invertible, what is under a logarithm is positive."""

from __future__ import annotations

from collections.abc import Mapping

from frechet.core.expr import Expr
from frechet.core.rewrite import replace
from frechet.explain.boundaries import boundaries, kept_within
from frechet.explain.derivation.inner import squared
from frechet.notation.ascii import text
from frechet.ops.expressions import variable

NEEDS: dict[str, str] = {
    "invertible": "{} invertible",
    "positive": "{} positive",
    "nonzero": "{} not zero",
    "unit": "{} between -1 and 1",
}
"""What a domain asks of an argument."""
LONG = 40
"""A part with more characters is called by its name."""


def conditions(value: Expr, names: Mapping[Expr, str]) -> list[str]:
    """The conditions on the parts of a value, as a list of facts; `names` are those of long parts.

    A norm is smooth in its square alone: the steps to any other power divide by it.

    >>> from frechet.language import parse
    >>> conditions(parse("logdet(X'*X) + sum(log(x))").value, {})
    ["X'*X invertible", 'every entry of x positive']
    """
    found: dict[str, None] = {}
    for e in boundaries(value, lambda use: squared(use) is not None):
        for a, domain in zip(e.args, e.op.domain, strict=False):
            if domain in NEEDS and not kept_within(a, domain):
                found[NEEDS[domain].format(_called(a, names, domain != "invertible" and e.op.elementwise))] = None
        if e.op.needs:
            x, y = (_called(a, names, False) for a in (e.args[0], e.args[-1]))
            found[e.op.needs.format(x=x, y=y, entries=_called(e.args[0], names, True))] = None
        if e.op.name == "power" and e.args[0].shape and e.args[1].op.name == "number" and e.args[1].params[0] < 0:
            found[f"{_called(e.args[0], names, False)} invertible"] = None
    return list(found)


def _called(a: Expr, names: Mapping[Expr, str], entries: bool) -> str:
    shown = text(replace(a, {}, {e: variable(n, e.shape) for e, n in names.items() if e is not a}))
    if len(shown) > LONG and a in names:
        shown = names[a]
    return f"every entry of {shown}" if entries and a.shape else shown
