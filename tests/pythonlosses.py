"""Loss functions as they stand in public repositories, written anew; `np` is JAX's for the truth."""

from __future__ import annotations

LOSSES: dict[str, tuple[str, str, dict[str, list[str]]]] = {
    "logistic regression": (
        '''
def loss(w, X, y, lam=0.1):
    """Labels are -1 and 1."""
    margins = y * (X @ w)
    return np.mean(np.log1p(np.exp(-margins))) + 0.5 * lam * np.dot(w, w)
''',
        "w",
        {"w": ["n"], "X": ["m", "n"], "y": ["m"]},
    ),
    "hinge": (
        """
def svm(w, b, X, y, C=2.0):
    scores = X.dot(w) + b
    return 0.5 * np.sum(w ** 2) + C * np.maximum(0, 1 - y * scores).sum()
""",
        "w",
        {"w": ["n"], "b": [], "X": ["m", "n"], "y": ["m"]},
    ),
    "ridge": (
        """
def ridge(W, X, Y, alpha):
    residual = X @ W - Y
    return np.linalg.norm(residual) ** 2 / (2 * len(X)) + alpha * np.sum(np.square(W))
""",
        "W",
        {"W": ["n", "k"], "X": ["m", "n"], "Y": ["m", "k"], "alpha": []},
    ),
    "lasso": (
        """
lasso = lambda w, X, y, lam: 0.5 * ((y - X @ w) ** 2).mean() + lam * np.abs(w).sum()
""",
        "w",
        {"w": ["n"], "X": ["m", "n"], "y": ["m"], "lam": []},
    ),
    "huber": (
        """
def huber(w, X, y, delta=0.5):
    r = X @ w - y
    small = np.abs(r) <= delta
    return np.where(small, 0.5 * r ** 2, delta * (np.abs(r) - 0.5 * delta)).sum()
""",
        "w",
        {"w": ["n"], "X": ["m", "n"], "y": ["m"]},
    ),
    "gaussian process": (
        """
def nll(X, y, ell, sigma, noise):
    sq = np.sum(X**2, 1)[:, None] + np.sum(X**2, 1) - 2 * X @ X.T
    K = sigma**2 * np.exp(-0.5 * sq / ell**2) + noise**2 * np.eye(len(X))
    sign, logdet = np.linalg.slogdet(K)
    return 0.5 * y @ np.linalg.solve(K, y) + 0.5 * logdet + 0.5 * X.shape[0] * np.log(2 * np.pi)
""",
        "X",
        {"X": ["m", "n"], "y": ["m"], "ell": [], "sigma": [], "noise": []},
    ),
    "vae": (
        """
def kl(mu, logvar):
    return -0.5 * np.sum(1 + logvar - mu**2 - np.exp(logvar), axis=1).mean()
""",
        "logvar",
        {"mu": ["m", "n"], "logvar": ["m", "n"]},
    ),
    "clip": (
        """
import numpy as np
from jax.nn import log_softmax

def normalize(Z):
    return Z / np.linalg.norm(Z, axis=-1, keepdims=True)

def info_nce(A, B, tau=0.5):
    logits = normalize(A) @ normalize(B).T / tau
    rows = np.diag(log_softmax(logits, axis=1))
    columns = np.diag(log_softmax(logits, axis=0))
    return -(rows.mean() + columns.mean()) / 2
""",
        "A",
        {"A": ["m", "n"], "B": ["m", "n"]},
    ),
    "triplet": (
        """
def triplet(A, P, N, margin=0.2):
    pos = ((A - P) ** 2).sum(axis=1)
    neg = ((A - N) ** 2).sum(axis=1)
    return np.maximum(pos - neg + margin, 0.0).mean()
""",
        "A",
        {"A": ["m", "n"], "P": ["m", "n"], "N": ["m", "n"]},
    ),
    "matrix factorisation": (
        """
def mf(U, V, R, M, reg):
    E = M * (R - U @ V.T)
    return (E ** 2).sum() + reg * (np.linalg.norm(U) ** 2 + np.linalg.norm(V) ** 2)
""",
        "U",
        {"U": ["m", "k"], "V": ["n", "k"], "R": ["m", "n"], "M": ["m", "n"], "reg": []},
    ),
    "pca": (
        """
def reconstruction(W, X):
    Xc = X - X.mean(axis=0)
    return np.linalg.norm(Xc - Xc @ W @ W.T, "fro") ** 2 / X.shape[0]
""",
        "W",
        {"W": ["n", "k"], "X": ["m", "n"]},
    ),
    "nmf": (
        """
def kl_nmf(W, H, V):
    WH = W @ H
    return np.sum(V * np.log(V / WH) - V + WH)
""",
        "H",
        {"W": ["m", "k"], "H": ["k", "n"], "V": ["m", "n"]},
    ),
    "gaussian mixture": (
        """
def gmm(X, mus, pis):
    total = 0
    for k in range(3):
        diff = X - mus[k]
        total = total + pis[k] * np.exp(-0.5 * np.sum(diff ** 2, axis=1))
    return -np.log(total).sum()
""",
        "mus",
        {"X": ["m", "n"], "mus": ["3", "n"], "pis": ["3"]},
    ),
    "poisson": (
        """
def poisson_nll(beta, X, counts):
    eta = X @ beta
    return np.sum(np.exp(eta) - counts * eta)
""",
        "beta",
        {"beta": ["n"], "X": ["m", "n"], "counts": ["m"]},
    ),
    "softmax cross entropy": (
        """
def cross_entropy(W, b, X, Y):
    Z = X @ W + b
    logp = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    return -np.sum(Y * logp) / X.shape[0]
""",
        "W",
        {"W": ["n", "k"], "b": ["k"], "X": ["m", "n"], "Y": ["m", "k"]},
    ),
    "kernel ridge": (
        """
def krr(a, X, y, gamma=0.7, lam=0.1):
    d2 = ((X[:, None, :] - X[None, :, :]) ** 2).sum(-1)
    K = np.exp(-gamma * d2)
    return np.sum((K @ a - y) ** 2) + lam * a @ K @ a
""",
        "a",
        {"a": ["m"], "X": ["m", "n"], "y": ["m"]},
    ),
    "layer norm": (
        """
def f(X, g, b, G):
    mean = X.mean(axis=-1, keepdims=True)
    var = ((X - mean) ** 2).mean(axis=-1, keepdims=True)
    return (G * (g * (X - mean) / np.sqrt(var + 1e-3) + b)).sum()
""",
        "X",
        {"X": ["m", "n"], "g": ["n"], "b": ["n"], "G": ["m", "n"]},
    ),
    "attention": (
        """
def attention(Q, K, V, G):
    scores = Q @ K.T / np.sqrt(K.shape[-1])
    weights = np.exp(scores)
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return (G * (weights @ V)).sum()
""",
        "Q",
        {"Q": ["m", "n"], "K": ["p", "n"], "V": ["p", "k"], "G": ["m", "k"]},
    ),
    "barlow twins": (
        """
def barlow(A, B, lam=0.005):
    N = A.shape[0]
    A = (A - A.mean(0)) / np.std(A, axis=0)
    B = (B - B.mean(0)) / np.std(B, axis=0)
    C = A.T @ B / N
    on = ((np.diag(C) - 1) ** 2).sum()
    off = (C ** 2).sum() - (np.diag(C) ** 2).sum()
    return on + lam * off
""",
        "A",
        {"A": ["m", "n"], "B": ["m", "n"]},
    ),
    "spectral norm": (
        """
def penalty(W, X, Y):
    return np.mean((np.tanh(X @ W) - Y) ** 2) + 0.1 * np.linalg.norm(W, 2)
""",
        "W",
        {"W": ["n", "k"], "X": ["m", "n"], "Y": ["m", "k"]},
    ),
    "fisher": (
        """
def fisher(w, Sb, Sw):
    return -(w @ Sb @ w) / (w.T @ Sw @ w)
""",
        "w",
        {"w": ["n"], "Sb": ["n", "n"], "Sw": ["n", "n"]},
    ),
    "two layers": (
        """
def mlp(W1, b1, W2, b2, X, Y):
    def dense(h, W, b):
        return h @ W + b
    H = np.tanh(dense(X, W1, b1))
    out = dense(H, W2, b2)
    return 0.5 * np.mean(np.sum((out - Y) ** 2, axis=1))
""",
        "W1",
        {"W1": ["n", "k"], "b1": ["k"], "W2": ["k", "p"], "b2": ["p"], "X": ["m", "n"], "Y": ["m", "p"]},
    ),
    "smoothness": (
        """
def total_variation(x, y, lam=0.3):
    return 0.5 * np.sum((x - y) ** 2) + lam * np.sum(np.sqrt((x[1:] - x[:-1]) ** 2 + 1e-2))
""",
        "x",
        {"x": ["n"], "y": ["n"]},
    ),
    "mahalanobis": (
        """
def loglik(L, X, mu):
    Z = (X - mu) @ L
    return 0.5 * (Z * Z).sum() - X.shape[0] * np.linalg.slogdet(L)[1]
""",
        "L",
        {"L": ["n", "n"], "X": ["m", "n"], "mu": ["n"]},
    ),
}
"""name → (text, what it is differentiated by, shapes)."""
