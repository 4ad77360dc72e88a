"""The whole linear map at one point: every column, so that no form is right along the drawn directions
only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.random import Generator

from frechet.core.expr import Expr
from frechet.verify.bench import Bench
from frechet.verify.compare import SECOND_ORDER, Outcome, second_order
from frechet.verify.difference import largest
from frechet.verify.evaluate import Array
from frechet.verify.reference import TOLERANCE, Reference, first, second
from frechet.verify.request import Form
from frechet.verify.shapes import as_map
from frechet.verify.structure import basis
from frechet.verify.wirtinger import WIRTINGER

MOST = 40
"""Columns (and rows of a pullback) that are built at most; of more, this many are drawn."""
WORK = 30_000
"""Instructions that the differences may cost in all; a very deep expression gets fewer columns."""
PAIRS = 12
"""Entries of a Hessian that are compared one by one."""

Result = tuple[Form, Outcome]


def columns(bench: Bench, env: Mapping[str, Any], arrays: list[Array], random: Generator) -> Iterator[Result]:
    """Compare the forms with the derivative along each basis increment of each variable.

    `env` holds values for everything, increments and upstream gradient included; `arrays` are the forms'
    there.
    """
    request = bench.request
    for variable in request.wrt:
        about = [k for k, form in enumerate(request.forms) if _is_about(bench, form, variable)]
        if about:
            yield from _first_order(bench, env, arrays, random, variable, about)
    pairs = {request.about(form): None for form in request.forms if form.kind in SECOND_ORDER}
    for wrt in pairs:
        yield from _second_order(bench, env, arrays, random, wrt)


def _is_about(bench: Bench, form: Form, variable: Expr) -> bool:
    """The form tells the first derivative by this variable (a total differential tells it of each)."""
    about = bench.request.about(form)
    if form.kind in SECOND_ORDER | WIRTINGER or variable not in about:
        return False
    return form.kind == "differential" or len(about) == 1


def _some(count: int, limit: int, random: Generator) -> list[int]:
    """All of `count` numbers, or `limit` of them."""
    if count <= limit:
        return list(range(count))
    return sorted(int(k) for k in random.choice(count, limit, replace=False))


def _directions(bench: Bench, variable: Expr, env: Mapping[str, Any], random: Generator) -> list[Array]:
    point: Array = env[variable.params[0]]
    size = max(float(np.sqrt(np.mean(abs(point) ** 2))), 1e-3)
    directions = basis(variable, point)
    limit = min(MOST, max(3, WORK // (6 * (1 + len(bench.original.code)))))
    return [size * directions[k] for k in _some(len(directions), limit, random)]


def _first_order(
    bench: Bench,
    env: Mapping[str, Any],
    arrays: list[Array],
    random: Generator,
    variable: Expr,
    about: list[int],
) -> Iterator[Result]:
    request = bench.request
    name = variable.params[0]
    found = [(d, first(bench.original, env, {name: d})) for d in _directions(bench, variable, env, random)]
    found = [(direction, reference) for direction, reference in found if reference.trouble is None]
    # Each column is judged by the size of the whole map: a column may be zero.
    scale = max((reference.scale for _, reference in found), default=0.0)
    if scale == 0.0:
        return
    allowed = max(reference.allowed for _, reference in found) + TOLERANCE[1] * scale
    moves = np.stack([np.ravel(direction) for direction, _ in found], axis=1)
    changes = np.stack([np.ravel(reference.value) for _, reference in found], axis=1)
    shape, own = bench.shapes[request.original], bench.shapes[variable]
    entries = _some(len(changes), MOST, random)
    for k in about:
        form, expected = request.forms[k], changes
        if form.kind == "differential":
            increments = [(request.increment(variable), direction) for direction, _ in found]
            zero = {request.increment(v): np.zeros(bench.shapes[v]) for v in request.wrt}
            predicted = np.stack([np.ravel(a) for a in bench.again(k, {**env, **zero}, increments)], axis=1)
        elif form.kind == "pullback":
            units = [np.reshape(np.arange(len(changes)) == e, shape).astype(float) for e in entries]
            if np.iscomplexobj(env[request.upstream]):
                units += [1j * unit for unit in units]
            upstream = [(request.upstream, unit) for unit in units]
            pulled = np.stack([np.ravel(a) for a in bench.again(k, env, upstream)])
            predicted = np.real(np.conj(pulled) @ moves)
            expected = np.real(np.conj(np.stack([np.ravel(unit) for unit in units])) @ changes)
        elif form.kind == "gradient" and np.iscomplexobj(moves):
            predicted = np.real(np.conj(np.ravel(arrays[k])) @ moves)[np.newaxis]
        else:
            predicted = as_map(form, arrays[k], shape, own) @ moves
        deviation = largest(predicted - expected)
        yield form, (deviation / scale, deviation <= allowed)


def _second_order(
    bench: Bench, env: Mapping[str, Any], arrays: list[Array], random: Generator, wrt: tuple[Expr, ...]
) -> Iterator[Result]:
    request = bench.request
    rows, cols = wrt[0], wrt[-1]
    left, right = (_directions(bench, variable, env, random) for variable in (rows, cols))
    about = [k for k, form in enumerate(request.forms) if request.about(form) == wrt]
    about = [k for k in about if request.forms[k].kind in SECOND_ORDER]
    pairs = [(a, b) for a in left for b in right]
    pairs = [pairs[k] for k in _some(len(pairs), PAIRS, random)]
    found = [(a, b, second(bench.original, env, {rows.params[0]: a}, {cols.params[0]: b})) for a, b in pairs]
    scale = max((reference.scale for _, _, reference in found), default=0.0)
    for a, b, reference in found:
        if reference.trouble is not None:
            continue
        judged = Reference(reference.value, scale, reference.allowed + TOLERANCE[2] * scale)
        for k in about:
            form, array = request.forms[k], arrays[k]
            if form.kind != "hessian":
                name = request.direction if form.kind == "hvp" else request.increment(cols)
                (array,) = bench.again(k, env, [(name, b)])
            yield form, second_order(form, array, judged, a, b)
