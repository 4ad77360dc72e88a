import numpy as np


def gradient(*, n, X, S):
    """The gradient of f by S.

        f = -n/2*logdet(S) - tr(inv(S)*X'*X)/2
        M = inv(S)
        gradient = (M*X'*X*M-n*M)/2

    n scalar, X k×d, S d×d
    """
    if n.shape != ():
        raise ValueError(f"n should have shape (); got {n.shape}")
    if X.ndim != 2:
        raise ValueError(f"X should have shape (k, d); got {X.shape}")
    d = X.shape[1]
    if S.shape != (d, d):
        raise ValueError(f"S should have shape (d, d) with d={d}; got {S.shape}")
    M = np.linalg.inv(S)  # inv(S)
    return (M @ (X.T @ (X @ M)) - n * M) / 2
