"""The Jacobian or the Hessian as an operator that keeps its structure."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import TYPE_CHECKING, Any, cast, final

import numpy as np

from frechet.core.dim import Dim, show
from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.library.answered import Answered
from frechet.library.arguments import by_name, kind
from frechet.library.numbers import bind, full, learn, shaped
from frechet.library.words import Layout, VecOrder, check_convention
from frechet.operators.plan import Plan
from frechet.operators.reading import operator
from frechet.verify.structure import is_complex

if TYPE_CHECKING:
    from frechet.library.words import Elementwise, Numbers
    from frechet.operators.operator import Operator
    from frechet.verify.evaluate import Function

LATEST = 8
"""So many sizes are remembered of an operator."""


def operator_of(
    d: Answered,
    layout: Layout,
    vec: VecOrder,
    functions: Mapping[str, Elementwise] | None,
    arrays: Mapping[str, Numbers] | None,
    more: Mapping[str, Numbers],
) -> Operator:
    """The operator; several variables stand beside each other, pairs of them in a square of blocks."""
    check_convention(layout, vec)
    values = {**by_name("arrays", arrays if arrays is not None else {}, '{"x": [1, 2]}'), **more}
    for name, function in by_name("functions", functions or {}, '{"sigma": f}').items():
        if not callable(function):
            raise FrechetError("input", f"{name} is f(array, order of the derivative); got {kind(function)}")
    known = d.operators.get((layout, vec))
    if not isinstance(known, Family):
        known = d.operators[layout, vec] = Family(d, layout, vec)
    numbers, plan = known.bound(values)
    given_functions = cast("dict[str, Function]", dict(functions or {}))
    return operator(known.grid, plan, numbers, given_functions, known.title, known.symmetric)


@final
class Family:
    """The operators of one derivative, in one layout: what their formulas are made of, and a plan for each size."""

    def __init__(self, d: Answered, layout: Layout, vec: VecOrder) -> None:
        self.grid, self.title, self.symmetric = _grid(d, layout, vec)
        self.where = dict(d.definitions)
        used = {e for row in self.grid for part in row for e in postorder(full(part, self.where))}
        self.variables = {str(e.params[0]): e for e in used if e.op.name == "variable"}
        if any(is_complex(e) for e in self.variables.values()):
            raise FrechetError("unsupported", "an operator is real; here complex numbers stand in it")
        self.others = {name: e for name, e in d.context.variables.items() if name not in self.variables}
        self.needed = {name for e in used for p in (*e.params, *e.shape) if isinstance(p, Dim) for name in p.names}
        self.plans: dict[object, tuple[dict[str, tuple[int, ...]], Plan]] = {}

    def bound(self, values: Mapping[str, object]) -> tuple[dict[str, Any], Plan]:
        """The arrays of the variables, and the plan for their sizes."""
        key = _shapes(values)
        if key in self.plans:
            shapes, plan = self.plans[key]
            given = {name: np.asarray(values[name], dtype=float).reshape(shape) for name, shape in shapes.items()}
            return _apart(given), plan
        others = {name: e for name, e in self.others.items() if name in values}
        numbers, sizes = bind(self.variables, {**_lengths(others, values), **values})
        missing = sorted(self.needed - set(sizes))
        if missing:
            raise FrechetError("input", f"the size {missing[0]} is not fixed by the arrays: pass {missing[0]}=…")
        plan = next((p for _, p in self.plans.values() if p.sizes == sizes), None) or Plan(sizes, self.where)
        if key is not None:
            if len(self.plans) >= LATEST:
                del self.plans[next(iter(self.plans))]
            self.plans[key] = {name: a.shape for name, a in numbers.items()}, plan
        return _apart(numbers), plan


def _apart(arrays: dict[str, Any]) -> dict[str, Any]:
    """The arrays, copies of those that share memory: which one a number is from is seen by its place there."""
    done: dict[str, Any] = {}
    for name, a in arrays.items():
        shared = any(np.may_share_memory(a, b) for b in done.values())
        done[name] = a.copy() if shared else a
    return done


def _shapes(values: Mapping[str, object]) -> tuple[object, ...] | None:
    """What sizes are read off: the shapes of the arrays, the integers; None where something else is given."""
    key: list[object] = []
    for name, value in values.items():
        array: Any = value
        if isinstance(value, np.ndarray) and array.dtype.kind in "fiub":
            key.append((name, array.shape))
        elif isinstance(value, int):
            key.append((name, value))
        else:
            return None
    return tuple(key)


def _grid(d: Answered, layout: Layout, vec: VecOrder) -> tuple[list[list[Expr]], str, bool]:
    """The formulas in their places, what they are, and whether the whole is symmetric."""
    stacked = "columns stacked" if vec == "column" else "rows stacked"
    names = list(d.parts)
    if d.context.order == 1:
        row = [d.by[name].form("jacobian", layout, vec).expr for name in names]
        title = f"Jacobian by {', '.join(names)} ({layout} layout, {stacked})"
        return ([row] if layout == "numerator" else [[e] for e in row]), title, False
    if len(names) == 1:
        first, _, last = names[0].partition(",")
        e = d.form("hessian", "numerator", vec).expr
        return [[e]], f"Hessian by {names[0].replace(',', ' and ')} ({stacked})", (last or first) == first and _free(d)
    rows = list(dict.fromkeys(name.partition(",")[0] for name in names))
    whole = [[d.by[f"{a},{b}"].form("hessian", "numerator", vec).expr for b in rows] for a in rows]
    return whole, f"Hessian by {', '.join(rows)} jointly ({stacked})", _free(d)


def _free(d: Answered) -> bool:
    """Whether the entries of every variable move freely: only then is a Hessian by all entries symmetric."""
    wrt = {name for key in d.parts for name in key.split(",")}
    assumed = {a for name in wrt for a in d.context.variables[name].params[1]}
    return assumed <= {"positive", "integer", "constant"}


def _lengths(variables: Mapping[str, Expr], values: Mapping[str, object]) -> dict[str, int]:
    """The sizes that arrays fix which the formula does not have; their numbers are left where they are."""
    found = {name: int(k) for name, k in values.items() if isinstance(k, Integral) and name not in variables}
    shapes: dict[str, tuple[int, ...]] = {}
    for name, e in variables.items():
        empty = np.broadcast_to(np.float64(0), np.shape(cast("Numbers", values[name])))
        shapes[name] = shaped(name, empty, e).shape
        for size, length in zip(e.shape, shapes[name], strict=True):
            learn(found, size, length, name)
    for name, e in variables.items():
        for size, length in zip(e.shape, shapes[name], strict=True):
            if size.names <= found.keys() and size.evaluate(found) != length:
                raise FrechetError("input", f"{name} should be {show(e.shape)}; got {shapes[name]}")
    return found
