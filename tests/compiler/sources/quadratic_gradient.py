def gradient(*, x, A):
    """The gradient of f by x.

        f = x'*A*x
        gradient = (A+A')*x

    x n×1, A n×n
    """
    if x.ndim != 1:
        raise ValueError(f"x should have shape (n,); got {x.shape}")
    (n,) = x.shape
    if A.shape != (n, n):
        raise ValueError(f"A should have shape (n, n) with n={n}; got {A.shape}")
    return A @ x + A.T @ x
