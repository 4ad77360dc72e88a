"""From a problem to its derivative in every form.

This is the main road through the house: read the problem, compute each variable's forms, name repeated parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace as replaced
from typing import cast

from frechet.calculus.forms import Forms
from frechet.core.dim import Dim
from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.language import Problem
from frechet.language.calls import NUMBERS
from frechet.language.error_places import visible
from frechet.language.input_text import as_typed, spelled
from frechet.library.answered import Answered
from frechet.library.arguments import kind, name_list
from frechet.library.formula import Formula
from frechet.library.parts import Context, Part, used_names
from frechet.library.problems import Anything, read_problem
from frechet.library.reusing import reuse_names
from frechet.library.setting import Setting
from frechet.library.shortening import name_products
from frechet.library.words import Assumptions, Language, Like, Order, Shapes
from frechet.notation.ascii import text
from frechet.notation.naming import SHORT, bound_names, name_parts, statements, steps, written_size
from frechet.notation.occurrences import repeats
from frechet.notation.signs import added
from frechet.notation.tidy import tidy

LONG = 120
"""An expression of more signs is differentiated step by step, each step with a name."""
DEGREE = 16
"""The highest power of sizes that the size of an array may be."""
ASIDE = ("index", "tensor")
"""Forms that stand beside the formula itself: what repeats only in them is not named in the others."""


def solve(
    expression: Anything,
    wrt: Formula | str | Sequence[Formula | str] | None,
    shapes: Shapes | None,
    assumptions: Assumptions | None,
    functions: Sequence[str],
    order: Order,
    language: Language = "auto",
    like: Like | None = None,
) -> Answered:
    """The derivative, not yet checked."""
    if type(order) is not int or order not in (1, 2):
        raise FrechetError("input", f"order is 1 or 2; got {kind(order)}")
    _check_wrt(wrt)
    functions = name_list("functions", functions)
    functions = [*functions, *(f for f in declared_functions(expression) if f not in functions)]
    problem = _problem(expression, shapes, assumptions, functions, language, wrt, like)
    functions = [*functions, *problem.functions]
    _check_degrees(problem.value)
    if not wrt and problem.wrt:
        wrt = problem.wrt[0] if len(problem.wrt) == 1 else problem.wrt
    several = wrt is None or not isinstance(wrt, (str, Formula))
    names = _names(wrt, problem)
    if problem.constraints:
        return _held(problem, lambda: answered(problem, names, functions, order, several))
    return answered(problem, names, functions, order, several)


def _check_wrt(wrt: object) -> None:
    """Refuse what is no name and no list of names; an expression is not differentiated by."""
    asked = cast("list[object]", list(wrt)) if isinstance(wrt, (list, tuple)) else [wrt]  # pyright: ignore
    for one in asked:
        if isinstance(one, Dim):
            raise FrechetError("name", f"{one} is a size, a whole number: there is no derivative by it")
        if isinstance(one, Formula) and one.expr.op.name != "variable":
            raise FrechetError("name", f"{str(one)[:60]} is no variable: differentiate by one, or give it a name first")
        if one is not None and not isinstance(one, (str, Formula)):
            raise FrechetError("input", f"wrt is a name or a list of names; got {kind(one)}")
    if isinstance(wrt, (list, tuple)) and None in asked:
        raise FrechetError("input", "wrt is a name or a list of names; got None in it")


def _held(problem: Problem, answer: Callable[[], Answered]) -> Answered:
    """An answer whose sizes must satisfy equations that could not be solved: a misfit is theirs, and is said so."""
    try:
        return answer()
    except FrechetError as trouble:
        if trouble.kind != "shape":
            raise
        equations = ", ".join(f"{left} = {right}" for left, right in problem.constraints)
        raise FrechetError(
            "unsupported", f"the sizes must satisfy {equations}: say which they are, with declared shapes"
        ) from trouble


def answered(problem: Problem, names: list[str], functions: Sequence[str], order: Order, several: bool) -> Answered:
    """The derivative of a problem that has been read, not yet checked."""
    setting = Setting(problem, names, tuple(functions))
    if order == 2:
        pairs = [(x, y) for x in names for y in names] if several else [(names[0], names[0])]
        parts = {f"{x},{y}" if several else x: setting.second(x, y) for x, y in pairs}
    else:
        parts = {x: setting.first(x) for x in names}
    return finish(setting, parts, names, several, order)


def _problem(
    expression: Anything,
    shapes: Shapes | None,
    assumptions: Assumptions | None,
    functions: Sequence[str],
    language: Language,
    wrt: Formula | str | Sequence[Formula | str] | None,
    like: Like | None,
) -> Problem:
    """The problem as read, a long one as a chain of steps."""
    asked = [wrt] if isinstance(wrt, (str, Formula)) else wrt if isinstance(wrt, (list, tuple)) else []
    names = [str(name) for name in asked]
    problem = read_problem(expression, shapes, assumptions, functions, language, names, like)
    if problem.quantities or written_size(problem.value) <= LONG:
        return problem
    quantities = _steps(problem.value, problem.variables, [*functions, *problem.functions])
    if not isinstance(expression, Formula):
        return replaced(problem, quantities=quantities)
    return replaced(problem, quantities=quantities, text="; ".join(statements(problem.value, quantities, text)))


def declared_functions(expression: Anything) -> list[str]:
    """The unspecified functions in a formula that was built; a text says nothing of them."""
    if not isinstance(expression, Formula):
        return []
    found = (str(e.params[0]) for e in postorder(expression.expr) if e.op.name == "declared")
    return list(dict.fromkeys(found))


def _steps(root: Expr, variables: Mapping[str, Expr], functions: Sequence[str]) -> dict[str, Expr]:
    """A long expression as a chain of named steps: then its derivative is one too."""
    sizes = {name for e in variables.values() for d in e.shape for name in d.names}
    return steps(root, frozenset(variables) | frozenset(functions) | sizes, SHORT)


def _check_degrees(value: Expr) -> None:
    """Refuse arrays whose sizes are powers that nobody could write out, as of a tower of Kronecker products."""
    for shape in dict.fromkeys(e.shape for e in postorder(value)):
        for size in shape:
            if any(sum(power for _, power in monomial) > DEGREE for monomial, _ in size.terms):
                raise FrechetError("limit", f"an array in the expression has a size of degree above {DEGREE}, {size}")


def _names(wrt: Formula | str | Sequence[Formula | str] | None, problem: Problem) -> list[str]:
    """The variables to differentiate by: those asked for, else all that the value depends on and may move."""
    within = {str(e.params[0]): e for e in postorder(problem.value) if e.op.name == "variable"}
    if wrt is None or (not isinstance(wrt, (str, Formula)) and not wrt):
        names = [n for n, e in problem.variables.items() if n in within and "constant" not in e.params[1]]
        if not names:
            raise FrechetError("name", "there is no variable to differentiate by")
        return names
    asked = [wrt] if isinstance(wrt, (str, Formula)) else list(wrt)
    names: list[str] = []
    for w in asked:
        name = spelled(str(w), [*problem.variables, *problem.quantities])
        _occurs(name, problem)
        if isinstance(w, Formula) and problem.variables.get(name, w.expr) is not w.expr:
            raise FrechetError(
                "name", f"{name} is another variable in the expression: of different shape or assumptions"
            )
        if name in problem.variables and "constant" in problem.variables[name].params[1]:
            raise FrechetError("name", f"{name} is declared constant")
        if name not in names:
            names.append(name)
    return names


def _occurs(name: str, problem: Problem) -> None:
    """Refuse a name that is no variable of the problem and no quantity on the way to its value."""
    within = [*problem.variables, *(q for q, e in problem.quantities.items() if e is not problem.value)]
    if name in within:
        return
    known = as_typed(within, problem.typed or problem.text)
    if not name:
        raise FrechetError("name", "the variable to differentiate by has no name")
    member = next((clause for clause in problem.assumed if clause.startswith(f"{name} is ")), None)
    if member is not None:
        raise FrechetError("name", f"{member}: differentiate by all of it")
    if name == problem.name:
        raise FrechetError("name", f"{name} is the value itself: differentiate by one of {', '.join(known) or 'none'}")
    if name in NUMBERS:
        raise FrechetError("name", f"{name} is the number here: declare its shape where it is a variable")
    if any(name in d.names for e in problem.variables.values() for d in e.shape):
        raise FrechetError("name", f"{name} is a size, a whole number: there is no derivative by it")
    there = ", ".join(known) or "none"
    raise FrechetError("name", f"{visible(name)[:60]} does not occur in the expression; there are: {there}")


def finish(setting: Setting, parts: Mapping[str, Forms], names: Sequence[str], several: bool, order: Order) -> Answered:
    """Name what repeats, and put the answer together."""
    where = dict(setting.definitions)
    for name, node in setting.chain.named.items():
        where[name] = setting.writer.write(tidy(node, setting.writer))
    made = {key: Part.of(key, forms) for key, forms in parts.items()}
    if order == 1:
        reuse_names(setting, made, where)
    new = name_products(setting, made, where)
    total = _total(made) if several and order == 1 else None
    every: dict[str, Expr] = {}
    for key, part in made.items():
        every.update({f"{key} {label}": e for label, e in part.exprs.items()})
    if total is not None:
        every["total"] = total
    used = used_names(every.values(), where) | {*new}
    where = {k: e for k, e in where.items() if k in used}
    indices = bound_names(every.values()).union(*(part.indices for part in made.values()))
    aside = [label for label in every if label.partition(" ")[2].startswith(ASIDE) or label.endswith("free entries")]
    twice = any(map(repeats, every.values()))
    named = name_parts(
        every, where, setting.taken | frozenset(where) | indices, aside, setting.known() if twice else (), new
    )
    for key, part in made.items():
        part.exprs = {label: named.forms[f"{key} {label}"] for label in part.exprs}
    context = Context(
        setting.problem,
        setting.original,
        setting.variables,
        setting.functions,
        setting.sizes,
        setting.symbols,
        tuple(names),
        several,
        order,
    )
    return Answered(context, made, named.where, named.forms.get("total"))


def _total(parts: Mapping[str, Part]) -> Expr | None:
    """The total differential: the sum of the partial ones."""
    terms = [p.exprs["differential"] for p in parts.values() if "differential" in p.exprs]
    if len(terms) < len(parts):
        return None
    return added(terms)
