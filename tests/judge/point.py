"""One random point of a problem, and the truth there by differences of the original expression.

The derivative is one array D of shape value + variable.  A complex step gives it to rounding where the
formula lets it through; else Richardson's extrapolation of central differences.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from judge.language import functions, names, running, statements
from judge.sample import Problem, Smooth, as_scalars, concrete, draw, draw_sizes, size_names
from judge.values import Array, Bad, NotAnalytic, evaluate, grid, settle

STEP = 1e-30
TROUBLE = (
    Bad,
    np.linalg.LinAlgError,
    ValueError,
    OverflowError,
    ZeroDivisionError,
    FloatingPointError,
    TypeError,
)

STRUCTURES = {
    "symmetric": "symmetric",
    "positive definite": "symmetric",
    "skew": "skew",
    "diagonal": "diagonal",
    "orthogonal": "orthogonal",
    "lower triangular": "lower",
    "upper triangular": "upper",
}


class Point:
    """Sizes, values and declared functions, and the problem's value as a function of the chosen variable."""

    def __init__(
        self, problem: Problem, shapes: Mapping[str, Sequence[Any]], rng: np.random.Generator, attempt: int
    ) -> None:
        self.statements = statements(problem["expression"])
        assumptions = problem.get("assumptions") or {}
        how = problem.get("draw") or {}
        self.complex = "dft(" in problem["expression"] or any(
            "complex" in f or "hermitian" in " ".join(f) for f in assumptions.values()
        )
        used = set().union(*(names(tree) - running(tree) for _, tree in self.statements))
        defined = {name for name, _ in self.statements if name}
        sizes = size_names(shapes)
        # A name that is no variable is a size: the n of eye(n).
        self.sizes = draw_sizes(problem, [*sizes, *sorted(used - set(shapes) - defined - set(sizes) - {"pi"})], rng)
        self.assumptions = assumptions
        self.declared = {name: Smooth(rng) for name in problem.get("functions") or []}
        self.values: dict[str, Array] = as_scalars(self.sizes)
        for name, shape in shapes.items():
            if name in self.sizes:
                raise Bad(f"{name} is a size and a variable")
            if name in defined:
                continue
            x = draw(concrete(shape, self.sizes), assumptions.get(name, ()), how.get(name, ()), rng, attempt >= 20)
            if attempt >= 40 and not assumptions.get(name) and not how.get(name):
                x = 0.3 * x
            self.values[name] = x
        for name, tree in self.statements:
            value = self.number(tree, self.values)
            if name:
                self.values[name] = value
        self.value = value
        if not np.all(np.isfinite(value)):
            raise Bad("the value is not finite here")

    def number(self, tree: Any, values: Mapping[str, Array]) -> Array:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return evaluate(tree, values, self.declared, self.complex)

    def at(self, changes: Mapping[str, Array]) -> Array:
        """The value of the problem with variables (or named quantities, held as if free) replaced."""
        values = {**self.values, **changes}
        for name, tree in self.statements:
            value = self.number(tree, values)
            if name and name not in changes:
                values[name] = value
        return value

    def structure(self, wrt: str) -> str | None:
        return next((STRUCTURES[f] for f in self.assumptions.get(wrt, ()) if f in STRUCTURES), None)


def directions(x: Array) -> list[Array]:
    """The unit arrays of x's shape."""
    out: list[Array] = []
    for at in range(max(x.size, 1)):
        e = np.zeros(x.size)
        e[at] = 1.0
        out.append(e.reshape(x.shape))
    return out


def stacked(columns: list[Array], value: tuple[int, ...], variable: tuple[int, ...]) -> Array:
    return np.stack([np.asarray(c) for c in columns], axis=-1).reshape(value + variable)


def richardson(f: Callable[[float], Array], steps: int = 5, first: float = 2e-2) -> Array:
    """f'(0) by extrapolated central differences, the entry of the table that moved least."""
    table: list[list[Array]] = []
    best, least = None, np.inf
    h = first
    for k in range(steps):
        row = [(f(h) - f(-h)) / (2 * h)]
        for j in range(1, k + 1):
            row.append(row[-1] + (row[-1] - table[-1][j - 1]) / (4.0**j - 1))
        if table:
            moved = float(np.max(np.abs(row[-1] - table[-1][-1]), initial=0.0))
            if moved < least or best is None:
                best, least = row[-1], moved
        table.append(row)
        h /= 2.0
    return best


