"""Small changes of a claim: each is a slip that people make, undone, with the words for it.

Here belongs what is tried of every formula: a factor elsewhere, a transpose too many, another number.  What people
confuse with one operation stands in its record (`core/slips.py`) and is only read here; what is tried first, and how
far, is the search's (`claims/search.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from frechet.explain.claims.claim_tree import Path, Term, positions
from frechet.explain.claims.edits.functions import adjoints, functions
from frechet.explain.claims.edits.matrices import (
    commutations,
    diagonals,
    identities,
    inverses,
    sizes,
    summed_diagonals,
    transposes,
)  # fmt: skip
from frechet.explain.claims.edits.missing import additions, insertions, substitutions, sums
from frechet.explain.claims.edits.numbers import numbers, powers, shares, signs
from frechet.explain.claims.edits.products import krons, orders, products, removals
from frechet.explain.claims.edits.workshop import Edit, Kind, Workshop
from frechet.ops import RECORDS

LIGHT: tuple[Kind, ...] = (
    sizes, transposes, numbers, signs, orders, products, krons, diagonals, summed_diagonals, functions, inverses,
    powers, removals, shares, identities, adjoints,
)  # fmt: skip
"""What may be done twice."""

HEAVY: tuple[Kind, ...] = (commutations, additions, substitutions, insertions, sums)
"""What brings something in: once is enough."""


def edits(w: Workshop, root: Term, kinds: Sequence[Kind]) -> Iterator[Edit]:
    """Every single edit of these kinds, the outer places first."""
    above: dict[Path, Term] = {(): root}
    for path, term in positions(root):
        above[path] = term
        parent = above[path[:-1]] if path else None
        for kind in kinds:
            if parent is not None and _idle(kind, parent, path[-1]):
                continue
            for new, change, cost in kind(w, term, path):
                if new is not term:
                    yield Edit(w.bank.put(root, path, new), change, cost)


def _idle(kind: Kind, parent: Term, place: int) -> bool:
    """Whether a change there is another one's: an exponent has edits of its own, inv(X)' serves for inv(X')."""
    if kind is numbers:
        return parent.op in ("power", "epower") and place == 1
    return kind is transposes and len(parent.args) == 1 and _turns(parent.op)


def _turns(name: str) -> bool:
    """Whether a transposed argument makes the transpose, or no difference."""
    op = RECORDS.get(name)
    if op is None or name in ("sum", "transpose"):
        return op is not None
    return op.elementwise or op.turned is not None or op.facts.transposes or op.facts.unturned


__all__ = ["HEAVY", "LIGHT", "Edit", "Kind", "Workshop", "edits"]
