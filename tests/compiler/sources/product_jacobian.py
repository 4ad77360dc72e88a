import numpy as np


def jacobian(*, A, B):
    """The Jacobian matrix of C by B, numerator layout, columns stacked.

        C = A*B
        jacobian = kron(eye(p),A)

    A m×n, B n×p
    """
    if A.ndim != 2:
        raise ValueError(f"A should have shape (m, n); got {A.shape}")
    m, n = A.shape
    if B.ndim != 2 or B.shape[0] != n:
        raise ValueError(f"B should have shape (n, p) with n={n}; got {B.shape}")
    p = B.shape[1]
    J = np.zeros((p, m, p, n))
    np.einsum("pmpn->pmn", J)[...] = A
    return J.reshape(m * p, n * p)
