"""The value of a formula in index form: one array with an axis for each free index.

The rule of summation: an index that is not free and stands more than once in a term is summed over the
innermost product that holds all its occurrences; `sum(k: …)` sums where it says; the argument of a function
is a scope of its own, in which an index that stands twice is summed, while one that stands once is seen
outside.

The formula is laid out once (which axes each part has, what is summed where) and then run on numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias, final

import numpy as np

from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.ops.arithmetic import ADD, DIVIDE, EDIVIDE, EPOWER, HADAMARD, MUL, NEG, POWER, SUB
from frechet.ops.indexform import AT, DELTA, ISUM
from frechet.verify.contraction import Labels, Part, cheapest, einsum, reciprocal, reordered, taken, times
from frechet.verify.evaluate import Array, Function, Program, parameters
from frechet.verify.indices import Indices, Names, indices

Visit: TypeAlias = "Generator[Visit, Part, Part]"

PRODUCTS = (MUL, HADAMARD)
"""Operations that multiply."""
QUOTIENTS = (DIVIDE, EDIVIDE)
"""Operations that divide."""
NOTHING = Indices(frozenset(), frozenset(), frozenset(), {})
"""The indices of a formula without any."""


@final
class Context:
    """What is known of indices where a part stands.

    `fixed` are free or summed by an enclosing `sum(k: …)`; `held` are summed by an enclosing product; neither
    is summed here.  `ranges` says how far they run, where that is known.
    """

    __slots__ = ("fixed", "held", "ranges")

    def __init__(self, fixed: Names, held: Names, ranges: Mapping[str, int]) -> None:
        self.fixed, self.held, self.ranges = fixed, held, ranges

    def kept(self, name: str) -> bool:
        return name in self.fixed or name in self.held

    def holding(self, names: Names, ranges: Mapping[str, int]) -> Context:
        """Inside a product that sums `names`."""
        known = {n: ranges[n] for n in names if n in ranges}
        return Context(self.fixed, self.held | names, {**self.ranges, **known})

    def fixing(self, names: Names, ranges: Mapping[str, int]) -> Context:
        """Inside a written sum over `names`, which hides outer indices of the same name."""
        known = {n: r for n, r in self.ranges.items() if n not in names}
        known.update({n: ranges[n] for n in names if n in ranges})
        return Context(self.fixed | names, self.held - names, known)

    def scope(self, shown: Names) -> Context:
        """Inside a function's argument, which shows only `shown` of its indices to the outside."""
        held = self.held & shown
        return Context(self.fixed, held, {n: r for n, r in self.ranges.items() if n in self.fixed or n in held})

    def key(self, names: Names) -> tuple[object, ...]:
        """What of this context a part can depend on that mentions `names`."""
        ranges = tuple(sorted((n, r) for n, r in self.ranges.items() if n in names))
        return self.fixed & names, self.held & names, ranges


