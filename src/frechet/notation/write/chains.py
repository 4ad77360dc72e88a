"""Chains of matrices: runs as powers, sums for ones at the ends, rows and columns for unit vectors."""

from __future__ import annotations

from collections.abc import Iterator

from frechet.algebra import constructors as b
from frechet.algebra.atoms import is_op
from frechet.algebra.constructors import T
from frechet.algebra.constructors.products import unturned
from frechet.algebra.node import Node
from frechet.core.dim import ONE
from frechet.core.expr import Expr
from frechet.core.records import looks
from frechet.notation.signs import times
from frechet.notation.write.entrywise import is_mask
from frechet.notation.write.partial import in_blocks_sum
from frechet.notation.write.pen import Pen
from frechet.ops.expressions import apply, number


def chain_of(w: Pen, chain: tuple[Node, ...], flips: frozenset[Node]) -> list[Expr]:
    """The factors of a chain: runs as powers, sums for ones at the ends, the transpose outside where shorter."""
    straight = line(w, chain, flips)
    if len(chain) == 1:
        return straight
    turned = line(w, tuple(T(f) for f in reversed(chain)), flips)
    if straight and turned:
        e, t = times(straight), apply("transpose", (times(turned),))
        least = (
            1 if all(f.kind == "transpose" for f in chain) and not all(f.args[0].kind == "leaf" for f in chain) else 2
        )
        if w.count(t) + least <= w.count(e):
            straight = [t]
    if any(f.bars for f in chain):
        return min([straight, *_conjugated(w, chain, flips)], key=lambda factors: w.count(times(factors)))
    return straight


def _conjugated(w: Pen, chain: tuple[Node, ...], flips: frozenset[Node]) -> Iterator[list[Expr]]:
    """A chain as conj(…) and herm(…) of another that has fewer conjugates in it."""
    sign, scalars, mirrored = b.parts(b.conj(b.mul(*chain)))
    sums = [f for f in mirrored if f.kind == "sum"]
    if scalars or abs(sign) != 1 or sum(f.bars for f in mirrored) >= sum(f.bars for f in chain):
        return
    turned = frozenset(f for s in flips for f in b.parts(b.conj(s))[2])
    if sign < 0 and not sums:
        return
    if sign < 0:
        turned ^= {sums[0]}
    yield [apply("conj", (times(line(w, mirrored, turned)),))]
    if len(mirrored[0].shape) > 2:
        return
    yield [apply("herm", (times(line(w, tuple(T(f) for f in reversed(mirrored)), turned)),))]


def line(w: Pen, chain: tuple[Node, ...], flips: frozenset[Node]) -> list[Expr]:
    """The factors of a chain from left to right, as it stands."""
    factors: list[Expr] = []
    i, n = 0, len(chain)
    while i < n:
        f = chain[i]
        if i + 1 < n and is_op(f, "ones") and _ones_row(chain[i + 1]):
            factors.append(apply("ones", (), (f.rows, chain[i + 1].cols)))
            i += 2
            continue
        if _ones_row(f) and i + 1 < n and not is_op(chain[i + 1], "eye"):
            factors.append(apply("transpose", (_sums(w, chain[i + 1], flips, 1),)))
            i += 2
            continue
        if f.kind == "transpose" and is_op(f.args[0], "unit") and i + 1 < n and chain[i + 1].rows != ONE:
            factors.append(_take(w, f.args[0], chain[i + 1], flips, "row"))
            i += 2
            continue
        blocks = in_blocks_sum(w, chain[i : i + 3], flips)
        if blocks is not None:
            factors.append(blocks)
            i += 3
            continue
        masked = _masked(w, chain[i : i + 3], flips)
        if masked is not None:
            factors.append(masked)
            i += 3
            continue
        k = 1
        while i + k < n and chain[i + k] is f and f.rows == f.cols:
            k += 1
        after = chain[i + k] if i + k < n else None
        if k == 1 and after is not None and is_op(after, "ones") and not _starts_square(chain, i + 1) and not f.row:
            factors.append(_sums(w, f, flips, 2))
            i += 2
            continue
        if k == 1 and after is not None and is_op(after, "unit") and not f.row:
            factors.append(_take(w, after, f, flips, "column"))
            i += 2
            continue
        if k > 1 and f.kind == "transpose":
            factors.append(apply("transpose", (apply("power", (w.factor(f.args[0], flips), number(k))),)))
        elif k > 1:
            factors.append(apply("power", (w.factor(f, flips), number(k))))
        else:
            factors.append(w.factor(f, flips))
        i += k
    return factors


def _masked(w: Pen, triple: tuple[Node, ...], flips: frozenset[Node]) -> Expr | None:
    """A triangle of u*v', whole or with half the diagonal, kept as diag(u)*mask*diag(v)."""
    if len(triple) < 3 or triple[0].kind != "diag" or triple[2].kind != "diag":
        return None
    mask = unturned(triple[1])
    if not is_mask(mask):
        return None
    u, v = triple[0].args[0], triple[2].args[0]
    turned = triple[1] is not mask
    other = looks(mask.op).turned
    if turned and not other:
        return apply("transpose", (apply(mask.op, (_outer(w, v, u, flips),)),))
    return apply(other if turned else mask.op, (_outer(w, u, v, flips),))


def _outer(w: Pen, u: Node, v: Node, flips: frozenset[Node]) -> Expr:
    """u*v', with the differences in `flips` turned round that stand in them as factors."""
    return w.product(b.mul(u, T(v)), None, flips)


def _sums(w: Pen, f: Node, flips: frozenset[Node], axis: int) -> Expr:
    """Sums along an axis; of a transpose those along the other axis."""
    if f.kind == "transpose" and not f.row:
        return apply("sum", (w.factor(f.args[0], flips),), (3 - axis,))
    return apply("sum", (w.factor(f, flips),), (axis,))


def _take(w: Pen, unit: Node, f: Node, flips: frozenset[Node], op: str) -> Expr:
    """A row or a column of f; of a transpose the column or row of what is transposed."""
    if f.kind == "transpose":
        other = "column" if op == "row" else "row"
        return apply("transpose", (apply(other, (w.factor(f.args[0], flips),), (unit.params[0],)),))
    return apply(op, (w.factor(f, flips),), (unit.params[0],))


def _ones_row(f: Node) -> bool:
    """Whether f is ones(n)'."""
    return f.kind == "transpose" and is_op(f.args[0], "ones")


def _starts_square(chain: tuple[Node, ...], i: int) -> bool:
    """Whether ones(m)*ones(n)' starts at i: it is written ones(m,n)."""
    return i + 1 < len(chain) and is_op(chain[i], "ones") and _ones_row(chain[i + 1])
