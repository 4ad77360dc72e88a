"""The operator as a program holds it: SciPy's tools take it, sizes and refusals, what it says of itself."""

from __future__ import annotations

import copy
import pickle
import tracemalloc
from typing import Any

import numpy as np
import pytest
import scipy.sparse.linalg as tools

import frechet as fr
from frechet.errors import FrechetError
from frechet.operators import iteration
from frechet.operators.dense import Dense
from frechet.operators.operator import Operator
from operators.compared import same

R = np.random.default_rng(11)
FACTOR = fr.derive("norm2(T-U*V')^2", wrt="U", order=2)
SOFTMAX = fr.derive("sum(logsumexp(X*W,2))-tr(Y'*X*W)", wrt="W", order=2)


def softmax(n: int, p: int, classes: int) -> tuple[Operator, dict[str, Any]]:
    arrays = {
        "X": R.normal(size=(n, p)),
        "W": R.normal(size=(p, classes)),
        "Y": np.eye(classes)[R.integers(0, classes, n)],
    }
    return SOFTMAX.operator(arrays), arrays


def test_scipy_takes_it() -> None:
    V = R.normal(size=(5, 2))
    H = FACTOR.operator(V=V, m=3)
    D, b = H.to_dense(), R.normal(size=6)
    exact = np.linalg.solve(D, b)
    assert np.allclose(tools.cg(H, b, rtol=1e-12)[0], exact)
    assert np.allclose(tools.lsqr(H, b, atol=1e-14, btol=1e-14)[0], exact)
    assert np.allclose(sorted(tools.eigsh(H, k=2, return_eigenvectors=False)), np.linalg.eigvalsh(D)[-2:])
    assert np.allclose((2 * H) @ b, 2 * D @ b) and np.allclose((H @ H) @ b, D @ D @ b)
    assert np.allclose(H.H @ b, D.T @ b) and np.allclose(b @ H, b @ D)
    assert isinstance(H.T, Operator) and H.dtype == float and H.shape == (6, 6)


def test_it_is_copied_and_pickled() -> None:
    J = fr.derive("softmax(x)", wrt="x").operator(x=R.normal(size=9))
    J.solve(R.normal(size=9), damping=1.0)
    v = R.normal(size=9)
    for other in (pickle.loads(pickle.dumps(J)), copy.deepcopy(J), copy.copy(J)):
        assert np.array_equal(other @ v, J @ v) and str(other) == str(J)


def test_what_it_gives_is_new() -> None:
    same_again = fr.derive("x'*x/2", wrt="x", order=2).operator(n=3)
    v = R.normal(size=3)
    w = same_again @ v
    w[:] = 0
    assert v.any(), "the product is the vector that was given"


def test_sizes() -> None:
    V = R.normal(size=(5, 2))
    assert FACTOR.operator(V=V, m=4).shape == FACTOR.operator(V=V, U=R.normal(size=(4, 2))).shape == (8, 8)
    assert FACTOR.operator({"V": V, "m": 4}).shape == (8, 8)
    refused: list[tuple[dict[str, Any], str]] = [
        ({"V": V}, "pass m="),
        ({"m": 3}, "V has no value"),
        ({"V": V, "U": R.normal(size=(4, 2)), "m": 7}, "the size m is 7"),
        ({"V": V, "U": R.normal(size=(4, 3))}, "the size p is"),
        ({"V": V, "T": R.normal(size=(3, 6)), "m": 3}, "the size n is 6"),
        ({"V": 1j * V, "m": 3}, "complex"),
        ({"V": "V", "m": 3}, "no array"),
    ]
    for given, said in refused:
        with pytest.raises(FrechetError, match=said):
            FACTOR.operator(given)


def test_several_variables_jointly() -> None:
    arrays = {"T": R.normal(size=(4, 3)), "U": R.normal(size=(4, 2)), "V": R.normal(size=(3, 2))}
    d = fr.derive("norm2(T-U*V')^2", wrt=["U", "V"], order=2)
    rows = [[d.by[f"{a},{b}"].evaluate(arrays, form="hessian") for b in "UV"] for a in "UV"]
    J = d.operator(arrays)
    same(J, np.block(rows), R)
    assert J.symmetric
    first = fr.derive("U*V'", wrt=["U", "V"])
    parts = [first.by[k].evaluate(arrays, form="jacobian") for k in "UV"]
    same(first.operator(arrays), np.hstack(parts), R)
    same(first.operator(arrays, layout="denominator"), np.hstack(parts).T, R)


