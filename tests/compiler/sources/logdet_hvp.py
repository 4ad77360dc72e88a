from scipy.linalg import lu_factor, lu_solve


def hvp(*, X, V):
    """The Hessian of f by X, times V.

        f = logdet(X)
        hvp = -(inv(X)*V*inv(X))'

    X n×n, V n×n
    """
    if X.ndim != 2 or X.shape[1] != X.shape[0]:
        raise ValueError(f"X should have shape (n, n); got {X.shape}")
    n = X.shape[0]
    if V.shape != (n, n):
        raise ValueError(f"V should have shape (n, n) with n={n}; got {V.shape}")
    X_factor = lu_factor(X)
    return -lu_solve(X_factor, lu_solve(X_factor, V).T, trans=1)
