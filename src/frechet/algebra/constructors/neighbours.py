"""What two neighbours in a chain become together: eye, diag, an inverse beside its matrix, (A⊗B)·(C⊗D) …"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from frechet.algebra import atoms
from frechet.algebra.atoms import U, eye, is_op, value_of, zero
from frechet.algebra.constructors import commuting
from frechet.algebra.constructors.entrywise import hadamard
from frechet.algebra.constructors.powers import power
from frechet.algebra.constructors.products import absorb, assemble, mul, parts, scale, two_factors, unturned
from frechet.algebra.constructors.shapes import diag, diagonal, kron, vec
from frechet.algebra.constructors.sums import size_of
from frechet.algebra.constructors.transposes import T
from frechet.algebra.node import Node
from frechet.core.dim import ONE


def join(a: Node, b: Node) -> list[Node] | None:
    """What two neighbours in a chain become together, or None when they stay as they are."""
    if is_op(a, "eye"):
        return [b]
    if is_op(b, "eye"):
        return [a]
    if a.kind == "diag":
        if b.kind == "diag":
            return [diag(hadamard([(a.args[0], U), (b.args[0], U)]))]
        if b.column:
            return [hadamard([(a.args[0], U), (b, U)])]
    if b.kind == "diag" and a.row:
        return [T(hadamard([(T(a), U), (b.args[0], U)]))]
    if a.kind == "sum" and (b is a or is_op(b, "ones")):  # (I - 11'/n)² = I - 11'/n, and it takes 1 to 0
        size = _centring(a)
        if size is not None:
            return [scale(size, a)] if b is a else [zero(a.rows, ONE)]
    if b.kind == "sum" and a.row and is_op(T(a), "ones") and _centring(b) is not None:
        return [zero(ONE, b.cols)]
    if a.kind == "hadamard" and is_op(b, "ones") and not a.row:
        found = two_factors(a)
        if found:
            return [diagonal(mul(found[0], T(found[1])))]
    if a.kind == "transpose" and is_op(a.args[0], "ones") and b.kind in ("hadamard", "transpose") and not b.column:
        t = T(b)
        found = two_factors(t) if t.kind == "hadamard" else None
        if found:
            return [T(diagonal(mul(found[0], T(found[1]))))]
    if (is_op(a, "inv") or is_op(b, "inv") or a.kind == "transpose" or b.kind == "transpose") and inverses(a, b):
        return [eye(a.rows)]
    if a.kind == "kron" and b.kind == "kron" and len(a.args) == len(b.args):
        factors = list(zip(a.args, b.args, strict=True))
        if all(p.cols == q.rows for p, q in factors):
            return [kron(*(mul(p, q) for p, q in factors))]
    if b.kind == "vec":
        x = b.args[0]
        if a.kind == "kron" and len(a.args) == 2 and a.args[1].cols == x.rows and a.args[0].cols == x.cols:
            return [vec(mul(a.args[1], x, T(a.args[0])))]
        if is_op(a, "commutation") and a.params[0] == x.rows and a.params[1] == x.cols:
            return [vec(T(x))]
    if a.kind == "transpose" and a.args[0].kind == "vec" and (b.kind == "kron" or is_op(b, "commutation")):
        turned = join(T(b), a.args[0])
        if turned is not None:
            return [T(t) for t in reversed(turned)]
    if (
        is_op(a, "commutation")
        and is_op(b, "commutation")
        and a.params[0] == b.params[1]
        and a.params[1] == b.params[0]
    ):
        return [eye(a.rows)]
    return commuting.pair(a, b)


def _centring(x: Node) -> Fraction | None:
    """c when a sum is c·(I - 11'/n), the matrix that subtracts the mean."""
    if len(x.terms) != 2 or x.rows != x.cols:
        return None
    for (one, c), (spread, k) in (x.terms, x.terms[::-1]):
        _, scalars, chain = parts(spread)
        if is_op(one, "eye") and len(chain) == 2 and is_op(chain[0], "ones") and T(chain[1]) is chain[0]:
            share = mul(scale(-k / c, mul(*(power(s, e) for s, e in scalars))), size_of(x.rows))
            return c if value_of(share) == 1 else None
    return None


def inverses(a: Node, b: Node) -> bool:
    """Whether a·b = I because one is the inverse of the other."""
    turned = a.kind == "transpose" and b.kind == "transpose"
    if turned:
        a, b = a.args[0], b.args[0]
    if is_op(a, "inv") and a.args[0] is b:
        return True
    if is_op(b, "inv") and b.args[0] is a:
        return True
    return any("orthogonal" in atoms.assumptions(p) and T(p) is q for p, q in ((a, b), (b, a)))


def simplify(chain: Iterable[Node], scalars: dict[Node, Fraction]) -> list[Node]:
    """Apply the neighbour rules until none fits; an inverse of a product meets its factors."""
    todo = list(chain)
    todo.reverse()
    out: list[Node] = []
    while todo:
        f = todo.pop()
        if f.kind == "product":  # a rule gave a product: its scalars leave, its chain goes on
            absorb(assemble(f.coef, dict(f.terms), (), (ONE, ONE)), scalars)
            todo.extend(reversed(f.chain))
            continue
        if f.scalar:
            absorb(f, scalars)
            continue
        if out:
            joined = join(out[-1], f)
            if joined is not None:
                out.pop()
                todo.extend(reversed(joined))
                continue
        out.append(f)
        run = commuting.run(out)
        if run is not None:
            del out[-run[0] :]
            todo.append(run[1])
            continue
        k = _inverse_run(out)
        if k:
            n = out[-1].cols
            del out[-k:]
            todo.append(eye(n))
    if len(out) > 1:
        out = [f for f in out if not is_op(f, "eye")] or [out[0]]
    return out


def _inverse_run(out: list[Node]) -> int:
    """How many factors at the end of a chain are inv(P)·P or P·inv(P) with P itself a product; 0 if none."""
    last = out[-1]
    core = unturned(last)
    if is_op(core, "inv") and core.args[0].kind == "product":
        p = core.args[0] if core is last else T(core.args[0])
        k = len(p.chain)
        if k > 1 and tuple(out[-k - 1 : -1]) == p.chain and p.coef == 1 and not p.terms:
            return k + 1
    for k in range(2, min(len(out), 7)):
        first = out[-k - 1]
        core = unturned(first)
        if is_op(core, "inv") and core.args[0].kind == "product":
            p = core.args[0] if core is first else T(core.args[0])
            if len(p.chain) == k and tuple(out[-k:]) == p.chain and p.coef == 1 and not p.terms:
                return k + 1
    return 0
