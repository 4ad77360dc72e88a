"""Which matrices commute because they are functions of one matrix, and what their products become.

X, inv(X), X^k, expm(t*X), logm(X), sqrtm(X), their multiples and sums commute with each other (Higham, Functions of
Matrices, 2008, Theorem 1.13).  Their products are kept in one order, and joined where one function says the same.
"""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra import build as b
from frechet.algebra import spectra
from frechet.algebra.atoms import is_op
from frechet.algebra.node import Node

FUNCTIONS = frozenset({"inv", "expm", "logm", "sqrtm"})
"""Functions of a square matrix that commute with it."""
JOINED = frozenset({"expm", "logm", "sqrtm", "power", "eigvecs", "svd_u", "svd_v", "pinv", "chol"})
"""Functions whose products have rules of their own."""
DEEPEST = 12
"""Functions of functions are looked into this far."""


def stem(x: Node) -> Node:
    """x without its transpose."""
    return x.args[0] if x.kind == "transpose" else x


def _is_function(x: Node) -> bool:
    return x.kind == "apply" and (x.op in FUNCTIONS or (x.op == "power" and not x.scalar))


def base(x: Node, depth: int = DEEPEST) -> Node | None:
    """The matrix that x is a function of (X itself at the least); None for multiples of the identity.

    >>> from frechet.algebra import atoms
    >>> from frechet.algebra.spectra import expm, logm
    >>> from frechet.core.dim import Dim
    >>> X = atoms.variable("X", (Dim.of("n"), Dim.of("n")))
    >>> base(b.mul(X, logm(X))) is X, base(b.T(expm(b.scale(2, X)))) is b.T(X)
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
        x = b.mul(*x.chain)
    return b.T(x) if turned else x


def commute(x: Node, y: Node) -> bool:
    """Whether x and y commute because both are functions of one matrix."""
    if x.rows != x.cols or x.shape != y.shape:
        return False
    p = base(x)
    q = base(y)
    return p is None or q is None or p is q


def joins(chain: tuple[Node, ...]) -> bool:
    """Whether a rule of `pair` may fit somewhere in a chain."""
    return len(chain) > 1 and any(_has_rules(stem(f)) for f in chain)


def _has_rules(f: Node) -> bool:
    """Whether f is one of JOINED or the inverse of one."""
    return f.op in JOINED or (f.op == "inv" and stem(f.args[0]).op in JOINED)


def pair(x: Node, y: Node) -> list[Node] | None:
    """What two neighbours become of which at least one is among JOINED; None when they stay."""
    f, g = stem(x), stem(y)
    if not _has_rules(f) and not _has_rules(g):
        return None
    if f.op == "inv" and f is y and x.kind == "transpose" and is_op(f.args[0], "chol"):
        return [b.inverse(f.args[0].args[0])]  # inv(L)'*inv(L) = inv(L*L')
    if x.kind == "transpose" and f is y and f.op in ("eigvecs", "svd_u", "svd_v"):
        return [b.eye(x.rows)]  # orthonormal columns
    if x.kind == "transpose" and y.kind == "transpose" and "pinv" in (f.op, g.op) and is_pseudoinverse(f, g):
        return [g, f]  # a projector is its own transpose
    if y.kind == "transpose" and g is x:
        if g.op == "eigvecs":
            return [b.eye(x.rows)]
        if g.op == "chol":
            return [g.args[0]]
    if not (_is_function(f) or _is_function(g)) or not commute(x, y):
        return None
    if x.kind == "transpose" and y.kind == "transpose":
        joined = _joined(b.T(x), b.T(y))
        joined = [b.T(joined)] if joined is not None else None
    else:
        found = _joined(x, y)
        joined = [found] if found is not None else None
    if joined is not None:
        return joined
    return [y, x] if y.key < x.key else None


def _joined(x: Node, y: Node) -> Node | None:
    """The product of two functions of one matrix as one function; x and y carry no transpose."""
    if is_op(x, "expm") and is_op(y, "expm"):
        return spectra.expm(b.add([(x.args[0], 1), (y.args[0], 1)]))
    (p, first), (q, second) = _power(x), _power(y)
    if p is q:
        exponent = b.plus(first, second)
        value = b.value_of(exponent)
        return spectra.matrix_power(p, exponent) if value is None else rational_power(p, value)
    return None


def _power(x: Node) -> tuple[Node, Node]:
    """x as (P, exponent): P itself, its inverse, its root, a symbolic power of it."""
    if is_op(x, "power"):
        return x.args[0], x.args[1]
    if is_op(x, "sqrtm"):
        return x.args[0], b.number(Fraction(1, 2))
    if is_op(x, "inv"):
        inner = x.args[0]
        if is_op(inner, "sqrtm"):
            return inner.args[0], b.number(Fraction(-1, 2))
        return inner, b.number(-1)
    return x, b.number(1)


def rational_power(p: Node, e: Fraction) -> Node | None:
    """P to the power 1, ½, 0, -½ or -1; None for any other."""
    if e == 0:
        return b.eye(p.rows)
    root = p if abs(e) == 1 else spectra.sqrtm(p) if abs(e) == Fraction(1, 2) else None
    if root is None:
        return None
    return root if e > 0 else b.inverse(root)


def run(out: list[Node]) -> tuple[int, Node] | None:
    """How many factors at the end of a chain become one node, and which.

    X*pinv(X)*X = X, X'*X*pinv(X) = X'; V*diag(f(λ))*V' = f(S) for the eigenvectors V of a symmetric S;
    U*diag(σ)*V' = X.
    """
    last = stem(out[-1])
    if len(out) < 3:
        return None
    first, middle = out[-3], out[-2]
    if last.op == "eigvecs" and out[-1].kind == "transpose" and first is last and middle.kind == "diag":
        found = of_spectrum(middle.args[0], last.args[0])
        return None if found is None else (3, found)
    if last.op == "svd_v" and out[-1].kind == "transpose" and is_op(first, "svd_u") and middle.kind == "diag":
        values = spectra.svdvals(last.args[0])
        if first.args[0] is last.args[0] and middle.args[0] is values:
            return 3, last.args[0]
    if last.op == "svd_u" and out[-1].kind == "transpose" and is_op(first, "svd_v") and middle.kind == "diag":
        values = spectra.svdvals(last.args[0])
        if first.args[0] is last.args[0] and middle.args[0] is values:
            return 3, b.T(last.args[0])
    for one, two, other in ((first, middle, out[-1]), (out[-1], middle, first)):
        if is_pseudoinverse(one, two) and other in (one, b.T(two)):
            return 3, other  # a projector and what lies in its range
    return None


def is_pseudoinverse(x: Node, y: Node) -> bool:
    """Whether x = pinv(y) or y = pinv(x)."""
    return any(stem(p).op == "pinv" and spectra.pinv(q) is p for p, q in ((x, y), (y, x)))


def of_spectrum(h: Node, s: Node) -> Node | None:
    """f(S) for V*diag(h)*V' with h = f(λ) of the eigenvalues λ of a symmetric S; None where it has no name."""
    if b.T(s) is not s:
        return None
    values = spectra.eigvalsh(s)
    if h is values:
        return s
    if is_op(h, "ones"):
        return b.eye(s.rows)
    if h.kind == "sum":
        parts = [(of_spectrum(t, s), c) for t, c in h.terms]
        kept = [(f, c) for f, c in parts if f is not None]
        return b.add(kept) if len(kept) == len(parts) else None
    if h.kind == "product" and len(h.chain) == 1:
        inner = of_spectrum(h.chain[0], s)
        outside = [b.number(h.coef), *(b.power(t, e) for t, e in h.terms)]
        return b.mul(*outside, inner) if inner is not None else None
    if h.kind == "hadamard":
        found: list[Node] = []
        for t, e in h.terms:
            inner = of_spectrum(t, s)
            if inner is None or abs(e) > 8 or (2 * e).denominator != 1:
                return None
            whole, rest = divmod(abs(e), 1)
            made = [inner] * int(whole) + ([spectra.sqrtm(inner)] if rest else [])
            found += made if e > 0 else [b.inverse(f) for f in made]
        return b.mul(*found)
    if h.kind == "apply" and h.args == (values,):
        if h.op == "exp":
            return spectra.expm(s)
        if h.op == "log":
            return spectra.logm(s)
    return None


__all__ = ["base", "commute", "is_pseudoinverse", "of_spectrum", "pair", "rational_power", "run", "stem"]
