"""Functions of matrices and vectors for `audit.py`: the same function in NumPy, JAX, PyTorch, autograd and frechet.

The values by NumPy are what differences are taken of, so a function that is not smooth at its point has no place here;
ties and corners stand in `audit_corners`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import autograd.numpy as anp
import autograd.scipy.linalg as asl
import autograd.scipy.special as asp
import jax
import jax.numpy as jnp
import jax.scipy.linalg as jsl
import numpy as np
import scipy.linalg as sl
import scipy.special as sp
import torch

Function = Callable[[Any], Any]
RANDOM = np.random.default_rng(7)


@dataclass(frozen=True)
class Case:
    """A function at a point.

    reference  the function by NumPy and SciPy
    formula    the function for frechet, of X and `more`; empty where its language has none
    kind       "free", "symmetric" or "lower": the directions in which the point may move
    """

    name: str
    x: Any
    reference: Function
    jax: Function | None
    torch: Function | None
    autograd: Function | None
    formula: str = ""
    kind: str = "free"
    more: Mapping[str, Any] = field(default_factory=dict[str, Any])
    known: tuple[str, ...] = ()


A = RANDOM.normal(size=(4, 4)) + 2 * np.eye(4)
NEGATIVE = A[[1, 0, 2, 3]]
TALL, WIDE = RANDOM.normal(size=(5, 3)), RANDOM.normal(size=(3, 5))
S = A @ A.T / 4 + np.eye(4)
L = np.linalg.cholesky(S)
B, b, b5, b3 = RANDOM.normal(size=(4, 2)), RANDOM.normal(size=4), RANDOM.normal(size=5), RANDOM.normal(size=3)
Q = np.linalg.qr(RANDOM.normal(size=(4, 4)))[0]
RANK3, RANK2 = Q @ np.diag([3.0, 2.0, 1.0, 0.0]) @ Q.T, Q @ np.diag([3.0, 2.0, 0.0, 0.0]) @ Q.T
EXACT3 = np.array([[1.0, 2, 0, 1], [0, 1, 3, 1], [2, 0, 1, 1], [0.0, 0, 0, 0]])
TWICE = Q @ np.diag([2.0, 2.0, 1.0, 0.5]) @ Q.T
CLOSE = Q @ np.diag([2.0, 2.0 + 1e-12, 1.0, 0.5]) @ Q.T
x = RANDOM.normal(size=6)
one, two = np.array([1.5, 0.0, -2.0, 0.7]), np.array([1.5, 0.0, -2.0, 0.0])
tla, jla, nla = torch.linalg, jnp.linalg, np.linalg


def t(a: Any) -> Any:
    return torch.as_tensor(a)


def squares(f: Function, k: int) -> Function:
    """The squares of a factor's entries: signs of vectors are a matter of taste."""
    return lambda a: f(a)[k] ** 2


def lower_inverse(a: Any) -> Any:
    return nla.inv(np.tril(a) @ np.tril(a).T)


def cases() -> list[Case]:
    """All of them."""
    return [*inverses(), *factors(), *spectra(), *functions(), *reductions()]


