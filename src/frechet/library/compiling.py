"""``frechet.compile``: a form of the derivative of an expression as a function of arrays, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from frechet.library.derive import derive

if TYPE_CHECKING:
    from frechet.library.compiled import Compiled
    from frechet.library.formula import Formula
    from frechet.library.problems import Anything
    from frechet.library.words import Assumptions, Computed, Language, Layout, Like, Shapes, Target, VecOrder


def compile(
    expression: Anything,
    wrt: Formula | str | Sequence[Formula | str] | None = None,
    form: Computed | None = None,
    backend: Target = "numpy",
    *,
    shapes: Shapes | None = None,
    assumptions: Assumptions | None = None,
    functions: Sequence[str] = (),
    layout: Layout = "numerator",
    vec: VecOrder = "column",
    verify: bool = True,
    language: Language = "auto",
    like: Like | None = None,
) -> Compiled:
    """A form of the derivative of an expression as a function of arrays: `derive`, then its method `compile`.

    A loss in Python goes straight through; `like` holds arrays whose shapes the names have.

    >>> import frechet as fr
    >>> def residuals(w: fr.Array, X: fr.Array, y: fr.Array) -> fr.Array:
    ...     return ((X @ w - y) ** 2).sum()
    >>> hvp = fr.compile(residuals, wrt="w", form="hvp", shapes={"X": ("n", "d"), "w": ("d",), "y": ("n",)})
    >>> hvp(X=[[1.0, 2.0]], V=[1.0, 1.0])
    array([ 6., 12.])
    """
    order = 2 if form in ("hessian", "hvp") else 1
    found = derive(
        expression, wrt, shapes=shapes, assumptions=assumptions, functions=functions, order=order, verify=verify,
        language=language, like=like,
    )  # fmt: skip
    return found.compile(backend, form, layout, vec)
