"""How PyTorch writes the operations that it has no function for, and those whose value function only NumPy can run.

Each is an expression, as in `code.py`, and the helper functions that stand above.  A helper is made of operations that
PyTorch differentiates, without eigenvectors and Schur forms, whose derivatives fail where eigenvalues coincide: square
roots, logarithms and Riccati equations by iterations of products and solves that converge quadratically.  Where there
is no value the result is nan, as that of the value functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

HELPERS: Mapping[str, str] = MappingProxyType(
    {
        "gamma": '''
def gamma(x):
    """Γ(x); below zero the sign changes at every whole number."""
    size = torch.exp(torch.lgamma(x))
    return torch.where((x < 0) & (torch.floor(x) % 2 != 0), -size, size)
''',
        "lambertw": '''
def lambertw(x):
    """The w ≥ -1 with w*exp(w) = x, by Halley's steps; nan where there is none."""
    p = torch.sqrt(2 * (2.718281828459045 * torch.clamp(x, max=0.5) + 1))
    w = torch.where(x < 0.5, -1 + p - p**2 / 3 + 11 * p**3 / 72, torch.log1p(torch.clamp(x, min=0.5)))
    for _ in range(6):
        off = w * torch.exp(w) - x
        w = torch.where(off == 0, w, w - off / (torch.exp(w) * (w + 1) - (w + 2) * off / (2 * w + 2)))
    return w
''',
        "clip": '''
def clip(x, low, high):
    """x between the bounds; nan where they are the wrong way round."""
    low, high = (torch.as_tensor(a, dtype=x.dtype, device=x.device) for a in (low, high))
    return torch.where(low <= high, torch.minimum(torch.maximum(x, low), high), torch.nan)
''',
        "huber": '''
def huber(x, d):
    """x²/2 up to d, then on along the tangent."""
    d, size = torch.as_tensor(d, dtype=x.dtype, device=x.device), abs(x)
    return torch.where(d >= 0, torch.where(size <= d, x * x / 2, d * (size - d / 2)), torch.nan)
''',
        "adjugate": '''
def adjugate(x):
    """det(X) inv(X), of a singular matrix too."""
    u, s, vh = torch.linalg.svd(x)
    others = torch.where(torch.eye(len(s), dtype=torch.bool, device=s.device), 1, s)
    return torch.linalg.det(u) * torch.linalg.det(vh) * (vh.mH * others.prod(dim=1)) @ u.mH
''',
        "block": '''
def block(x, e):
    """[X, E; 0, X]: a function of it has the derivative of the function in its upper right corner."""
    return torch.cat([torch.cat([x, e], 1), torch.cat([torch.zeros_like(x), x], 1)])
''',
        "sqrtm": '''
def sqrtm(x):
    """The principal square root, by the steps of Denman and Beavers; nan where there is none."""
    y, z = x, torch.eye(len(x), dtype=x.dtype, device=x.device)
    for _ in range(60):
        before = y
        y, z = (y + torch.linalg.inv(z)) / 2, (z + torch.linalg.inv(y)) / 2
        if not torch.linalg.matrix_norm(y - before) > 1e-13 * torch.linalg.matrix_norm(y):
            break
    off = torch.linalg.matrix_norm(y @ y - x)
    return torch.where(off <= 1e-8 * torch.linalg.matrix_norm(x), y, torch.nan)
''',
        "logm": '''
def logm(x):
    """The principal logarithm: of a root near the identity by the series of artanh, times the order of the root."""
    eye, times = torch.eye(len(x), dtype=x.dtype, device=x.device), 2
    while torch.linalg.matrix_norm(x - eye) > 0.2:
        x, times = sqrtm(x), 2 * times
    z = torch.linalg.solve(x + eye, x - eye)
    power, total = z, z
    for k in range(3, 19, 2):
        power = power @ z @ z
        total = total + power / k
    return times * total
''',
        "two_sided": '''
