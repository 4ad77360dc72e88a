"""``frechet.explain`` and ``frechet.conventions``: a problem's derivation and its ledger in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from frechet.library.derive import derive

if TYPE_CHECKING:
    from frechet.explain.derivation.derivation import Derivation
    from frechet.explain.ledger.ledger import Ledger
    from frechet.library.formula import Formula
    from frechet.library.problems import Anything
    from frechet.library.words import Assumptions, Explained, Language, Layout, Like, Order, Shapes, VecOrder


def explain(
    expression: Anything,
    wrt: Formula | str | None = None,
    *,
    shapes: Shapes | None = None,
    assumptions: Assumptions | None = None,
    functions: Sequence[str] = (),
    layout: Layout = "numerator",
    vec: VecOrder = "column",
    form: Explained | None = None,
    order: Order = 1,
    language: Language = "auto",
    like: Like | None = None,
) -> Derivation:
    """Why the derivative is what it is, step by step; every line is checked numerically before it is shown.

    `form` asks for one form ("gradient", "derivative", "pullback", "jacobian", "differential", "index"); unasked it is
    the gradient of a scalar, and of an array the pullback and then the Jacobian in this layout and vec order.  `order`
    2 goes on to the Hessian.

    >>> for step in explain("tr(A*X*B)", "X").steps:
    ...     print(step.title, "|", step.after.plain())
    The trace is linear; the product rule, one factor moving | df = tr(A*dX*B)
    Collect dX | df = tr(B*A*dX)
    Read off: df = ⟨G, dX⟩ = tr(G'*dX) | ∂f/∂X = A'*B'
    """
    found = derive(
        expression, wrt, shapes=shapes, assumptions=assumptions, functions=functions, order=order, language=language,
        like=like,
    )  # fmt: skip
    return found.explain(layout, vec, form)


def conventions(
    expression: Anything,
    wrt: Formula | str | None = None,
    *,
    shapes: Shapes | None = None,
    assumptions: Assumptions | None = None,
    functions: Sequence[str] = (),
    order: Order = 1,
    through: Sequence[str] | None = None,
    language: Language = "auto",
    like: Like | None = None,
) -> Ledger:
    """Every form of a derivative in one table: its size, who uses it, how it is made; and the chain rule in each order.

    `through` names the quantities of the chain (unasked: all that the variable passes through).  `order` 2 gives the
    ledger of the Hessian.

    >>> for row in conventions("A*B", "B").rows:
    ...     print(row.name, row.vec or "-", row.formula and str(row.shape))
    differential - (m, p)
    pullback - (n, p)
    index - (m, p, n, p)
    tensor - (m, p, n, p)
    numerator column (m*p, n*p)
    numerator row (m*p, n*p)
    denominator column (n*p, m*p)
    denominator row (n*p, m*p)
    """
    found = derive(
        expression, wrt, shapes=shapes, assumptions=assumptions, functions=functions, order=order, language=language,
        like=like,
    )  # fmt: skip
    return found.conventions(through)
