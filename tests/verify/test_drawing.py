"""Sizes and values to check at: they honour what is assumed, and are the same every time."""

from itertools import islice

import numpy as np
import pytest

from frechet.core.dim import Dim
from frechet.ops.expressions import variable
from frechet.verify.sample import MANNERS, draw
from frechet.verify.sizes import candidates
from frechet.verify.structure import basis, is_structured, tangent

m, n, p = Dim.of("m"), Dim.of("n"), Dim.of("p")

HOLDS = {
    "symmetric": lambda X: (X == X.T).all(),
    "skew": lambda X: (X == -X.T).all(),
    "positive definite": lambda X: (X == X.T).all() and np.linalg.eigvalsh(X)[0] > 0,
    "diagonal": lambda X: (np.diag(np.diag(X)) == X).all(),
    "orthogonal": lambda X: np.allclose(X @ X.T, np.eye(len(X))),
    "lower triangular": lambda X: (np.tril(X) == X).all(),
    "upper triangular": lambda X: (np.triu(X) == X).all(),
    "positive": lambda X: (X > 0).all(),
    "integer": lambda X: (np.round(X) == X).all(),
}
SETS = [
    *([name] for name in HOLDS),
    *(["positive", "symmetric"], ["positive", "positive definite"], ["positive definite", "diagonal"]),
    *(["orthogonal", "symmetric"], ["orthogonal", "diagonal"]),
]
DIMENSION = {"symmetric": 10, "skew": 6, "positive definite": 10, "diagonal": 4, "orthogonal": 6}


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("assumed", SETS, ids="+".join)
def test_values_have_what_is_assumed(assumed, manner):
    random = np.random.default_rng(1)
    for _ in range(5):
        X = draw(variable("X", ("n", "n"), assumed), (4, 4), manner, random)
        assert all(HOLDS[name](X) for name in assumed), (assumed, X)
        assert np.linalg.matrix_rank(X) == 4 or assumed == ["integer"]


@pytest.mark.parametrize("assumed", SETS[:7], ids="+".join)
def test_increments_stay_within_the_structure(assumed):
    random = np.random.default_rng(2)
    S = variable("X", ("n", "n"), assumed)
    X = draw(S, (4, 4), "normal", random)
    directions = basis(S, X)
    spanned = np.stack([d.ravel() for d in directions])
    expected = DIMENSION.get(assumed[0], 10)
    assert is_structured(S) and np.linalg.matrix_rank(spanned) == expected
    D = tangent(S, X, random.normal(size=(4, 4)))
    if assumed == ["orthogonal"]:
        np.testing.assert_allclose(X.T @ D + D.T @ X, 0, atol=1e-14)
    elif assumed == ["positive definite"]:
        assert (D == D.T).all()
    else:
        assert HOLDS[assumed[0]](D)
    np.testing.assert_allclose(tangent(S, X, D), D, atol=1e-14)


def test_vectors_and_scalars_are_free():
    assert not is_structured(variable("x", ("n",), ["positive"]))
    assert len(basis(variable("x", ("n",)), np.ones(3))) == 3 and len(basis(variable("c"), np.ones(()))) == 1


def test_drawing_is_deterministic():
    A = variable("A", ("m", "n"))
    first, second = (draw(A, (3, 4), "normal", np.random.default_rng(7)) for _ in range(2))
    assert (first == second).all()


def test_sizes_are_distinct_and_small_first_then_other_orders():
    offered = list(candidates([m, n, p]))
    assert offered[0] == {"m": 3, "n": 4, "p": 5} and offered[1] == {"m": 5, "n": 4, "p": 3}
    assert all(len(set(s.values())) == 3 for s in offered[:6]) and {"m": 3, "n": 3, "p": 3} in offered
    assert len(next(candidates([Dim.of(k) for k in "abcdefgh"]))) == 8
    assert list(candidates([Dim.of(3)])) == [{}]


def test_sizes_meet_what_is_said_of_them():
    assert next(candidates([m, n], fixed={"m": 7})) == {"m": 7, "n": 3}
    assert all(s["m"] * s["n"] == s["p"] for s in candidates([m, n, p], [(m * n, p)]))
    assert all(s["n"] > 4 for s in islice(candidates([n - 4, m]), 3))
    assert list(candidates([m], [(m, m + 1)])) == []
