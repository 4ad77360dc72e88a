"""What a verdict says of a structured variable: which increments count, and what there is with all entries free."""

from __future__ import annotations

from frechet.core.dim import spoken
from frechet.core.expr import Expr
from frechet.explain.claims.comparison import Finding
from frechet.explain.claims.question import Question
from frechet.explain.claims.readings import close, targets
from frechet.notation.ascii import text
from frechet.verify.free import count, kind

LONGEST = 90
"""A formula with more characters is not told in a sentence."""
BY_FREE = {
    "vech gradient": ("gradient", "the gradient"),
    "vech": ("numerator", "the Jacobian"),
    "vech denominator": ("denominator", "the Jacobian in denominator layout"),
    "hessian vech": ("hessian", "the Hessian"),
}
"""The readings by the free entries: the same reading with all entries free, and what it is called."""
LABELS = {
    "gradient": "gradient",
    "numerator": "jacobian numerator column",
    "denominator": "jacobian denominator column",
    "rowmajor-numerator": "jacobian numerator row",
    "rowmajor-denominator": "jacobian denominator row",
    "hessian": "hessian column",
    "hessian row": "hessian row",
}
"""Where the answer has them."""
CALLED = {
    "gradient": "the gradient",
    "vec-column": "the stacked gradient",
    "vec-row": "the stacked gradient",
    "pullback": "the pullback",
    "hessian": "the Hessian",
    "hessian row": "the Hessian, rows stacked,",
}


def within(question: Question, found: Finding) -> str | None:
    """Of a claim that is right within the structure alone: that it is, and what there is with all entries free."""
    if not found.within or len(found.within) < len(found.names):
        return None
    name = found.within[0]
    called = CALLED.get(name, "the Jacobian" + (", rows stacked," if name.startswith("rowmajor") else ""))
    known = kind(question.wrt) or question.structure or ""
    known = "tangent" if known == "orthogonal" else known
    moves = f"pair of {known} increments" if question.order == 2 else f"{known} increment"
    said = f"it acts as {called} does on every {moves} of {question.wrt_name}"
    return said + _released(question, found, name, "it")


def by_free_entries(question: Question, found: Finding) -> str:
    """Of a claim by the free entries: which these are, and what there is with all entries free."""
    name = next((n for n in found.names if n in BY_FREE), None)
    if name is None:
        return ""
    twin, called = BY_FREE[name]
    return f" The free entries of {question.wrt_name} are {entries_of(question)}" + _released(
        question, found, twin, called
    )


def entries_of(question: Question) -> str:
    """The free entries in words: `vech(S)`, n(n+1)/2 of them."""
    x, known = question.wrt_name, kind(question.wrt)
    said = {"upper triangular": f"vech({x}')", "diagonal": f"diag({x})", "skew": f"those of vech({x}) off the diagonal"}
    return f"{said.get(known or '', f'vech({x})')}, {spoken(count(question.wrt))} of them"


def _released(question: Question, found: Finding, name: str, called: str) -> str:
    """With all entries free it is this; nothing where the formula is long, or cannot be shown to be right."""
    if question.released is None or name not in LABELS:
        return ""
    form = question.released().get(LABELS[name])
    if form is None or len(text(form)) > LONGEST or not _true(question, found, name, form):
        return ""
    return f"; with all its entries free {called} is {text(form)}"


def _true(question: Question, found: Finding, name: str, form: Expr) -> bool:
    """Whether a formula is the reading at all places, as it was measured."""
    for place in found.places:
        value = place.value(form)
        wanted = [a for n, a in targets(question, place, found.claim.style) if n == name]
        if value is None or not wanted or not close(value, wanted[0], max(place.slack, 1e-6)):
            return False
    return bool(found.places)
