"""The road backward, for a chain of quantities: each step takes one differential and moves it across the inner product.

What has not been taken apart yet always balances: df = Σ ⟨∂f/∂y, dy⟩ over the quantities still waiting.  That sum is
how each line is checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace as replaced

from frechet.algebra import constructors as b
from frechet.algebra.atoms import variable as leaf
from frechet.algebra.node import Node
from frechet.calculus.adjoint import cotangents
from frechet.calculus.structure import kind_of
from frechet.core.expr import Expr
from frechet.explain.derivation.draft import Draft
from frechet.explain.derivation.forward import project
from frechet.explain.derivation.inner import inner
from frechet.explain.derivation.moves import backward_words, sentence
from frechet.explain.derivation.terms import active, terms, total
from frechet.explain.render.prose import escaped
from frechet.explain.steps import Label, Line, Quantity, Step
from frechet.notation.ascii import text
from frechet.notation.tidy import tidy
from frechet.ops.books import BACKPROP
from frechet.ops.expressions import variable
from frechet.ops.normalise import node_of

PAIRED = "what an increment is paired with is the gradient by that quantity"
"""The reason of a step that reads a cotangent off."""
WRITTEN = "{} is written for {}"
"""How a name is introduced."""

Waiting = dict[Expr, list[Node]]


def backward(draft: Draft) -> None:
    """Cotangents from the value to the variable, one step a quantity; at the end the answer as it is printed."""
    stages = [draft.whole, *reversed(draft.moving)]
    uses = [active(p.definition, draft.moves) & draft.moves.keys() for p in stages]
    last_use = {y: k for k, below in enumerate(uses) for y in below}
    waiting: Waiting = {draft.value: [node_of(draft.upstream) if draft.q.value.shape else b.number(1)]}
    for k, p in enumerate(stages):
        if p.symbol not in waiting:
            continue  # its differential reaches nothing: the derivative is zero there
        g = _sum(draft, waiting.pop(p.symbol))
        if k and g.args:
            g = _by_name(draft, p, g)
        step = draft.local(p)
        nodes = {node_of(y): y for y in draft.moves if y in uses[k]}
        shares = {
            nodes[node]: part for node, part in cotangents(node_of(p.definition), g, nodes).items() if node in nodes
        }
        for y, part in shares.items():
            waiting.setdefault(y, []).append(part)
        finished = [y for y in draft.moves if y in waiting and last_use[y] == k]
        step.lines += [_share_line(draft, p, g, y, shares) for y in shares if y not in finished]
        proof = _balance(draft, waiting)
        step.lines += [_cotangent_line(draft, y, waiting[y], proof) for y in reversed(finished)]
        step.lines = [replaced(line, right=draft.called(line.formula)) for line in step.lines]
        _explained(draft, step, p)
        draft.add(step)
    _together(draft)
    if kind_of(draft.x) is not None and not draft.q.value.shape:
        project(draft)


def _explained(draft: Draft, step: Step, p: Quantity) -> None:
    """Add why the cotangents are what they are, and once how they are written."""
    if len(step.lines) < 2:
        return
    increments = frozenset(draft.moves.values())
    said = [PAIRED]
    if p.symbol is not draft.value or draft.q.value.shape:
        said = backward_words([e for _, e in terms(step.lines[0].formula, increments)], *increments)
        step.reference = f"{step.reference}; {BACKPROP}"
    if WRITTEN not in draft.told:
        ratios = {draft.cotangent_name(str(y.params[0])): _ratio(draft, y).plain for y in draft.moves}
        named = [str(line.left.params[0]) for line in step.lines[1:] if isinstance(line.left, Expr)]
        step.aside = sentence([WRITTEN.format(name, ratios[name]) for name in named[:1]])
        draft.told.update({WRITTEN: draft.number} if named else {})
    fresh = [w for w in said if w not in draft.told]
    draft.told.update(dict.fromkeys(fresh, draft.number))
    step.why = f"{step.why} {sentence(fresh)}".strip()


def _together(draft: Draft) -> None:
    """The answer's own formula, where the last line has it by other names."""
    kind = kind_of(draft.x)
    label = "pullback" if draft.q.value.shape else "gradient" if kind is None else "structured unconstrained"
    found = draft.q.forms.get(label)
    if found is None or not draft.steps or text(found) == text(draft.steps[-1].after.formula):
        return
    moved = inner(draft.upstream, draft.dvalue) if draft.q.value.shape else draft.dvalue
    line = Line(draft.ratio(draft.differentiated, draft.x_name), found, (moved, inner(found, draft.dx)))
    why = "Each name stands for what its line says."
    draft.read_off("together", "Put the lines into the last one", why, "", line)


def _sum(draft: Draft, parts: Sequence[Node]) -> Node:
    return tidy(b.add([(g, 1) for g in parts]), draft.writer)


def _by_name(draft: Draft, p: Quantity, g: Node) -> Node:
    assumed = ("symmetric",) if not g.scalar and len(g.shape) == 2 and b.T(g) is g else ()
    return leaf(draft.name_cotangent(p, g), p.shape, assumed)


def _cotangent_line(draft: Draft, y: Expr, parts: Sequence[Node], proof: tuple[Expr, Expr] | None) -> Line:
    g = _sum(draft, parts)
    name = str(y.params[0])
    left = variable(draft.cotangent_name(name), y.shape) if y is not draft.x and g.args else _ratio(draft, y)
    return Line(left, draft.writer.write(g), proof)


def _share_line(draft: Draft, p: Quantity, g: Node, y: Expr, shares: Mapping[Expr, Node]) -> Line:
    """What one quantity adds to the cotangent of another that has more uses."""
    whole, through = _ratio(draft, y), f"through {p.name}"
    label = Label(f"{whole.plain}, {through}", rf"{whole.latex}\Big|_{{\text{{{escaped(through)}}}}}")
    increment = draft.dvalue if p.symbol is draft.value else draft.moves[p.symbol]
    parts = [(1, inner(draft.writer.write(part), draft.moves[z])) for z, part in shares.items()]
    left = inner(draft.upstream, increment) if p.symbol is draft.value and p.shape else increment
    if p.symbol is not draft.value:
        left = inner(draft.writer.write(g), increment)
    proof = draft.expand(left), draft.expand(total(parts))
    return Line(label, draft.writer.write(shares[y]), proof)


def _ratio(draft: Draft, y: Expr) -> Label:
    return draft.ratio(draft.differentiated, str(y.params[0]))


def _balance(draft: Draft, waiting: Mapping[Expr, list[Node]]) -> tuple[Expr, Expr] | None:
    """df = Σ ⟨∂f/∂y, dy⟩ over what waits; an array's df stands under ⟨G, ·⟩."""
    if not waiting:
        return None
    left = inner(draft.upstream, draft.dvalue) if draft.q.value.shape else draft.dvalue
    parts = [(1, inner(draft.writer.write(_sum(draft, g)), draft.moves[y])) for y, g in waiting.items()]
    return left, draft.expand(total(parts))
