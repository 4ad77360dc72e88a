"""Quadratic forms, factorisations, products, determinants, inverses and the likelihood of a covariance."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import scipy.sparse
from scipy.linalg import blas, lapack

from .workload import Arrays, Shapes, Workload, definite, draw


def quadratic_arrays(n: int) -> Arrays:
    normal = draw()
    return {"A": normal(n, n), "x": normal(n), "dx": normal(n)}


def quadratic_loss(words: Any, a: Arrays) -> Any:
    return a["x"] @ (a["A"] @ a["x"])


def both_products(A: Any, x: Any) -> Any:
    out = A @ x
    out += x @ A
    return out


def sum_with_transpose(a: Arrays) -> Any:
    """A + A', in tiles that fit the cache."""
    A = a["A"]
    n, tile = len(A), 128
    out = np.empty_like(A)
    for i in range(0, n, tile):
        for j in range(i, n, tile):
            there, back = np.s_[i : i + tile, j : j + tile], np.s_[j : j + tile, i : i + tile]
            np.add(A[there], A[back].T, out=out[there])
            if j > i:
                out[back] = out[there].T
    return out


# The matrix factorisation ‖T - U·W'‖².

FACTOR = "norm2(T-U*W')^2"
FACTOR_SHAPES: Shapes = {"T": ["n", "n"], "U": ["n", "k"], "W": ["n", "k"]}


def factor_arrays(n: int, k: int) -> Arrays:
    normal = draw()
    direction = normal(n, k)
    return {"T": normal(n, n), "U": normal(n, k), "W": normal(n, k), "dU": direction, "dW": direction}


def factor_loss(words: Any, a: Arrays) -> Any:
    return words.sum((a["T"] - a["U"] @ a["W"].T) ** 2)


def factor_gradient(a: Arrays) -> Any:
    out = a["U"] @ (a["W"].T @ a["W"])
    out -= a["T"] @ a["W"]
    out *= 2
    return out


def times_identity(small: Any, n: int) -> Any:
    """small ⊗ I, each entry written once."""
    k = len(small)
    out = np.zeros((k, n, k, n))
    np.einsum("inkn->nik", out)[...] = small
    return out.reshape(k * n, k * n)


def factor_hessian(a: Arrays) -> Any:
    return times_identity(2 * (a["W"].T @ a["W"]), len(a["U"]))


def factor_sparse(a: Arrays) -> Any:
    """small ⊗ I as rows that are compressed: the columns in order, the same few numbers in each block of rows."""
    small, n = 2 * (a["W"].T @ a["W"]), len(a["U"])
    k = len(small)
    columns = np.arange(n, dtype=np.int32)[:, None] + n * np.arange(k, dtype=np.int32)
    data = np.repeat(small, n, axis=0).ravel()
    starts = np.arange(0, k * n * k + 1, k, dtype=np.int32)
    return scipy.sparse.csr_array((data, np.tile(columns.ravel(), k), starts), shape=(k * n, k * n))


def factor_hvp(a: Arrays) -> Any:
    return a["dU"] @ (2 * (a["W"].T @ a["W"]))


def joint_gradient(a: Arrays) -> Any:
    r = a["U"] @ a["W"].T
    r -= a["T"]
    return 2 * (r @ a["W"]), 2 * (r.T @ a["U"])


def joint_hessian(a: Arrays) -> Any:
    """The four blocks; that by U and W is that by W and U, transposed."""
    T, U, W = a["T"], a["U"], a["W"]
    n, k = U.shape
    cross = np.empty((k, n, k, n))
    np.multiply((2 * W.T)[:, None, None, :], U[None, :, :, None], out=cross)
    r = U @ W.T
    r -= T
    r *= 2
    np.einsum("knki->kni", cross)[...] += r
    matrix = cross.reshape(k * n, k * n)
    return times_identity(2 * (W.T @ W), n), matrix, np.ascontiguousarray(matrix.T), times_identity(2 * (U.T @ U), n)


def joint_hvp(a: Arrays) -> Any:
    """2·(dU·W'W + U·dW'W - R·dW) and 2·(dW·U'U + W·dU'U - R'·dU), R = T - U·W': the products with T are the only ones
    of the size of T."""
    T, U, W, dU, dW = a["T"], a["U"], a["W"], a["dU"], a["dW"]
    by_u = dU @ (W.T @ W) + U @ (dW.T @ W + W.T @ dW) - T @ dW
    by_w = dW @ (U.T @ U) + W @ (dU.T @ U + U.T @ dU) - T.T @ dU
    return 2 * by_u, 2 * by_w


# The product C = A·B.


def product_arrays(n: int) -> Arrays:
    normal = draw()
    return {"A": normal(n, n), "B": normal(n, n), "G": normal(n, n), "dB": normal(n, n)}


def product_jacobian(a: Arrays) -> Any:
    n = len(a["A"])
    out = np.zeros((n, n, n, n))
    for j in range(n):
        out[j, :, j] = a["A"]
    return out.reshape(n * n, n * n)


