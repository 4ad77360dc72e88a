import numpy as np


def softmax(x, axis=None):
    """exp(x)/sum(exp(x)), without overflow."""
    if x.ndim > 1 and axis == x.ndim - 1 and x.shape[axis] <= 32:  # short rows are slow to add up: as columns
        return softmax(np.ascontiguousarray(x.T), 0).T
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    e /= e.sum(axis=axis, keepdims=True)
    return e


def hvp(*, X, W, V):
    """The Hessian of f by W, times V.

        f = sum(logsumexp(X*W,2)) - sum(Y.*(X*W))
        S = softmax(X*W,2)
        hvp = X'*((X*V).*S-diag(diag(X*V*S'))*S)

    X n×d, W d×c, V d×c
    """
    if X.ndim != 2:
        raise ValueError(f"X should have shape (n, d); got {X.shape}")
    d = X.shape[1]
    if W.ndim != 2 or W.shape[0] != d:
        raise ValueError(f"W should have shape (d, c) with d={d}; got {W.shape}")
    c = W.shape[1]
    if V.shape != (d, c):
        raise ValueError(f"V should have shape (d, c) with d={d}, c={c}; got {V.shape}")
    S = softmax(X @ W, axis=1)  # softmax(X*W,2)
    XV = X @ V
    return X.T @ (S * (XV - np.einsum("nc,nc->n", S, XV)[:, None]))
