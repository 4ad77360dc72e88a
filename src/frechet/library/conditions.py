"""Where a derivative does not hold: said of the expression, in the words of its operations' records."""

from __future__ import annotations

from collections.abc import Collection

from frechet.algebra.definite import positive
from frechet.core.expr import Expr
from frechet.explain.boundaries import boundaries, kept_within
from frechet.explain.derivation.terms import active
from frechet.notation.ascii import text
from frechet.notation.naming import written_size
from frechet.ops.normalise import node_of

LONGEST = 24
"""Arguments of more signs are not written out in a condition."""
MOST = 12
"""Conditions beyond this number are not listed."""


def conditions(root: Expr, variables: Collection[Expr]) -> list[str]:
    """What must hold at a point for the derivative by these variables, one sentence each.

    >>> from frechet.ops.expressions import apply, variable
    >>> x = variable("x", ("n",))
    >>> conditions(apply("sum", (apply("relu", (x,)),), (None,)), [x])
    ['where an entry of x is 0, relu has no derivative; the formula takes 0 there (step(0) = 0)']
    """
    moving = active(root, variables)
    found: dict[str, None] = {}
    for e in boundaries(root, _even):
        if e.op.caution and e in moving and not _granted(e):
            shown = [text(a) if written_size(a) <= LONGEST else f"the argument of {e.op.name}" for a in e.args]
            found[e.op.caution.format(x=shown[0], y=shown[-1])] = None
    return list(found)[:MOST]


def _granted(e: Expr) -> bool:
    """Whether the arguments are known to lie where they must; what is told of an operation from outside is always said.

    A positive definite matrix is invertible, an exponential is positive.
    """
    asked = [(a, domain) for a, domain in zip(e.args, e.op.domain, strict=False) if domain != "any"]
    return bool(asked) and not e.op.outside and all(_kept(a, domain) for a, domain in asked)


def _kept(a: Expr, domain: str) -> bool:
    """Whether an argument lies where it must, as far as the algebra can prove it."""
    return kept_within(a, domain) or (domain == "positive" and positive(node_of(a)))


def _even(use: Expr) -> bool:
    """Whether it is an even power: ‖x‖² is smooth."""
    return use.op.name == "power" and use.args[1].op.name == "number" and use.args[1].params[0] % 2 == 0
