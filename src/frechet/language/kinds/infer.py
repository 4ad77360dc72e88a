"""Shapes by inference: the kinds of free names by habit, their sizes by unification.

When the habit does not fit, the fewest names change kind, those first that stand in the piece that does not
fit.  The search is bounded by work, not by time: equal input gives equal output.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from heapq import heappop, heappush
from itertools import count
from typing import final

from frechet.core.dim import Dim, Shape
from frechet.core.expr import Expr
from frechet.core.op import Unify
from frechet.errors import FrechetError
from frechet.language.declarations import SQUARE
from frechet.language.elaborate import Misfit, elaborate
from frechet.language.indexed.index_form import assembled, has_indices
from frechet.language.kinds.habits import entrywise, habits, others
from frechet.language.kinds.odd_readings import oddities
from frechet.language.kinds.question import Question, Reading
from frechet.language.kinds.row_or_column import pressed
from frechet.language.names import Kind, habit, loose
from frechet.language.questions import Notes
from frechet.language.sizes import Sizes
from frechet.language.tree import Node, walk
from frechet.ops.expressions import variable
from frechet.ops.shapes import agree

_WORK = 40_000
"""How many parts may be looked at over all readings of the names."""
_Candidate = tuple[int, int, dict[str, Kind], tuple[str, ...]]


def run(
    question: Question,
    leaves: Mapping[str, Expr],
    fills: dict[int, tuple[Dim, ...]],
    unify: Unify,
    note: Callable[[Node], None] | None = None,
    seen: dict[int, Expr] | None = None,
) -> Reading:
    """All statements in order, each name standing for the expression it names."""
    values = {**question.scope.values, **leaves}
    inner = replace(question.scope, values=values, fills=dict(fills), notes=Notes(), seen=seen)
    quantities: dict[str, Expr] = {}
    arrays: set[Expr] = set()  # what is assembled already is not looked through again
    value: Expr | None = None
    for statement in question.statements:
        defines = statement.kind == "define"
        value = elaborate(statement.args[0] if defines else statement, inner, unify, note)
        if question.assemble and (has_indices(value, arrays) or (defines and statement.params)):
            value = _array(value, statement, unify, question)
        if defines:
            name = str(statement.data)
            if name in question.declared:
                _as_declared(name, statement, value, question.declared[name], unify)
            values[name] = quantities[name] = value
            if question.assemble:
                arrays.add(value)
    assert value is not None  # the reader gives at least one statement
    return Reading(value, quantities, dict(leaves), notes=inner.notes, seen=seen or {})


def _array(body: Expr, statement: Node, unify: Unify, question: Question) -> Expr:
    """The array that a statement in index form defines: `C[i,j] = …` a matrix, without a left side a scalar."""
    defines = statement.kind == "define"
    formula = statement.args[0] if defines else statement
    free = tuple(str(p.data) for p in statement.params) if defines else ()
    places: dict[str, int] = {}
    for node in walk(formula):
        for param in node.params:
            if param.kind == "name" and node.kind != "sum":
                places.setdefault(str(param.data), param.start)
    try:
        return assembled(body, free, unify, places, question.ranges, question.mathematical)
    except FrechetError as trouble:
        place = formula.start if trouble.position is None else trouble.position
        raise FrechetError(trouble.kind, trouble.message, place) from trouble


def _as_declared(name: str, node: Node, value: Expr, declared: Shape, unify: Unify) -> None:
    try:
        agree(unify, value.shape, declared, name)
    except FrechetError as trouble:
        wanted = variable(name, declared)
        raise Misfit(
            node, FrechetError("shape", f"{name} has another shape than declared"), [wanted, value]
        ) from trouble


def _shape(kind: Kind, i: int, square: bool, more: Shape) -> Shape:
    """A shape of unknown sizes; a tensor has `more` than three."""
    rows, cols, deep = (Dim.of(f"?{3 * i + k}") for k in (1, 2, 3))
    if kind == "tensor":
        return (rows, cols, deep, *more)
    if kind == "matrix":
        return (rows, rows) if square else (rows, cols)
    return () if kind == "scalar" else (rows,) if kind == "vector" else (Dim.of(1), cols)


@final
class _Attempt:
    """One choice of kinds and what came of it."""

    def __init__(self, question: Question, kinds: dict[str, Kind]) -> None:
        self.question, self.kinds = question, kinds
        others = count(3 * len(question.free) + 2 * len(question.usage.fills) + 1)
        self.shapes = {
            name: _shape(
                kinds[name],
                i,
                bool(SQUARE.intersection(question.assumptions.get(name, ()))),
                tuple(Dim.of(f"?{next(others)}") for _ in range(3, question.orders.get(name, 3))),
            )
            for i, name in enumerate(question.free)
        }
        proper = frozenset(n for shape in self.shapes.values() for d in shape for n in d.names)
        self.sizes = Sizes(proper)
        first = 3 * len(question.free) + 1
        self.fills: dict[int, tuple[Dim, ...]] = {}
        for j, node in enumerate(question.usage.fills):
            pair = Dim.of(f"?{first + 2 * j}"), Dim.of(f"?{first + 2 * j + 1}")
            self.fills[id(node)] = pair if node.data == "matrix" else pair[:1]

    def _leaves(self) -> dict[str, Expr]:
        resolve, assumed = self.sizes.resolve, self.question.assumptions
        return {
            name: variable(name, tuple(resolve(d) for d in shape), assumed.get(name, ()))
            for name, shape in self.shapes.items()
        }

    def read(self) -> Reading:
        """The statements under these kinds; Misfit where they do not fit."""
        question, sizes = self.question, self.sizes
        run(question, self._leaves(), self.fills, sizes.unify, sizes.at)
        self.christen()
        fills = {i: tuple(sizes.resolve(d) for d in dims) for i, dims in self.fills.items()}
        reading = run(question, self._leaves(), fills, sizes.settled, seen={})
        return replace(reading, constraints=tuple(sizes.kept), kinds=self.kinds)

    def christen(self) -> None:
        order = [d for shape in self.shapes.values() for d in shape]
        order += [d for dims in self.fills.values() for d in dims]
        self.sizes.christen(order, self.question.taken)


@final
class Unfit(Exception):
    """No kinds fit: what went wrong with the habitual ones."""

    def __init__(self, misfit: Misfit, attempt: _Attempt) -> None:
        super().__init__(str(misfit))
        self.misfit, self.sizes = misfit, attempt.sizes
        self.kinds, self.shapes = attempt.kinds, attempt.shapes


def _involved(question: Question, node: Node, flexible: tuple[str, ...]) -> list[str]:
    """The flexible names in a piece of syntax, definitions opened, in the order in which they give way."""
    bodies = {str(s.data): s.args[0] for s in question.statements if s.kind == "define"}
    names: list[str] = []
    seen: set[str] = set()
    pending = [node]
    while pending:
        for piece in walk(pending.pop()):
            if piece.kind == "name" and piece.data not in seen:
                seen.add(str(piece.data))
                if piece.data in flexible:
                    names.append(str(piece.data))
                elif piece.data in bodies:
                    pending.append(bodies[str(piece.data)])
    return sorted(names, key=lambda name: not loose(name)) or list(flexible)


def read_as(question: Question, kinds: Mapping[str, Kind]) -> Reading:
    """The statements with every free name of the given kind; Misfit where they do not fit."""
    return _Attempt(question, dict(kinds)).read()


def fitting(question: Question, kinds: Mapping[str, Kind], partly: bool = False) -> Reading | None:
    """The reading under these kinds, or None where they do not fit; `partly` lets some names have that of habit."""
    if partly:
        kinds = {name: kinds.get(name, kind) for name, kind in habits(question)[0].items()}
    try:
        return read_as(question, kinds)
    except (Misfit, FrechetError):
        return None


@final
class Search:
    """The choices of kinds that are tried, the cheapest first."""

    def __init__(self, question: Question) -> None:
        self.question = question
        kinds, self.flexible = habits(question)
        self.queue: list[_Candidate] = [(0, 0, kinds, ())]
        self.count = 0
        self.first: Unfit | None = None

    def push(self, cost: int, kinds: dict[str, Kind], changed: tuple[str, ...]) -> None:
        """One more choice to try."""
        self.count += 1
        heappush(self.queue, (cost, self.count, kinds, changed))

    def best(self) -> Reading:
        """The cheapest reading."""
        question = self.question
        length = sum(len(walk(s)) for s in question.statements)
        tries = max(2, min(400, _WORK // max(1, length)))
        best: tuple[int, Reading] | None = None
        seen: set[tuple[Kind, ...]] = set()
        while self.queue and tries and (best is None or self.queue[0][0] < best[0]):
            cost, _, kinds, changed = heappop(self.queue)
            key: tuple[Kind, ...] = tuple(kinds[name] for name in question.free)
            if key in seen:
                continue
            seen.add(key)
            tries -= 1
            attempt = _Attempt(question, kinds)
            try:
                reading = attempt.read()
            except Misfit as misfit:
                self._after_misfit(cost, kinds, changed, attempt, misfit)
                continue
            odd = self._oddities(reading, cost, changed)
            if any(habit(name) == "matrix" and kinds[name] == "scalar" for name in changed) and odd:
                continue  # a capital that is added to an array is no scalar
            if best is None or cost + odd < best[0]:
                best = (cost + odd, reading)
        if best is not None:
            return best[1]
        assert self.first is not None  # the first attempt either reads or misfits
        raise self.first

    def _oddities(self, reading: Reading, cost: int, changed: tuple[str, ...]) -> int:
        """What the oddities of a reading cost; what may be instead of them is tried too."""
        found = oddities(self.question.statements, reading.seen, reading.kinds, self.question.usage)
        for oddity in found:
            for name, kind in oddity.instead:
                if name in self.flexible and name not in changed:
                    self.push(cost + 1, {**reading.kinds, name: kind}, (*changed, name))
        return sum(oddity.cost for oddity in found)

    def _after_misfit(
        self, cost: int, kinds: dict[str, Kind], changed: tuple[str, ...], attempt: _Attempt, misfit: Misfit
    ) -> None:
        """What to try where the shapes do not fit."""
        question, flexible = self.question, self.flexible
        guessed = any(habit(name) == "matrix" and kinds[name] != "tensor" and question.usage.entered.get(name) is None
                      for name in changed)  # a second capital that is none: a guess  # fmt: skip
        forced = {} if guessed else pressed(misfit, attempt.sizes, attempt.shapes, kinds, question.scope.values)
        if self.first is None:
            attempt.christen()
            self.first = Unfit(misfit, attempt)
            if "matrix" not in kinds.values() and entrywise(question.statements, question.scope.functions):
                factors = tuple(n for n in flexible if loose(n) and n not in question.usage.arrays)
                one_by_one = [(n,) for n in factors] if len(factors) > 1 else []
                for first_tried, names in enumerate((*one_by_one, factors, flexible), -len(flexible) - 2):
                    # λ*x: λ is a number, before x is one too
                    plain: dict[str, Kind] = {
                        n: "scalar" if n in names and n not in question.bold else k for n, k in kinds.items()
                    }
                    heappush(self.queue, (1, first_tried, plain, names))
        if forced and all(name in flexible for name in forced):
            price = any(kinds[name] == "vector" for name in forced)  # a matrix may well be a row
            self.push(cost + price, {**kinds, **forced}, changed)
        for name in _involved(question, misfit.node, flexible):
            if name in changed or (kinds[name] == "matrix" and guessed):
                continue
            for other, price in others(name, kinds[name], question):
                self.push(cost + price, {**kinds, name: other}, (*changed, name))
