"""What a mend may bring in: names and pieces of the problem and of its right answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from frechet.core.dim import Shape
from frechet.core.expr import Expr, count_nodes, postorder
from frechet.explain.claims.question import Question, names_in
from frechet.ops.elementwise.declared import DECLARED
from frechet.ops.expressions import apply

MOST, LARGEST = 28, 14


@final
@dataclass(frozen=True)
class Pieces:
    """Pieces by use.

    leaves      the variables
    factors     what may be missing as a factor: variables, inverses, functions of something, short pieces
    arguments   what stands inside an elementwise function in the problem
    terms       terms of the right answer
    outer       what a function of the problem leaves behind when it is differentiated: sign(u) of norm1(u)
    shifted     sums in the problem that a name may stand for: x - c for x
    maps        where the problem applies a linear map that has an adjoint
    shapes      those of the variable and the value
    upstream    the upstream gradient, where the claim lacks it and a mend may have it
    """

    leaves: tuple[Expr, ...]
    factors: tuple[Expr, ...]
    arguments: tuple[Expr, ...]
    terms: tuple[Expr, ...]
    outer: tuple[Expr, ...] = ()
    shifted: tuple[Expr, ...] = ()
    shapes: tuple[Shape, ...] = ()
    maps: tuple[Expr, ...] = ()
    upstream: Expr | None = None


FORMS = (
    "structured unconstrained",
    "structured free entries",
    "gradient",
    "derivative",
    "pullback",
    "hessian column",
    "jacobian numerator column",
    "vech gradient",
    "vech jacobian",
    "vech hessian",
)


def pieces_of(question: Question, upstream: bool) -> Pieces:
    """The pieces that the problem and its right answer offer."""
    roots = [question.original, *(question.forms[f] for f in FORMS if f in question.forms)]
    roots += list(question.quantities.values())
    special = {question.increment, question.direction} | (set[str]() if upstream else {question.upstream})
    nodes = [e for e in postorder(*roots) if not names_in(e) & special or names_in(e) <= {question.upstream}]
    leaves = tuple(dict.fromkeys(e for e in nodes if e.op.name == "variable" and _name(e) not in special))
    arguments = tuple(dict.fromkeys(e.args[0] for e in nodes if _function(e) and e.args[0].args))
    pieces = [e for e in nodes if e.args and count_nodes([e]) <= LARGEST and e.op.name not in ("transpose", "number")]
    inverses = [e for e in pieces if _function(e) or (e.op.facts.commutes and len(e.args) == 1)]
    others = sorted((e for e in pieces if e.shape), key=lambda e: count_nodes([e]))
    scalars = [e for e in pieces if not e.shape]
    factors = dict.fromkeys((*leaves, *inverses, *others, *scalars))
    terms = [t for e in roots[1:] for t in _terms(e)]
    outer = dict.fromkeys(o for e in postorder(question.original) for o in _outer(e))
    shifted = [e for e in postorder(question.original) if e.op.name in ("add", "sub") and count_nodes([e]) <= 5]
    return Pieces(
        leaves, tuple(factors)[:MOST], arguments[:8], tuple(dict.fromkeys(terms))[:12], tuple(outer)[:6],
        tuple(shifted)[:4], (question.wrt.shape, question.original.shape),
        tuple(dict.fromkeys(e for e in postorder(question.original) if e.op.slips.adjoint))[:4],
    )  # fmt: skip


def _outer(e: Expr) -> Iterable[Expr]:
    """The outer derivative of a node, where it is one factor."""
    known = e.op.slips
    if known.slope:
        yield apply(known.slope, e.args, e.params)
    elif known.left:
        yield apply(known.left, e.args)
    elif e.op is DECLARED:
        yield apply(e.op, e.args, (e.params[0], e.params[1] + 1))


def _name(e: Expr) -> str | None:
    return str(e.params[0]) if e.op.name == "variable" else None


def _function(e: Expr) -> bool:
    """A function of every entry, or one of a matrix that is no plain sum or product."""
    return len(e.args) == 1 and (e.op.elementwise or e.op.turned is not None) and e.op.name != "neg"


def _terms(root: Expr) -> Iterable[Expr]:
    """The terms of a sum."""
    stack = [root]
    while stack:
        e = stack.pop()
        if e.op.name in ("add", "sub", "neg"):
            stack.extend(e.args)
        else:
            yield e
