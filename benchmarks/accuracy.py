"""Accuracy at hard points: relative errors against 50 digits, frechet's code beside automatic differentiation.

    python benchmarks/accuracy.py

The error is the largest of an entry over that entry; of inverses, the largest over the largest entry.  Float64.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

from evaluating import machine

machine.two_cores()

import mpmath as mp  # noqa: E402
import numpy as np  # noqa: E402
from evaluating import ours, peers_autograd, peers_jax, peers_torch  # noqa: E402
from evaluating.lines import listed  # noqa: E402
from evaluating.workload import Arrays, Shapes, Workload, parts  # noqa: E402

mp.mp.dps = 50
X: Shapes = {"x": ["n"]}
FAR = [-300.0, -40.0, -20.0, -5.0, -0.5, 1e-6, 0.7, 3.0, 10.0, 19.0, 38.0, 100.0, 300.0]


def floats(values: Any) -> Any:
    return np.array([[float(v) for v in row] for row in values]) if isinstance(values[0], list) else np.array(
        [float(v) for v in values]
    )  # fmt: skip


def exactly(f: Callable[..., Any]) -> Callable[[Arrays], Any]:
    """A function of numbers with 50 digits, entry by entry."""
    return lambda a: floats([f(mp.mpf(t)) for t in a["x"]])


def on_diagonal(f: Callable[..., Any]) -> Callable[[Arrays], Any]:
    return lambda a: np.diag(exactly(f)(a))


def sigmoid(t: Any) -> Any:
    return 1 / (1 + mp.exp(-t))


def shares(x: Any) -> list[Any]:
    e = [mp.exp(mp.mpf(t)) for t in x]
    return [each / mp.fsum(e) for each in e]


def shares_jacobian(a: Arrays) -> Any:
    """s[i]·(1 - s[i]) on the diagonal, worked out as s[i] times the sum of the others."""
    s = shares(a["x"])
    n = len(s)
    return floats([
        [s[i] * mp.fsum(s[k] for k in range(n) if k != i) if i == j else -s[i] * s[j] for j in range(n)]
        for i in range(n)
    ])  # fmt: skip


def logistic_gradient(a: Arrays) -> Any:
    """-Σ y·x·sigmoid(-y·x·w)."""
    rows, w, y = a["X"], a["w"], a["y"]
    total = [mp.mpf(0)] * len(w)
    for x, sign in zip(rows, y, strict=True):
        margin = mp.fsum(mp.mpf(p) * mp.mpf(q) for p, q in zip(x, w, strict=True)) * int(sign)
        total = [t - int(sign) * mp.mpf(p) * sigmoid(-margin) for t, p in zip(total, x, strict=True)]
    return floats(total)


def logistic_hessian(a: Arrays) -> Any:
    rows, w = a["X"], a["w"]
    n = len(w)
    total = mp.zeros(n)
    for x in rows:
        z = mp.fsum(mp.mpf(p) * mp.mpf(q) for p, q in zip(x, w, strict=True))
        v = mp.matrix([mp.mpf(p) for p in x])
        total += sigmoid(z) * sigmoid(-z) * v * v.T
    return floats(total.tolist())


def inverse_gradient(a: Arrays) -> Any:
    return floats(mp.inverse(mp.matrix(a["S"].tolist())).T.tolist())


def hilbert(n: int) -> Any:
    """The matrix 1/(i+j+1); of n = 8 its condition is 1.5e10."""
    return 1 / (np.add.outer(np.arange(n), np.arange(n)) + 1.0)


def margins() -> Arrays:
    """All on the right side, by 20 to 60."""
    random = np.random.default_rng(3)
    y = np.where(random.normal(size=12) > 0, 1.0, -1.0)
    rows = random.uniform(1, 3, size=(12, 3)) * y[:, None]
    return {"X": rows, "y": y, "w": np.array([9.0, 5.0, 6.0])}


_far = partial(Workload, wrt=("x",), shapes=X, arrays=lambda: {"x": np.array(FAR)})
_tanh = partial(_far, formula="sum(tanh(x))", losses=[lambda words, a: words.sum(words.tanh(a["x"]))])
_sigmoid = partial(_far, formula="sum(sigmoid(x))", losses=[lambda words, a: words.sum(words.sigmoid(a["x"]))])
_softplus = partial(_far, formula="sum(log(1+exp(x)))", losses=[lambda words, a: words.sum(words.softplus(a["x"]))])
_large = partial(
    Workload, wrt=("x",), shapes=X, arrays=lambda: {"x": np.array([1000.0, 990.0, 960.0, 1001.5, 700.0, 999.0])}
)
_softmax = partial(_large, formula="softmax(x)", losses=[lambda words, a: words.softmax(a["x"], 0)])
_logsumexp = partial(_large, formula="logsumexp(x)", losses=[lambda words, a: words.logsumexp(a["x"], 0)])
_margin = partial(
    Workload, formula="sum(log(1+exp(-y.*(X*w))))", wrt=("w",), shapes={"X": ["m", "n"], "y": ["m"], "w": ["n"]},
    arrays=margins, losses=[lambda words, a: words.sum(words.softplus(-a["y"] * (a["X"] @ a["w"])))],
)  # fmt: skip
_logdet = partial(
    Workload, formula="logdet(S)", wrt=("S",), shapes={"S": ["n", "n"]}, kind="gradient", hand=inverse_gradient,
    losses=[lambda words, a: words.logdet(a["S"])],
)  # fmt: skip

CASES = [
    _tanh(name="tanh to ±300", kind="gradient", hand=exactly(lambda t: mp.sech(t) ** 2)),
    _tanh(name="tanh to ±300", kind="hessian", hand=on_diagonal(lambda t: -2 * mp.tanh(t) * mp.sech(t) ** 2)),
    _sigmoid(name="sigmoid to ±300", kind="gradient", hand=exactly(lambda t: sigmoid(t) * sigmoid(-t))),
    _sigmoid(
        name="sigmoid to ±300", kind="hessian",
        hand=on_diagonal(lambda t: sigmoid(t) * sigmoid(-t) * -mp.tanh(t / 2)),
    ),
    _softplus(name="softplus to ±300", kind="gradient", hand=exactly(sigmoid)),
    _softplus(name="softplus to ±300", kind="hessian", hand=on_diagonal(lambda t: sigmoid(t) * sigmoid(-t))),
    _margin(name="logistic, margins 20 to 60", kind="gradient", hand=logistic_gradient),
    _margin(name="logistic, margins 20 to 60", kind="hessian", hand=logistic_hessian),
    _softmax(name="softmax of logits to 1000", kind="jacobian", hand=shares_jacobian),
    _logsumexp(name="logsumexp of logits to 1000", kind="gradient", hand=lambda a: floats(shares(a["x"]))),
    _logsumexp(name="logsumexp of logits to 1000", kind="hessian", hand=shares_jacobian),
    _logdet(name="logdet, Hilbert 8", arrays=lambda: {"S": hilbert(8)}),
    _logdet(
        name="logdet, Hilbert 8, definite", arrays=lambda: {"S": hilbert(8)}, assumptions={"S": ["positive definite"]}
    ),
    _logdet(
        name="logdet, distance 1e-12 to singular", arrays=lambda: {"S": np.ones((3, 3)) + 1e-12 * np.diag([1, 2, 4])}
    ),
]  # fmt: skip


def error(w: Workload, found: list[Any], wanted: list[Any]) -> float:
    """Entry by entry where the entries are numbers of their own, by the largest for inverses."""
    worst = 0.0
    for mine, exact in zip(found, wanted, strict=True):
        mine = np.reshape(mine, exact.shape)
        if w.formula.startswith("logdet"):
            worst = max(worst, float(abs(mine - exact).max() / abs(exact).max()))
            continue
        there = exact != 0
        if np.any(mine[~there] != 0):
            return float("inf")
        worst = max(worst, float((abs(mine - exact)[there] / abs(exact)[there]).max()))
    return worst


def errors(w: Workload) -> dict[str, float]:
    """Of each contestant; of a library with several ways, the best."""
    arrays = w.arrays()
    wanted = [np.asarray(each) for each in parts(w.hand(arrays))]
    found: dict[str, float] = {}
    for target in ("numpy", "jax", "torch"):
        _, call, _ = next(iter(ours.ways(w, arrays, target)))
        found[f"frechet {target}"] = error(w, ours.results(w, call()), wanted)
    entries = [
        *peers_jax.peers(w, arrays, {}),
        *peers_torch.peers(w, arrays, {}),
        *peers_autograd.peers(w, arrays, {}),
    ]
    for peer in entries:
        mine = error(w, listed(w, peer.arrays(peer.call())), wanted)
        found[peer.library] = min(mine, found.get(peer.library, np.inf), key=lambda e: np.inf if np.isnan(e) else e)
    return found


def main() -> None:
    warnings.filterwarnings("ignore")
    print(", ".join(f"{name} {version}" for name, version in machine.versions().items()) + "\n")
    for number, w in enumerate(CASES):
        found = errors(w)
        if number == 0:
            print(f"{'':36} {'form':9}" + "".join(name.rjust(15) for name in found))
        print(f"{w.name:36} {w.kind:9}" + "".join(f"{each:15.1e}" for each in found.values()), flush=True)


if __name__ == "__main__":
    main()
