import numpy as np


def jacobian(*, X):
    """The Jacobian matrix of C by X, numerator layout, columns stacked.

        C = X'
        jacobian = commutation(m,n)

    X m×n
    """
    if X.ndim != 2:
        raise ValueError(f"X should have shape (m, n); got {X.shape}")
    m, n = X.shape
    J = np.zeros((m, n, n, m))
    np.einsum("mnnm->mn", J)[...] = 1
    return J.reshape(m * n, m * n)
