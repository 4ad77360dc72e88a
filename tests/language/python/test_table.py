"""Every name of the table against NumPy, SciPy and JAX themselves: values and gradients on random arrays.

PyTorch is not installed for the tests: what its own names mean is the formula of its documentation, in NumPy.
"""

# ruff: noqa: E501 — tables read better with one entry a line

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.special

from frechet.errors import FrechetError
from frechet.language.python import read_python
from frechet.language.python.table import TABLE
from frechet.ops import REGISTRY
from pythonic import agrees

pytestmark = pytest.mark.slow

_ONE = (
    "exp log sqrt abs absolute fabs sign sin cos tan arcsin asin arccos acos arctan atan sinh cosh tanh square reciprocal "
    "positive log1p expm1 log2 log10 exp2 cbrt deg2rad radians rad2deg degrees arcsinh asinh arctanh atanh negative"
)
ONE = _ONE.split()
"""Functions of every entry that NumPy has."""
_SPECIAL = (
    "erf gamma gammaln loggamma digamma psi expit erfc ndtr logit entr log_expit log1p expm1 log_ndtr ndtri erfinv"
)
SPECIAL = _SPECIAL.split()
_NN = "relu sigmoid softplus silu swish tanh log_sigmoid soft_sign mish gelu elu leaky_relu relu6 hard_tanh"
NN = _NN.split()

