from scipy.linalg import solve


def gradient(*, X):
    """The gradient of f by X.

        f = logdet(X'*X)
        gradient = 2*X*inv(X'*X)

    X m×n
    """
    if X.ndim != 2:
        raise ValueError(f"X should have shape (m, n); got {X.shape}")
    return 2 * solve(X.T @ X, X.T, assume_a="pos").T
