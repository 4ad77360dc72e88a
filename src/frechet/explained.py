"""From an answer to its derivation: the question that the explanation is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frechet.core.rewrite import replace
from frechet.errors import FrechetError
from frechet.explain.question import Question

if TYPE_CHECKING:
    from frechet.derivative import Derivative
    from frechet.explain.steps import Derivation


def question(d: Derivative) -> Question:
    """What is asked: the problem by its one variable, with the answer's own formulas."""
    context, part = d.context, d.part()
    if context.order != 1:
        raise FrechetError(
            "unsupported", "a derivation is given for a first derivative; the Hessian is that of the gradient"
        )
    name = part.key
    problem = context.problem
    freed = {problem.quantities[n]: context.variables[n] for n in context.names if n not in problem.variables}
    typed = {n: replace(e, freed) for n, e in problem.quantities.items() if n not in context.variables}
    symbols = context.symbols[name]
    return Question(
        problem.text,
        context.original,
        problem.name,
        context.variables[name],
        symbols.increment,
        symbols.upstream,
        context.variables,
        typed,
        part.exprs,
        d.definitions,
        part.missing,
        frozenset(problem.variables) | context.sizes | frozenset(context.functions),
        problem.constraints,
        part.value_indices,
        part.wrt_indices,
    )


def explained(d: Derivative, layout: str = "numerator", vec: str = "column", form: str | None = None) -> Derivation:
    """The derivation of an answer."""
    from frechet.explain.derivation import derivation

    return derivation(question(d), layout, vec, form)
