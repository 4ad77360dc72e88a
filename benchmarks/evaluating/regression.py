"""Logistic and softmax regression, and a network with one hidden layer of ReLU."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from .workload import Arrays, Shapes, Workload, draw, one_hot

ROWS = 1024
"""Rows of data that are taken at a time, so that they are still in the cache when they are read again."""


def blocks(m: int, rows: int = ROWS) -> list[slice]:
    return [slice(start, min(start + rows, m)) for start in range(0, m, rows)]


def sigmoid(t: Any) -> Any:
    return 0.5 * (1 + np.tanh(0.5 * t))


def shares(z: Any) -> Any:
    """softmax of the rows."""
    e = z - z.max(axis=-1, keepdims=True)
    np.exp(e, out=e)
    e /= e.sum(axis=-1, keepdims=True)
    return e


# Logistic regression.

LOGISTIC = "sum(log(1+exp(X*w))-y.*(X*w))"
LOGISTIC_SHAPES: Shapes = {"X": ["m", "n"], "y": ["m"], "w": ["n"]}


def logistic_arrays(m: int, n: int) -> Arrays:
    normal = draw()
    return {"X": normal(m, n), "y": (normal(m) > 0) * 1.0, "w": normal(n) / n, "dw": normal(n)}


def logistic_loss(words: Any, a: Arrays) -> Any:
    z = a["X"] @ a["w"]
    return words.sum(words.softplus(z)) - a["y"] @ z


def logistic_gradient(a: Arrays) -> Any:
    X, y, w = a["X"], a["y"], a["w"]
    out = np.zeros_like(w)
    for rows in blocks(len(X)):
        x = X[rows]
        out += (sigmoid(x @ w) - y[rows]) @ x
    return out


def logistic_hessian(a: Arrays) -> Any:
    X, w = a["X"], a["w"]
    out = np.zeros((len(w), len(w)))
    for rows in blocks(len(X)):
        s = sigmoid(X[rows] @ w)
        x = X[rows] * np.sqrt(s * (1 - s))[:, None]
        out += x.T @ x  # NumPy calls syrk
    return out


def logistic_hvp(a: Arrays) -> Any:
    X, w, v = a["X"], a["w"], a["dw"]
    out = np.zeros_like(w)
    for rows in blocks(len(X)):
        x = X[rows]
        s = sigmoid(x @ w)
        out += (s * (1 - s) * (x @ v)) @ x
    return out


# Softmax regression.

SOFTMAX = "sum(logsumexp(X*W,2))-sum(Y.*(X*W))"
SOFTMAX_SHAPES: Shapes = {"X": ["m", "n"], "Y": ["m", "k"], "W": ["n", "k"]}


def softmax_arrays(m: int, n: int, k: int) -> Arrays:
    normal = draw()
    return {"X": normal(m, n), "Y": one_hot(m, k), "W": normal(n, k) / n, "dW": normal(n, k)}


def softmax_loss(words: Any, a: Arrays) -> Any:
    z = a["X"] @ a["W"]
    return words.sum(words.logsumexp(z, 1)) - words.sum(a["Y"] * z)


def softmax_gradient(a: Arrays) -> Any:
    """With the classes as rows: maxima and sums run along the data."""
    z = a["W"].T @ a["X"].T
    z -= z.max(axis=0)
    np.exp(z, out=z)
    z /= z.sum(axis=0)
    z -= a["Y"].T
    return (z @ a["X"]).T


def softmax_hessian(a: Arrays) -> Any:
    return shares_hessian(a["X"], shares(a["X"] @ a["W"]))


def shares_hessian(X: Any, p: Any) -> Any:
    """Σ over the data of (diag(p) - p·p') ⊗ x·x'.

    The off-diagonal blocks are those of -Z'Z, with p ⊗ x as the rows of Z; a row of blocks adds up to 0.
    """
    (m, n), k = X.shape, p.shape[1]
    out = np.zeros((k * n, k * n))
    for rows in blocks(m):
        z = (p[rows, :, None] * X[rows, None, :]).reshape(-1, k * n)
        out -= z.T @ z
    by_class = out.reshape(k, n, k, n)
    for i in range(k):
        by_class[i, :, i] = 0
        by_class[i, :, i] = -by_class[i].sum(axis=1)
    return out


def softmax_hvp(a: Arrays) -> Any:
    p = shares(a["X"] @ a["W"])
    t = a["X"] @ a["dW"]
    t -= np.einsum("mk,mk->m", p, t)[:, None]
    t *= p
    return a["X"].T @ t


# The network: the loss of softmax regression behind one hidden layer.

NETWORK = "Z=relu(X*A)*B; L=sum(logsumexp(Z,2))-sum(Y.*Z)"
NETWORK_SHAPES: Shapes = {"X": ["m", "d"], "Y": ["m", "k"], "A": ["d", "h"], "B": ["h", "k"]}


def network_arrays(hidden: int) -> Arrays:
    normal = draw()
    return {
        "X": normal(512, 100), "Y": one_hot(512, 10), "A": normal(100, hidden) / 10, "B": normal(hidden, 10) / 8,
        "dA": normal(100, hidden), "dB": normal(hidden, 10),
    }  # fmt: skip


def network_loss(words: Any, a: Arrays) -> Any:
    z = words.relu(a["X"] @ a["A"]) @ a["B"]
    return words.sum(words.logsumexp(z, 1)) - words.sum(a["Y"] * z)


def network_gradient(a: Arrays) -> Any:
    h = a["X"] @ a["A"]
    np.maximum(h, 0, out=h)
    r = shares(h @ a["B"])
    r -= a["Y"]
    g = r @ a["B"].T
    g *= h > 0
    return a["X"].T @ g, h.T @ r


def last_hessian(a: Arrays) -> Any:
    h = np.maximum(a["X"] @ a["A"], 0)
    return shares_hessian(h, shares(h @ a["B"]))


def last_hvp(a: Arrays) -> Any:
    h = np.maximum(a["X"] @ a["A"], 0)
    return softmax_hvp({"X": h, "W": a["B"], "dW": a["dB"]})


def first_hessian(a: Arrays) -> Any:
    """Σ over the data of M ⊗ x·x', where M = B·(diag(p) - p·p')·B' between the units that are on."""
    X, B = a["X"], a["B"]
    z = X @ a["A"]
    on = z > 0
    p = shares(np.maximum(z, 0) @ B)
    d, units = X.shape[1], len(B)
    mean = p @ B.T
    out = np.empty((units, d, units, d))
    for h in range(units):
        some = np.flatnonzero(on[:, h])
        x = X[some]
        weights = (p[some] * B[h]) @ B[h:].T - mean[some, h, None] * mean[some, h:]
        weights *= on[some, h:]
        scaled = (weights[:, :, None] * x[:, None, :]).reshape(len(some), -1)
        out[h, :, h:] = (x.T @ scaled).reshape(d, units - h, d)
        out[h + 1 :, :, h] = out[h, :, h + 1 :].transpose(1, 0, 2)
    return out.reshape(units * d, units * d)


