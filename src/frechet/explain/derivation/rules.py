"""The rules that take a differential, in words.

An operation's rule stands in its record; here are the rules of notation itself (sums, products, quotients, powers), and
how the rules of one step are found and told together.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import final

from frechet.core.expr import Expr, make, postorder
from frechet.core.words import Words
from frechet.explain.derivation.differentials import differential
from frechet.explain.derivation.inner import is_complex, squared
from frechet.explain.derivation.spelling import spelled
from frechet.explain.derivation.terms import active
from frechet.notation.ascii import text
from frechet.ops.books import FUNDAMENTAL, MN5, MN8, PP2
from frechet.ops.expressions import variable

NOTATION: dict[str, Words] = {
    "sum of terms": Words(
        "Term by term", "d(U + V) = dU + dV, and what does not move has no differential.", FUNDAMENTAL
    ),
    "product": Words(
        "The product rule",
        "Each factor moves in turn while the others stay, and every factor keeps its place: d(U*V) = dU*V + U*dV.",
        FUNDAMENTAL,
    ),
    "factor": Words(
        "The product rule, one factor moving",
        "What does not move stands where it stood: d(A*U*B) = A*dU*B.",
        FUNDAMENTAL,
    ),
    "scalar factor": Words(
        "The product rule, one factor moving", "A factor that does not move stays: d(c*U) = c*dU.", FUNDAMENTAL
    ),
    "quotient": Words("The quotient rule", "The product rule for u*v^-1: d(u/v) = du/v - u*dv/v^2.", FUNDAMENTAL),
    "equotient": Words("The quotient rule, entry by entry", "In each entry d(u/v) = du/v - u*dv/v^2.", FUNDAMENTAL),
    "reciprocal": Words("The quotient rule, a constant above", "d(1/v) = -dv/v^2.", FUNDAMENTAL),
    "power": Words("The power rule", "u is a number here: d(u^k) = k*u^(k-1)*du.", FUNDAMENTAL),
    "matrix power": Words(
        "The power rule for a matrix",
        "A power is a product of equal factors, and each moves in turn: d(U*U) = dU*U + U*dU. They need not commute.",
        FUNDAMENTAL,
    ),
    "inverse power": Words(
        "The inverse's differential",
        "S*S^-1 = I does not move: dS*S^-1 + S*d(S^-1) = 0.",
        f"{MN8}; {PP2}.2",
    ),
    "exponential": Words(
        "A number to a power that moves", "u^v = exp(v*log(u)): d(u^v) = u^v*(dv*log(u) + v*du/u).", FUNDAMENTAL
    ),
    "epower": Words(
        "Powers, entry by entry", "Each entry is a function of one number: d(u.^k) = k*u.^(k-1).*du.", FUNDAMENTAL
    ),
}
"""The rules of notation by their names."""

FUNCTION = Words(
    "The differential of a matrix function",
    "The derivative of the function in the direction of its argument's increment.",
    "Higham ch. 3",
    rule="matrix function",
)
"""What is said of an operation on whole arrays whose record says nothing."""

PLAIN = ("tr", "product", "factor", "scalar factor", "conjugate", "linear", "sum of terms")
"""Rules that go without saying beside one that is not among them; of several the first tells most."""

LONG_SLOPE = 60
"""A slope of more signs is not written out in the words."""
LETTERS = (("u", "v"), ("p", "q"), ("s", "t"))
"""What a function's arguments are called in words, where the problem has no such names."""


@final
@dataclass(frozen=True)
class Said:
    """The rules of one step together."""

    rule: str
    title: str
    why: tuple[str, ...]
    reference: str


