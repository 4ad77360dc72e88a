import numpy as np
from scipy import special


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
    S = special.expit(X @ W)  # sigmoid(X*W)
    J = np.zeros((p, m, p, n))
    np.einsum("pmpn->pmn", J)[...] = X * (S.T[:, :, None] * (1 - S).T[:, :, None])
    return J.reshape(m * p, n * p)
