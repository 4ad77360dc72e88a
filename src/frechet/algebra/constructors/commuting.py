"""Which matrices commute because they are functions of one matrix, and what their products become.

X, inv(X), X^k, expm(t*X), their multiples and sums commute with each other (Higham, Functions of Matrices, 2008,
Theorem 1.13).  Their products are kept in one order, and joined where one function says the same.
"""

from __future__ import annotations

from frechet.algebra.atoms import eye, is_op
from frechet.algebra.constructors import late
from frechet.algebra.constructors.products import mul, unturned
from frechet.algebra.node import Node
from frechet.core.records import facts, having

_BESIDE, _JOINED, _CLOSING = map(having, ("beside", "joined", "closing"))

DEEPEST = 12
"""Functions of functions are looked into this far."""


def _is_function(x: Node) -> bool:
    return x.kind == "apply" and not x.scalar and facts(x.op).commutes


def base(x: Node, depth: int = DEEPEST) -> Node | None:
    """The matrix that x is a function of (X itself at the least); None for multiples of the identity.

    >>> from frechet.algebra import atoms
    >>> from frechet.algebra.constructors import scale
    >>> from frechet.core.dim import Dim
    >>> X = atoms.variable("X", (Dim.of("n"), Dim.of("n")))
    >>> base(mul(X, late.again("expm", X))) is X, base(late.T(late.again("expm", scale(2, X)))) is late.T(X)
    (True, True)
    """
    turned = False
    while depth > 0:
        depth -= 1
        if x.kind == "transpose":
            turned, x = not turned, x.args[0]
        elif _is_function(x):
            x = x.args[0]
        elif is_op(x, "eye"):
            return None
        elif x.kind == "product" and len(x.chain) == 1:
            x = x.chain[0]
        elif x.kind in ("product", "sum"):
            parts = x.chain if x.kind == "product" else x.args
            found = {base(f, depth // 2) for f in parts if f.rows == f.cols} - {None}
            if len(found) != 1 or any(f.rows != f.cols for f in parts):
                break
            x = next(f for f in found if f is not None)
        else:
            break
    if x.kind == "product":
        x = mul(*x.chain)
    return late.T(x) if turned else x


def commute(x: Node, y: Node) -> bool:
    """Whether x and y commute because both are functions of one matrix."""
    if x.rows != x.cols or x.shape != y.shape:
        return False
    p = base(x)
    q = base(y)
    return p is None or q is None or p is q


def joins(chain: tuple[Node, ...]) -> bool:
    """Whether a rule of `pair` may fit somewhere in a chain."""
    return len(chain) > 1 and any(_with_rules(unturned(f)) for f in chain)


def _with_rules(f: Node) -> str:
    """The operation with rules that f applies, or that f is the inverse of; "" where there is none."""
    for x in (f, unturned(f.args[0])) if f.op == "inv" else (f,):
        if x.op in _BESIDE or x.op in _JOINED or (x.op != "inv" and facts(x.op).commutes):
            return x.op
    return ""


def pair(x: Node, y: Node) -> list[Node] | None:
    """What two neighbours become of which at least one has rules for its company; None when they stay."""
    f, g = unturned(x), unturned(y)
    names = [name for name in (_with_rules(f), _with_rules(g)) if name]
    if not names:
        return None
    for name in names:
        beside = _BESIDE.get(name)
        found = beside(x, y) if beside is not None else None
        if found is not None:
            return found
    if not (_is_function(f) or _is_function(g)) or not commute(x, y):
        return None
    turned = x.kind == "transpose" and y.kind == "transpose"
    first, second = (f, g) if turned else (x, y)
    for name in names:
        join = _JOINED.get(name)
        one: Node | None = join(first, second) if join is not None else None
        if one is not None:
            return [late.T(one) if turned else one]
    return [y, x] if y.key < x.key else None


def run(out: list[Node]) -> tuple[int, Node] | None:
    """How many factors at the end of a chain become one node, and which: X*pinv(X)*X = X."""
    if len(out) < 3:
        return None
    for f in out[-3:]:
        rule = _CLOSING.get(unturned(f).op)
        found = rule(out) if rule is not None else None
        if found is not None:
            return found
    return None


def in_trace(chain: tuple[Node, ...]) -> Node | None:
    """tr(R*L(X,E)) = tr(L(X,R)*E) for a derivative L of a matrix function, where R commutes with X; None elsewhere."""
    for k, f in enumerate(chain):
        core = unturned(f)
        if core.kind != "apply" or not facts(core.op).self_adjoint:
            continue
        rest = [*chain[k + 1 :], *chain[:k]]
        r = mul(*rest) if rest else eye(f.rows)
        if f is not core:
            r = late.T(r)
        *others, e = core.args
        x = others[0]
        if any(other is not x for other in others if not other.scalar):  # two matrices, and not the same
            continue
        if commute(r, x):
            return late.trace(mul(late.again(core.op, *others, r), e))
    return None
