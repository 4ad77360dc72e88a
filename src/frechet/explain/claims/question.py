"""What a claim is compared with: a problem, one variable, and the right answer where there is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import final

from frechet.core.dim import Dim, Shape
from frechet.core.expr import Expr, postorder
from frechet.notation.called import loss
from frechet.ops.leaves import VARIABLE
from frechet.verify.structure import COMPLEX, PROJECTIONS, assumptions


@final
@dataclass(frozen=True)
class Question:
    """A derivative that is asked for.

    original    the value, the variable free in it
    wrt         the variable
    order       1 or 2
    variables   every variable by name
    quantities  the named statements of the problem
    name        the name of the value, if it has one
    sizes       the names of sizes
    forms       the right answer, label → formula with the names of `where` put in; empty where there is none
    verified    whether that answer has passed its check
    language    what the problem was written in
    at          what is put in for which name at every point
    released    of a structured variable: the answer with all its entries free, not checked
    called      what the value is called in a sentence: its name, or the letter that every page has for it
    """

    original: Expr
    wrt: Expr
    order: int
    variables: Mapping[str, Expr]
    quantities: Mapping[str, Expr]
    name: str | None
    sizes: frozenset[str]
    functions: tuple[str, ...] = ()
    constraints: tuple[tuple[Dim, Dim], ...] = ()
    increment: str = "dX"
    upstream: str = "G"
    direction: str = "V"
    forms: Mapping[str, Expr] = field(default_factory=dict[str, Expr])
    verified: bool = False
    language: str = "frechet"
    at: Mapping[str, Expr] = field(default_factory=dict[str, Expr])
    released: Callable[[], Mapping[str, Expr]] | None = field(default=None, compare=False, repr=False)
    called: str = "f"

    @property
    def scalar(self) -> bool:
        """Whether the value is a scalar."""
        return not self.original.shape

    @property
    def rows(self) -> Shape:
        """The axes of what is differentiated by the variable: the value's, of second derivatives the gradient's."""
        return self.wrt.shape if self.order == 2 else self.original.shape

    @property
    def complex(self) -> bool:
        """Whether the variable is complex."""
        return bool(COMPLEX & assumptions(self.wrt))

    @property
    def structure(self) -> str | None:
        """What ties the entries of the variable, if anything does."""
        tied = sorted(a for a in assumptions(self.wrt) if a in PROJECTIONS or a == "orthogonal")
        return tied[0] if tied and len(self.wrt.shape) == 2 else None

    @property
    def wrt_name(self) -> str:
        """The name of the variable."""
        return str(self.wrt.params[0])

    @property
    def loss(self) -> str:
        """What the upstream gradient is the gradient of."""
        return loss({*self.variables, *self.quantities, self.called})


def names_in(*roots: Expr) -> frozenset[str]:
    """The names of the variables in some expressions.

    >>> from frechet.ops.expressions import apply, variable
    >>> sorted(names_in(apply("mul", (variable("A", ("m", "n")), variable("x", ("n",))))))
    ['A', 'x']
    """
    return frozenset(str(e.params[0]) for e in postorder(*roots) if e.op is VARIABLE)
