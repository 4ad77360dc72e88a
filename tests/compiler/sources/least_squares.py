def value_and_gradient(*, A, b, x):
    """The value of f and its gradient by x.

        f = norm2(A*x-b)^2
        gradient = 2*A'*(A*x-b)

    A m×n, b m×1, x n×1
    """
    if A.ndim != 2:
        raise ValueError(f"A should have shape (m, n); got {A.shape}")
    m, n = A.shape
    if b.shape != (m,):
        raise ValueError(f"b should have shape (m,) with m={m}; got {b.shape}")
    if x.shape != (n,):
        raise ValueError(f"x should have shape (n,) with n={n}; got {x.shape}")
    t = b - A @ x
    value = t @ t  # norm2(A*x-b)^2
    gradient = -2 * (A.T @ t)  # 2*A'*(A*x-b)
    return value, gradient
