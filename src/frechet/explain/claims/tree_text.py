"""A claim's tree in ASCII, whether it has a shape or not."""

from __future__ import annotations

from frechet.explain.claims.claim_tree import CHAIN, LEAF, TOTAL, Bank, Term
from frechet.notation.ascii import text

SIGNS = {"hadamard": ".*", "edivide": "./", "divide": "/", "power": "^", "epower": ".^"}


def shown(term: Term, bank: Bank) -> str:
    """A term in ASCII, whether it has a shape or not."""
    done: dict[Term, tuple[str, bool]] = {}
    stack = [term]
    while stack:
        here = stack.pop()
        if here in done:
            continue
        typed = bank.typed(here)
        if typed is not None:
            done[here] = text(typed), here.op in (CHAIN, TOTAL, *SIGNS)
        elif any(a not in done for a in here.args):
            stack += [here, *(a for a in here.args if a not in done)]
        else:
            done[here] = _written(here, [f"({t})" if loose else t for t, loose in (done[a] for a in here.args)], done)
    return done[term][0]


def _written(term: Term, tight: list[str], done: dict[Term, tuple[str, bool]]) -> tuple[str, bool]:
    plain = [done[a][0] for a in term.args]
    if term.op == CHAIN:
        return "*".join(t if a.op == LEAF else s for a, t, s in zip(term.args, plain, tight, strict=True)), True
    if term.op == TOTAL:
        parts = [("-" if s < 0 else "+") + t for s, t in zip(term.params, plain, strict=True)]
        return "".join(parts).removeprefix("+"), True
    if term.op == "transpose":
        return tight[0] + "'", False
    if term.op in SIGNS:
        return SIGNS[term.op].join(tight), True
    return f"{term.op}({','.join(plain)})", False
