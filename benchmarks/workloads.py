"""The workloads of `evaluate.py`: a formula, arrays, what JAX differentiates, and what an expert writes by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import scipy.linalg

Arrays = dict[str, Any]
Kind = Literal["gradient", "hessian", "hvp", "jacobian", "pullback", "operator"]
RANDOM = np.random.default_rng(0)


def normal(*shape: int) -> Any:
    return RANDOM.normal(size=shape)


@dataclass(frozen=True)
class Workload:
    """One line of the table.

    formula, wrt, shapes, assumptions   the problem, as frechet is given it
    kind      the form that is evaluated; "operator" builds the Hessian's and applies it once
    arrays    the arrays by name; "V" is the direction, "G" the upstream gradient
    loss      the same function for JAX, of the variable and the arrays: (np-like, x, arrays) → value
    hand      the closed form as an expert writes it
    bound     the least that must be done: ("bytes", count) to be written or ("flops", count)
    """

    name: str
    kind: Kind
    formula: str
    wrt: str
    shapes: Mapping[str, list[str | int]]
    arrays: Callable[[], Arrays]
    loss: Callable[[Any, Any, Arrays], Any]
    hand: Callable[[Arrays], Any] | None = None
    assumptions: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])


def sigmoid(t: Any) -> Any:
    return 0.5 * (1 + np.tanh(0.5 * t))


def shares(z: Any) -> Any:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def one_hot(n: int, k: int) -> Any:
    return np.eye(k)[RANDOM.integers(0, k, n)]


def _quadratic(n: int) -> Arrays:
    return {"A": normal(n, n), "x": normal(n)}


def _logistic(m: int, n: int) -> Arrays:
    return {"X": normal(m, n), "y": (normal(m) > 0) * 1.0, "w": normal(n) / n, "V": normal(n)}


def _softmax_regression(m: int, n: int, k: int) -> Arrays:
    return {"X": normal(m, n), "Y": one_hot(m, k), "W": normal(n, k) / n, "V": normal(n, k)}


def _factorisation(n: int, k: int) -> Arrays:
    return {"T": normal(n, n), "U": normal(n, k), "V0": normal(n, k), "V": normal(n, k)}


def _spd(n: int) -> Any:
    a = normal(n, n)
    return a @ a.T / n + np.eye(n)


def _gaussian(m: int, d: int) -> Arrays:
    return {"X": normal(m, d), "S": _spd(d), "V": normal(d, d)}


def _attention(*heads: int, n: int, d: int) -> Arrays:
    return {name: normal(*heads, n, d) for name in ("Q", "K", "V0", "G")}


def _network() -> Arrays:
    return {
        "X": normal(512, 100), "Y": one_hot(512, 10), "A": normal(100, 64) / 10, "B": normal(64, 10) / 8,
    }  # fmt: skip


LOGISTIC = "sum(log(1+exp(X*w))-y.*(X*w))"
SOFTMAX = "sum(logsumexp(X*W,2))-sum(Y.*(X*W))"
FACTOR = "norm2(T-U*V0')^2"
GAUSS = "(m*logdet(S)+tr(inv(S)*X'*X))/2"
NETWORK = "Z=relu(X*A)*B; L=sum(logsumexp(Z,2))-sum(Y.*Z)"
LX: dict[str, list[str | int]] = {"X": ["m", "n"], "y": ["m"], "w": ["n"]}
SX: dict[str, list[str | int]] = {"X": ["m", "n"], "Y": ["m", "k"], "W": ["n", "k"]}
FX: dict[str, list[str | int]] = {"T": ["n", "n"], "U": ["n", "k"], "V0": ["n", "k"]}
GX: dict[str, list[str | int]] = {"X": ["m", "d"], "S": ["d", "d"]}
HX: dict[str, list[str | int]] = {name: ["h", "n", "d"] for name in ("Q", "K", "V0", "G")}
AX: dict[str, list[str | int]] = {name: ["n", "d"] for name in ("Q", "K", "V0", "G")}
NX: dict[str, list[str | int]] = {"X": ["m", "d"], "Y": ["m", "k"], "A": ["d", "h"], "B": ["h", "k"]}
DEFINITE = {"S": ["positive definite"]}


def _logistic_loss(xp: Any, w: Any, a: Arrays) -> Any:
    z = a["X"] @ w
    return xp.sum(xp.logaddexp(0.0, z) - a["y"] * z)


def _softmax_loss(xp: Any, w: Any, a: Arrays) -> Any:
    z = a["X"] @ w
    top = z.max(axis=1, keepdims=True)
    return xp.sum(xp.log(xp.sum(xp.exp(z - top), axis=1)) + top[:, 0]) - xp.sum(a["Y"] * z)


def _gauss_loss(xp: Any, s: Any, a: Arrays) -> Any:
    x = a["X"]
    return (len(x) * xp.linalg.slogdet(s)[1] + xp.trace(xp.linalg.solve(s, x.T @ x))) / 2


def _attention_loss(xp: Any, q: Any, a: Arrays) -> Any:
    s = q @ xp.swapaxes(a["K"], -1, -2) / 8.0
    e = xp.exp(s - s.max(axis=-1, keepdims=True))
    return xp.sum(a["G"] * ((e / e.sum(axis=-1, keepdims=True)) @ a["V0"]))


def _network_loss(xp: Any, weights: Any, a: Arrays) -> Any:
    z = xp.maximum(a["X"] @ weights, 0.0) @ a["B"]
    top = z.max(axis=1, keepdims=True)
    return xp.sum(xp.log(xp.sum(xp.exp(z - top), axis=1)) + top[:, 0]) - xp.sum(a["Y"] * z)


def _hand_logistic_hessian(a: Arrays) -> Any:
    s = sigmoid(a["X"] @ a["w"])
    return (a["X"] * (s * (1 - s))[:, None]).T @ a["X"]


def _hand_logistic_hvp(a: Arrays) -> Any:
    s = sigmoid(a["X"] @ a["w"])
    return a["X"].T @ (s * (1 - s) * (a["X"] @ a["V"]))


def _hand_softmax_hessian(a: Arrays) -> Any:
    x, p = a["X"], shares(a["X"] @ a["W"])
    n, k = a["W"].shape
    out = np.empty((k, n, k, n))
    for i in range(k):
        for j in range(i, k):
            weights = p[:, i] * ((i == j) - p[:, j])
            out[i, :, j, :] = (x * weights[:, None]).T @ x
            out[j, :, i, :] = out[i, :, j, :]
    return out.reshape(n * k, n * k)


def _hand_factor_hessian(a: Arrays) -> Any:
    n, k = a["U"].shape
    small = 2 * a["V0"].T @ a["V0"]
    out = np.zeros((k, n, k, n))
    np.einsum("inkn->ikn", out)[...] = small[:, :, None]
    return out.reshape(n * k, n * k)


def _hand_gauss_gradient(a: Arrays) -> Any:
    inverse = np.linalg.inv(a["S"])
    return (len(a["X"]) * inverse - inverse @ (a["X"].T @ a["X"]) @ inverse) / 2


def _hand_softmax_jacobian(a: Arrays) -> Any:
    s = shares(a["x"])
    out = np.multiply.outer(-s, s)
    out[np.diag_indices(len(s))] += s
    return out


def _hand_attention(a: Arrays) -> Any:
    p = shares(a["Q"] @ np.swapaxes(a["K"], -1, -2) / 8.0)
    g = a["G"] @ np.swapaxes(a["V0"], -1, -2)
    return (p * (g - (p * g).sum(axis=-1, keepdims=True))) @ a["K"] / 8.0


WORKLOADS = (
    Workload("x'Ax, n=2000", "gradient", "x'*A*x", "x", {"A": ["n", "n"], "x": ["n"]}, lambda: _quadratic(2000),
             lambda xp, x, a: x @ (a["A"] @ x), lambda a: a["A"] @ a["x"] + a["A"].T @ a["x"]),
    Workload("x'Ax, n=2000", "hessian", "x'*A*x", "x", {"A": ["n", "n"], "x": ["n"]}, lambda: _quadratic(2000),
             lambda xp, x, a: x @ (a["A"] @ x), lambda a: a["A"] + a["A"].T),
    Workload("logistic 20000×200", "gradient", LOGISTIC, "w", LX, lambda: _logistic(20000, 200), _logistic_loss,
             lambda a: a["X"].T @ (sigmoid(a["X"] @ a["w"]) - a["y"])),
    Workload("logistic 20000×200", "hessian", LOGISTIC, "w", LX, lambda: _logistic(20000, 200), _logistic_loss,
             _hand_logistic_hessian),
    Workload("logistic 20000×200", "hvp", LOGISTIC, "w", LX, lambda: _logistic(20000, 200), _logistic_loss,
             _hand_logistic_hvp),
    Workload("softmax regression 5000×64×10", "gradient", SOFTMAX, "W", SX,
             lambda: _softmax_regression(5000, 64, 10), _softmax_loss,
             lambda a: a["X"].T @ (shares(a["X"] @ a["W"]) - a["Y"])),
    Workload("softmax regression 5000×64×10", "hessian", SOFTMAX, "W", SX,
             lambda: _softmax_regression(5000, 64, 10), _softmax_loss, _hand_softmax_hessian),
    Workload("softmax regression 5000×64×10", "operator", SOFTMAX, "W", SX,
             lambda: _softmax_regression(5000, 64, 10), _softmax_loss),
    Workload("‖T−UV'‖² 300, k=10", "gradient", FACTOR, "U", FX, lambda: _factorisation(300, 10),
             lambda xp, u, a: xp.sum((a["T"] - u @ a["V0"].T) ** 2),
             lambda a: 2 * (a["U"] @ (a["V0"].T @ a["V0"]) - a["T"] @ a["V0"])),
    Workload("‖T−UV'‖² 300, k=10", "hessian", FACTOR, "U", FX, lambda: _factorisation(300, 10),
             lambda xp, u, a: xp.sum((a["T"] - u @ a["V0"].T) ** 2), _hand_factor_hessian),
    Workload("‖T−UV'‖² 2000, k=20", "hvp", FACTOR, "U", FX, lambda: _factorisation(2000, 20),
             lambda xp, u, a: xp.sum((a["T"] - u @ a["V0"].T) ** 2),
             lambda a: 2 * a["V"] @ (a["V0"].T @ a["V0"])),
    Workload("‖T−UV'‖² 2000, k=20", "operator", FACTOR, "U", FX, lambda: _factorisation(2000, 20),
             lambda xp, u, a: xp.sum((a["T"] - u @ a["V0"].T) ** 2)),
    Workload("ReLU network 512×100–64–10", "gradient", NETWORK, "A", NX, _network, _network_loss),
    Workload("C=AB at 40", "jacobian", "A*B", "B", {"A": ["m", "n"], "B": ["n", "p"]},
             lambda: {"A": normal(40, 40), "B": normal(40, 40)}, lambda xp, b, a: a["A"] @ b),
    Workload("C=AB at 1000", "pullback", "A*B", "B", {"A": ["m", "n"], "B": ["n", "p"]},
             lambda: {"A": normal(1000, 1000), "B": normal(1000, 1000), "G": normal(1000, 1000)},
             lambda xp, b, a: a["A"] @ b, lambda a: a["A"].T @ a["G"]),
    Workload("logdet at 500", "gradient", "logdet(S)", "S", {"S": ["n", "n"]}, lambda: {"S": _spd(500)},
             lambda xp, s, a: xp.linalg.slogdet(s)[1], lambda a: np.linalg.inv(a["S"]), DEFINITE),
    Workload("logdet at 500", "hvp", "logdet(S)", "S", {"S": ["n", "n"]}, lambda: {"S": _spd(500), "V": _spd(500)},
             lambda xp, s, a: xp.linalg.slogdet(s)[1],
             lambda a: -scipy.linalg.cho_solve(
                 scipy.linalg.cho_factor(a["S"]),
                 scipy.linalg.cho_solve(scipy.linalg.cho_factor(a["S"]), a["V"]).T), DEFINITE),
    Workload("tr inv at 500", "gradient", "tr(inv(S))", "S", {"S": ["n", "n"]}, lambda: {"S": _spd(500)},
             lambda xp, s, a: xp.trace(xp.linalg.inv(s)),
             lambda a: -np.linalg.matrix_power(np.linalg.inv(a["S"]), 2), DEFINITE),
    Workload("logdet at 40", "hessian", "logdet(X)", "X", {"X": ["n", "n"]}, lambda: {"X": _spd(40)},
             lambda xp, s, a: xp.linalg.slogdet(s)[1]),
    Workload("softmax, n=2000", "jacobian", "softmax(x)", "x", {"x": ["n"]}, lambda: {"x": normal(2000)},
             lambda xp, x, a: xp.exp(x - x.max()) / xp.exp(x - x.max()).sum(), _hand_softmax_jacobian),
    Workload("logsumexp, n=2000", "hessian", "logsumexp(x)", "x", {"x": ["n"]}, lambda: {"x": normal(2000)},
             lambda xp, x, a: xp.log(xp.sum(xp.exp(x - x.max()))) + x.max(), _hand_softmax_jacobian),
    Workload("Gaussian likelihood, d=50", "gradient", GAUSS, "S", GX, lambda: _gaussian(1000, 50), _gauss_loss,
             _hand_gauss_gradient, DEFINITE),
    Workload("Gaussian likelihood, d=20", "hessian", GAUSS.replace("S", "R"), "R", {"X": ["m", "d"], "R": ["d", "d"]},
             lambda: {"X": normal(1000, 20), "R": _spd(20)}, _gauss_loss),
    Workload("attention n=256, d=64", "gradient", "sum(G.*(softmax(Q*K'/8,2)*V0))", "Q", AX,
             lambda: _attention(n=256, d=64), _attention_loss, _hand_attention),
    Workload("attention, 4 heads", "gradient", "sum(G.*(softmax(Q*K'/8,3)*V0))", "Q", HX,
             lambda: _attention(4, n=256, d=64), _attention_loss, _hand_attention),
    Workload("elementwise, n=10⁶", "gradient", "sum(tanh(x).*exp(-x.^2)+log(1+x.^2))", "x", {"x": ["n"]},
             lambda: {"x": normal(10**6)},
             lambda xp, x, a: xp.sum(xp.tanh(x) * xp.exp(-(x**2)) + xp.log(1 + x**2))),
)  # fmt: skip
"""The lines of the table."""