def inverses() -> list[Case]:
    lstsq = "pinv(X)*b"
    return [
        Case("inv", A, nla.inv, jla.inv, tla.inv, anp.linalg.inv, "inv(X)"),
        Case("det", A, nla.det, jla.det, tla.det, anp.linalg.det, "det(X)"),
        Case("det, rank n−1", RANK3, nla.det, jla.det, tla.det, anp.linalg.det, "det(X)"),
        Case("det, a row of zeros", EXACT3, nla.det, jla.det, tla.det, anp.linalg.det, "det(X)"),
        Case("det, rank n−2", RANK2, nla.det, jla.det, tla.det, anp.linalg.det, "det(X)"),
        Case("det, zeros", np.zeros((2, 2)), nla.det, jla.det, tla.det, anp.linalg.det, "det(X)"),
        Case("slogdet", A, lambda a: nla.slogdet(a)[1], lambda a: jla.slogdet(a)[1], lambda a: tla.slogdet(a)[1],
             lambda a: anp.linalg.slogdet(a)[1], "log(abs(det(X)))"),
        Case("slogdet, det < 0", NEGATIVE, lambda a: nla.slogdet(a)[1], lambda a: jla.slogdet(a)[1],
             lambda a: tla.slogdet(a)[1], lambda a: anp.linalg.slogdet(a)[1], "log(abs(det(X)))"),
        Case("solve, by the matrix", A, lambda a: nla.solve(a, B), lambda a: jla.solve(a, B),
             lambda a: tla.solve(a, t(B)), lambda a: anp.linalg.solve(a, B), "inv(X)*B", more={"B": B}),
        Case("solve, by a vector on the right", b, lambda v: nla.solve(A, v), lambda v: jla.solve(A, v),
             lambda v: tla.solve(t(A), v), lambda v: anp.linalg.solve(A, v), "inv(A)*X", more={"A": A}),
        Case("solve, positive definite", S, lambda a: nla.solve(a, B), lambda a: jsl.solve(a, B, assume_a="pos"),
             None, None, "inv(X)*B", "symmetric", {"B": B}),
        Case("triangular solve", L, lambda a: sl.solve_triangular(a, B, lower=True),
             lambda a: jsl.solve_triangular(a, B, lower=True),
             lambda a: tla.solve_triangular(a, t(B), upper=False),
             lambda a: asl.solve_triangular(a, B, lower=True), "inv(X)*B", "lower", {"B": B}),
        Case("triangular solve, transposed", L, lambda a: sl.solve_triangular(a, B, lower=True, trans=1),
             lambda a: jsl.solve_triangular(a, B, lower=True, trans=1),
             lambda a: tla.solve_triangular(a.T, t(B), upper=True),
             lambda a: asl.solve_triangular(a, B, lower=True, trans="T"), "inv(X')*B", "lower", {"B": B}),
        Case("tensorsolve", A.reshape(2, 2, 4), lambda a: nla.tensorsolve(a, b.reshape(2, 2)),
             lambda a: jla.tensorsolve(a, b.reshape(2, 2)), lambda a: tla.tensorsolve(a, t(b.reshape(2, 2))), None),
        Case("lstsq, tall", TALL, lambda a: nla.lstsq(a, b5)[0], lambda a: jla.lstsq(a, b5)[0],
             lambda a: tla.lstsq(a, t(b5)[:, None]).solution[:, 0], None, lstsq, more={"b": b5}),
        Case("lstsq, wide", WIDE, lambda a: nla.lstsq(a, b3)[0], lambda a: jla.lstsq(a, b3)[0],
             lambda a: tla.lstsq(a, t(b3)[:, None]).solution[:, 0], None, lstsq, more={"b": b3}),
        Case("pinv, tall", TALL, nla.pinv, jla.pinv, tla.pinv, anp.linalg.pinv, "pinv(X)"),
        Case("pinv, wide", WIDE, nla.pinv, jla.pinv, tla.pinv, anp.linalg.pinv, "pinv(X)"),
        Case("pinv, equal singular values", 2 * Q, nla.pinv, jla.pinv, tla.pinv, anp.linalg.pinv, "pinv(X)"),
    ]  # fmt: skip


def factors() -> list[Case]:
    return [
        Case("cholesky", S, nla.cholesky, jla.cholesky, tla.cholesky, anp.linalg.cholesky, "chol(X)", "symmetric",
             known=("positive definite",)),
        Case("cholesky_inverse", L, lower_inverse, None, torch.cholesky_inverse, None, "inv(X*X')", "lower"),
        Case("cholesky_inverse, upper", L.T.copy(), lambda a: nla.inv(a.T @ a), None,
             lambda a: torch.cholesky_inverse(a, upper=True), None, "inv(X'*X)", "upper"),
        Case("cho_solve, by the factor", L, lambda a: lower_inverse(a) @ B, lambda a: jsl.cho_solve((a, True), B),
             lambda a: torch.cholesky_solve(t(B), a), None, "inv(X*X')*B", "lower", {"B": B}),
        Case("cho_solve, by the right side", B, lambda v: nla.solve(S, v), lambda v: jsl.cho_solve((L, True), v),
             lambda v: torch.cholesky_solve(v, t(L)), None, "inv(S)*X", more={"S": S}),
        Case("qr, Q, tall", TALL, squares(nla.qr, 0), squares(jla.qr, 0), squares(tla.qr, 0),
             squares(anp.linalg.qr, 0) if hasattr(anp.linalg, "qr") else None, "qr_q(X).^2"),
        Case("qr, R, tall", TALL, squares(nla.qr, 1), squares(jla.qr, 1), squares(tla.qr, 1), None, "qr_r(X).^2"),
        Case("qr, R, square", A, squares(nla.qr, 1), squares(jla.qr, 1), squares(tla.qr, 1), None, "qr_r(X).^2"),
        Case("qr, R, wide", WIDE, squares(nla.qr, 1), squares(jla.qr, 1), squares(tla.qr, 1), None),
        Case("lu, U", A, squares(sl.lu, 2), squares(jsl.lu, 2), squares(tla.lu, 2), None),
        Case("lu, L, tall", TALL, squares(sl.lu, 1), squares(jsl.lu, 1), squares(tla.lu, 1), None),
    ]  # fmt: skip


