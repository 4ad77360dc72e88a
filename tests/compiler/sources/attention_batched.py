import numpy as np


def softmax(x, axis=None):
    """exp(x)/sum(exp(x)), without overflow."""
    if x.ndim > 1 and axis == x.ndim - 1 and x.shape[axis] <= 32:  # short rows are slow to add up: as columns
        return softmax(np.ascontiguousarray(x.T), 0).T
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    e /= e.sum(axis=axis, keepdims=True)
    return e


def gradient(*, Q, K, V, G):
    """The gradient of f by Q.

        S = Q*K'
        f = sum(G.*(softmax(S,3)*V))
        df_dS = (G*V'-einsum("bn,j->bnj", sum(G.*(softmax(S,3)*V),3), ones(n))).*softmax(S,3)
        gradient = df_dS*K

    Q b×n×d, K b×n×d, V b×n×d, G b×n×d
    """
    if Q.ndim != 3:
        raise ValueError(f"Q should have shape (b, n, d); got {Q.shape}")
    b, n, d = Q.shape
    if K.shape != (b, n, d):
        raise ValueError(f"K should have shape (b, n, d) with b={b}, n={n}, d={d}; got {K.shape}")
    if V.shape != (b, n, d):
        raise ValueError(f"V should have shape (b, n, d) with b={b}, n={n}, d={d}; got {V.shape}")
    if G.shape != (b, n, d):
        raise ValueError(f"G should have shape (b, n, d) with b={b}, n={n}, d={d}; got {G.shape}")
    S = Q @ np.swapaxes(K, -1, -2)  # Q*K'
    t = softmax(S, axis=2)  # softmax(S,3)
    u = G @ np.swapaxes(V, -1, -2) - np.einsum("bnd,bnd->bn", G, t @ V)[:, :, None]
    df_dS = t * u  # (G*V'-einsum("bn,j->bnj", sum(G.*(softmax(S,3)*V),3), ones(n))).*softmax(S,3)
    return df_dS @ K
