import numpy as np


def softmax(x, axis=None):
    """exp(x)/sum(exp(x)), without overflow."""
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    e /= e.sum(axis=axis, keepdims=True)
    return e


def hessian(*, x):
    """The Hessian matrix of f by x, columns stacked.

        f = logsumexp(x)
        s = softmax(x)
        hessian = diag(s) - s*s'

    x n×1
    """
    if x.ndim != 1:
        raise ValueError(f"x should have shape (n,); got {x.shape}")
    s = softmax(x)
    H = np.outer(-s, s)
    np.einsum("nn->n", H)[...] += s
    return H
