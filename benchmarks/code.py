"""How fast the generated NumPy code is beside automatic differentiation by JAX: medians of interleaved runs.

Run it as ``python benchmarks/code.py``; float64 throughout, results are compared first.  JAX's is the best of
forward over reverse, reverse over reverse, `jacfwd` and `jacrev`, compiled.  NumPy's results are new arrays at every
call, as JAX's are.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_threads, "2")

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

import frechet as fr  # noqa: E402

jax.config.update("jax_enable_x64", True)
RUNS = 9
random = np.random.default_rng(0)
Case = tuple[str, str, str, dict[str, Any], str, Callable[..., Any], dict[str, Any]]


def normal(*shape: int) -> Any:
    """Standard normal numbers."""
    return random.normal(size=shape)


def logistic(w: Any, X: Any, y: Any) -> Any:
    """The loss of logistic regression."""
    z = X @ w
    return jnp.sum(jnp.logaddexp(0, z) - y * z)


def softmaxed(W: Any, X: Any, Y: Any) -> Any:
    """The loss of softmax regression."""
    z = X @ W
    return jnp.sum(jax.nn.logsumexp(z, axis=1)) - jnp.sum(Y * z)


def factored(U: Any, V: Any, T: Any) -> Any:
    """The loss of matrix factorisation."""
    return jnp.sum((T - U @ V.T) ** 2)


LOGISTIC = ("sum(softplus(X*w)-y.*(X*w))", {"X": ["n", "d"], "w": ["d"], "y": ["n"]})
SOFTMAX = ("sum(logsumexp(X*W,2))-sum(Y.*(X*W))", {"X": ["n", "d"], "W": ["d", "c"], "Y": ["n", "c"]})
FACTOR = ("norm2(T-U*V')^2", {"T": ["m", "n"], "U": ["m", "k"]})


def cases(small: bool) -> list[Case]:
    """Name, formula, form, shapes, variable, JAX's function of the variable and the others, arrays."""
    q = {"x": normal(2000), "A": normal(2000, 2000)}
    X, y = normal(20000, 200), (normal(20000) > 0) * 1.0
    lr = {"w": normal(200) / 10, "X": X, "y": y}
    sm = {"W": normal(64, 10) / 10, "X": normal(5000, 64), "Y": np.eye(10)[random.integers(10, size=5000)]}
    uv = {"U": normal(300, 10), "V": normal(300, 10), "T": normal(300, 300)}
    ab, big = {"B": normal(40, 40), "A": normal(40, 40)}, {"B": normal(1000, 1000), "A": normal(1000, 1000)}
    S = normal(500, 500)
    ld = {"X": S @ S.T / 500 + np.eye(500)}
    sx = {"x": normal(2000)}

    def quad(x: Any, A: Any) -> Any:
        return x @ A @ x

    def product(B: Any, A: Any) -> Any:
        return A @ B

    def logdet(X: Any) -> Any:
        return jnp.linalg.slogdet(X)[1]

    none: dict[str, Any] = {}
    return [
        ("x'Ax gradient, n=2000", "x'*A*x", "gradient", none, "x", quad, q),
        ("x'Ax Hessian, n=2000", "x'*A*x", "hessian", none, "x", quad, q),
        ("logistic gradient, 20000×200", LOGISTIC[0], "gradient", LOGISTIC[1], "w", logistic, lr),
        ("logistic Hessian", LOGISTIC[0], "hessian", LOGISTIC[1], "w", logistic, lr),
        ("logistic Hessian–vector", LOGISTIC[0], "hvp", LOGISTIC[1], "w", logistic, lr),
        ("softmax regression gradient, 5000×64×10", SOFTMAX[0], "gradient", SOFTMAX[1], "W", softmaxed, sm),
        ("softmax regression Hessian, 640²", SOFTMAX[0], "hessian", SOFTMAX[1], "W", softmaxed, sm),
        ("‖T-UV'‖² gradient, 300², k=10", FACTOR[0], "gradient", FACTOR[1], "U", factored, uv),
        ("‖T-UV'‖² Hessian, 3000²", FACTOR[0], "hessian", FACTOR[1], "U", factored, uv),
        ("C=AB Jacobian at 40", "C=A*B", "jacobian", none, "B", product, ab),
        ("C=AB pullback at 1000", "C=A*B", "pullback", none, "B", product, big),
        ("logdet gradient at 500", "logdet(X)", "gradient", none, "X", logdet, ld),
        ("logdet Hessian–vector at 500", "logdet(X)", "hvp", none, "X", logdet, ld),
        ("softmax Jacobian, n=2000", "softmax(x)", "jacobian", none, "x", jax.nn.softmax, sx),
    ]


