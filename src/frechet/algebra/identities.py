"""The identities of matrix functions and spectra that the constructors apply: data, each checked numerically by a test.

Both sides are formulas of the language; the constructors make one node of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Identity:
    """`left` is read as `right`.  `assumptions` are declared of names, `condition` says what else must hold."""

    name: str
    left: str
    right: str
    assumptions: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    condition: str = ""
    source: str = "Higham, Functions of Matrices (2008), Theorem 1.13"


PRINCIPAL = "no eigenvalue on the closed negative axis"
PD = {"X": ("positive definite",)}
SYMMETRIC = {"X": ("symmetric",)}
POSITIVE = {"t": ("positive",)}
K = {"k": ("integer",)}
HJ = "Horn & Johnson, Matrix Analysis"
GVL = "Golub & Van Loan, Matrix Computations"

IDENTITIES: tuple[Identity, ...] = (
    Identity("functions of one matrix commute", "logm(X)*inv(X)", "inv(X)*logm(X)", condition=PRINCIPAL),
    Identity("functions of one matrix commute", "expm(t*X)*X", "X*expm(t*X)"),
    Identity("f(X') is f(X)'", "expm(X')", "expm(X)'"),
    Identity("f(X') is f(X)'", "logm(X')", "logm(X)'", condition=PRINCIPAL),
    Identity("f(X') is f(X)'", "sqrtm(X')", "sqrtm(X)'", condition=PRINCIPAL),
    Identity("a function of a symmetric matrix is symmetric", "expm(X)'", "expm(X)", SYMMETRIC),
    Identity("exponents of what commutes add", "expm(X)*expm(t*X)", "expm(X+t*X)"),
    Identity("inverse of an exponential", "inv(expm(X))", "expm(-X)"),
    Identity("inverse of an exponential", "expm(X)*expm(-X)", "eye(n)"),
    Identity("exponential of a logarithm", "expm(logm(X))", "X", condition=PRINCIPAL),
    Identity("exponential of a logarithm", "expm(-logm(X))", "inv(X)", condition=PRINCIPAL),
    Identity("exponential of a logarithm", "expm(logm(X)/2)", "sqrtm(X)", condition=PRINCIPAL),
    Identity("logarithm of an exponential", "logm(expm(X))", "X", SYMMETRIC),
    Identity("logarithm of an inverse", "logm(inv(X))", "-logm(X)", condition=PRINCIPAL),
    Identity("logarithm of a root", "logm(sqrtm(X))", "logm(X)/2", condition=PRINCIPAL),
    Identity("logarithm of a multiple", "logm(t*X)", "logm(X)+log(t)*eye(n)", POSITIVE, PRINCIPAL),
    Identity("root times root", "sqrtm(X)*sqrtm(X)", "X", condition=PRINCIPAL),
    Identity("root times root", "X*inv(sqrtm(X))", "sqrtm(X)", condition=PRINCIPAL),
    Identity("root of an inverse", "sqrtm(inv(X))", "inv(sqrtm(X))", condition=PRINCIPAL),
    Identity("root of a multiple", "sqrtm(t*X)", "sqrt(t)*sqrtm(X)", POSITIVE, PRINCIPAL),
    Identity("root of an exponential", "sqrtm(expm(X))", "expm(X/2)", SYMMETRIC),
    Identity("root of a square", "sqrtm(X*X)", "X", PD),
    Identity("powers of one matrix", "X^k*X", "X^(k+1)", K),
    Identity("powers of one matrix", "inv(X^k)", "X^(-k)", K),
    Identity("powers of one matrix", "X^k*X^-k", "eye(n)", K),
    Identity("a function of a diagonal matrix", "expm(diag(x))", "diag(exp(x))"),
    Identity("a function of a diagonal matrix", "logm(diag(x))", "diag(log(x))", {"x": ("positive",)}),
    Identity("a function of a diagonal matrix", "sqrtm(diag(x))", "diag(sqrt(x))", {"x": ("positive",)}),
    Identity("determinants", "det(expm(X))", "exp(tr(X))"),
    Identity("determinants", "logdet(expm(X))", "tr(X)"),
    Identity("determinants", "logdet(sqrtm(X))", "logdet(X)/2", PD),
    Identity("determinants", "logdet(X^k)", "k*logdet(X)", K),
    Identity("Cholesky factor", "chol(X)*chol(X)'", "X", PD, source=GVL),
    Identity("Cholesky factor", "inv(chol(X))'*inv(chol(X))", "inv(X)", PD, source=GVL),
    Identity("Cholesky factor", "logdet(chol(X))", "logdet(X)/2", PD, source=GVL),
    Identity("Cholesky factor", "sum(log(diag(chol(X))))", "logdet(X)/2", PD, source=GVL),
    Identity("Cholesky factor of a multiple", "chol(t*X)", "sqrt(t)*chol(X)", {**PD, **POSITIVE}, source=GVL),
    Identity("lower triangle, diagonal halved", "phi(X)+phi(X)'", "X", SYMMETRIC, source="Murray 2016"),
    Identity("Moore-Penrose", "A*pinv(A)*A", "A", source=GVL),
    Identity("Moore-Penrose", "pinv(A)*A*pinv(A)", "pinv(A)", source=GVL),
    Identity("Moore-Penrose", "A'*A*pinv(A)", "A'", source=GVL),
    Identity("Moore-Penrose", "(A*pinv(A))'", "A*pinv(A)", source=GVL),
    Identity("Moore-Penrose", "pinv(pinv(A))", "A", source=GVL),
    Identity("Moore-Penrose", "pinv(A')", "pinv(A)'", source=GVL),
    Identity("Moore-Penrose", "pinv(x)", "x'/(x'*x)", source=GVL),
    Identity("orthonormal vectors", "eigvecs(X)*eigvecs(X)'", "eye(n)", SYMMETRIC, source=HJ),
    Identity("orthonormal vectors", "svd_u(A)'*svd_u(A)", "eye(min(m,n))", source=HJ),
    Identity("orthonormal vectors", "svd_v(A)'*svd_v(A)", "eye(min(m,n))", source=HJ),
    Identity("spectral theorem", "eigvecs(X)*diag(eigvalsh(X))*eigvecs(X)'", "X", SYMMETRIC, source=HJ),
    Identity("spectral theorem", "eigvecs(X)*diag(exp(eigvalsh(X)))*eigvecs(X)'", "expm(X)", SYMMETRIC, source=HJ),
    Identity("spectral theorem", "eigvecs(X)*diag(log(eigvalsh(X)))*eigvecs(X)'", "logm(X)", PD, source=HJ),
    Identity("spectral theorem", "eigvecs(X)*diag(1./eigvalsh(X))*eigvecs(X)'", "inv(X)", PD, source=HJ),
    Identity("singular value decomposition", "svd_u(A)*diag(svdvals(A))*svd_v(A)'", "A", source=HJ),
    Identity("sums of eigenvalues", "sum(eigvalsh(X))", "tr(X)", SYMMETRIC, source=HJ),
    Identity("sums of eigenvalues", "sum(eigvalsh(X).^2)", "sum(X.^2)", SYMMETRIC, source=HJ),
    Identity("sums of singular values", "sum(svdvals(A))", "norm_nuclear(A)", source=HJ),
    Identity("sums of singular values", "sum(svdvals(A).^2)", "norm2(A)^2", source=HJ),
    Identity("norms", "norm_nuclear(A')", "norm_nuclear(A)", source=HJ),
    Identity("norms", "norm_spectral(t*A)", "abs(t)*norm_spectral(A)", source=HJ),
    Identity("norms", "norm_spectral(x*y')", "norm2(x)*norm2(y)", source=HJ),
    Identity("norms", "norm_nuclear(X)", "tr(X)", PD, source=HJ),
    Identity("a derivative where directions commute", "expm_frechet(t*X,X)", "X*expm(t*X)"),
    Identity("a derivative where directions commute", "logm_frechet(X,logm(X))", "inv(X)*logm(X)", condition=PRINCIPAL),
    Identity("a derivative where directions commute", "sylvester(X,X,X)", "eye(n)/2"),
    Identity("tr(R*L(X,E)) = tr(R*f'(X)*E)", "tr(X*expm_frechet(X,E))", "tr(X*expm(X)*E)"),
    Identity("tr(R*L(X,E)) = tr(R*f'(X)*E)", "tr(logm_frechet(X,E))", "tr(inv(X)*E)", condition=PRINCIPAL),
    Identity("tr(R*L(X,E)) = tr(R*f'(X)*E)", "tr(sylvester(X,X,E))", "tr(inv(X)*E)/2"),
    Identity("the transpose of a derivative", "expm_frechet(X',E')", "expm_frechet(X,E)'"),
    Identity("the transpose of a derivative", "sylvester(B',A',C')", "sylvester(A,B,C)'", source=HJ),
)
"""Every identity of these functions that the constructors know."""
