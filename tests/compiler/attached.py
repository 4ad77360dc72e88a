"""Functions with their derivative attached: problems, arrays for them, and the plain values to be differentiated."""

from __future__ import annotations

from typing import Any

import numpy as np

import frechet as fr

SIZES = {"n": 4, "m": 3, "d": 3, "h": 2, "c": 3, "k": 2, "p": 2}
DEFINITE = {"S": ["positive definite"]}
LAYER = {"X": ["n", "d"], "W": ["d", "h"], "b": ["h"]}

CASES: dict[str, tuple[str, list[str], dict[str, Any]]] = {
    "least squares": ("norm2(A*x-b)^2", ["x"], {"shapes": {"A": ["m", "n"], "b": ["m"], "x": ["n"]}}),
    "all its arrays": ("norm2(A*x-b)^2", ["A", "x", "b"], {"shapes": {"A": ["m", "n"], "b": ["m"], "x": ["n"]}}),
    "a layer": ("tanh(X*W+ones(n)*b')", ["X", "W", "b"], {"shapes": LAYER}),
    "softmax": ("softmax(X*W,2)", ["W", "X"], {"shapes": {"X": ["n", "d"], "W": ["d", "c"]}}),
    "cross-entropy": (
        "sum(logsumexp(X*W,2))-sum(Y.*(X*W))", ["W"],
        {"shapes": {"X": ["n", "d"], "W": ["d", "c"], "Y": ["n", "c"]}},
    ),
    "product": ("C = A*B", ["A", "B"], {"shapes": {"A": ["m", "n"], "B": ["n", "p"]}}),
    "logdet": ("logdet(X)", ["X"], {"shapes": {"X": ["n", "n"]}}),
    "logdet and inverse": ("logdet(X)+y'*inv(X)*y", ["X", "y"], {"shapes": {"X": ["n", "n"], "y": ["n"]}}),
    "gaussian": ("logdet(S)+y'*inv(S)*y", ["y"], {"assumptions": DEFINITE, "shapes": {"S": ["n", "n"], "y": ["n"]}}),
    "solve": ("inv(A)*B", ["A", "B"], {"shapes": {"A": ["n", "n"], "B": ["n", "p"]}}),
    "a number by a number": ("c*x'*x", ["c", "x"], {"shapes": {"x": ["n"], "c": []}}),
    "a row": ("c*x'", ["x"], {"shapes": {"x": ["n"], "c": []}}),
    "attention": ("softmax(Q*K',2)*V", ["Q", "K", "V"], {"shapes": {n: ["n", "d"] for n in "QKV"}}),
    "matrix exponential": ("tr(expm(X/9))", ["X"], {"shapes": {"X": ["d", "d"]}}),
}  # fmt: skip


def derived(name: str) -> Any:
    """The derivative of a case."""
    formula, wrt, given = CASES[name]
    return fr.derive(formula, wrt, verify=False, **given)


def arrays(name: str) -> dict[str, Any]:
    """Arrays for a case."""
    random = np.random.default_rng(3)
    found: dict[str, Any] = {}
    for n, dims in CASES[name][2]["shapes"].items():
        found[n] = random.normal(size=[SIZES[d] for d in dims])
        if len(dims) == 2 and dims[0] == dims[1]:
            found[n] = found[n] @ found[n].T + np.eye(SIZES[dims[0]])
    return found