CASES: dict[str, list[str]] = {
    **{name: [f"np.{name}(X)"] for name in ONE},
    **{f"special.{name}": [f"special.{name}(X)"] for name in SPECIAL},
    **{f"nn.{name}": [f"jax.nn.{name}(X - 0.55)"] for name in NN},
    "arccosh": ["np.arccosh(X + 2)"],
    "conj": ["np.conj(X)"],
    "conjugate": ["np.conjugate(X)"],
    "real": ["np.real(X)", "X.real"],
    "imag": ["np.imag(X) + X"],
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
    "arctan2": ["np.arctan2(X, x)", "np.arctan2(1, X)"],
    "atan2": ["np.atan2(X, Y)"],
    "special.lambertw": ["np.real(special.lambertw(X))"],
    "stats.norm.pdf": ["scipy.stats.norm.pdf(X - 0.5)"],
    "stats.norm.cdf": ["scipy.stats.norm.cdf(X)"],
    "stats.norm.ppf": ["scipy.stats.norm.ppf(X)"],
    "sort": ["np.sort(x)", "np.sort(X @ x)"],
    "median": ["np.median(u)", "np.median(X @ y)"],
    "convolve": ["np.convolve(x, u)"],
    "linalg.toeplitz": ["linalg.toeplitz(x)", "linalg.toeplitz(u, x)"],
    "linalg.circulant": ["linalg.circulant(x) @ y"],
    "linalg.solve_continuous_are": ["linalg.solve_continuous_are(W @ W.T, S, X.T @ X, Y.T @ Y)"],
    "linalg.solve_discrete_are": ["linalg.solve_discrete_are(W @ W.T, S, X.T @ X, Y.T @ Y)"],
    "clip": ["np.clip(X, 0.4, 0.7)", "np.clip(X, None, x)", "X.clip(0.4, 0.7)"],
    "hypot": ["np.hypot(X, x)"],
    "logaddexp": ["np.logaddexp(C, x)", "np.logaddexp(0, X)"],
    "roll": ["np.roll(x, 1)", "np.roll(X, -1, axis=0)", "np.roll(X, 1, axis=1)"],
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
    "max": ["np.max(X)", "X.max(keepdims=True)", "x.max(axis=0)", "max(x)"],
    "min": ["np.min(X)", "x.min()"],
    "amax": ["np.amax(T)"],
    "amin": ["np.amin(x, axis=0)"],
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
    "linalg.det": ["np.linalg.det(S)"],
    "trace": ["np.trace(S)", "S.trace()"],
    "linalg.trace": ["np.linalg.trace(S)"],
    "linalg.slogdet": ["np.linalg.slogdet(S)[1]", "np.linalg.slogdet(X.T @ X).logabsdet"],
    "linalg.cholesky": ["np.linalg.cholesky(S @ S.T)", "linalg.cholesky(S @ S.T, lower=False)", "linalg.cholesky(S @ S.T, lower=True)"],
    "linalg.eigh": ["np.linalg.eigh(S @ S.T)[0]"],
    "linalg.solve": ["np.linalg.solve(S, x)", "np.linalg.solve(S, X.T)"],
    "linalg.matrix_power": ["np.linalg.matrix_power(S, 3)", "np.linalg.matrix_power(S, -1)"],
    "linalg.multi_dot": ["np.linalg.multi_dot([X, W, V])"],
    "matmul": ["np.matmul(X, W)", "np.matmul(T, x)", "np.matmul(u, T)", "np.matmul(T, U)"],
    "linalg.matmul": ["np.linalg.matmul(X, S)"],
    "dot": ["np.dot(X, x)", "np.dot(x, y)", "x.dot(W)", "np.dot(2, x)"],
    "inner": ["np.inner(x, y)", "np.inner(X, x)", "np.inner(X, Y)"],
    "vdot": ["np.vdot(x, y)", "np.vdot(X, Y)"],
    "outer": ["np.outer(u, x)", "np.multiply.outer(u, x)"][:1],
    "linalg.outer": ["np.linalg.outer(x, y)"],
    "kron": ["np.kron(x, u)", "np.kron(X, S)", "np.kron(R, x[None])"],
    "einsum": [
        "np.einsum('ij,jk->ik', X, W)", "np.einsum('ij,ij', X, Y)", "np.einsum('ij->ji', X)", "np.einsum('ii->i', S)", "np.einsum('ii', S)",
        "np.einsum('i,j->ij', u, x)", "np.einsum('ij,j', X, x)", "np.einsum('kmn,n->km', T, x)", "np.einsum('kmn,mn->k', T, X)",
        "np.einsum('ij,i->j', X, u)", "np.einsum('ij,kj->ki', X, V)", "np.einsum('ij,j->ij', X, x)", "np.einsum('bi,ij,bj->b', X, S, Y)",
    ],
    "tensordot": ["np.tensordot(X, W, 1)", "np.tensordot(T, X, axes=([1, 2], [0, 1]))", "np.tensordot(X, Y, axes=((0,), (0,)))", "np.tensordot(X, Y)"],
    "transpose": ["np.transpose(X)", "X.transpose(1, 0) @ u", "np.transpose(T, (2, 0, 1))", "np.transpose(X, (0, 1))"],
    "swapaxes": ["np.swapaxes(T, 0, -1)", "X.swapaxes(0, 1)"],
    "moveaxis": ["np.moveaxis(T, 0, -1)", "np.moveaxis(T, (0, 1), (2, 0))"],
    "permute_dims": ["np.permute_dims(T, (2, 0, 1))"],
    "matrix_transpose": ["np.matrix_transpose(T)"],
    "linalg.matrix_transpose": ["np.linalg.matrix_transpose(T)"],
    "jax.lax.stop_gradient": ["np.exp(X - jax.lax.stop_gradient(X.max(1, keepdims=True))) / np.exp(X - X.max(1, keepdims=True)).sum(1, keepdims=True)"],
    "tile": ["np.tile(X, (2, 1))", "np.tile(x, 3)", "np.tile(C, (1, 3)) * X[:, :1]", "np.tile(x, (2, 1))"],
    "repeat": ["np.repeat(X, 2, axis=0)", "np.repeat(x, 2)", "X.repeat(2, axis=1)"],
    "reshape": ["np.reshape(X, (-1,))", "X.reshape(-1, order='F')", "x.reshape(1, -1) * C"],
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
    "ones_like": ["np.ones_like(X) * x"],
    "zeros_like": ["np.zeros_like(X) + x"],
    "full_like": ["np.full_like(X, 2.0) * C"],
    "eye": ["np.eye(S.shape[0]) * s"],
    "identity": ["S - np.identity(len(S))"],
    "asarray": ["np.asarray(x) * 2"],
    "broadcast_to": ["np.broadcast_to(x, X.shape)"],
    "float64": ["np.float64(2.0) * x"],
    "float32": ["np.float32(2.0) * x"],
    "copy": ["np.copy(X)", "x.copy()"],
}  # fmt: skip


