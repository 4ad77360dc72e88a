from scipy import special


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
    s = special.expit(X @ w)  # sigmoid(X*w)
    return X.T @ (s * (1 - s) * (X @ V))
