"""``frechet.check``: is this formula the derivative?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from frechet.errors import FrechetError
from frechet.library.arguments import by_name, formula_text, kind
from frechet.library.formula import Formula

if TYPE_CHECKING:
    from frechet.core.expr import Expr
    from frechet.explain.claims.question import Question
    from frechet.explain.claims.verdict import Verdict
    from frechet.explain.plain import Answer
    from frechet.language import Problem
    from frechet.library.derivative import Derivative
    from frechet.library.problems import Anything
    from frechet.library.words import Assumptions, Language, Like, Order, Shapes

SAY_WHICH = "a claim is about one variable: say which (wrt)"
TRIALS = 4
"""Points at which the right answer is verified before a claim is held against it."""


def check(
    expression: Anything,
    wrt: Formula | str | None = None,
    claim: Formula | str = "",
    *,
    shapes: Shapes | None = None,
    assumptions: Assumptions | None = None,
    functions: Sequence[str] = (),
    order: Order = 1,
    upstream: Mapping[str, str] | None = None,
    language: Language = "auto",
    like: Like | None = None,
    at: Mapping[str, str] | str | Sequence[str] = (),
) -> Verdict:
    """The verdict on a claim about a derivative: right (under which conventions), shorthand, or wrong and how.

    `upstream` declares names that the claim has for upstream gradients: {"dout": "out"}.  A claim that cannot be read
    raises FrechetError; one whose shapes do not fit is a wrong claim.  `at` names a point, as `Derivative.at` does: the
    claim is then about the derivative there.

    >>> check("A*B", "B", "kron(eye(p),A)").verdict
    'right'
    >>> check("A*B", "B", "A'").verdict
    'shorthand'
    """
    from frechet.library.at import equations
    from frechet.library.derive import derive

    claimed = formula_text("a claim", claim)
    if not claimed:
        raise FrechetError("input", "a claim is wanted: the formula that is to be judged")
    put_in = equations(at)
    try:
        found = derive(
            expression,
            wrt,
            shapes=shapes,
            assumptions=assumptions,
            functions=functions,
            order=order,
            trials=TRIALS,
            language=language,
            like=like,
        )
        if put_in:
            found = found.at(put_in)
    except FrechetError as trouble:
        if put_in and trouble.kind != "shape":
            raise
        if trouble.readings and not isinstance(expression, Formula):

            def judged(reading: Anything, declared: Shapes) -> Verdict:
                return check(
                    reading, wrt, claim, shapes={**(shapes or {}), **declared}, assumptions=assumptions,
                    functions=functions, order=order, upstream=upstream, language=language, like=like,
                    at=at,
                )  # fmt: skip

            return _as_the_claim_has_it(trouble, expression, judged)
        if trouble.kind not in ("unsupported", "unverified", "limit") or not isinstance(expression, (str, Formula)):
            raise
        question = _unanswered(expression, wrt, shapes, assumptions, functions, order, language)
        return _verdict(question, str(expression), claimed, None, upstream)
    if found.context.several and len(found.parts) > 1:
        raise FrechetError("input", SAY_WHICH)
    return _verdict(_question(found), _typed(found), claimed, found, upstream)


def _as_the_claim_has_it(
    question: FrechetError, expression: Anything, judged: Callable[[Anything, Shapes], Verdict]
) -> Verdict:
    """The verdict under the one reading of an open text that makes the claim right; else the question stays."""
    right: list[tuple[str, Verdict]] = []
    for reading in question.readings:
        option, _, given = reading.partition(" ")
        name, _, sizes = given.partition("=")
        shaped = option == "--shape"
        if not shaped and not isinstance(expression, str):
            continue  # a function is not written anew
        declared: Shapes = {name: [s for s in sizes.split(",") if s]} if shaped else {}
        try:
            verdict = judged(expression if shaped else reading, declared)
        except FrechetError:
            continue
        if verdict.holds:
            right.append((reading, verdict))
    if len(right) != 1:
        raise question
    reading, verdict = right[0]
    return replace(verdict, meaning=f"Read so that the claim conforms ({reading}). {verdict.meaning}")


def check_derivative(d: Derivative, claim: Formula | str, upstream: Mapping[str, str] | None = None) -> Verdict:
    """The verdict on a claim about a derivative that is there."""
    claimed = formula_text("a claim", claim)
    if d.context.several and len(d.parts) > 1:
        raise FrechetError("input", SAY_WHICH)
    if d.outcome is None:
        d.verify(TRIALS)
    return _verdict(_question(d), _typed(d), claimed, d, upstream)


def _verdict(
    question: Question, expression: str, claim: str, d: Derivative | None, upstream: Mapping[str, str] | None
) -> Verdict:
    from frechet.explain.claims.judge import judge

    for name, of in by_name("upstream gradients", upstream or {}, '{"dout": "out"}').items():
        if not isinstance(of, str):
            raise FrechetError("input", f"{name} is the upstream gradient of a name; got {kind(of)}")
    correct: Answer | None = d.to_dict() if d is not None else None
    return judge(question, expression, claim, correct, upstream or {})


def _typed(d: Derivative) -> str:
    problem = d.context.problem
    return problem.typed or problem.text


def _question(d: Derivative) -> Question:
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


def _released(d: Derivative, name: str) -> Mapping[str, Expr]:
    """The forms of an answer with all entries of a structured variable free, simplified with the structure again."""
    from frechet.core.rewrite import replace as put
    from frechet.library.setting import answered
    from frechet.library.shorter import declared, whole
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


def _unanswered(
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
