"""Matrix functions and spectra: how they read in the algebra, their differentials, their adjoints.

Sources: Higham, Functions of Matrices (2008), chapters 3, 6, 10, 11; Golub & Pereyra, SIAM J. Numer. Anal. 10 (1973),
for pinv; Murray, Differentiation of the Cholesky decomposition (2016); Magnus & Neudecker, chapter 8, and Townsend,
Differentiating the singular value decomposition (2016), for eigenvalues, singular values and their vectors.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from frechet.algebra import atoms, directions, spectra
from frechet.algebra import build as b
from frechet.algebra.atoms import HALF, U
from frechet.algebra.build import T, add, diag, diagonal, hadamard, mul, plus, scale
from frechet.algebra.node import Node, postorder
from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.errors import FrechetError

FREED = "freed"
"""Marks the twin of a symmetric (or diagonal) variable: its entries are free only while it is differentiated by."""

# -- readings ----------------------------------------------------------------------------------------------------------


def reading(name: str) -> Callable[..., Node]:
    """The function by its constructor."""
    make = spectra.MAKERS.get(name) or directions.MAKERS[name]

    def read(_: Expr, *args: Node) -> Node:
        return make(*args)

    return read


def phi(_: Expr, x: Node) -> Node:
    """The lower triangle with its diagonal halved."""
    return spectra.phi(x)


def chol(_: Expr, x: Node) -> Node:
    """The Cholesky factor of what is known to be symmetric."""
    freed = any(FREED in atoms.assumptions(leaf) for leaf in postorder([x]))
    if T(x) is not x and not freed:
        needs = "chol(X) needs a symmetric X: declare it positive definite, or write chol((X+X')/2)"
        raise FrechetError("unsupported", needs)
    return spectra.chol(x)


# -- differentials -----------------------------------------------------------------------------------------------------


def d_expm(y: Node, dx: Node) -> Node:
    """d expm(X) = expm_frechet(X, dX)."""
    return directions.expm_frechet(y.args[0], dx)


def d_logm(y: Node, dx: Node) -> Node:
    """d logm(X) = logm_frechet(X, dX)."""
    return directions.logm_frechet(y.args[0], dx)


def d_sqrtm(y: Node, dx: Node) -> Node:
    """S*dS + dS*S = dX for S = sqrtm(X)."""
    return directions.sylvester(y, y, dx)


def d_sylvester(y: Node, da: Node, db: Node, dc: Node) -> Node:
    """A*dY + dY*B = dC - dA*Y - Y*dB."""
    p, q, _ = y.args
    return directions.sylvester(p, q, add([(dc, 1), (mul(da, y), -1), (mul(y, db), -1)]))


def linear_only(name: str) -> Callable[..., Node]:
    """f(X, E) is linear in E; in X it would need the second derivative of the matrix function."""
    make = directions.MAKERS[name]

    def differential(y: Node, *tangents: Node) -> Node:
        if not all(atoms.is_zero(t) for t in tangents[:-1]):
            function = name.partition("_")[0]
            which = "X^k" if function == "power" else f"{function}(X)"
            said = f"the second derivative of {which} in directions that do not commute with X has no formula here"
            raise FrechetError("unsupported", said)
        return make(*y.args[:-1], tangents[-1])

    return differential


def d_pinv(y: Node, dx: Node) -> Node:
    """dP = -P*dX*P + P*P'*dX'*(I-X*P) + (I-P*X)*dX'*P'*P, where the rank stays (Golub & Pereyra)."""
    x = y.args[0]
    left = plus(b.eye(x.rows), mul(x, y), -1)
    right = plus(b.eye(x.cols), mul(y, x), -1)
    return add([(mul(y, dx, y), -1), (mul(y, T(y), T(dx), left), 1), (mul(right, T(dx), T(y), y), 1)])


def d_chol(y: Node, dx: Node) -> Node:
    """dL = L*phi(inv(L)*dS*inv(L)')."""
    inner = b.inverse(y)
    return mul(y, spectra.phi(mul(inner, dx, T(inner))))


def _symmetric_part(x: Node) -> Node:
    return scale(HALF, add([(x, 1), (T(x), 1)]))


def d_eigvalsh(y: Node, dx: Node) -> Node:
    """dλ = diag(V'*dX*V)."""
    v = spectra.eigvecs(y.args[0])
    return diagonal(mul(T(v), dx, v))


def _over_gaps(values: Node, m: Node) -> Node:
    """m[i,j]/(values[j]-values[i]), zero on the diagonal."""
    ones = b.ones(values.rows)
    gaps = add([(mul(ones, T(values)), 1), (mul(values, T(ones)), -1), (b.eye(values.rows), 1)])
    return add([(hadamard([(m, U), (gaps, -U)]), 1), (diag(diagonal(m)), -1)])


def d_eigvecs(y: Node, dx: Node) -> Node:
    """dV = V*C with C[i,j] = (V'*dX*V)[i,j]/(λ[j]-λ[i]) off the diagonal."""
    m = mul(T(y), _symmetric_part(dx), y)
    return mul(y, _over_gaps(spectra.eigvalsh(y.args[0]), m))


def d_svdvals(y: Node, dx: Node) -> Node:
    """dσ = diag(U'*dX*V)."""
    x = y.args[0]
    return diagonal(mul(T(spectra.svd_u(x)), dx, spectra.svd_v(x)))


def _vectors(x: Node, u: Node, v: Node, dx: Node) -> Node:
    """dU for x = U*diag(σ)*V', with distinct singular values that are not zero."""
    values = spectra.svdvals(x)
    s = diag(values)
    p = mul(T(u), dx, v)
    w = add([(mul(p, s), 1), (mul(s, T(p)), 1)])
    within = mul(u, _over_gaps(hadamard([(values, Fraction(2))]), w))
    across = mul(add([(mul(dx, v), 1), (mul(u, p), -1)]), b.inverse(s))
    return add([(within, 1), (across, 1)])


def d_svd_u(y: Node, dx: Node) -> Node:
    """The left singular vectors."""
    x = y.args[0]
    return _vectors(x, y, spectra.svd_v(x), dx)


def d_svd_v(y: Node, dx: Node) -> Node:
    """The right singular vectors: those of X' on the left."""
    x = y.args[0]
    return _vectors(x, y, spectra.svd_u(x), T(dx))


def d_norm_nuclear(y: Node, dx: Node) -> Node:
    """d‖X‖_* = ⟨U*V', dX⟩ where X has full rank."""
    x = y.args[0]
    return b.trace(mul(spectra.svd_v(x), T(spectra.svd_u(x)), dx))


def d_norm_spectral(y: Node, dx: Node) -> Node:
    """dσ₁ = u₁'*dX*v₁ where the largest singular value is simple."""
    x = y.args[0]
    first = atoms.unit(Dim.of(1), spectra.fewest(x))
    return mul(T(first), T(spectra.svd_u(x)), dx, spectra.svd_v(x), first)


# -- linear operators --------------------------------------------------------------------------------------------------


def adjoint(name: str) -> Callable[[Node, Node], Node]:
    """⟨G, f(X, E)⟩ = ⟨f(X', G), E⟩ for the derivative f of a matrix function."""
    make = directions.MAKERS[name]

    def back(y: Node, g: Node) -> Node:
        return make(T(y.args[0]), *y.args[1:-1], g)

    return back


def sylvester_adjoint(y: Node, g: Node) -> Node:
    """⟨G, sylvester(A, B, C)⟩ = ⟨sylvester(A', B', G), C⟩."""
    return directions.sylvester(T(y.args[0]), T(y.args[1]), g)


def kronecker(name: str) -> Callable[[Node, bool], Node]:
    """K with vec(f(X, E)) = K*vec(E), or of the transposes where rows are stacked: f(X, E)' = f(X', E')."""

    def matrix(y: Node, rows: bool) -> Node:
        x = T(y.args[0]) if rows else y.args[0]
        size = x.rows * x.rows
        if name == "logm_frechet":  # the inverse map of the exponential's
            x = spectra.logm(x)
            return b.inverse(b.apply("expm_kronecker", (x, T(x)), (size, size)))
        return b.apply(f"{name.partition('_')[0]}_kronecker", (x, T(x), *y.args[1:-1]), (size, size))

    return matrix


def sylvester_kronecker(y: Node, rows: bool) -> Node:
    """inv(kron(eye(n), A) + kron(B', eye(m)))."""
    p, q = (T(y.args[1]), T(y.args[0])) if rows else y.args[:2]
    return b.inverse(add([(b.kron(b.eye(q.rows), p), 1), (b.kron(T(q), b.eye(p.rows)), 1)]))
