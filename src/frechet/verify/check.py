"""Is an answer right?  Every form of it, as printed, against differences of the original expression.

Nothing here knows a rule of differentiation.  At random points of the expression's domain the derivative
along random increments is measured by differences, and each form must give the same; at one point the whole
linear map is compared, column by column.  Where differences cannot decide, the answer is "cannot tell",
never "passed".
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any, final

import numpy as np
from numpy.random import Generator

from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.verify.bench import Bench
from frechet.verify.columns import columns
from frechet.verify.compare import SECOND_ORDER, Outcome, first_order, leaves_structure, second_order
from frechet.verify.domain import points
from frechet.verify.evaluate import Array, complex_valued
from frechet.verify.reference import Reference, first, second
from frechet.verify.request import CheckRequest, Failure, Form, Verification
from frechet.verify.sample import MANNERS
from frechet.verify.shapes import shape_trouble
from frechet.verify.sizes import bulk_of, candidates, dims_of
from frechet.verify.wirtinger import WIRTINGER, along_and_across, direction

ENTRIES = 3_000_000
"""How many entries the arrays of one evaluation may have together: larger ones are not worth the wait."""

SIZES_TRIED = 36
"""Assignments of sizes that are tried before giving up on finding a point."""

OTHER_SIZES = 2
"""How many other assignments are tried where the derivative is zero throughout."""

WORK = 400_000
"""Instructions that all trials may cost, about: a very deep expression gets fewer trials."""


@final
class Tally:
    """What the trials have shown so far."""

    __slots__ = ("bad", "moved", "trials", "undecided", "undefined", "worst")

    def __init__(self) -> None:
        self.trials = 0
        self.moved = False
        """Whether the derivative was other than zero somewhere."""
        self.worst = 0.0
        self.bad: dict[str, str] = {}
        self.undecided: str | None = None
        """Why a reference could not decide, if one could not."""
        self.undefined: str | None = None
        """What had no value where the expression had one."""

    def note(self, form: Form, outcome: Outcome, where: str) -> None:
        """Count one comparison."""
        deviation, forgiven = outcome
        if forgiven:
            self.worst = max(self.worst, deviation)
        else:
            self.bad.setdefault(form.name, f"it differs {where} by {deviation:.1e} of the derivative's size")


def check(request: CheckRequest) -> Verification:
    """Compare every form of an answer with differences of the expression.

    >>> from frechet.ops.expressions import apply, variable
    >>> x = variable("x", ("n",))
    >>> f = apply("sum", (apply("sin", (x,)),), (None,))
    >>> right, wrong = Form("gradient", "gradient", apply("cos", (x,))), Form("gradient", "gradient", x)
    >>> check(CheckRequest(f, (x,), (right,))).passed, check(CheckRequest(f, (x,), (wrong,))).passed
    (True, False)
    """
    misshapen = [(form, shape_trouble(request, form)) for form in request.forms]
    failures = tuple(Failure(form.name, trouble) for form, trouble in misshapen if trouble)
    if failures:
        return Verification(False, 0, len(request.forms), None, {}, None, failures)
    expressions = [request.original, *(form.expr for form in request.forms)]
    with np.errstate(all="ignore"):
        return _check(request, expressions)


def _check(request: CheckRequest, expressions: list[Expr]) -> Verification:
    tally, sizes = Tally(), dict[str, int]()
    still: tuple[Tally, dict[str, int]] | None = None
    others = 0
    undefined: str | None = None
    bulk, bulky = bulk_of(expressions), False
    offered = candidates(dims_of(expressions), request.equations, request.sizes)
    for sizes in islice(offered, SIZES_TRIED):
        if bulk(sizes) > ENTRIES:
            bulky = True
            continue
        try:
            bench = Bench(request, sizes)
        except FrechetError as trouble:
            return Verification(False, 0, len(request.forms), None, sizes, None, (_unreadable(request, trouble),))
        tally = Tally()
        _run(bench, tally)
        undefined = undefined or tally.undefined
        if tally.bad or tally.moved or (tally.undecided and not tally.trials):
            break
        if tally.trials:
            # The derivative is zero at these sizes (X*pinv(X) is, for a wide X): others may tell more.
            still = still or (tally, sizes)
            others += 1
            if others > OTHER_SIZES:
                break
    if still is not None and not (tally.moved or tally.bad):
        tally, sizes = still
    if tally.bad:
        failures = tuple(Failure(name, reason) for name, reason in tally.bad.items())
        return Verification(False, tally.trials, len(request.forms), None, sizes, None, failures)
    if tally.trials:
        return Verification(True, tally.trials, len(request.forms), tally.worst, sizes, points=points(request.original))
    if bulky and not tally.undefined and not undefined:
        return Verification(None, 0, 0, None, sizes, "its arrays are too large to be evaluated, even at small sizes")
    if tally.undecided:
        return Verification(None, 0, 0, None, sizes, tally.undecided)
    if undefined:
        failure = Failure(undefined, "it has no value at any point tried, where the expression has one")
        return Verification(False, 0, len(request.forms), None, sizes, None, (failure,))
    return Verification(None, 0, 0, None, sizes, "no point was found at which the expression is defined")


def _unreadable(request: CheckRequest, trouble: FrechetError) -> Failure:
    """An index form whose indices make no sense (the other forms are laid out without refusals)."""
    name = next((form.name for form in request.forms if form.kind == "index"), "index")
    return Failure(name, trouble.message)


def _run(bench: Bench, tally: Tally) -> None:
    """Trials until there are enough, one shows a form wrong, or no point serves."""
    random = np.random.default_rng(bench.request.seed)
    cost = len(bench.original.code) + 1
    wanted = min(bench.request.trials, max(2, WORK // (20 * cost)))
    liked, attempt, refused = 0, 0, 0
    for _ in range(min(3 * wanted + 3 * len(MANNERS), max(len(MANNERS), WORK // (10 * cost)))):
        env = bench.point(attempt, random)
        if env is not None and _trial(bench, env, random, tally):
            if tally.bad or tally.trials >= wanted:
                return
            # Every other trial goes back to normal numbers, lest all points lie in one corner of the domain,
            # unless these have served twice for nothing.
            liked = attempt or liked
            attempt = 0 if tally.trials % 2 and refused < 2 else liked
        else:
            refused += attempt == 0
            attempt += 1


def _trial(bench: Bench, env: dict[str, Any], random: Generator, tally: Tally) -> bool:
    """One point: True where it decided."""
    request = bench.request
    moves, others = bench.moves(env, random), bench.moves(env, random)
    upstream = upstream_gradient(bench, random)
    full = bench.drawn(env, moves, others, upstream)
    arrays = bench.values(full)
    if arrays is None:
        tally.undefined = bench.undefined
        return False
    outcomes: list[tuple[Form, Outcome]] = []
    known: dict[tuple[object, ...], Reference] = {}
    for form, array in zip(request.forms, arrays, strict=True):
        reference = _reference(bench, env, form, moves, others, known)
        if reference.trouble is not None:
            tally.undecided = reference.trouble
            return False
        outcomes.append((form, _compared(request, form, array, reference, moves, others, upstream)))
    for form, array in zip(request.forms, arrays, strict=True):
        variable = request.about(form)[0]
        if leaves_structure(form, variable, array, env[variable.params[0]]):
            tally.bad[form.name] = f"it does not have the structure of {variable.params[0]}"
    tally.moved = tally.moved or any(reference.scale > 0.0 for reference in known.values())
    for form, outcome in outcomes:
        tally.note(form, outcome, "along a random increment")
    if not tally.trials:
        for form, outcome in columns(bench, full, arrays, random):
            tally.note(form, outcome, "along a basis increment")
    tally.trials += 1
    return True


def upstream_gradient(bench: Bench, random: Generator) -> Array:
    """An upstream gradient: complex where the value is."""
    shape = bench.shapes[bench.request.original]
    drawn = np.asarray(random.normal(size=shape))
    if not complex_valued(bench.original.values[bench.original.roots[0]]):
        return drawn
    turned: Any = 1j * random.normal(size=shape)
    return drawn + turned


def _reference(
    bench: Bench,
    env: Mapping[str, Any],
    form: Form,
    moves: Mapping[str, Array],
    others: Mapping[str, Array],
    known: dict[tuple[object, ...], Reference],
) -> Reference:
    """The reference for a form; forms about the same variables share one."""
    names = [v.params[0] for v in bench.request.about(form)]
    if form.kind in WIRTINGER:
        if (form.kind, *names) not in known:
            step = direction(bench.request.about(form)[0], moves, others)
            both = along_and_across(bench.original, env, names[0], step)
            known.update({(kind, *names): found for kind, found in zip(("d/dZ", "d/dconj(Z)"), both, strict=True)})
        return known[form.kind, *names]
    order = 2 if form.kind in SECOND_ORDER else 1
    key = (order, *names)
    if key not in known:
        if order == 2:
            a, b = names[0], names[-1]
            known[key] = second(bench.original, env, {a: moves[a]}, {b: others[b]})
        else:
            known[key] = first(bench.original, env, {name: moves[name] for name in names})
    return known[key]


def _compared(
    request: CheckRequest,
    form: Form,
    array: Array,
    reference: Reference,
    moves: Mapping[str, Array],
    others: Mapping[str, Array],
    upstream: Array,
) -> Outcome:
    names = [v.params[0] for v in request.about(form)]
    if form.kind in WIRTINGER:
        step = direction(request.about(form)[0], moves, others)
        return first_order(form, array, reference, step if form.kind == "d/dZ" else np.conj(step), upstream)
    if form.kind == "second differential":
        # The increment took the first direction, so the second is left to contract with.
        return second_order(form, array, reference, others[names[0]], moves[names[0]])
    if form.kind in SECOND_ORDER:
        return second_order(form, array, reference, moves[names[0]], others[names[-1]])
    return first_order(form, array, reference, moves[names[0]] if len(names) == 1 else None, upstream)
