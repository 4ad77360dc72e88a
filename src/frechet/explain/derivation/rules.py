"""Which words belong to a step: found from the operations that stand between the increment and the outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

from frechet.core.dim import ONE, rows_cols
from frechet.core.expr import Expr, postorder
from frechet.explain.derivation.differentials import squared_norm
from frechet.explain.derivation.lines import active, path
from frechet.explain.derivation.wording import BACKWARD, LINEAR, MOVES, RULES, Words

FOLDED = ("sum of terms", "linear", "factor", "tr", "product")
"""Rules that go without saying beside one that stands after them here, or is not among them."""


@final
@dataclass(frozen=True)
class Said:
    """The rules of one step together."""

    rule: str
    title: str
    why: str
    reference: str


def rule_words(definition: Expr, moves: Mapping[Expr, Expr]) -> Said:
    """The rules that take the differential of a definition, the telling ones first.

    >>> from frechet.language import parse
    >>> problem = parse("tr(A*X*B)")
    >>> X = problem.variables["X"]
    >>> rule_words(problem.value, {X: X}).title
    'The trace is linear; the product rule, other factors constant'
    """
    moving = active(definition, moves)
    keys: list[str] = []
    hidden: set[Expr] = set()
    for e in reversed(list(postorder(definition))):
        if e not in moving or e in moves or e in hidden:
            continue
        if squared_norm(e):
            hidden.add(e.args[0])
        key = _key(e, sum(a in moving for a in e.args))
        if key not in keys:
            keys.append(key)
    told = [k for k in keys if k not in FOLDED]
    if not told:
        told = [k for k in ("tr", "product", "factor", "linear", "sum of terms") if k in keys]
        told = told[:2] if told[:1] == ["tr"] else told[:1]
    elif "product" in keys and len(told) == 1:
        told.append("product")
    words = [RULES[k] for k in told[:2]] or [Words("The increment itself", "Nothing is applied to the variable.", "")]
    title = "; ".join([words[0].title, *(_lower(w.title) for w in words[1:])])
    references = list(dict.fromkeys(r for w in words for r in w.reference.split("; ") if r))
    return Said(told[0] if told else "identity", title, words[0].why, "; ".join(references))


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _key(e: Expr, moving: int) -> str:
    """The rule that an operation is differentiated by."""
    name = e.op.name
    if squared_norm(e):
        return "squared norm"
    if name in ("add", "sub", "neg"):
        return "sum of terms"
    if name in ("mul", "hadamard", "kron", "einsum"):
        return "product" if moving > 1 else "factor"
    if name in ("divide", "edivide"):
        return "quotient" if moving > 1 or (moving and _below(e)) else "factor"
    if name in RULES:
        return name
    if name in LINEAR:
        return "linear"
    return "elementwise" if e.op.elementwise else "matrix function"


def _below(e: Expr) -> bool:
    """Whether what moves may be the divisor (then there is one argument that moves, and it is no constant divisor)."""
    return not e.args[0].args and e.args[0].op.name in ("number", "size")


def readable(term: Expr, increment: Expr) -> bool:
    """Whether the gradient can be read off a term: ⟨M, dX⟩ in one of the usual spellings.

    >>> from frechet.language import parse
    >>> from frechet.ops.build import variable
    >>> dX = variable("dX", ("m", "n"))
    >>> [readable(parse(text, known={"dX": dX}).value, dX) for text in ("2*tr(A'*dX)", "tr(A*dX*B)", "sum(A.*dX)")]
    [True, False, True]
    """
    e = term
    while True:
        name = e.op.name
        if name == "neg" or (name == "divide" and not e.shape):
            e = e.args[0]
        elif name == "mul" and not e.args[0].shape and not e.args[1].shape and e.args[1] is not increment:
            e = e.args[1] if increment in set(postorder(e.args[1])) else e.args[0]
        else:
            break
    name = e.op.name
    if name == "tr":
        inside = e.args[0]
        return inside.op.name == "mul" and inside.args[1] is increment and _still(inside.args[0], increment)
    if name == "sum" and e.params == (None,):
        inside = e.args[0]
        return inside.op.name == "hadamard" and increment in inside.args and inside.args[0] is not inside.args[1]
    rows, cols = rows_cols(increment.shape)
    if name != "mul" or (rows != ONE and cols != ONE):
        return False
    if cols == ONE and rows != ONE:
        return e.args[1] is increment and bool(e.args[0].shape)
    return increment in e.args


def _still(e: Expr, increment: Expr) -> bool:
    return increment not in set(postorder(e))


def collecting_words(parts: Sequence[tuple[int, Expr]], increment: Expr, merged: bool) -> str:
    """Why the collected line is the same number: the moves that bring the increment to the end."""
    if any(term.shape for _, term in parts):
        return "The same terms, written shorter."
    found: dict[str, None] = {}
    matrix = len(increment.shape) == 2 and ONE not in increment.shape
    for _, term in parts:
        steps = path(term, {increment})
        if matrix and not term.shape and not any(e.op.name in ("tr", "sum") for e, _ in steps):
            found["number"] = None
        for e, k in steps:
            key = _move(e, k, matrix, term)
            if key:
                found[key] = None
    if merged:
        found["merge"] = None
    said = [MOVES[k] for k in found][:3]
    return _sentence(said) or "The same terms, written shorter."


def _move(e: Expr, k: int, matrix: bool, term: Expr) -> str | None:
    name = e.op.name
    if name == "transpose":
        return "transpose" if matrix else "scalar transpose" if not term.shape else None
    if name == "mul" and k == 0 and e.args[1].shape and e.args[0].shape and not term.shape:
        return "turn" if matrix else None
    if name in ("row", "column", "entry"):
        return "entry"
    if name in ("vec", "vech", "reshape"):
        return "vec"
    return name if name in MOVES else None


def backward_words(parts: Sequence[Expr], *increments: Expr) -> str:
    """The adjoints that carry G from the value's side of an inner product to the increment's."""
    found: dict[str, None] = {}
    for term in parts:
        for e, k in path(term, frozenset(increments)):
            key = e.op.name
            if key == "mul":
                key = ("left" if k else "right") if all(a.shape for a in e.args) else ""
            if key in BACKWARD:
                found[key] = None
    return _sentence([BACKWARD[k] for k in found][:3]) or "The adjoint of each operation, from the outside in."


def _sentence(parts: Sequence[str]) -> str:
    if not parts:
        return ""
    joined = "; ".join(parts)
    word = joined.split(" ", 1)[0]
    return (joined[:1].upper() + joined[1:] if word.isalpha() else joined) + "."
