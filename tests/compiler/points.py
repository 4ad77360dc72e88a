"""Points at which compiled code is compared with the evaluator, and what the evaluator makes of each form there."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np

from frechet.core.expr import postorder
from frechet.errors import FrechetError
from frechet.library.derivative import Derivative
from frechet.library.numbers import full
from frechet.library.words import ATTACHED, COMPUTED, SECOND
from frechet.verify.bench import Bench, declared_functions
from frechet.verify.evaluate import evaluate
from frechet.verify.request import CheckRequest
from frechet.verify.sizes import candidates, dims_of

FIRST = tuple(form for form in COMPUTED if form not in (*SECOND, *ATTACHED))
LABELS = {
    "gradient": "gradient",
    "value_and_gradient": "gradient",
    "pullback": "pullback",
    "pushforward": "differential",
    "jacobian": "jacobian numerator column",
    "hessian": "hessian column",
    "hvp": "pullback",
}
TOLERANCE = 1e-8
"""Of the largest entry: the evaluator inverts where the code solves."""


class Point:
    """Arrays and sizes for every name of a derivative by one variable, where all its forms have values."""

    def __init__(self, d: Derivative) -> None:
        self.d, self.part = d, d.part()
        context = d.context
        names = dict.fromkeys(reversed(self.part.key.split(",")))
        wrt = tuple(context.variables[n] for n in names)
        increments = {n: s.increment for n, s in context.symbols.items()}
        symbols = context.symbols[str(wrt[0].params[0])]
        request = CheckRequest(
            context.original, wrt, (), increments, symbols.upstream, symbols.direction,
            equations=context.problem.constraints, at=context.at,
        )  # fmt: skip
        shown = [context.original, *self.part.exprs.values(), *d.definitions.values()]
        random = np.random.default_rng(5)
        for sizes in islice(
            candidates(dims_of([context.original, *context.variables.values()]), request.equations), 12
        ):
            bench = Bench(request, sizes)
            for attempt in range(12):
                env = bench.point(attempt, random)
                if env is None:
                    continue
                upstream = random.normal(size=bench.shapes[context.original])
                moves, others = bench.moves(env, random), bench.moves(env, random)
                self.arrays = bench.drawn(env, moves, others, upstream)
                self.sizes = sizes
                self.functions = declared_functions([full(e, d.definitions) for e in shown], {})
                if self._extra(shown, random) and self._sound():
                    return
        raise AssertionError("no point where every form has a value")

    def _extra(self, shown: Any, random: Any) -> bool:
        """Names that stand in a form and not in the expression."""
        for e in postorder(*shown):
            name = str(e.params[0]) if e.op.name == "variable" else ""
            if name and name not in self.arrays and name not in self.d.definitions:
                self.arrays[name] = random.normal(size=[x.evaluate(self.sizes) for x in e.shape])
        return True

    def _sound(self) -> bool:
        try:
            found = [self.value(label) for label in ("", *self.forms())]
        except (np.linalg.LinAlgError, FrechetError):
            return False
        return all(np.isfinite(x).all() and abs(x).max(initial=0) < 1e6 for x in found)

    def forms(self) -> list[str]:
        """The labels of the forms that are compared and that there are."""
        return [label for label in dict.fromkeys(LABELS.values()) if label in self.part.exprs]

    def value(self, label: str) -> Any:
        """What the evaluator makes of a form, or of the expression itself."""
        e = self.part.exprs[label] if label else self.d.context.original
        return evaluate(full(e, self.d.definitions), self.arrays, self.sizes, self.functions)

    def wanted(self, form: str) -> list[Any]:
        """What a compiled form has to give."""
        found = [self.value("")] if form in ("value", "value_and_gradient") else []
        return found if form == "value" else [*found, self.value(LABELS[form])]

    def call(self, function: Any) -> list[Any]:
        """What compiled code gives."""
        given = {**self.arrays, **self.sizes, **self.functions}
        found = function(**{n: given[n] for n in function.arguments})
        return [np.asarray(x) for x in (found if isinstance(found, tuple) else (found,))]


def having(d: Derivative) -> list[str]:
    """The compiled forms that there are of a derivative."""
    forms = SECOND if d.context.order == 2 else FIRST
    return [f for f in forms if f == "value" or LABELS[f] in d.part().exprs]


def differs(got: list[Any], want: list[Any]) -> str:
    """How two lists of arrays differ; nothing where they do not."""
    if len(got) != len(want):
        return f"{len(got)} arrays for {len(want)}"
    for a, b in zip(got, want, strict=True):
        if a.shape != b.shape:
            return f"shape {a.shape} for {b.shape}"
        gap = abs(a - b).max(initial=0) / max(abs(b).max(initial=0), 1)
        if not gap < TOLERANCE:
            return f"off by {gap:.1e}"
    return ""
