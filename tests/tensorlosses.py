"""Functions of arrays of more than two axes as people write them in NumPy, with the shapes of their arguments."""

# ruff: noqa: E501 — tables read better with one entry a line

from __future__ import annotations

from typing import Any

Shapes = dict[str, list[Any]]

SIZES = {"a": 2, "b": 3, "c": 4, "d": 5, "e": 6, "h": 2, "n": 4, "t": 3, "k": 5}

FUNCTIONS: dict[str, tuple[str, Shapes]] = {
    "cp": ("np.einsum('ir,jr,kr->ijk', A, B, C)", {"A": ["a", "k"], "B": ["b", "k"], "C": ["c", "k"]}),
    "tucker": (
        "np.einsum('abc,ia,jb,kc->ijk', G, A, B, C)",
        {"G": ["a", "b", "c"], "A": ["d", "a"], "B": ["e", "b"], "C": ["n", "c"]},
    ),
    "tensor train": ("np.einsum('ia,ajb,bk->ijk', A, B, C)", {"A": ["d", "a"], "B": ["a", "e", "b"], "C": ["b", "n"]}),
    "trilinear": ("np.einsum('ijk,i,j,k', T, x, y, z)", {"T": ["a", "b", "c"], "x": ["a"], "y": ["b"], "z": ["c"]}),
    "batched bilinear": (
        "np.einsum('...i,ij,...j->...', X, S, Y)",
        {"X": ["a", "t", "d"], "S": ["d", "d"], "Y": ["a", "t", "d"]},
    ),
    "linear layer of a batch": ("np.tanh(X @ W + b)", {"X": ["a", "t", "d"], "W": ["d", "k"], "b": ["k"]}),
    "batched products": ("A @ B", {"A": ["a", "b", "c"], "B": ["a", "c", "d"]}),
    "products broadcast over batches": ("A @ B", {"A": ["a", 1, "b", "c"], "B": ["n", "c", "d"]}),
    "a matrix by a batch": ("A @ B", {"A": ["b", "c"], "B": ["a", "c", "d"]}),
    "a batch by a vector": ("X @ w", {"X": ["a", "b", "c"], "w": ["c"]}),
    "gram matrices": ("X @ X.transpose(0, 2, 1)", {"X": ["a", "b", "c"]}),
    "attention": (
        "softmax(Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1]), axis=-1) @ V",
        {"Q": ["a", "t", "d"], "K": ["a", "n", "d"], "V": ["a", "n", "k"]},
    ),
    "attention of heads": (
        """def f(X, Wq, Wk, Wv, Wo):
    b, t, d = X.shape
    h, e = 2, Wq.shape[1] // 2
    q, k, v = [(X @ W).reshape(b, t, h, e).transpose(0, 2, 1, 3) for W in (Wq, Wk, Wv)]
    S = q @ k.transpose(0, 1, 3, 2) / np.sqrt(e)
    A = softmax(S, axis=-1)
    return (A @ v).transpose(0, 2, 1, 3).reshape(b, t, h * e) @ Wo""",
        {"X": ["a", "t", "d"], "Wq": ["d", "2*k"], "Wk": ["d", "2*k"], "Wv": ["d", "2*k"], "Wo": ["2*k", "d"]},
    ),
    "attention of heads by einsum": (
        """def f(Q, K, V):
    S = np.einsum('bhid,bhjd->bhij', Q, K) / np.sqrt(Q.shape[-1])
    return np.einsum('bhij,bhjd->bhid', softmax(S, axis=-1), V)""",
        {"Q": ["a", "h", "n", "d"], "K": ["a", "h", "n", "d"], "V": ["a", "h", "n", "d"]},
    ),
    "causal attention": (
        """def f(Q, K, V):
    n = Q.shape[1]
    S = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[2])
    S = np.where(np.tril(np.ones((n, n))), S, -np.inf)
    return softmax(S, axis=-1) @ V""",
        {"Q": ["a", "n", "d"], "K": ["a", "n", "d"], "V": ["a", "n", "k"]},
    ),
    "a causal mask that is added": (
        """def f(S):
    n = S.shape[-1]
    M = np.triu(np.full((n, n), -np.inf), k=1)
    S = S + M
    S = S - S.max(axis=-1, keepdims=True)
    W = np.exp(S)
    return W / W.sum(axis=-1, keepdims=True)""",
        {"S": ["a", "h", "n", "n"]},
    ),
    "a mask that is an argument": (
        "softmax(np.where(M, S, -np.inf), axis=-1)",
        {"S": ["a", "n", "n"], "M": ["n", "n"]},
    ),
    "a mask of -1e9": (
        "softmax(np.where(np.tril(np.ones(S.shape[1:])) == 0, -1e9, S), axis=-1)",
        {"S": ["a", "n", "n"]},
    ),
    "a mask added": ("softmax(S + M, axis=2)", {"S": ["a", "b", "c"], "M": ["b", "c"]}),
    "softmax by hand": (
        """def f(S):
    m = np.max(S, axis=-1, keepdims=True)
    return np.exp(S - m) / np.sum(np.exp(S - m), axis=-1, keepdims=True)""",
        {"S": ["a", "b", "c"]},
    ),
    "logsumexp by hand": (
        """def f(S):
    m = S.max(axis=1)
    return m + np.log(np.exp(S - m[:, None]).sum(axis=1))""",
        {"S": ["a", "b", "c"]},
    ),
    "cross entropy by hand": (
        """def f(Z, Y):
    Z = Z - Z.max(-1, keepdims=True)
    logp = Z - np.log(np.exp(Z).sum(-1, keepdims=True))
    return -(Y * logp).sum(-1).mean()""",
        {"Z": ["a", "b", "c"], "Y": ["a", "b", "c"]},
    ),
    "weights before they are divided": (
        """def f(S, V):
    W = np.exp(S - S.max(-1, keepdims=True))
    return (W @ V) / W.sum(-1, keepdims=True)""",
        {"S": ["a", "b", "c"], "V": ["a", "c", "d"]},
    ),
    "cross entropy": ("-(Y * log_softmax(Z, axis=-1)).mean()", {"Z": ["a", "t", "k"], "Y": ["a", "t", "k"]}),
    "layer norm": (
        """def f(X, g, b):
    m = X.mean(axis=-1, keepdims=True)
    v = ((X - m)**2).mean(axis=-1, keepdims=True)
    return (X - m) / np.sqrt(v + 1e-3) * g + b""",
        {"X": ["a", "t", "d"], "g": ["d"], "b": ["d"]},
    ),
    "layer norm by std": (
        "(X - X.mean(-1, keepdims=True)) / X.std(-1, keepdims=True) * g",
        {"X": ["a", "t", "d"], "g": ["d"]},
    ),
    "rms norm": ("X / np.sqrt(np.mean(X**2, axis=-1, keepdims=True) + 1e-3) * g", {"X": ["a", "t", "d"], "g": ["d"]}),
    "batch norm": (
        """def f(X, g, b):
    m, v = X.mean(axis=(0, 2, 3), keepdims=True), X.var(axis=(0, 2, 3), keepdims=True)
    return g[None, :, None, None] * (X - m) / np.sqrt(v + 1e-3) + b[None, :, None, None]""",
        {"X": ["a", "b", "c", "d"], "g": ["b"], "b": ["b"]},
    ),
    "group norm": (
        """def f(X):
    n, c, t = X.shape
    G = X.reshape(n, 2, c // 2, t)
    G = (G - G.mean((2, 3), keepdims=True)) / np.sqrt(G.var(axis=(2, 3), keepdims=True) + 1e-3)
    return G.reshape(n, c, t)""",
        {"X": ["a", "2*b", "c"]},
    ),
    "pairwise distances": ("((X[:, None, :] - X[None, :, :])**2).sum(-1)", {"X": ["n", "d"]}),
    "a kernel of pairs": (
        "np.exp(-((X[:, None] - Y[None])**2).sum(-1) / (2 * s**2))",
        {"X": ["n", "d"], "Y": ["b", "d"], "s": []},
    ),
    "distances in a batch": ("np.linalg.norm(X[:, :, None] - X[:, None], axis=-1)[:, 0, 1:]", {"X": ["a", "n", "d"]}),
    "embedding": ("np.einsum('btv,vd->btd', O, E)", {"O": ["a", "t", "k"], "E": ["k", "d"]}),
    "mixture of experts": (
        "np.einsum('bk,kio,bi->bo', softmax(X @ G, axis=-1), W, X)",
        {"X": ["a", "d"], "G": ["d", "k"], "W": ["k", "d", "e"]},
    ),
    "experts stacked": (
        """def f(X, G, A, B, C):
    p = softmax(X @ G, axis=1)
    Y = np.stack([np.tanh(X @ A), np.tanh(X @ B), np.tanh(X @ C)], axis=1)
    return (p[:, :, None] * Y).sum(1)""",
        {"X": ["a", "d"], "G": ["d", 3], "A": ["d", "e"], "B": ["d", "e"], "C": ["d", "e"]},
    ),
    "contrastive": (
        """def f(A, B, tau):
    A = A / np.linalg.norm(A, axis=1, keepdims=True)
    B = B / np.linalg.norm(B, axis=1, keepdims=True)
    S = A @ B.T / tau
    return (logsumexp(S, axis=1) - np.diag(S)).mean()""",
        {"A": ["n", "d"], "B": ["n", "d"], "tau": []},
    ),
    "recurrent": (
        """def f(X, W, U, b, h):
    for t in range(3):
        h = np.tanh(X[:, t] @ W + h @ U + b)
    return h""",
        {"X": ["a", 3, "d"], "W": ["d", "e"], "U": ["e", "e"], "b": ["e"], "h": ["a", "e"]},
    ),
    "states of a recurrent net": (
        """def f(X, W, U):
    h, states = np.zeros((X.shape[0], U.shape[0])), []
    h1 = np.tanh(X[:, 0] @ W + h @ U)
    h2 = np.tanh(X[:, 1] @ W + h1 @ U)
    return np.stack([h1, h2], axis=1)""",
        {"X": ["a", 2, "d"], "W": ["d", "e"], "U": ["e", "e"]},
    ),
    "long short-term memory": (
        """def f(X, W, U, b, h, c):
    for t in range(2):
        z = X[:, t] @ W + h @ U + b
        i, g, o, u = np.split(z, 4, axis=1)
        s = lambda x: 1 / (1 + np.exp(-x))
        c = s(g) * c + s(i) * np.tanh(u)
        h = s(o) * np.tanh(c)
    return h""",
        {"X": ["a", 2, "d"], "W": ["d", "4*e"], "U": ["e", "4*e"], "b": ["4*e"], "h": ["a", "e"], "c": ["a", "e"]},
    ),
    "convolution of one axis": ("sum(x[i:i + x.shape[0] - 2] * w[i] for i in range(3))", {"x": ["e"], "w": [3]}),
    "convolution of a batch": (
        """def f(X, W, b):
    n = X.shape[2] - 2
    return sum(np.einsum('bct,oc->bot', X[:, :, i:i + n], W[:, :, i]) for i in range(3)) + b[:, None]""",
        {"X": ["a", "b", "e"], "W": ["c", "b", 3], "b": ["c"]},
    ),
    "convolution of an image": (
        """def f(X, K):
    p, q = X.shape[0] - 1, X.shape[1] - 1
    return sum(K[i, j] * X[i:i + p, j:j + q] for i in range(2) for j in range(2))""",
        {"X": ["d", "e"], "K": [2, 2]},
    ),
    "windows": (
        """def f(x, w):
    n = x.shape[-1] - 2
    P = np.stack([x[:, i:i + n] for i in range(3)], axis=-1)
    return np.einsum('btk,k->bt', P, w)""",
        {"x": ["a", "e"], "w": [3]},
    ),
    "windows of channels": (
        """def f(X, W):
    n = X.shape[2] - 1
    P = np.stack([X[:, :, i:i + n] for i in range(2)], axis=-1)
    return np.einsum('bctk,ock->bot', P, W)""",
        {"X": ["a", "b", "e"], "W": ["c", "b", 2]},
    ),
    "mean pooling": ("X.reshape(X.shape[0], 3, 2, X.shape[2]).mean(axis=2)", {"X": ["a", 6, "c"]}),
    "the last step": ("X[:, -1] @ W", {"X": ["a", "t", "d"], "W": ["d", "k"]}),
    "differences along an axis": ("X[:, 1:] - X[:, :-1]", {"X": ["a", "t", "d"]}),
    "joined features": (
        "np.concatenate([X, Y], axis=-1) @ W",
        {"X": ["a", "t", "d"], "Y": ["a", "t", "k"], "W": ["d+k", "e"]},
    ),
    "a token in front": (
        "np.concatenate([np.broadcast_to(c, (X.shape[0], 1, X.shape[2])), X], axis=1)",
        {"X": ["a", "t", "d"], "c": [1, 1, "d"]},
    ),
    "positions added": ("X + P[:X.shape[1]]", {"X": ["a", "t", "d"], "P": ["t+2", "d"]}),
    "merged heads": ("X.transpose(0, 2, 1, 3).reshape(X.shape[0], X.shape[2], -1)", {"X": ["a", "h", "n", "d"]}),
    "flattened": ("X.reshape(X.shape[0], -1) @ W", {"X": ["a", "b", "c"], "W": ["b*c", "k"]}),
    "heads of the last axis": ("X.reshape((*X.shape[:-1], 2, -1)).mean(-1)", {"X": ["a", "t", "2*d"]}),
    "squared norms": ("np.sum(X**2, axis=(1, 2))", {"X": ["a", "b", "c"]}),
    "frobenius norms": ("np.linalg.norm(X, axis=(1, 2))", {"X": ["a", "b", "c"]}),
    "traces": ("np.trace(A @ B, axis1=1, axis2=2)", {"A": ["a", "b", "c"], "B": ["a", "c", "b"]}),
    "quadratic forms": ("np.einsum('bi,bij,bj->b', x, A, x)", {"x": ["a", "n"], "A": ["a", "n", "n"]}),
    "outer products": ("x[:, :, None] * y[:, None, :]", {"x": ["a", "b"], "y": ["a", "c"]}),
    "normalised over two axes": ("X / X.sum(axis=(-2, -1), keepdims=True)", {"X": ["a", "b", "c"]}),
    "products along an axis": ("np.prod(1 - X, axis=1)", {"X": ["a", "b", "c"]}),
    "running sums": ("np.cumsum(X, axis=1)", {"X": ["a", "b", "c"]}),
    "dot of three axes": ("np.dot(X, Y)", {"X": ["a", "b", "c"], "Y": ["d", "c", "e"]}),
    "the mean of a dictionary": ("np.tensordot(C, D, axes=(1, 0))", {"C": ["a", "k"], "D": ["k", "b", "c"]}),
}
"""By name: an expression or a def, and the shapes."""

