"""``frechet.explain`` and ``frechet.conventions``: the derivation and the ledger of a derivative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from frechet.errors import FrechetError
from frechet.explain.question import Question  # the package of that name, before the function below

if TYPE_CHECKING:
    from frechet.core.dim import Dim
    from frechet.derivative import Derivative
    from frechet.explain.derivation.steps import Derivation
    from frechet.explain.ledger.ledger import Ledger
    from frechet.explain.remainder import Remainder
    from frechet.formula import Formula


def question(d: Derivative) -> Question:
    """What is asked: the problem by its one variable, with the answer's own formulas."""
    from frechet.core.rewrite import replace

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
    from frechet.explain.derivation.road import derivation

    return derivation(question(d), layout, vec, form)


def ledger(d: Derivative, through: Sequence[str] | None = None) -> Ledger:
    """The ledger of an answer."""
    from frechet.explain.ledger.forms import conventions as of

    return of(question(d), through)


def remainder_of(d: Derivative, seed: int = 0) -> Remainder:
    """‖f(X+tD) - f(X) - t·df(D)‖/t for t = 1 … 1e-6, all variables of the answer moving together."""
    from frechet.explain.derivation.draft import by_name, expanded
    from frechet.explain.remainder import remainder

    context = d.context
    if context.order != 1 or d.differential is None:
        raise FrechetError("unsupported", "the remainder is that of a first derivative with a differential")
    linear = by_name(d.differential.expr, expanded(d.definitions))
    increments = {context.variables[n]: context.symbols[n].increment for n in d.parts}
    return remainder(context.original, increments, linear, context.problem.constraints, seed)


def explain(
    expression: Formula | str,
    wrt: Formula | str | None = None,
    *,
    shapes: Mapping[str, Sequence[int | str | Dim]] | None = None,
    assumptions: Mapping[str, Sequence[str]] | None = None,
    functions: Sequence[str] = (),
    layout: str = "numerator",
    vec: str = "column",
    form: str | None = None,
) -> Derivation:
    """Why the derivative is what it is, step by step; every line is checked numerically before it is shown.

    `form` asks for one form ("gradient", "derivative", "pullback", "jacobian", "differential"); unasked it is the
    gradient of a scalar, and of an array the pullback and then the Jacobian in this layout and vec order.

    >>> for step in explain("tr(A*X*B)", "X").steps:
    ...     print(step.title, "|", step.after.plain())
    The trace is linear; the product rule, other factors constant | df = tr(A*dX*B)
    Collect dX | df = tr(B*A*dX)
    Read off: df = ⟨G, dX⟩ = tr(G'*dX) | ∂f/∂X = A'*B'
    """
    from frechet.derive import derive

    found = derive(expression, wrt, shapes=shapes, assumptions=assumptions, functions=functions)
    return explained(found, layout, vec, form)


def conventions(
    expression: Formula | str,
    wrt: Formula | str | None = None,
    *,
    shapes: Mapping[str, Sequence[int | str | Dim]] | None = None,
    assumptions: Mapping[str, Sequence[str]] | None = None,
    functions: Sequence[str] = (),
    through: Sequence[str] | None = None,
) -> Ledger:
    """Every form of a derivative in one table: its size, who uses it, how it is made; and the chain rule in each order.

    `through` names the quantities of the chain (unasked: all that the variable passes through).

    >>> for row in conventions("A*B", "B").rows:
    ...     print(row.name, row.vec or "-", row.formula and str(row.shape))
    differential - (m, p)
    pullback - (n, p)
    index - (m, p, n, p)
    tensor - (m, p, n, p)
    numerator column (m*p, n*p)
    numerator row (m*p, n*p)
    denominator column (n*p, m*p)
    denominator row (n*p, m*p)
    """
    from frechet.derive import derive

    return ledger(derive(expression, wrt, shapes=shapes, assumptions=assumptions, functions=functions), through)