WITH_NUMBERS: dict[str, list[str]] = {
    "cross": ["np.cross(x, y)", "np.cross(S @ x, y) @ x"],
    "ones": ["np.ones(3) * x", "X @ np.ones((3, 7))"],
    "zeros": ["np.zeros((5, 1)) + x"],
    "full": ["np.full((3,), 2.5) * x"],
    "eye": ["np.eye(3) + S"],
    "array": ["np.array([1.0, 2.0, 3.0]) * x", "np.array([[1, 2, 3], [4, 5, 6]]) @ x"],
    "broadcast_to": ["np.broadcast_to(x, (5, 3)) * X"],
    "arange": ["np.arange(1, 4) * x"],
    "reshape": ["X.reshape(3, 5) @ u", "X.reshape(3, 5, order='F') @ u", "x.reshape(3, 1) @ x.reshape(1, 3)"],
    "matmul": ["np.matmul(R, C[:3])"],
    "linalg.svd": ["np.linalg.svd(X)[1]", "np.linalg.svd(X, compute_uv=False)"],
    "linalg.svdvals": ["np.linalg.svdvals(X)", "linalg.svdvals(X)"],
    "split": ["np.split(x, 3)[1]", "np.split(X, [1], axis=1)[1]", "np.split(T, [2, 4], axis=1)[1]"],
    "linalg.dft": ["np.real(linalg.dft(3) @ x)"],
    "sum": ["sum(x)", "sum(x[k] * y[k] for k in range(3))", "sum([x[0], x[1] ** 2])"],
}
"""Texts that hold numbers for sizes."""


@pytest.mark.parametrize("text", [text for texts in WITH_NUMBERS.values() for text in texts])
def test_means_what_the_library_does_of_known_sizes(text: str) -> None:
    agrees(text, named=False)


@pytest.mark.parametrize("text", [text for texts in CASES.values() for text in texts])
def test_means_what_the_library_does(text: str) -> None:
    agrees(text)


def _softmax(a: Any, axis: int) -> Any:
    parts = np.exp(a)
    return parts / parts.sum(axis=axis, keepdims=True)


def _sigmoid(X: Any) -> Any:
    return 1 / (1 + np.exp(-X))


def _huber(d: Any, delta: float) -> Any:
    return np.where(abs(d) <= delta, d * d / 2, delta * (abs(d) - delta / 2))


def _norm(a: Any, axis: int) -> Any:
    return np.sqrt((a * a).sum(axis=axis, keepdims=True))


def _layer(X: Any) -> Any:
    return (X - X.mean(-1, keepdims=True)) / np.sqrt(X.var(-1, keepdims=True) + 1e-5)


def _grouped(T: Any, groups: int) -> Any:
    parts = np.reshape(T, (len(T), groups, -1))
    parts = (parts - parts.mean(-1, keepdims=True)) / np.sqrt(parts.var(-1, keepdims=True) + 1e-5)
    return np.reshape(parts, T.shape)


