def hessian(*, A):
    """The Hessian matrix of f by x, columns stacked.

        f = norm2(A*x-b)^2
        hessian = 2*A'*A

    A m×n
    """
    if A.ndim != 2:
        raise ValueError(f"A should have shape (m, n); got {A.shape}")
    return 2 * (A.T @ A)
