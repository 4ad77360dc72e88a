"""How a text was read: the formula as it was understood and each assumption, for what is not the formula language."""

from __future__ import annotations

from typing import Any

from frechet.core.expr import Expr, postorder
from frechet.language import Problem
from frechet.notation.ascii import text
from frechet.notation.naming import statements
from frechet.notation.write import Writer
from frechet.ops.normalise import node_of


def understood(problem: Problem) -> dict[str, Any] | None:
    r"""The reading as plain data; None where the text is literally the formula language.

    >>> from frechet.language import parse
    >>> understood(parse(r"\sum_i (y_i - w^T x_i)^2"))["formula"], understood(parse("A*B"))
    ('norm2(x*w-y)^2', None)
    """
    if problem.language == "frechet":
        return None
    return {"language": problem.language, "formula": formula(problem), "assumed": list(problem.assumed)}


def formula(problem: Problem) -> str:
    """The statements of a problem, in the formula language."""
    quantities = {name: e for name, e in problem.quantities.items() if e is not problem.value}
    lines = statements(problem.value, quantities, lambda e: text(shown(e)))
    if problem.name:
        lines[-1] = f"{problem.name} = {lines[-1]}"
    return "; ".join(lines)


def shown(e: Expr) -> Expr:
    """A formula as it is shown: what came from a formula in index form as the matrix formula it is."""
    if any(part.op.name == "einsum" for part in postorder(e)):
        return Writer().write(node_of(e))
    return e
