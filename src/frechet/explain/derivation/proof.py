"""Every line of a derivation, evaluated at random points: its two sides must agree.

The increments of the named quantities are measured by differences of their own formulas, each along the increments of
what it is made of; nothing here knows a rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, final

import numpy as np
from numpy.random import Generator

from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.explain.steps import Quantity
from frechet.verify.bench import Bench, declared_functions
from frechet.verify.difference import Path, along, largest
from frechet.verify.domain import Demand, demands, met
from frechet.verify.evaluate import Array, Program
from frechet.verify.request import CheckRequest
from frechet.verify.sample import MANNERS
from frechet.verify.sizes import candidates, dims_of

TRIALS = 8
"""Points at which every line is checked."""
SIZES_TRIED = 12
"""How many choices of sizes are tried for such points."""
AGREES = 1e-6
"""The relative disagreement that is forgiven."""

NOISE = 1e-9
"""A change smaller than this share of the value is what differences make of zero."""

Sides = tuple[Expr, Expr]


@final
@dataclass
class Outcome:
    """How often each line was found to hold, and those that were found not to."""

    held: list[int]
    wrong: set[int] = field(default_factory=set[int])
    trials: int = 0
    sizes: dict[str, int] = field(default_factory=dict[str, int])


@final
@dataclass(frozen=True)
class Ground:
    """What the lines are about: the value, the variable, the named quantities with their increments."""

    value: Expr
    """The value in the variables alone."""
    x: Expr
    quantities: Sequence[tuple[Quantity, Expr | None]]
    """Each named quantity with the symbol of its increment (None where it stays); the value itself comes last."""
    increment: Expr
    upstream: str
    equations: tuple[tuple[Dim, Dim], ...]
    seed: int = 0


def prove(ground: Ground, lines: Sequence[Sides], trials: int = TRIALS) -> Outcome:
    """Evaluate both sides of each line at random points of the value's domain."""
    request = CheckRequest(
        ground.value, (ground.x,), (), {ground.x.params[0]: ground.increment.params[0]}, upstream=ground.upstream,
        equations=ground.equations,
    )  # fmt: skip
    sides = [side for pair in lines for side in pair]
    expressions = [ground.value, *sides]
    outcome = Outcome([0] * len(lines))
    with np.errstate(all="ignore"):
        for sizes in islice(candidates(dims_of(expressions), ground.equations), SIZES_TRIED):
            outcome = Outcome([0] * len(lines), sizes=dict(sizes))
            _run(ground, Bench(request, sizes), sides, outcome, trials)
            if outcome.trials or outcome.wrong:
                return outcome
    return outcome


def _run(ground: Ground, bench: Bench, sides: Sequence[Expr], outcome: Outcome, trials: int) -> None:
    random = np.random.default_rng(ground.seed)
    functions = declared_functions([ground.value, *sides], {})
    program = Program(sides, bench.sizes, functions)
    inverted = demands(program, ["invertible"])
    steps = [(q, d, Program([q.definition], bench.sizes, functions)) for q, d in ground.quantities]
    shape = tuple(d.evaluate(bench.sizes) for d in ground.value.shape)
    attempt = 0
    for _ in range(3 * trials + 3 * len(MANNERS)):
        env = bench.point(attempt, random)
        upstream = np.asarray(random.normal(size=shape))
        if env is None or not _trial(ground, bench, env, steps, program, inverted, upstream, outcome, random):
            attempt += 1
        if outcome.trials >= trials:
            return


def _trial(
    ground: Ground,
    bench: Bench,
    env: dict[str, Any],
    steps: Sequence[tuple[Quantity, Expr | None, Program]],
    program: Program,
    inverted: Sequence[Demand],
    upstream: Array,
    outcome: Outcome,
    random: Generator,
) -> bool:
    """One point: the quantities and their increments are measured, then every line is evaluated."""
    name: str = ground.x.params[0]
    move = bench.moves(env, random)[name]
    full: dict[str, Any] = {**env, ground.upstream: upstream, ground.increment.params[0]: move}
    moves: dict[str, Any] = {name: move}
    error, floor = 0.0, 1e-12
    try:
        for quantity, increment, step in steps:
            (value,) = step.run(full)
            value = np.array(value)
            if increment is not None:
                plane = {n: (np.asarray(full[n]), moves[n]) for n in step.variables if n in moves}
                found = along(Path(step, plane, {}))
                moves[quantity.name] = full[increment.params[0]] = found.value
                floor = max(floor, NOISE * largest(value))
                error = max(error, found.error / max(found.scale, floor, 1e-300))
            full[quantity.name] = value
        values = program.run(full)
    except np.linalg.LinAlgError:
        return False
    if not error <= AGREES or not all(np.isfinite(v).all() for v in values) or not met(program, inverted):
        return False
    for k in range(len(outcome.held)):
        left, right = values[2 * k], values[2 * k + 1]
        scale = max(largest(left), largest(right))
        if largest(np.asarray(left) - np.asarray(right)) <= (AGREES + 50.0 * error) * scale + floor:
            outcome.held[k] += 1
        else:
            outcome.wrong.add(k)
    outcome.trials += 1
    return True
