"""A claim about a derivative: what is asked about it, with an answer or without one, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from frechet.errors import FrechetError
from frechet.library.arguments import by_name, kind
from frechet.library.formula import Formula, formula_text

if TYPE_CHECKING:
    from frechet.core.expr import Expr
    from frechet.explain.claims.question import Question
    from frechet.explain.claims.verdict import Verdict
    from frechet.explain.plain import Answer
    from frechet.language import Problem
    from frechet.library.answered import Answered
    from frechet.library.words import Assumptions, Language, Order, Shapes

SAY_WHICH = "a claim is about one variable: say which (wrt)"
TRIALS = 4
"""Points at which the right answer is verified before a claim is held against it."""


def check_derivative(d: Answered, claim: Formula | str, upstream: Mapping[str, str] | None = None) -> Verdict:
    """The verdict on a claim about a derivative that is there."""
    claimed = formula_text("a claim", claim)
    if d.context.several and len(d.parts) > 1:
        raise FrechetError("input", SAY_WHICH)
    from frechet.library.checking import verify

    if d.outcome is None:
        verify(d, TRIALS)
    return verdict_on(_question(d), _typed(d), claimed, d, upstream)


def is_right(d: Answered, claim: str, upstream: Mapping[str, str] | None = None) -> bool:
    """Whether a claim is right, perhaps under a convention, without the search for what is wrong with it."""
    from frechet.explain.claims.comparison import find
    from frechet.explain.claims.points import Points

    question = _question(d)
    return find(question, Points(question), claim, upstream or {}).word in ("right", "right under a convention")


def verdict_on(
    question: Question, expression: str, claim: str, d: Answered | None, upstream: Mapping[str, str] | None
) -> Verdict:
    """The verdict on a claim, the right answer (where there is one) beside it."""
    from frechet.explain.claims.judge import judge
    from frechet.library.report import to_dict

    for name, of in by_name("upstream gradients", upstream or {}, '{"dout": "out"}').items():
        if not isinstance(of, str):
            raise FrechetError("input", f"{name} is the upstream gradient of a name; got {kind(of)}")
    correct: Answer | None = to_dict(d) if d is not None else None
    return judge(question, expression, claim, correct, upstream or {})


def _typed(d: Answered) -> str:
    problem = d.context.problem
    return problem.typed or problem.text


def _question(d: Answered) -> Question:
    """The question of a derivative: its forms with the names of `where` put in."""
    from frechet.calculus.structure import kind_of
    from frechet.core.rewrite import replace
    from frechet.explain.claims.question import Question
    from frechet.library.parts import value_name

    context = d.context
    part = d.part()
    name = part.key.split(",")[0]
    symbols = context.symbols[name]
    known: dict[Expr, Expr] = {}
    for defined, formula in d.definitions.items():
        leaf = _leaf(defined, [*part.exprs.values(), *d.definitions.values()])
        if leaf is not None:
            known[leaf] = replace(formula, known)
    forms = {label: replace(e, known) for label, e in part.exprs.items()} if known else dict(part.exprs)
    problem = context.problem
    quantities = {q: e for q, e in problem.quantities.items() if q not in context.variables}
    return Question(
        context.original,
        context.variables[name],
        context.order,
        context.variables,
        quantities,
        problem.name,
        context.sizes,
        context.functions,
        problem.constraints,
        symbols.increment,
        symbols.upstream,
        symbols.direction,
        forms,
        bool(d.verification.passed),
        problem.language,
        context.at,
        (lambda: _released(d, name)) if kind_of(context.variables[name]) is not None and not context.at else None,
        value_name(context, d.definitions),
    )


def _released(d: Answered, name: str) -> Mapping[str, Expr]:
    """The forms of an answer with all entries of a structured variable free, simplified with the structure again."""
    from frechet.core.rewrite import replace as put
    from frechet.library.shorter import declared, whole
    from frechet.library.solving import answered
    from frechet.notation.tidy import tidy
    from frechet.notation.write import Writer
    from frechet.ops.expressions import variable
    from frechet.ops.normalise import node_of

    context = d.context
    leaf = context.variables[name]
    free = variable(name, leaf.shape)
    try:
        found = answered(declared(context.problem, {leaf: free}), [name], context.functions, context.order, False)
        writer = Writer(context.sizes | frozenset(context.variables))
        return {
            label: writer.write(tidy(node_of(put(whole(e, found.definitions), {free: leaf})), writer))
            for label, e in found.part().exprs.items()
            if label.startswith(("gradient", "jacobian", "hessian"))
        }
    except FrechetError:
        return {}


def _leaf(name: str, formulas: Sequence[Expr]) -> Expr | None:
    from frechet.core.expr import postorder

    found = (e for e in postorder(*formulas) if e.op.name == "variable" and e.params[0] == name)
    return next(found, None)


def unanswered(
    expression: Formula | str,
    wrt: Formula | str | None,
    shapes: Shapes | None,
    assumptions: Assumptions | None,
    functions: Sequence[str],
    order: Order,
    language: Language,
) -> Question:
    """The question where there is no answer: the expression alone can tell whether a claim is right."""
    from frechet.core.expr import size_names
    from frechet.explain.claims.question import Question
    from frechet.language import parse
    from frechet.language.input_text import spelled
    from frechet.notation.called import called

    asked = [str(wrt)] if wrt is not None else []
    problem: Problem = parse(str(expression), shapes, assumptions, functions, language=language, asked=asked)
    functions = [*functions, *problem.functions]
    names = [spelled(str(wrt), list(problem.variables))] if wrt is not None else list(problem.wrt or problem.variables)
    if len(names) != 1 or names[0] not in problem.variables:
        raise FrechetError("input", SAY_WHICH)
    variable = problem.variables[names[0]]
    sizes = size_names(problem.value)
    taken = {*problem.variables, *sizes, *functions, *problem.quantities}

    def free(options: Sequence[str]) -> str:
        return next((o for o in options if o not in taken), options[-1] + "_")

    return Question(
        problem.value, variable, order, problem.variables, problem.quantities, problem.name, sizes, tuple(functions),
        problem.constraints, free([f"d{names[0]}", f"d_{names[0]}"]), free(["G", "Gbar"]), free(["V", "Vbar"]),
        language=problem.language, called=problem.name or called(problem.value.shape, taken),
    )  # fmt: skip