def peers(form: str, f: Callable[..., Any], arrays: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """JAX's ways to the same array, each compiled, as functions without arguments."""
    values = [jnp.asarray(a) for a in arrays.values()]
    extra = [jnp.asarray(a) for a in more.values()]
    if form == "gradient":
        made = {"grad": jax.grad(f)}
    elif form == "hessian":
        made = {
            "fwd over rev": jax.jacfwd(jax.jacrev(f)),
            "rev over rev": jax.jacrev(jax.jacrev(f)),
        }
    elif form == "jacobian":
        made = {"jacfwd": jax.jacfwd(f), "jacrev": jax.jacrev(f)}
    elif form == "hvp":

        def along(x: Any, *rest: Any) -> Any:
            *others, v = rest
            return jax.jvp(lambda z: jax.grad(f)(z, *others), (x,), (v,))[1]

        def twice(x: Any, *rest: Any) -> Any:
            *others, v = rest
            return jax.grad(lambda z: jnp.vdot(jax.grad(f)(z, *others), v))(x)

        made = {"fwd over rev": along, "rev over rev": twice}
    else:

        def back(x: Any, *rest: Any) -> Any:
            *others, g = rest
            return jax.vjp(lambda z: f(z, *others), x)[1](g)[0]

        made = {"vjp": back}
    calls: dict[str, Any] = {}
    for name, g in made.items():
        compiled = jax.jit(g)
        calls[name] = lambda c=compiled: c(*values, *extra).block_until_ready()
    return calls


def flat(form: str, value: Any, wrt: Any) -> Any:
    """JAX's array in the shape of ours: columns stacked."""
    a = np.asarray(value)
    if form in ("hessian", "jacobian") and a.ndim == 4:
        i, j, k, l = a.shape
        return a.transpose(1, 0, 3, 2).reshape(i * j, k * l)
    return a


def main() -> None:
    """The table."""
    print(f"{'workload':42} {'ours ms':>9} {'JAX ms':>9} {'JAX ÷ ours':>11}   way")
    ratios: list[float] = []
    for name, formula, form, shapes, x, f, arrays in cases("--small" in sys.argv):
        ours = fr.derive(formula, wrt=x, order=2 if form in ("hessian", "hvp") else 1, shapes=shapes).compile(form=form)
        more: dict[str, Any] = {}
        if form == "hvp":
            more["V"] = normal(*arrays[x].shape)
        if form == "pullback":
            more["G"] = normal(arrays["A"].shape[0], arrays["B"].shape[1])
        given = {n: a for n, a in {**arrays, **more}.items() if n in ours.arguments}
        calls = {"ours": lambda o=ours, g=given: o(**g), **peers(form, f, arrays, more)}
        want = flat(form, next(iter(list(calls.values())[1:]))(), arrays[x])
        got = calls["ours"]()
        assert np.allclose(got, want, rtol=1e-7, atol=1e-7 * abs(want).max()), name
        times: dict[str, list[float]] = {way: [] for way in calls}
        for call in calls.values():
            call()
        for _ in range(RUNS):
            for way, call in calls.items():
                start = time.perf_counter()
                call()
                times[way].append(time.perf_counter() - start)
        medians = {way: 1000 * statistics.median(t) for way, t in times.items()}
        mine = medians.pop("ours")
        best = min(medians, key=lambda way: medians[way])
        ratios.append(medians[best] / mine)
        print(f"{name:42} {mine:9.3f} {medians[best]:9.3f} {ratios[-1]:11.2f}   {best}", flush=True)
    print(f"geometric mean {statistics.geometric_mean(ratios):.2f}")


if __name__ == "__main__":
    main()
