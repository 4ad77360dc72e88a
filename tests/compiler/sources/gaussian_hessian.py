import numpy as np


def hessian(*, n, X, S):
    """The Hessian matrix of f by S, columns stacked.

        f = -n/2*logdet(S) - tr(inv(S)*X'*X)/2
        M = inv(S)
        P = M*X'*X*M
        hessian = (kron(n*M-P,M)-kron(M,P))/2

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
    P = M @ (X.T @ (X @ M))  # M*X'*X*M
    t = M[:, None, :, None] * P[:, None, :] + M[:, None, :] * (P - n * M)[:, None, :, None]
    return -t.reshape(d**2, d**2) / 2
