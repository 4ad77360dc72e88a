"""A matrix for another: its transpose, its inverse, its diagonal, an identity of another size."""

from __future__ import annotations

from frechet.core.dim import Dim
from frechet.explain.claims.claim_tree import CHAIN, LEAF, TOTAL, Path, Term
from frechet.explain.claims.edits.workshop import Found, Workshop
from frechet.ops.expressions import apply, size


def transposes(w: Workshop, term: Term, path: Path) -> Found:
    """A transpose too many or too few."""
    if term.op == "transpose":
        yield term.args[0], f"no transpose on {w.show(term.args[0])}", 1.0
        return
    e = w.bank.typed(term)
    if (e is None or e.shape) and term.value is None:
        new = w.bank.apply("transpose", term)
        yield new, f"transpose {w.show(term)}", 1.0 if term.op in (LEAF, CHAIN, TOTAL) else 1.02


def diagonals(w: Workshop, term: Term, path: Path) -> Found:
    """diag where it is missing, or where it is too much."""
    bank = w.bank
    e = bank.typed(term)
    if term.op == "diag":
        yield term.args[0], f"no diag on {w.show(term.args[0])}", 1.1
        if e is None or len(e.shape) < 2:
            yield bank.apply("diag", term), f"diag({w.show(term)}): a diagonal matrix, where diag gives a vector", 1.0
        return
    if term.value is None and (e is None or e.shape):
        yield bank.apply("diag", term), f"diag({w.show(term)}) for {w.show(term)}", 1.1


def summed_diagonals(w: Workshop, term: Term, path: Path) -> Found:
    """Row sums for a diagonal, a product of columns for a diagonal scaling."""
    bank = w.bank
    if term.op == CHAIN and len(term.args) > 1:
        last = bank.typed(term.args[-1])
        if last is not None and last.op.name == "ones":
            fixed = [f for f in term.args[:-1] if f.value is not None]
            rest = bank.chain([f for f in term.args[:-1] if f.value is None] or term.args[:-1])
            new = bank.chain((*fixed, bank.apply("diag", rest)))
            yield new, "the diagonal where the row sums were taken", 1.0


def inverses(w: Workshop, term: Term, path: Path) -> Found:
    """An inverse missing, or its transpose, or one too many."""
    bank = w.bank
    if term.op == "inv":
        yield term.args[0], f"no inverse on {w.show(term.args[0])}", 1.2
        yield bank.apply("transpose", term), f"transpose {w.show(term)}", 1.0
        return
    e = bank.typed(term)
    if e is not None and len(e.shape) == 2 and e.shape[0] == e.shape[1] and e.op.name not in ("eye", "transpose"):
        inverse = bank.apply("inv", term)
        yield inverse, f"the inverse of {w.show(term)}", 1.2
        yield bank.apply("transpose", inverse), f"the transposed inverse of {w.show(term)}", 1.4


SIZED = {"eye": "the identity", "commutation": "the commutation matrix"}


def sizes(w: Workshop, term: Term, path: Path) -> Found:
    """An identity (or ones, zeros, a commutation) of the wrong size."""
    e = term.leaf
    if e is None or e.op.name not in ("eye", "ones", "zeros", "commutation", "unit", "size"):
        return
    if e.op.name == "size":
        for new in w.sizes:
            if new != e.params[0]:
                yield w.bank.leaf(size(new)), f"the size {new} for {e.params[0]}", 1.2
        return
    if e.op.name == "eye":
        named = [d for d in w.sizes if len(d.terms) == 1]
        for a, b in ((a, b) for a in named for b in named if a * b == e.params[0]):
            yield w.bank.leaf(apply("commutation", (), (a, b))), f"commutation({a},{b}) for {w.show(term)}", 1.2
    for k, old in enumerate(e.params):
        if not isinstance(old, Dim):
            continue
        for new in w.sizes:
            if new != old:
                params = (*e.params[:k], new, *e.params[k + 1 :])
                other = w.bank.leaf(apply(e.op, (), params))
                said = f"the size of {SIZED.get(e.op.name, w.show(term))}: {w.show(other)}, not {w.show(term)}"
                yield other, said, 0.9
    if len(e.params) == 2 and e.op.name == "commutation":
        other = w.bank.leaf(apply(e.op, (), e.params[::-1]))
        yield other, f"{w.show(other)} for {w.show(term)}", 0.8


def identities(w: Workshop, term: Term, path: Path) -> Found:
    """A number where a matrix is meant: 1 for the identity, for the array of ones."""
    e = w.bank.typed(term)
    if e is None or e.shape or e.op.name == "size":
        return
    number = w.show(term)
    for d in (d for d in w.sizes if len(d.terms) == 1):
        unit = w.bank.leaf(apply("eye", (), (d,)))
        said = f"eye({d}) for 1" if number == "1" else f"the factor eye({d})"
        yield w.bank.chain((term, unit)), said, 1.2
        if not path and number == "1":
            for other in w.ones:
                yield other, f"{w.show(other)} for 1", 1.2


def commutations(w: Workshop, term: Term, path: Path) -> Found:
    """A commutation matrix that is missing, on either side of a term of a Jacobian."""
    bank = w.bank
    e = bank.typed(term)
    if e is None or len(e.shape) != 2 or term.op not in ("kron", CHAIN, TOTAL):
        return
    named = [d for d in w.sizes if len(d.terms) == 1]
    for a in named:
        for b in named:
            for k, where in ((0, (0, 1)), (1, (1, 0))):
                if e.shape[1 - k] == a * b:
                    leaf = bank.leaf(apply("commutation", (), (a, b)))
                    pair = (term, leaf) if where == (0, 1) else (leaf, term)
                    yield bank.chain(pair), f"the factor {w.show(leaf)}", 1.2