DOCUMENTED: dict[str, dict[str, Callable[..., Any]]] = {
    "erf": {"torch.erf(X)": lambda X: scipy.special.erf(X)},
    "erfc": {"torch.erfc(X)": lambda X: scipy.special.erfc(X)},
    "erfinv": {"torch.erfinv(X)": lambda X: scipy.special.erfinv(X)},
    "gamma": {"math.gamma(s)": lambda s: scipy.special.gamma(s)},
    "lgamma": {"torch.lgamma(X)": lambda X: scipy.special.gammaln(X)},
    "digamma": {"torch.digamma(X)": lambda X: scipy.special.digamma(X)},
    "polygamma": {"torch.polygamma(1, X)": lambda X: scipy.special.polygamma(1, X)},
    "rsqrt": {"torch.rsqrt(X)": lambda X: 1 / np.sqrt(X)},
    "sgn": {"X * torch.sgn(Y - 0.5)": lambda X, Y: X * np.sign(Y - 0.5)},
    "sigmoid": {"torch.sigmoid(X)": _sigmoid, "X.sigmoid()": _sigmoid},
    "relu": {"torch.relu(X - 0.5)": lambda X: np.maximum(X - 0.5, 0)},
    "logit": {"torch.logit(X)": lambda X: np.log(X / (1 - X))},
    "xlogy": {"torch.xlogy(X, Y)": lambda X, Y: X * np.log(Y)},
    "neg": {"torch.neg(X)": lambda X: -X},
    "sub": {"torch.sub(X, x)": lambda X, x: X - x},
    "mul": {"torch.mul(X, x)": lambda X, x: X * x},
    "div": {"torch.div(X, Y)": lambda X, Y: X / Y},
    "clamp": {"torch.clamp(X, min=0.5)": lambda X: np.maximum(X, 0.5), "X.clamp(0.4, 0.6)": lambda X: np.clip(X, 0.4, 0.6)},
    "lerp": {"torch.lerp(X, Y, 0.3)": lambda X, Y: X + 0.3 * (Y - X)},
    "std": {
        "torch.std(X)": lambda X: X.std(ddof=1), "torch.std(X, dim=0)": lambda X: X.std(0, ddof=1),
        "torch.std(X, 1, unbiased=False)": lambda X: X.std(1), "torch.std(X, dim=1, correction=0)": lambda X: X.std(1),
        "X.std(dim=0, keepdim=True)": lambda X: X.std(0, ddof=1, keepdims=True),
    },
    "var": {"torch.var(X, dim=1)": lambda X: X.var(1, ddof=1), "torch.exp(X).var(0)": lambda X: np.exp(X).var(0, ddof=1)},
    "logsumexp": {"torch.logsumexp(X, dim=1)": lambda X: np.log(np.exp(X).sum(1))},
    "softmax": {"torch.softmax(X, dim=1)": lambda X: _softmax(X, 1), "X.softmax(dim=0)": lambda X: _softmax(X, 0)},
    "log_softmax": {"torch.log_softmax(X, -1)": lambda X: np.log(_softmax(X, -1))},
    "norm": {"torch.norm(X)": lambda X: np.sqrt((X * X).sum()), "torch.norm(X, dim=1)": lambda X: _norm(X, 1)[:, 0],
             "torch.norm(X, p=2)": lambda X: np.sqrt((X * X).sum()), "torch.norm(X, 1)": lambda X: abs(X).sum(), "x.norm()": lambda x: np.linalg.norm(x)},
    "det": {"torch.det(S)": lambda S: np.linalg.det(S)},
    "logdet": {"torch.logdet(S)": lambda S: np.log(np.linalg.det(S))},
    "slogdet": {"torch.slogdet(S)[1]": lambda S: np.log(np.linalg.det(S))},
    "inverse": {"torch.inverse(S)": lambda S: np.linalg.inv(S), "S.inverse()": lambda S: np.linalg.inv(S)},
    "pinverse": {"torch.pinverse(X)": lambda X: np.linalg.pinv(X)},
    "cholesky": {"torch.cholesky(S @ S.T)": lambda S: np.linalg.cholesky(S @ S.T)},
    "svd": {"torch.svd(X, compute_uv=False)": lambda X: np.linalg.svd(X, compute_uv=False)},
    "matrix_exp": {"torch.matrix_exp(S)": lambda S: scipy.linalg.expm(S)},
    "linalg.matrix_exp": {"torch.linalg.matrix_exp(S)": lambda S: scipy.linalg.expm(S)},
    "matrix_power": {"torch.matrix_power(S, 2)": lambda S: S @ S},
    "mm": {"torch.mm(X, W)": lambda X, W: X @ W},
    "mv": {"torch.mv(X, x)": lambda X, x: X @ x},
    "bmm": {"torch.bmm(T, U)": lambda T, U: T @ U},
    "ger": {"torch.ger(u, x)": lambda u, x: np.outer(u, x)},
    "t": {"X.t()": lambda X: X.T},
    "transpose": {"torch.transpose(X, 0, 1)": lambda X: X.T, "torch.exp(T).transpose(1, 2)": lambda T: np.exp(T).swapaxes(1, 2)},
    "permute": {"T.permute(2, 0, 1)": lambda T: T.transpose(2, 0, 1)},
    "swapdims": {"torch.swapdims(T, 0, 1)": lambda T: T.swapaxes(0, 1)},
    "movedim": {"torch.movedim(T, 0, -1)": lambda T: np.moveaxis(T, 0, -1)},
    "adjoint": {"torch.adjoint(X)": lambda X: X.T},
    "view": {"X.view(-1)": lambda X: X.ravel()},
    "unsqueeze": {"x.unsqueeze(0) + u.unsqueeze(1)": lambda x, u: x + u[:, None]},
    "cat": {"torch.cat([X, Y], dim=1)": lambda X, Y: np.hstack([X, Y])},
    "diag_embed": {"torch.diag_embed(x)": lambda x: np.diag(x)},
    "as_tensor": {"torch.as_tensor(x)": lambda x: x},
    "tensor": {"torch.tensor(2.0) * x": lambda x: 2 * x},
    "float": {"x.float()": lambda x: x, "(x > 0.5).float() * x": lambda x: (x > 0.5) * x},
    "double": {"x.double()": lambda x: x},
    "clone": {"x.clone()": lambda x: x},
    "contiguous": {"X.contiguous()": lambda X: X},
    "item": {"s.item()": lambda s: s},
    "numel": {"X.sum() / X.numel()": lambda X: X.mean()},
    "trapz": {"torch.trapz(x, y)": lambda x, y: np.trapezoid(x, y)},
    "functional.relu": {"F.relu(X - 0.5)": lambda X: np.maximum(X - 0.5, 0)},
    "functional.relu6": {"F.relu6(8 * X)": lambda X: np.clip(8 * X, 0, 6)},
    "functional.sigmoid": {"F.sigmoid(X)": _sigmoid},
    "functional.tanh": {"F.tanh(X)": lambda X: np.tanh(X)},
    "functional.silu": {"F.silu(X)": lambda X: X * _sigmoid(X)},
    "functional.mish": {"F.mish(X)": lambda X: X * np.tanh(np.log1p(np.exp(X)))},
    "functional.elu": {"F.elu(X - 0.5, alpha=2.0)": lambda X: np.where(X > 0.5, X - 0.5, 2 * np.expm1(X - 0.5))},
    "functional.leaky_relu": {"F.leaky_relu(X - 0.5, 0.2)": lambda X: np.where(X > 0.5, X - 0.5, 0.2 * (X - 0.5))},
    "functional.gelu": {
        "F.gelu(X)": lambda X: X * scipy.special.ndtr(X),
        "F.gelu(X, approximate='tanh')": lambda X: X / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (X + 0.044715 * X**3))),
    },
    "functional.hardtanh": {"F.hardtanh(4 * X - 2)": lambda X: np.clip(4 * X - 2, -1, 1)},
    "functional.logsigmoid": {"F.logsigmoid(X)": lambda X: np.log(_sigmoid(X))},
    "functional.softplus": {"F.softplus(X, beta=2)": lambda X: np.log1p(np.exp(2 * X)) / 2},
    "functional.softsign": {"F.softsign(X)": lambda X: X / (1 + abs(X))},
    "functional.tanhshrink": {"F.tanhshrink(X)": lambda X: X - np.tanh(X)},
    "functional.softmax": {"F.softmax(X, dim=0)": lambda X: _softmax(X, 0)},
    "functional.log_softmax": {"F.log_softmax(X, dim=1)": lambda X: np.log(_softmax(X, 1))},
    "functional.linear": {"F.linear(X, V)": lambda X, V: X @ V.T},
    "functional.mse_loss": {"F.mse_loss(X, Y)": lambda X, Y: ((X - Y) ** 2).mean(), "F.mse_loss(X, Y, reduction='sum')": lambda X, Y: ((X - Y) ** 2).sum()},
    "functional.l1_loss": {"F.l1_loss(X, Y)": lambda X, Y: abs(X - Y).mean()},
    "functional.huber_loss": {"F.huber_loss(4 * X, Y, delta=0.7)": lambda X, Y: _huber(4 * X - Y, 0.7).mean()},
    "functional.smooth_l1_loss": {"F.smooth_l1_loss(4 * X, Y, beta=0.5)": lambda X, Y: (_huber(4 * X - Y, 0.5) / 0.5).mean()},
    "functional.binary_cross_entropy": {"F.binary_cross_entropy(X, Y)": lambda X, Y: -(Y * np.log(X) + (1 - Y) * np.log(1 - X)).mean()},
    "functional.binary_cross_entropy_with_logits": {
        "F.binary_cross_entropy_with_logits(X, Y)": lambda X, Y: -(Y * np.log(_sigmoid(X)) + (1 - Y) * np.log(1 - _sigmoid(X))).mean()
    },
    "functional.cross_entropy": {
        "F.cross_entropy(X, P)": lambda X, P: -(P * np.log(_softmax(X, 1))).sum(1).mean(),
        "F.cross_entropy(X, P, reduction='none')": lambda X, P: -(P * np.log(_softmax(X, 1))).sum(1),
    },
    "functional.kl_div": {
        "F.kl_div(torch.log(X), P, reduction='batchmean')": lambda X, P: (P * (np.log(P) - np.log(X))).sum() / len(X),
        "F.kl_div(X, Y, reduction='sum', log_target=True)": lambda X, Y: (np.exp(Y) * (Y - X)).sum(),
    },
    "functional.poisson_nll_loss": {"F.poisson_nll_loss(X, Y)": lambda X, Y: (np.exp(X) - Y * X).mean()},
    "functional.cosine_similarity": {"F.cosine_similarity(X, Y)": lambda X, Y: (X * Y).sum(1) / (_norm(X, 1) * _norm(Y, 1))[:, 0]},
    "functional.normalize": {"F.normalize(X, dim=1)": lambda X: X / _norm(X, 1), "F.normalize(X, dim=0)": lambda X: X / _norm(X, 0)},
    "block_diag": {"torch.block_diag(X, S, V)": lambda X, S, V: scipy.linalg.block_diag(X, S, V)},
    "linalg.block_diag": {"linalg.block_diag(X, S)": lambda X, S: scipy.linalg.block_diag(X, S)},
    "chunk": {"torch.chunk(torch.cat([X, Y], 1), 2, dim=1)[1]": lambda X, Y: Y},
    "split": {"torch.split(torch.cat([X, Y], 1), X.shape[1], dim=1)[1]": lambda X, Y: Y, "torch.split(torch.cat([x, y]), [x.shape[0], y.shape[0]])[1]": lambda x, y: y},
    "expand": {"x.expand(X.shape[0], -1) * X": lambda x, X: x * X, "C.expand(-1, 3) * 2": lambda C: np.broadcast_to(C, (5, 3)) * 2},
    "expand_as": {"torch.exp(x).expand_as(X)": lambda x, X: np.broadcast_to(np.exp(x), X.shape)},
    "view_as": {"torch.exp(x).view_as(y) * y": lambda x, y: np.exp(x) * y},
    "reshape_as": {"torch.exp(C).reshape_as(u)": lambda C, u: np.exp(C)[:, 0]},
    "repeat_interleave": {"torch.repeat_interleave(x, 2)": lambda x: np.repeat(x, 2)},
    "unflatten": {"torch.exp(x).unflatten(0, (1, -1)) * R": lambda x, R: np.exp(x)[None] * R},
    "masked_fill": {"torch.exp(X).masked_fill(Y == 0, 2.0)": lambda X, Y: np.where(Y == 0, 2.0, np.exp(X))},
    "optax.softmax_cross_entropy": {"optax.softmax_cross_entropy(X, Y)": lambda X, Y: -(Y * np.log(_softmax(X, -1))).sum(-1)},
    "optax.losses.softmax_cross_entropy": {"optax.losses.softmax_cross_entropy(T, T)": lambda T: -(T * np.log(_softmax(T, -1))).sum(-1)},
    "functional.scaled_dot_product_attention": {
        "F.scaled_dot_product_attention(T, T, T)": lambda T: _softmax(T @ np.swapaxes(T, 1, 2) / np.sqrt(3), -1) @ T,
        "F.scaled_dot_product_attention(X, Y, Y, attn_mask=(u[:, None] + u))": lambda X, Y, u: _softmax(X @ Y.T / np.sqrt(3) + u[:, None] + u, -1) @ Y,
        "F.scaled_dot_product_attention(X, Y, Y, is_causal=True, scale=0.5)": lambda X, Y: _softmax(np.where(np.tri(5), X @ Y.T / 2, -np.inf), -1) @ Y,
        "F.scaled_dot_product_attention(X, Y, Y, attn_mask=torch.ones(X.shape[0], X.shape[0]).bool())": lambda X, Y: _softmax(X @ Y.T / np.sqrt(3), -1) @ Y,
    },
    "einops.rearrange": {
        "einops.rearrange(X, 'm n -> n m')": lambda X: X.T,
        "einops.rearrange(T, 'k m n -> m (k n)')": lambda T: T.transpose(1, 0, 2).reshape(5, -1),
        "einops.rearrange(T, 'k (p q) n -> (q k) n p', p=T.shape[1])": lambda T: T.transpose(0, 2, 1),
        "einops.rearrange(T, '... m n -> ... n m')": lambda T: T.transpose(0, 2, 1),
        "einops.rearrange(x, 'n -> 1 n') * X": lambda x, X: x * X,
    },
    "einops.repeat": {
        "einops.repeat(x, 'n -> m n', m=X.shape[0]) * X": lambda x, X: x * X,
        "einops.repeat(x, 'n -> (n r)', r=2)": lambda x: np.repeat(x, 2),
        "einops.repeat(x, 'n -> (r n)', r=2)": lambda x: np.tile(x, 2),
    },
    "einops.reduce": {
        "einops.reduce(T, 'k m n -> m', 'mean')": lambda T: T.mean((0, 2)),
        "einops.reduce(T, 'k m n -> k () n', reduction='sum')": lambda T: T.sum(1, keepdims=True),
    },
    "functional.rms_norm": {"F.rms_norm(X, (3,), x, eps=1e-5)": lambda X, x: X / np.sqrt((X**2).mean(-1, keepdims=True) + 1e-5) * x},
    "functional.batch_norm": {
        "F.batch_norm(X, None, None, x, y, True)": lambda X, x, y: (X - X.mean(0)) / np.sqrt(X.var(0) + 1e-5) * x + y,
        "F.batch_norm(T, u, u, training=False)": lambda T, u: (T - u[:, None]) / np.sqrt(u[:, None] + 1e-5),
    },
    "functional.group_norm": {"F.group_norm(T, 1, u, u)": lambda T, u: _grouped(T, 1) * u[:, None] + u[:, None]},
    "linalg.solve_sylvester": {"linalg.solve_sylvester(S, S.T, S @ S)": lambda S: scipy.linalg.solve_sylvester(S, S.T, S @ S)},
    "linalg.solve_discrete_lyapunov": {
        "linalg.solve_discrete_lyapunov(0.1 * S, S @ S)": lambda S: scipy.linalg.solve_discrete_lyapunov(0.1 * S, S @ S)
    },
    "linalg.solve_continuous_lyapunov": {
        "linalg.solve_continuous_lyapunov(S, S @ S)": lambda S: scipy.linalg.solve_continuous_lyapunov(S, S @ S)
    },
    "fft.fft": {"torch.real(torch.fft.fft(x))": lambda x: np.real(np.fft.fft(x))},
    "fft.ifft": {"torch.real(torch.fft.ifft(torch.fft.fft(x) * x))": lambda x: np.real(np.fft.ifft(np.fft.fft(x) * x))},
    "functional.layer_norm": {"F.layer_norm(X, (3,), x, y)": lambda X, x, y: _layer(X) * x + y, "F.layer_norm(X, X.shape[-1:])": _layer},
}  # fmt: skip
"""PyTorch's names: a text, and the formula of the documentation in NumPy."""
TORCH = [(text, truth) for texts in DOCUMENTED.values() for text, truth in texts.items()]


