"""The road backward, for a chain of quantities: each step takes one differential and moves it across the inner product.

What has not been taken apart yet always balances: df = Σ ⟨∂f/∂y, dy⟩ over the quantities still waiting.  That sum is
how each line is checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from frechet.algebra import build as b
from frechet.algebra.atoms import variable as leaf
from frechet.algebra.node import Node
from frechet.calculus.adjoint import cotangents
from frechet.calculus.structure import kind_of
from frechet.core.expr import Expr
from frechet.explain.derivation.differentials import inner
from frechet.explain.derivation.draft import Draft
from frechet.explain.derivation.forward import project
from frechet.explain.derivation.lines import active, terms, total
from frechet.explain.derivation.rules import backward_words
from frechet.explain.derivation.steps import Line, Quantity
from frechet.explain.derivation.wording import BACKPROP
from frechet.notation.tidy import tidy
from frechet.ops.build import variable
from frechet.ops.normalise import node_of

SHORT = 6
"""A cotangent lighter than this is written out where it is used."""

Waiting = dict[Expr, list[Node]]


def backward(draft: Draft) -> None:
    """Cotangents from the value to the variable, one step a quantity."""
    stages = [draft.whole, *reversed(draft.moving)]
    uses = [active(p.definition, draft.moves) & draft.moves.keys() for p in stages]
    last_use = {y: k for k, below in enumerate(uses) for y in below}
    increments = frozenset(draft.moves.values())
    waiting: Waiting = {draft.value: [node_of(draft.upstream) if draft.q.value.shape else b.number(1)]}
    for k, p in enumerate(stages):
        if p.symbol not in waiting:
            continue  # its differential reaches nothing: the derivative is zero there
        g = _sum(draft, waiting.pop(p.symbol))
        if k and g.weight > SHORT:
            g = _by_name(draft, p, g)
        step = draft.local(p)
        nodes = {node_of(y): y for y in draft.moves if y in uses[k]}
        for node, part in cotangents(node_of(p.definition), g, nodes).items():
            if node in nodes:
                waiting.setdefault(nodes[node], []).append(part)
        finished = [y for y in draft.moves if y in waiting and last_use[y] == k]
        proof = _balance(draft, waiting)
        step.lines += [_cotangent_line(draft, y, waiting[y], proof) for y in reversed(finished)]
        if finished and k:
            moved = [e for _, e in terms(step.lines[0].right, increments)]
            step.why = f"{step.why} {backward_words(moved, *increments)}"
            step.reference = f"{step.reference}; {BACKPROP}"
        draft.steps.append(step)
    if kind_of(draft.x) is not None and not draft.q.value.shape:
        project(draft)


def _sum(draft: Draft, parts: Sequence[Node]) -> Node:
    return tidy(b.add([(g, 1) for g in parts]), draft.writer)


def _by_name(draft: Draft, p: Quantity, g: Node) -> Node:
    assumed = ("symmetric",) if not g.scalar and b.T(g) is g else ()
    return leaf(draft.name_cotangent(p, g), p.shape, assumed)


def _cotangent_line(draft: Draft, y: Expr, parts: Sequence[Node], proof: tuple[Expr, Expr] | None) -> Line:
    g = _sum(draft, parts)
    name = str(y.params[0])
    named = y is not draft.x and g.weight > SHORT
    left = variable(draft.cotangent_name(name), y.shape) if named else draft.ratio(draft.differentiated, name)
    return Line(left, draft.writer.write(g), proof)


def _balance(draft: Draft, waiting: Mapping[Expr, list[Node]]) -> tuple[Expr, Expr] | None:
    """df = Σ ⟨∂f/∂y, dy⟩ over what waits; an array's df stands under ⟨G, ·⟩."""
    if not waiting or any(len(y.shape) > 2 for y in (*waiting, draft.q.value)):
        return None
    left = inner(draft.upstream, draft.dvalue) if draft.q.value.shape else draft.dvalue
    parts = [(1, inner(draft.writer.write(_sum(draft, g)), draft.moves[y])) for y, g in waiting.items()]
    return left, draft.expand(total(parts))