def test_a_hessian_by_tied_entries_is_not_said_to_be_symmetric() -> None:
    d = fr.derive("tr(A*X*B*X)", wrt="X", order=2, assumptions={"X": ["symmetric"]})
    arrays = {"A": R.normal(size=(3, 3)), "B": R.normal(size=(3, 3))}
    D = d.evaluate(arrays, form="hessian")
    assert not np.allclose(D, D.T), "a case that shows nothing"
    same(d.operator(arrays), D, R)


def test_a_sum_over_data_forms_nothing_for_each_datum() -> None:
    H, arrays = softmax(4000, 60, 5)
    tracemalloc.start()
    H @ R.normal(size=300)
    H.diagonal()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 * 4000 * 60, "more than twice the data"
    small, arrays = softmax(7, 3, 4)
    same(small, SOFTMAX.evaluate(arrays, form="hessian"), R)


def test_batches() -> None:
    d = fr.derive("einsum('bij,bjk->bik',A,B)", wrt="B", shapes={"A": ["b", "m", "n"], "B": ["b", "n", "k"]})
    arrays = {"A": R.normal(size=(3, 2, 2)), "B": R.normal(size=(3, 2, 4))}
    J = d.operator(arrays)
    assert J.structure.stored == 13
    same(J, d.evaluate(arrays, form="jacobian"), R)


def test_newtons_step_of_softmax_regression(monkeypatch: pytest.MonkeyPatch) -> None:
    H, arrays = softmax(300, 12, 4)
    gradient = R.normal(size=48)
    exact = np.linalg.solve(H.to_dense() + 0.1 * np.eye(48), gradient)
    assert np.allclose(H.solve(gradient, damping=0.1), exact)
    monkeypatch.setattr("frechet.operators.operator.factored", lambda *given, **more: None)
    again = SOFTMAX.operator(arrays)
    assert np.allclose(again.solve(gradient, damping=0.1), exact, rtol=1e-6)
    with pytest.raises(FrechetError, match=r"residual is .* asked was .*\n?.*damping") as refused:
        again.solve(gradient, damping=1e-7, steps=1)
    assert refused.value.kind == "limit"
    # Constants along the classes are in its null space: what is orthogonal to them is solved all the same.
    within = H @ gradient
    assert np.allclose(H @ again.solve(within), within, rtol=1e-6, atol=1e-8)
    with pytest.raises(FrechetError):
        again.solve(np.ones(48))


