"""Closed chains: traces, inner products, sums of all entries, single entries and squared norms."""

from __future__ import annotations

from frechet.algebra import constructors as b
from frechet.algebra.atoms import is_op
from frechet.algebra.constructors import T
from frechet.algebra.node import Node
from frechet.core.expr import Expr
from frechet.notation.signs import times, turned_freely
from frechet.notation.write.chains import chain_of, line
from frechet.notation.write.pen import Pen
from frechet.notation.write.sums import oriented, total
from frechet.ops.expressions import apply, number


def ring(w: Pen, x: Node, flips: frozenset[Node] | None = None) -> Expr:
    """The shortest of the ways to write a closed chain: norm2(P)^2, sum(…), X[i,j], tr(…) from each of its factors."""
    options: list[Expr] = []
    last_moves: dict[Expr, bool] = {}  # among equals the increment stands last: tr(inv(X)*dX)
    half = square_of(x)
    chain = x.chain
    turned = turned_freely(chain, w.said) if flips is None else flips
    if half is not None and (half.kind != "leaf" or not half.column):
        options.append(apply("power", (norm(w, half, turned), number(2))))
    if x.params == ("open",):
        first, last = T(chain[0]), chain[-1]
        inner = chain[1:-1]
        if is_op(first, "ones") and (is_op(last, "ones") or not inner):
            body = inner if inner else (last,)
            if len(body) == 1 and body[0].kind == "transpose":
                body = (body[0].args[0],)  # a sum of all entries does not see a transpose
            options.append(apply("sum", (times(chain_of(w, body, turned)),), (None,)))
            if len(body) == 1:
                options.append(apply("sum", (w.factor(T(body[0]), turned),), (None,)))
                if is_op(body[0], "abs"):
                    options.append(apply("norm1", (oriented(w, body[0].args[0]),)))
        elif is_op(last, "ones") and not inner:
            options.append(apply("sum", (w.factor(first, turned),), (None,)))
            if is_op(first, "abs"):
                options.append(apply("norm1", (oriented(w, first.args[0]),)))
        elif is_op(first, "unit") and (not inner or (is_op(last, "unit") and len(inner) == 1)):
            indices = (first.params[0],) if not inner else (first.params[0], last.params[0])
            options.append(apply("entry", (w.factor(inner[0] if inner else last, turned),), indices))
        elif is_op(last, "unit") and not inner:
            options.append(apply("entry", (w.factor(first, turned),), (last.params[0],)))
        else:
            back = tuple(T(f) for f in reversed(chain))
            for c in (chain, back) if w.holds_increment(x) or x.complex else (chain,):
                options.append(times(line(w, c, turned)))
                last_moves[options[-1]] = w.holds_increment(c[-1])
    else:
        for k in range(len(chain) if len(chain) <= 6 else 1):
            c = chain[k:] + chain[:k]
            back = tuple(T(f) for f in reversed(c))
            for d in (c, back) if w.holds_increment(x) or x.complex else (c,):
                options.append(apply("tr", (times(line(w, d, turned)),)))
                last_moves[options[-1]] = any(map(w.holds_increment, d[-1:]))
        if len(chain) == 2:
            pair = (w.factor(T(chain[0]), turned), w.factor(chain[1], turned))
            other = (w.factor(chain[0], turned), w.factor(T(chain[1]), turned))
            for p in (pair, other):
                options.append(apply("sum", (apply("hadamard", p),), (None,)))
    return min(options, key=lambda e: (w.count(e), not last_moves.get(e, False)))


def square_of(ring: Node) -> Node | None:
    """P when the closed chain is ⟨P, P⟩ = tr(herm(P)*P)."""
    chain = ring.chain
    n = len(chain)
    if n % 2:
        return None
    for k in range(1 if ring.params == ("open",) else n):
        c = chain[k:] + chain[:k]
        if all(b.herm(c[i]) is c[n - 1 - i] for i in range(n // 2)):
            half = b.mul(*c[n // 2 :])
            ways = (half, b.conj(half), b.herm(half), T(half)) if half.complex else (half,)
            return min(ways, key=lambda x: (x.bars + x.flips, x.bars))
    return None


def diagonal(w: Pen, x: Node) -> Expr:
    """diag(P*P') as the sums of the squares in the rows of P, sum(P.^2,2), where that is shorter."""
    plain = apply("diag", (w.write(x.args[0]),))
    chain = b.parts(x.args[0])[2]
    n = len(chain)
    if n % 2 or x.complex or not all(T(chain[i]) is chain[n - 1 - i] for i in range(n // 2)):
        return plain
    half = chain[: n // 2]
    rows = b.mul(*half)
    turned = T(rows)
    options = [plain, apply("sum", (apply("epower", (w.write(rows), number(2))),), (2,))]
    options.append(apply("sum", (apply("epower", (w.write(turned), number(2))),), (1,)))
    return min(options, key=w.count)


def norm(w: Pen, half: Node, flips: frozenset[Node]) -> Expr:
    """‖half‖, of the half or its transpose, and the way round that the same difference has beside it."""
    options = [total(w, half, -1) if half in flips else oriented(w, half)]
    if not half.column and half not in flips:
        options.append(oriented(w, T(half)))
    return apply("norm2", (min(options, key=w.count),))
