"""Names in a formula, replaced by what they stand for."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from frechet.core.expr import Expr, postorder
from frechet.core.rewrite import replace


def expanded(where: Mapping[str, Expr], keep: Collection[str] = ()) -> dict[str, Expr]:
    """Names in an order in which they can be evaluated, each with its formula in the variables (and `keep`) alone."""
    done: dict[str, Expr] = {}
    for name, e in where.items():
        done[name] = by_name(e, done, keep)
    return done


def by_name(e: Expr, formulas: Mapping[str, Expr], keep: Collection[str] = ()) -> Expr:
    """Every variable whose name is in `formulas` (and not in `keep`) replaced by its formula."""
    found: dict[Expr, Expr] = {}
    for v in postorder(e):
        name = str(v.params[0]) if v.op.name == "variable" else ""
        if name in formulas and name not in keep and formulas[name].shape == v.shape:
            found[v] = formulas[name]
    return replace(e, found) if found else e
