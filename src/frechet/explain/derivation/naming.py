"""Which parts of a formula get a name: those a person would name before differentiating.

The person's own names first.  Then what stands inside a nonlinear function, what stands in two places, the two sides of
a quotient: with these named, each differential is one rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

from frechet.algebra import constructors as b
from frechet.algebra.node import Node
from frechet.core.expr import Expr, postorder
from frechet.core.rewrite import replace
from frechet.explain.derivation.inner import is_complex, squared
from frechet.explain.derivation.terms import active
from frechet.explain.steps import Quantity
from frechet.ops.expressions import variable
from frechet.ops.normalise import node_of

INSIDE = 3
"""An argument of a nonlinear function with this many signs gets a name."""
INSIDE_TYPED = 7
"""The same in a problem whose quantities the person has named."""
TWICE = 4
"""A part that stands twice gets a name from this many signs on."""
TWICE_PRODUCT = 8
"""The same of a bare product, whose differential is one rule anyway."""
PRODUCT = frozenset({"mul", "transpose", "herm"})
"""What a matrix product is made of."""


@final
class Named:
    """The quantities in an order in which they can be evaluated, and the value over them."""

    def __init__(self, quantities: list[Quantity], value: Expr, full: dict[Expr, Expr]) -> None:
        self.quantities, self.value, self.full = quantities, value, full
        """`full` holds each symbol's formula in the variables alone."""


def name_quantities(
    value: Expr, x: Expr, typed: Mapping[str, Expr], known: Mapping[Expr, str], taken: frozenset[str]
) -> Named:
    """Name the parts of `value`; `typed` are the person's names, `known` names that the answer uses for a part.

    >>> from frechet.language import parse
    >>> from frechet.notation.ascii import text
    >>> problem = parse("logdet(X'*X)")
    >>> named = name_quantities(problem.value, problem.variables["X"], {}, {}, frozenset(problem.variables))
    >>> [(q.name, text(q.definition)) for q in named.quantities], text(named.value)
    ([('S', "X'*X")], 'logdet(S)')
    """
    cut: dict[Expr, str | None] = {}
    order = list(postorder(value))
    present = set(order)
    for name, e in typed.items():
        if e.args and e is not value and e in present:
            cut.setdefault(e, name)
    if x in present:
        inside = INSIDE_TYPED if cut else INSIDE
        _cut_known(order, value, known, cut)
        _choose(value, x, cut, inside)
    return _named(value, x, cut, known, _Letters(taken))


def _cut_known(order: list[Expr], value: Expr, known: Mapping[Expr, str], cut: dict[Expr, str | None]) -> None:
    """What the answer has a name for has that name from the beginning."""
    nodes = {node_of(e) for e in known}
    shapes = {e.shape for e in known}
    read: dict[Expr, Node] = {}
    for e in order:
        if not e.args or e is value or e.shape not in shapes or _bare_product(e):
            continue
        if node_of(e, read) in nodes:
            cut.setdefault(e, None)


def _choose(value: Expr, x: Expr, cut: dict[Expr, str | None], inside: int) -> None:
    moving = active(value, {x})
    order = list(postorder(value))
    sizes: dict[Expr, int] = {}
    parents: dict[Expr, int] = {}
    for e in order:
        sizes[e] = 1 + sum(1 if a in cut else sizes[a] for a in e.args)
        for a in e.args:
            parents[a] = parents.get(a, 0) + 1
    for e in reversed(order):
        if e.op.name == "transpose":
            parents[e.args[0]] += parents.get(e, 1) - 1  # what stands twice is what is transposed
    bases = {e.args[0] for e in order if squared(e) is not None}
    for e in order:
        for a in e.args:
            if a in moving and a.args and a not in bases and _wanted(e, a, moving, sizes, inside):
                cut.setdefault(a, None)
        twice = e.args and e is not value and parents.get(e, 0) > 1 and len(e.shape) <= 2
        if twice and e.op.name != "transpose" and sizes[e] >= _least(e, moving):
            cut.setdefault(e, None)


