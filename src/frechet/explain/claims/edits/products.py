"""The factors of a product in another order, of another kind of product, or too many."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from frechet.explain.claims.claim_tree import CHAIN, TOTAL, Path, Term
from frechet.explain.claims.edits.workshop import Found, Workshop


def orders(w: Workshop, term: Term, path: Path) -> Found:
    """Factors in another order: a swap, a rotation, the reverse, any order of few."""
    if term.op != CHAIN:
        return
    bank, fixed = w.bank, [f for f in term.args if f.value is not None]
    factors = [f for f in term.args if f.value is None]
    n = len(factors)
    if n < 2:
        return
    found: dict[tuple[Term, ...], float] = {}
    for k in range(n - 1):
        found.setdefault((*factors[:k], factors[k + 1], factors[k], *factors[k + 2 :]), 1.0)
    for k in range(1, n):
        found.setdefault((*factors[k:], *factors[:k]), 1.1)
    found.setdefault(tuple(reversed(factors)), 1.1)
    if n <= 4:
        for order in permutations(factors):
            found.setdefault(order, 1.5)
    for order, cost in found.items():
        if order != tuple(factors):
            yield bank.chain((*fixed, *order)), f"the order of the factors: {w.show(bank.chain(order))}", cost
    turned = tuple(bank.apply("transpose", f) for f in factors)
    yield bank.chain((*fixed, *turned)), f"each factor transposed, of {w.show(bank.chain(factors))}", 1.3
    back = tuple(reversed(turned))
    yield bank.chain((*fixed, *back)), f"transpose {w.show(bank.chain(factors))}", 1.2


def products(w: Workshop, term: Term, path: Path) -> Found:
    """The entrywise product for the matrix product, and the other way about."""
    bank = w.bank
    if term.op == CHAIN:
        args = term.args
        for k in range(1, len(args)):
            left, right = args[:k], args[k:]
            yield (
                bank.apply("hadamard", bank.chain(left), bank.chain(right)),
                f"the entrywise product of {w.show(bank.chain(left))} and {w.show(bank.chain(right))}",
                1.0,
            )
            pair = bank.apply("hadamard", args[k - 1], args[k])
            yield bank.chain((*args[: k - 1], pair, *args[k + 1 :])), f"the entrywise product {w.show(pair)}", 1.0
            yield from _on_the_diagonal(w, args, k)
            if k + 2 <= len(args):
                tail = bank.apply("hadamard", args[k - 1], bank.chain(right))
                yield bank.chain((*args[: k - 1], tail)), f"the entrywise product {w.show(tail)}", 1.1
    elif term.op == "hadamard":
        a, b = term.args
        said = f"the matrix product for the entrywise one of {w.show(a)} and {w.show(b)}"
        yield bank.chain((a, b)), said, 1.0
        yield bank.chain((b, a)), said, 1.2
        yield bank.chain((bank.apply("transpose", a), b)), said, 1.2
        for u, v in ((a, b), (b, a)):
            yield bank.chain((bank.apply("diag", u), v)), f"diag({w.show(u)}) as a matrix factor", 1.2
            yield bank.chain((v, bank.apply("diag", u))), f"diag({w.show(u)}) as a matrix factor", 1.2


def _on_the_diagonal(w: Workshop, args: Sequence[Term], k: int) -> Found:
    """diag(u.*v) for the outer product u*v'."""
    bank, e, turned = w.bank, w.bank.typed(args[k - 1]), args[k]
    column = bank.typed(turned.args[0]) if turned.op == "transpose" else None
    if e is not None and column is not None and len(e.shape) == len(column.shape) == 1:
        entries = bank.apply("hadamard", args[k - 1], turned.args[0])
        said = f"diag({w.show(entries)}) for the outer product {w.show(bank.chain((args[k - 1], turned)))}"
        yield bank.chain((*args[: k - 1], bank.apply("diag", entries), *args[k + 1 :])), said, 1.0


def krons(w: Workshop, term: Term, path: Path) -> Found:
    """The factors of a Kronecker product the other way about; a commutation that is missing."""
    bank = w.bank
    if term.op != "kron":
        return
    a, b = term.args
    yield bank.apply("kron", b, a), f"the order of the Kronecker factors: {w.show(bank.apply('kron', b, a))}", 0.9
    ta, tb = (bank.apply("transpose", x) for x in (a, b))
    yield bank.apply("kron", tb, ta), "the factors the other way about and transposed", 1.4
    yield bank.apply("kron", ta, tb), "both factors transposed", 1.3
    yield bank.chain((a, b)), "the matrix product for the Kronecker product", 1.4


def removals(w: Workshop, term: Term, path: Path) -> Found:
    """A factor, a term or a function too many."""
    bank = w.bank
    if term.op in (CHAIN, TOTAL) and len(term.args) > 1:
        for k, part in enumerate(term.args):
            rest = [*term.args[:k], *term.args[k + 1 :]]
            what = "factor" if term.op == CHAIN else "term"
            signs_ = [s for i, s in enumerate(term.params) if i != k]
            new = bank.chain(rest) if term.op == CHAIN else bank.total(rest, signs_)
            yield new, f"without the {what} {w.show(part)}", 1.3
        if term.op == CHAIN and len(term.args) > 2:
            for gone, rest in ((term.args[:2], term.args[2:]), (term.args[-2:], term.args[:-2])):
                yield bank.chain(rest), f"without the factors {w.show(bank.chain(gone))}", 1.8
    elif term.op in ("hadamard", "edivide", "kron"):
        for part, other in zip(term.args, reversed(term.args), strict=True):
            yield part, f"without {w.show(other)}", 1.5
    elif term.op == "divide":
        above, below = [*term.args]
        yield above, f"without the divisor {w.show(below)}", 1.4
    elif len(term.args) == 1 and term.op not in ("transpose", "inv", "diag"):
        said = {"tr": "no trace", "sum": "no sum"}.get(term.op, f"without {term.op}")
        yield term.args[0], said, 1.2 if said.startswith("no ") else 1.5