@pytest.mark.parametrize(("text", "truth"), TORCH, ids=[text for text, _ in TORCH])
def test_means_what_the_documentation_of_pytorch_says(text: str, truth: Callable[..., Any]) -> None:
    agrees(text, lambda given: truth(**given))


_REFUSED = (
    "argmax argmin argsort all any ceil floor fix rint round trunc corrcoef cov count_nonzero detach stop_gradient "
    "linalg.cond linalg.matrix_rank nanmax nanmin percentile quantile searchsorted unique normal rand rand_like randn "
    "randn_like functional.dropout functional.nll_loss"
)
REFUSED = [*_REFUSED.split(), "torch.sort", "torch.median"]
"""Names that are known and refused, each with what to write instead."""
HOME = {"": "np", "linalg": "np.linalg", "functional": "F", "torch": "torch"}


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_with_a_reason(name: str) -> None:
    family, _, own = name.rpartition(".")
    with pytest.raises(FrechetError) as caught:
        read_python(f"np.sum({HOME[family]}.{own}(X))", {"X": ["m", "n"]})
    assert caught.value.kind == "unsupported" and "^" in caught.value.message


def test_every_name_of_the_table_has_a_case() -> None:
    named = {name for op in REGISTRY.values() if op.call or op.elementwise for name in op.python}
    assert {*TABLE, *named} == {*CASES, *WITH_NUMBERS, *DOCUMENTED, *REFUSED}
