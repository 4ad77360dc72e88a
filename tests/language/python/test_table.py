"""Every name of the table against NumPy, SciPy and JAX themselves: values and gradients on random arrays.

PyTorch is not installed for the tests: what its own names mean is the formula of its documentation, in NumPy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import pytest
import scipy.linalg
import scipy.special
from pythonic import ENV, agrees, run, used, EXACT, JAX

from frechet.errors import FrechetError
from frechet.language.python import read_python
from frechet.language.python.table import TABLE

ONE = (
    "exp log sqrt abs absolute fabs sign sin cos tan arcsin asin arccos acos arctan atan sinh cosh tanh square reciprocal "
    "positive log1p expm1 log2 log10 exp2 cbrt deg2rad radians rad2deg degrees arcsinh asinh arctanh atanh negative"
).split()
"""Functions of every entry that NumPy has."""
SPECIAL = (
    "exp erf gamma gammaln loggamma digamma psi expit erfc ndtr logit entr log_expit log1p expm1 log_ndtr"
).replace("exp ", "").split()
NN = "relu sigmoid softplus silu swish tanh log_sigmoid soft_sign mish gelu elu leaky_relu relu6 hard_tanh".split()

CASES: dict[str, list[str]] = {
    **{name: [f"np.{name}(X)"] for name in ONE},
    **{f"special.{name}": [f"special.{name}(X)"] for name in SPECIAL},
    **{f"nn.{name}": [f"jax.nn.{name}(X - 0.55)"] for name in NN},
    "arccosh": ["np.arccosh(X + 2)"],
    "acosh": ["np.acosh(2 + x)"],
    "maximum": ["np.maximum(X, 0.5)", "np.maximum(X, x)", "np.maximum(C, R)"],
    "minimum": ["np.minimum(X, Y)", "np.minimum(s, X)"],
    "add": ["np.add(X, x)"],
    "subtract": ["np.subtract(C, x)"],
    "multiply": ["np.multiply(X, C)", "np.multiply(x, s)"],
    "divide": ["np.divide(X, R)", "np.divide(1, X)"],
    "true_divide": ["np.true_divide(C, X)"],
    "power": ["np.power(X, 3)", "np.power(X, x)", "np.power(2.0, x)"],
    "pow": ["np.pow(x, y)"],
    "float_power": ["np.float_power(X, 0.5)"],
    "clip": ["np.clip(X, 0.4, 0.7)", "np.clip(X, None, x)", "X.clip(0.4, 0.7)"],
    "hypot": ["np.hypot(X, x)"],
    "logaddexp": ["np.logaddexp(C, x)"],
    "special.xlogy": ["special.xlogy(X, Y)"],
    "special.xlog1py": ["special.xlog1py(X, x)"],
    "special.rel_entr": ["special.rel_entr(X, Y)"],
    "special.kl_div": ["special.kl_div(x, y)"],
    "special.betaln": ["special.betaln(x, y)"],
    "special.beta": ["special.beta(x, y)"],
    "special.polygamma": ["special.polygamma(1, X)"],
    "special.huber": ["special.huber(0.5, X)"],
    "where": [
        "np.where(X > 0.5, X, x)", "np.where(X >= Y, X**2, 0)", "np.where(C < x, 0, X)", "np.where((X > 0.4) & (X < 0.7), X, 2 * X)",
        "np.where(~(x <= 0.5), x, 1)", "np.where((x < 0.4) | (x > 0.6), x, y)", "np.where(X > 0, X, 0)",
    ],
    "greater": ["np.where(np.greater(x, y), x, y)"],
    "greater_equal": ["np.where(np.greater_equal(x, y), x, y)"],
    "less": ["np.where(np.less(x, y), x, y)"],
    "less_equal": ["np.where(np.less_equal(x, y), x, y)"],
    "heaviside": ["np.heaviside(X - 0.5, 0.5) * x"],
    "sum": ["np.sum(X)", "np.sum(X, axis=0)", "X.sum(-1, keepdims=True)", "np.sum(T, axis=(0, -1))", "T.sum(1)", "np.sum(C, axis=1)"],
    "mean": ["np.mean(X, 1)", "X.mean(axis=0, keepdims=True)", "T.mean(axis=-1)", "R.mean(1)", "np.mean(s)"],
    "prod": ["np.prod(x)", "X.prod(axis=1)"],
    "special.logsumexp": ["special.logsumexp(X)", "special.logsumexp(X, axis=1, keepdims=True)"],
    "nn.logsumexp": ["jax.nn.logsumexp(X, axis=0)"],
    "special.softmax": ["special.softmax(X)", "special.softmax(X, axis=0)", "special.softmax(x)"],
    "nn.softmax": ["jax.nn.softmax(X)", "jax.nn.softmax(X, axis=0)", "jax.nn.softmax(x)", "jax.nn.softmax(R)"],
    "special.log_softmax": ["special.log_softmax(X, axis=-1)", "special.log_softmax(X)"],
    "nn.log_softmax": ["jax.nn.log_softmax(X)", "jax.nn.log_softmax(C, axis=0)"],
    "var": ["np.var(X)", "X.var(axis=0)", "np.var(X, axis=1, ddof=1, keepdims=True)", "np.var(T, axis=2)"],
    "std": ["np.std(x)", "X.std(0)", "np.std(X, -1, ddof=1)"],
    "linalg.norm": [
        "np.linalg.norm(x)", "np.linalg.norm(X)", "np.linalg.norm(X, axis=1)", "np.linalg.norm(X, axis=0, keepdims=True)",
        "np.linalg.norm(x, 1)", "np.linalg.norm(x, 3)", "np.linalg.norm(X, 2)", "np.linalg.norm(X, 'nuc')", "np.linalg.norm(X, 'fro')",
        "np.linalg.norm(X, 1, axis=1)", "np.linalg.norm(X, ord=4, axis=0)", "np.linalg.norm(T, axis=2)", "np.linalg.norm(C)",
    ],
    "linalg.vector_norm": ["np.linalg.vector_norm(X)", "np.linalg.vector_norm(X, axis=1)"],
    "linalg.matrix_norm": ["np.linalg.matrix_norm(X)", "np.linalg.matrix_norm(X, ord=2)"],
    "average": ["np.average(X, axis=0)", "np.average(X, weights=Y)", "np.average(X, axis=1, weights=Y)"],
    "cumsum": ["np.cumsum(x)", "np.cumsum(X, axis=0)", "np.cumsum(X, axis=-1)"],
    "diff": ["np.diff(x)", "np.diff(X, axis=0)"],
    "trapezoid": ["np.trapezoid(x)", "np.trapezoid(x, dx=0.5)", "np.trapezoid(x, y)"],
    "shape": ["X.sum() / np.shape(X)[0]"],
    "size": ["np.sum(X) / np.size(X)", "X.sum() / np.size(X, 1)"],
    "linalg.expm": ["linalg.expm(S)"],
    "linalg.logm": ["linalg.logm(S)"],
    "linalg.sqrtm": ["linalg.sqrtm(S)"],
    "linalg.inv": ["np.linalg.inv(S)", "linalg.inv(S)"],
    "linalg.pinv": ["np.linalg.pinv(X)", "np.linalg.pinv(C)"],
    "linalg.eigvalsh": ["np.linalg.eigvalsh(S @ S.T)"],
    "linalg.svdvals": ["np.linalg.svdvals(X)", "linalg.svdvals(X)"],
    "linalg.det": ["np.linalg.det(S)"],
    "trace": ["np.trace(S)", "S.trace()"],
    "linalg.trace": ["np.linalg.trace(S)"],
    "linalg.slogdet": ["np.linalg.slogdet(S)[1]", "np.linalg.slogdet(X.T @ X).logabsdet"],
    "linalg.cholesky": ["np.linalg.cholesky(S @ S.T)", "linalg.cholesky(S @ S.T)", "linalg.cholesky(S @ S.T, lower=True)"],
    "linalg.eigh": ["np.linalg.eigh(S @ S.T)[0]"],
    "linalg.svd": ["np.linalg.svd(X)[1]", "np.linalg.svd(X, compute_uv=False)"],
    "linalg.solve": ["np.linalg.solve(S, x)", "np.linalg.solve(S, X.T)"],
    "linalg.matrix_power": ["np.linalg.matrix_power(S, 3)", "np.linalg.matrix_power(S, -1)"],
    "linalg.multi_dot": ["np.linalg.multi_dot([X, W, V])"],
    "matmul": ["np.matmul(X, W)", "np.matmul(T, x)", "np.matmul(u, T)", "np.matmul(T, U)", "np.matmul(R, C[:3])"],
    "linalg.matmul": ["np.linalg.matmul(X, S)"],
    "dot": ["np.dot(X, x)", "np.dot(x, y)", "x.dot(W)", "np.dot(2, x)"],
    "inner": ["np.inner(x, y)", "np.inner(X, x)", "np.inner(X, Y)"],
    "vdot": ["np.vdot(x, y)", "np.vdot(X, Y)"],
    "outer": ["np.outer(u, x)", "np.multiply.outer(u, x)"][:1],
    "linalg.outer": ["np.linalg.outer(x, y)"],
    "kron": ["np.kron(x, u)", "np.kron(X, S)[:4]", "np.kron(R, x[None])"],
    "einsum": [
        "np.einsum('ij,jk->ik', X, W)", "np.einsum('ij,ij', X, Y)", "np.einsum('ij->ji', X)", "np.einsum('ii->i', S)", "np.einsum('ii', S)",
        "np.einsum('i,j->ij', u, x)", "np.einsum('ij,j', X, x)", "np.einsum('kmn,n->km', T, x)", "np.einsum('kmn,mn->k', T, X)",
        "np.einsum('ij,i->j', X, u)", "np.einsum('ij,kj->ki', X, V)", "np.einsum('ij,j->ij', X, x)", "np.einsum('bi,ij,bj->b', X, S, Y)",
    ],
    "tensordot": ["np.tensordot(X, W, 1)", "np.tensordot(T, X, axes=([1, 2], [0, 1]))", "np.tensordot(X, Y, axes=((0,), (0,)))", "np.tensordot(X, Y)"],
    "transpose": ["np.transpose(X)", "X.transpose(1, 0) @ u", "np.transpose(T, (2, 0, 1))", "np.transpose(X, (0, 1))"],
    "swapaxes": ["np.swapaxes(T, 0, -1)", "X.swapaxes(0, 1)"],
    "moveaxis": ["np.moveaxis(T, 0, -1)"],
    "reshape": ["np.reshape(X, (-1,))", "X.reshape(n, -1) @ u" if False else "X.reshape(3, 5) @ u", "X.reshape(-1, order='F')", "x.reshape(1, -1) * C"],
    "ravel": ["np.ravel(X)", "X.ravel()", "X.ravel(order='F')"],
    "flatten": ["X.flatten()"],
    "squeeze": ["np.squeeze(C)", "R.squeeze(0)"],
    "expand_dims": ["np.expand_dims(x, 0) + C", "np.expand_dims(u, -1) * x"],
    "concatenate": ["np.concatenate([x, u])", "np.concatenate([X, Y], axis=1)", "np.concatenate((X, Y))", "np.concatenate([X, C], axis=-1)"],
    "concat": ["np.concat([R, X])"],
    "stack": ["np.stack([x, y])", "np.stack([x, y], axis=1)", "np.stack([x, y], -1) @ np.array([1.0, 2.0])"],
    "hstack": ["np.hstack([x, u])", "np.hstack([X, C])"],
    "vstack": ["np.vstack([x, y])", "np.vstack([X, R])"],
    "column_stack": ["np.column_stack([x, y])", "np.column_stack([X, u])"],
    "diag": ["np.diag(x)", "np.diag(S)"],
    "diagonal": ["np.diagonal(S)", "S.diagonal()"],
    "diagflat": ["np.diagflat(x)"],
    "linalg.diagonal": ["np.linalg.diagonal(S)"],
    "tril": ["np.tril(S)", "np.tril(X)"],
    "triu": ["np.triu(X)"],
    "ones": ["np.ones(3) * x", "X @ np.ones((3, 7))"],
    "zeros": ["np.zeros((5, 1)) + x"],
    "full": ["np.full((3,), 2.5) * x"],
    "ones_like": ["np.ones_like(X) * x"],
    "zeros_like": ["np.zeros_like(X) + x"],
    "full_like": ["np.full_like(X, 2.0) * C"],
    "eye": ["np.eye(3) + S", "np.eye(S.shape[0]) * s"],
    "identity": ["S - np.identity(len(S))"],
    "array": ["np.array([1.0, 2.0, 3.0]) * x", "np.array([[1, 2, 3], [4, 5, 6]]) @ x"],
    "asarray": ["np.asarray(x) * 2"],
    "broadcast_to": ["np.broadcast_to(x, (5, 3)) * X", "np.broadcast_to(x, X.shape)"],
    "float64": ["np.float64(2.0) * x"],
    "float32": ["np.float32(2.0) * x"],
    "copy": ["np.copy(X)", "x.copy()"],
    "arange": ["np.arange(1, 4) * x"],
}  # fmt: skip


@pytest.mark.parametrize("text", [text for texts in CASES.values() for text in texts])
def test_means_what_the_library_does(text: str) -> None:
    agrees(text)


DOCUMENTED: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {}
"""PyTorch's names: a text, and the formula of the documentation in NumPy."""


def documented(name: str, text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def keep(truth: Callable[..., Any]) -> Callable[..., Any]:
        DOCUMENTED[text] = (name, lambda given: truth(**given))
        return truth

    return keep