def spectra() -> list[Case]:
    def svd(xp: Any) -> Function:
        return lambda a: xp.linalg.svd(a, full_matrices=False)

    def exponentials(xp: Any) -> Function:
        return lambda a: xp.exp(xp.linalg.eigvalsh(a)).sum()

    def auto(a: Any) -> Any:
        return anp.sum(anp.exp(anp.linalg.eigh(a)[0]))

    def trace(a: Any) -> Any:
        return np.trace(sl.expm(a))

    made: list[Case] = [
        Case("eigvalsh", S, nla.eigvalsh, jla.eigvalsh, tla.eigvalsh, lambda a: anp.linalg.eigh(a)[0], "eigvalsh(X)",
             "symmetric", known=("symmetric",)),
        Case("eigh, vectors", S, squares(nla.eigh, 1), squares(jla.eigh, 1), squares(tla.eigh, 1),
             squares(anp.linalg.eigh, 1), "eigvecs(X).^2", "symmetric", known=("symmetric",)),
        Case("Σ exp eigvalsh, an eigenvalue twice", np.diag([2.0, 2, 1, 0.5]), trace, exponentials(jnp),
             exponentials(torch), auto, "tr(expm(X))", "symmetric", known=("symmetric",)),
        Case("Σ exp eigvalsh, twice up to rounding", TWICE, trace, exponentials(jnp), exponentials(torch), auto,
             "tr(expm(X))", "symmetric", known=("symmetric",)),
        Case("Σ exp eigvalsh, 10⁻¹² apart", CLOSE, trace, exponentials(jnp), exponentials(torch), auto,
             "tr(expm(X))", "symmetric", known=("symmetric",)),
    ]  # fmt: skip
    for name, at in (("tall", TALL), ("wide", WIDE), ("square", A)):
        made += [
            Case(f"svdvals, {name}", at, lambda a: svd(np)(a)[1], lambda a: svd(jnp)(a)[1], tla.svdvals,
                 lambda a: svd(anp)(a)[1], "svdvals(X)"),
            Case(f"svd, U, {name}", at, squares(svd(np), 0), squares(svd(jnp), 0), squares(svd(torch), 0),
                 squares(svd(anp), 0), "svd_u(X).^2"),
            Case(f"svd, V, {name}", at, squares(svd(np), 2), squares(svd(jnp), 2), squares(svd(torch), 2),
                 squares(svd(anp), 2), "(svd_v(X)').^2"),
        ]  # fmt: skip
    for name, at in (("tall", TALL), ("square", A), ("equal singular values", 2 * Q)):
        made.append(Case(f"nuclear norm, {name}", at, lambda a: nla.norm(a, "nuc"), lambda a: jla.norm(a, "nuc"),
                         lambda a: tla.matrix_norm(a, "nuc"), lambda a: anp.linalg.norm(a, "nuc"),
                         "norm(X,'nuc')"))  # fmt: skip
    return [
        *made,
        Case("spectral norm", TALL, lambda a: nla.norm(a, 2), lambda a: jla.norm(a, 2),
             lambda a: tla.matrix_norm(a, 2), None, "norm(X,2)"),
        Case("Frobenius norm", TALL, nla.norm, jla.norm, tla.matrix_norm, anp.linalg.norm, "norm2(X)"),
    ]  # fmt: skip


