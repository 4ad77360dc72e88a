"""A derivation in the making: the names and symbols of the problem, the lines so far.

The roads (forward, backward) and the readings are functions that take a :class:`Draft` and add steps to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from frechet.algebra.node import Node
from frechet.core.expr import Expr
from frechet.core.rewrite import replace
from frechet.core.words import Words
from frechet.explain.derivation.differentials import differential
from frechet.explain.derivation.naming import name_quantities
from frechet.explain.derivation.recognised import recognised
from frechet.explain.derivation.rules import rule_words
from frechet.explain.derivation.spelling import spelled
from frechet.explain.names import by_name, expanded
from frechet.explain.question import Question
from frechet.explain.steps import Label, Line, Quantity, Step
from frechet.notation.latex import name as latex_name
from frechet.notation.write import Writer
from frechet.ops.expressions import variable
from frechet.ops.normalise import node_of


@final
class Draft:
    """The problem with its parts named, and the steps found so far.

    x, dx          the variable and its increment; `moves` holds the increment of everything that moves
    value, dvalue  the value's symbol and its increment
    quantities     the named parts, in an order in which they can be evaluated
    cotangents     names given to cotangents, each with its formula over quantities
    told           the reasons given so far, each with the number of its step
    start          how many steps stand before these: those of another derivation, and one between the two
    """

    def __init__(self, question: Question, after: Draft | None = None) -> None:
        q = self.q = question
        self.start = after.start + len(after.steps) + 1 if after else 0
        self.value_name = q.value_name()
        self.loss = q.loss_name(self.value_name)
        self.x, self.x_name = q.x, str(q.x.params[0])
        self.where = expanded(q.where)
        taken = q.taken | set(q.variables) | set(q.where) | set(q.typed)
        taken |= {self.value_name, self.loss, q.upstream, q.increment}
        value, by_name = recognised(q.value, self.x)
        named = name_quantities(value, self.x, q.typed, q.parts(self.where), frozenset(taken))
        self.quantities, self.definition, self.full = named.quantities, named.value, named.full
        self.moving = [p for p in self.quantities if p.moves]
        self.taken = frozenset(taken) | {p.name for p in self.quantities}
        self.dx = variable(q.increment, self.x.shape)
        self.upstream = variable(q.upstream, q.value.shape)
        self.value = variable(self.value_name, q.value.shape)
        self.dvalue = self._increment(self.value)
        self.moves: dict[Expr, Expr] = {self.x: self.dx, **{p.symbol: self._increment(p.symbol) for p in self.moving}}
        self.cotangents: dict[str, Expr] = {}
        self.names: dict[str, str] = {}
        self.told: dict[str, int] = dict(after.told) if after else {}
        self.by_definition: dict[Expr, Expr] | None = None
        self.writer = Writer()
        self.steps: list[Step] = []
        if by_name:
            self._recognise(value, by_name[0])

    def _recognise(self, value: Expr, words: Words) -> None:
        line = Line(self.value, value, (self.value, value))
        before = Line(self.value, self.q.value)
        self.add(Step(words.rule, words.title, words.why, words.reference, before, [line]))

    def _increment(self, symbol: Expr) -> Expr:
        name = symbol.params[0]
        return variable(next(n for n in (f"d{name}", f"d_{name}", f"d_{name}_") if n not in self.taken), symbol.shape)

    @property
    def whole(self) -> Quantity:
        """The value as a quantity of its own: the last."""
        return Quantity(self.value_name, self.value, self.definition, True)

    @property
    def differentiated(self) -> str:
        """What a gradient is the gradient of: the value, or the loss that the upstream gradient belongs to."""
        return self.loss if self.q.value.shape else self.value_name

    def head(self, p: Quantity) -> Line:
        """The line that defines a quantity."""
        return Line(p.symbol, p.definition)

    @property
    def number(self) -> int:
        """The number of the next step."""
        return self.start + len(self.steps) + 1

    def add(self, step: Step) -> None:
        """One more step."""
        self.steps.append(step)

    def remarks(self, said: Sequence[str]) -> str:
        """The reasons of the next step; what an earlier step has said is referred to."""
        fresh = [s for s in said if s not in self.told]
        if not fresh:
            return f"As in step {self.told[said[0]]}." if said else ""
        self.told.update(dict.fromkeys(fresh, self.number))
        return " ".join(fresh)

    def moved(self, p: Quantity) -> Line:
        """The differential of one quantity, over the increments of what it is made of."""
        increment = self.dvalue if p.symbol is self.value else self.moves[p.symbol]
        found = differential(p.definition, self.moves)
        assert found is not None, "the quantity moves"
        found = spelled(self.called(found), self.moves.values())
        return Line(increment, found, (increment, found))

    def called(self, e: Expr) -> Expr:
        """A formula with every named part by its name: d exp(z) is exp(z) again, and that is u."""
        if self.by_definition is None:
            self.by_definition = {p.definition: p.symbol for p in self.quantities if p.definition.args}
            name = self._answers_name()
            if name is not None:
                self.by_definition.setdefault(self.definition, name)
        return replace(e, self.by_definition)

    def _answers_name(self) -> Expr | None:
        """What the answer calls the whole value, where it names it: softmax(x) is s."""
        if not self.q.value.args:
            return None
        node = node_of(self.q.value)
        names = (n for n, e in self.where.items() if e.shape == self.q.value.shape and node_of(e) is node)
        return next((variable(n, self.q.value.shape) for n in names), None)

    def local(self, p: Quantity) -> Step:
        """The next step: the rule (or rules) for one quantity, and the line it gives."""
        said = rule_words(p.definition, self.moves)
        return Step(said.rule, said.title, self.remarks(said.why), said.reference, self.head(p), [self.moved(p)])

    def ratio(self, above: str, below: str) -> Label:
        """∂f/∂X."""
        return Label(f"∂{above}/∂{below}", rf"\frac{{\partial {latex_name(above)}}}{{\partial {latex_name(below)}}}")

    def last_differential(self) -> Line:
        """The latest line for the value's differential."""
        lines = [s.after for s in self.steps if s.after.left is self.dvalue]
        first = next(line for s in self.steps for line in s.lines if line.left is self.dvalue)
        return lines[-1] if lines else first

    def say(self, rule: str, title: str, why: str, reference: str, right: Expr) -> None:
        """A new line for the value's differential."""
        line = Line(self.dvalue, right, (self.dvalue, right))
        self.add(Step(rule, title, why, reference, self.last_differential(), [line]))

    def read_off(self, rule: str, title: str, why: str, reference: str, *lines: Line) -> None:
        """New lines of another kind, read off the last one."""
        self.add(Step(rule, title, why, reference, self.steps[-1].after, list(lines)))

    def spelled_out(self, e: Expr) -> Expr:
        """A formula in the variables alone."""
        e = by_name(e, self.cotangents)
        return by_name(e, {**self.where, **{str(s.params[0]): full for s, full in self.full.items()}})

    def expand(self, e: Expr) -> Expr:
        """Names of cotangents, and of the answer, replaced by what they stand for; quantities stay."""
        return by_name(e, {**self.where, **self.cotangents}, {p.name for p in self.quantities})

    def name_cotangent(self, p: Quantity, g: Node) -> str:
        """A name for ∂f/∂(quantity), now known."""
        name = self.cotangent_name(p.name)
        self.cotangents[name] = self.expand(self.writer.write(g))
        self.names[name] = self.ratio(self.differentiated, p.name).latex
        return name

    def cotangent_name(self, quantity: str) -> str:
        """``dL_da``; after an array's upstream gradient ``G_a``."""
        name = f"{self.q.upstream}_{quantity}" if self.q.value.shape else f"d{self.value_name}_d{quantity}"
        while name in self.taken and name not in self.q.where:
            name += "_"
        return name
