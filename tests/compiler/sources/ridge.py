def gradient(*, A, b, x, c):
    """The gradient of f by x.

        f = norm2(A*x-b)^2 + c*x'*x
        gradient = 2*(A'*(A*x-b)+c*x)

    A m×n, b m×1, x n×1, c scalar
    """
    if A.ndim != 2:
        raise ValueError(f"A should have shape (m, n); got {A.shape}")
    m, n = A.shape
    if b.shape != (m,):
        raise ValueError(f"b should have shape (m,) with m={m}; got {b.shape}")
    if x.shape != (n,):
        raise ValueError(f"x should have shape (n,) with n={n}; got {x.shape}")
    if c.shape != ():
        raise ValueError(f"c should have shape (); got {c.shape}")
    return 2 * (c * x + A.T @ (A @ x - b))
