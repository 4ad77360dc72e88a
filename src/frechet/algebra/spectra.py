"""The constructors of matrix functions and spectra.

Like those of `build`, each keeps the invariants of its node: scalars outside, one orientation, and the identities of
its function where they hold without a condition that a name does not state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial

from frechet.algebra import atoms, commuting
from frechet.algebra import build as b
from frechet.algebra.atoms import HALF, U, eye, is_op, is_zero, number, zero
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Dim, least

LARGEST_POWER = 32
"""A matrix power above this is not written out as a chain."""


def bare(x: Node) -> tuple[Node, Node]:
    """x as (scalar, the rest)."""
    coef, scalars, chain = b.parts(x)
    if not chain or (coef == 1 and not scalars):
        return number(1), x
    return b.mul(number(coef), *(b.power(s, e) for s, e in scalars)), b.mul(*chain)


def positive(x: Node) -> tuple[Node, Node]:
    """x as (positive scalar, the rest): what is not known to be positive stays."""
    coef, scalars, chain = b.parts(x)
    if not chain:
        return number(1), x
    outside = [number(abs(coef)), *(b.power(s, e) for s, e in scalars if b.nonnegative(s))]
    inside = [number(1 if coef > 0 else -1), *(b.power(s, e) for s, e in scalars if not b.nonnegative(s))]
    return b.mul(*outside), b.mul(*inside, *chain)


def _other_way(x: Node) -> bool:
    """Whether the transpose of x is the orientation that is kept."""
    turned = b.T(x)
    return turned is not x and (turned.flips, turned.key) < (x.flips, x.key)


def _equivariant(op: str, x: Node) -> Node:
    """f(x) for a function with f(X') = f(X)'."""
    if _other_way(x):
        turned = b.T(x)
        return b.T(b.apply(op, (turned,), (turned.cols, turned.rows) if op == "pinv" else turned.shape))
    return b.apply(op, (x,), (x.cols, x.rows) if op == "pinv" else x.shape)


def symmetric(x: Node) -> bool:
    """Whether x is its own transpose."""
    return b.T(x) is x


def expm(x: Node) -> Node:
    """The exponential of a square matrix."""
    if x.scalar:
        return b.elementwise("exp", x)
    if is_zero(x):
        return eye(x.rows)
    coef, scalars, chain = b.parts(x)
    inner = chain[0] if len(chain) == 1 else x
    if is_op(inner, "logm") and not scalars:
        p, e = inner.args[0], coef
        if e.denominator == 1 and abs(e) <= LARGEST_POWER:
            return b.mul(*[p if e > 0 else b.inverse(p)] * int(abs(e)))
        if e.denominator == 2 and abs(e) == HALF:
            return sqrtm(p) if e > 0 else b.inverse(sqrtm(p))
    if inner.kind == "diag":
        return b.diag(b.elementwise("exp", b.mul(number(coef), *(b.power(s, e) for s, e in scalars), inner.args[0])))
    return _equivariant("expm", x)


def logm(x: Node) -> Node:
    """The principal logarithm of a matrix without eigenvalues on the closed negative axis."""
    if x.scalar:
        return b.elementwise("log", x)
    outside, x = positive(x)
    if outside is not number(1):
        return b.add([(logm(x), 1), (b.mul(b.elementwise("log", outside), eye(x.rows)), 1)])
    if is_op(x, "eye"):
        return zero(*x.shape)
    if is_op(x, "inv"):
        return b.neg(logm(x.args[0]))
    if is_op(x, "sqrtm"):
        return b.scale(HALF, logm(x.args[0]))
    if is_op(x, "expm") and symmetric(x.args[0]):
        return x.args[0]
    if x.kind == "diag":
        return b.diag(b.elementwise("log", x.args[0]))
    return _equivariant("logm", x)


def sqrtm(x: Node) -> Node:
    """The principal square root of a matrix without eigenvalues on the closed negative axis."""
    if x.scalar:
        return b.power(x, HALF)
    outside, x = positive(x)
    if outside is not number(1):
        return b.mul(b.power(outside, HALF), sqrtm(x))
    if is_op(x, "eye"):
        return x
    if is_op(x, "inv"):
        return b.inverse(sqrtm(x.args[0]))
    if is_op(x, "expm") and symmetric(x.args[0]):
        return expm(b.scale(HALF, x.args[0]))
    if x.kind == "diag":
        return b.diag(b.hadamard([(x.args[0], HALF)]))
    twice = x.kind == "product" and len(x.chain) == 2 and x.chain[0] is x.chain[1]
    if twice and "positive definite" in atoms.assumptions(x.chain[0]):
        return x.chain[0]
    return _equivariant("sqrtm", x)


def matrix_power(x: Node, k: Node) -> Node:
    """X^k for a symbolic integer k; for a number the chain it is."""
    value = b.value_of(k)
    if value is not None and value.denominator == 1 and abs(value) <= LARGEST_POWER:
        return b.mul(*[x if value > 0 else b.inverse(x)] * int(abs(value))) if value else eye(x.rows)
    outside, x = bare(x)
    if outside is not number(1):
        return b.mul(_scalar_power(outside, k), matrix_power(x, k))
    if is_op(x, "eye"):
        return x
    if is_op(x, "inv"):
        return matrix_power(x.args[0], b.neg(k))
    if is_op(x, "power"):
        return matrix_power(x.args[0], b.mul(x.args[1], k))
    if is_op(x, "expm"):
        return expm(b.mul(k, x.args[0]))
    if _other_way(x):
        return b.T(b.apply("power", (b.T(x), k), x.shape))
    return b.apply("power", (x, k), x.shape)


def _scalar_power(s: Node, k: Node) -> Node:
    return b.apply("power", (s, k), (ONE, ONE))


def pinv(x: Node) -> Node:
    """The Moore-Penrose inverse, where the rank does not change."""
    if x.scalar:
        return b.power(x, -1)
    if is_zero(x):
        return zero(x.cols, x.rows)
    outside, x = bare(x)
    if outside is not number(1):
        return b.mul(b.power(outside, -1), pinv(x))
    if x.column or x.row:
        v = x if x.column else b.T(x)
        turned = b.mul(b.power(b.mul(b.T(v), v), -1), v)
        return b.T(turned) if x.column else turned
    if is_op(x, "eye") or is_op(x, "inv"):
        return b.inverse(x)
    if "orthogonal" in atoms.assumptions(x):
        return b.T(x)
    if is_op(commuting.stem(x), "pinv"):
        inner = commuting.stem(x).args[0]
        return inner if x.kind != "transpose" else b.T(inner)
    return _equivariant("pinv", x)


def chol(x: Node) -> Node:
    """The lower triangular L with positive diagonal and L*L' = x."""
    if x.scalar:
        return b.power(x, HALF)
    outside, x = positive(x)
    if outside is not number(1):
        return b.mul(b.power(outside, HALF), chol(x))
    if is_op(x, "eye"):
        return x
    if x.kind == "diag":
        return b.diag(b.hadamard([(x.args[0], HALF)]))
    return b.apply("chol", (x,), x.shape)


def eigvalsh(x: Node) -> Node:
    """The eigenvalues of the symmetric part of x, ascending."""
    if x.scalar:
        return x
    outside, x = positive(x)
    if outside is not number(1):
        return b.mul(outside, eigvalsh(x))
    return b.apply("eigvalsh", (b.T(x) if _other_way(x) else x,), (x.rows, ONE))


def eigvecs(x: Node) -> Node:
    """Orthonormal eigenvectors of the symmetric part of x, in the order of `eigvalsh`."""
    if x.scalar:
        return number(1)
    _, x = positive(x)
    return b.apply("eigvecs", (b.T(x) if _other_way(x) else x,), x.shape)


def fewest(x: Node) -> Dim:
    """How many singular values x has."""
    return least(x.rows, x.cols)


def _modulus(outside: Node) -> Node:
    return outside if b.nonnegative(outside) else b.elementwise("abs", outside)


def svdvals(x: Node) -> Node:
    """The singular values, descending."""
    if x.scalar:
        return b.elementwise("abs", x)
    outside, x = bare(x)
    if outside is not number(1):
        return b.mul(_modulus(outside), svdvals(x))
    if x.column or x.row:
        return b.power(b.trace(b.mul(b.T(x), x)), HALF)
    return b.apply("svdvals", (b.T(x) if _other_way(x) else x,), (fewest(x), ONE))


def svd_u(x: Node) -> Node:
    """The left singular vectors: x = svd_u(x)*diag(svdvals(x))*svd_v(x)'."""
    _, x = positive(x)
    return number(1) if x.row else b.apply("svd_u", (x,), (x.rows, fewest(x)))


def svd_v(x: Node) -> Node:
    """The right singular vectors."""
    _, x = positive(x)
    return number(1) if x.column else b.apply("svd_v", (x,), (x.cols, fewest(x)))


def norm(op: str, x: Node) -> Node:
    """The sum (norm_nuclear) or the largest (norm_spectral) of the singular values."""
    if x.scalar:
        return b.elementwise("abs", x)
    outside, x = bare(x)
    if outside is not number(1):
        return b.mul(_modulus(outside), norm(op, x))
    if x.column or x.row:
        return b.power(b.trace(b.mul(b.T(x), x)), HALF)
    if is_zero(x):
        return number(0)
    cut = next((i for i in range(1, len(x.chain)) if x.chain[i].rows == ONE), 0)
    if cut:  # of rank one
        ends = b.mul(*x.chain[:cut]), b.mul(*x.chain[cut:])
        return b.mul(*(norm(op, end) for end in ends))
    if op == "norm_nuclear" and "positive definite" in atoms.assumptions(x):
        return b.trace(x)
    return b.apply(op, (b.T(x) if _other_way(x) else x,), (ONE, ONE))


def phi(x: Node) -> Node:
    """The lower triangle with the diagonal halved: a mask, entry by entry."""
    if x.scalar:
        return b.scale(HALF, x)
    return b.hadamard([(atoms.constant("phi", x.shape, *x.shape), U), (x, U)])


def recognise_terms(terms: dict[Node, Fraction]) -> None:
    """phi(M) + phi(M)' = M for a symmetric M, among the terms of a sum.  In place."""
    for t in list(terms):
        factors = t.terms if t.kind == "hadamard" else ((t, U),)
        if not any(is_op(f, "phi") and e == 1 for f, e in factors):
            continue
        whole = b.hadamard([(b.all_ones(t.shape), U), *((f, e) for f, e in factors if not is_op(f, "phi"))])
        if terms[t] and terms.get(b.T(t)) == terms[t] and symmetric(whole):
            terms[whole] = terms.get(whole, Fraction(0)) + terms[t]
            terms[t] = terms[b.T(t)] = Fraction(0)


# -- what other constructors ask --------------------------------------------------------------------------------------


def inverse(x: Node) -> Node | None:
    """inv of a matrix function, where it is another one."""
    if is_op(x, "expm"):
        return expm(b.neg(x.args[0]))
    if is_op(x, "power"):
        return matrix_power(x.args[0], b.neg(x.args[1]))
    return b.T(x) if is_op(x, "eigvecs") else None


def determinant(x: Node) -> Node | None:
    """det of a matrix function: det(expm(X)) = exp(tr(X)), det(L) = √det(L*L')."""
    if is_op(x, "expm"):
        return b.elementwise("exp", b.trace(x.args[0]))
    if is_op(x, "chol") or is_op(x, "sqrtm"):
        return b.power(b.determinant(x.args[0]), HALF)
    if is_op(x, "power"):
        return _scalar_power(b.determinant(x.args[0]), x.args[1])
    return None


def logdet(x: Node) -> Node | None:
    """log |det| of a matrix function."""
    if is_op(x, "expm"):
        return b.trace(x.args[0])
    if is_op(x, "chol") or is_op(x, "sqrtm"):
        return b.scale(HALF, b.logdet(x.args[0]))
    if is_op(x, "power"):
        return b.mul(x.args[1], b.logdet(x.args[0]))
    return number(0) if is_op(x, "eigvecs") else None


# -- chains ------------------------------------------------------------------------------------------------------------


def inner(x: Node, y: Node) -> Node | None:
    """x'*y of two columns of which one holds a spectrum; None where nothing is known.

    The eigenvalues sum to the trace, their squares to ⟨S, S⟩; the singular values to the nuclear norm; the
    logarithms on the diagonal of a Cholesky factor to half a log-determinant.
    """
    for p, q in ((x, y), (y, x)):
        if is_op(p, "ones") and is_op(q, "eigvalsh"):
            return b.trace(q.args[0])
        if is_op(p, "ones") and is_op(q, "svdvals"):
            return norm("norm_nuclear", q.args[0])
        if is_op(p, "ones") and is_op(q, "log") and q.args[0].kind == "diagonal" and is_op(q.args[0].args[0], "chol"):
            return b.scale(HALF, b.logdet(q.args[0].args[0].args[0]))
    if x is y and is_op(x, "svdvals"):
        return b.trace(b.mul(b.T(x.args[0]), x.args[0]))
    if x is y and is_op(x, "eigvalsh") and symmetric(x.args[0]):
        return b.trace(b.mul(x.args[0], x.args[0]))
    return None


MAKERS: Mapping[str, Callable[..., Node]] = {
    "expm": expm,
    "logm": logm,
    "sqrtm": sqrtm,
    "pinv": pinv,
    "chol": chol,
    "eigvalsh": eigvalsh,
    "eigvecs": eigvecs,
    "svdvals": svdvals,
    "svd_u": svd_u,
    "svd_v": svd_v,
    "norm_nuclear": partial(norm, "norm_nuclear"),
    "norm_spectral": partial(norm, "norm_spectral"),
}
"""The constructor of each function by its name."""

EQUIVARIANT = frozenset({"expm", "logm", "sqrtm", "pinv"})
"""Functions of a matrix with f(X') = f(X)'."""


def own_transpose(x: Node) -> bool:
    """Whether an application of one of these functions is known to be symmetric."""
    if x.op in EQUIVARIANT or (x.op == "power" and not x.scalar):
        return symmetric(x.args[0])
    if x.op in ("expm_frechet", "logm_frechet", "power_frechet"):
        return symmetric(x.args[0]) and symmetric(x.args[-1])
    return x.op == "sylvester" and b.T(x.args[0]) is x.args[1] and symmetric(x.args[2])
