"""What each part of a formula in index form says about indices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, final

from frechet.core.expr import Expr, postorder
from frechet.ops.arithmetic import ADD, DIVIDE, EDIVIDE, HADAMARD, MUL, NEG, SUB
from frechet.ops.indexform import AT, DELTA, ISUM

Names: TypeAlias = frozenset[str]


@final
@dataclass(frozen=True, slots=True)
class Indices:
    """The indices of a part of a formula.

    mentioned   every name in it
    inside      those an enclosing product counts as standing here
    shown       those that would be left if the part were a scope of its own (a function's argument)
    ranges      how far they run, as far as entries of arrays tell
    """

    mentioned: Names
    inside: Names
    shown: Names
    ranges: Mapping[str, int]


def _leaf(params: tuple[object, ...], ranges: Mapping[str, int]) -> Indices:
    names = [k for k in params if isinstance(k, str)]
    once = frozenset(k for k in names if names.count(k) == 1)
    return Indices(frozenset(names), frozenset(names), once, ranges)


def indices(expr: Expr, sizes: Mapping[str, int]) -> dict[Expr, Indices]:
    """For every node that has index form in it; the others are ordinary expressions.

    >>> from frechet.ops.expressions import apply, variable
    >>> x = variable("x", ("n",))
    >>> square = apply("mul", (apply("at", (x,), ("s",)), apply("at", (x,), ("s",))))
    >>> about = indices(square, {"n": 3})[square]
    >>> sorted(about.inside), sorted(about.shown), dict(about.ranges)
    (['s'], [], {'s': 3})
    """
    known: dict[Expr, Indices] = {}
    for node in postorder(expr):
        if node.op is AT:
            axes = zip(node.params, node.args[0].shape, strict=True)
            known[node] = _leaf(node.params, {k: d.evaluate(sizes) for k, d in axes if isinstance(k, str)})
            continue
        if node.op is DELTA:
            known[node] = _leaf(node.params, {})
            continue
        below = [known[a] for a in node.args if a in known]
        if below:
            known[node] = _combined(node, known)
    return known


def _combined(node: Expr, known: Mapping[Expr, Indices]) -> Indices:
    below = [known[a] for a in node.args if a in known]
    mentioned = frozenset[str]().union(*(b.mentioned for b in below))
    inside = frozenset[str]().union(*(b.inside for b in below))
    shown = frozenset[str]().union(*(b.shown for b in below))
    if node.op is ISUM:
        inside, shown = inside.difference(node.params), shown.difference(node.params)
    elif node.op in (MUL, HADAMARD, DIVIDE, EDIVIDE) and len(below) == 2:
        left, right = below
        right_inside = right.shown if node.op in (DIVIDE, EDIVIDE) else right.inside
        inside = left.inside | right_inside
        shown -= left.inside & right_inside
    elif node.op in (DIVIDE, EDIVIDE):
        inside = known[node.args[0]].inside if node.args[0] in known else below[0].shown
    elif node.op not in (ADD, SUB, NEG, MUL, HADAMARD):
        inside = shown
    ranges = {name: size for b in below for name, size in b.ranges.items() if name in inside}
    return Indices(mentioned, inside, shown, ranges)
