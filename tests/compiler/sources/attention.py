import numpy as np


def softmax(x, axis=None):
    """exp(x)/sum(exp(x)), without overflow."""
    if x.ndim > 1 and axis == x.ndim - 1 and x.shape[axis] <= 32:  # short rows are slow to add up: as columns
        return softmax(np.ascontiguousarray(x.T), 0).T
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    e /= e.sum(axis=axis, keepdims=True)
    return e


def pullback(*, Q, K, V, G):
    """The pullback of C: the gradient by Q of what has the gradient G by C.

        C = softmax(Q*K',2)*V
        S = softmax(Q*K',2)
        pullback = ((G*V').*S-diag(diag(S*V*G'))*S)*K

    Q m×n, K p×n, V p×q, G m×q
    """
    if Q.ndim != 2:
        raise ValueError(f"Q should have shape (m, n); got {Q.shape}")
    m, n = Q.shape
    if K.ndim != 2 or K.shape[1] != n:
        raise ValueError(f"K should have shape (p, n) with n={n}; got {K.shape}")
    p = K.shape[0]
    if V.ndim != 2 or V.shape[0] != p:
        raise ValueError(f"V should have shape (p, q) with p={p}; got {V.shape}")
    q = V.shape[1]
    if G.shape != (m, q):
        raise ValueError(f"G should have shape (m, q) with m={m}, q={q}; got {G.shape}")
    S = softmax(Q @ K.T, axis=1)  # softmax(Q*K',2)
    return (S * (G @ V.T - np.einsum("mq,mq->m", G, S @ V)[:, None])) @ K