@final
class IndexProgram:
    """A formula in index form, laid out for given free indices and sizes.

    `roots` are the ordinary expressions in it, whose values :meth:`run` takes in that order.

    >>> from frechet.ops.expressions import apply, variable
    >>> A, B = variable("A", ("m", "n")), variable("B", ("n", "p"))
    >>> entry = apply("mul", (apply("at", (A,), ("i", "k")), apply("at", (B,), ("k", "j"))))
    >>> p = IndexProgram(entry, [("i", 1), ("j", 1)], {"m": 1, "n": 2, "p": 1}, {})
    >>> p.roots, p.run([np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])])
    ([variable('A', ()), variable('B', ())], array([[11.]]))
    """

    __slots__ = (
        "_done",
        "_free",
        "_functions",
        "_indices",
        "_places",
        "_result",
        "_sizes",
        "_steps",
        "roots",
    )

    def __init__(
        self,
        expr: Expr,
        free: Sequence[tuple[str, int]],
        sizes: Mapping[str, int],
        functions: Mapping[str, Function],
    ) -> None:
        self.roots: list[Expr] = []
        self._free = list(free)
        self._sizes, self._functions = sizes, functions
        self._places: dict[Expr, int] = {}
        self._steps: list[tuple[Callable[..., Any], tuple[int, ...]]] = []
        self._done: dict[tuple[object, ...], Part] = {}
        self._indices = indices(expr, sizes)
        names = frozenset(name for name, _ in free)
        place, labels = _drive(self._visit(expr, Context(names, frozenset(), dict(free))))
        for name in labels:
            if name not in names:
                raise FrechetError("name", f"the index {name} stands once and is not free: nothing says what it is")
        self._result = self._aligned((place, labels), tuple(name for name, _ in free))

    def run(self, values: Sequence[Any]) -> Array:
        """The array over the free indices, in their order, from the values of `roots`."""
        done: list[Any] = []
        for step, arguments in self._steps:
            done.append(step(*[done[k] if k >= 0 else values[~k] for k in arguments]))
        result = done[self._result] if self._result >= 0 else values[~self._result]
        return np.broadcast_to(result, [size for _, size in self._free])

    def _step(self, step: Callable[..., Any], *arguments: int) -> int:
        self._steps.append((step, arguments))
        return len(self._steps) - 1

    def _root(self, expr: Expr) -> int:
        if expr not in self._places:
            self._places[expr] = ~len(self.roots)
            self.roots.append(expr)
        return self._places[expr]

    def _about(self, node: Expr) -> Indices:
        return self._indices.get(node, NOTHING)

    def _visit(self, node: Expr, context: Context) -> Visit:
        """Lay out a node; a generator, so that depth costs no stack."""
        if node not in self._indices:
            return self._root(node), ()
        key = (node, *context.key(self._about(node).mentioned))
        if key not in self._done:
            if node.op is AT:
                part = self._entry(node, context)
            elif node.op is DELTA:
                part = self._delta(node, context)
            elif node.op is ISUM:
                part = yield self._written_sum(node, context)
            elif node.op in PRODUCTS or node.op in QUOTIENTS:
                part = yield self._product(node, context)
            else:
                part = yield self._entrywise(node, context)
            self._done[key] = part
        return self._done[key]

    def _entry(self, node: Expr, context: Context) -> Part:
        array = node.args[0]
        labels: list[str] = []
        where: list[int | slice] = []
        for index, size in zip(node.params, array.shape, strict=True):
            n = size.evaluate(self._sizes)
            if not isinstance(index, str):
                where.append(Dim.of(index).evaluate(self._sizes) - 1)
                continue
            if context.ranges.get(index, n) != n:
                raise FrechetError("shape", f"the index {index} runs to {context.ranges[index]} and to {n}")
            where.append(slice(None))
            labels.append(index)
        place = self._root(array)
        if len(labels) < len(where):
            place = self._step(taken(tuple(where)), place)
        return self._summed((place, tuple(labels)), self._repeated(labels, context))

    def _repeated(self, labels: Sequence[str], context: Context) -> Names:
        """The indices that stand twice on one factor and are summed there."""
        return frozenset(s for s in labels if labels.count(s) > 1 and not context.kept(s))

    def _delta(self, node: Expr, context: Context) -> Part:
        i, j = node.params
        labels = [k for k in (i, j) if isinstance(k, str)]
        sizes = {context.ranges[k] for k in labels if k in context.ranges}
        if len(sizes) > 1:
            raise FrechetError("shape", f"delta({i},{j}) joins indices that run to {min(sizes)} and {max(sizes)}")
        if labels and not sizes:
            raise FrechetError("name", f"nothing says how far the indices of delta({i},{j}) run")
        array = np.eye(sizes.pop()) if labels else np.asarray(float(Dim.of(i) == Dim.of(j)))
        if len(labels) == 1:
            fixed = Dim.of(j if isinstance(i, str) else i).evaluate(self._sizes)
            array = array[fixed - 1]
        return self._summed((self._step(partial(np.asarray, array)), tuple(labels)), self._repeated(labels, context))

    def _written_sum(self, node: Expr, context: Context) -> Visit:
        (body,) = node.args
        names = frozenset(node.params)
        ranges = self._about(body).ranges
        place, labels = yield self._visit(body, context.fixing(names, ranges))
        missing = sorted(names.difference(labels))
        for name in missing:
            if name not in ranges:
                raise FrechetError("name", f"nothing says how far the index {name} of sum({name}: …) runs")
        count = float(np.prod([ranges[name] for name in missing])) if missing else 1.0
        if count != 1.0:
            place = self._step(partial(times, count), place)
        return self._summed((place, labels), names.intersection(labels))

    def _product(self, node: Expr, context: Context) -> Visit:
        factors = self._factors(node)
        seen: dict[str, int] = {}
        ranges: dict[str, int] = {}
        for factor, below in factors:
            about = self._about(factor)
            for name in about.shown if below else about.inside:
                seen[name] = seen.get(name, 0) + 1
            ranges.update(about.ranges)
        gone = frozenset(n for n, times in seen.items() if times > 1 and not context.kept(n))
        inner = context.holding(gone, ranges)
        parts: list[Part] = []
        for factor, below in factors:
            if below:
                place, labels = yield self._visit(factor, inner.scope(self._about(factor).shown))
                parts.append((self._step(reciprocal, place), labels))
            else:
                parts.append((yield self._visit(factor, inner)))
        while len(parts) > 1:
            a, b, out = cheapest(parts, gone)
            pair = parts[a], parts[b]
            parts = [part for k, part in enumerate(parts) if k not in (a, b)]
            parts.append(self._contracted(*pair, out))
        return self._summed(parts[0], gone.intersection(parts[0][1]))

    def _factors(self, node: Expr) -> list[tuple[Expr, bool]]:
        """The factors of a product, in order; True for those that stand below a fraction bar."""
        factors: list[tuple[Expr, bool]] = []
        stack = [(node, False)]
        while stack:
            factor, below = stack.pop()
            if factor not in self._indices or below or factor.op not in PRODUCTS + QUOTIENTS:
                factors.append((factor, below))
            else:
                left, right = factor.args
                stack += [(right, factor.op in QUOTIENTS), (left, False)]
        return factors

    def _entrywise(self, node: Expr, context: Context) -> Visit:
        linear = node.op in (ADD, SUB, NEG)
        parts: list[Part] = []
        for argument in node.args:
            inner = context if linear else context.scope(self._about(argument).shown)
            parts.append((yield self._visit(argument, inner)))
        labels = tuple(dict.fromkeys(name for _, names in parts for name in names))
        if labels and not node.op.elementwise and node.op is not POWER:
            raise FrechetError("unsupported", f"{node.op.name} of something with indices has no entry by entry meaning")
        value = EPOWER.value if node.op is POWER else node.op.value
        step = partial(value, np, parameters(node, self._sizes, self._functions))
        return self._step(step, *[self._aligned(part, labels) for part in parts]), labels

    def _aligned(self, part: Part, labels: Labels) -> int:
        """The part with its axes in the order of `labels`, axes it lacks being of length 1."""
        place, own = part
        if own == labels or not own:
            return place
        order = [own.index(name) for name in labels if name in own]
        where = tuple(slice(None) if name in own else None for name in labels)
        return self._step(reordered(order, where), place)

    def _summed(self, part: Part, gone: Names) -> Part:
        """One axis for each label that stays, the others summed."""
        place, labels = part
        out = tuple(dict.fromkeys(name for name in labels if name not in gone))
        if out == labels:
            return part
        return self._step(einsum((labels,), out), place), out

    def _contracted(self, left: Part, right: Part, out: Labels) -> Part:
        (a, own), (b, other) = left, right
        if (not own and out == other) or (not other and out == own) or own == other == out:
            return self._step(times, a, b), out
        return self._step(einsum((own, other), out), a, b), out


def _drive(visit: Visit) -> Part:
    """Run a generator that asks for other generators' results, with a stack of our own."""
    stack = [visit]
    answer: Any = None
    while True:
        try:
            asked = stack[-1].send(answer)
        except StopIteration as finished:
            stack.pop()
            answer = finished.value
            if not stack:
                return answer
        else:
            stack.append(asked)
            answer = None


def index_value(
    expr: Expr,
    free: Sequence[tuple[str, int]],
    env: Mapping[str, Any],
    sizes: Mapping[str, int],
    functions: Mapping[str, Function] | None = None,
) -> Array:
    """The array whose axes are the free indices (name and how far it runs), in their order.

    >>> from frechet.ops.expressions import apply, variable
    >>> x = variable("x", ("n",))
    >>> index_value(apply("at", (x,), ("i",)), [("i", 2), ("j", 2)], {"x": np.array([1.0, 2.0])}, {"n": 2})
    array([[1., 1.],
           [2., 2.]])
    """
    with np.errstate(all="ignore"):
        program = IndexProgram(expr, free, sizes, functions or {})
        return np.array(program.run(Program(program.roots, sizes, functions or {}).run(env)))
