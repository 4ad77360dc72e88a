"""The road forward: the value's differential, each quantity's put in, the increment brought to the end, the form read
off."""

from __future__ import annotations

from collections.abc import Sequence

from frechet.calculus.structure import kind_of
from frechet.core.expr import Expr
from frechet.core.rewrite import replace
from frechet.explain.derivation.collecting import collected_line
from frechet.explain.derivation.draft import Draft
from frechet.explain.derivation.inner import inner, inner_word
from frechet.explain.derivation.moves import collecting_words
from frechet.explain.derivation.readoff import STRUCTURES, adjoint, paired_lines, put_back, readable
from frechet.explain.derivation.spelling import spelled
from frechet.explain.derivation.terms import Term, terms
from frechet.explain.steps import Line, Quantity
from frechet.notation.ascii import text
from frechet.ops.books import ADJOINT, MN9
from frechet.ops.expressions import apply


def differentiated(draft: Draft) -> tuple[Expr, list[Term]]:
    """The steps to the value's differential in the variable's increment alone; the line, and its terms."""
    first, at = draft.number, len(draft.steps) + 1
    draft.add(draft.local(draft.whole))
    line = draft.steps[-1].after.formula
    inside = _inside(draft, line)
    for p in inside:
        draft.add(draft.local(p))
    if inside:
        local = {draft.moves[p.symbol]: s.after.formula for p, s in zip(inside, draft.steps[at:], strict=True)}
        for p in reversed(draft.moving):
            if draft.moves[p.symbol] in local:  # else a slope of zero stands before it
                line = replace(line, {draft.moves[p.symbol]: local[draft.moves[p.symbol]]})
        line = spelled(line, {draft.dx})
        numbers = [str(k) for k in range(first + 1, draft.number)]
        said = " and ".join([", ".join(numbers[:-1]), numbers[-1]] if len(numbers) > 1 else numbers)
        why = "Equals for equals" + (", and the products multiplied out." if len(terms(line, {draft.dx})) > 1 else ".")
        draft.say("substitute", f"Put {said} into {first}", why, "", line)
    return line, terms(line, {draft.dx}) or [(1, line)]  # a slope may be zero everywhere, as that of sign is


def forward(draft: Draft, form: str) -> None:
    """The steps from the value to the form."""
    line, parts = differentiated(draft)
    if form == "differential" or (form == "index" and draft.q.value.shape):
        _shortened(draft, line, parts, form == "differential")
    elif not draft.x.shape:
        by_scalar(draft, line, parts)
    elif draft.q.value.shape:
        line = _shortened(draft, line, parts, False)
        if form not in ("jacobian", "hessian"):
            adjoint(draft, line)
    else:
        _gradient(draft, line, parts)


def _inside(draft: Draft, line: Expr) -> list[Quantity]:
    """The quantities that move, those that stand further out first."""
    by_increment = {draft.moves[p.symbol]: p for p in draft.moving}
    found: list[Quantity] = []
    todo = [line]
    for e in todo:
        for p in _in_order(e, by_increment):
            if p not in found:
                found.append(p)
                todo.append(draft.moved(p).formula)
    return found


def _in_order(e: Expr, by_increment: dict[Expr, Quantity]) -> list[Quantity]:
    """The quantities whose increments stand in a line, from left to right."""
    found: list[Quantity] = []
    seen: set[Expr] = set()
    stack = [e]
    while stack:
        e = stack.pop()
        if e in seen:
            continue
        seen.add(e)
        if e in by_increment:
            found.append(by_increment[e])
        stack.extend(reversed(e.args))
    return found


def _shortened(draft: Draft, line: Expr, parts: Sequence[Term], asked: bool) -> Expr:
    """The answer's own differential: where it is asked for, or adds up terms of the line."""
    found = draft.q.forms.get("differential")
    if found is None or text(found) == text(line):
        return line
    merged = len(terms(found, {draft.dx})) < len(parts)
    if not asked and not (merged and len(text(found)) < len(text(line))):
        return line
    why = collecting_words(parts, draft.dx, found)
    back = put_back(draft, line, found)
    shown = found if asked else draft.called(found)
    draft.say("collect", "Collect", f"{why} {back}".strip() if back else why, MN9, shown)
    return shown


def by_scalar(draft: Draft, line: Expr, parts: Sequence[Term]) -> None:
    """Read off the factor of the variable's increment."""
    found = draft.q.forms.get("derivative", draft.q.forms.get("gradient"))
    assert found is not None, "there is a derivative by a number"
    shown = Line(draft.ratio(draft.value_name, draft.x_name), found, (draft.dvalue, apply("mul", (found, draft.dx))))
    moved = apply("mul", (draft.dx, found))
    said = collecting_words(parts, draft.dx, moved)
    why = "The derivative by a number is the factor of its increment."
    if said:
        why += f" {said}"
    back = put_back(draft, line, found)
    draft.read_off("read off", f"Read off what multiplies {draft.q.increment}", f"{why} {back}".strip(), MN9, shown)


def _gradient(draft: Draft, line: Expr, parts: Sequence[Term]) -> None:
    """Bring the increment to the end, and read off."""
    if not (len(parts) == 1 and readable(parts[0][1], draft.dx)):
        collected = collected_line(draft, line, parts)
        if collected is not None and text(collected) != text(line):
            said = collecting_words(parts, draft.dx, collected)
            draft.say("collect", f"Collect {draft.q.increment}", said, f"{MN9}; {ADJOINT}", collected)
            line = collected
    dx, g = draft.q.increment, "G" if "G" not in draft.taken else draft.q.upstream
    title = f"Read off: d{draft.value_name} = ⟨{g}, {dx}⟩ = {inner_word(draft.x.shape, g, dx)}"
    label = "gradient" if kind_of(draft.x) is None else "structured unconstrained"
    found = draft.q.forms.get(label)
    assert found is not None, "a number has a gradient"
    why = f"The gradient is what {dx} is paired with: the transpose of the derivative."
    lines, back = paired_lines(draft, line, None, found, draft.ratio(draft.value_name, draft.x_name), draft.dvalue)
    draft.read_off("read off", title, f"{why} {back}".strip(), MN9, *lines)
    project(draft)


def project(draft: Draft) -> None:
    """The last step for a variable with structure: the gradient within it."""
    kind = kind_of(draft.x)
    found = draft.q.forms.get("gradient")
    if kind is None or found is None or (draft.steps[-1].rule == "read off" and draft.steps[-1].after.right is found):
        return
    title, why = (said.format(draft.x_name, draft.q.increment) for said in STRUCTURES[kind])
    shown = Line(draft.ratio(draft.value_name, draft.x_name), found, (draft.dvalue, inner(found, draft.dx)))
    draft.read_off("project", title, why, MN9, shown)
