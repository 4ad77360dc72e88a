def pullback(*, A, G):
    """The pullback of C: the gradient by B of what has the gradient G by C.

        C = A*B
        pullback = A'*G

    A m×n, G m×p
    """
    if A.ndim != 2:
        raise ValueError(f"A should have shape (m, n); got {A.shape}")
    m = A.shape[0]
    if G.ndim != 2 or G.shape[0] != m:
        raise ValueError(f"G should have shape (m, p) with m={m}; got {G.shape}")
    return A.T @ G
