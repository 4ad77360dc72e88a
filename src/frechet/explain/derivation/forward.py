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
from frechet.explain.derivation.rules import backward_words, collecting_words, readable
from frechet.explain.derivation.steps import Line, Quantity
from frechet.explain.derivation.lines import Term, terms, total
from frechet.explain.derivation.wording import ADJOINT, BACKPROP, MN9, STRUCTURES
from frechet.explain.derivation.draft import Draft
from frechet.notation.ascii import text
from frechet.notation.tidy import tidy
from frechet.ops.build import apply, number
from frechet.ops.normalise import node_of

FEWER = 0.7
"""A line of as many terms replaces another where it has this share of its characters or less."""


def differentiated(work: Draft) -> tuple[Expr, list[Term]]:
    """The steps to the value's differential in the variable's increment alone; the line, and its terms."""
    first = len(work.steps) + 1
    work.steps.append(work.local(work.whole))
    line = work.steps[-1].lines[0].right
    inside = _inside(work, line)
    for p in inside:
        work.steps.append(work.local(p))
    parts = terms(line, {work.dx}) or [(1, line)]
    if inside:
        local = {work.moves[p.symbol]: s.lines[0].right for p, s in zip(inside, work.steps[first:], strict=True)}
        for p in reversed(work.moving):
            if work.moves[p.symbol] in local:  # else a slope of zero stands before it
                line = replace(line, {work.moves[p.symbol]: local[work.moves[p.symbol]]})
        parts = terms(line, {work.dx}) or [(1, line)]  # a slope may be zero everywhere, as that of sign is
        line = total(parts)
        numbers = [str(k) for k in range(first + 1, len(work.steps) + 1)]
        said = " and ".join([", ".join(numbers[:-1]), numbers[-1]] if len(numbers) > 1 else numbers)
        why = "Equals for equals" + (", and the products multiplied out." if len(parts) > 1 else ".")
        work.say("substitute", f"Put {said} into {first}", why, "", line)
    elif len(parts) > 1 and text(total(parts)) != text(line):
        line = total(parts)
        work.say("expand", "Multiply out", "One term for each place where the increment stands.", "", line)
    return line, parts


def forward(work: Draft, form: str) -> None:
    """The steps from the value to the form."""
    line, parts = differentiated(work)
    if form == "differential":
        _shortened(work, line, parts)
    elif not work.x.shape:
        _by_scalar(work, _shortened(work, line, parts))
    elif work.q.value.shape:
        _shortened(work, line, parts)
        _adjoint(work, parts)
    else:
        _gradient(work, line, parts)


def _inside(work: Draft, line: Expr) -> list[Quantity]:
    """The quantities that move, those that stand further out first."""
    by_increment = {work.moves[p.symbol]: p for p in work.moving}
    found: list[Quantity] = []
    todo = [line]
    for e in todo:
        for p in _in_order(e, by_increment):
            if p not in found:
                found.append(p)
                todo.append(work.local(p).lines[0].right)
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


def _shortened(work: Draft, line: Expr, parts: Sequence[Term]) -> Expr:
    """The answer's own differential, where it is shorter than what the rules gave."""
    found = work.q.forms.get("differential")
    if found is None or len(text(found)) >= len(text(line)):
        return line
    merged = len(terms(found, {work.dx})) < len(parts)
    if not merged and len(text(found)) > FEWER * len(text(line)):
        return line
    work.say("collect", "Collect", collecting_words(parts, work.dx, merged), MN9, found)
    return found


def _by_scalar(work: Draft, line: Expr) -> None:
    found = work.q.forms.get("derivative", work.q.forms.get("gradient"))
    assert found is not None, "there is a derivative by a number"
    dx = work.q.increment
    shown = Line(work.ratio(work.value_name, work.x_name), found, (work.dvalue, apply("mul", (found, work.dx))))
    why = "The derivative by a number is the factor of its increment."
    work.read_off("read off", f"Read off what multiplies {dx}", why, MN9, shown)


def _gradient(work: Draft, line: Expr, parts: Sequence[Term]) -> None:
    """Bring the increment to the end, and read off."""
    if not (len(parts) == 1 and readable(parts[0][1], work.dx)):
        collected = _collected(work, line)
        if collected is not None and text(collected) != text(line):
            merged = len(terms(collected, {work.dx})) < len(parts)
            said = collecting_words(parts, work.dx, merged)
            work.say("collect", f"Collect {work.q.increment}", said, f"{MN9}; {ADJOINT}", collected)
    dx, g = work.q.increment, "G" if "G" not in work.taken else work.q.upstream
    matrix = len(work.x.shape) == 2 and ONE not in work.x.shape
    title = f"Read off: d{work.value_name} = ⟨{g}, {dx}⟩ = " + (f"tr({g}'*{dx})" if matrix else f"{g}'*{dx}")
    label = "gradient" if kind_of(work.x) is None else "structured unconstrained"
    found = work.q.forms.get(label)
    assert found is not None, "a number has a gradient"
    shown = Line(work.ratio(work.value_name, work.x_name), found, (work.dvalue, inner(found, work.dx)))
    why = "The gradient is what the increment is paired with: the transpose of the derivative."
    work.read_off("read off", title, why, MN9, shown)
    project(work)


def project(work: Draft) -> None:
    """The last step for a variable with structure: the gradient within it."""
    kind = kind_of(work.x)
    found = work.q.forms.get("gradient")
    if kind is None or found is None or (work.steps[-1].rule == "read off" and work.steps[-1].after.right is found):
        return
    title, why = (said.format(work.x_name, work.q.increment) for said in STRUCTURES[kind])
    shown = Line(work.ratio(work.value_name, work.x_name), found, (work.dvalue, inner(found, work.dx)))
    work.read_off("project", title, why, MN9, shown)


def _collected(work: Draft, line: Expr) -> Expr | None:
    """The line as ⟨g, dX⟩, a number in front and the increment at the end."""
    dx = node_of(work.dx)
    g = cotangents(node_of(line), b.number(1), [dx]).get(dx)
    return _paired(work, tidy(g, work.writer)) if g is not None and len(g.shape) == 2 else None


def _paired(work: Draft, g: Node) -> Expr:
    coefficient = g.coef if g.kind == "product" else b.U
    if coefficient == 0:
        return number(0)
    rest = work.writer.write(b.T(b.scale(1 / coefficient, g)))
    paired = _closed(rest, work.dx)
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


def _adjoint(work: Draft, parts: Sequence[Term]) -> None:
    """⟨G, dF⟩ = ⟨pullback, dX⟩."""
    found = work.q.forms.get("pullback")
    if found is None or len(work.x.shape) > 2 or len(work.q.value.shape) > 2:
        return
    up, dx, dv = work.q.upstream, work.q.increment, text(work.dvalue)
    proof = (inner(work.upstream, work.dvalue), inner(found, work.dx))
    title = f"Move {dx} across ⟨{up}, {dv}⟩, where {up} = ∂{work.loss}/∂{work.value_name}"
    why = backward_words([e for _, e in parts], work.dx)
    shown = Line(work.ratio(work.loss, work.x_name), found, proof)
    work.read_off("adjoint", title, why, f"{ADJOINT}; {BACKPROP}", shown)
