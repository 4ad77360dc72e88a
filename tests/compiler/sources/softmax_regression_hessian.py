import numpy as np


def softmax(x, axis=None):
    """exp(x)/sum(exp(x)), without overflow."""
    if x.ndim > 1 and axis == x.ndim - 1 and x.shape[axis] <= 32:  # short rows are slow to add up: as columns
        return softmax(np.ascontiguousarray(x.T), 0).T
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    e /= e.sum(axis=axis, keepdims=True)
    return e


def hessian(*, X, W):
    """The Hessian matrix of f by W, columns stacked.

        f = sum(logsumexp(X*W,2)) - sum(Y.*(X*W))
        S = softmax(X*W,2)
        hessian = sum(i: kron(diag(S[i,:]')-S[i,:]'*S[i,:],X[i,:]'*X[i,:]))

    X n×d, W d×c
    """
    if X.ndim != 2:
        raise ValueError(f"X should have shape (n, d); got {X.shape}")
    n, d = X.shape
    if W.ndim != 2 or W.shape[0] != d:
        raise ValueError(f"W should have shape (d, c) with d={d}; got {W.shape}")
    c = W.shape[1]
    S = softmax(X @ W, axis=1)  # softmax(X*W,2)
    t = (X[:, None, :] * S[:, :, None]).reshape(n, c * d)
    H = -(t.T @ t).reshape(c, d, c, d)
    np.einsum("cdci->cdi", H)[...] += (t.T @ X).reshape(c, d, d).transpose(0, 2, 1)
    return H.reshape(c * d, c * d)