def product_sparse(a: Arrays) -> Any:
    A = a["A"]
    n = len(A)
    columns = np.broadcast_to(np.arange(n * n, dtype=np.int32).reshape(n, 1, n), (n, n, n)).ravel()
    starts = np.arange(0, n**3 + 1, n, dtype=np.int32)
    return scipy.sparse.csr_array((np.tile(A.ravel(), n), columns, starts), shape=(n * n, n * n))


# Determinants and inverses.


def mirror(a: Any) -> Any:
    """The part above the diagonal written below it, in place."""
    n = len(a)
    if n <= 64:
        low = np.tril_indices(n, -1)
        a[low] = a.T[low]
        return a
    half = n // 2
    a[half:, :half] = a[:half, half:].T
    mirror(a[:half, :half])
    mirror(a[half:, half:])
    return a


def inverse_of_definite(S: Any) -> Any:
    """By Cholesky (potrf, potri): half of what LU costs."""
    factor, _ = lapack.dpotrf(S.T, lower=0, clean=0)
    inverse, _ = lapack.dpotri(factor, lower=0, overwrite_c=1)
    return mirror(inverse)


def definite_arrays(n: int) -> Arrays:
    normal = draw()
    S = definite(normal, n)
    return {"S": S, "X": S, "dS": definite(normal, n), "dX": definite(normal, n)}


def logdet_loss(words: Any, a: Arrays) -> Any:
    return words.logdet(a["S"])


def logdet_by_cholesky(words: Any, a: Arrays) -> Any:
    return 2 * words.sum(words.log(words.diagonal(words.cholesky(a["S"]))))


def trinv_loss(words: Any, a: Arrays) -> Any:
    return words.trace(words.inv(a["S"]))


# SciPy's LAPACK has a BLAS of its own beside NumPy's, and their threads fight: what starts with one stays there.


def logdet_hvp(a: Arrays) -> Any:
    """-P·dS'·P."""
    P = inverse_of_definite(a["S"])
    return blas.dsymm(-1.0, P, blas.dsymm(1.0, P, a["dS"].T, side=1))


def trinv_gradient(a: Arrays) -> Any:
    """-P²."""
    return mirror(blas.dsyrk(-1.0, inverse_of_definite(a["S"])))


def trinv_hvp(a: Arrays) -> Any:
    """P·Y + Y·P, Y = P·dS'·P."""
    P = inverse_of_definite(a["S"])
    Y = blas.dsymm(1.0, P, blas.dsymm(1.0, P, a["dS"].T, side=1))
    return blas.dsymm(1.0, P, Y, beta=1.0, c=blas.dsymm(1.0, P, Y), side=1, overwrite_c=1)


def logdet_hessian(a: Arrays) -> Any:
    """-X⁻ᵀ ⊗ X⁻¹ with rows and columns exchanged: entry (j,i),(l,k) is -P[l,i]·P[j,k]."""
    P = np.linalg.inv(a["S"])
    n = len(P)
    out = np.empty((n, n, n, n))
    np.multiply(-P.T[None, :, :, None], P[:, None, None, :], out=out)
    return out.reshape(n * n, n * n)


def trinv_hessian(a: Arrays) -> Any:
    """Entry (j,i),(l,k) is P[j,k]·Q[l,i] + Q[j,k]·P[l,i], Q = P²."""
    P = np.linalg.inv(a["S"])
    return crossed(P, P @ P)


def crossed(P: Any, Q: Any) -> Any:
    n = len(P)
    out = np.empty((n, n, n, n))
    for j in range(n):  # n³ numbers at a time stay in the cache
        np.multiply(P[j], Q.T[:, :, None], out=out[j])
        out[j] += Q[j] * P.T[:, :, None]
    return out.reshape(n * n, n * n)


# The likelihood of a covariance matrix.

GAUSS = "(m*logdet(S)+tr(inv(S)*X'*X))/2"
GAUSS_SHAPES: Shapes = {"X": ["m", "d"], "S": ["d", "d"]}


def gauss_arrays(m: int, d: int) -> Arrays:
    normal = draw()
    return {"X": normal(m, d), "S": definite(normal, d), "dS": definite(normal, d)}


def gauss_loss(words: Any, a: Arrays) -> Any:
    X, S = a["X"], a["S"]
    return (len(X) * words.logdet(S) + words.trace(words.solve(S, X.T @ X))) / 2


def gauss_gradient(a: Arrays) -> Any:
    P = np.linalg.inv(a["S"])
    return P @ (len(a["X"]) * a["S"] - a["X"].T @ a["X"]) @ P / 2


def gauss_hessian(a: Arrays) -> Any:
    """Entry (j,i),(l,k) is (Q[l,i]·P[j,k] + P[l,i]·(Q - m·P)[j,k])/2, Q = P·X'X·P."""
    P = np.linalg.inv(a["S"])
    Q = P @ (a["X"].T @ a["X"]) @ P
    R = (Q - len(a["X"]) * P) / 2
    n = len(P)
    out = np.empty((n, n, n, n))
    np.multiply((Q.T / 2)[None, :, :, None], P[:, None, None, :], out=out)
    out += P.T[None, :, :, None] * R[:, None, None, :]
    return out.reshape(n * n, n * n)


