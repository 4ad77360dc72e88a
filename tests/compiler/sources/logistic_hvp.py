import numpy as np


def sigmoid_slope(x):
    """sigmoid(x)*(1-sigmoid(x)), with all its digits where sigmoid is nearly 1."""
    e = np.exp(-abs(x))
    return e / (1 + e) ** 2


def hvp(*, X, w, V):
    """The Hessian of f by w, times V.

        f = sum(softplus(X*w)-y.*(X*w))
        s = sigmoid(X*w)
        hvp = X'*((X*V).*s.*(1-s))

    X n×d, w d×1, V d×1
    """
    if X.ndim != 2:
        raise ValueError(f"X should have shape (n, d); got {X.shape}")
    d = X.shape[1]
    if w.shape != (d,):
        raise ValueError(f"w should have shape (d,) with d={d}; got {w.shape}")
    if V.shape != (d,):
        raise ValueError(f"V should have shape (d,) with d={d}; got {V.shape}")
    return X.T @ (X @ V * sigmoid_slope(X @ w))
