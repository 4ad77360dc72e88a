"""Closed chains: traces and bilinear forms u'⋯v, one node for all the ways to write one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from frechet.algebra.atoms import U, is_op, number, ones
from frechet.algebra.constructors import commuting, late
from frechet.algebra.constructors.entrywise import hadamard
from frechet.algebra.constructors.powers import power
from frechet.algebra.constructors.products import FLAT, assemble, mul, parts, two_factors, unturned
from frechet.algebra.constructors.shapes import diag, diagonal, rank
from frechet.algebra.constructors.sums import add, size_of
from frechet.algebra.constructors.tensors import LETTERS
from frechet.algebra.constructors.transposes import T
from frechet.algebra.node import Node, intern
from frechet.core.dim import ONE
from frechet.core.records import having

_SUMMED, _SQUARED = having("summed"), having("squared")


def bilinear(chain: Sequence[Node]) -> Node:
    """u'·M⋯N·v as a scalar node; the chain starts with a row, ends with a column and has no scalar inside."""
    first, last = T(chain[0]), chain[-1]
    if len(chain) == 2:
        return _inner(first, last)
    if is_op(first, "ones") and is_op(last, "ones") and len(chain) == 3:
        return _sum_all(chain[1])
    for end, rest in ((first, chain[1:]), (last, [T(f) for f in reversed(chain[:-1])])):
        if end.kind == "diagonal" or end.kind == "vec":
            inner = mul(*rest)
            if len(parts(inner)[2]) < 2:  # else it would be taken apart into this same chain
                return _inner(end, inner)
    turned = [T(f) for f in reversed(chain)]
    best = min((tuple(chain), tuple(turned)), key=rank)
    return intern("ring", (ONE, ONE), best, chain=best, params=("open",), overhead=len(best))


def _inner(x: Node, y: Node) -> Node:
    """x'·y of two columns."""
    for p, q in ((x, y), (y, x)):
        rule = _SUMMED.get(q.op) if q.kind == "apply" and is_op(p, "ones") else None
        known = rule(q) if rule is not None else None
        if known is not None:
            return known
    square = _SQUARED.get(x.op) if x is y and x.kind == "apply" else None
    known = square(x) if square is not None else None
    if known is not None:
        return known
    if y.key < x.key:
        x, y = y, x
    cx, sx, chx = parts(x)
    cy, sy, chy = parts(y)
    if (cx, sx) != (U, ()) or (cy, sy) != (U, ()):
        bare = mul(*(T(f) for f in reversed(chx)), *chy)
        return mul(assemble(cx * cy, {}, (), (ONE, ONE)), *(power(s, e) for s, e in (*sx, *sy)), bare)
    if len(chx) > 1 or len(chy) > 1:
        return mul(*(T(f) for f in reversed(chx)), *chy)
    for a, b in ((x, y), (y, x)):
        if is_op(a, "unit") and is_op(b, "unit"):
            if a is b:
                return number(1)
            if a.params[0].number is not None and b.params[0].number is not None:
                return number(0)
        if is_op(a, "unit") and is_op(b, "ones"):
            return number(1)
        if is_op(a, "ones"):
            if is_op(b, "ones"):
                return size_of(b.rows)
            if b.kind == "sum" and b.weight <= FLAT:
                return add([(mul(T(a), t), c) for t, c in b.terms])
            if b.kind == "diagonal":
                return trace(b.args[0])
            if b.kind == "vec":
                return _sum_all(b.args[0])
            if b.kind == "hadamard":
                found = two_factors(b)
                if found:
                    return _inner(*found)
        if a.kind == "vec" and b.kind == "vec" and len(a.args[0].shape) > 2 and a.args[0].shape == b.args[0].shape:
            letters = LETTERS[: len(a.args[0].shape)]
            return late.contracted([letters, letters], "", [a.args[0], b.args[0]])
        if a.kind == "vec" and b.kind == "vec" and a.args[0].shape == b.args[0].shape:
            return trace(mul(T(a.args[0]), b.args[0]))
        if a.kind == "diagonal" and a.args[0].kind == "product":
            return trace(mul(diag(b), a.args[0]))
    if (x.kind == "hadamard" or y.kind == "hadamard") and not is_op(x, "ones") and not is_op(y, "ones"):
        h = hadamard([(x, U), (y, U)])
        return mul(T(ones(h.rows)), h)
    chain = (T(x), y)
    return intern("ring", (ONE, ONE), chain, chain=chain, params=("open",), overhead=2)


