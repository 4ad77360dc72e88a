"""What is called: arguments by name, refusals that name the culprit, costs, code for the sizes at hand."""

from __future__ import annotations

import numpy as np
import pytest

import frechet as fr
from frechet.errors import FrechetError

RANDOM = np.random.default_rng(0)


def test_lists_are_arrays_and_names_are_checked() -> None:
    f = fr.derive("x'*A*x", wrt="x", verify=False).compile()
    assert f(x=[1, 2], A=[[1, 0], [0, 1]]).tolist() == [2.0, 4.0]
    with pytest.raises(FrechetError, match="x has no value"):
        f(A=np.eye(2))
    with pytest.raises(FrechetError, match="there is no B here"):
        f(x=[1.0], A=[[1.0]], B=1)
    with pytest.raises(FrechetError, match="the size n is 3 elsewhere but 4 in A"):
        f(x=np.ones(3), A=np.ones((3, 4)))


def test_the_order_of_products_is_that_of_the_sizes() -> None:
    f = fr.derive("A*B*C", wrt="B", verify=False, shapes={"A": ["m", "n"], "B": ["n", "p"], "C": ["p", "q"]}).compile(
        form="value"
    )
    wide = {"A": RANDOM.normal(size=(2, 50)), "B": RANDOM.normal(size=(50, 50)), "C": RANDOM.normal(size=(50, 50))}
    tall = {"A": RANDOM.normal(size=(50, 50)), "B": RANDOM.normal(size=(50, 50)), "C": RANDOM.normal(size=(50, 2))}
    assert np.allclose(f(**wide), wide["A"] @ wide["B"] @ wide["C"])
    assert "A @ B @ C" in f.source
    assert f.flops == 2 * 2 * 50 * 50 * 2
    assert np.allclose(f(**tall), tall["A"] @ tall["B"] @ tall["C"])
    assert "A @ (B @ C)" in f.source
    assert f.bytes == 8 * (50 * 50 * 2 + 50 * 2 + 50 * 2)


def test_a_factor_serves_value_and_gradient() -> None:
    d = fr.derive("logdet(S)+x'*inv(S)*x", wrt="x", assumptions={"S": ["positive definite"]}, verify=False)
    assert d.code(form="value_and_gradient").count("cho_factor(") == 1


def test_one_time_sizes_are_asked_for() -> None:
    f = fr.compile("n*x", wrt="x", form="jacobian", shapes={"x": ["k"], "n": []}, verify=False)
    assert f(x=[1.0, 2.0], n=3.0).tolist() == [[3.0, 0.0], [0.0, 3.0]]


def test_an_unspecified_function_is_passed() -> None:
    d = fr.derive("sum(sigma(x))", wrt="x", functions=["sigma"], verify=False)
    f = d.compile()
    assert f.arguments == ("sigma", "x")
    assert f(sigma=lambda x, k: np.cos(x) if k else np.sin(x), x=np.zeros(2)).tolist() == [1.0, 1.0]


def test_words_are_checked() -> None:
    d = fr.derive("x'*x", wrt="x", verify=False)
    with pytest.raises(FrechetError, match='backend is "numpy"'):
        d.compile("fortran")  # pyright: ignore
    with pytest.raises(FrechetError, match="form is"):
        d.compile(form="tensor")  # pyright: ignore


def test_arrays_that_a_form_does_not_need_cost_nothing() -> None:
    """The source is made once for the shapes, whatever else of the problem is passed beside."""
    f = fr.derive("norm2(T-U*W')^2", wrt="U", order=2, verify=False).compile(form="hvp")
    given = {"W": np.ones((3, 2)), "V": np.ones((4, 2)), "T": np.zeros((4, 3)), "U": np.ones((4, 2))}
    for _ in range(2):
        assert f(**given)[0].tolist() == [12.0, 12.0]
    assert len(f._ready) == 1  # pyright: ignore
