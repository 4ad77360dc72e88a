"""Names without a shape: numbers, vectors or matrices by their use, by habit, or by a question.

NumPy broadcasts nearly anything over anything, so that what fits is no proof.  A reading in which a bare name is
broadcast, or in which another kind of that name would be as usual, is a question and not an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Literal, final

from frechet.core.dim import Dim, Shape
from frechet.errors import FrechetError
from frechet.language.declarations import SQUARE
from frechet.language.names import SPELLED, habit, loose, plain
from frechet.language.python.arrays import Fit
from frechet.language.sizes import Sizes

Kind = Literal["scalar", "vector", "matrix"]
KINDS: tuple[Kind, ...] = ("scalar", "vector", "matrix")
COUNTS = frozenset("nmkdpNMKTD")
NUMBERS = SPELLED | {
    "lam",
    "lamb",
    "lambd",
    "lmbda",
    "lamda",
    "lambda_",
    "reg",
    "eps",
    "temperature",
    "temp",
    "l1",
    "l2",
}
_EVENT = 3
_TRIES = 500
UNUSUAL = 5

Run = Callable[[Mapping[str, Shape], Fit], object]
"""Reads the text with the free names of these shapes; FrechetError where it does not fit."""


def prices(name: str, assumed: Sequence[str] = (), counted: bool = True) -> dict[Kind, int]:
    """What it costs to take a name for a number, a vector, a matrix; `counted`: it is but a factor or an exponent.

    >>> prices("X"), prices("lam")
    ({'scalar': 5, 'vector': 3, 'matrix': 0}, {'scalar': 0, 'vector': 1, 'matrix': 6})
    """
    if SQUARE.intersection(assumed):
        return {"matrix": 0}
    if "integer" in assumed:
        return {"scalar": 0}
    stem = plain(name)
    usual = habit(stem)
    if (counted and stem in COUNTS) or (stem in NUMBERS and (counted or stem[0].islower())):
        return {"scalar": 3, "vector": 4, "matrix": 0} if stem[0].isupper() else {"scalar": 0, "vector": 1, "matrix": 6}
    if usual == "matrix":
        return {"scalar": 5, "vector": 3, "matrix": 0}
    if usual == "scalar":
        return {"scalar": 0, "vector": 1, "matrix": 3 if loose(stem) else 6}
    return {"scalar": 2, "vector": 0, "matrix": 3 if loose(stem) else 6}


@final
@dataclass(frozen=True)
class Found:
    """A reading: kinds, shapes with names for their sizes, what was broadcast, the equations that are left."""

    kinds: Mapping[str, Kind]
    shapes: Mapping[str, Shape]
    broadcasts: tuple[tuple[str, str], ...]
    constraints: tuple[tuple[Dim, Dim], ...]
    result: object
    factors: frozenset[str] = frozenset()


def attempt(run: Run, kinds: Mapping[str, Kind], square: frozenset[str], taken: frozenset[str]) -> Found:
    """The reading under these kinds; FrechetError where it does not fit."""
    shapes: dict[str, Shape] = {}
    for i, (name, kind) in enumerate(kinds.items()):
        rows, cols = Dim.of(f"?{2 * i + 1}"), Dim.of(f"?{2 * i + 2}")
        pair = (rows, rows) if name in square else (rows, cols)
        shapes[name] = {"scalar": (), "vector": (rows,), "matrix": pair}[kind]
    sizes = Sizes(frozenset(n for shape in shapes.values() for d in shape for n in d.names))
    fit = Fit(sizes.unify)
    try:
        run(shapes, fit)
    except FrechetError:
        _again(run, shapes, sizes, taken)
        raise
    matrices_first = sorted(shapes.values(), key=len, reverse=True)
    sizes.christen([d for shape in matrices_first for d in shape], taken)
    resolved = {name: tuple(sizes.resolve(d) for d in shape) for name, shape in shapes.items()}
    again = Fit(sizes.settled, watching=True)
    result = run(resolved, again)
    return Found(
        dict(kinds),
        resolved,
        tuple(dict.fromkeys(again.broadcasts)),
        tuple(sizes.kept),
        result,
        frozenset(again.factors),
    )


def _again(run: Run, shapes: Mapping[str, Shape], sizes: Sizes, taken: frozenset[str]) -> None:
    """What does not fit once more, with names for the sizes: the refusal then speaks of those."""
    sizes.christen([d for shape in sorted(shapes.values(), key=len, reverse=True) for d in shape], taken)
    run({name: tuple(sizes.resolve(d) for d in shape) for name, shape in shapes.items()}, Fit(sizes.settled))


def settle_kinds(
    run: Run,
    free: Sequence[str],
    assumed: Mapping[str, Sequence[str]],
    taken: frozenset[str],
    counts: frozenset[str] = frozenset(),
) -> Found:
    """The reading that uses and habit agree on; a question where two are likely, a refusal where none fits."""
    costs = {name: prices(name, assumed.get(name, ()), name in counts) for name in free}
    square = frozenset(n for n in free if SQUARE.intersection(assumed.get(n, ())))
    ordered = {name: sorted(costs[name], key=lambda kind, name=name: costs[name][kind]) for name in free}
    fits: list[tuple[int, Found]] = []
    first: FrechetError | None = None
    start: tuple[int, ...] = (0,) * len(free)
    queue: list[tuple[int, tuple[int, ...]]] = [(0, start)]
    seen: set[tuple[int, ...]] = {start}
    tries = _TRIES
    while queue and tries:
        cost, places = heappop(queue)
        if fits and cost > min(total for total, _ in fits):
            break
        tries -= 1
        kinds: dict[str, Kind] = {name: ordered[name][k] for name, k in zip(free, places, strict=True)}
        try:
            found = attempt(run, kinds, square, taken)
        except FrechetError as trouble:
            if first is None and trouble.kind != "shape":
                raise  # no other kind of a name is what is wrong
            first = first or trouble
        else:
            fits.append((cost + _EVENT * len({n for n, _ in found.broadcasts if n in costs}), found))
        for i, name in enumerate(free):
            if places[i] + 1 < len(ordered[name]):
                after = (*places[:i], places[i] + 1, *places[i + 1 :])
                if after not in seen:
                    seen.add(after)
                    heappush(queue, (sum(costs[n][ordered[n][k]] for n, k in zip(free, after, strict=True)), after))
    if not fits:
        assert first is not None
        raise first
    least = min(total for total, _ in fits)
    best = [found for total, found in fits if total == least]
    _ask(best, run, costs, square, taken)
    return best[0]


def _ask(
    best: list[Found], run: Run, costs: Mapping[str, Mapping[Kind, int]], square: frozenset[str], taken: frozenset[str]
) -> None:
    """Refuse with a question where a name may as well be of another kind."""
    found = best[0]
    shaky = {name for name, _ in found.broadcasts if name in costs}
    for name in sorted(found.kinds, key=lambda name: name not in shaky):
        rivals: list[Found] = []
        for other_kind in KINDS:
            if other_kind == found.kinds[name] or other_kind not in costs[name]:
                continue
            try:
                other = attempt(run, {**found.kinds, name: other_kind}, square, taken)
            except FrechetError:
                continue
            if _rival(name, found, other, costs[name], name in shaky):
                rivals.append(other)
        if rivals:
            raise question(name, sorted([found, *rivals], key=lambda f: KINDS.index(f.kinds[name])))
    for other in best[1:]:
        for name, kind in found.kinds.items():
            if other.kinds[name] != kind:
                raise question(name, [found, other])


def _rival(name: str, found: Found, other: Found, costs: Mapping[Kind, int], shaky: bool) -> bool:
    """Whether a reader may well take the name for what it is in the other reading."""
    signs = {text[0] for n, text in other.broadcasts if n == name}
    unusual = costs[other.kinds[name]] >= UNUSUAL
    long = loose(plain(name))
    if shaky:
        return not unusual or (long and not signs)
    if costs[found.kinds[name]] > 0 and costs[other.kinds[name]] == 0:
        # What is taken away from an array is of its shape; with + a number is as usual, and a capital is a matrix.
        return bool(signs - {"-"}) or name[0].isupper()
    word = long and plain(name) not in NUMBERS
    return word and not unusual and not signs and name in found.factors | other.factors


def question(name: str, readings: Sequence[Found]) -> FrechetError:
    """The error that offers the readings of a name."""
    offers: list[str] = []
    options: list[str] = []
    for found in readings:
        shape = found.shapes[name]
        sizes = ",".join(map(str, shape))
        how = next((text for n, text in found.broadcasts if n == name), "")
        used = f", broadcast by {how}" if how else ""
        options.append(f"--shape {name}={sizes}")
        offers.append(f"  {options[-1]}   {described(shape)}{used}")
    text = f"{name} may be of more than one shape here, and NumPy broadcasts each of them; declare which is meant:\n"
    return FrechetError("shape", text + "\n".join(offers), None, tuple(options))


def described(shape: Shape) -> str:
    """The shape in words.

    >>> described(()), described((Dim.of("n"),))
    ('a number', 'a vector of n')
    """
    if not shape:
        return "a number"
    return f"a vector of {shape[0]}" if len(shape) == 1 else "×".join(map(str, shape))
