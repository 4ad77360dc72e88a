"""The definition of the derivative as a table: ‖f(X+tD) - f(X) - t·df(D)‖/t goes to zero with t."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any, final

import numpy as np

from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.verify.bench import Bench, declared_functions
from frechet.verify.evaluate import Program
from frechet.verify.request import CheckRequest
from frechet.verify.sample import MANNERS
from frechet.verify.sizes import candidates, dims_of

STEPS = (1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
"""The lengths t of the step."""
SIZES_TRIED = 12
"""How many choices of sizes are tried for a point at which all is defined."""


@final
@dataclass(frozen=True)
class Remainder:
    """The remainder over t at one random point, for t = 1 … 1e-6; nan where f(X+tD) is not defined."""

    rows: tuple[tuple[float, float], ...]
    sizes: Mapping[str, int] = field(hash=False)

    def to_dict(self) -> dict[str, Any]:
        """The table as plain data."""
        return {"t": [t for t, _ in self.rows], "remainder": [r for _, r in self.rows], "sizes": dict(self.sizes)}

    def text(self) -> str:
        """The table on a page."""
        sizes = ", ".join(f"{name}={n}" for name, n in self.sizes.items())
        out = ["‖f(X+tD) - f(X) - t*df(D)‖/t at a random point and increment D" + (f" with {sizes}" if sizes else "")]
        out += [f"  t = {t:<8g}{'not defined' if np.isnan(r) else f'{r:.2e}'}" for t, r in self.rows]
        return "\n".join([*out, _said(self.rows)])

    def latex(self) -> str:
        """The table for LaTeX: a tabular, nothing but the base format needed."""
        sizes = ", ".join(f"{name}={n}" for name, n in self.sizes.items())
        at = "at a random point and increment $D$" + (f" with ${sizes}$" if sizes else "")
        out = [rf"\noindent $\Vert f(X+tD) - f(X) - t\,\mathrm{{d}}f(D)\Vert/t$ {at}:", ""]
        out += [r"\begin{tabular}{ll}", r"$t$ & remainder \\ \hline"]
        out += [rf"{t:g} & {'not defined' if np.isnan(r) else f'{r:.2e}'} \\" for t, r in self.rows]
        return "\n".join([*out, r"\end{tabular}", "", _said(self.rows)])

    def __str__(self) -> str:
        return self.text()


def _said(rows: Sequence[tuple[float, float]]) -> str:
    known = [r for _, r in rows if not np.isnan(r)]
    if known and max(known) < 1e-9:
        return "It is zero but for rounding: the function is linear along D."
    if known and known[-1] <= 1e-2 * max(known):
        said = "It goes to zero with t: that is what it means for df to be the differential."
        tenths = sum(7.0 < a / b < 14.0 for a, b in pairwise(known) if b)
        second = "\nEach line is about a tenth of the one before: what df leaves out is of second order in t."
        return said + (second if tenths >= 3 else "")
    return "It does not go to zero here: too near a place where the function has no derivative."


def remainder(
    original: Expr,
    increments: Mapping[Expr, str],
    differential: Expr,
    equations: Sequence[tuple[Dim, Dim]],
    seed: int = 0,
) -> Remainder:
    """The table for a value and its differential, each variable moving by the increment of that name.

    >>> from frechet.language import parse
    >>> from frechet.ops.expressions import variable
    >>> x, dx = variable("x", ()), variable("dx", ())
    >>> f, df = parse("x^2", known={"x": x}).value, parse("2*x*dx", known={"x": x, "dx": dx}).value
    >>> found = remainder(f, {x: "dx"}, df, ())
    >>> found.rows[-1][1] < 1e-4 * found.rows[0][1]
    True
    """
    names = {str(v.params[0]): d for v, d in increments.items()}
    request = CheckRequest(original, tuple(increments), (), names, equations=tuple(equations), seed=seed)
    with np.errstate(all="ignore"):
        for sizes in islice(candidates(dims_of([original, differential]), equations), SIZES_TRIED):
            found = _at(request, differential, sizes)
            if found is not None:
                return Remainder(found, sizes)
    raise FrechetError("unsupported", "no point was found at which the expression is defined")


def _at(request: CheckRequest, differential: Expr, sizes: Mapping[str, int]) -> tuple[tuple[float, float], ...] | None:
    random = np.random.default_rng(request.seed)
    bench = Bench(request, sizes)
    functions = declared_functions([request.original, differential], {})
    linear = Program([differential], sizes, functions)
    for attempt in range(len(MANNERS) + 4):
        env = bench.point(attempt, random)
        if env is None:
            continue
        moves = bench.moves(env, random)
        try:
            (value,) = bench.original.run(env)
            value = np.array(value)
            (slope,) = linear.run({**env, **{request.increment(v): moves[v.params[0]] for v in request.wrt}})
            slope = np.array(slope)
        except np.linalg.LinAlgError:
            continue
        rows = tuple((t, _ratio(bench.original, env, moves, value, slope, t)) for t in STEPS)
        if all(np.isfinite(r) for _, r in rows[2:]):
            return rows
    return None


def _ratio(
    program: Program, env: Mapping[str, Any], moves: Mapping[str, Any], value: Any, slope: Any, t: float
) -> float:
    try:
        (there,) = program.run({**env, **{name: env[name] + t * move for name, move in moves.items()}})
    except np.linalg.LinAlgError:
        return float("nan")
    return float(np.linalg.norm(np.ravel(there - value - t * slope))) / t
