"""Collect what terms of a sum have in common: (A + A')·x from A·x + A'·x.

Works on nodes, never on text.  A candidate is a scalar, a first or a last factor of a chain, a factor of a Hadamard
product; the one that saves most is taken out, and what is left is treated the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF, U
from frechet.algebra.constructors.products import unturned
from frechet.algebra.expand import moves
from frechet.algebra.node import Node, Term
from frechet.core.dim import ONE

Side = Literal["scalar", "left", "right", "entry", "slow", "fast", "ring"]
Terms = list[tuple[Node, Fraction]]

FIRST = 5
"""So many factors are tried as the first to be taken out."""
MOST_TRIED = 8
"""Of a longer sum only the factor that saves most is."""


def collect(terms: Terms, depth: int = 0) -> Node:
    """The sum of the terms with common factors taken out, as far as that makes it lighter."""
    whole = b.add(terms)
    if len(terms) < 2 or depth > 6:
        return whole
    best: tuple[Side, Node, Terms, Terms] | None = None
    best_saving, best_place = 0, 0
    for most, place, (side, factor) in _candidates(terms):
        if most < best_saving:
            break
        saving, inside, outside = _split(terms, side, factor)
        if (saving, -place) > (best_saving, -best_place) and saving > 0:
            best = (side, factor, inside, outside)
            best_saving, best_place = saving, place
    return whole if best is None else _taken(*best, depth)


def collections(terms: Terms) -> Iterator[Node]:
    """The sum collected in other ways: each of the factors that save most is taken out first, once.

    The one that saves most at once may stand in the way of two that save more together.
    """
    if not 2 < len(terms) <= MOST_TRIED:
        return
    for _, _, (side, factor) in _candidates(terms)[:FIRST]:
        saving, inside, outside = _split(terms, side, factor)
        if saving > 0:
            yield _taken(side, factor, inside, outside, 0)


def _taken(side: Side, factor: Node, inside: Terms, outside: Terms, depth: int) -> Node:
    """The factor times what is left of its terms, and the others, each collected in turn."""
    inner = collect(inside, depth + 1)
    taken = _with(inner, side, factor)
    if not outside:
        return taken
    rest = collect(outside, depth + 1)
    return b.add([(taken, 1), (rest, 1)])


def _split(terms: Terms, side: Side, factor: Node) -> tuple[int, Terms, Terms]:
    """What taking the factor out saves, what is left of the terms that have it, and the other terms.

    A term that is the factor alone leaves an identity behind; it stays where it is if that is no longer:
    (A+A')*x - c*x, not (A+A'-c*eye(n))*x.
    """
    inside: Terms = []
    outside: Terms = []
    alone: Terms = []
    units: Terms = []
    for t, c in terms:
        rest = _without(t, side, factor)
        if rest is None:
            outside.append((t, c))
        elif _is_unit(rest, side):
            alone.append((t, c))
            units.append((rest, c))
        else:
            inside.append((rest, c))
    matrix = side in ("left", "right")
    apart = (len(inside) - 1) * (factor.weight + 1)
    together = (len(inside) + len(units) - 1) * (factor.weight + 1) - (3 if matrix else 1)
    if not units or (matrix and apart >= together):
        return apart, inside, outside + alone
    return together, inside + units, outside


def _is_unit(x: Node, side: Side) -> bool:
    """Whether what is left of a term is an identity, or ones: there were no signs for it before."""
    chain = b.parts(x)[2]
    if side in ("left", "right"):
        return len(chain) == 1 and chain[0].op == "eye"
    bare = unturned(x)
    return bare.op in ("eye", "ones") or (x.kind == "product" and x is b.all_ones(x.shape))


def _candidates(terms: Terms) -> list[tuple[int, int, tuple[Side, Node]]]:
    """Factors that occur in at least two terms: the most that each can save, its place in a fixed order, itself.

    Those that can save most come first; of equal savings the earliest place is to win.
    """
    counts: dict[tuple[Side, Node], int] = {}
    powers: dict[tuple[Node, bool], list[Fraction]] = {}
    for t, _ in terms:
        _, scalars, chain = b.parts(t)
        found: dict[tuple[Side, Node], None] = {}
        for s, e in scalars:
            powers.setdefault((s, e > 0), []).append(e)
        if chain and len(t.shape) == 2:
            found["left", chain[0]] = None
            found["right", chain[-1]] = None
            ends: tuple[tuple[Side, Node], ...] = (("left", chain[0]), ("right", chain[-1]))
            for side, f in ends:
                if f.kind == "diag" and f.args[0].kind == "hadamard":
                    for base, e in f.args[0].terms:
                        least = U if e.denominator == 1 else HALF
                        found[side, b.diag(b.hadamard([(base, least if e > 0 else -least)]))] = None
            if len(chain) == 1 and chain[0].kind == "kron":
                found["slow", chain[0].args[0]] = None
                found["fast", chain[0].args[-1]] = None
            if len(chain) == 1:
                for base, e in chain[0].terms if chain[0].kind == "hadamard" else ((chain[0], U),):
                    if e.denominator == 1:
                        found["entry", base if e > 0 else b.hadamard([(base, -U)])] = None
        for f in _around(scalars) if not chain else ():
            found["ring", f] = None
        for key in found:
            counts[key] = counts.get(key, 0) + 1
    units = [t.rows for t, _ in terms if t.op == "eye"]  # eye(n^2) is kron(eye(n),eye(n))
    for side, f in counts:
        if side in ("slow", "fast") and f.op == "eye":
            counts[side, f] += sum(n.quotient(f.rows) is not None for n in units)
    for (s, positive), exponents in powers.items():
        if len(exponents) > 1:  # the common power is the least of them
            counts["scalar", b.power(s, min(exponents) if positive else max(exponents))] = len(exponents)
    fixed = sorted((k for k, n in counts.items() if n > 1), key=lambda k: (k[0], k[1].key))
    found_here = [((counts[k] - 1) * (k[1].weight + 1), place, k) for place, k in enumerate(fixed)]
    return sorted(found_here, key=lambda c: (-c[0], c[1]))


def _without(t: Node, side: Side, factor: Node) -> Node | None:
    """The term without the factor, or None when it is not there."""
    coef, scalars, chain = b.parts(t)
    if side == "scalar":
        base, k = factor.terms[0] if factor.kind == "product" else (factor, U)
        if any(s is base and (e >= k > 0 or e <= k < 0) for s, e in scalars):
            left = ((s, e - k if s is base else e) for s, e in scalars)
            return b.mul(b.number(coef), *(b.power(s, e) for s, e in left), *chain)
        return None
    if side == "ring":
        return _opened(coef, scalars, factor) if not chain else None
    if not chain:
        return None
    outside = [b.number(coef), *(b.power(s, e) for s, e in scalars)]
    if side == "left":
        if chain[0] is not factor:
            return _unscaled(chain[0], factor, outside, chain[1:], side)
        rest = chain[1:]
        return b.mul(*outside, *(rest or (b.eye(factor.cols),)))
    if side == "right":
        if chain[-1] is not factor:
            return _unscaled(chain[-1], factor, outside, chain[:-1], side)
        rest = chain[:-1]
        return b.mul(*outside, *(rest or (b.eye(factor.rows),)))
    if len(chain) != 1:
        return None
    f = chain[0]
    if side in ("slow", "fast"):
        size = f.rows.quotient(factor.rows) if f.op == factor.op == "eye" else None
        if size is not None:
            return b.mul(*outside, b.eye(size)) if size != ONE else None
        if f.kind != "kron" or f.args[0 if side == "slow" else -1] is not factor:
            return None
        return b.mul(*outside, b.kron(*(f.args[1:] if side == "slow" else f.args[:-1])))
    if f is factor:
        return b.mul(*outside, b.all_ones(f.shape))
    if f.kind != "hadamard":
        return None
    if factor.kind == "hadamard" and len(factor.terms) == 1 and factor.terms[0][1] == -1:
        base = factor.terms[0][0]
        if any(q is base and e <= -1 for q, e in f.terms):
            return b.mul(*outside, b.hadamard([(f, U), (base, U)]))
        return None
    if any(q is factor and e >= 1 for q, e in f.terms):
        return b.mul(*outside, b.hadamard([(f, U), (factor, -U)]))
    return None


def _unscaled(f: Node, factor: Node, outside: list[Node], rest: tuple[Node, ...], side: Side) -> Node | None:
    """A term that ends in diag(u.*v), without the factor diag(v)."""
    if f.kind != "diag" or factor.kind != "diag" or f.args[0].kind != "hadamard":
        return None
    have, v = dict(f.args[0].terms), factor.args[0]
    taken = v.terms if v.kind == "hadamard" else ((v, U),)
    if not all(base in have and (have[base] >= e > 0 or have[base] <= e < 0) for base, e in taken):
        return None
    left = b.diag(b.hadamard([(f.args[0], U), *((base, -e) for base, e in taken)]))
    return b.mul(*outside, *((left, *rest) if side == "left" else (*rest, left)))


def _around(scalars: tuple[Term, ...]) -> Iterator[Node]:
    """The factors at which the one closed chain among scalars can be opened, transposed as they are met first."""
    rings = [s for s, e in scalars if s.kind == "ring" and e == 1]
    if len(rings) == 1 and not any(s.kind == "ring" for s, e in scalars if e != 1):
        chain = rings[0].chain
        ends = (chain[0], chain[-1]) if rings[0].params == ("open",) else chain
        if not any(map(moves, chain)):
            yield from dict.fromkeys(unturned(f) for f in ends)


def _opened(coef: Fraction, scalars: tuple[Term, ...], factor: Node) -> Node | None:
    """What the factor multiplies in a closed chain, tr(factor'*rest) = <factor, rest>, with the numbers beside it."""
    if factor not in _around(scalars):
        return None
    outside = [b.number(coef), *(b.power(s, e) for s, e in scalars if s.kind != "ring")]
    chain = next(s for s, _ in scalars if s.kind == "ring").chain
    for c in (chain, tuple(b.T(f) for f in reversed(chain))):
        for k, f in enumerate(c):
            if f is b.T(factor) and (c[0].rows != ONE or k == 0):
                return b.mul(*outside, *c[k + 1 :], *c[:k])
    return None


def _with(inner: Node, side: Side, factor: Node) -> Node:
    if side == "ring":
        return b.trace(b.mul(b.T(factor), inner))
    if side == "slow":
        return b.kron(factor, inner)
    if side == "fast":
        return b.kron(inner, factor)
    if side == "left":
        return b.mul(factor, inner)
    if side in ("right", "scalar"):
        return b.mul(inner, factor)
    return b.hadamard([(inner, U), (factor, U)])


__all__ = ["ONE", "collect"]
