"""What a check is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, final

from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.verify.evaluate import Function

Kind = Literal[
    "differential",
    "pullback",
    "gradient",
    "d/dZ",
    "d/dconj(Z)",
    "unconstrained",
    "free entries",
    "derivative",
    "index",
    "tensor",
    "jacobian",
    "hessian",
    "vech gradient",
    "vech jacobian",
    "vech hessian",
    "hvp",
    "second differential",
]


@final
@dataclass(frozen=True, slots=True)
class Form:
    """One formula of an answer, read back from its printed text.

    kind            differential         linear in the increments, in the shape of the value
                    pullback             linear in the upstream gradient, in the shape of the variable
                    gradient             of a scalar value, in the shape of the variable; within its structure;
                                         of a complex variable df = Re⟨gradient, dZ⟩
                    d/dZ, d/dconj(Z)     of a scalar value, in the shape of the variable, linear in dZ and conj(dZ)
                    unconstrained        the same without the claim to lie within the structure
                    free entries         the derivatives by the independent entries of a symmetric variable
                    vech gradient, vech jacobian, vech hessian
                                         the same by the free entries of a structured variable, columns stacked
                    derivative           by a scalar variable, in the shape of the value
                    index, tensor        value axes first, then those of the variable
                    jacobian             a matrix, by `layout` and `vec`
                    hessian              of a scalar value: rows ↔ the first of `wrt`, columns ↔ the last, by
                    `vec` hvp                  Hessian times `direction`, in the shape of the variable
                    second differential  the same with the increment for the direction
    wrt             the variables it is about; empty means those of the request
    """

    name: str
    kind: Kind
    expr: Expr
    wrt: tuple[Expr, ...] = ()
    layout: str = "numerator"
    vec: str = "column"
    value_indices: tuple[str, ...] = ()
    wrt_indices: tuple[str, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class CheckRequest:
    """Formulas to compare with differences of the expression they are said to be derivatives of.

    `increments` names each variable's increment (by default d and its name), `equations` are sizes that must
    agree beyond what the shapes say, `sizes` those that are settled already, `functions` the functions that
    stand for declared names (by default random smooth ones), `at` what is put in for names at every point.
    """

    original: Expr
    wrt: tuple[Expr, ...]
    forms: tuple[Form, ...]
    increments: Mapping[str, str] = field(default_factory=dict[str, str])
    upstream: str = "G"
    direction: str = "V"
    trials: int = 8
    seed: int = 0
    sizes: Mapping[str, int] = field(default_factory=dict[str, int])
    equations: tuple[tuple[Dim, Dim], ...] = ()
    functions: Mapping[str, Function] = field(default_factory=dict[str, Function])
    at: Mapping[str, Expr] = field(default_factory=dict[str, Expr])

    def increment(self, variable: Expr) -> str:
        """The name of the variable's increment."""
        name: str = variable.params[0]
        return self.increments.get(name, "d" + name)

    def about(self, form: Form) -> tuple[Expr, ...]:
        """The variables a form is about."""
        return form.wrt or self.wrt


@final
@dataclass(frozen=True, slots=True)
class Failure:
    """A form that is wrong, and how that showed."""

    form: str
    reason: str


@final
@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of a check.

    `passed` is None where nothing could be decided; `reason` then says why.  `trials` are the points at
    which the reference was good enough to decide, `max_relative_error` the worst disagreement there,
    `points` what these have in common ("distinct eigenvalues").
    """

    passed: bool | None
    trials: int
    forms_checked: int
    max_relative_error: float | None
    sizes: Mapping[str, int] = field(hash=False)
    reason: str | None = None
    failures: tuple[Failure, ...] = ()
    points: str | None = None
