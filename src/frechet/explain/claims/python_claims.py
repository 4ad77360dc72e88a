"""A claim in Python: NumPy's meaning, in the names and sizes of its problem, as a formula of the language."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.explain.claims.question import Question
from frechet.language.python_or_formula import looks_like_python

MARKS = re.compile(r"@|\.T\b|\.mT\b")
"""What Python and formulas both have, and what means Python where the problem is in it."""
PRODUCT = "Read with * as the product of matrices; NumPy's * is entry by entry, and @ the product."
"""What is said of a claim that is right as a formula and not as the Python that it may be too."""


@final
@dataclass(frozen=True)
class Pythonic:
    """A claim as it was read in Python; `trouble` says why its shapes do not fit, `sure` that it is no formula."""

    formula: str
    trouble: str
    sure: bool


def in_python(text: str, question: Question, values: Mapping[str, Expr]) -> Pythonic | None:
    """The formula that a claim in Python stands for; None where it is no Python, or need not be.

    A claim is Python where it can be nothing else, and where the problem is in Python and it can be read as that.
    """
    marked = looks_like_python(text)
    own = question.language == "python"
    if not marked and not own:
        return None
    sure = marked or bool(MARKS.search(text))
    try:
        used = {n.id for n in ast.walk(ast.parse(text.strip(), mode="eval")) if isinstance(n, ast.Name)}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    from frechet.language.python import read_python
    from frechet.notation.ascii import text as written
    from frechet.notation.matrices import shown

    known = {name: e.shape for name, e in values.items() if name in used}
    sizes = {name: Dim.of(name) for name in question.sizes}
    try:
        found = read_python(text.strip(), known, None, question.functions, constants=sizes)
    except FrechetError as trouble:
        if trouble.kind == "shape" and not trouble.readings:
            return Pythonic("", trouble.message.splitlines()[0], sure)
        if marked:
            raise
        return None
    for name, e in found.variables.items():
        if name not in known and e.shape:
            there = ", ".join(sorted({*question.variables, *question.quantities} - {""}))
            raise FrechetError("name", f"{name} is not known here; there are: {there}")
    return Pythonic(written(shown(found.value)), "", sure)
