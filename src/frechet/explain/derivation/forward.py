"""The road forward: the value's differential, each quantity's put in, the increment brought to the end, the form read
off."""

from __future__ import annotations

import re
from collections.abc import Sequence

from frechet.algebra import build as b
from frechet.algebra.node import Node
from frechet.calculus.adjoint import cotangents
from frechet.calculus.structure import kind_of
from frechet.core.dim import ONE
from frechet.core.expr import Expr, postorder
from frechet.core.rewrite import replace
from frechet.explain.derivation.differentials import inner, is_complex, real_inner
from frechet.explain.derivation.draft import Draft
from frechet.explain.derivation.lines import Term, terms, total
from frechet.explain.derivation.rules import backward_words, collecting_words, readable, sentence
from frechet.explain.derivation.spelling import in_front, spelled
from frechet.explain.derivation.steps import Label, Line, Pairing, Quantity
from frechet.explain.derivation.wording import ADJOINT, BACKPROP, MN9, STRUCTURES
from frechet.notation.ascii import text
from frechet.notation.tidy import tidy
from frechet.ops.build import apply, number
from frechet.ops.normalise import node_of

STRANGE = 20
"""As many signs count for an identity matrix that only the writing brings in."""
SHORT = 36
"""A differential and pullback of more signs are not shown between brackets once more."""
LONGEST = 160
"""A reading of more signs is left out before the answer's own."""


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
    back = _put_back(draft, line, found)
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
    back = _put_back(draft, line, found)
    draft.read_off("read off", f"Read off what multiplies {draft.q.increment}", f"{why} {back}".strip(), MN9, shown)


def _gradient(draft: Draft, line: Expr, parts: Sequence[Term]) -> None:
    """Bring the increment to the end, and read off."""
    if not (len(parts) == 1 and readable(parts[0][1], draft.dx)):
        collected = _collected(draft, line, parts)
        if collected is not None and text(collected) != text(line):
            said = collecting_words(parts, draft.dx, collected)
            draft.say("collect", f"Collect {draft.q.increment}", said, f"{MN9}; {ADJOINT}", collected)
            line = collected
    dx, g = draft.q.increment, "G" if "G" not in draft.taken else draft.q.upstream
    matrix = len(draft.x.shape) == 2 and ONE not in draft.x.shape
    title = f"Read off: d{draft.value_name} = ⟨{g}, {dx}⟩ = " + (f"tr({g}'*{dx})" if matrix else f"{g}'*{dx}")
    label = "gradient" if kind_of(draft.x) is None else "structured unconstrained"
    found = draft.q.forms.get(label)
    assert found is not None, "a number has a gradient"
    why = f"The gradient is what {dx} is paired with: the transpose of the derivative."
    lines, back = _read(draft, line, None, found, draft.ratio(draft.value_name, draft.x_name), draft.dvalue)
    draft.read_off("read off", title, f"{why} {back}".strip(), MN9, *lines)
    project(draft)


def _read(
    draft: Draft, line: Expr, upstream: Expr | None, found: Expr, label: Label, moved: Expr
) -> tuple[list[Line], str]:
    """What the increment is paired with in a line: as the line has it, then as the answer is, if they differ."""
    final = Line(label, found, (moved, inner(found, draft.dx)))
    direct = _paired_with(draft, line, upstream)
    if direct is None or _names(draft, direct) == _names(draft, found) or len(text(direct)) > LONGEST:
        return [final], ""
    if not _parts_in(draft, direct) and kind_of(draft.x) is None:
        return [final], ""  # the same in the same terms, put in order
    return [Line(label, direct, (moved, inner(direct, draft.dx))), final], _put_back(draft, direct, found)


def _put_back(draft: Draft, before: Expr, after: Expr) -> str:
    """Which names of parts a formula no longer has."""
    still = _parts_in(draft, after)
    gone = [n for n in _parts_in(draft, before) if n not in still]
    if not gone or _names(draft, before) == _names(draft, after):
        return ""
    said = " and ".join([", ".join(gone[:-1]), gone[-1]] if len(gone) > 1 else gone)
    return (
        f"With {said} put back it is shorter."
        if len(text(after)) < len(text(draft.spelled_out(before)))
        else (f"{said} {'is' if len(gone) == 1 else 'are'} put back.")
    )


def _parts_in(draft: Draft, e: Expr) -> list[str]:
    """The named parts that a formula uses."""
    used = {v.params[0] for v in postorder(e) if v.op.name == "variable"}
    return [p.name for p in draft.quantities if p.name in used]


def _names(draft: Draft, e: Expr) -> list[str]:
    """What a formula is made of, its order and signs left aside."""
    return sorted(re.findall(r"[A-Za-z_]\w*|\d+", text(draft.spelled_out(e))))


def _paired_with(draft: Draft, line: Expr, upstream: Expr | None) -> Expr | None:
    """The factor of the increment in a line (under ⟨G, ·⟩), in the shape of the variable."""
    if len(line.shape) > 2 or len(draft.x.shape) > 2:
        return None
    dx = node_of(draft.dx)
    g = cotangents(node_of(line), node_of(upstream) if upstream is not None else b.number(1), [dx]).get(dx)
    return draft.called(draft.writer.write(tidy(g, draft.writer))) if g is not None and len(g.shape) == 2 else None


