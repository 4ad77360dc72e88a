import numpy as np


def sigmoid(x):
    """1/(1+exp(-x)), both tails to the last digit."""
    e = np.exp(-abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def hessian(*, X, w):
    """The Hessian matrix of f by w, columns stacked.

        f = sum(softplus(X*w)-y.*(X*w))
        s = sigmoid(X*w)
        hessian = X'*diag(s.*(1-s))*X

    X n×d, w d×1
    """
    if X.ndim != 2:
        raise ValueError(f"X should have shape (n, d); got {X.shape}")
    d = X.shape[1]
    if w.shape != (d,):
        raise ValueError(f"w should have shape (d,) with d={d}; got {w.shape}")
    s = sigmoid(X @ w)
    return X.T @ (X * (s * (1 - s))[:, None])
