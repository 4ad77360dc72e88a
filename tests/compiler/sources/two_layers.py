import numpy as np


def softmax(x, axis=None):
    """exp(x)/sum(exp(x)), without overflow."""
    if x.ndim > 1 and axis == x.ndim - 1 and x.shape[axis] <= 32:  # short rows are slow to add up: as columns
        return softmax(np.ascontiguousarray(x.T), 0).T
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    e /= e.sum(axis=axis, keepdims=True)
    return e


def gradient(*, X, W, V, Y):
    """The gradient of L by W.

        Z = relu(X*W)
        P = softmax(Z*V,2)
        L = -sum(Y.*log(P))
        dL_dZ = (diag(sum(Y,2))*P-Y)*V'
        gradient = X'*(dL_dZ.*step(X*W))

    X n×d, W d×h, V h×c, Y n×c
    """
    if X.ndim != 2:
        raise ValueError(f"X should have shape (n, d); got {X.shape}")
    n, d = X.shape
    if W.ndim != 2 or W.shape[0] != d:
        raise ValueError(f"W should have shape (d, h) with d={d}; got {W.shape}")
    h = W.shape[1]
    if V.ndim != 2 or V.shape[0] != h:
        raise ValueError(f"V should have shape (h, c) with h={h}; got {V.shape}")
    c = V.shape[1]
    if Y.shape != (n, c):
        raise ValueError(f"Y should have shape (n, c) with n={n}, c={c}; got {Y.shape}")
    XW = X @ W
    Z = np.maximum(XW, 0)  # relu(X*W)
    P = softmax(Z @ V, axis=1)  # softmax(Z*V,2)
    dL_dZ = (P * Y.sum(axis=1)[:, None] - Y) @ V.T  # (diag(sum(Y,2))*P-Y)*V'
    return X.T @ (dL_dZ * ((XW > 0) * 1.0))
