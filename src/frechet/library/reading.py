"""How a text was read: the formula as it was understood and each assumption, for what is not the formula language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frechet.core.expr import Expr
from frechet.core.rewrite import replace
from frechet.language import Problem
from frechet.notation.ascii import text
from frechet.notation.matrices import shown
from frechet.notation.naming import statements
from frechet.ops.expressions import variable


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


def stated(problem: Problem, value: Expr) -> dict[str, Expr]:
    """The statements of a problem by name, each in terms of earlier names; the value last, "" where it has none."""
    named = {name: e for name, e in problem.quantities.items() if e is not problem.value}
    stands: dict[Expr, Expr] = {}
    out: dict[str, Expr] = {}
    for name, e in named.items():
        out[name] = shown(replace(e, {}, dict(stands)))
        stands[e] = variable(name, e.shape)
    out[problem.name or ""] = shown(replace(value, {}, dict(stands)))
    return out


def in_matrices(value: Expr, quantities: Mapping[str, Expr]) -> tuple[Expr, dict[str, Expr]]:
    """A value and the named parts of it (over variables alone), those in index form as matrix formulas.

    >>> from frechet.language import parse
    >>> problem = parse("sum(i: x[i]^2)")
    >>> print(text(in_matrices(problem.value, {})[0]))
    x'*x
    """
    stands: dict[Expr, Expr] = {}
    back: dict[Expr, Expr] = {}
    written: dict[str, Expr] = {}
    for name, e in quantities.items():
        written[name] = replace(shown(replace(e, {}, dict(stands))), back)
        if e.args and e is not value:
            stand = variable(name, e.shape)
            stands[e], back[stand] = stand, written[name]
    return replace(shown(replace(value, {}, dict(stands))), back), written