def two_sided(a, b, c, discrete):
    """The Y with A Y + Y B = C, or with Y - A Y B = C: the linear system of its entries, row by row."""
    a, b = (m.reshape(1, 1) if m.ndim == 0 else m.contiguous() for m in (a, b))
    left, right = (torch.eye(len(m), dtype=m.dtype, device=m.device) for m in (a, b))
    if discrete:
        system = torch.kron(left, right) - torch.kron(a, b.T.contiguous())
    else:
        system = torch.kron(a, right) + torch.kron(left, b.T.contiguous())
    return torch.linalg.solve(system, c.reshape(-1)).reshape(c.shape)
''',
        "care": '''
def care(a, b, q, r):
    """The stabilising P with A'P + P A - P S P + Q = 0, S = B inv(R) B', by the sign of [A, -S; -Q, -A']."""
    shape, n = a.shape, len(a.reshape(-1, *a.shape[1:])) if a.ndim else 1
    a, q, b, r = a.reshape(n, n), q.reshape(n, n), b.reshape(n, -1), r.reshape(int(r.numel() ** 0.5), -1)
    s = b @ torch.linalg.solve(r, b.T)
    z = torch.cat([torch.cat([a, -s], 1), torch.cat([-q, -a.T], 1)])
    eye = torch.eye(n, dtype=a.dtype, device=a.device)
    for _ in range(60):
        before, inverse = z, torch.linalg.inv(z)
        c = torch.exp(-torch.linalg.slogdet(z)[1] / (2 * n))
        z = (c * z + inverse / c) / 2
        if not torch.linalg.matrix_norm(z - before) > 1e-13 * torch.linalg.matrix_norm(z):
            break
    left = torch.cat([z[:n, n:], z[n:, n:] + eye])
    p = torch.linalg.lstsq(left, -torch.cat([z[:n, :n] + eye, z[n:, :n]])).solution
    off = torch.linalg.matrix_norm(a.T @ p + p @ a - p @ s @ p + q)
    scale = torch.linalg.matrix_norm(q) + torch.linalg.matrix_norm(a.T @ p)
    return torch.where(off <= 1e-8 * scale, p, torch.nan).reshape(shape)
''',
        "dare": '''
def dare(a, b, q, r):
    """The stabilising P with A'P A - P - A'P B inv(R + B'P B) B'P A + Q = 0, by doubling; nan where there is none."""
    shape, n = a.shape, len(a.reshape(-1, *a.shape[1:])) if a.ndim else 1
    a, p, b, r = a.reshape(n, n), q.reshape(n, n), b.reshape(n, -1), r.reshape(int(r.numel() ** 0.5), -1)
    s = b @ torch.linalg.solve(r, b.T)
    at, eye = a.T, torch.eye(n, dtype=a.dtype, device=a.device)
    for _ in range(60):
        before = p
        left, right = torch.linalg.solve(eye + s @ p, torch.cat([a, s], 1)), torch.linalg.solve(eye + p @ s, at)
        p, s, a, at = p + at @ p @ left[:, :n], s + a @ left[:, n:] @ at, a @ left[:, :n], at @ right
        if not torch.linalg.matrix_norm(p - before) > 1e-14 * torch.linalg.matrix_norm(p):
            return p.reshape(shape)
    return (p * torch.nan).reshape(shape)
''',
        "cumulated": '''
def cumulated(sums, x, axis):
    """Sums or products up to each entry, along an axis or over all entries; a vector is a column."""
    if axis is None:
        return sums(x.reshape(-1), 0).reshape(x.shape)
    return sums(x.reshape(len(x), -1) if x.ndim == 1 else x, axis - 1).reshape(x.shape)
''',
        "hat": '''
def hat(w):
    """The matrix with hat(w)*x = cross(w,x)."""
    x, y, z = w
    o = torch.zeros_like(x)
    return torch.stack([o, -z, y, z, o, -x, -y, x, o]).reshape(3, 3)
''',
        "toeplitz": '''
def toeplitz(c, row):
    """The matrix with this first column and, but for its first entry, this first row."""
    c, row = c.reshape(-1), row.reshape(-1)
    entries = torch.cat([row.flip(0)[: len(row) - 1], c])
    rows, columns = (torch.arange(len(x), device=c.device) for x in (c, row))
    return entries[rows[:, None] - columns + len(row) - 1]
''',
        "circulant": '''
def circulant(c):
    """The matrix with the first column c, each further one turned on by one place."""
    k = torch.arange(len(c), device=c.device)
    return c[(k[:, None] - k) % len(c)]
