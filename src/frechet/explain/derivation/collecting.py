"""A scalar line collected: the sum of its terms as ⟨g, dX⟩, numbers in front and the increment at the end."""

from __future__ import annotations

from collections.abc import Sequence

from frechet.algebra import constructors as b
from frechet.algebra.node import Node
from frechet.calculus.adjoint import cotangents
from frechet.core.expr import Expr, postorder
from frechet.explain.derivation.draft import Draft
from frechet.explain.derivation.spelling import in_front
from frechet.explain.derivation.terms import Term, grouped, total
from frechet.notation.ascii import text
from frechet.notation.tidy import tidy
from frechet.ops.expressions import apply, number
from frechet.ops.normalise import node_of

STRANGE = 20
"""As many signs count for an identity matrix that only the writing brings in."""


def collected_line(draft: Draft, line: Expr, parts: Sequence[Term]) -> Expr | None:
    """The line as ⟨g, dX⟩: a number in front and the increment at the end, written as short as may be."""
    dx = node_of(draft.dx)
    pieces = [(cotangents(node_of(e), b.number(1), [dx]).get(dx), sign) for sign, e in parts]
    given = [(g, sign) for g, sign in pieces if g is not None]
    if not given or any(len(g.shape) != 2 for g, _ in given):
        return None
    whole = b.add(given)
    options = dict.fromkeys([tidy(whole, draft.writer), whole])
    return min((_paired(draft, g) for g in options), key=lambda e: _strangeness(e, line))


def _strangeness(collected: Expr, line: Expr) -> int:
    """The length of a line, an identity that was not there before counting as many signs."""
    here, before = (sum(e.op.name == "eye" for e in postorder(x)) for x in (collected, line))
    return len(text(collected)) + STRANGE * max(0, here - before)


def _paired(draft: Draft, g: Node) -> Expr:
    """A number times ⟨g, dX⟩, scalars in front."""
    coefficient, scalars, _ = b.parts(g)
    if coefficient == 0 or draft.x.shape == ():
        return number(0)
    rest, front = b.scale(1 / coefficient, g), b.number(1)
    for s, k in scalars:
        rest, front = b.mul(rest, b.power(s, -k)), b.mul(front, b.power(s, k))
    paired = _closed(draft.writer.write(b.T(rest)), draft.dx)
    outside = draft.writer.write(front)
    whole = in_front(1 if coefficient > 0 else -1, _times(number(abs(coefficient)), _times(outside, paired)))
    return draft.called(total([whole]))


def _times(factor: Expr, e: Expr) -> Expr:
    """A scalar times a line; a fraction's divisor goes below the line."""
    if factor.op.name == "number" and factor.params[0] == 1:
        return e
    if factor.op.name == "divide":
        above, below = factor.args
        return apply("divide", (_times(above, e), below))
    if e.op.name == "divide":
        return apply("divide", (_times(factor, e.args[0]), e.args[1]))
    factors: list[Expr] = []
    while e.op.name == "mul":
        factors.append(e.args[1])
        e = e.args[0]
    whole = apply("mul", (factor, e))
    for f in reversed(factors):
        whole = apply("mul", (whole, f))
    return whole


def _closed(rest: Expr, dx: Expr) -> Expr:
    """rest*dx as a number: under a trace for a matrix."""
    if len(dx.shape) == 2 and dx.shape[0] == 1 and rest.shape:
        return grouped(dx, rest) or apply("mul", (dx, rest))
    product = apply("mul", (rest, dx))
    return apply("tr", (product,)) if len(dx.shape) == 2 and rest.shape else product
