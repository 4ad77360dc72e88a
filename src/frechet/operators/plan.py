"""What a derivative's operators have in common at the same sizes: all that does not depend on the numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast, final

import numpy as np

from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.notation.unicode import text
from frechet.operators.parts import Code, code
from frechet.operators.structure import Array, Structure
from frechet.operators.tape import Tape
from frechet.operators.template import Template
from frechet.ops.leaves import VARIABLE
from frechet.verify.summands import in_order

T = TypeVar("T")

LONGEST = 400
"""The longest name of a part, in characters."""


def named(e: Expr) -> str:
    """A formula in a line, shortened where it is very long."""
    try:
        said = text(e)
    except FrechetError:
        return "…"
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


@final
class Plan:
    """Shapes, names, orders of evaluation, each found once; and which arrays a structure is made of.

    The first operator notes the arrays that it asks for; the ones after it have them from generated code.
    """

    def __init__(self, sizes: Mapping[str, int], where: Mapping[str, Expr]) -> None:
        self.sizes, self.where = dict(sizes), dict(where)
        self._known: dict[tuple[object, ...], object] = {}
        self._shapes: dict[Expr, tuple[int, ...]] = {}
        self._asked: dict[Expr, None] = {}
        self._noted = False
        self.template: Template | None = None
        self.tried = False

    def once(self, what: Callable[..., T], *about: object) -> T:
        """what(*about), worked out the first time.

        >>> Plan({}, {}).once(max, 2, 3)
        3
        """
        key = (what, *about)
        if key not in self._known:
            self._known[key] = what(*about)
        return cast("T", self._known[key])

    def shape(self, e: Expr) -> tuple[int, ...]:
        """The shape as integers."""
        found = self._shapes.get(e)
        if found is None:
            found = self._shapes[e] = tuple(d.evaluate(self.sizes) for d in e.shape)
        return found

    def order(self, e: Expr) -> tuple[Expr, ...]:
        """The parts of a formula, each after those that it needs."""
        return self.once(_order, e)

    def asks(self, e: Expr) -> None:
        """Note that an operator needs the value of a formula."""
        if not self._noted and (e.op is not VARIABLE or e.params[0] in self.where):
            self._asked[e] = None

    def ready(self, made: Structure, sources: list[Array], tape: Tape) -> None:
        """An operator was built.  The next one has its arrays from code, the one after that the structure from this."""
        if self._noted and not self.tried:
            self.template, self.tried = Template.of(made, sources, tape), True
        self._noted = True

    def arrays(self, given: Mapping[str, Any]) -> dict[Expr, Any]:
        """What will be asked for, where there is code for it; else nothing, and each is worked out when it is asked."""
        if not self._noted or not self._asked:
            return {}
        found = self.once(self._written)
        if found is None:
            return {}
        try:
            with np.errstate(all="ignore"):
                arrays = {e: np.asarray(a) for e, a in zip(self._asked, found(given), strict=True)}
        except (ArithmeticError, ValueError):  # LinAlgError is one: the evaluator says what has no value
            return {}
        if not all(a.dtype.kind in "fiu" and np.isfinite(a.sum()) for a in arrays.values()):
            return {}
        return {e: a.astype(float, copy=False).reshape(self.shape(e)) for e, a in arrays.items()}

    def _written(self) -> Code | None:
        """The code of the arrays that were asked for."""
        return code(tuple(self._asked), self.where, self.sizes)


def _order(e: Expr) -> tuple[Expr, ...]:
    return tuple(in_order([e]))