''',
        "circsums": '''
def circsums(x):
    """The sum of each diagonal that goes on at the top."""
    k = torch.arange(len(x), device=x.device)
    return x[(k[:, None] + k) % len(x), k].sum(dim=1)
''',
        "elimination": '''
def elimination(n):
    """The matrix that takes vec(X) to vech(X)."""
    columns, rows = torch.triu_indices(n, n)
    return torch.eye(n * n)[columns * n + rows]
''',
        "middle": '''
def middle(n):
    """The weights of the sorted entries in their median."""
    k = torch.arange(n)
    return ((k == (n - 1) // 2).double() + (k == n // 2).double()) / 2
''',
        "dft": '''
def dft(n, like):
    """The matrix of the discrete Fourier transform, in the precision of an array."""
    k = torch.arange(n, dtype=like.real.dtype, device=like.device)
    return torch.exp(-2j * torch.pi * (k[:, None] * k % n) / n)
''',
    }
)  # fmt: skip

OF_BLOCK = "[:len({0}), len({0}):]"
TORCH: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "gamma": ("gamma({0})", ("gamma",)),
        "gelu": ("torch.nn.functional.gelu({0})", ()),
        "silu": ("torch.nn.functional.silu({0})", ()),
        "normpdf": ("torch.exp(-({0}**2) / 2) / (2 * torch.pi)**0.5", ()),
        "lambertw": ("lambertw({0})", ("lambertw",)),
        "clip": ("clip({0}, {1}, {2})", ("clip",)),
        "huber": ("huber({0}, {1})", ("huber",)),
        "elu": ("torch.where({0} > 0, {0}, {1} * torch.expm1(torch.clamp({0}, max=0)))", ()),
        "power": ("torch.pow({0}, {1})", ()),
        "adj": ("adjugate({0})", ("adjugate",)),
        "logm": ("logm({0})", ("sqrtm", "logm")),
        "sqrtm": ("sqrtm({0})", ("sqrtm",)),
        "expm_frechet": (f"torch.linalg.matrix_exp(block({{0}}, {{1}})){OF_BLOCK}", ("block",)),
        "logm_frechet": (f"logm(block({{0}}, {{1}})){OF_BLOCK}", ("block", "sqrtm", "logm")),
        "sylvester": ("two_sided({0}, {1}, {2}, discrete=False)", ("two_sided",)),
        "stein": ("two_sided({0}, {1}, {2}, discrete=True)", ("two_sided",)),
        "care": ("care({0}, {1}, {2}, {3})", ("care",)),
        "dare": ("dare({0}, {1}, {2}, {3})", ("dare",)),
        "cumsum": ("cumulated(torch.cumsum, {0}, {p0})", ("cumulated",)),
        "cumprod": ("cumulated(torch.cumprod, {0}, {p0})", ("cumulated",)),
        "hat": ("hat({0})", ("hat",)),
        "vee": ("torch.stack([{0}[2, 1] - {0}[1, 2], {0}[0, 2] - {0}[2, 0], {0}[1, 0] - {0}[0, 1]]) / 2", ()),
        "sortperm": (
            "torch.eye(len({0}), dtype={0}.dtype, device={0}.device)[torch.argsort({0}, stable=True)]",
            (),
        ),
        "median": ("torch.quantile({0}, 0.5)", ()),
        "toeplitz": ("toeplitz({0}, {last})", ("toeplitz",)),
        "diagsums": ("torch.stack([torch.diagonal({0}, -k).sum() for k in range(len({0}))])", ()),
        "conv": (
            "torch.nn.functional.conv1d({0}[None, None], {1}.flip(0)[None, None], padding=len({1}) - 1)[0, 0]",
            (),
        ),
        "circulant": ("circulant({0})", ("circulant",)),
        "circsums": ("circsums({0})", ("circsums",)),
        "elimination": ("elimination({size}){like}", ("elimination",)),
        "middle": ("middle({size}){like}", ("middle",)),
        "dft": ("dft({size}, {array})", ("dft",)),
    }
)
"""The expression of each operation, and its helpers; {size} is the first parameter, {last} the last argument."""
