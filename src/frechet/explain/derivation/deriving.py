"""A derivation: from the formula as it was typed to the form asked for, one idea a step, every line checked.

The differential is taken from the outside in, one named quantity at a time; the lines are put together, the increment
is brought to the end, and the form is read off.  A chain of several quantities goes backward instead, as
backpropagation does: each step moves one quantity's differential across the inner product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as replaced

from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.explain.derivation.backward import backward
from frechet.explain.derivation.conditions import conditions
from frechet.explain.derivation.derivation import Derivation
from frechet.explain.derivation.draft import Draft
from frechet.explain.derivation.forward import forward
from frechet.explain.derivation.freeentries import by_free_entries
from frechet.explain.derivation.indexform import by_entries
from frechet.explain.derivation.inner import is_complex
from frechet.explain.derivation.jacobian import as_matrix
from frechet.explain.derivation.proof import Ground, prove
from frechet.explain.derivation.readoff import upstream_number
from frechet.explain.derivation.wirtinger import wirtinger
from frechet.explain.names import by_name, expanded
from frechet.explain.question import Question
from frechet.explain.render.shapes import shape_word
from frechet.explain.steps import Line, Quantity, Step
from frechet.notation.ascii import text
from frechet.ops.books import MN9, MN10
from frechet.ops.expressions import apply, number, variable

CHAIN = 3
"""A problem of this many quantities that move is derived backward."""
LONG = 200
"""A Jacobian with more characters is left out unless it is asked for: the pullback says the same."""
SENTENCE = 90
"""The matrix of a structured gradient's differential is left out where it is longer: the free entries follow."""
PAIR = "d/dconj(Z)"
"""A number that is not real has no gradient: it ends in its pair of derivatives, the second of them last."""
FORMS = ("gradient", "derivative", "pullback", "jacobian", "differential", "index", PAIR)
"""The forms that a derivation can lead to."""


def derivation(
    question: Question, layout: str = "numerator", vec: str = "column", form: str | None = None
) -> Derivation:
    """The derivation of one derivative; `form` is one of :data:`FORMS`.

    Without `form`: the gradient of a scalar, the derivative by a scalar, else the pullback and then the Jacobian in
    this layout and vec order.  Raises FrechetError("unverified", …) rather than show a line that does not hold.
    """
    asked = form or _usual(question, layout, vec)
    if asked not in FORMS:
        raise FrechetError("input", f"form is one of {', '.join(FORMS)}; got {asked!r}")
    _reachable(question, asked, layout, vec)
    draft = _drafted(Draft(question), asked if form or asked != "jacobian" else "pullback")
    if asked == "jacobian":
        as_matrix(draft, layout, vec)
    elif asked == "index":
        by_entries(draft)
    elif asked == "pullback" and not (question.value.shape and question.x.shape):
        upstream_number(draft)
    return _finished(draft, asked)


def second_derivation(first: Question, second: Question, vec: str = "column") -> Derivation:
    """The derivation of a Hessian: that of the gradient, and then that of the gradient's own derivative.

    `second` is the question about the gradient; its Jacobian (its derivative by a number) is the Hessian as it is
    printed.
    """
    one = _drafted(Draft(first), _usual(first, "numerator", vec))
    gradient = _finished(one, "gradient")
    taken = second.taken | {p.name for p in one.quantities} | set(one.cotangents)
    second = _without(second, {p.name: one.full.get(p.symbol, p.symbol) for p in one.quantities})
    two = _drafted(Draft(replaced(second, taken=taken), after=one), "hessian")
    if second.x.shape:
        free, whole = (two.q.forms.get(label) for label in ("vech hessian", f"jacobian numerator {vec}"))
        readable = free is not None and len(text(free)) <= LONG
        if not readable or whole is None or len(text(whole)) <= SENTENCE:
            as_matrix(two, "numerator", vec)
        if readable:
            by_free_entries(two, one.value_name)
    hessian = _finished(two, "hessian")
    name, x = two.value_name, two.x_name
    title = f"The second derivative is the derivative of {name} = ∂{one.value_name}/∂{x}"
    lines = [Line(line.left, line.right) for line in reversed(hessian.heads)]
    between = Step(
        "gradient", title, "Differentiate once more, by the same rules.", MN10, gradient.steps[-1].after, lines
    )
    between.checked = True  # names: that they give the gradient back is part of the second check
    whole = Quantity(name, two.value, second.value, True)
    hessian.expression, hessian.heads, hessian.variables = gradient.expression, gradient.heads, gradient.variables
    hessian.quantities = [*gradient.quantities, whole, *two.quantities]
    hessian.extra = [*gradient.extra, *(q for q in hessian.extra if q.name not in {g.name for g in gradient.extra})]
    hessian.steps = [*gradient.steps, between, *hessian.steps]
    hessian.conditions = list(dict.fromkeys([*gradient.conditions, *hessian.conditions]))
    hessian.names = {**gradient.names, **hessian.names}
    return hessian


def _without(second: Question, named: Mapping[str, Expr]) -> Question:
    """The second question without names that stand for something else in the first part: there they are written out."""
    full = expanded(second.where)
    other = {n: e for n, e in full.items() if n in named and named[n] is not e}
    if not other:
        return second
    forms = {label: by_name(e, other) for label, e in second.forms.items()}
    where = {n: by_name(e, other) for n, e in second.where.items() if n not in other}
    return replaced(second, forms=forms, where=where)


