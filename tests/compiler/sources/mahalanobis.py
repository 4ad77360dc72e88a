from scipy.linalg import solve


def value_and_gradient(*, m, x, S):
    """The value of f and its gradient by x.

        f = (x-m)'*inv(S)*(x-m)
        gradient = 2*inv(S)*(x-m)

    m n×1, x n×1, S n×n
    """
    if m.ndim != 1:
        raise ValueError(f"m should have shape (n,); got {m.shape}")
    (n,) = m.shape
    if x.shape != (n,):
        raise ValueError(f"x should have shape (n,) with n={n}; got {x.shape}")
    if S.shape != (n, n):
        raise ValueError(f"S should have shape (n, n) with n={n}; got {S.shape}")
    t = m - x
    u = solve(S, t, assume_a="pos")
    value = t @ u  # (x-m)'*inv(S)*(x-m)
    gradient = -2 * u  # 2*inv(S)*(x-m)
    return value, gradient
