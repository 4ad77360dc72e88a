"""Another function, or another argument of it: what the record says that people confuse it with."""

from __future__ import annotations

from collections.abc import Sequence

from frechet.core.dim import Dim, Shape
from frechet.core.records import slips
from frechet.explain.claims.claim_tree import TOTAL, Path, Term
from frechet.explain.claims.edits.workshop import Found, Workshop
from frechet.ops.elementwise.declared import DECLARED

SOME: Shape = (Dim.of("n_"),)
"""The shape that a term without one is taken to have where a formula of a record is read."""


def functions(w: Workshop, term: Term, path: Path) -> Found:
    """The argument of a function; the function for its derivative."""
    bank = w.bank
    if len(term.args) != 1 or term.op in ("transpose", "inv", "diag", "tr", "vec", TOTAL):
        return
    for argument in w.arguments:
        if argument is not term.args[0]:
            new = bank.apply(term.op, argument, params=term.params)
            yield new, f"the argument of {_called(term)}: {w.show(argument)} for {w.show(term.args[0])}", 0.9
    known = slips(term.op)
    if known.sign:
        turned = bank.total((term.args[0],), (-1,))
        new = bank.apply(term.op, turned, params=term.params)
        yield new, f"the argument of {_called(term)}: {w.show(turned)} for {w.show(term.args[0])}", 1.0
    if known.slope:
        yield bank.apply(known.slope, term.args[0], params=term.params), f"{known.slope} for {term.op}", 1.3
    if term.op == DECLARED.name:
        name, order = term.params
        new = bank.apply(term.op, term.args[0], params=(name, order + 1))
        yield new, f"the derivative of {name}", 1.2
        if order:
            yield bank.apply(term.op, term.args[0], params=(name, order - 1)), f"{name} itself", 1.3
    if known.derivative:
        rule = w.written_out(known.derivative, {"x": term.args[0], "y": term}, SOME)
        if rule is not None:
            yield rule, f"the derivative of {term.op}", 1.3


def _called(term: Term) -> str:
    return str(term.params[0]) + "'" * int(term.params[1]) if term.op == DECLARED.name else term.op


def adjoints(w: Workshop, term: Term, path: Path) -> Found:
    """The adjoint of a linear map: missing, or the map written for it."""
    known = slips(term.op)
    if known.adjoint:
        yield from _moved_across(w, term.op, term.args[:-1], term.args[-1], 1.0)
    e = w.bank.typed(term)
    for applied in w.maps:
        if e is not None and e.shape == applied.shape:
            yield from _moved_across(w, applied.op.name, [w.bank.of_expr(a) for a in applied.args[:-1]], term, 1.2)


def _moved_across(w: Workshop, op: str, others: Sequence[Term], cotangent: Term, cost: float) -> Found:
    known = slips(op)
    names = dict(zip(known.letters, others, strict=False))
    new = w.written_out(known.adjoint, {**names, "G": cotangent}, SOME)
    if new is not None:
        yield new, f"the adjoint of {op}", cost
