def hessian(*, A):
    """The Hessian matrix of f by x, columns stacked.

        f = x'*A*x
        hessian = A + A'

    A n×n
    """
    if A.ndim != 2 or A.shape[1] != A.shape[0]:
        raise ValueError(f"A should have shape (n, n); got {A.shape}")
    return A + A.T
