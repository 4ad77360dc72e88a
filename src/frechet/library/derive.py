"""``frechet.derive``: the derivative of an expression in every form, verified."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from frechet.library.formula import Formula

if TYPE_CHECKING:
    from frechet.language.understood import Source
    from frechet.library.derivative import Derivative
    from frechet.library.problems import Anything
    from frechet.library.words import Assumptions, Language, Like, Order, Shapes


def source(path: str) -> Source | None:
    """A Python file as an expression: "loss.py", or "loss.py:name" for one function of it; None for any other text.

    >>> source("A*B") is None
    True
    """
    from frechet.language.python import read_file

    return read_file(path)


def spelled(name: str, known: Sequence[str]) -> str:
    r"""A name as a person writes it, as one of the names that an answer has: W_1 and W1, \hat{y} and yhat are the same.

    >>> spelled("W_1", ["W1", "x"])
    'W1'
    """
    from frechet.language.written import spelled as find

    return find(name, known)


def derive(
    expression: Anything,
    wrt: Formula | str | Sequence[Formula | str] | None = None,
    *,
    shapes: Shapes | None = None,
    assumptions: Assumptions | None = None,
    functions: Sequence[str] = (),
    order: Order = 1,
    verify: bool = True,
    trials: int = 8,
    seed: int = 0,
    language: Language = "auto",
    like: Like | None = None,
) -> Derivative:
    """The derivative of an expression by a variable (or several; by every variable when `wrt` is left out).

    `order` 2 asks for the second derivative of a scalar expression.  The answer is checked at random points against
    differences of the expression itself; one that fails raises FrechetError("unverified", …), as does anything that
    cannot be done (the kind says why).  `verify=False` leaves the check out, and the answer says so.  `language` says
    what a text is written in: "frechet", "text", "latex" or "python"; "auto" finds out.

    A function of Python is an expression too: it is read by its source, or called on arrays without values; the shapes
    of its arguments are declared, or those of the arrays in `like`, or follow from their use.

    >>> import frechet as fr
    >>> def loss(w: fr.Array, X: fr.Array, y: fr.Array) -> fr.Array:
    ...     return ((X @ w - y) ** 2).sum()
    >>> print(derive(loss, wrt="w", shapes={"X": ("n", "d"), "w": ("d",), "y": ("n",)}).gradient)
    2*X'*(X*w-y)

    >>> d = derive("A*B", wrt="B")
    >>> print(d.differential, "|", d.pullback, "|", d.jacobian())
    A*dB | A'*G | kron(eye(p),A)
    >>> derive("x'*A*x", wrt="x").gradient
    (A+A')*x
    """
    from frechet.library.setting import solve  # here, so that a bare import is light

    found = solve(expression, wrt, shapes, assumptions, functions, order, language, like)
    if verify:
        found.check_or_refuse(trials, seed)
    return found
