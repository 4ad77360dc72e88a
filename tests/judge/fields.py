"""What fields take for granted beyond the first functions of mathematics, each from its definition.

Nothing here knows a derivative, and nothing is shared with the product; where a complex step does not pass, NotAnalytic
says so.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from judge.anyorder import axes, axis_of
from judge.arrays import Array, Bad, NotAnalytic, grid, real_only, settle, square, whole


def _real(f: Callable[..., Array], name: str) -> Callable[..., Array]:
    """A function of every entry that the complex step does not pass; the axes stay."""

    def call(*arrays: Array) -> Array:
        if any(np.iscomplexobj(a) for a in arrays):
            raise NotAnalytic(name)
        return f(*arrays)

    return call


# The normal distribution, by the error function and by solving for the inverse.


def _special(name: str) -> Callable[..., Array]:
    import scipy.special

    return getattr(scipy.special, name)


def _inverse(f: Callable[[Array], Array], low: float, high: float) -> Callable[[Array], Array]:
    """The inverse of an increasing function, by bisection."""

    def one(y: float) -> float:
        a, b = low, high
        if not f(np.asarray(a)) < y < f(np.asarray(b)):
            return np.nan
        for _ in range(200):
            middle = (a + b) / 2
            a, b = (middle, b) if f(np.asarray(middle)) < y else (a, middle)
        return (a + b) / 2

    return lambda x: np.vectorize(one, otypes=[float])(x)


def _normcdf(x: Array) -> Array:
    return _special("erfc")(-x / np.sqrt(2)) / 2


# Functions in pieces: which piece goes by the real part, so that a complex step passes.


def _clip(x: Array, low: Array, high: Array) -> Array:
    if np.any(np.real(low) > np.real(high)):
        raise Bad("clip with bounds the wrong way round")
    return np.where(np.real(x) < np.real(low), low, np.where(np.real(x) > np.real(high), high, x))


def _huber(x: Array, d: Array) -> Array:
    if np.any(np.real(d) < 0):
        raise Bad("huber with a negative bound")
    size = x * np.sign(np.real(x))
    return np.where(np.real(size) <= np.real(d), x**2 / 2, d * size - d**2 / 2)


def _elu(x: Array, a: Array) -> Array:
    below = np.where(np.real(x) > 0, 0, x)
    return np.where(np.real(x) > 0, x, a * (np.exp(below) - 1))


ENTRYWISE: dict[str, Callable[..., Array]] = {
    "normpdf": lambda x: np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi),
    "normcdf": _real(_normcdf, "normcdf"),
    "norminv": _real(_inverse(_normcdf, -38.0, 9.0), "norminv"),
    "erfc": _real(lambda x: _special("erfc")(x), "erfc"),
    "erfinv": _real(_inverse(lambda x: _special("erf")(x), -6.0, 6.0), "erfinv"),
    "lambertw": _real(_inverse(lambda w: w * np.exp(w), -1.0, 700.0), "lambertw"),
    "atan2": _real(lambda y, x: np.angle(x + 1j * y), "atan2"),
    "clip": _clip,
    "huber": _huber,
    "leakyrelu": lambda x, a: np.where(np.real(x) > 0, x, a * x),
    "elu": _elu,
}
"""Functions of every entry, by their names; arguments are scalars or arrays of one shape."""

# Running sums and products, vectors of three entries.


def _running(one: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    def call(x: Array, axis: Array | None = None) -> Array:
        g = axes(x)
        if axis is None and (g.ndim > 2 or 1 not in g.shape):
            raise Bad("a running sum of an array needs an axis")
        over = int(g.shape[1] != 1) if axis is None else axis_of(g, axis)
        lines = [*np.moveaxis(g, over, 0)]
        for k in range(1, len(lines)):
            lines[k] = one(lines[k - 1], lines[k])
        return settle(np.moveaxis(np.array(lines), 0, over))

    return call


def _three(x: Array, what: str) -> Array:
    if np.shape(x) != (3,):
        raise Bad(f"{what} of shape {np.shape(x)}")
    return x


def _hat(w: Array) -> Array:
    x, y, z = _three(w, "hat")
    return np.array([[0 * x, -z, y], [z, 0 * x, -x], [-y, x, 0 * x]])


def _cross(a: Array, b: Array) -> Array:
    (a1, a2, a3), (b1, b2, b3) = _three(a, "cross"), _three(b, "cross")
    return np.array([a2 * b3 - a3 * b2, a3 * b1 - a1 * b3, a1 * b2 - a2 * b1])


def _vee(m: Array) -> Array:
    if np.shape(m) != (3, 3):
        raise Bad(f"vee of shape {np.shape(m)}")
    return np.array([m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]]) / 2


# Order.


def _vector(x: Array, what: str) -> Array:
    if np.ndim(x) > 1:
        raise Bad(f"{what} of shape {np.shape(x)}")
    return np.reshape(x, (-1,))


def _order(x: Array, what: str) -> list[int]:
    return sorted(range(x.size), key=lambda k: np.real(_vector(x, what)[k]))


def _sort(x: Array) -> Array:
    return settle(_vector(x, "sort")[_order(x, "sort")])


def _sortperm(x: Array) -> Array:
    order = _order(x, "sortperm")
    p = np.zeros((len(order), len(order)))
    p[range(len(order)), order] = 1
    return settle(p)


def _middle(n: Array) -> Array:
    weights = np.zeros(whole(n))
    for k in ((whole(n) + 1) // 2, whole(n) // 2 + 1):
        weights[k - 1] += 0.5
    return settle(weights)


def _median(x: Array) -> Array:
    return np.asarray(np.atleast_1d(_sort(x)) @ np.atleast_1d(_middle(np.asarray(x.size))))


# Equations and factorisations: by other methods than those of SciPy's functions of these names.


def _stein(a: Array, b: Array, c: Array) -> Array:
    a, b, c = square(a, "stein"), square(b, "stein"), grid(c)
    n, m = len(a), len(b)
    system = np.eye(n * m) - np.kron(b.T, a)
    return settle(np.linalg.solve(system, c.flatten(order="F")).reshape(n, m, order="F"))


def _stable(pairs: Array, vectors: Array, n: int) -> Array:
    """U2*inv(U1) for the eigenvectors [U1; U2] that are picked."""
    if np.sum(pairs) != n:
        raise Bad("no stabilizing solution")
    u = vectors[:, pairs]
    p = u[n:] @ np.linalg.inv(u[:n])
    if np.max(abs(p.imag)) > 1e-6 * max(1.0, np.max(abs(p.real))):
        raise Bad("the stabilizing solution is not real")
    return settle(p.real)


def _care(a: Array, b: Array, q: Array, r: Array) -> Array:
    a, b, q, r = square(a, "care"), grid(b), square(q, "care"), square(r, "care")
    h = np.block([[a, -b @ np.linalg.inv(r) @ b.T], [-q, -a.T]])
    w, v = np.linalg.eig(h)
    return _stable(w.real < 0, v, len(a))


def _dare(a: Array, b: Array, q: Array, r: Array) -> Array:
    a, b, q, r = square(a, "dare"), grid(b), square(q, "dare"), square(r, "dare")
    s, back = b @ np.linalg.inv(r) @ b.T, np.linalg.inv(a).T
    h = np.block([[a + s @ back @ q, -s @ back], [-back @ q, back]])
    w, v = np.linalg.eig(h)
    return _stable(abs(w) < 1, v, len(a))


def _qr(x: Array, what: str) -> tuple[Array, Array]:
    """Gram and Schmidt, each column cleaned twice; transposes without conjugates, so that a complex step passes."""
    x = grid(x)
    m, n = x.shape
    if m < n:
        raise Bad(f"{what} of a wide array {m}×{n}")
    q, r = x * 0, np.zeros((n, n), dtype=x.dtype)
    for j in range(n):
        v = x[:, j]
        for _ in range(2):
            along = q[:, :j].T @ v
            r[:j, j] += along
            v = v - q[:, :j] @ along
        r[j, j] = np.sqrt(v @ v)
        if abs(r[j, j]) < 1e-9:
            raise Bad(f"{what} at a deficient rank")
        q[:, j] = v / r[j, j]
    return q, r


# Constant diagonals.


def _toeplitz(c: Array, row: Array | None = None) -> Array:
    c = _vector(c, "toeplitz")
    r = c if row is None else _vector(row, "toeplitz")
    rows = [[c[i - j] if i >= j else r[j - i] for j in range(len(r))] for i in range(len(c))]
    return settle(np.array(rows))


def _circulant(c: Array) -> Array:
    c = _vector(c, "circulant")
    return settle(np.array([np.roll(c, j) for j in range(len(c))]).T)


def _conv(x: Array, y: Array) -> Array:
    x, y = _vector(x, "conv"), _vector(y, "conv")
    out = np.zeros(len(x) + len(y) - 1, dtype=np.result_type(x, y, float))
    for i in range(len(x)):
        for j in range(len(y)):
            out[i + j] += x[i] * y[j]
    return settle(out)


def _diagonal_sums(periodic: bool) -> Callable[[Array], Array]:
    def call(x: Array) -> Array:
        x = square(x, "circsums") if periodic else grid(x)
        out = np.zeros(len(x), dtype=x.dtype)
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                if periodic or i >= j:
                    out[(i - j) % len(x)] += x[i, j]
        return settle(out)

    return call


def _dft(n: Array) -> Array:
    size = whole(n)
    return settle(np.fft.fft(np.eye(size)))


FIELDS: dict[str, Callable[..., Array]] = {
    "cumsum": _running(lambda before, here: before + here),
    "cumprod": _running(lambda before, here: before * here),
    "cross": _cross,
    "hat": _hat,
    "vee": _vee,
    "sort": _sort,
    "sortperm": _sortperm,
    "median": _median,
    "middle": _middle,
    "stein": _stein,
    "care": real_only(_care, "care"),
    "dare": real_only(_dare, "dare"),
    "toeplitz": _toeplitz,
    "circulant": _circulant,
    "conv": _conv,
    "dft": _dft,
    "diagsums": _diagonal_sums(periodic=False),
    "circsums": _diagonal_sums(periodic=True),
    "qr_q": lambda x: settle(_qr(x, "qr_q")[0]),
    "qr_r": lambda x: settle(_qr(x, "qr_r")[1]),
}
"""Functions of whole arrays, by their names."""