def first_hvp(a: Arrays) -> Any:
    X, B = a["X"], a["B"]
    z = X @ a["A"]
    on = z > 0
    p = shares(np.maximum(z, 0) @ B)
    t = ((X @ a["dA"]) * on) @ B
    t -= np.einsum("mk,mk->m", p, t)[:, None]
    t *= p
    return X.T @ ((t @ B.T) * on)


_logistic = partial(
    Workload, name="logistic 20000×200", formula=LOGISTIC, wrt=("w",), shapes=LOGISTIC_SHAPES,
    arrays=lambda: logistic_arrays(20_000, 200), losses=[logistic_loss],
)  # fmt: skip
_softmax = partial(
    Workload, name="softmax regression 5000×64×10", formula=SOFTMAX, wrt=("W",), shapes=SOFTMAX_SHAPES,
    arrays=lambda: softmax_arrays(5000, 64, 10), losses=[softmax_loss],
)  # fmt: skip
_network = partial(
    Workload, formula=NETWORK, shapes=NETWORK_SHAPES, arrays=lambda: network_arrays(64), losses=[network_loss]
)
_last = partial(_network, name="network, last layer 64×10", wrt=("B",))
_first = partial(_network, name="network, first layer 100×16", wrt=("A",), arrays=lambda: network_arrays(16))

WORKLOADS = [
    _logistic(kind="gradient", hand=logistic_gradient),
    _logistic(kind="hessian", hand=logistic_hessian),
    _logistic(kind="hvp", hand=logistic_hvp),
    _logistic(kind="operator", order=2, hand=logistic_hvp),
    _softmax(kind="gradient", hand=softmax_gradient),
    _softmax(kind="hessian", hand=softmax_hessian),
    _softmax(kind="hvp", hand=softmax_hvp),
    _softmax(kind="operator", order=2, hand=softmax_hvp),
    _network(name="network 512×100–64–10", wrt=("A", "B"), kind="gradient", hand=network_gradient),
    _last(kind="hessian", hand=last_hessian),
    _last(kind="operator", order=2, hand=last_hvp),
    _first(kind="hessian", hand=first_hessian),
    _first(kind="operator", order=2, hand=first_hvp),
]
