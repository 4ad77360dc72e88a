"""Problems whose generated source is pinned, to be read: name → (formula, variable, form, what is declared)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import frechet as fr

HOME = Path(__file__).parent / "sources"

LOGISTIC: dict[str, Any] = {"shapes": {"X": ["n", "d"], "w": ["d"], "y": ["n"]}}
SOFTMAX: dict[str, Any] = {"shapes": {"X": ["n", "d"], "W": ["d", "c"], "Y": ["n", "c"]}}
FACTOR: dict[str, Any] = {"shapes": {"T": ["m", "n"], "U": ["m", "k"]}}
GAUSS: dict[str, Any] = {"shapes": {"n": [], "X": ["k", "d"]}, "assumptions": {"S": ["positive definite"]}}
DEFINITE: dict[str, Any] = {"assumptions": {"S": ["positive definite"]}}
LEAST: dict[str, Any] = {"shapes": {"A": ["m", "n"], "b": ["m"]}}
NONE: dict[str, Any] = {}
LOSS = "sum(softplus(X*w)-y.*(X*w))"
ENTROPY = "sum(logsumexp(X*W,2))-sum(Y.*(X*W))"
LIKELIHOOD = "-n/2*logdet(S)-tr(inv(S)*X'*X)/2"
LAYERS = "Z = relu(X*W); P = softmax(Z*V,2); L = -sum(Y.*log(P))"
ATTENTION = (
    "def f(Q, K, V, G):\n    S = np.einsum('bid,bjd->bij', Q, K)\n    return (G * (softmax(S, axis=-1) @ V)).sum()"
)
TENSOR: dict[str, Any] = {
    "shapes": {"Q": ["b", "n", "d"], "K": ["b", "n", "d"], "V": ["b", "n", "d"], "G": ["b", "n", "d"]}
}

PINNED: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "quadratic_gradient": ("x'*A*x", "x", "gradient", NONE),
    "quadratic_hessian": ("x'*A*x", "x", "hessian", NONE),
    "least_squares": ("norm2(A*x-b)^2", "x", "value_and_gradient", LEAST),
    "least_squares_hessian": ("norm2(A*x-b)^2", "x", "hessian", LEAST),
    "ridge": ("norm2(A*x-b)^2+c*x'*x", "x", "gradient", LEAST),
    "logistic": (LOSS, "w", "value_and_gradient", LOGISTIC),
    "logistic_hessian": (LOSS, "w", "hessian", LOGISTIC),
    "logistic_hvp": (LOSS, "w", "hvp", LOGISTIC),
    "softmax_regression": (ENTROPY, "W", "gradient", SOFTMAX),
    "softmax_regression_hessian": (ENTROPY, "W", "hessian", SOFTMAX),
    "softmax_regression_hvp": (ENTROPY, "W", "hvp", SOFTMAX),
    "factorisation": ("norm2(T-U*V')^2", "U", "gradient", FACTOR),
    "factorisation_hessian": ("norm2(T-U*V')^2", "U", "hessian", FACTOR),
    "factorisation_hvp": ("norm2(T-U*V')^2", "U", "hvp", FACTOR),
    "product_jacobian": ("C = A*B", "B", "jacobian", NONE),
    "product_jacobian_left": ("C = A*B", "A", "jacobian", NONE),
    "product_pullback": ("C = A*B", "B", "pullback", NONE),
    "transpose_jacobian": ("X'", "X", "jacobian", NONE),
    "logdet": ("logdet(S)", "S", "value_and_gradient", DEFINITE),
    "logdet_gram": ("logdet(X'*X)", "X", "gradient", NONE),
    "logdet_hvp": ("logdet(X)", "X", "hvp", NONE),
    "trace_inverse": ("tr(inv(X))", "X", "gradient", NONE),
    "mahalanobis": ("(x-m)'*inv(S)*(x-m)", "x", "value_and_gradient", {**DEFINITE, "shapes": {"m": ["n"]}}),
    "gaussian": (LIKELIHOOD, "S", "gradient", GAUSS),
    "gaussian_hessian": (LIKELIHOOD, "S", "hessian", GAUSS),
    "softmax_jacobian": ("softmax(x)", "x", "jacobian", NONE),
    "logsumexp_hessian": ("logsumexp(x)", "x", "hessian", NONE),
    "sigmoid_layer": ("sigmoid(X*W)", "W", "jacobian", NONE),
    "two_layers": (LAYERS, "W", "gradient", {"shapes": {"X": ["n", "d"], "W": ["d", "h"], "V": ["h", "c"]}}),
    "attention": ("softmax(Q*K',2)*V", "Q", "pullback", NONE),
    "attention_batched": (ATTENTION, "Q", "gradient", TENSOR),
}


def source(name: str) -> str:
    """The source as it is generated now."""
    formula, wrt, form, given = PINNED[name]
    order = 2 if form in ("hessian", "hvp") else 1
    made: Any = fr.derive(formula, wrt=wrt, order=order, verify=False, **given)  # pyright: ignore
    return made.code("numpy", form)


if __name__ == "__main__":
    for each in PINNED:
        (HOME / f"{each}.py").write_text(source(each), encoding="utf-8")
