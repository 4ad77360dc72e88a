"""Formulas to numbers: an evaluator of the language on NumPy arrays that knows shapes and no derivatives.

Values are arrays of order 0 (scalar), 1 (a column vector), 2, or more; n×1 is the vector, 1×1 the scalar,
as in the language.  A complex step passes through real formulas: functions that it cannot pass (or that
SciPy rounds) raise NotAnalytic, and plain differences are used instead.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from judge.anyorder import along, batches, logsumexp, permute, reshape, softmax, turned, vec
from judge.arrays import Array, Bad, NotAnalytic, grid, real_only, same, settle, square, whole
from judge.fields import ENTRYWISE, FIELDS
from judge.language import Tree, parts


def product(a: Array, b: Array) -> Array:
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    if a.ndim > 2 or b.ndim > 2:
        return batches(a, b)
    a, b = grid(a), grid(b)
    if a.shape[1] != b.shape[0]:
        raise Bad(f"product of {a.shape} and {b.shape}")
    return settle(a @ b)


def power(a: Array, b: Array) -> Array:
    if b.ndim:
        raise Bad("the exponent of ^ is an array")
    real = complex(b)
    integer = real.imag == 0 and real.real == int(real.real)
    if a.ndim == 0:
        return a ** int(real.real) if integer and abs(real.real) < 1e6 and a != 0 else np.power(a, b)
    if not integer:
        raise Bad("a matrix power needs an integer")
    return settle(np.linalg.matrix_power(square(a, "power"), int(real.real)))


def epower(a: Array, b: Array) -> Array:
    same(a, b, ".^")
    if not b.ndim and complex(b).imag == 0 and complex(b).real == int(complex(b).real) and np.all(a != 0):
        return a ** int(complex(b).real)
    return np.power(a, b)


def binary(sign: str, a: Array, b: Array) -> Array:
    """The operators.  Scalars are broadcast; nothing else is."""
    if sign == "*":
        return product(a, b)
    if sign == "/":
        if b.ndim:
            raise Bad(f"division by an array of shape {b.shape}")
        return a / b
    if sign == "^":
        return power(a, b)
    if sign == ".^":
        return epower(a, b)
    same(a, b, sign)
    return a + b if sign == "+" else a - b if sign == "-" else a * b if sign == ".*" else a / b


# Elementwise functions.  Kinks go by the real part, so that a complex step passes.


def _sign(x: Array) -> Array:
    return np.sign(np.real(x)) + 0 * np.real(x)


def _sigmoid(x: Array) -> Array:
    return 0.5 * (1 + np.tanh(x / 2))


def _softplus(x: Array) -> Array:
    up = np.where(np.real(x) > 0, x, -x)
    return np.where(np.real(x) > 0, x, 0 * x) + np.log(1 + np.exp(-up))


def _special(name: str) -> Callable[[Array], Array]:
    def call(x: Array) -> Array:
        if np.iscomplexobj(x):
            raise NotAnalytic(name)
        import scipy.special as special

        if name == "gelu":
            return x * special.ndtr(x)
        return getattr(special, {"lgamma": "gammaln", "digamma": "psi"}.get(name, name))(x)

    return call


ELEMENTWISE: dict[str, Callable[..., Array]] = {
    **{name: getattr(np, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tan")},
    **{name: getattr(np, name) for name in ("arcsin", "arccos", "arctan", "sinh", "cosh", "tanh")},
    "sign": _sign,
    "abs": lambda x: np.abs(x) if not np.iscomplexobj(x) else x * _sign(x),
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "silu": lambda x: x * _sigmoid(x),
    "relu": lambda x: np.where(np.real(x) > 0, x, 0 * x),
    "step": lambda x: (np.real(x) > 0).astype(float),
    **{name: _special(name) for name in ("erf", "gamma", "lgamma", "digamma", "gelu")},
    **ENTRYWISE,
}


def pick(first: bool) -> Callable[[Array, Array], Array]:
    def call(a: Array, b: Array) -> Array:
        same(a, b, "max" if first else "min")
        return np.where((np.real(a) >= np.real(b)) == first, a, b) + 0 * (a + b)  # undefined where one of them is

    return call


def polygamma(k: Array, x: Array) -> Array:
    if np.iscomplexobj(x):
        raise NotAnalytic("polygamma")
    from scipy.special import polygamma as reference

    return np.asarray(reference(whole(k), x))


# Reductions and matrix functions.


def norm2(x: Array) -> Array:
    if np.iscomplexobj(x) and not np.any(np.real(x)):
        raise Bad("norm2 has no derivative at zero")
    return np.asarray(np.sqrt(np.sum(x * x)))


def logdet(x: Array) -> Array:
    x = square(x, "logdet")
    if not np.iscomplexobj(x):
        return np.asarray(np.linalg.slogdet(x)[1])
    d = np.linalg.det(x)
    return np.asarray(np.log(d * np.sign(d.real)))


def inv(x: Array) -> Array:
    return settle(np.linalg.inv(square(x, "inv")))


def adj(x: Array) -> Array:
    """The adjugate by cofactors, so that it is right for a singular matrix too."""
    x = square(x, "adj")
    n = len(x)
    out = np.empty_like(x)
    for i in range(n):
        for j in range(n):
            minor = np.delete(np.delete(x, j, 0), i, 1)
            out[i, j] = (-1) ** (i + j) * (np.linalg.det(minor) if n > 1 else 1)
    return settle(out)


def diag(x: Array) -> Array:
    if x.ndim < 2:
        return settle(np.diag(np.atleast_1d(x)))
    if x.shape[0] == 1:
        return settle(np.diag(x[0]))
    return settle(np.diag(square(x, "diag")).copy())


def _scipy(name: str) -> Callable[..., Array]:
    def call(*arrays: Array) -> Array:
        import scipy.linalg as linalg

        return np.real_if_close(getattr(linalg, name)(*[square(a, name) for a in arrays]), 1e6)

    return call


def _expm_frechet(x: Array, e: Array) -> Array:
    from scipy.linalg import expm_frechet

    return expm_frechet(x, e, compute_expm=False)


def _logm_frechet(x: Array, e: Array) -> Array:
    """The upper right block of logm([X, E; 0, X])."""
    n = len(x)
    big = np.block([[x, e], [np.zeros((n, n)), x]])
    return _scipy("logm")(big)[:n, n:]


def _sylvester(a: Array, b: Array, c: Array) -> Array:
    a, b, c = grid(a), grid(b), grid(c)
    n, m = len(a), len(b)
    system = np.kron(np.eye(m), a) + np.kron(b.T, np.eye(n))
    return settle(np.linalg.solve(system, c.flatten(order="F")).reshape(n, m, order="F"))


def _phi(x: Array) -> Array:
    return np.tril(grid(x)) - np.diag(np.diag(grid(x))) / 2


def vech(x: Array) -> Array:
    x = square(x, "vech")
    return settle(np.concatenate([x[j:, j] for j in range(len(x))]))


# Constants.


def commutation(m: Array, n: Array) -> Array:
    m, n = whole(m), whole(n)
    k = np.zeros((m * n, m * n))
    for i in range(m):
        for j in range(n):
            k[i * n + j, j * m + i] = 1
    return settle(k)


def _half(n: int) -> dict[tuple[int, int], int]:
    pairs = [(i, j) for j in range(n) for i in range(j, n)]
    return {pair: at for at, pair in enumerate(pairs)}


def duplication(n: Array) -> Array:
    n = whole(n)
    at = _half(n)
    d = np.zeros((n * n, len(at)))
    for i in range(n):
        for j in range(n):
            d[j * n + i, at[max(i, j), min(i, j)]] = 1
    return settle(d)


def elimination(n: Array) -> Array:
    n = whole(n)
    at = _half(n)
    e = np.zeros((len(at), n * n))
    for (i, j), row in at.items():
        e[row, j * n + i] = 1
    return settle(e)


def unit(i: Array, n: Array) -> Array:
    e = np.zeros(whole(n))
    e[whole(i) - 1] = 1
    return settle(e)


def _filled(value: float) -> Callable[..., Array]:
    return lambda *sizes: settle(np.full([whole(s) for s in sizes], value))


FUNCTIONS: dict[str, Callable[..., Array]] = {
    **{name: along(getattr(np, name)) for name in ("sum", "mean", "prod")},
    "logsumexp": along(logsumexp),
    "softmax": softmax,
    "max": lambda *a: np.asarray(np.max(a[0])) if len(a) == 1 else pick(True)(*a),
    "min": lambda *a: np.asarray(np.min(a[0])) if len(a) == 1 else pick(False)(*a),
    "polygamma": polygamma,
    "norm1": lambda x: np.asarray(np.sum(ELEMENTWISE["abs"](x))),
    "norm2": norm2,
    "tr": lambda x: np.asarray(np.trace(square(x, "tr"))),
    "det": lambda x: np.asarray(np.linalg.det(square(x, "det"))),
    "logdet": logdet,
    "inv": inv,
    "adj": adj,
    "pinv": real_only(lambda x: np.linalg.pinv(grid(x)), "pinv"),
    "chol": real_only(lambda x: np.linalg.cholesky(square(x, "chol")), "chol"),
    "tril": lambda x: settle(np.tril(grid(x))),
    "triu": lambda x: settle(np.triu(grid(x))),
    **{name: real_only(_scipy(name), name) for name in ("expm", "logm", "sqrtm")},
    "expm_frechet": real_only(_expm_frechet, "expm_frechet"),
    "logm_frechet": real_only(_logm_frechet, "logm_frechet"),
    "sylvester": _sylvester,
    "phi": lambda x: settle(_phi(x)),
    "norm_nuclear": real_only(lambda x: np.linalg.norm(grid(x), "nuc"), "norm_nuclear"),
    "norm_spectral": real_only(lambda x: np.linalg.norm(grid(x), 2), "norm_spectral"),
    "eigvalsh": real_only(lambda x: np.linalg.eigvalsh((grid(x) + grid(x).T) / 2), "eigvalsh"),
    "eigvecs": real_only(lambda x: np.linalg.eigh((grid(x) + grid(x).T) / 2)[1], "eigvecs"),
    "svdvals": real_only(lambda x: np.linalg.svd(grid(x), compute_uv=False), "svdvals"),
    "svd_u": real_only(lambda x: np.linalg.svd(grid(x), full_matrices=False)[0], "svd_u"),
    "svd_v": real_only(lambda x: np.linalg.svd(grid(x), full_matrices=False)[2].T, "svd_v"),
    "diag": diag,
    "vec": lambda x: settle(vec(x)),
    "vech": vech,
    "reshape": reshape,
    "permute": permute,
    "khatrirao": lambda a, b: settle(np.einsum("ik,jk->ijk", grid(a), grid(b)).reshape(-1, grid(a).shape[1])),
    "kron": lambda a, b: settle(np.kron(grid(a), grid(b))),
    "eye": lambda n: settle(np.eye(whole(n))),
    "ones": _filled(1.0),
    "zeros": _filled(0.0),
    "unit": unit,
    "commutation": commutation,
    "duplication": duplication,
    "elimination": elimination,
    # A real variable is its own conjugate; complex problems replace these (see `complex_functions`).
    "conj": lambda x: x,
    "herm": lambda x: settle(grid(x).T),
    "real": lambda x: x,
    "imag": lambda x: 0 * x,
    **FIELDS,
}


def _moduli(f: Callable[[Array], Array]) -> Callable[[Array], Array]:
    return lambda x: np.asarray(f(np.abs(x)))


COMPLEX: dict[str, Callable[..., Array]] = {
    "conj": np.conj,
    "herm": lambda x: settle(grid(x).conj().T),
    "real": lambda x: np.real(x) + 0j,
    "imag": lambda x: np.imag(x) + 0j,
    "abs": _moduli(lambda a: a),
    "norm1": _moduli(np.sum),
    "norm2": _moduli(lambda a: np.sqrt(np.sum(a * a))),
    "logdet": lambda x: np.asarray(np.log(np.abs(np.linalg.det(square(x, "logdet"))))),
    "expm": lambda x: settle(_scipy("expm")(x)),
    "logm": lambda x: settle(_scipy("logm")(x)),
    "sqrtm": lambda x: settle(_scipy("sqrtm")(x)),
}


def subscript(base: Array, indices: tuple[Array | None, ...]) -> Array:
    """`X[i,j]`, `x[i]`, `M[:,j]`, `M[i,:]`; None is the colon."""
    if len(indices) == 1 and indices[0] is not None:
        flat = grid(base)
        if 1 not in flat.shape:
            raise Bad("one index into a matrix")
        flat, at = flat.ravel(), whole(indices[0])
        if not 1 <= at <= len(flat):
            raise Bad(f"entry {at} of {len(flat)}")
        return np.asarray(flat[at - 1])
    g = grid(base) if len(indices) == 2 else base
    if g.ndim != len(indices):
        raise Bad(f"{len(indices)} indices into shape {base.shape}")
    where: list[Any] = []
    for axis, index in enumerate(indices):
        if index is None:
            where.append(slice(None))
            continue
        at = whole(index)
        if not 1 <= at <= g.shape[axis]:
            raise Bad(f"index {at} of {g.shape[axis]}")
        where.append(slice(at - 1, at) if g.ndim < 3 else at - 1)
    return settle(g[tuple(where)])


def block(rows: list[list[Array]]) -> Array:
    try:
        return settle(np.block([[grid(entry) for entry in row] for row in rows]))
    except ValueError as error:
        raise Bad(f"blocks do not fit: {error}") from None


def span(k: str, body: Tree, values: Mapping[str, Array]) -> tuple[int, int]:
    """The first and the last value of an index: all that every axis it stands on, shifted or not, has.

    >>> from judge.language import parse
    >>> span("t", parse("x[t+1,:]-x[t,:]"), {"x": np.ones((5, 2))})
    (1, 4)
    """
    low, high, stack = 1, 0, [body]
    while stack:
        node = stack.pop()
        stack.extend(parts(node))
        if node[0] == "call" and node[1] == "unit" and node[3][0] == ("name", k):
            length = whole(evaluate(node[3][1], values))
            high = min(high or length, length)
        if node[0] != "at":
            continue
        for axis, i in enumerate(node[2]):
            shift = 0
            if i[0] == "bin" and i[1] in ("+", "-") and i[3][0] == "num":
                shift, i = int(i[3][1]) * (1 if i[1] == "+" else -1), i[2]
            if i != ("name", k):
                continue
            try:
                shape = evaluate(node[1], values).shape
            except Bad:
                continue
            length = max(shape) if len(node[2]) == 1 else ((*shape, 1) if len(shape) == 1 else shape)[axis]
            low, high = max(low, 1 - shift), min(high or length - shift, length - shift)
    if not high:
        raise Bad(f"nothing says how far {k} runs")
    return low, high


def summed(
    indices: tuple[str, ...], body: Tree, values: Mapping[str, Array], term: Callable[[Mapping[str, Array]], Array]
) -> Array:
    """`sum(i, j: …)` of formulas."""
    if not indices:
        return term(values)
    low, high = span(indices[0], body, values)
    inside = [ChainMap({indices[0]: np.asarray(float(at))}, values) for at in range(low, high + 1)]
    return np.sum([summed(indices[1:], body, v, term) for v in inside], axis=0)


def evaluate(
    tree: Tree,
    values: Mapping[str, Array],
    declared: Mapping[str, Callable[[int, Array], Array]] | None = None,
    complex_variables: bool = False,
) -> Array:
    """The value of a formula; `values` holds arrays, sizes (as scalars) and where-names.

    `declared` are unspecified functions: (how many derivatives, array) → array.

    >>> from judge.language import parse
    >>> evaluate(parse("x'*x"), {"x": np.array([3.0, 4.0])}).item()
    25.0
    """
    go: Callable[[Tree], Array] = lambda t: evaluate(t, values, declared, complex_variables)  # noqa: E731
    tag = tree[0]
    if tag == "num":
        return np.asarray(tree[1])
    if tag == "name":
        if tree[1] == "pi" and "pi" not in values:
            return np.asarray(np.pi)
        if tree[1] not in values:
            raise Bad(f"unknown name {tree[1]}")
        return np.asarray(values[tree[1]])
    if tag == "neg":
        return -go(tree[1])
    if tag == "t":
        return turned(go(tree[1]))
    if tag == "bin":
        return binary(tree[1], go(tree[2]), go(tree[3]))
    if tag == "at":
        return subscript(go(tree[1]), tuple(None if i == (":",) else go(i) for i in tree[2]))
    if tag == "isum":
        return summed(tree[1], tree[2], values, lambda inside: evaluate(tree[2], inside, declared, complex_variables))
    if tag == "block":
        return block([[go(entry) for entry in row] for row in tree[1]])
    if tag == "call":
        return call(tree, go, declared or {}, complex_variables)
    raise Bad(f"{tag} has no value outside the index form")


def call(
    tree: Tree,
    go: Callable[[Tree], Array],
    declared: Mapping[str, Callable[[int, Array], Array]],
    complex_variables: bool,
) -> Array:
    _, name, primes, arguments = tree
    if name == "einsum":
        if not arguments or arguments[0][0] != "str":
            raise Bad("einsum without its string")
        operands = [go(a) for a in arguments[1:]]
        try:
            return settle(np.einsum(arguments[0][1], *operands))
        except ValueError as error:
            raise Bad(f"einsum: {error}") from None
    if name in declared:
        if len(arguments) != 1:
            raise Bad(f"{name} takes one argument")
        return declared[name](primes, go(arguments[0]))
    if primes:
        raise Bad(f"{name} is no declared function")
    function = (COMPLEX.get(name) if complex_variables else None) or ELEMENTWISE.get(name) or FUNCTIONS.get(name)
    if function is None:
        raise Bad(f"unknown function {name}")
    try:
        return np.asarray(function(*[go(a) for a in arguments]))
    except (np.linalg.LinAlgError, ValueError, TypeError, ZeroDivisionError) as error:
        raise Bad(f"{name}: {error}") from None
