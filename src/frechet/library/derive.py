"""``frechet.derive``: the derivative of an expression in every form, verified."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from frechet.errors import FrechetError
from frechet.library.arguments import kind, name_list
from frechet.library.derivative import Derivative
from frechet.library.formula import Formula

if TYPE_CHECKING:
    from frechet.language.understood import Source
    from frechet.library.problems import Anything
    from frechet.library.words import Assumptions, Language, Like, Order, Shapes


def source(path: str) -> Source | None:
    """A Python file as an expression: "loss.py", or "loss.py:name" for one function of it; None for any other text.

    >>> source("A*B") is None
    True
    """
    from frechet.language.python import read_file

    if not isinstance(path, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise FrechetError("input", f"a path is a text; got {kind(path)}")
    return read_file(path)


def spelled(name: str, known: Sequence[str]) -> str:
    r"""A name as a person writes it, as one of the names that an answer has: W_1 and W1, \hat{y} and yhat are the same.

    >>> spelled("W_1", ["W1", "x"])
    'W1'
    """
    from frechet.language.input_text import spelled as find

    if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise FrechetError("input", f"a name is a text; got {kind(name)}")
    name_list("the names known", known)
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

        expression   a formula built with operators, a text, a file of Python (`source`), or a function of Python
        wrt          a variable or its name; a list of them; None for every variable
        shapes       of names in a text, where they do not follow from it: {"A": ("m", "n"), "x": ("n",), "c": ()}
        assumptions  what is known of names in a text: {"S": ["symmetric"]}
        functions    names of unspecified functions that act entry by entry: ["sigma"]
        order        1, or 2 for the second derivative of a scalar
        verify       whether to check the answer, at `trials` random points that are drawn from `seed`
        language     what a text is written in: "frechet", "text", "latex" or "python"; "auto" finds out
        like         real arrays whose shapes the names have: {"X": X}

    The answer is checked against differences of the expression itself; one that fails raises
    FrechetError("unverified", …), as does anything that cannot be done (the kind says why).  `verify=False` leaves the
    check out, and the answer says so.  A formula that was built has its shapes and assumptions from where its
    variables were made.

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
    from frechet.library.solving import solve  # here, so that a bare import is light

    if type(verify) is not bool:  # who calls may not keep to the types
        raise FrechetError("input", f"verify is True or False; got {kind(verify)}")
    found = Derivative.of(solve(expression, wrt, shapes, assumptions, functions, order, language, like))
    if verify:
        found.check_or_refuse(trials, seed)
    return found
