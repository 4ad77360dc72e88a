def gradient(*, T, U, V):
    """The gradient of f by U.

        f = norm2(T-U*V')^2
        gradient = 2*(U*V'-T)*V

    T m×n, U m×k, V n×k
    """
    if T.ndim != 2:
        raise ValueError(f"T should have shape (m, n); got {T.shape}")
    m, n = T.shape
    if U.ndim != 2 or U.shape[0] != m:
        raise ValueError(f"U should have shape (m, k) with m={m}; got {U.shape}")
    k = U.shape[1]
    if V.shape != (n, k):
        raise ValueError(f"V should have shape (n, k) with n={n}, k={k}; got {V.shape}")
    return 2 * ((U @ V.T - T) @ V)
