"""The nearest right formula in the form of the claim, and the words for what was wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from time import monotonic
from typing import Any

import numpy as np

from frechet.core.dim import Dim
from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.explain.claims.assumptions import Supposition, usual
from frechet.explain.claims.claim_tree import Bank
from frechet.explain.claims.comparison import TRIALS, Finding
from frechet.explain.claims.edits import Workshop
from frechet.explain.claims.pieces import pieces_of
from frechet.explain.claims.points import Adjust, Place, Points
from frechet.explain.claims.question import Question, names_in
from frechet.explain.claims.readings import holding
from frechet.explain.claims.search import SECONDS, TRIES, Match, Search
from frechet.explain.claims.targets import Target, aims
from frechet.explain.claims.values import values_at
from frechet.explain.claims.verdict import Mend
from frechet.language.sizes import Sizes
from frechet.notation.ascii import text
from frechet.ops.expressions import apply, rigid, variable

NEAR = 0.5
"""The share of its parts that the right answer must have in common with the claim to be called near."""

FEW = 1.6
"""Beyond this many edits a formula is looked for that needs what everyone assumes of labels and masks."""

BRIEF = 900
"""How many formulas are tried first where there are labels or masks, without and with such an assumption."""

PLAIN = 2.6
"""Beyond this the right answer as it comes out is preferred to edits, where it is near and no longer."""

DETOUR = 2.2
"""A mend that is so many times as long as the right answer is none."""

PATIENCE = "the search for a mend was stopped at its limit"


def mend(question: Question, points: Points, found: Finding) -> tuple[Mend | None, str | None]:
    """The mend, and a word if the search for it was cut short."""
    if found.product is not None:
        return _completed(question, found), None
    if not found.places:
        return None, None
    wanted = aims(question, found)
    if not wanted or found.claim.index:
        return _own(question, found, wanted), None
    unsaid, end = usual(question), monotonic() + SECONDS  # of all searches together
    chosen, stopped = _searched(question, points, found, wanted, end, BRIEF if unsaid else TRIES)
    if unsaid and (chosen is None or chosen[1] > FEW):
        for assumed in unsaid:
            nearer = _under(question, points, found, assumed, end)
            if nearer is not None and nearer[1] <= PLAIN and (chosen is None or nearer[1] + 0.5 <= chosen[1]):
                return nearer[0], None
        chosen, stopped = _searched(question, points, found, wanted, end)
    if chosen is not None and _roundabout(question, chosen[0]):
        chosen = None
    own = None if chosen is not None and chosen[1] <= PLAIN else _own(question, found, wanted)
    if chosen is not None and (own is None or len(chosen[0].formula) < len(own.formula)):
        return chosen[0], PATIENCE if stopped else None
    return own, PATIENCE if stopped else None


def _roundabout(question: Question, mended: Mend) -> bool:
    """Whether a mend is far longer than the right answer in its form: it mends a claim that is not near at all."""
    own = form_of(question, mended.reading)
    return own is not None and len(mended.formula) > DETOUR * len(text(own))


def _under(
    question: Question, points: Points, found: Finding, assumed: Supposition, end: float
) -> tuple[Mend, float] | None:
    """The nearest formula that is right where labels sum to one, a mask is of zeros and ones."""
    places = points.draw(TRIALS, adjust=assumed.adjust, sizes=found.places[0].sizes)
    arrays = values_at(found.claim.expr, places) if found.claim.expr is not None and places else None
    if not places or (found.claim.expr is not None and arrays is None):
        return None
    there = replace(found, places=places, arrays=arrays)
    chosen, _ = _searched(question, points, there, aims(question, there), end, BRIEF, assumed.adjust)
    if chosen is None:
        return None
    told = replace(chosen[0], change=f"{chosen[0].change}; right if {assumed.words}", small=assumed.small)
    return told, chosen[1]


def _searched(
    question: Question, points: Points, found: Finding, wanted: Sequence[Target], end: float, tries: int = TRIES,
    adjust: Adjust | None = None,
) -> tuple[tuple[Mend, float] | None, bool]:  # fmt: skip
    """The nearest right formula by edits and how far it is; whether the search was cut short."""
    unify = Sizes(kept=question.constraints).settled if question.constraints else rigid
    bank = Bank(found.places[0], unify)
    expr = found.claim.expr
    root = bank.of_expr(expr) if expr is not None else bank.of_syntax(found.claim.node, found.claim.scope)
    if root is None:
        return None, False
    upstream = any(t.style.upstream for t in wanted)
    with np.errstate(all="ignore"):
        pieces = pieces_of(question, found.claim.style.upstream)
        extra = (_upstream(question),) if upstream else ()
        factors, arguments, terms = (
            tuple(e for e in group if not _answers(bank, e, wanted))
            for group in ((*extra, *pieces.factors), pieces.arguments, pieces.terms)
        )
        beside = _upstream(question) if upstream and not found.claim.style.upstream else None
        pieces = replace(
            pieces, factors=(*pieces.outer, *factors), arguments=arguments, terms=terms, upstream=beside
        )  # fmt: skip
        search = Search(Workshop(bank, _sizes(question), pieces), wanted, end, tries)
        matches = search.run(root)
        return _verified(question, points, found, bank, matches, adjust), search.stopped


def _answers(bank: Bank, piece: Expr, wanted: Sequence[Target]) -> bool:
    """Whether a piece is the right answer itself, up to a factor: with that put in, nothing of the claim is left."""
    if piece.op.name == "variable":
        return False
    value = bank.evaluate(bank.of_expr(piece))
    if value is None or value.ndim > 2:
        return value is not None
    for target in wanted:
        for array in (value, value.T):
            if array.shape == target.array.shape and array.size > 1:
                below = float((array.conj() * array).sum().real)
                c = complex((array.conj() * target.array).sum()) / below if below else 0.0
                size = np.max(np.abs(target.array), initial=0.0)
                if np.max(np.abs(c * array - target.array), initial=0.0) <= 1e-7 * size:
                    return True
    return False


def _upstream(question: Question) -> Expr:
    return variable(question.upstream, question.original.shape)


def _completed(question: Question, found: Finding) -> Mend | None:
    """Shorthand, completed to the pullback."""
    expr, upstream = found.claim.expr, _upstream(question)
    if expr is None or found.product is None:
        return None
    op = "hadamard" if ".*" in found.product else "mul"
    args = (upstream, expr) if found.product.startswith("{G}") else (expr, upstream)
    if op == "hadamard":
        args = (upstream, expr)
    return Mend(text(apply(op, args)), f"the upstream gradient {question.upstream} as the other factor", "pullback")


def _sizes(question: Question) -> list[Dim]:
    """The sizes a constant may be of."""
    single = [Dim.of(name) for name in sorted(question.sizes)]
    given = [d for e in (*question.variables.values(), question.original) for d in e.shape]
    products = [a * b for i, a in enumerate(single) for b in single[i:]]
    return list(dict.fromkeys([*single, *given, *(products if len(single) <= 4 else [])]))


def _verified(
    question: Question, points: Points, found: Finding, bank: Bank, matches: Sequence[Match], adjust: Adjust | None
) -> tuple[Mend, float] | None:
    """The nearest match that holds at all points, at other sizes too, and how far it is."""
    ranked: list[tuple[float, int, str, Expr, Match]] = []
    foreign = not found.claim.style.upstream
    for match in matches:
        expr = bank.typed(match.term)
        if expr is not None and not (foreign and _hidden(expr, question.upstream)):
            shown = text(expr)
            ranked.append((round(match.cost + bank.clutter(match.term), 2), len(shown), shown, expr, match))
    ranked.sort(key=lambda r: r[:3])
    others = _elsewhere(points, found, adjust)
    for cost, _, shown, expr, match in ranked[:10]:
        if _holds(question, [*found.places, *others], expr, match.target):
            return Mend(shown, "; ".join(match.changes), match.target.name), cost
    return None


def _hidden(expr: Expr, name: str) -> bool:
    """Whether a name stands inside a function: an upstream gradient that the claim has not may be a factor only."""
    open_parts = [expr]
    for e in open_parts:
        if e.op.name in ("mul", "hadamard", "add", "sub", "neg", "transpose", "divide"):
            open_parts += e.args
    shut = [e for e in open_parts if e.op.name not in ("mul", "hadamard", "add", "sub", "neg", "transpose", "divide")]
    return any(e.args and name in names_in(e) for e in shut)


def _elsewhere(points: Points, found: Finding, adjust: Adjust | None) -> list[Place]:
    """Two points at other sizes, where there are some."""
    sizes = found.places[0].sizes
    if not sizes:
        return []
    names = sorted(sizes)
    ordered = sorted(sizes.values())
    moved = {name: sizes[name] + 1 for name in names} if len(set(ordered)) == len(ordered) else dict(sizes)
    try:
        return points.draw(2, adjust=adjust, sizes=moved)
    except (FrechetError, ValueError):
        return []


def _holds(question: Question, places: list[Place], expr: Expr, target: Target) -> bool:
    arrays = values_at(expr, places)
    return arrays is not None and target.name in holding(question, places, arrays, target.style)


# -- the right answer itself, where it is near -------------------------------------------------------------------------

FORMS: dict[str, Sequence[str]] = {
    "gradient": ("structured unconstrained", "gradient"),
    "symmetric-projected": ("structured projected",),
    "symmetric-free": ("structured free entries",),
    "pullback": ("pullback",),
    "differential": ("differential",),
    "derivative": ("derivative",),
    "hessian": ("hessian column",),
    "hessian row": ("hessian row",),
    "hessian vech": ("vech hessian",),
    "vech": ("vech jacobian",),
    "vech gradient": ("vech gradient",),
    "numerator": ("jacobian numerator column",),
    "denominator": ("jacobian denominator column",),
    "rowmajor-numerator": ("jacobian numerator row",),
    "rowmajor-denominator": ("jacobian denominator row",),
    "index": ("index",),
    "tensor": ("tensor",),
    "d/dZ": ("complex d/dZ",),
    "d/dconj(Z)": ("complex d/dconj(Z)",),
}
"""The forms of the answer that a reading is found in."""


def _own(question: Question, found: Finding, wanted: Sequence[Target]) -> Mend | None:
    """The program's own right answer in the form of the claim, if they have enough in common."""
    if not question.verified:
        return None
    names = ["index"] if found.claim.index else [t.name for t in wanted if t.penalty <= 0.7]
    for name in dict.fromkeys(names):
        # Within a structure two formulas may serve: the one that has more of the claim.
        written = [question.forms[label] for label in FORMS.get(name, ()) if label in question.forms]
        expr = max(written, key=lambda e: likeness(found.claim.expr, found, e), default=form_of(question, name))
        if expr is not None and likeness(found.claim.expr, found, expr) >= NEAR:
            shown = text(expr)
            return Mend(shown, f"the {_called(question, name)} as it comes out", name)
    return None


