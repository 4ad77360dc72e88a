"""A check laid out at given sizes: the expression and every form as programs, and points to run them at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, final

import numpy as np
from numpy.random import Generator

from frechet.core.expr import Expr, postorder
from frechet.core.records import RECORDS
from frechet.ops.elementwise import DECLARED
from frechet.ops.leaves import VARIABLE
from frechet.verify.domain import demands, met
from frechet.verify.evaluate import Array, Function, Instruction, Program
from frechet.verify.functions import smooth
from frechet.verify.indexvalue import IndexProgram
from frechet.verify.request import CheckRequest, Form
from frechet.verify.sample import MANNERS, draw
from frechet.verify.structure import is_complex, tangent


def declared_functions(roots: Iterable[Expr], given: Mapping[str, Function]) -> dict[str, Function]:
    """A function for every declared name: the given one, else a smooth random one."""
    names = {str(node.params[0]) for node in postorder(*roots) if node.op is DECLARED} - RECORDS.keys()
    return {name: given.get(name) or smooth(name) for name in sorted(names)}


@final
class Bench:
    """The programs of a check at given sizes.

    `original` computes the expression; `values` gives the array of each form, index forms with an axis for
    each free index.
    """

    __slots__ = (
        "_at",
        "_demands",
        "_linear",
        "_parts",
        "_variables",
        "_work",
        "original",
        "request",
        "shapes",
        "sizes",
        "undefined",
    )

    def __init__(self, request: CheckRequest, sizes: Mapping[str, int]) -> None:
        self.request, self.sizes = request, sizes
        expressions = [request.original, *(form.expr for form in request.forms)]
        functions = declared_functions(expressions, request.functions)
        self.original = Program([request.original], sizes, functions)
        self.shapes = {e: tuple(d.evaluate(sizes) for d in e.shape) for e in (request.original, *request.wrt)}
        roots: list[Expr] = []
        self._parts: list[tuple[IndexProgram | None, slice]] = []
        for form in request.forms:
            index = self._index_program(form, functions) if form.kind == "index" else None
            needed = index.roots if index else [form.expr]
            self._parts.append((index, slice(len(roots), len(roots) + len(needed))))
            roots += needed
        self._work = Program(roots, sizes, functions)
        self._demands = demands(self.original), demands(self._work, ["invertible"])
        self._variables = self._leaves([*expressions, *request.at.values()])
        self._at = Program(list(request.at.values()), sizes, functions) if request.at else None
        self._linear: dict[str, list[Instruction]] = {}
        self.undefined: str | None = None

    def _index_program(self, form: Form, functions: Mapping[str, Function]) -> IndexProgram:
        (variable,) = self.request.about(form)
        axes = zip(form.value_indices + form.wrt_indices, self.request.original.shape + variable.shape, strict=True)
        free = [(name, size.evaluate(self.sizes)) for name, size in axes]
        return IndexProgram(form.expr, free, self.sizes, functions)

    def _leaves(self, expressions: Iterable[Expr]) -> list[tuple[Expr, tuple[int, ...]]]:
        """The variables to draw: all but increments, upstream gradient and direction."""
        request = self.request
        special = {request.upstream, request.direction, *(request.increment(v) for v in request.wrt)}
        special -= self.original.variables.keys()
        leaves: dict[str, Expr] = {}
        for node in (*request.wrt, *postorder(*expressions)):
            if node.op is VARIABLE and node.params[0] not in special:
                leaves.setdefault(node.params[0], node)
        return [(v, tuple(d.evaluate(self.sizes) for d in v.shape)) for _, v in sorted(leaves.items())]

    def point(self, attempt: int, random: Generator) -> dict[str, Any] | None:
        """A point where the expression and what it inverts are sound, or None.

        Each attempt draws in another manner; after all manners each variable gets one of its own.
        """
        manners = list(MANNERS)
        env: dict[str, Any] = {}
        for variable, shape in self._variables:
            manner = manners[attempt if attempt < len(manners) else int(random.integers(len(manners)))]
            env[variable.params[0]] = draw(variable, shape, manner, random)
        try:
            env = self.placed(env)
            (value,) = self.original.run(env)
        except np.linalg.LinAlgError:
            return None
        return env if np.isfinite(value).all() and met(self.original, self._demands[0]) else None

    def placed(self, env: dict[str, Any]) -> dict[str, Any]:
        """The point with what the request puts in for names."""
        if self._at is None:
            return env
        return {**env, **dict(zip(self.request.at, map(np.array, self._at.run(env)), strict=True))}

    def moves(self, env: Mapping[str, Any], random: Generator) -> dict[str, Array]:
        """A random increment of every variable, of the size of its values, within its structure."""
        increments: dict[str, Array] = {}
        for variable in self.request.wrt:
            point: Array = env[variable.params[0]]
            size = max(float(np.sqrt(np.mean(abs(point) ** 2))), 1e-3)
            if variable.params[0] in self.request.at and size <= 1e-3:
                size = 1.0  # a point at zero has no size of its own
            step: Any = size * random.normal(size=point.shape)
            if is_complex(variable):
                step = step + 1j * size * random.normal(size=point.shape)
            increments[variable.params[0]] = tangent(variable, point, np.asarray(step))
        return increments

    def drawn(
        self,
        env: Mapping[str, Any],
        moves: Mapping[str, Array],
        others: Mapping[str, Array],
        upstream: Array,
    ) -> dict[str, Any]:
        """Everything the forms need: the point, the increments, the upstream gradient and the direction."""
        request = self.request
        full = {request.increment(v): moves[v.params[0]] for v in request.wrt}
        full[request.upstream] = upstream
        full[request.direction] = others[request.wrt[0].params[0]]
        # A name that the problem uses itself keeps its own value.
        return {**full, **env}

    def values(self, env: Mapping[str, Any]) -> list[Array] | None:
        """The array of each form; None (and `undefined` says which form) where one does not exist."""
        try:
            arrays = self._work.run(env)
        except np.linalg.LinAlgError:
            self.undefined = "a matrix that is inverted"
            return None
        results: list[Array] = []
        for form, (index, where) in zip(self.request.forms, self._parts, strict=True):
            result = index.run(arrays[where]) if index else arrays[where][0]
            if not np.isfinite(result).all():
                self.undefined = form.name
                return None
            results.append(result)
        if not met(self._work, self._demands[1]):
            self.undefined = "a matrix that is inverted"
            return None
        return results

    def again(self, k: int, env: Mapping[str, Any], changes: Sequence[tuple[str, Array]]) -> list[Array]:
        """The k-th form's array at a point, once for each other value of one variable it is linear in.

        Only what depends on that variable is computed again.
        """
        work, (_, where) = self._work, self._parts[k]
        work.run(env)
        results: list[Array] = []
        for name, value in changes:
            if name not in self._linear:
                self._linear[name] = work.depending([name])
            for place in work.variables.get(name, ()):
                work.values[place] = value
            work.execute(self._linear[name])
            results.append(work.values[work.roots[where.start]])
        return results
