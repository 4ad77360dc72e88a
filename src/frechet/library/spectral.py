"""Functions of matrices through their spectrum: ``fr.expm``, ``fr.chol``, ``fr.eigvalsh``, ``fr.svdvals``, …"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frechet.library.formula import Formula, build

if TYPE_CHECKING:
    from frechet.library.words import Operand


def expm(x: Operand) -> Formula:
    """The matrix exponential Σ Xᵏ/k! of a square matrix.

    >>> import frechet as fr
    >>> fr.expm(fr.matrix("X", 2, 2)).evaluate(X=[[0, 0], [0, 0]]).round(9).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    return build("expm", x)


def logm(x: Operand) -> Formula:
    """The principal logarithm of a square matrix without eigenvalues on the closed negative axis.

    >>> import frechet as fr
    >>> fr.logm(fr.matrix("X", 2, 2)).evaluate(X=[[1, 0], [0, 1]]).round(9).tolist()
    [[0.0, 0.0], [0.0, 0.0]]
    """
    return build("logm", x)


def sqrtm(x: Operand) -> Formula:
    """The principal square root of a square matrix without eigenvalues on the closed negative axis.

    >>> import frechet as fr
    >>> fr.sqrtm(fr.matrix("X", 2, 2)).evaluate(X=[[4, 0], [0, 9]]).round(9).tolist()
    [[2.0, 0.0], [0.0, 3.0]]
    """
    return build("sqrtm", x)


def pinv(x: Operand) -> Formula:
    """The Moore-Penrose inverse of an m×n matrix, n×m; differentiable where the rank does not change.

    >>> import frechet as fr
    >>> fr.pinv(fr.matrix("A", "m", "n")).shape
    ('n', 'm')
    """
    return build("pinv", x)


def chol(x: Operand) -> Formula:
    """The lower triangular L with L·L' = X, of a positive definite X.

    >>> import frechet as fr
    >>> fr.chol(fr.matrix("X", 2, 2)).evaluate(X=[[4, 0], [0, 9]]).tolist()
    [[2.0, 0.0], [0.0, 3.0]]
    """
    return build("chol", x)


def eigvalsh(x: Operand) -> Formula:
    """The eigenvalues of a symmetric matrix, ascending, a vector.

    >>> import frechet as fr
    >>> fr.eigvalsh(fr.matrix("X", 2, 2)).evaluate(X=[[2, 0], [0, 1]]).round(9).tolist()
    [1.0, 2.0]
    """
    return build("eigvalsh", x)


def eigvecs(x: Operand) -> Formula:
    """Orthonormal eigenvectors of a symmetric matrix as columns, in the order of `eigvalsh`.

    >>> import frechet as fr
    >>> fr.eigvecs(fr.matrix("X", "n", "n")).shape
    ('n', 'n')
    """
    return build("eigvecs", x)


def svdvals(x: Operand) -> Formula:
    """The singular values of a matrix, descending, a vector.

    >>> import frechet as fr
    >>> fr.svdvals(fr.matrix("X", 2, 2)).evaluate(X=[[0, 2], [1, 0]]).round(9).tolist()
    [2.0, 1.0]
    """
    return build("svdvals", x)


def svd_u(x: Operand) -> Formula:
    """The left singular vectors as columns: X = svd_u(X)·diag(svdvals(X))·svd_v(X)', thin.

    >>> import frechet as fr
    >>> fr.svd_u(fr.matrix("X", 2, 2)).shape
    (2, 2)
    """
    return build("svd_u", x)


def svd_v(x: Operand) -> Formula:
    """The right singular vectors as columns.

    >>> import frechet as fr
    >>> fr.svd_v(fr.matrix("X", 2, 2)).shape
    (2, 2)
    """
    return build("svd_v", x)


def norm_nuclear(x: Operand) -> Formula:
    """The sum of the singular values, a scalar.

    >>> import frechet as fr
    >>> fr.norm_nuclear(fr.matrix("X", 2, 2)).evaluate(X=[[0, 2], [1, 0]]).round(9).tolist()
    3.0
    """
    return build("norm_nuclear", x)


def norm_spectral(x: Operand) -> Formula:
    """The largest singular value, a scalar.

    >>> import frechet as fr
    >>> fr.norm_spectral(fr.matrix("X", 2, 2)).evaluate(X=[[0, 2], [1, 0]]).round(9).tolist()
    2.0
    """
    return build("norm_spectral", x)


def phi(x: Operand) -> Formula:
    """The lower triangle of a square matrix with its diagonal halved.

    >>> import frechet as fr
    >>> fr.phi(fr.matrix("X", 2, 2)).evaluate(X=[[2, 1], [4, 6]]).tolist()
    [[1.0, 0.0], [4.0, 3.0]]
    """
    return build("phi", x)


def expm_frechet(x: Operand, e: Operand) -> Formula:
    """The derivative of `expm` at x in the direction e.

    >>> import frechet as fr
    >>> fr.derive(fr.expm(fr.matrix("X", "n", "n")), "X").differential
    expm_frechet(X,dX)
    """
    return build("expm_frechet", x, e)


def logm_frechet(x: Operand, e: Operand) -> Formula:
    """The derivative of `logm` at x in the direction e.

    >>> import frechet as fr
    >>> fr.derive(fr.logm(fr.matrix("X", "n", "n")), "X").differential
    logm_frechet(X,dX)
    """
    return build("logm_frechet", x, e)


def sylvester(a: Operand, b: Operand, c: Operand) -> Formula:
    """The Y with a·Y + Y·b = c.

    >>> import frechet as fr
    >>> fr.sylvester(*(fr.matrix(name, 2, 2) for name in "ABC")).shape
    (2, 2)
    """
    return build("sylvester", a, b, c)