def _sum_all(x: Node) -> Node:
    """The sum of all entries of a matrix that is one factor, or of a tensor."""
    if len(x.shape) > 2:
        return late.contracted([LETTERS[: len(x.shape)]], "", [x])
    if x.kind == "sum" and x.weight <= FLAT:
        return add([(mul(T(ones(x.rows)), t, ones(x.cols)), c) for t, c in x.terms])
    if x.kind == "transpose":
        return _sum_all(x.args[0])
    if x.kind == "hadamard":
        found = two_factors(x)
        if found:
            return trace(mul(T(found[0]), found[1]))
    if x.kind == "kron":
        return mul(*(mul(T(ones(f.rows)), f, ones(f.cols)) for f in x.args))
    rule = _SUMMED.get(x.op) if x.kind == "apply" else None
    known = rule(x) if rule is not None else None
    if known is not None:
        return known
    chain = (T(ones(x.rows)), x, ones(x.cols))
    return intern("ring", (ONE, ONE), chain, chain=chain, params=("open",), overhead=1)


def trace(x: Node) -> Node:
    """tr(x) of a square node."""
    if x.scalar:
        return x
    coef, s, chain = parts(x)
    outside = assemble(coef, dict(s), (), (ONE, ONE))
    if len(chain) == 1 and (coef != 1 or s):
        return mul(outside, trace(chain[0]))
    if is_op(x, "zeros"):
        return number(0)
    cut = next((i for i in range(1, len(chain)) if chain[i].rows == ONE), 0)
    if cut:
        return mul(outside, mul(*chain[cut:], *chain[:cut]))
    through = commuting.in_trace(chain)
    if through is not None:
        return mul(outside, through)
    if len(chain) == 1:
        return _trace_one(chain[0])
    joined = late.join(chain[-1], chain[0])
    if joined is not None and len(joined) == 1:  # not where two that commute only change places
        return mul(outside, trace(mul(*joined, *chain[1:-1])))
    for k in range(len(chain) - 1):  # an inverse may meet its product across the seam
        if k and is_op(unturned(chain[k]), "inv") and unturned(chain[k]).args[0].kind == "product":
            rest = mul(*chain[k:], *chain[:k])
            if len(parts(rest)[2]) < len(chain):
                return mul(outside, trace(rest))
    if len(chain) == 2:
        p, q = chain
        for a, b in ((p, q), (q, p)):
            if a.kind == "diag":
                return mul(outside, T(a.args[0]), diagonal(b))
        if unturned(p).kind == "hadamard" or unturned(q).kind == "hadamard":
            h = hadamard([(T(p), U), (q, U)])
            return mul(outside, T(ones(h.rows)), h, ones(h.cols))
    best = min(_turns(chain), key=rank)
    ring = intern("ring", (ONE, ONE), best, chain=best, params=("closed",), overhead=len(best))
    return mul(outside, ring) if outside is not number(1) else ring


def _turns(chain: Sequence[Node]) -> Iterable[tuple[Node, ...]]:
    """All ways of writing one closed chain: rotations of it and of its transpose (of long ones only some)."""
    back = [T(f) for f in reversed(chain)]
    for c in (list(chain), back):
        least = min(f.key for f in c)
        for k, f in enumerate(c):
            if len(c) <= 8 or f.key == least:
                yield tuple(c[k:] + c[:k])


def _trace_one(x: Node) -> Node:
    if is_op(x, "eye"):
        return size_of(x.rows)
    if x.kind == "sum" and x.weight <= FLAT:
        return add([(trace(t), c) for t, c in x.terms])
    if x.kind == "diag":
        return mul(T(ones(x.rows)), x.args[0])
    if x.kind == "transpose":
        return _trace_one(x.args[0])
    if x.kind == "kron" and all(f.rows == f.cols for f in x.args):
        return mul(*(trace(f) for f in x.args))
    if x.kind == "hadamard":
        return mul(T(ones(x.rows)), diagonal(x))
    return intern("ring", (ONE, ONE), (x,), chain=(x,), params=("closed",))