def _drafted(draft: Draft, form: str) -> Draft:
    """The steps along the road that suits the problem."""
    if draft.q.x not in set(postorder(draft.q.value)):
        _nothing_moves(draft)
    elif is_complex(draft.q.value) and draft.q.x.shape:
        wirtinger(draft, form)
    elif _many(draft, form):
        backward(draft)
    else:
        forward(draft, form)
    return draft


def _many(draft: Draft, form: str) -> bool:
    """Whether the problem is a chain, to be gone through backward."""
    forward_only = form in ("differential", "jacobian", "hessian") or (form == "index" and bool(draft.q.value.shape))
    if (forward_only and draft.q.value.shape) or form == "differential" or not draft.x.shape:
        return False
    return len(draft.moving) >= CHAIN or len(draft.q.typed) > 1


def _usual(question: Question, layout: str, vec: str) -> str:
    if not question.x.shape:
        return "derivative"
    if not question.value.shape:
        return PAIR if "gradient" not in question.forms and f"complex {PAIR}" in question.forms else "gradient"
    found = question.forms.get(f"jacobian {layout} {vec}")
    return "jacobian" if found is not None and len(text(found)) <= LONG else "pullback"


def _reachable(question: Question, form: str, layout: str, vec: str) -> None:
    """Refuse a form that this derivative does not have, and say which it has."""
    name, x = question.value_name(), question.x.params[0]
    shape = shape_word(question.value.shape)
    if form == "gradient" and question.value.shape:
        trouble = f"{name} is {shape}, and a gradient is that of a number: ask for the pullback or the jacobian"
        raise FrechetError("input", trouble)
    if form == "derivative" and question.x.shape:
        trouble = (
            f"the derivative in the shape of the value is that by a number, and {x} is {shape_word(question.x.shape)}"
        )
        raise FrechetError("input", trouble)
    label = {"jacobian": f"jacobian {layout} {vec}", PAIR: f"complex {PAIR}"}.get(form, form)
    if form != "derivative" and label not in question.forms:
        why = question.missing.get(form, "this derivative is not written that way")
        raise FrechetError("unsupported", f"there is no {form} to derive: {why}")


def _nothing_moves(draft: Draft) -> None:
    zero = apply("zeros", (), draft.x.shape) if draft.x.shape else number(0)
    line = Line(draft.ratio(draft.differentiated, draft.x_name), zero, (zero, zero))
    title, why = f"{draft.value_name} does not depend on {draft.x_name}", "What does not move has no differential."
    draft.add(Step("zero", title, why, MN9, draft.head(draft.whole), [line]))


def _finished(draft: Draft, form: str) -> Derivation:
    """The derivation, its lines checked."""
    q = draft.q
    heads = [draft.head(p) for p in (*draft.quantities, draft.whole)]
    names = {draft.full[p.symbol]: p.name for p in draft.quantities}
    made = Derivation(
        q.text,
        draft.x_name,
        dict(q.variables),
        draft.quantities,
        heads,
        draft.steps,
        form,
        conditions(q.value, names),
        draft.names,
        _extra(draft),
        q.reading,
    )
    _check(draft, made)
    return made


def _extra(draft: Draft) -> list[Quantity]:
    """Names of the answer's own that the shown formulas use."""
    where, known = draft.q.where, {p.name for p in draft.quantities} | draft.cotangents.keys()
    needed: set[str] = set()
    todo = [e for s in draft.steps for line in s.lines for e in line.parts]
    while todo:
        for e in postorder(todo.pop()):
            name = str(e.params[0]) if e.op.name == "variable" else ""
            if name in where and name not in known | needed:
                needed.add(name)
                todo.append(where[name])
    return [Quantity(n, variable(n, e.shape), e, False) for n, e in where.items() if n in needed]


def _check(draft: Draft, made: Derivation) -> None:
    """Check every line, and that the named quantities give the value back."""
    quantities = [*((p, draft.moves.get(p.symbol)) for p in draft.quantities), (draft.whole, draft.dvalue)]
    still = draft.x not in set(postorder(draft.q.value))
    quantities[-1] = (draft.whole, None if still else draft.dvalue)
    ground = Ground(draft.q.value, draft.x, quantities, draft.dx, draft.q.upstream, draft.q.equations)
    owners: list[Step | None] = [None]
    sides: list[tuple[Expr, Expr]] = [(draft.q.value, draft.value)]
    for step in made.steps:
        for line in step.lines:
            if line.proof is not None:
                owners.append(step)
                sides.append((draft.expand(line.proof[0]), draft.expand(line.proof[1])))
    outcome = prove(ground, sides)
    for k in sorted(outcome.wrong):
        step = owners[k]
        line = step.after.plain() if step else "the value over its named quantities"
        raise FrechetError("unverified", f"the derivation failed its own check and is not shown: {line} does not hold")
    for step in made.steps:
        held = [outcome.held[k] for k, owner in enumerate(owners) if owner is step]
        step.checked = min(held) > 0 if held else step.checked
    made.trials, made.sizes = outcome.trials, outcome.sizes