def test_steps_without_symmetry_and_without_definiteness() -> None:
    n = 40
    a = R.normal(size=(n, n)) + 8 * np.eye(n)
    s = R.normal(size=(n, n))
    turned = np.kron(np.eye(n // 2), np.array([[0.0, 1.0], [1.0, 0.0]]))
    x = iteration.solve(Dense(turned), np.eye(n)[:, :1], 0.0, True, 1e-9, None)
    assert np.allclose(x[:, 0], np.eye(n)[1])
    for matrix, symmetric in ((a, False), (s + s.T, True), (-a @ a.T, True)):
        x = iteration.solve(Dense(matrix), np.ones((n, 2)), 0.0, symmetric, 1e-9, None)
        assert np.linalg.norm(matrix @ x - 1) <= 1e-8
        assert np.array_equal(x[:, 0], x[:, 1])


def test_how_it_is_solved() -> None:
    P, S, W = (fr.matrix(name, "n", "n", symmetric=True) for name in "PSW")
    cases: list[tuple[Any, dict[str, Any], float, str]] = [
        (
            fr.derive(P @ W @ S, wrt=W, verify=False),
            {"P": _definite(3), "S": _definite(3)},
            0.0,
            "by factors: Cholesky",
        ),
        (fr.derive(P @ W @ S, wrt=W, verify=False), {"P": _definite(3), "S": _definite(3)}, 0.5, "eigenvectors"),
        (fr.derive(P @ W + W @ S, wrt=W, verify=False), {"P": _definite(3), "S": _definite(3)}, 0.5, "eigenvectors"),
        (fr.derive("P*W + W*S", wrt="W", verify=False), {"P": _full(3), "S": _full(3)}, 0.5, "Sylvester"),
        (fr.derive("softmax(x)", wrt="x"), {"x": R.normal(size=8)}, 0.5, "Woodbury"),
        (fr.derive("tanh(x)", wrt="x"), {"x": R.normal(size=8)}, 0.0, "diagonal"),
        (fr.derive("x'*A*x", wrt="x", order=2), {"A": _definite(4)}, 0.0, "Cholesky"),
    ]
    for d, arrays, damping, how in cases:
        J = d.operator(arrays, **({"n": 3} if "P" in arrays else {}))
        b = R.normal(size=J.shape[0])
        D = J.to_dense() + damping * np.eye(J.shape[0])
        assert np.allclose(D @ J.solve(b, damping=damping), b)
        found = J._factor(damping)
        assert found is not None and how in found.how
    V = R.normal(size=(6, 2))
    H = FACTOR.operator(V=V, m=3)
    assert np.isclose(H.logdet(), 3 * np.linalg.slogdet(2 * V.T @ V)[1])


def _definite(n: int) -> Any:
    a = R.normal(size=(n, n))
    return a @ a.T + np.eye(n)


def _flat(n: int) -> Any:
    """A matrix of rank 2."""
    u = R.normal(size=(n, 2))
    return u @ u.T


def _full(n: int) -> Any:
    return R.normal(size=(n, n)) + 4 * np.eye(n)


def test_what_is_refused() -> None:
    V = R.normal(size=(5, 2))
    large = FACTOR.operator(V=V, m=200_000)
    refusals: list[tuple[Any, str, str]] = [
        (lambda: large.to_dense(), "limit", r"1.28 TB: to_dense\(force=True\)"),
        (lambda: large.solve(np.ones(3)), "shape", "400000 rows"),
        (lambda: fr.derive("A*x", wrt="A").operator(x=np.ones(3), m=2).trace(), "shape", "square"),
        (lambda: FACTOR.operator(V=np.ones((5, 2)), m=2).solve(np.ones(4)), "input", "singular.*damping"),
        (lambda: fr.derive("x'*A*x", wrt="x", order=2).operator(A=_flat(5)).slogdet(), "input", "singular"),
        (lambda: fr.derive("inv(A)", wrt="A").operator(A=np.zeros((2, 2))), "input", "no value"),
        (lambda: fr.derive("log(x)", wrt="x").operator(x=np.zeros(2)), "input", "no finite value"),
        (lambda: fr.derive("-x", wrt="x").operator(n=3).logdet(), "input", "slogdet"),
        (lambda: large @ (1j * np.ones(400_000)), "input", "real"),
        (lambda: fr.derive("x'*x", wrt="x").operator(x=[1, 2], layout="rows"), "input", "layout"),  # type: ignore[arg-type]
        (lambda: FACTOR.operator(V=V, m=2).solve([np.nan] * 4), "input", "finite"),
    ]
    for call, kind, said in refusals:
        with pytest.raises(FrechetError, match=said) as refused:
            call()
        assert refused.value.kind == kind
    dense = fr.derive("x'*A*x", wrt="x", order=2).operator(A=R.normal(size=(150, 150)))
    with pytest.raises(FrechetError, match="to_dense"):
        dense.to_sparse()


def test_a_part_that_keeps_nothing_is_refused_with_its_size() -> None:
    d = fr.derive("expm(A)", wrt="A")
    with pytest.raises(FrechetError, match=r"would be written out: .* (GB|TB)"):
        d.operator(A=np.eye(200))


def test_what_it_says_of_itself() -> None:
    H = FACTOR.operator(V=[[1, 0], [0, 2]], m=2)
    assert str(H).splitlines() == [
        "Hessian by U (columns stacked), 4×4",
        "2·Vᵀ V ⊗ I(2)",
        "stored: 6 numbers, 48 B; written out 128 B",
        "pattern: at most 8 entries differ from zero (50 %)",
        "×···",
        "·×··",
        "··×·",
        "···×",
    ]
    assert repr(H) == "<4×4 Hessian by U (columns stacked): 2·Vᵀ V ⊗ I(2)>"
    J = fr.derive("A*B*A'", wrt="A").operator(A=np.ones((3, 2)), B=np.ones((2, 2)), layout="denominator", vec="row")
    assert str(J).startswith("Jacobian by A (denominator layout, rows stacked), 6×9")


def test_the_hessian_of_a_factorisation_is_small() -> None:
    U, V = R.normal(size=(20_000, 20)), R.normal(size=(20_000, 20))
    v = R.normal(size=400_000)
    tracemalloc.start()
    H = FACTOR.operator(U=U, V=V)
    y = H @ v
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200e6 and np.allclose(H.solve(y), v)
    assert np.isclose(H.trace(), 20_000 * 2 * (V**2).sum())