def functions() -> list[Case]:
    small = np.triu(RANDOM.normal(size=(4, 4)), 1)
    made = [
        Case(f"expm{name}", at, sl.expm, jsl.expm, torch.matrix_exp, None, "expm(X)")
        for name, at in (("", A), (", zeros", np.zeros((3, 3))), (", nilpotent", small), (", norm 30", 6 * A))
    ]
    made += [
        Case(f"matrix_power {k}", A, lambda a, k=k: nla.matrix_power(a, k), lambda a, k=k: jla.matrix_power(a, k),
             lambda a, k=k: tla.matrix_power(a, k), None, f"X^({k})")
        for k in (3, -2, 5)
    ]  # fmt: skip
    return [
        *made,
        Case("sqrtm", S, sl.sqrtm, lambda a: jsl.sqrtm(a).real, None, asl.sqrtm, "sqrtm(X)"),
        Case("logm", S, sl.logm, None, None, None, "logm(X)"),
        Case("sylvester, by A", A, lambda a: sl.solve_sylvester(a, A, S), None, None,
             lambda a: asl.solve_sylvester(a, A, S), "sylvester(X,A,S)", more={"A": A, "S": S}),
        Case("kron", B, lambda a: np.kron(a, TALL), lambda a: jnp.kron(a, TALL), lambda a: torch.kron(a, t(TALL)),
             lambda a: anp.kron(a, TALL), "kron(X,T)", more={"T": TALL}),
        Case("kron, on the right", B, lambda a: np.kron(TALL, a), lambda a: jnp.kron(TALL, a),
             lambda a: torch.kron(t(TALL), a), lambda a: anp.kron(TALL, a), "kron(T,X)", more={"T": TALL}),
        Case("trace of a cube", A, lambda a: np.trace(a @ a @ a), lambda a: jnp.trace(a @ a @ a),
             lambda a: torch.trace(a @ a @ a), lambda a: anp.trace(a @ a @ a), "tr(X^3)"),
        Case("cross", b3, lambda v: np.cross(v, b3**2), lambda v: jnp.cross(v, b3**2),
             lambda v: tla.cross(v, t(b3**2)), lambda v: anp.cross(v, b3**2), "cross(X,c)", more={"c": b3**2}),
    ]  # fmt: skip


def reductions() -> list[Case]:
    large, ninf = np.array([1000.0, 999.0, -1000.0, 998.5]), np.array([1.0, -800.0, 0.5, 0.2])
    made: list[Case] = []
    for name, at in (("", x), (", large", large), (", one far below", ninf)):
        made += [
            Case(f"logsumexp{name}", at, sp.logsumexp, jax.scipy.special.logsumexp,
                 lambda v: torch.logsumexp(v, 0), asp.logsumexp, "logsumexp(X)"),
            Case(f"softmax{name}", at, sp.softmax, jax.nn.softmax, lambda v: torch.softmax(v, 0), None, "softmax(X)"),
        ]  # fmt: skip
    for name, at in (("", x), (", one zero", one), (", two zeros", two)):
        made += [
            Case(f"prod{name}", at, np.prod, jnp.prod, torch.prod, anp.prod, "prod(X)"),
            Case(f"cumprod{name}", at, np.cumprod, jnp.cumprod, lambda v: torch.cumprod(v, 0), None, "cumprod(X)"),
        ]  # fmt: skip
    n = len(x)
    return [
        *made,
        Case("cumsum", x, np.cumsum, jnp.cumsum, lambda v: torch.cumsum(v, 0), anp.cumsum, "cumsum(X)"),
        Case("logcumsumexp", x, lambda v: np.log(np.cumsum(np.exp(v))), jax.lax.cumlogsumexp,
             lambda v: torch.logcumsumexp(v, 0), None, "log(cumsum(exp(X)))"),
        Case("sort", x, np.sort, jnp.sort, lambda v: torch.sort(v).values, anp.sort, "sort(X)"),
        Case("median, odd", x[:5], np.median, jnp.median, torch.median, None, "median(X)"),
        Case("var", x, lambda v: np.var(v, ddof=1), lambda v: jnp.var(v, ddof=1), torch.var,
             lambda v: anp.var(v, ddof=1), f"norm2(X-mean(X))^2/{n - 1}"),
        Case("std", x, lambda v: np.std(v, ddof=1), lambda v: jnp.std(v, ddof=1), torch.std,
             lambda v: anp.std(v, ddof=1), f"norm2(X-mean(X))/sqrt({n - 1})"),
        Case("max, no tie", x, np.max, jnp.max, torch.amax, anp.max, "max(X)"),
        Case("3-norm", x, lambda v: nla.norm(v, 3), lambda v: jla.norm(v, 3), lambda v: tla.vector_norm(v, 3),
             lambda v: anp.linalg.norm(v, 3), "sum(abs(X).^3)^(1/3)"),
    ]  # fmt: skip