def project(draft: Draft) -> None:
    """The last step for a variable with structure: the gradient within it."""
    kind = kind_of(draft.x)
    found = draft.q.forms.get("gradient")
    if kind is None or found is None or (draft.steps[-1].rule == "read off" and draft.steps[-1].after.right is found):
        return
    title, why = (said.format(draft.x_name, draft.q.increment) for said in STRUCTURES[kind])
    shown = Line(draft.ratio(draft.value_name, draft.x_name), found, (draft.dvalue, inner(found, draft.dx)))
    draft.read_off("project", title, why, MN9, shown)


def _collected(draft: Draft, line: Expr, parts: Sequence[Term]) -> Expr | None:
    """The line as ⟨g, dX⟩: a number in front and the increment at the end, written as short as may be."""
    dx = node_of(draft.dx)
    pieces = [(cotangents(node_of(e), b.number(1), [dx]).get(dx), sign) for sign, e in parts]
    given = [(g, sign) for g, sign in pieces if g is not None]
    if not given or any(len(g.shape) != 2 for g, _ in given):
        return None
    whole = b.add(given)
    options = dict.fromkeys([tidy(whole, draft.writer), whole])
    return min((_paired(draft, g) for g in options), key=lambda e: _strangeness(e, line))


def _strangeness(collected: Expr, line: Expr) -> int:
    """The length of a line, an identity that was not there before counting as many signs."""
    here, before = (sum(e.op.name == "eye" for e in postorder(x)) for x in (collected, line))
    return len(text(collected)) + STRANGE * max(0, here - before)


def _paired(draft: Draft, g: Node) -> Expr:
    """A number times ⟨g, dX⟩, scalars in front."""
    coefficient, scalars, _ = b.parts(g)
    if coefficient == 0 or draft.x.shape == ():
        return number(0)
    rest, front = b.scale(1 / coefficient, g), b.number(1)
    for s, k in scalars:
        rest, front = b.mul(rest, b.power(s, -k)), b.mul(front, b.power(s, k))
    paired = _closed(draft.writer.write(b.T(rest)), draft.dx)
    outside = draft.writer.write(front)
    whole = in_front(1 if coefficient > 0 else -1, _times(number(abs(coefficient)), _times(outside, paired)))
    return draft.called(total([whole]))


def _times(factor: Expr, e: Expr) -> Expr:
    """A scalar times a line; a fraction's divisor goes below the line."""
    if factor.op.name == "number" and factor.params[0] == 1:
        return e
    if factor.op.name == "divide":
        above, below = factor.args
        return apply("divide", (_times(above, e), below))
    if e.op.name == "divide":
        return apply("divide", (_times(factor, e.args[0]), e.args[1]))
    factors: list[Expr] = []
    while e.op.name == "mul":
        factors.append(e.args[1])
        e = e.args[0]
    whole = apply("mul", (factor, e))
    for f in reversed(factors):
        whole = apply("mul", (whole, f))
    return whole


def _closed(rest: Expr, dx: Expr) -> Expr:
    """rest*dx as a number: under a trace for a matrix."""
    if len(dx.shape) == 2 and dx.shape[0] == 1 and rest.shape:
        return apply("mul", (dx, rest))
    product = apply("mul", (rest, dx))
    return apply("tr", (product,)) if len(dx.shape) == 2 and rest.shape else product


def adjoint(draft: Draft, line: Expr) -> None:
    """⟨G, dF⟩ = ⟨pullback, dX⟩."""
    found = draft.q.forms.get("pullback")
    if found is None or len(draft.x.shape) > 2 or len(draft.q.value.shape) > 2:
        return
    up, dx, dv = draft.q.upstream, draft.q.increment, text(draft.dvalue)
    moved = inner(draft.upstream, draft.dvalue)
    title = f"Move {dx} across ⟨{up}, {dv}⟩, where {up} = ∂{draft.loss}/∂{draft.value_name}"
    said = backward_words([e for _, e in terms(line, {draft.dx})], draft.dx)
    why = draft.remarks([sentence(said) or "The adjoint of each operation, from the outside in."])
    kind = kind_of(draft.x)
    if kind is not None:
        why = f"{why} {STRUCTURES[kind][1].format(draft.x_name, dx)}"
    if kind is None and len(text(line)) + len(text(found)) <= SHORT:
        pairs = Pairing(draft.upstream, line), Pairing(found, draft.dx)
        proof = inner(draft.upstream, line), inner(found, draft.dx)
        lines, back = [Line(*pairs, proof), Line(draft.ratio(draft.loss, draft.x_name), found, proof)], ""
    else:
        lines, back = _read(draft, line, draft.upstream, found, draft.ratio(draft.loss, draft.x_name), moved)
    draft.read_off("adjoint", title, f"{why} {back}".strip(), f"{ADJOINT}; {BACKPROP}", *lines)


def upstream_number(draft: Draft) -> None:
    """The pullback where the value or the variable is a number: dL = ⟨G, dF⟩ = ⟨G, F'(t)⟩*dt."""
    found = draft.q.forms.get("pullback")
    assert found is not None, "a number has a pullback"
    up, value = draft.q.upstream, draft.value_name
    pair = real_inner if is_complex(draft.q.value) else inner
    proof = pair(draft.upstream, draft.dvalue), pair(found, draft.dx)
    if draft.q.value.shape:
        title = f"Pair with {up} = ∂{draft.loss}/∂{value}"
        why = f"d{draft.loss} = ⟨{up}, d{value}⟩, a number times {draft.q.increment}."
    else:
        title = f"Multiply by {up} = ∂{draft.loss}/∂{value}"
        why = f"{value} is a number, and so is {up}: d{draft.loss} = {up}*d{value}."
    draft.read_off("adjoint", title, why, BACKPROP, Line(draft.ratio(draft.loss, draft.x_name), found, proof))