def _called(question: Question, name: str) -> str:
    said = {
        "numerator": "Jacobian",
        "denominator": "Jacobian",
        "hessian": "Hessian",
        "hessian vech": "Hessian by the free entries",
        "vech": "Jacobian by the free entries",
        "vech gradient": "gradient by the free entries",
        "index": "entry",
        "tensor": "array",
    }
    return said.get(name, name) if not (question.scalar and name == "numerator") else "gradient as a row"


def form_of(question: Question, name: str) -> Expr | None:
    """The formula of the answer that is a reading; None where there is none."""
    if question.scalar and name == "numerator":
        if len(question.wrt.shape) == 1:
            return question.forms.get("jacobian numerator column")
        gradient = form_of(question, "gradient")
        return apply("transpose", (gradient,)) if gradient is not None else None
    if name == "vech denominator":
        numerator = form_of(question, "vech")
        return apply("transpose", (numerator,)) if numerator is not None else None
    return next((question.forms[label] for label in FORMS.get(name, ()) if label in question.forms), None)


def likeness(expr: Expr | None, found: Finding, other: Expr) -> float:
    """How much two formulas have in common: the share of names and operations, counted with their number."""
    mine = _parts(expr) if expr is not None else _parts_of_syntax(found)
    theirs = _parts(other)
    common = sum((mine & theirs).values())
    return 2.0 * common / max(sum(mine.values()) + sum(theirs.values()), 1)


def _parts(root: Expr) -> Counter[str]:
    counts: Counter[str] = Counter()
    times: dict[Expr, int] = {root: 1}
    for e in reversed(list(postorder(root))):
        here = times.get(e, 1)
        counts[_part(e)] += here
        for a in e.args:
            times[a] = times.get(a, 0) + here
    return counts


def _part(e: Expr) -> str:
    if e.op.name in ("variable", "number", "size"):
        return str(e.params[0])
    return {"sub": "add", "neg": "add", "divide": "mul"}.get(e.op.name, e.op.name)


def _parts_of_syntax(found: Finding) -> Counter[str]:
    from frechet.language.tree import walk

    counts: Counter[str] = Counter()
    for n in walk(found.claim.node):
        part: Any = n.data[0] if n.kind == "number" else n.data
        counts[{"sub": "add", "neg": "add", "divide": "mul"}.get(str(part), str(part))] += 1
    return counts
