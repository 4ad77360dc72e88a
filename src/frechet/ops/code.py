"""How operations are written as code, for NumPy, JAX and PyTorch, by their names.

What has no entry here is written by its value function, which the source then carries along.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from frechet.core.code import Code


def _same(name: str, torch: str = "", cost: int = 1) -> Code:
    """A function that the libraries call alike, but for PyTorch where it is said."""
    torch = f"torch.{torch}({{0}})" if torch else ""
    return Code(text=f"{{xp}}.{name}({{0}})", torch=torch, cost=cost)


def _special(name: str, torch: str = "") -> Code:
    """A function of scipy.special, and of its like."""
    return Code(
        text=f"{{special}}.{name}({{0}})",
        torch=f"torch.special.{torch or name}({{0}})",
        cost=20,
    )


SOFTPLUS = """
def softplus(x):
    \"\"\"log(1+exp(x)), without overflow.\"\"\"
    return {xp}.maximum(x, 0) + {xp}.log1p({xp}.exp(-abs(x)))
"""
SOFTMAX = """
def softmax(x, axis=None):
    \"\"\"exp(x)/sum(exp(x)), without overflow.\"\"\"
    e = {xp}.exp(x - x.max(axis=axis, keepdims=True))
    e /= e.sum(axis=axis, keepdims=True)
    return e
"""
LOGSUMEXP = """
def logsumexp(x, axis=None):
    \"\"\"log(sum(exp(x))), without overflow.\"\"\"
    top = x.max(axis=axis, keepdims=True)
    total = {xp}.log({xp}.exp(x - top).sum(axis=axis, keepdims=True))
    return (top + total).squeeze(axis=axis)
"""

CHOLESKY_INVERSE = """
def cholesky_inverse(factor):
    \"\"\"The inverse of the matrix with this Cholesky factor.\"\"\"
    c, lower = factor
    inverse, _ = dpotri(c, lower=lower)
    half = {xp}.tril(inverse) if lower else {xp}.triu(inverse)
    inverse = half + half.T
    {xp}.einsum("ii->i", inverse)[...] /= 2
    return inverse
"""
QR = """
def positive_qr(x):
    \"\"\"Q and R of x = QR, the diagonal of R positive.\"\"\"
    q, r = {xp}.linalg.qr(x)
    signs = {xp}.where({xp}.diagonal(r) < 0, -1.0, 1.0)
    return q * signs, signs[:, None] * r
"""

SVD = """
def signed_svd(x):
    \"\"\"U and V of x = U S V', the largest entry of each column of U positive.\"\"\"
    u, _, vt = {xp}.linalg.svd(x, full_matrices=False)
    largest = u[abs(u).argmax(0), {xp}.arange(u.shape[1])]
    return u * {xp}.sign(largest), vt.T * {xp}.sign(largest)
"""
EIGENVECTORS = """
def signed_eigenvectors(x):
    \"\"\"The eigenvectors of the symmetric part of x, the largest entry of each positive.\"\"\"
    v = {xp}.linalg.eigh((x + x.T) / 2)[1]
    largest = v[abs(v).argmax(0), {xp}.arange(len(v))]
    return v * {xp}.sign(largest)
