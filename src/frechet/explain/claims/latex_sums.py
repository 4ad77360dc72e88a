"""A claim in LaTeX with sums over data: read as the problem was, its families in matrices."""

from __future__ import annotations

import re
from collections.abc import Mapping

from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.explain.claims.question import Question

RANGE = re.compile(r"(\\sum\s*_\{\s*\w+)\s*=\s*1\s*\}\s*\^\s*(?:\{\s*\w+\s*\}|\w)")
"""A sum with the range it has anyway: that of the family it runs over."""
LOGISTIC = re.compile(r"\\sigma(?=\s*(?:\\left|\\[bB]igg?l?)?\s*\()")
"""The logistic function of a problem that declares no sigma."""


def in_matrices(text: str, question: Question, values: Mapping[str, Expr]) -> str | None:
    """The formula that a claim with sums stands for; None where it has none, or has other names than the problem."""
    if r"\sum" not in text:
        return None
    from frechet.language import parse
    from frechet.notation.ascii import text as written
    from frechet.notation.matrices import shown

    # An index or a count of the claim may be called as a size of the problem is: the sizes get names that nobody has.
    apart = {name: Dim.of(f"size_{k}_of_it") for k, name in enumerate(sorted(question.sizes))}
    known = {name: tuple(d.substitute(apart) for d in e.shape) for name, e in values.items()}
    text = RANGE.sub(r"\1}", text)
    if "sigma" not in (*question.functions, *known):
        text = LOGISTIC.sub(r"\\operatorname{sigmoid}", text)
    try:
        found = parse(text, known, None, question.functions, language="latex")
    except FrechetError:
        return None
    own = found.variables.keys() - known.keys()
    if found.functions or any(len(name) > 1 or found.variables[name].shape for name in own):
        return None
    formula = written(shown(found.value))
    for name, size in apart.items():
        formula = formula.replace(str(size), name)
    return formula
