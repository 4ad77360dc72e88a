def hvp(*, V, Vbar):
    """The Hessian of f by U, times Vbar.

        f = norm2(T-U*V')^2
        hvp = 2*Vbar*V'*V

    V n×k, Vbar m×k
    """
    if V.ndim != 2:
        raise ValueError(f"V should have shape (n, k); got {V.shape}")
    k = V.shape[1]
    if Vbar.ndim != 2 or Vbar.shape[1] != k:
        raise ValueError(f"Vbar should have shape (m, k) with k={k}; got {Vbar.shape}")
    return 2 * (Vbar @ (V.T @ V))