def _least(e: Expr, moving: set[Expr]) -> int:
    """How many signs a part that stands twice has before it gets a name."""
    if e not in moving:
        return 5
    if not e.op.facts.linear:
        return 2
    return TWICE_PRODUCT if _bare_product(e) else TWICE


def _bare_product(e: Expr) -> bool:
    return all(p.op.name in PRODUCT for p in postorder(e) if p.args)


def _wanted(e: Expr, a: Expr, moving: set[Expr], sizes: Mapping[Expr, int], inside: int) -> bool:
    """Whether the argument `a` of `e` should have a name."""
    name = e.op.name
    if len(a.shape) > 2:
        return False
    if name in ("divide", "edivide"):
        if e.args[1] not in moving:
            return False
        return sizes[a] >= max(inside, 3) or (a is e.args[1] and not a.op.facts.linear)
    if a.op.telling.recognised is not None or (a.op.name == "inv" and not e.op.facts.linear):
        return True
    if name in ("mul", "hadamard") and not a.shape:
        others = [o for o in e.args if o is not a]
        return any(o in moving for o in others) and sizes[a] >= 5
    if e.op.facts.linear:
        return False
    if name in ("power", "epower") and a is e.args[1]:
        return sizes[a] >= inside
    if not a.op.facts.linear and not a.op.elementwise:
        return True
    return sizes[a] >= inside


def _named(value: Expr, x: Expr, cut: Mapping[Expr, str | None], known: Mapping[Expr, str], letters: _Letters) -> Named:
    moving = active(value, {x})
    symbols: dict[Node, Expr] = {}
    done: dict[Expr, Expr] = {}
    full: dict[Expr, Expr] = {}
    quantities: list[Quantity] = []
    read: dict[Expr, Node] = {}
    names = {node_of(e): n for e, n in known.items()}
    letters.taken |= {n for n in cut.values() if n} | set(known.values())
    for e in postorder(value):
        if e not in cut:
            continue
        definition, node = replace(e, {}, done), node_of(e, read)
        there = symbols.get(node)
        if there is not None and there.shape == e.shape and cut[e] is None:
            done[e] = there  # A + x*y' and x*y' + A are one quantity
            continue
        symbol = variable(cut[e] or names.get(node) or letters.fresh(e), e.shape, _facts(e, node))
        names.pop(node, None)
        symbols[node] = symbol
        full[symbol] = e
        done[e] = symbol
        quantities.append(Quantity(str(symbol.params[0]), symbol, definition, e in moving))
    return Named(quantities, replace(value, {}, done), full)


def _facts(e: Expr, node: Node) -> list[str]:
    """What is known of a part, for its symbol."""
    square = len(e.shape) == 2 and not any(d == 1 for d in e.shape) and e.shape[0] == e.shape[1]
    return [*(["symmetric"] if square and b.T(node) is node else []), *(["complex"] if is_complex(e) else [])]


@final
class _Letters:
    """Free letters that suit a part: S for what is inverted, r for a residual, z for what a function acts on."""

    def __init__(self, taken: frozenset[str]) -> None:
        self.taken = set(taken)

    def fresh(self, e: Expr) -> str:
        """A name for this part, now taken."""
        for letter in self._suiting(e):
            if letter not in self.taken and f"d{letter}" not in self.taken:
                self.taken.add(letter)
                return letter
        stem = self._suiting(e)[0]
        k = 1
        while f"{stem}{k}" in self.taken:
            k += 1
        self.taken.add(f"{stem}{k}")
        return f"{stem}{k}"

    def _suiting(self, e: Expr) -> str:
        if not e.shape:
            return "stuvwabckpq"
        if len(e.shape) == 1:
            return e.op.telling.letters[0] + "zuvwrspq"
        square = e.shape[0] == e.shape[1]
        return e.op.telling.letters[1] + ("SMPQRTZ" if square else "ZUVRSPQ")
