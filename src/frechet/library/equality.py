"""``frechet.equal``: are two formulas the same?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from frechet.errors import FrechetError
from frechet.library.formula import Formula

if TYPE_CHECKING:
    from frechet.core.dim import Dim
    from frechet.explain.claims.equal import Equality


def equal(
    left: Formula | str,
    right: Formula | str,
    *,
    shapes: Mapping[str, Sequence[int | str | Dim]] | None = None,
    assumptions: Mapping[str, Sequence[str]] | None = None,
    functions: Sequence[str] = (),
    language: str = "auto",
) -> Equality:
    """Whether two formulas are equal: always, where both are defined, under assumptions (which), or not, and where not.

    Names mean the same in both; shapes that are not given are inferred from both together.

    >>> equal("tr(A*B)", "tr(B*A)").verdict
    'always equal'
    >>> print(equal("x'*A*y", "y'*A*x"))
    different: In general they differ; they are equal if A is symmetric.
    >>> equal("(A*B)'", "A'*B'", shapes={"A": ["n", "n"], "B": ["n", "n"]}).counterexample is None
    False
    """
    from frechet.explain.claims.equal import equal as judge
    from frechet.language import parse
    from frechet.language.latexin import plain_text

    if isinstance(left, Formula) and isinstance(right, Formula):
        return judge(left.expr, right.expr, (str(left), str(right)))
    latex = language == "latex"
    texts = (plain_text(str(left), latex), plain_text(str(right), latex))
    language = "auto" if latex else language
    one, other = (f"({text})" for text in texts)
    try:
        together = parse(f"{one} - {other}", shapes, assumptions, functions, language=language)
        first, second = together.value.args
        if first.shape == second.shape:
            return judge(first, second, texts, together.constraints)
    except FrechetError as trouble:
        if trouble.kind != "shape":
            # Each is read by itself, so that what is wrong with it is shown in it and not in their difference.
            for text in texts:
                parse(text, shapes, assumptions, functions, language=language)
            raise
    found = parse(texts[0], shapes, assumptions, functions, language=language)
    known = {**(shapes or {}), **{n: e.shape for n, e in found.variables.items()}}
    try:
        others = parse(texts[1], known, assumptions, functions, language=language)
    except FrechetError as trouble:
        if trouble.kind != "shape":
            raise
        parse(texts[1], shapes, assumptions, functions, language=language)
        return judge(found.value, found.value, texts, (), trouble.message.splitlines()[0])
    return judge(found.value, others.value, texts, found.constraints)
