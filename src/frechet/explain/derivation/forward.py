"""The road forward: the value's differential, each quantity's put in, the increment brought to the end, the form read
off."""

from __future__ import annotations

from collections.abc import Sequence

from frechet.algebra import build as b
from frechet.algebra.node import Node
from frechet.calculus.adjoint import cotangents
from frechet.calculus.structure import kind_of
from frechet.core.dim import ONE
from frechet.core.expr import Expr
from frechet.core.rewrite import replace
from frechet.explain.derivation.differentials import inner, negative
from frechet.explain.derivation.draft import Draft
from frechet.explain.derivation.lines import Term, terms, total
from frechet.explain.derivation.rules import backward_words, collecting_words, readable
from frechet.explain.derivation.steps import Line, Quantity
from frechet.explain.derivation.wording import ADJOINT, BACKPROP, MN9, STRUCTURES
from frechet.notation.ascii import text
from frechet.notation.tidy import tidy
from frechet.ops.build import apply, number
from frechet.ops.normalise import node_of

FEWER = 0.7
"""A line of as many terms replaces another where it has this share of its characters or less."""


def differentiated(draft: Draft) -> tuple[Expr, list[Term]]:
    """The steps to the value's differential in the variable's increment alone; the line, and its terms."""
    first = len(draft.steps) + 1
    draft.steps.append(draft.local(draft.whole))
    line = draft.steps[-1].lines[0].right
    inside = _inside(draft, line)
    for p in inside:
        draft.steps.append(draft.local(p))
    parts = terms(line, {draft.dx}) or [(1, line)]
    if inside:
        local = {draft.moves[p.symbol]: s.lines[0].right for p, s in zip(inside, draft.steps[first:], strict=True)}
        for p in reversed(draft.moving):
            if draft.moves[p.symbol] in local:  # else a slope of zero stands before it
                line = replace(line, {draft.moves[p.symbol]: local[draft.moves[p.symbol]]})
        parts = terms(line, {draft.dx}) or [(1, line)]  # a slope may be zero everywhere, as that of sign is
        line = total(parts)
        numbers = [str(k) for k in range(first + 1, len(draft.steps) + 1)]
        said = " and ".join([", ".join(numbers[:-1]), numbers[-1]] if len(numbers) > 1 else numbers)
        why = "Equals for equals" + (", and the products multiplied out." if len(parts) > 1 else ".")
        draft.say("substitute", f"Put {said} into {first}", why, "", line)
    elif len(parts) > 1 and text(total(parts)) != text(line):
        line = total(parts)
        draft.say("expand", "Multiply out", "One term for each place where the increment stands.", "", line)
    return line, parts


def forward(draft: Draft, form: str) -> None:
    """The steps from the value to the form."""
    line, parts = differentiated(draft)
    if form == "differential":
        _shortened(draft, line, parts)
    elif not draft.x.shape:
        _by_scalar(draft, _shortened(draft, line, parts))
    elif draft.q.value.shape:
        _shortened(draft, line, parts)
        _adjoint(draft, parts)
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
                todo.append(draft.local(p).lines[0].right)
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


def _shortened(draft: Draft, line: Expr, parts: Sequence[Term]) -> Expr:
    """The answer's own differential, where it is shorter than what the rules gave."""
    found = draft.q.forms.get("differential")
    if found is None or len(text(found)) >= len(text(line)):
        return line
    merged = len(terms(found, {draft.dx})) < len(parts)
    if not merged and len(text(found)) > FEWER * len(text(line)):
        return line
    draft.say("collect", "Collect", collecting_words(parts, draft.dx, merged), MN9, found)
    return found


def _by_scalar(draft: Draft, line: Expr) -> None:
    found = draft.q.forms.get("derivative", draft.q.forms.get("gradient"))
    assert found is not None, "there is a derivative by a number"
    dx = draft.q.increment
    shown = Line(draft.ratio(draft.value_name, draft.x_name), found, (draft.dvalue, apply("mul", (found, draft.dx))))
    why = "The derivative by a number is the factor of its increment."
    draft.read_off("read off", f"Read off what multiplies {dx}", why, MN9, shown)