AXES = [
    "X.T", "X.mT", "np.swapaxes(X, 0, -1)", "np.moveaxis(X, 0, -1)", "np.moveaxis(X, (0, 1), (-1, 0))", "X.reshape(-1)", "X.ravel(order='F')",
    "X.reshape(X.shape[0], -1)", "X.reshape(-1, X.shape[-1])", "X.reshape(X.shape[1], -1)", "X.reshape(X.shape[::-1], order='F')", "np.expand_dims(X, (0, -1))",
    "X.sum(0)", "X.sum(-1, keepdims=True)", "X.sum(axis=(0, 1))", "X.mean(axis=(-1, 0), keepdims=True) + X", "X.var(axis=1)", "X.std(axis=(1, 2), keepdims=True)",
    "np.prod(X, axis=1)", "logsumexp(X, axis=1)", "logsumexp(X, axis=(0, 2))", "softmax(X, axis=1)", "softmax(X, axis=(0, 1))", "log_softmax(X, axis=0)",
    "np.linalg.norm(X, axis=1)", "np.linalg.norm(X)", "np.linalg.norm(X, ord=1, axis=2)", "np.linalg.norm(X, axis=(0, 2), keepdims=True)",
    "X[0]", "X[:, -1]", "X[:, :, 0]", "X[0, :, 0]", "X[..., 0]", "X[0, 0, 0]", "X[None]", "X[:, None] * X", "X[..., None] * X[..., None, :]",
    "X + X[0]", "X + X.sum(-1, keepdims=True)", "X - X.mean(0)", "X / X.sum((1, 2), keepdims=True)", "np.maximum(X, X.mean(1, keepdims=True))",
    "np.concatenate([X, X], axis=1)", "np.concatenate([X, X[:, :1]], axis=1)", "np.stack([X, 2 * X])", "np.stack([X, X], axis=-1)", "np.stack([X, X, X], axis=1)",
    "np.tile(X, (2, 1, 1))", "np.tile(X, 2)", "np.repeat(X, 3, axis=1)", "np.cumsum(X, axis=1)", "X @ X.mT", "np.dot(X, X[0].T)", "np.inner(X, X)", "np.vdot(X, X)",
    "np.tensordot(X, X, axes=([0, 1], [0, 1]))", "np.tensordot(X, X, axes=([-1], [-1]))", "np.einsum('...i,...i->...', X, X)", "np.einsum('...ij->...ji', X)",
    "np.einsum('i...->...', X)", "np.tril(X @ X.mT)", "np.triu(X @ X.mT, k=1)", "np.broadcast_to(X[:, :1], X.shape)", "np.clip(X, 0.4, 0.6)", "np.where(X > 0.5, X, X.mean(-1, keepdims=True))",
    "np.exp(X - X.max(1, keepdims=True)) / np.exp(X - X.max(1, keepdims=True)).sum(1, keepdims=True)", "X.squeeze()", "X.max()", "((X[:, None] - X[None])**2).sum(-1)",
]  # fmt: skip
"""Texts of one array of three axes, for arrays of any sizes, 1 among them."""