class Truth:
    """A derivative at a point, as an array of shape value + variable, and how far it can be trusted."""

    def __init__(self, array: Array, tolerance: float) -> None:
        self.array, self.tolerance = array, tolerance


def first(point: Point, wrt: str) -> Truth:
    """The first derivative by `wrt`."""
    x = np.asarray(point.values[wrt], float)
    try:
        columns = [np.imag(point.at({wrt: x + 1j * STEP * e})) / STEP for e in directions(x)]
        tolerance = 1e-7
    except NotAnalytic:
        columns = [richardson(lambda h, e=e: point.at({wrt: x + h * e})) for e in directions(x)]
        tolerance = 1e-5
    return Truth(stacked(columns, point.value.shape, x.shape), tolerance)


def second(point: Point, wrt: str, other: str) -> Truth:
    """The second derivative of a scalar, rows by `wrt` and columns by `other`: shape wrt + other."""
    x, y = np.asarray(point.values[wrt], float), np.asarray(point.values[other], float)

    def change(dx: Array, dy: Array) -> dict[str, Array]:
        return {wrt: x + dx + dy} if wrt == other else {wrt: x + dx, other: y + dy}

    def slope(e: Array, dy: Array) -> Array:
        return np.imag(point.at(change(1j * STEP * e, dy))) / STEP

    try:
        columns = [
            np.stack([richardson(lambda h, e=e, d=d: slope(e, h * d)) for e in directions(x)]) for d in directions(y)
        ]
        tolerance = 1e-6
    except NotAnalytic:
        columns = [
            np.stack(
                [
                    richardson(lambda h, e=e, d=d: richardson(lambda k: point.at(change(k * e, h * d))))
                    for e in directions(x)
                ]
            )
            for d in directions(y)
        ]
        tolerance = 1e-4
    return Truth(stacked(columns, x.shape, y.shape), tolerance)


def wirtinger(point: Point, wrt: str) -> tuple[Array, Array]:
    """(∂f/∂Z, ∂f/∂conj(Z)), each of shape value + variable."""
    z = np.asarray(point.values[wrt], complex)
    real = [richardson(lambda h, e=e: point.at({wrt: z + h * e})) for e in directions(z)]
    imag = [richardson(lambda h, e=e: point.at({wrt: z + 1j * h * e})) for e in directions(z)]
    a, b = (stacked(c, point.value.shape, z.shape) for c in (real, imag))
    return (a - 1j * b) / 2, (a + 1j * b) / 2


def along_reals(point: Point, wrt: str) -> Truth:
    """The derivative by a real variable of what complex ones stand in: no complex step passes there."""
    x = np.asarray(point.values[wrt], float)
    columns = [richardson(lambda h, e=e: point.at({wrt: x + h * e})) for e in directions(x)]
    return Truth(stacked(columns, point.value.shape, x.shape), 1e-5)


def project(structure: str | None, x: Array, g: Array) -> Array:
    """The part of g that lies along the structure at x."""
    if structure is None:
        return g
    if structure == "orthogonal":
        m = grid(x).T @ grid(g)
        return g - settle(grid(x) @ (m + m.T) / 2)
    g = grid(g)
    parts = {
        "symmetric": lambda: (g + g.T) / 2,
        "skew": lambda: (g - g.T) / 2,
        "diagonal": lambda: np.diag(np.diag(g)),
        "lower": lambda: np.tril(g),
        "upper": lambda: np.triu(g),
    }
    return settle(parts[structure]())


def points(problem: Problem, shapes: Mapping[str, Sequence[Any]], count: int, rng: np.random.Generator) -> list[Point]:
    """`count` points where the value is finite and moderate.  Raises Bad when too few are found."""
    found: list[Point] = []
    why: Exception | None = None
    for attempt in range(60):
        try:
            point = Point(problem, shapes, rng, attempt)
        except NotAnalytic:
            raise
        except TROUBLE as error:
            why = error
            continue
        if np.max(np.abs(point.value), initial=0.0) < 1e8:
            found.append(point)
        if len(found) == count:
            return found
    raise Bad(f"no point where the expression is defined: {why}")


def uses(problem: Problem) -> tuple[set[str], set[str]]:
    """Names and functions of the problem's expression."""
    trees = [tree for _, tree in statements(problem["expression"])]
    return set().union(*map(names, trees)), set().union(*map(functions, trees))
