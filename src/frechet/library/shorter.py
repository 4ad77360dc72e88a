"""Where one declaration would shorten a gradient: what it is if Sigma is symmetric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import replace as replaced
from typing import TYPE_CHECKING, final

from frechet.core.expr import Expr, fold, postorder
from frechet.core.rewrite import replace
from frechet.errors import FrechetError
from frechet.library.formula import Formula
from frechet.library.parts import used_names
from frechet.notation.naming import written_size
from frechet.ops.expressions import variable

if TYPE_CHECKING:
    from frechet.language import Problem
    from frechet.library.answered import Answered

FACT = "symmetric"
"""The declaration that shortens most, and that people forget."""
TRIALS = 3
"""Points at which a gradient under a declaration is checked, beside the one where the whole map is compared."""


@final
@dataclass(frozen=True)
class Shorter:
    """A gradient under one more assumption on a name."""

    name: str
    fact: str
    gradient: Formula

    @property
    def condition(self) -> str:
        """What is assumed, in words."""
        return f"{self.name} is {self.fact}"


def shorter(d: Answered) -> list[Shorter]:
    """The shorter gradients that single declarations would give, the shortest first, each verified.

    >>> import frechet as fr
    >>> [(found.condition, found.gradient) for found in shorter(fr.derive("(x-m)'*inv(S)*(x-m)", wrt="x"))]
    [('S is symmetric', 2*inv(S)*(x-m))]
    """
    if d.context.several or d.context.at or d.context.order != 1 or "gradient" not in d.part().exprs:
        return []
    old = _whole(d)
    found: list[Shorter] = []
    for name in _candidates(d, old):
        new = _under(d, name, old)
        if new is not None:
            found.append(Shorter(name, FACT, Formula(new)))
    return sorted(found, key=lambda one: written_size(one.gradient.expr))


def _whole(d: Answered) -> Expr:
    """The gradient with its names written out."""
    return whole(d.part().exprs["gradient"], d.definitions)


def whole(formula: Expr, definitions: Mapping[str, Expr]) -> Expr:
    """A formula with its names written out."""
    names = used_names([formula], definitions)
    for name in reversed([n for n in definitions if n in names]):
        stands = [e for e in postorder(formula) if e.op.name == "variable" and e.params[0] == name]
        formula = replace(formula, dict.fromkeys(stands, definitions[name]))
    return formula


def _candidates(d: Answered, gradient: Expr) -> Iterator[str]:
    """Square matrices of which nothing is assumed and which stand in the gradient transposed."""
    turned = [e for e in postorder(gradient) if e.op.name == "transpose"]
    for name, leaf in d.context.variables.items():
        square = len(leaf.shape) == 2 and leaf.shape[0] == leaf.shape[1]
        if square and not leaf.params[1] and name not in d.context.names and any(leaf in postorder(e) for e in turned):
            yield name


def _times(name: str, e: Expr) -> int:
    """How often a name stands in a formula as it is written."""
    return fold(e, lambda x, below: sum(below) + (x.op.name == "variable" and x.params[0] == name))


def _under(d: Answered, name: str, old: Expr) -> Expr | None:
    """The gradient if the name is symmetric; None where it only loses a transpose by that, or cannot be shown."""
    from frechet.library.checking import verify
    from frechet.library.solving import answered

    context = d.context
    leaf = context.variables[name]
    problem = declared(context.problem, {leaf: variable(name, leaf.shape, [FACT])})
    try:
        found = answered(problem, list(context.names), context.functions, 1, several=False)
        gradient = found.part().exprs.get("gradient")
        if gradient is None:
            return None
        found.part().exprs = {"gradient": gradient}
        full = _whole(found)
        gains = written_size(full) < written_size(old) and _times(name, full) < _times(name, old)
        return full if gains and verify(found, TRIALS).passed else None
    except FrechetError:
        return None


def declared(problem: Problem, leaves: Mapping[Expr, Expr]) -> Problem:
    """The problem with other leaves for some of its names."""
    return replaced(
        problem,
        value=replace(problem.value, leaves),
        quantities={name: replace(e, leaves) for name, e in problem.quantities.items()},
        variables={name: leaves.get(e, e) for name, e in problem.variables.items()},
    )
