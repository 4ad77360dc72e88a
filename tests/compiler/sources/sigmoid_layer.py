import numpy as np


def sigmoid_slope(x):
    """sigmoid(x)*(1-sigmoid(x)), with all its digits where sigmoid is nearly 1."""
    e = np.exp(-abs(x))
    return e / (1 + e) ** 2


def jacobian(*, X, W):
    """The Jacobian matrix of C by W, numerator layout, columns stacked.

        C = sigmoid(X*W)
        S = sigmoid(X*W)
        jacobian = diag(vec(S.*(ones(m,p)-S)))*kron(eye(p),X)

    X m×n, W n×p
    """
    if X.ndim != 2:
        raise ValueError(f"X should have shape (m, n); got {X.shape}")
    m, n = X.shape
    if W.ndim != 2 or W.shape[0] != n:
        raise ValueError(f"W should have shape (n, p) with n={n}; got {W.shape}")
    p = W.shape[1]
    J = np.zeros((p, m, p, n))
    np.einsum("pmpn->pmn", J)[...] = X * np.ascontiguousarray(sigmoid_slope(X @ W).T)[:, :, None]
    return J.reshape(m * p, n * p)
