import numpy as np


def softmax(x, axis=None):
    """exp(x)/sum(exp(x)), without overflow."""
    if x.ndim > 1 and axis == x.ndim - 1 and x.shape[axis] <= 32:  # short rows are slow to add up: as columns
        return softmax(np.ascontiguousarray(x.T), 0).T
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    e /= e.sum(axis=axis, keepdims=True)
    return e


def gradient(*, X, W, Y):
    """The gradient of f by W.

        f = sum(logsumexp(X*W,2)) - sum(Y.*(X*W))
        gradient = X'*(softmax(X*W,2)-Y)

    X n×d, W d×c, Y n×c
    """
    if X.ndim != 2:
        raise ValueError(f"X should have shape (n, d); got {X.shape}")
    n, d = X.shape
    if W.ndim != 2 or W.shape[0] != d:
        raise ValueError(f"W should have shape (d, c) with d={d}; got {W.shape}")
    c = W.shape[1]
    if Y.shape != (n, c):
        raise ValueError(f"Y should have shape (n, c) with n={n}, c={c}; got {Y.shape}")
    return X.T @ (softmax(X @ W, axis=1) - Y)
