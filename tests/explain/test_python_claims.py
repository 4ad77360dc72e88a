"""Claims in Python: NumPy's meaning in the names of the problem, and a formula where it is none."""

from __future__ import annotations

import pytest

import frechet as fr

SQUARES = "np.sum((X @ w - y)**2)"
LAYER = "def f(W, x, s): return s @ (W @ x)"


@pytest.mark.parametrize(
    ("problem", "wrt", "claim"),
    [
        (SQUARES, "w", "2*X.T @ (X @ w - y)"),
        (SQUARES, "w", "2*np.dot(X.T, X @ w - y)"),
        (SQUARES, "w", "grad = (X @ w - y) @ X * 2"),
        (SQUARES, "w", "(2*X*(X @ w - y)[:, None]).sum(axis=0)"),
        (SQUARES, "w", "2*X'*(X*w-y)"),
        (SQUARES, "w", "2X'(Xw-y)"),
        (SQUARES, "w", r"2 X^\top (Xw - y)"),
        ("np.mean((X @ w - y)**2)", "w", "2*X.T @ (X @ w - y) / len(y)"),
        ("def f(A, x, b):\n    r = A @ x - b\n    return r @ r", "x", "2*A.T @ r"),
        (LAYER, "W", "np.outer(s, x)"),
        (LAYER, "W", "s[:, None]*x[None, :]"),
        ("norm2(X*w-y)^2", "w", "2*X.T.dot(X.dot(w) - y)"),
    ],
)
def test_right(problem: str, wrt: str, claim: str) -> None:
    assert fr.check(problem, wrt, claim).verdict == "right"


def test_a_star_is_entry_by_entry() -> None:
    found = fr.check("def f(A, x, b):\n    r = A @ x - b\n    return r @ r", "x", "2*A.T * r")
    assert (found.verdict, found.reading) == ("wrong", "2*A'*diag(r)")
    assert found.mend is not None
    assert found.mend.formula == "2*A'*(A*x-b)"


def test_what_numpy_refuses_is_wrong_in_its_words() -> None:
    found = fr.check(SQUARES, "w", "X.T @ w")
    assert found.verdict == "wrong"
    assert "(n, m) and (n,)" in found.meaning


def test_what_is_right_as_a_formula_alone_says_so() -> None:
    found = fr.check("def f(A, B, C): return np.trace(A @ B @ C)", "C", "A*B")
    assert (found.verdict, found.conventions[0].name) == ("right under a convention", "numerator")
    assert found.meaning.startswith("Read with * as the product of matrices")
    marked = fr.check("def f(A, B, C): return np.trace(A @ B @ C)", "C", "B.T*A.T")
    assert marked.verdict == "wrong"


@pytest.mark.parametrize("claim", ["foo(X)", "np.foo(X)", "2*X.T @ (X @ v)"])
def test_what_cannot_be_read_is_no_verdict(claim: str) -> None:
    with pytest.raises(fr.FrechetError) as caught:
        fr.check(SQUARES, "w", claim)
    assert caught.value.kind in ("name", "unsupported")


def test_a_claim_decides_what_a_function_leaves_open() -> None:
    text = "np.sum(X @ W + b)"
    with pytest.raises(fr.FrechetError):
        fr.derive(text, wrt="b")
    found = fr.check(text, "b", "m*ones(p)")
    assert (found.verdict, found.meaning.startswith("Read so that the claim conforms")) == ("right", True)
