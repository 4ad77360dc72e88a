import numpy as np


def softmax(x, axis=None):
    """exp(x)/sum(exp(x)), without overflow."""
    if x.ndim > 1 and axis == x.ndim - 1 and x.shape[axis] <= 32:  # short rows are slow to add up: as columns
        return softmax(np.ascontiguousarray(x.T), 0).T
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    e /= e.sum(axis=axis, keepdims=True)
    return e


def jacobian(*, x):
    """The Jacobian matrix of y by x, numerator layout, columns stacked.

        y = softmax(x)
        s = softmax(x)
        jacobian = diag(s) - s*s'

    x n×1
    """
    if x.ndim != 1:
        raise ValueError(f"x should have shape (n,); got {x.shape}")
    s = softmax(x)
    J = np.outer(-s, s)
    np.einsum("nn->n", J)[...] += s
    return J