"""

CODES: Mapping[str, Code] = MappingProxyType(
    {
        "exp": _same("exp", cost=10),
        "log": _same("log", cost=10),
        "sqrt": _same("sqrt", cost=4),
        "abs": Code(text="abs({0})"),
        "sign": _same("sign"),
        "step": Code(text="({0} > 0) * 1.0", torch="({0} > 0).to({0}.dtype)"),
        "sin": _same("sin", cost=15),
        "cos": _same("cos", cost=15),
        "tan": _same("tan", cost=20),
        "arcsin": _same("arcsin", cost=20),
        "arccos": _same("arccos", cost=20),
        "arctan": _same("arctan", cost=20),
        "sinh": _same("sinh", cost=20),
        "cosh": _same("cosh", cost=20),
        "tanh": _same("tanh", cost=15),
        "atan2": Code(text="{xp}.arctan2({0}, {1})", cost=20),
        "max": Code(text="{xp}.maximum({0}, {1})"),
        "min": Code(text="{xp}.minimum({0}, {1})"),
        "epower": Code(text="{0}**{1}", cost=20),
        "relu": Code(text="{xp}.maximum({0}, 0)", torch="torch.relu({0})"),
        "leakyrelu": Code(text="{xp}.where({0} > 0, {0}, {1} * {0})"),
        "sigmoid": Code(
            numpy="{special}.expit({0})",
            jax="jax.nn.sigmoid({0})",
            torch="torch.sigmoid({0})",
            cost=15,
        ),
        "softplus": Code(
            numpy="softplus({0})",
            jax="jax.nn.softplus({0})",
            torch="torch.logaddexp({0}, torch.zeros_like({0}))",
            helper=SOFTPLUS,
            cost=25,
        ),
        "softmax": Code(
            numpy="softmax({0}{, axis})",
            jax="jax.nn.softmax({0}, axis={axis})",
            torch="torch.exp({0} - torch.logsumexp({0}, dim={dim}, keepdim=True))",
            helper=SOFTMAX,
            cost=12,
        ),
        "logsumexp": Code(
            numpy="logsumexp({0}{, axis})",
            jax="jax.nn.logsumexp({0}{, axis})",
            torch="torch.logsumexp({0}, dim={dim})",
            helper=LOGSUMEXP,
            cost=12,
        ),
        "gamma": Code(numpy="{special}.gamma({0})", jax="{special}.gamma({0})", cost=30),
        "lgamma": _special("gammaln"),
        "digamma": _special("digamma"),
        "polygamma": Code(text="{special}.polygamma({p0}, {0})", torch="torch.special.polygamma({p0}, {0})", cost=40),
        "erf": _special("erf"),
        "erfc": _special("erfc"),
        "erfinv": _special("erfinv"),
        "normcdf": _special("ndtr"),
        "norminv": _special("ndtri"),
        "conj": Code(text="{0}.conj()"),
        "real": Code(text="{0}.real"),
        "prod": Code(text="{0}.prod({axis})", torch="torch.prod({0}{, dim})"),
        "largest": Code(text="{0}.max()"),
        "smallest": Code(text="{0}.min()"),
        "inv": Code(role="inverse", helper=CHOLESKY_INVERSE),
        "logdet": Code(role="log determinant"),
        "det": Code(axes=2, text="{xp}.linalg.det({0})"),
        "chol": Code(axes=2, text="{xp}.linalg.cholesky({0})"),
        "eigvalsh": Code(axes=2, text="{xp}.linalg.eigvalsh(({0} + {0}.T) / 2)"),
        "pinv": Code(axes=2, text="{xp}.linalg.pinv({0})"),
        "expm": Code(axes=2, text="{linalg}.expm({0})", torch="torch.linalg.matrix_exp({0})"),
        "sylvester": Code(
            axes=2,
            numpy="{linalg}.solve_sylvester({0}, {1}, {2})",
            jax="{linalg}.solve_sylvester({0}, {1}, {2})",
            cost=25,
        ),
        "qr_q": Code(text="positive_qr({0})[0]", helper=QR, axes=2, cost=4),
        "qr_r": Code(text="positive_qr({0})[1]", helper=QR, axes=2, cost=4),
        "svd_u": Code(text="signed_svd({0})[0]", helper=SVD, axes=2, cost=20),
        "svd_v": Code(text="signed_svd({0})[1]", helper=SVD, axes=2, cost=20),
        "svdvals": Code(text="{xp}.linalg.svd({0}, compute_uv=False)", torch="torch.linalg.svdvals({0})", axes=2),
        "eigvecs": Code(text="signed_eigenvectors({0})", helper=EIGENVECTORS, axes=2, cost=10),
        "norm_nuclear": Code(text='{xp}.linalg.norm({0}, "nuc")', torch='torch.linalg.matrix_norm({0}, "nuc")', axes=2),
        "norm_spectral": Code(text="{xp}.linalg.norm({0}, 2)", torch="torch.linalg.matrix_norm({0}, 2)", axes=2),
        "sortperm": Code(
            jax="jnp.eye(len({0}))[jnp.argsort({0}, stable=True)]",
            numpy='np.eye(len({0}))[np.argsort({0}, kind="stable")]',
            axes=1,
        ),
        "sort": Code(axes=1, text="{xp}.sort({0})", torch="torch.sort({0}).values"),
        "median": Code(numpy="np.median({0})", jax="jnp.median({0})"),
        "cross": Code(text="{xp}.cross({0}, {1})", torch="torch.linalg.cross({0}, {1})"),
        "tril": Code(text="{xp}.tril({0})"),
        "triu": Code(text="{xp}.triu({0})"),
        "phi": Code(text="({xp}.tril({0}) + {xp}.tril({0}, -1)) / 2"),
        "pi": Code(text="{xp}.pi"),
    }
)
