"""Products that stand in a formula more than once, inside longer products and transposed: b in y'*X*M and M*X'*y.

As trees of formulas `y'*X*M*M*X'*(y-X*M*X'*y)` repeats nothing but M; as chains it has b = M*X'*y twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from frechet.algebra import constructors as b
from frechet.algebra.atoms import is_op
from frechet.algebra.constructors import T
from frechet.algebra.constructors.products import unturned
from frechet.algebra.constructors.rebuild import rebuild
from frechet.algebra.constructors.shapes import rank
from frechet.algebra.expand import moves
from frechet.algebra.node import Node, postorder
from frechet.core.dim import ONE

Chain = tuple[Node, ...]

LONGEST = 5
"""Products of more factors are not looked for: nobody names them."""
MOST = 12
"""Nor are those inside longer chains."""


def repeated(root: Node) -> list[Chain]:
    """The products that stand at least twice among the factors of chains, those that most is saved by first.

    >>> from frechet.language import parse
    >>> from frechet.ops.normalise import node_of
    >>> found = repeated(node_of(parse("R*p*e'*R/(e'*R*p)", {"R": ["n", "n"], "p": ["n"], "e": ["n"]}).value))
    >>> [[f.key[1] for f in chain] for chain in found]
    [['R', 'e'], ['R', 'p']]
    """
    counts: dict[Chain, int] = {}
    for x in postorder([root]):
        if x.kind not in ("product", "ring") or not 1 < len(x.chain) <= MOST:
            continue
        for chain in dict.fromkeys(_runs(x)):
            counts[chain] = counts.get(chain, 0) + _times(x, chain)
    found = [one for one in counts.items() if one[1] > 1 and _worth(one[0])]
    return [chain for chain, _ in sorted(found, key=lambda one: (-_saved(*one), rank(one[0])))]


def _saved(chain: Chain, times: int) -> int:
    """About how many signs a name for the product saves."""
    return (times - 1) * (sum(f.weight for f in chain) + len(chain) - 2)


def _worth(chain: Chain) -> bool:
    """Whether a product may have a name: it is no number, holds no increment and no array of ones or units."""
    bare = [unturned(f) for f in chain]
    if any(moves(f) or is_op(f, "ones") or is_op(f, "unit") or f.kind == "diag" for f in bare):
        return False
    if any("upstream" in f.params[1] for f in bare if f.op == "variable"):
        return False
    return len({f.key for f in bare}) > 1 and not (chain[0].rows == ONE and chain[-1].cols == ONE)


def _runs(x: Node) -> Iterator[Chain]:
    """The runs of neighbouring factors, each the way round that is read most easily."""
    n = len(x.chain)
    around = x.chain + x.chain[: LONGEST - 1] if _closed(x) else x.chain
    for start in range(n):
        for stop in range(start + 2, min(start + LONGEST, len(around), start + n) + 1):
            yield _upright(around[start:stop])


def _closed(x: Node) -> bool:
    return x.kind == "ring" and x.params != ("open",)


def _upright(chain: Chain) -> Chain:
    """A product or its transpose: a column rather than a row, with few transposes."""
    turned = tuple(T(f) for f in reversed(chain))
    return min((chain, turned), key=lambda c: (c[0].rows == ONE, rank(c)))


def _times(x: Node, chain: Chain) -> int:
    """How often a product stands in a chain, without sharing factors."""
    return max(sum(len(f) > 1 for f in cut(c, chain)) for c in turns(x))


def turns(x: Node) -> Iterator[Chain]:
    """The ways to begin a chain: one that is closed may begin anywhere."""
    n = len(x.chain)
    for k in range(n if _closed(x) else 1):
        yield x.chain[k:] + x.chain[:k]


def cut(chain: Sequence[Node], run: Chain) -> Iterator[Chain]:
    """A chain cut into single factors and the places where the run, or its transpose, stands."""
    back = tuple(T(f) for f in reversed(run))
    k = 0
    while k < len(chain):
        piece = tuple(chain[k : k + len(run)])
        whole = piece in (run, back)
        yield piece if whole else piece[:1]
        k += len(run) if whole else 1


def named(root: Node, run: Chain, leaf: Node) -> Node:
    """The formula with a leaf in the place of a product."""
    done: dict[Node, Node] = {}
    for x in postorder([root]):
        y = rebuild(x, lambda a: done.get(a, a))
        if y.kind in ("product", "ring") and len(run) <= len(y.chain) <= MOST:
            best = max(turns(y), key=lambda c: sum(len(f) > 1 for f in cut(c, run)))
            pieces = list(cut(best, run))
            if any(len(f) > 1 for f in pieces):
                factors = [f[0] if len(f) == 1 else leaf if f == run else T(leaf) for f in pieces]
                if y.kind == "ring":
                    y = b.trace(b.mul(*factors))
                else:
                    y = b.mul(b.number(y.coef), *(b.power(s, e) for s, e in y.terms), *factors)
        done[x] = y
    return done[root]
