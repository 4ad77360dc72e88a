import numpy as np
from scipy import special


def softplus(x):
    """log(1+exp(x)), without overflow."""
    return np.maximum(x, 0) + np.log1p(np.exp(-abs(x)))


def value_and_gradient(*, X, w, y):
    """The value of f and its gradient by w.

        f = sum(softplus(X*w)-y.*(X*w))
        gradient = X'*(sigmoid(X*w)-y)

    X n×d, w d×1, y n×1
    """
    if X.ndim != 2:
        raise ValueError(f"X should have shape (n, d); got {X.shape}")
    n, d = X.shape
    if w.shape != (d,):
        raise ValueError(f"w should have shape (d,) with d={d}; got {w.shape}")
    if y.shape != (n,):
        raise ValueError(f"y should have shape (n,) with n={n}; got {y.shape}")
    Xw = X @ w
    value = softplus(Xw).sum() - y @ Xw  # sum(softplus(X*w)) - y'*X*w
    gradient = X.T @ (special.expit(Xw) - y)  # X'*(sigmoid(X*w)-y)
    return value, gradient
