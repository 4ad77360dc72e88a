"""An operator beside the same matrix written out: every way to use it gives the same."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

import frechet as fr
from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.library.numbers import full
from frechet.operators.operator import Operator
from frechet.verify.sample import draw
from frechet.verify.sizes import candidates, dims_of

Array = NDArray[Any]


def near(found: Array, expected: Array, what: str) -> None:
    """Equal within rounding, for the size of the numbers at hand."""
    found = np.asarray(found)
    assert found.shape == np.shape(expected), f"{what}: {found.shape} and {np.shape(expected)}"
    scale = float(abs(np.asarray(expected)).max(initial=1e-300))
    assert abs(found - expected).max(initial=0.0) <= 1e-9 * scale, what


def same(J: Operator, D: Array, random: np.random.Generator, size: float = 0.0) -> None:
    """The operator J is the matrix D; `size` is that of the numbers that it was added up of."""
    m, n = D.shape
    assert J.shape == (m, n)
    v, g = random.normal(size=(n, 3)), random.normal(size=(m, 2))
    scale = max(float(abs(D).max(initial=0.0)), size, 1e-300)

    def close(found: Any, expected: Array, what: str) -> None:
        found = np.asarray(found)
        assert found.shape == expected.shape, what
        assert abs(found - expected).max(initial=0.0) <= 1e-9 * scale * max(m, n), what

    close(J @ v, D @ v, "block")
    close(J @ v[:, 0], D @ v[:, 0], "vector")
    close(J.T @ g, D.T @ g, "transposed block")
    close(J.T @ g[:, 1], D.T @ g[:, 1], "transposed vector")
    close(J.to_dense(), D, "to_dense")
    close(J.T.to_dense(), D.T, "to_dense of the transpose")
    close(J.diagonal(), np.diagonal(D), "diagonal")
    close(J.T.diagonal(), np.diagonal(D), "diagonal of the transpose")
    close(J.to_sparse(force=True).toarray(), D, "to_sparse")
    start = random.normal(size=(m, 2 * n))
    for view, given in ((start[:, ::2], "a strided view"), (np.asfortranarray(start[:, :n]), "columns first")):
        kept = view.copy()
        J.structure.fill(view, -0.5, True)
        assert abs(view - (kept - 0.5 * D)).max(initial=0.0) <= 1e-9 * (scale + 10), given
    assert J.structure.nonzeros >= np.count_nonzero(D), "entries outside the pattern"
    if m == n:
        assert abs(J.trace() - np.trace(D)) <= 1e-9 * scale * n
        if J.symmetric:
            close(D, D.T, "said to be symmetric")
        if abs(D).max() >= 1e-6 * size:  # what is left of it is no rounding
            solved(J, D, random)


def solved(J: Operator, D: Array, random: np.random.Generator) -> None:
    """Solutions with and without damping, and the determinant, where the matrix is regular."""
    n = len(D)
    scale = max(float(abs(D).max(initial=0.0)), 1e-300)
    for damping in (0.0, 0.3 * scale):
        damped = D + damping * np.eye(n)
        condition = np.linalg.cond(damped)
        b = random.normal(size=(n, 2))
        if condition > 1e13:
            if condition > 1e30:
                try:
                    x = J.solve(b, damping)
                except FrechetError as trouble:
                    assert trouble.kind in ("input", "limit")
                else:
                    raise AssertionError(f"a singular matrix was solved: {x}")
            continue
        if condition > 1e6:
            continue
        x = J.solve(b, damping)
        assert np.linalg.norm(damped @ x - b) <= 1e-8 * np.linalg.norm(b)
        near(J.solve(b[:, 1], damping), x[:, 1], "one column")
        if not damping:
            sign, log = np.linalg.slogdet(D)
            mine = J.slogdet()
            assert mine[0] == sign and abs(mine[1] - log) <= 1e-8 * max(1.0, abs(log))


def wave(x: Array, order: int) -> Array:
    """What stands for a declared function: sin(x) + 2x and its derivatives."""
    turned = np.sin(x + order * np.pi / 2)
    return turned + (2 * x, 2.0, 0.0)[min(order, 2)]


def points(
    d: fr.Derivative, random: np.random.Generator, manner: str = "positive", most: int = 60
) -> Iterator[dict[str, Any]]:
    """Arrays at which a derivative can be worked out, sizes among them; its assumptions hold."""
    whole = [full(e, d.definitions) for part in d.parts.values() for e in part.exprs.values()]
    variables: dict[str, Expr] = dict(d.context.variables)
    dims = dims_of([*whole, *variables.values()])
    for sizes in candidates(dims, ()):
        arrays: dict[str, Any] = {k: v for k, v in sizes.items() if k not in variables}
        for name, e in variables.items():
            shape = tuple(Dim.of(s).evaluate(sizes) for s in e.shape)
            arrays[name] = draw(e, shape, manner, random)
        if all(np.size(a) <= most for a in arrays.values()):
            yield arrays


def at_a_point(d: fr.Derivative, seed: int) -> Iterator[tuple[fr.Derivative, dict[str, Any], Array]]:
    """For each variable (or pair): its derivative, arrays, and the matrix that the evaluator gives, all finite."""
    random = np.random.default_rng(seed)
    form = "jacobian" if d.context.order == 1 else "hessian"
    functions = dict.fromkeys(d.context.functions, wave)
    for one in d.by.values():
        if form not in one.forms:
            continue
        for manner in ("positive", "normal", "near the identity", "between zero and one"):
            arrays = next(points(one, random, manner), None)
            if arrays is None:
                break
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                D = one.evaluate(arrays, form=form, functions=functions)
            if np.isfinite(D).all() and not np.iscomplexobj(D):
                yield one, arrays, D
                break
