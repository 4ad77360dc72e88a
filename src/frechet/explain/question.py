"""What a derivation or a ledger is asked about: a problem and the answer that is known already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

from frechet.notation.called import called, loss

if TYPE_CHECKING:
    from frechet.core.dim import Dim
    from frechet.core.expr import Expr


@final
@dataclass(frozen=True)
class Question:
    """A problem with one variable, and the forms of its derivative.

    text         what was typed
    value        the expression, over variables only; `name` is the value's name (None where it has none)
    typed        the person's named statements, over variables only, in order
    forms        the answer's formulas by label ("gradient", "jacobian numerator column", …)
    where        names in those formulas, in an order in which they can be evaluated
    missing      forms that could not be written, and why
    reading      how the text was read, where it is not the formula language (answer.md)
    """

    text: str
    value: Expr
    name: str | None
    x: Expr
    increment: str
    upstream: str
    variables: Mapping[str, Expr]
    typed: Mapping[str, Expr]
    forms: Mapping[str, Expr]
    where: Mapping[str, Expr]
    missing: Mapping[str, str]
    taken: frozenset[str]
    equations: tuple[tuple[Dim, Dim], ...]
    value_indices: tuple[str, ...] = ()
    wrt_indices: tuple[str, ...] = ()
    reading: Mapping[str, Any] | None = None

    def value_name(self) -> str:
        """The value's own name, else a free letter."""
        used = self.taken | set(self.variables) | set(self.where) | set(self.typed)
        return self.name or called(self.value.shape, used)

    def loss_name(self, value: str) -> str:
        """What the upstream gradient is the gradient of."""
        used = self.taken | set(self.variables) | set(self.where) | set(self.typed) | {value}
        return loss(used)

    def parts(self, where: Mapping[str, Expr]) -> dict[Expr, str]:
        """The answer's names for parts of the value, by their formulas in the variables; cotangents' are none."""
        above = self.upstream if self.value.shape else f"d{self.value_name()}"
        cotangents = {f"{above}_{'' if self.value.shape else 'd'}{n}" for n in self.typed}
        return {e: n for n, e in where.items() if n not in cotangents}
