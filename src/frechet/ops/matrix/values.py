"""Values of matrix functions and spectra.

Real arrays give real arrays; where the principal logarithm or root is not real the value is nan.  A symmetric array
goes through its eigenvalues, which is exact to rounding and keeps the result symmetric.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frechet.core.op import Params
from frechet.ops.arrays import as_matrix, settled

REAL = 1e-8
"""An imaginary part beyond this share of a value makes it complex."""
SKEWED = 1e4
"""Eigenvectors with a condition number beyond this are no basis to compute in."""
NEAR = 1e-3
"""Eigenvalues with a relative gap below this count as one in a divided difference, up to its series."""
PADE = (
    64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600,
    670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1,
)  # fmt: skip
"""The coefficients of the [13/13] Padé approximant of exp (Higham, Functions of Matrices, (10.33))."""
REACH = 5.371920351148152
"""Up to this 1-norm the approximant is exact to rounding."""


def scipy_function(name: str) -> Callable[..., Any]:
    """The function of that name in scipy.linalg, which is imported when first used."""
    import scipy.linalg  # pyright: ignore[reportMissingTypeStubs]

    return getattr(scipy.linalg, name)


def usable(xp: Any, *arrays: Any) -> bool:
    return all(bool(xp.isfinite(a).all()) for a in arrays)


def _symmetric(xp: Any, x: Any) -> bool:
    return not xp.iscomplexobj(x) and bool((x == x.T).all())


def _real(xp: Any, value: Any, x: Any) -> Any:
    """The value for a real argument x: its real part, nan where there is more than that."""
    if not xp.iscomplexobj(value) or xp.iscomplexobj(x):
        return value
    off = xp.max(abs(value.imag), initial=0.0) > REAL * xp.max(abs(value), initial=0.0)
    return value.real * xp.nan if off else value.real


def _spectrum(xp: Any, x: Any) -> tuple[Any, Any, Any] | None:
    """Eigenvalues w, eigenvectors V and inv(V); None where the vectors are too skewed."""
    if _symmetric(xp, x):
        w, v = xp.linalg.eigh(x)
        return w, v, v.T
    w, v = xp.linalg.eig(x)
    return (w, v, xp.linalg.inv(v)) if xp.linalg.cond(v) < SKEWED else None


def expm(xp: Any, params: Params, x: Any) -> Any:
    """Scaling and squaring with the [13/13] Padé approximant."""
    if x.ndim == 0:
        return xp.exp(x)
    size = xp.max(xp.sum(abs(x), axis=0))
    if not usable(xp, size):
        return x * xp.nan
    halvings = max(0, int(xp.ceil(xp.log2(max(size, 1e-300) / REACH))))
    b = PADE
    a = x / 2**halvings
    eye = xp.eye(len(x))
    a2 = a @ a
    a4 = a2 @ a2
    a6 = a4 @ a2
    odd = a6 @ (b[13] * a6 + b[11] * a4 + b[9] * a2) + b[7] * a6 + b[5] * a4 + b[3] * a2 + b[1] * eye
    u = a @ odd
    v = a6 @ (b[12] * a6 + b[10] * a4 + b[8] * a2) + b[6] * a6 + b[4] * a4 + b[2] * a2 + b[0] * eye
    y = xp.linalg.solve(v - u, v + u)
    for _ in range(halvings):
        y = y @ y
    return y


def logm(xp: Any, params: Params, x: Any) -> Any:
    """The principal logarithm."""
    if x.ndim == 0:
        return xp.log(x)
    if not usable(xp, x):
        return x * xp.nan
    found = _spectrum(xp, x)
    if found is not None:
        w, v, back = found
        return _real(xp, (v * xp.log(w)) @ back, x)
    return _real(xp, scipy_function("logm")(x), x)


def sqrtm(xp: Any, params: Params, x: Any) -> Any:
    """The principal square root."""
    if x.ndim == 0:
        return xp.sqrt(x)
    if not usable(xp, x):
        return x * xp.nan
    if _symmetric(xp, x):
        w, v = xp.linalg.eigh(x)
        return (v * xp.sqrt(w)) @ v.T
    return _real(xp, scipy_function("sqrtm")(x), x)


def _block(xp: Any, x: Any, e: Any) -> Any:
    """[X, E; 0, X]: a function of it has the derivative of the function in its upper right corner."""
    return xp.block([[x, e], [xp.zeros_like(x), x]])


def expm_frechet(xp: Any, params: Params, x: Any, e: Any) -> Any:
    """∫₀¹ expm((1-s)X) E expm(sX) ds."""
    if x.ndim == 0:
        return xp.exp(x) * e
    return expm(xp, params, _block(xp, x, e))[: len(x), len(x) :]


def logm_frechet(xp: Any, params: Params, x: Any, e: Any) -> Any:
    """V (D .* (V⁻¹ E V)) V⁻¹ with the divided differences D of log at the eigenvalues."""
    if x.ndim == 0:
        return e / x
    if not usable(xp, x, e):
        return e * xp.nan
    found = _spectrum(xp, x)
    if found is not None:
        w, v, back = found
        log, gap, total = xp.log(w), w[:, None] - w, w[:, None] + w
        near = abs(gap) <= NEAR * abs(total)
        t = (gap / xp.where(near, total, 1.0)) ** 2
        slope = xp.where(near, 2 / total * (1 + t / 3 + t**2 / 5), (log[:, None] - log) / xp.where(near, 1.0, gap))
        slope = slope + 0 * log
        return _real(xp, v @ (slope * (back @ e @ v)) @ back, x)
    return _real(xp, scipy_function("logm")(_block(xp, x, e)), x)[: len(x), len(x) :]


def power_frechet(xp: Any, params: Params, x: Any, k: Any, e: Any) -> Any:
    """The upper right block of [X, E; 0, X]^k."""
    if x.ndim == 0:
        return k * x ** (k - 1) * e
    n = len(x)
    if not float(k).is_integer():
        return e * xp.nan
    return xp.linalg.matrix_power(_block(xp, x, e), int(k))[:n, n:]


def pinv(xp: Any, params: Params, x: Any) -> Any:
    """The Moore-Penrose inverse."""
    if not usable(xp, x):
        return settled(xp, as_matrix(xp, x).T * xp.nan)
    return settled(xp, xp.linalg.pinv(as_matrix(xp, x)))


def chol(xp: Any, params: Params, x: Any) -> Any:
    """The lower triangular factor; reads the lower triangle only."""
    return xp.sqrt(x) if x.ndim == 0 else xp.linalg.cholesky(x)


def phi(xp: Any, params: Params, x: Any) -> Any:
    """The lower triangle, the diagonal halved."""
    m = as_matrix(xp, x)
    return settled(xp, (xp.tril(m) + xp.tril(m, -1)) / 2)


def eigvalsh(xp: Any, params: Params, x: Any) -> Any:
    """The eigenvalues of (X+X')/2, ascending."""
    return x if x.ndim == 0 else xp.linalg.eigvalsh((x + x.T) / 2)


def _signs(xp: Any, v: Any) -> Any:
    """What makes the largest entry of each column positive."""
    at = xp.argmax(abs(v), axis=0)
    return xp.where(v[at, range(v.shape[1])] < 0, -1.0, 1.0)


def eigvecs(xp: Any, params: Params, x: Any) -> Any:
    """Eigenvectors as columns, the largest entry of each positive."""
    if x.ndim == 0:
        return xp.ones_like(x)
    v = xp.linalg.eigh((x + x.T) / 2)[1]
    return v * _signs(xp, v)


def svdvals(xp: Any, params: Params, x: Any) -> Any:
    """Singular values, descending."""
    return settled(xp, xp.linalg.svd(as_matrix(xp, x), compute_uv=False))


def svd_u(xp: Any, params: Params, x: Any) -> Any:
    """Left singular vectors as columns, the largest entry of each positive."""
    u = xp.linalg.svd(as_matrix(xp, x), full_matrices=False)[0]
    return settled(xp, u * _signs(xp, u))


def svd_v(xp: Any, params: Params, x: Any) -> Any:
    """Right singular vectors as columns, with the signs that go with `svd_u`."""
    u, _, vt = xp.linalg.svd(as_matrix(xp, x), full_matrices=False)
    return settled(xp, vt.T * _signs(xp, u))


def norm_nuclear(xp: Any, params: Params, x: Any) -> Any:
    """The sum of the singular values."""
    return xp.sum(xp.linalg.svd(as_matrix(xp, x), compute_uv=False))


def norm_spectral(xp: Any, params: Params, x: Any) -> Any:
    """The largest singular value."""
    return xp.linalg.svd(as_matrix(xp, x), compute_uv=False)[0]