DEFINITE = {"S": ["positive definite"]}
SQUARE: Shapes = {"S": ["n", "n"]}
_quadratic = partial(
    Workload, name="x'Ax, n=2000", formula="x'*A*x", wrt=("x",), shapes={"A": ["n", "n"], "x": ["n"]},
    arrays=lambda: quadratic_arrays(2000), losses=[quadratic_loss],
)  # fmt: skip
_factor = partial(Workload, formula=FACTOR, wrt=("U",), shapes=FACTOR_SHAPES, losses=[factor_loss])
_at_300 = partial(_factor, name="‖T−UV'‖² 300, k=10", arrays=lambda: factor_arrays(300, 10))
_at_2000 = partial(_factor, name="‖T−UV'‖² 2000, k=20", arrays=lambda: factor_arrays(2000, 20))
_joint = partial(_factor, wrt=("U", "W"))
_product = partial(
    Workload, formula="A*B", wrt=("B",), shapes={"A": ["m", "n"], "B": ["n", "p"]},
    losses=[lambda words, a: a["A"] @ a["B"]],
)  # fmt: skip
_at_40 = partial(_product, name="C=AB at 40", arrays=lambda: product_arrays(40))
_logdet = partial(
    Workload, formula="logdet(S)", wrt=("S",), shapes=SQUARE, assumptions=DEFINITE,
    losses=[logdet_loss, logdet_by_cholesky], name="logdet at 500", arrays=lambda: definite_arrays(500),
)  # fmt: skip
_trinv = partial(
    Workload, formula="tr(inv(S))", wrt=("S",), shapes=SQUARE, assumptions=DEFINITE, losses=[trinv_loss],
    name="tr inv at 500", arrays=lambda: definite_arrays(500),
)  # fmt: skip
_free = {"assumptions": {}, "arrays": lambda: definite_arrays(40)}
_gauss = partial(Workload, formula=GAUSS, wrt=("S",), shapes=GAUSS_SHAPES, losses=[gauss_loss])

WORKLOADS = [
    _quadratic(kind="gradient", hand=lambda a: both_products(a["A"], a["x"])),
    _quadratic(kind="hessian", hand=sum_with_transpose, at_least=30),
    _quadratic(kind="operator", order=2, hand=lambda a: both_products(a["A"], a["dx"]), at_least=1),
    _at_300(kind="gradient", hand=factor_gradient),
    _at_300(kind="hessian", hand=factor_hessian, at_least=100, zeros=True),
    _at_300(kind="sparse", order=2, hand=factor_sparse, zeros=True),
    _at_2000(kind="hvp", hand=factor_hvp),
    _at_2000(kind="operator", order=2, hand=factor_hvp),
    _joint(name="‖T−UV'‖² by U, V, 300", arrays=lambda: factor_arrays(300, 10), kind="gradient", hand=joint_gradient),
    _joint(name="‖T−UV'‖² by U, V, 150", arrays=lambda: factor_arrays(150, 10), kind="hessian", hand=joint_hessian),
    _joint(name="‖T−UV'‖² by U, V, 2000", arrays=lambda: factor_arrays(2000, 20), kind="hvp", hand=joint_hvp),
    _joint(
        name="‖T−UV'‖² by U, V, 2000", arrays=lambda: factor_arrays(2000, 20), kind="operator", order=2, hand=joint_hvp
    ),
    _at_40(kind="jacobian", hand=product_jacobian, zeros=True),
    _at_40(kind="sparse", hand=product_sparse, zeros=True),
    _at_40(kind="operator", hand=lambda a: a["A"] @ a["dB"]),
    _product(
        name="C=AB at 1000", arrays=lambda: product_arrays(1000), kind="pullback", hand=lambda a: a["A"].T @ a["G"]
    ),
    _logdet(kind="gradient", hand=lambda a: inverse_of_definite(a["S"])),
    _logdet(kind="hvp", hand=logdet_hvp),
    _logdet(name="logdet at 40", kind="hessian", losses=[logdet_loss], hand=logdet_hessian, **_free),
    _trinv(kind="gradient", hand=trinv_gradient),
    _trinv(kind="hvp", hand=trinv_hvp),
    _trinv(name="tr inv at 40", kind="hessian", hand=trinv_hessian, **_free),
    _gauss(
        name="Gaussian in Σ, d=50", arrays=lambda: gauss_arrays(1000, 50), kind="gradient", hand=gauss_gradient,
        assumptions=DEFINITE,
    ),
    _gauss(name="Gaussian in Σ, d=20", arrays=lambda: gauss_arrays(1000, 20), kind="hessian", hand=gauss_hessian),
]  # fmt: skip
