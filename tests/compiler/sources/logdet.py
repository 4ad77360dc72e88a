import numpy as np
from scipy.linalg import cho_factor
from scipy.linalg.lapack import dpotri


def cholesky_inverse(factor):
    """The inverse of the matrix with this Cholesky factor."""
    c, lower = factor
    inverse, _ = dpotri(c, lower=lower)
    half = np.tril(inverse) if lower else np.triu(inverse)
    inverse = half + half.T
    np.einsum("ii->i", inverse)[...] /= 2
    return inverse


def value_and_gradient(*, S):
    """The value of f and its gradient by S.

        f = logdet(S)
        gradient = inv(S)

    S n×n
    """
    if S.ndim != 2 or S.shape[1] != S.shape[0]:
        raise ValueError(f"S should have shape (n, n); got {S.shape}")
    S_factor = cho_factor(S)
    value = 2 * np.log(np.diagonal(S_factor[0])).sum()  # logdet(S)
    gradient = cholesky_inverse(S_factor)  # inv(S)
    return value, gradient
