"""``frechet.equal``: are two formulas the same?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, final

from frechet.errors import FrechetError
from frechet.library.formula import Formula

if TYPE_CHECKING:
    from frechet.core.dim import Dim
    from frechet.core.expr import Expr
    from frechet.explain.claims.equal import Equality
    from frechet.language import Problem
    from frechet.library.problems import Anything
    from frechet.library.words import Assumptions, Language, Like, Shapes


def equal(
    left: Anything,
    right: Anything,
    *,
    shapes: Shapes | None = None,
    assumptions: Assumptions | None = None,
    functions: Sequence[str] = (),
    language: Language = "auto",
    like: Like | None = None,
) -> Equality:
    """Whether two formulas are equal: always, where both are defined, under assumptions (which), or not, and where not.

    Names mean the same in both; shapes that are not given are inferred from both together.  Each side may be written in
    its own language: a formula, LaTeX, a line or a function of Python.

    >>> equal("tr(A*B)", "tr(B*A)").verdict
    'always equal'
    >>> print(equal("x'*A*y", "y'*A*x"))
    different: In general they differ; they are equal if A is symmetric.
    >>> equal("(A*B)'", "A'*B'", shapes={"A": ["n", "n"], "B": ["n", "n"]}).counterexample is None
    False
    >>> equal("np.trace(A @ B)", r"\\operatorname{tr}(BA)").verdict
    'always equal'
    """
    from frechet.explain.claims.equal import equal as judge

    if isinstance(left, Formula) and isinstance(right, Formula):
        return judge(left.expr, right.expr, (str(left), str(right)))
    sides = [str(side) if isinstance(side, Formula) else side for side in (left, right)]
    asked = Asked(shapes, assumptions or {}, functions, language, like)
    found = asked.together(sides[0], sides[1]) or asked.apart(sides[0], sides[1])
    texts = [side if isinstance(side, str) else formula for side, formula in zip(sides, found.formulas, strict=True)]
    made = judge(found.left, found.right, (texts[0], texts[1]), found.constraints, found.trouble)
    return replace(made, reading=found.reading)


@final
@dataclass(frozen=True)
class Read:
    """Two sides as read; `trouble` says why they have no common shape, `reading` how what is no formula was read."""

    left: Expr
    right: Expr
    formulas: tuple[str, str]
    constraints: tuple[tuple[Dim, Dim], ...]
    reading: Mapping[str, Any] | None
    trouble: str = ""


@final
@dataclass(frozen=True)
class Asked:
    """What is known of the names of two formulas, and the language that they are said to be in."""

    shapes: Shapes | None
    assumptions: Assumptions
    functions: Sequence[str]
    language: Language
    like: Like | None

    def together(self, left: Anything, right: Anything) -> Read | None:
        """Both read as one difference, so that each may say what the names of the other are; None where that fails."""
        from frechet.language import parse
        from frechet.language.latex.translated import is_latex
        from frechet.language.python_or_formula import looks_like_python

        if not isinstance(left, str) or not isinstance(right, str) or self.language == "python" or self.like:
            return None
        said = self.language if self.language != "auto" else None
        kinds = [said or ("latex" if is_latex(side) else "text") for side in (left, right)]
        if kinds[0] != kinds[1] or (not said and (looks_like_python(left) or looks_like_python(right))):
            return None
        language = "latex" if kinds[0] == "latex" else self.language
        try:
            both = parse(f"({left}) - ({right})", self.shapes, self.assumptions, self.functions, language=language)
            one, other = both.value.args
        except (FrechetError, ValueError):
            return None
        if one.shape != other.shape:
            return None
        return _read(one, other, both, both)

    def apart(self, left: Anything, right: Anything) -> Read:
        """Each side read in its own language, the names of one with the shapes that they have in the other."""
        refused: list[FrechetError] = []
        misfits: list[Read] = []
        for turned in (False, True):
            try:
                one = self.side(right if turned else left, self.shapes)
                known = {n: e.shape for n, e in one.variables.items()}
                other = self.side(left if turned else right, {**known, **(self.shapes or {})})
            except FrechetError as trouble:
                refused.append(trouble)
                continue
            first, second = (other, one) if turned else (one, other)
            found = _read(first.value, second.value, first, second)
            if found.left.shape == found.right.shape:
                return found
            misfits.append(found)
        if misfits:
            return misfits[0]
        # Each is read by itself, so that what is wrong with it is shown in it.
        alone = [self.side(side, self.shapes) for side in (left, right)]
        for trouble in refused:
            if trouble.kind != "shape":
                raise trouble
        value = alone[0].value
        return replace(_read(value, value, *alone), trouble=refused[0].message.splitlines()[0])

    def side(self, side: Anything, shapes: Shapes | None) -> Problem:
        """One side; what is assumed of names that are in the other alone is left out."""
        from frechet.library.problems import read_problem

        assumed = dict(self.assumptions)
        while True:
            try:
                return read_problem(side, shapes, assumed, self.functions, self.language, (), self.like)
            except FrechetError as trouble:
                found = re.match(r"something is assumed of (\w+)", trouble.message)
                if found is None or assumed.pop(found.group(1), None) is None:
                    raise


def _read(left: Expr, right: Expr, one: Problem, other: Problem) -> Read:
    from frechet.notation.ascii import text
    from frechet.notation.matrices import shown

    formulas = text(shown(left)), text(shown(right))
    reading: dict[str, Any] | None = None
    if {one.language, other.language} != {"frechet"}:
        languages = one.language, other.language
        sides = [
            None if language == "frechet" else {"language": language, "formula": formula}
            for language, formula in zip(languages, formulas, strict=True)
        ]
        reading = {"left": sides[0], "right": sides[1], "assumed": list(dict.fromkeys((*one.assumed, *other.assumed)))}
    constraints = tuple(dict.fromkeys((*one.constraints, *other.constraints)))
    return Read(left, right, formulas, constraints, reading)