def rule_words(definition: Expr, moves: Mapping[Expr, Expr]) -> Said:
    """The rules that take the differential of a definition, the telling ones first.

    >>> from frechet.language import parse
    >>> problem = parse("tr(A*X*B)")
    >>> X = problem.variables["X"]
    >>> said = rule_words(problem.value, {X: X})
    >>> said.title
    'The trace is linear; the product rule, one factor moving'
    >>> said.why[1]
    'What does not move stands where it stood: d(A*U*B) = A*dU*B.'
    """
    found = _rules(definition, moves)
    told = [k for k in found if k not in PLAIN]
    if not told:
        told = [k for k in PLAIN if k in found]
        told = told[:2] if told[:1] == ["tr"] else told[:1]
    elif "product" in found and len(told) == 1:
        told.append("product")
    words = [found[k] for k in told[:2]]
    if not words:
        return Said("identity", "The increment itself", ("Nothing is applied to the variable.",), "")
    titles = list(dict.fromkeys(w.title for w in words))
    title = "; ".join([titles[0], *map(_lower, titles[1:])])
    references = list(dict.fromkeys(r for w in words for r in w.reference.split("; ") if r))
    return Said(told[0], title, tuple(w.why for w in words), "; ".join(references))


def _rules(definition: Expr, moves: Mapping[Expr, Expr]) -> dict[str, Words]:
    """The rules that the moving operations of a definition are differentiated by, from the outside in."""
    moving = active(definition, moves)
    found: dict[str, Words] = {}
    hidden: set[Expr] = set()
    names = {str(v.params[0]) for v in postorder(definition) if v.op.name == "variable"}
    for e in reversed(list(postorder(definition))):
        if e not in moving or e in moves or e in hidden:
            continue
        square = squared(e)
        if square is not None:
            hidden.add(e.args[0])
        words = square.words if square is not None else _rule(e, [a in moving for a in e.args])
        if words is None:
            found.setdefault(e.op.name, _slope_words(e, names))
        else:
            found.setdefault(words.rule or e.op.name, words)
    return found


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _rule(e: Expr, moving: Sequence[bool]) -> Words | None:
    """The rule that an operation is differentiated by; None for a function of every entry, which has its own slope."""
    key = _of_notation(e, moving)
    if key is not None:
        return replace(NOTATION[key], rule=key)
    own = e.op.telling.step
    if own is not None:
        return own if isinstance(own, Words) else own(e)
    return None if e.op.elementwise else FUNCTION


def _of_notation(e: Expr, moving: Sequence[bool]) -> str | None:
    """Which rule of notation an operation follows."""
    name = e.op.name
    if name in ("add", "sub", "neg"):
        return "sum of terms"
    if e.op.facts.linear == "each":
        if sum(moving) > 1:
            return "product"
        return "scalar factor" if name == "mul" and not all(a.shape for a in e.args) else "factor"
    if name in ("divide", "edivide"):
        if not moving[1]:
            return "scalar factor" if name == "divide" else "factor"
        if not moving[0] and not e.args[0].args:
            return "reciprocal"
        return "equotient" if e.shape and name == "edivide" else "quotient"
    if name in ("power", "epower") and moving[1]:
        return "exponential"
    if name == "power" and e.shape:
        k = e.args[1]
        return "inverse power" if k.op.name == "number" and k.params[0] < 0 else "matrix power"
    return name if name in ("power", "epower") else None


def _slope_words(e: Expr, names: Container[str]) -> Words:
    """An elementwise function's rule with its own slope: d tanh(u) = (1-tanh(u).^2).*du."""
    shape = ("n",) if e.shape else ()
    u, v = next(((a, b) for a, b in LETTERS if a not in names and b not in names), LETTERS[0])
    facts = ["complex"] if is_complex(e) else []
    args = [variable(name, shape, facts) for name, _ in zip((u, v), e.args, strict=False)]
    moves = {a: variable(f"d{a.params[0]}", shape, facts) for a in args}
    function = make(e.op, tuple(args), e.params, args[0].shape)
    slope = differential(function, moves)
    assert slope is not None, "the argument moves"
    said = f"d {text(function)} = {text(spelled(slope, moves.values()))}."
    if len(said) > LONG_SLOPE:
        said = "its slope multiplies the increment."
    book = f"{MN5}; {e.op.source}" if e.op.outside else MN5
    if not e.shape:
        return Words("The chain rule", f"A function of one number: {said}", book)
    return Words("The chain rule, entry by entry", f"Each entry is a function of one number: {said}", book)
