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
from frechet.explain.derivation.forward import project
from frechet.explain.derivation.differentials import inner
from frechet.explain.derivation.rules import backward_words
from frechet.explain.derivation.steps import Line, Quantity
from frechet.explain.derivation.lines import active, terms, total
from frechet.explain.derivation.wording import BACKPROP
from frechet.explain.derivation.draft import Draft
from frechet.notation.tidy import tidy
from frechet.ops.build import variable
from frechet.ops.normalise import node_of

SHORT = 6
"""A cotangent lighter than this is written out where it is used."""

Waiting = dict[Expr, list[Node]]


def backward(work: Draft) -> None:
    """Cotangents from the value to the variable, one step a quantity."""
    stages = [work.whole, *reversed(work.moving)]
    uses = [active(p.definition, work.moves) & work.moves.keys() for p in stages]
    last_use = {y: k for k, below in enumerate(uses) for y in below}
    increments = frozenset(work.moves.values())
    waiting: Waiting = {work.value: [node_of(work.upstream) if work.q.value.shape else b.number(1)]}
    for k, p in enumerate(stages):
        if p.symbol not in waiting:
            continue  # its differential reaches nothing: the derivative is zero there
        g = _sum(work, waiting.pop(p.symbol))
        if k and g.weight > SHORT:
            g = _by_name(work, p, g)
        step = work.local(p)
        nodes = {node_of(y): y for y in work.moves if y in uses[k]}
        for node, part in cotangents(node_of(p.definition), g, nodes).items():
            if node in nodes:
                waiting.setdefault(nodes[node], []).append(part)
        finished = [y for y in work.moves if y in waiting and last_use[y] == k]
        proof = _balance(work, waiting)
        step.lines += [_cotangent_line(work, y, waiting[y], proof) for y in reversed(finished)]
        if finished and k:
            moved = [e for _, e in terms(step.lines[0].right, increments)]
            step.why = f"{step.why} {backward_words(moved, *increments)}"
            step.reference = f"{step.reference}; {BACKPROP}"
        work.steps.append(step)
    if kind_of(work.x) is not None and not work.q.value.shape:
        project(work)


def _sum(work: Draft, parts: Sequence[Node]) -> Node:
    return tidy(b.add([(g, 1) for g in parts]), work.writer)


def _by_name(work: Draft, p: Quantity, g: Node) -> Node:
    assumed = ("symmetric",) if not g.scalar and b.T(g) is g else ()
    return leaf(work.name_cotangent(p, g), p.shape, assumed)


def _cotangent_line(work: Draft, y: Expr, parts: Sequence[Node], proof: tuple[Expr, Expr] | None) -> Line:
    g = _sum(work, parts)
    name = str(y.params[0])
    named = y is not work.x and g.weight > SHORT
    left = variable(work.cotangent_name(name), y.shape) if named else work.ratio(work.differentiated, name)
    return Line(left, work.writer.write(g), proof)


def _balance(work: Draft, waiting: Mapping[Expr, list[Node]]) -> tuple[Expr, Expr] | None:
    """df = Σ ⟨∂f/∂y, dy⟩ over what waits; an array's df stands under ⟨G, ·⟩."""
    if not waiting or any(len(y.shape) > 2 for y in (*waiting, work.q.value)):
        return None
    left = inner(work.upstream, work.dvalue) if work.q.value.shape else work.dvalue
    parts = [(1, inner(work.writer.write(_sum(work, g)), work.moves[y])) for y, g in waiting.items()]
    return left, work.expand(total(parts))
