import numpy as np


def gradient(*, X):
    """The gradient of f by X.

        f = tr(inv(X))
        gradient = -(inv(X)^2)'

    X n×n
    """
    if X.ndim != 2 or X.shape[1] != X.shape[0]:
        raise ValueError(f"X should have shape (n, n); got {X.shape}")
    X_inv = np.linalg.inv(X)
    return -(X_inv.T @ X_inv.T)
