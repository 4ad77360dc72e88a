"""``frechet.check``: is this formula the derivative?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from frechet.errors import FrechetError
from frechet.library.claims import TRIALS, check_derivative, is_right, unanswered, verdict_on
from frechet.library.derive import derive
from frechet.library.formula import Formula, formula_text

if TYPE_CHECKING:
    from frechet.explain.claims.verdict import Verdict
    from frechet.library.problems import Anything
    from frechet.library.words import Assumptions, Language, Like, Order, Shapes


def check(
    expression: Anything,
    wrt: Formula | str | None = None,
    claim: Formula | str = "",
    *,
    shapes: Shapes | None = None,
    assumptions: Assumptions | None = None,
    functions: Sequence[str] = (),
    order: Order = 1,
    upstream: Mapping[str, str] | None = None,
    language: Language = "auto",
    like: Like | None = None,
    at: Mapping[str, str] | str | Sequence[str] = (),
) -> Verdict:
    """The verdict on a claim about a derivative: right (under which conventions), shorthand, or wrong and how.

    `upstream` declares names that the claim has for upstream gradients: {"dout": "out"}.  A claim that cannot be read
    raises FrechetError; one whose shapes do not fit is a wrong claim.  `at` names a point, as `Derivative.at` does: the
    claim is then about the derivative there.

    >>> check("A*B", "B", "kron(eye(p),A)").verdict
    'right'
    >>> check("A*B", "B", "A'").verdict
    'shorthand'
    """
    from frechet.library.at import equations  # here, so that a bare import is light

    claimed = formula_text("a claim", claim)
    if not claimed:
        raise FrechetError("input", "a claim is wanted: the formula that is to be judged")
    put_in = equations(at)
    try:
        found = derive(
            expression,
            wrt,
            shapes=shapes,
            assumptions=assumptions,
            functions=functions,
            order=order,
            trials=TRIALS,
            language=language,
            like=like,
        )
        if put_in:
            found = found.at(put_in)
    except FrechetError as trouble:
        if put_in and trouble.kind != "shape":
            raise
        if trouble.readings and not isinstance(expression, Formula):

            def judged(reading: Anything, declared: Shapes) -> Verdict:
                return check(
                    reading, wrt, claim, shapes={**(shapes or {}), **declared}, assumptions=assumptions,
                    functions=functions, order=order, upstream=upstream, language=language, like=like,
                    at=at,
                )  # fmt: skip

            return _as_the_claim_has_it(trouble, expression, judged)
        if trouble.kind not in ("unsupported", "unverified", "limit") or not isinstance(expression, (str, Formula)):
            raise
        question = unanswered(expression, wrt, shapes, assumptions, functions, order, language)
        return verdict_on(question, str(expression), claimed, None, upstream)
    verdict = check_derivative(found, claimed, upstream)
    name = verdict.wrt
    leaf = found.context.variables.get(name)
    guessed = isinstance(expression, str) and leaf is not None and not leaf.shape and name not in (shapes or {})
    if verdict.verdict != "wrong" or not guessed or like:
        return verdict

    taken = {*found.context.variables, *found.context.problem.quantities}
    size = next((s for s in ("n", "m", "p", "k", "d") if s not in taken), "n_")
    try:
        vector = derive(
            expression, wrt=wrt, shapes={**(shapes or {}), name: [size]}, assumptions=assumptions,
            functions=functions, order=order, trials=TRIALS, language=language,
        )  # fmt: skip
        vector = vector.at(put_in) if put_in else vector
        if not is_right(vector, claimed, upstream):
            return verdict
        verdict = check_derivative(vector, claimed, upstream)
    except FrechetError:
        return verdict
    said = f"Read so that the claim conforms (--shape {name}={size})."
    return replace(verdict, meaning=f"{said} {verdict.meaning}")


def _as_the_claim_has_it(
    question: FrechetError, expression: Anything, judged: Callable[[Anything, Shapes], Verdict]
) -> Verdict:
    """The verdict under the one reading of an open text that makes the claim right; else the question stays."""
    from frechet.language.questions import as_copied  # here, so that a bare import is light

    right: list[tuple[str, Verdict]] = []
    for reading in question.readings:
        formula, declared = as_copied(reading)
        if formula and not isinstance(expression, str):
            continue  # a function is not written anew
        try:
            verdict = judged(formula or expression, declared)
        except FrechetError:
            continue
        if verdict.holds:
            right.append((reading, verdict))
    if len(right) != 1:
        raise question
    reading, verdict = right[0]
    return replace(verdict, meaning=f"Read so that the claim conforms ({reading}). {verdict.meaning}")
