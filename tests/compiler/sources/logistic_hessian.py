import numpy as np


def sigmoid_slope(x):
    """sigmoid(x)*(1-sigmoid(x)), with all its digits where sigmoid is nearly 1."""
    e = np.exp(-abs(x))
    return e / (1 + e) ** 2


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
    return X.T @ (X * sigmoid_slope(X @ w)[:, None])