def _gradient(draft: Draft, line: Expr, parts: Sequence[Term]) -> None:
    """Bring the increment to the end, and read off."""
    if not (len(parts) == 1 and readable(parts[0][1], draft.dx)):
        collected = _collected(draft, line)
        if collected is not None and text(collected) != text(line):
            merged = len(terms(collected, {draft.dx})) < len(parts)
            said = collecting_words(parts, draft.dx, merged)
            draft.say("collect", f"Collect {draft.q.increment}", said, f"{MN9}; {ADJOINT}", collected)
    dx, g = draft.q.increment, "G" if "G" not in draft.taken else draft.q.upstream
    matrix = len(draft.x.shape) == 2 and ONE not in draft.x.shape
    title = f"Read off: d{draft.value_name} = ⟨{g}, {dx}⟩ = " + (f"tr({g}'*{dx})" if matrix else f"{g}'*{dx}")
    label = "gradient" if kind_of(draft.x) is None else "structured unconstrained"
    found = draft.q.forms.get(label)
    assert found is not None, "a number has a gradient"
    shown = Line(draft.ratio(draft.value_name, draft.x_name), found, (draft.dvalue, inner(found, draft.dx)))
    why = "The gradient is what the increment is paired with: the transpose of the derivative."
    draft.read_off("read off", title, why, MN9, shown)
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


def _collected(draft: Draft, line: Expr) -> Expr | None:
    """The line as ⟨g, dX⟩, a number in front and the increment at the end."""
    dx = node_of(draft.dx)
    g = cotangents(node_of(line), b.number(1), [dx]).get(dx)
    return _paired(draft, tidy(g, draft.writer)) if g is not None and len(g.shape) == 2 else None


def _paired(draft: Draft, g: Node) -> Expr:
    coefficient = g.coef if g.kind == "product" else b.U
    if coefficient == 0:
        return number(0)
    rest = draft.writer.write(b.T(b.scale(1 / coefficient, g)))
    paired = _closed(rest, draft.dx)
    if abs(coefficient) != 1:
        paired = in_front(number(abs(coefficient)), paired)
    return negative(paired) if coefficient < 0 else paired


def _closed(rest: Expr, dx: Expr) -> Expr:
    """rest*dx as a number: under a trace for a matrix."""
    if len(dx.shape) == 2 and dx.shape[0] == 1 and rest.shape:
        return apply("mul", (dx, rest))
    product = apply("mul", (rest, dx))
    return apply("tr", (product,)) if len(dx.shape) == 2 and rest.shape else product


def in_front(factor: Expr, product: Expr) -> Expr:
    """A number before the first factor of a product."""
    factors: list[Expr] = []
    while product.op.name == "mul":
        factors.append(product.args[1])
        product = product.args[0]
    whole = apply("mul", (factor, product))
    for f in reversed(factors):
        whole = apply("mul", (whole, f))
    return whole


def _adjoint(draft: Draft, parts: Sequence[Term]) -> None:
    """⟨G, dF⟩ = ⟨pullback, dX⟩."""
    found = draft.q.forms.get("pullback")
    if found is None or len(draft.x.shape) > 2 or len(draft.q.value.shape) > 2:
        return
    up, dx, dv = draft.q.upstream, draft.q.increment, text(draft.dvalue)
    proof = (inner(draft.upstream, draft.dvalue), inner(found, draft.dx))
    title = f"Move {dx} across ⟨{up}, {dv}⟩, where {up} = ∂{draft.loss}/∂{draft.value_name}"
    why = backward_words([e for _, e in parts], draft.dx)
    shown = Line(draft.ratio(draft.loss, draft.x_name), found, proof)
    draft.read_off("adjoint", title, why, f"{ADJOINT}; {BACKPROP}", shown)
