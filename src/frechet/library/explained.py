"""The derivation, the ledger and the table of remainders of a derivative."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from frechet.errors import FrechetError
from frechet.explain.question import Question  # the package of that name, before the function below
from frechet.library.arguments import name_list
from frechet.library.words import check_convention

if TYPE_CHECKING:
    from frechet.explain.derivation.derivation import Derivation
    from frechet.explain.ledger.ledger import Ledger
    from frechet.explain.remainder import Remainder
    from frechet.library.answered import Answered
    from frechet.library.words import Explained, Layout, VecOrder


def question(d: Answered) -> Question:
    """What a derivation of a first derivative is asked: the problem by its one variable, with the answer's formulas."""
    if d.context.order != 1:
        raise FrechetError("unsupported", "a derivation by two variables at a time is not given: ask for one of them")
    return problem_of(d)


def problem_of(d: Answered) -> Question:
    """The problem by its one variable (of a pair the first), with the answer's own formulas, of either order."""
    from frechet.core import rewrite
    from frechet.library.reading import in_matrices, understood

    context, part = d.context, d.part()
    if context.at:
        raise FrechetError("unsupported", "a derivation leads to the derivative everywhere: explain it before d.at(…)")
    name = part.key.split(",")[0]
    problem = context.problem
    freed = {problem.quantities[n]: context.variables[n] for n in context.names if n not in problem.variables}
    typed = {n: rewrite.replace(e, freed) for n, e in problem.quantities.items() if n not in context.variables}
    value = context.original
    if "einsum" not in problem.text:
        value, typed = in_matrices(value, typed)
    symbols = context.symbols[name]
    return Question(
        problem.typed or problem.text,
        value,
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
        understood(problem),
    )


def explained(
    d: Answered, layout: Layout = "numerator", vec: VecOrder = "column", form: Explained | None = None
) -> Derivation:
    """The derivation of an answer."""
    check_convention(layout, vec)
    from frechet.explain.derivation.deriving import derivation, second_derivation

    if d.context.order == 2 and form in (None, "hessian"):
        return second_derivation(*second_questions(d, vec), vec)
    if form == "hessian":
        raise FrechetError("input", "the hessian is the second derivative: ask for it with order 2")
    return derivation(question(_first(d) if d.context.order == 2 else d), layout, vec, form)


def _first(d: Answered) -> Answered:
    """The first derivative of the same problem."""
    from frechet.library.setting import Setting
    from frechet.library.solving import finish

    context = d.context
    if len(d.parts) > 1 or context.several:
        raise FrechetError("unsupported", "a derivation is given for the second derivative by one variable at a time")
    setting = Setting(context.problem, [d.part().key], context.functions)
    return finish(setting, {d.part().key: setting.first(d.part().key)}, [d.part().key], False, 1)


def second_questions(d: Answered, vec: VecOrder) -> tuple[Question, Question]:
    """The question about the gradient, and that about the gradient's derivative, the Hessian its answer."""
    from frechet.calculus.structure import kind_of
    from frechet.explain.names import by_name, expanded
    from frechet.library.formula import Formula
    from frechet.library.solving import solve

    first = _first(d)
    asked = question(first)
    label = "gradient" if asked.x.shape else "derivative" if "derivative" in asked.forms else "gradient"
    gradient = by_name(asked.forms[label], expanded(first.definitions))
    again = solve(Formula(gradient), str(asked.x.params[0]), None, None, (), 1)
    hessian = d.part().exprs.get(f"hessian {vec}")
    if hessian is None:
        raise FrechetError("unsupported", f"there is no hessian to derive: {d.part().missing.get('hessian', '')}")
    second = question(again)
    where, own = expanded(second.where), expanded(d.definitions)
    if any(where.get(n, e) is not e for n, e in own.items()):
        hessian = by_name(hessian, own)  # a name for two things: the Hessian is written out
        own = {}
    name = next(x for x in ("g", "h", "g_") if x not in asked.taken and f"d{x}" not in asked.taken)
    forms = {**second.forms, f"jacobian numerator {vec}": hessian}
    if kind_of(asked.x) is not None:
        forms = {**second.forms}  # of dg itself; the Hessian need not be its matrix, only act alike
        free = d.part().exprs.get("vech hessian")
        if free is not None:
            forms["vech hessian"] = by_name(free, expanded(d.definitions)) if not own else free
    if not asked.x.shape:
        forms = {**second.forms, "derivative": hessian, "gradient": hessian}
    return asked, replace(second, name=name, forms=forms, where={**second.where, **{n: d.definitions[n] for n in own}})


def ledger(d: Answered, through: Sequence[str] | None = None) -> Ledger:
    """The ledger of an answer; of a second derivative that of its Hessian."""
    from frechet.explain.ledger.forms import conventions as of
    from frechet.explain.ledger.hessian import second_conventions

    if through is not None:
        through = name_list("the quantities of the chain (through)", through)
    if d.context.order == 1:
        return of(question(d), through)
    if through is not None:
        raise FrechetError("input", "a Hessian is no product along a chain: leave `through` out, or ask with order 1")
    last = d.part().key.split(",")[-1]
    symbols = d.context.symbols[last]
    return second_conventions(problem_of(d), d.context.variables[last], symbols.increment, symbols.direction)


def remainder_of(d: Answered, seed: int = 0) -> Remainder:
    """‖f(X+tD) - f(X) - t·df(D)‖/t for t = 1 … 1e-6, all variables of the answer moving together."""
    from frechet.explain.names import by_name, expanded
    from frechet.explain.remainder import remainder

    context = d.context
    exprs = [d.total] if d.total is not None else [p.exprs.get("differential") for p in d.parts.values()]
    if context.order != 1 or len(exprs) != 1 or exprs[0] is None:
        raise FrechetError("unsupported", "the remainder is that of a first derivative with a differential")
    linear = by_name(exprs[0], expanded(d.definitions))
    increments = {context.variables[n]: context.symbols[n].increment for n in d.parts}
    return remainder(context.original, increments, linear, context.problem.constraints, seed)
