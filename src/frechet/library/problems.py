"""Whatever stands for a problem: a formula that was built, a text in any language, a file or function of Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from frechet.core.dim import show
from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.language import Problem, parse
from frechet.language.understood import Source
from frechet.library.formula import Formula
from frechet.library.words import LANGUAGES, Assumptions, Language, Like, Shapes, check_word
from frechet.notation.ascii import text
from frechet.notation.naming import written_out

Anything = Formula | str | Source | Callable[..., object]
"""What a person may give for an expression."""


def read_problem(
    expression: Anything,
    shapes: Shapes | None,
    assumptions: Assumptions | None,
    functions: Sequence[str],
    language: Language = "auto",
    asked: Sequence[str] = (),
    like: Like | None = None,
) -> Problem:
    """The problem that an expression is; `asked` are the names that somebody wants the derivative by.

    >>> read_problem("X*W + b", None, None, (), like={"X": [[1, 2]], "W": [[1], [2]], "b": 3}).variables["X"].shape
    (1, m)
    """
    check_word("language", language, LANGUAGES)
    if isinstance(expression, Formula):
        root = expression.expr
        _agree(root, shapes, assumptions)
        return Problem(root, None, {}, variables_of(root, functions), written_out(root, text, "; "))
    if isinstance(expression, str):
        if not like:
            return parse(expression, shapes, assumptions, functions, language=language, asked=asked)
        return _alike(expression, shapes, assumptions, functions, language, asked, like)
    from frechet.language.python import problem_of, read_python  # here: a formula needs none of it

    if isinstance(expression, Source):
        return read_python(expression.text, shapes, assumptions, functions, expression.name)
    if not callable(expression):
        kind = type(expression).__name__
        raise FrechetError("input", f"an expression is a text, a formula or a function; got a value of type {kind}")
    return problem_of(expression, shapes, like, assumptions, functions)


def _agree(root: Expr, shapes: Shapes | None, assumptions: Assumptions | None) -> None:
    """Refuse declarations that a formula's variables contradict: they were declared when they were made."""
    from frechet.language.declarations import read_assumptions, read_shapes

    declared = read_shapes(shapes or {})
    assumed = read_assumptions(assumptions or {}, declared)
    for e in postorder(root) if declared or assumed else ():
        name = str(e.params[0]) if e.op.name == "variable" else ""
        if name in declared and e.shape != declared[name]:
            raise FrechetError(
                "shape", f"{name} was made {show(e.shape)}: declare its shape there, not beside a formula"
            )
        more = [word for word in assumed.get(name, ()) if word not in e.params[1]]
        if more:
            raise FrechetError("input", f"{name} was made without being {more[0]}: say so where it is made")


def _alike(
    expression: str,
    shapes: Shapes | None,
    assumptions: Assumptions | None,
    functions: Sequence[str],
    language: Language,
    asked: Sequence[str],
    like: Like,
) -> Problem:
    """A text whose names have the shapes of arrays: by names for their sizes, or their sizes as they are."""
    from frechet.language.python.functions import array_shapes, size_words

    arrays = {name: shape for name, shape in array_shapes(like).items() if name not in (shapes or {})}
    declared = {**(shapes or {})}
    words = {*re.findall(r"[^\W\d]\w*", expression), *like, *(str(d) for s in declared.values() for d in s)}
    sizes = size_words(arrays.values(), words)
    named: Shapes = {**{name: [sizes.get(n, n) for n in shape] for name, shape in arrays.items()}, **declared}
    try:
        return parse(expression, named, assumptions, functions, language=language, asked=asked)
    except FrechetError:
        literal: Shapes = {**{name: list(shape) for name, shape in arrays.items()}, **declared}
        return parse(expression, literal, assumptions, functions, language=language, asked=asked)


def variables_of(root: Expr, functions: Sequence[str]) -> dict[str, Expr]:
    """The variables of an expression that was built, each name for one thing only."""
    variables: dict[str, Expr] = {}
    for e in postorder(root):
        if e.op.name == "variable" and variables.setdefault(str(e.params[0]), e) is not e:
            raise FrechetError("name", f"{e.params[0]} stands for two variables, of different shape or assumptions")
    sizes = {name for e in postorder(root) for d in e.shape for name in d.names}
    for name in variables:
        if name in sizes or name in functions:
            other = "a size" if name in sizes else "a function"
            raise FrechetError("name", f"{name} is a variable and {other}: rename one of them")
    return variables
