"""Softmax, log-sum-exp, a sigmoid layer, attention, and one elementwise case."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np

from .regression import shares, sigmoid
from .workload import Arrays, Shapes, Workload, draw

VECTOR: Shapes = {"x": ["n"]}


def vector_arrays(n: int) -> Arrays:
    normal = draw()
    return {"x": normal(n), "dx": normal(n)}


def shares_jacobian(a: Arrays) -> Any:
    """diag(s) - s·s'."""
    s = shares(a["x"])
    out = np.multiply.outer(-s, s)
    out.reshape(-1)[:: len(s) + 1] += s
    return out


def shares_product(a: Arrays) -> Any:
    s = shares(a["x"])
    return s * (a["dx"] - s @ a["dx"])


# A layer sigmoid(X·W).

LAYER_FORMULA = "sigmoid(X*W)"
LAYER: Shapes = {"X": ["m", "n"], "W": ["n", "k"]}


def layer_arrays() -> Arrays:
    normal = draw()
    return {"X": normal(180, 120), "W": normal(120, 10) / 10, "dW": normal(120, 10)}


def layer_jacobian(a: Arrays) -> Any:
    """One block for each unit: the rows of X times the slopes."""
    s = sigmoid(a["X"] @ a["W"])
    s *= 1 - s
    (m, n), k = a["X"].shape, s.shape[1]
    out = np.zeros((k, m, k, n))
    for unit in range(k):
        np.multiply(s[:, unit, None], a["X"], out=out[unit, :, unit])
    return out.reshape(k * m, k * n)


def layer_product(a: Arrays) -> Any:
    s = sigmoid(a["X"] @ a["W"])
    return s * (1 - s) * (a["X"] @ a["dW"])


# Attention.


def attention_arrays(*heads: int) -> Arrays:
    normal = draw()
    return {name: normal(*heads, 256, 64) for name in ("Q", "K", "V", "G")}


def attention_loss(words: Any, a: Arrays) -> Any:
    return words.sum(a["G"] * (words.softmax(a["Q"] @ words.turned(a["K"]) / 8.0, -1) @ a["V"]))


def attention_gradient(a: Arrays) -> Any:
    p = shares((a["Q"] / 8) @ a["K"].swapaxes(-1, -2))
    g = a["G"] @ a["V"].swapaxes(-1, -2)
    g -= np.einsum("...ij,...ij->...i", p, g)[..., None]
    p *= g
    out = p @ a["K"]
    out /= 8
    return out


# tanh(x)·exp(-x²) + log(1 + x²), added up.

WAVE = "sum(tanh(x).*exp(-x.^2)+log(1+x.^2))"
TWO = ThreadPoolExecutor(2)
CHUNK = 32768


def wave_loss(words: Any, a: Arrays) -> Any:
    x = a["x"]
    return words.sum(words.tanh(x) * words.exp(-(x**2)) + words.log(1 + x**2))


def wave_gradient(a: Arrays) -> Any:
    """(sech² - 2·x·tanh)·e + 2·x/(1 + x²), e = exp(-x²), in pieces that stay in the cache, by two threads.

    NumPy's exp is three times as fast as its tanh: with q = exp(-2|x|), tanh|x| = (1-q)/(1+q) and sech² = 4q/(1+q)².
    """
    x = a["x"]
    out = np.empty_like(x)

    def piece(u: Any, o: Any, q: Any, t: Any) -> None:
        np.abs(u, out=q)
        q *= -2
        np.exp(q, out=q)
        np.add(q, 1, out=t)
        np.subtract(1, q, out=o)
        o /= t
        np.copysign(o, u, out=o)  # tanh
        t *= t
        q /= t  # sech²/4
        q *= 4
        o *= u
        o *= -2
        o += q
        np.multiply(u, u, out=t)
        np.negative(t, out=q)
        np.exp(q, out=q)
        o *= q
        t += 1
        np.divide(u, t, out=t)
        t *= 2
        o += t

    def some(start: int, end: int) -> None:
        q, t = np.empty(CHUNK), np.empty(CHUNK)
        for at in range(start, end, CHUNK):
            here = slice(at, min(at + CHUNK, end))
            length = here.stop - at
            piece(x[here], out[here], q[:length], t[:length])

    half = len(x) // 2
    list(TWO.map(some, (0, half), (half, len(x))))
    return out


_softmax = partial(
    Workload, name="softmax, n=2000", formula="softmax(x)", wrt=("x",), shapes=VECTOR,
    arrays=lambda: vector_arrays(2000), losses=[lambda words, a: words.softmax(a["x"], 0)],
)  # fmt: skip
_logsumexp = partial(
    Workload, name="logsumexp, n=2000", formula="logsumexp(x)", wrt=("x",), shapes=VECTOR,
    arrays=lambda: vector_arrays(2000), losses=[lambda words, a: words.logsumexp(a["x"], 0)],
)  # fmt: skip
_layer = partial(
    Workload, name="sigmoid(XW) 180×120, k=10", formula=LAYER_FORMULA, wrt=("W",), shapes=LAYER, arrays=layer_arrays,
    losses=[lambda words, a: words.sigmoid(a["X"] @ a["W"])],
)  # fmt: skip
_attention = partial(Workload, wrt=("Q",), kind="gradient", losses=[attention_loss], hand=attention_gradient)

WORKLOADS = [
    _softmax(kind="jacobian", hand=shares_jacobian),
    _softmax(kind="operator", hand=shares_product),
    _logsumexp(kind="hessian", hand=shares_jacobian),
    _logsumexp(kind="operator", order=2, hand=shares_product),
    _layer(kind="jacobian", hand=layer_jacobian, zeros=True),
    _layer(kind="operator", hand=layer_product),
    _attention(
        name="attention n=256, d=64", formula="sum(G.*(softmax(Q*K'/8,2)*V))",
        shapes={name: ["n", "d"] for name in ("Q", "K", "V", "G")}, arrays=attention_arrays,
    ),
    _attention(
        name="attention, 4 heads", formula="sum(G.*(softmax(Q*K'/8,3)*V))",
        shapes={name: ["h", "n", "d"] for name in ("Q", "K", "V", "G")}, arrays=lambda: attention_arrays(4),
    ),
    Workload(
        name="elementwise, n=10⁶", kind="gradient", formula=WAVE, wrt=("x",),
        shapes=VECTOR, arrays=lambda: vector_arrays(10**6), losses=[wave_loss], hand=wave_gradient, at_least=0.6,
    ),
]  # fmt: skip
