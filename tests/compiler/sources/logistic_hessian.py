from scipy import special


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
    s = special.expit(X @ w)  # sigmoid(X*w)
    return X.T @ (X * (s * (1 - s))[:, None])
