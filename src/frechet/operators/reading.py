"""From formulas of a derivative and arrays to an operator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from frechet.core.expr import Expr
from frechet.operators.blocks import Blocks
from frechet.operators.building import Builder
from frechet.operators.operator import Operator
from frechet.operators.plan import Plan
from frechet.operators.structure import Array, Structure
from frechet.operators.tape import RUNNING, Tape
from frechet.operators.values import Values
from frechet.verify.evaluate import Function


def operator(
    grid: Sequence[Sequence[Expr]],
    plan: Plan,
    arrays: Mapping[str, Array],
    functions: Mapping[str, Function],
    title: str,
    symmetric: bool,
) -> Operator:
    """The operator of one formula, or of formulas beside and below each other."""
    known = {} if functions else plan.arrays(arrays)
    sources = [*arrays.values(), *known.values()]
    structure = plan.template.build(sources) if plan.template is not None else None
    if structure is None:
        tape = Tape()
        before = RUNNING.set(tape)
        try:
            structure = _built(grid, Values(arrays, plan.sizes, functions, plan.where, plan, known))
        finally:
            RUNNING.reset(before)
        if not functions:
            plan.ready(structure, sources, tape)
    return Operator(structure, title, symmetric)


def _built(grid: Sequence[Sequence[Expr]], values: Values) -> Structure:
    """The structure by reading the formulas."""
    builder = Builder(values)
    parts: list[tuple[Structure, ...]] = []
    for row in grid:
        parts.append(tuple(builder.structure(e) for e in row))
    return parts[0][0] if len(parts) == len(parts[0]) == 1 else Blocks(tuple(parts))
