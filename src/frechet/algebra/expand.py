"""Distribute products over sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from frechet.algebra import constructors as b
from frechet.algebra.constructors.products import unturned
from frechet.algebra.node import Node, Term

MOST = 80
"""A sum with more terms than this is not worth distributing."""

Terms = list[tuple[Node, Fraction]]


def _heaviest_first(terms: Sequence[Term]) -> list[tuple[int, Term]]:
    """The factors of a product with their places: a heavy sum may cancel against a light one, (a./p - b).*p.*(1-p)."""
    return sorted(enumerate(terms), key=lambda k: -k[1][0].weight)


def moves(f: Node) -> bool:
    """Whether a factor is an increment: what stands beside it in a closed chain is a gradient, and stays whole."""
    leaf = unturned(f)
    if leaf.kind in ("hadamard", "product", "diag"):
        return any(map(moves, leaf.args))
    return leaf.op == "variable" and "increment" in leaf.params[1]


def split(x: Node) -> Terms | None:
    """One sum among the factors of x distributed, as terms; None where there is none."""
    if x.kind == "sum":
        return list(x.terms)
    if x.kind == "product":
        for k, (s, e) in _heaviest_first(x.terms):
            if s.kind == "sum" and (e == 1 or e == 2):
                others = [b.power(t, f) for j, (t, f) in enumerate(x.terms) if j != k]
                again = [s] if e == 2 else []
                return [(b.mul(b.number(x.coef), *others, *again, t, *x.chain), c) for t, c in s.terms]
        for s, e in x.terms:  # tr(A*(B+C))
            pieces = split(s) if s.kind == "ring" and e == 1 and not any(map(moves, s.chain)) else None
            if pieces is not None:
                others = [b.power(t, f) for t, f in x.terms if t is not s]
                return [(b.mul(b.number(x.coef), *others, t, *x.chain), c) for t, c in pieces]
        for k, f in enumerate(x.chain):
            pieces = split(f)
            if pieces is not None:
                scalars = [b.power(s, e) for s, e in x.terms]
                left, right = x.chain[:k], x.chain[k + 1 :]
                return [(b.mul(b.number(x.coef), *scalars, *left, t, *right), c) for t, c in pieces]
        return None
    if x.kind == "hadamard":
        for k, (base, e) in _heaviest_first(x.terms):
            inner = unturned(base)
            if inner.kind == "sum" and (e == 1 or e == 2):
                others = [t for j, t in enumerate(x.terms) if j != k]
                if e == 2:
                    others.append((base, Fraction(1)))
                turned = inner is not base
                return [(b.hadamard([*others, (b.T(t) if turned else t, Fraction(1))]), c) for t, c in inner.terms]
        return None
    if x.kind == "transpose":
        pieces = split(x.args[0])
        return None if pieces is None else [(b.T(t), c) for t, c in pieces]
    if x.kind == "diag":
        pieces = split(x.args[0])
        return None if pieces is None else [(b.diag(t), c) for t, c in pieces]
    if x.kind == "ring":
        for k, f in enumerate(x.chain):
            pieces = split(f)
            if pieces is not None:
                return [(b.trace(b.mul(*x.chain[:k], t, *x.chain[k + 1 :])), c) for t, c in pieces]
        return None
    if x.kind == "kron":
        for k, f in enumerate(x.args):
            if f.kind == "sum":
                return [(b.kron(*x.args[:k], t, *x.args[k + 1 :]), c) for t, c in f.terms]
    if x.kind == "einsum" and any(len(f.shape) > 2 for f in (x, *x.args)):
        for k, f in enumerate(x.args):
            pieces = split(f)
            if pieces is not None:
                return [(b.einsum(x.params[0], [*x.args[:k], t, *x.args[k + 1 :]], x.shape), c) for t, c in pieces]
    return None


def expand(terms: Iterable[tuple[Node, Fraction]]) -> Terms | None:
    """All sums distributed, equal terms collected; None when there would be too many terms."""
    todo: Terms = list(terms)
    done: dict[Node, Fraction] = {}
    steps = 0
    while todo:
        x, c = todo.pop()
        steps += 1
        if steps > 4 * MOST:
            return None
        pieces = split(x)
        if pieces is None:
            coef, _, _ = b.parts(x)
            if coef != 1:
                x, c = b.scale(1 / coef, x) if coef else x, c * coef
            if c:
                done[x] = done.get(x, Fraction(0)) + c
            if len(done) > MOST:
                return None
        else:
            todo.extend((t, c * a) for t, a in pieces)
    return sorted(((t, c) for t, c in done.items() if c), key=lambda t: t[0].key)
