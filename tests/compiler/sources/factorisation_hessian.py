import numpy as np


def hessian(*, T, V):
    """The Hessian matrix of f by U, columns stacked.

        f = norm2(T-U*V')^2
        hessian = 2*kron(V'*V,eye(m))

    T m×n, V n×k
    """
    if T.ndim != 2:
        raise ValueError(f"T should have shape (m, n); got {T.shape}")
    m, n = T.shape
    if V.ndim != 2 or V.shape[0] != n:
        raise ValueError(f"V should have shape (n, k) with n={n}; got {V.shape}")
    k = V.shape[1]
    H = np.zeros((k, m, k, m))
    np.einsum("kmim->kmi", H)[...] = (2 * (V.T @ V))[:, None, :]
    return H.reshape(k * m, k * m)
