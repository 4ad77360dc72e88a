"""The next operator of a derivative takes its structure from the first ones: with its own numbers, whatever theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import frechet as fr
from frechet.errors import FrechetError
from frechet.library.operator import Family
from operators.compared import at_a_point, same

CASES: dict[str, tuple[str, Any, int]] = {
    "softmax regression": ("sum(logsumexp(X*W,2))-tr(Y'*X*W)", "W", 2),
    "logistic regression": ("sum(log(1+exp(X*w))-y.*(X*w))", "w", 2),
    "factorisation": ("norm2(T-U*V')^2", "U", 2),
    "factorisation, jointly": ("norm2(T-U*V')^2", ["U", "V"], 2),
    "first layer": ("Z=relu(X*A)*B; L=sum(logsumexp(Z,2))-sum(Y.*Z)", "A", 2),
    "last layer": ("Z=relu(X*A)*B; L=sum(logsumexp(Z,2))-sum(Y.*Z)", "B", 2),
    "product": ("A*B", "B", 1),
    "entry by entry": ("sigmoid(X*W)", "W", 1),
    "softmax": ("softmax(x)", "x", 1),
    "inverse": ("tr(inv(S))", "S", 2),
    "attention": ("softmax(Q*K'/8,2)*V", "Q", 1),
    "a number that is an array's": ("(a'*b)*X", "X", 1),
    "a number in front of a sum": ("c*sum(X.^2)+norm(b)*sum(X.^3)", "X", 2),
}

START: dict[str, Callable[[Any], Any]] = {
    "ones": lambda a: a if isinstance(a, int) else np.ones_like(a),
    "zeros": lambda a: a if isinstance(a, int) else np.zeros_like(a),
    "others": lambda a: a if isinstance(a, int) else 0.9 * a,
}
"""The numbers of the operators before."""


def warmed(d: fr.Derivative, arrays: dict[str, Any], start: Callable[[Any], Any]) -> None:
    """Three operators over other numbers, where there are values at them."""
    for _ in range(3):
        try:
            d.operator({name: start(a) for name, a in arrays.items()})
        except FrechetError as trouble:
            assert trouble.kind == "input", trouble


@pytest.mark.parametrize("start", START)
@pytest.mark.parametrize("case", CASES)
def test_the_next_operator_is_right(case: str, start: str) -> None:
    formula, wrt, order = CASES[case]
    d = fr.derive(formula, wrt=wrt, order=order)  # type: ignore[arg-type]
    random = np.random.default_rng(3)
    for one, arrays, D in at_a_point(d, 7):
        warmed(one, arrays, START[start])
        for _ in range(3):
            same(one.operator(arrays), D, random)


def test_the_structure_is_taken_over() -> None:
    d = fr.derive("softmax(x)", wrt="x")
    for seed in range(4):
        x = np.random.default_rng(seed).normal(size=5)
        J = d.operator(x=x)
        assert np.allclose(J.to_dense(), d.evaluate(x=x, form="jacobian"))
    (family,) = d.operators.values()
    assert isinstance(family, Family)
    ((_, plan),) = family.plans.values()
    assert plan.template is not None
    assert d.operator(x=np.ones(3)).shape == (3, 3), "another size is another structure"


def test_a_number_of_an_array_is_not_taken_over() -> None:
    d = fr.derive("(a'*b)*X", wrt="X", shapes={"a": ["k"], "b": ["k"], "X": ["m", "n"]})
    for k in (1.0, 1.0, 1.0, 2.0, 0.0):
        J = d.operator(a=np.array([k, 0.0]), b=np.array([3.0, 1.0]), X=np.ones((2, 2)))
        assert np.array_equal(J.to_dense(), 3 * k * np.eye(4))


def test_one_array_may_be_passed_for_two_names() -> None:
    d = fr.derive("norm2(T-U*V')^2", wrt=["U", "V"], order=2)
    random = np.random.default_rng(2)
    T, A, B = random.normal(size=(4, 4)), random.normal(size=(4, 2)), random.normal(size=(4, 2))
    same, other = d.operator(T=T, U=A, V=A).to_dense(), d.operator(T=T, U=A, V=B).to_dense()
    for _ in range(2):
        assert np.allclose(d.operator(T=T, U=A, V=A).to_dense(), same)
    assert np.allclose(d.operator(T=T, U=A, V=B).to_dense(), other)


def test_the_order_in_memory_may_change() -> None:
    d = fr.derive("norm2(T-U*V')^2", wrt=["U", "V"], order=2)
    random = np.random.default_rng(1)
    T, U, V = random.normal(size=(4, 5)), random.normal(size=(4, 2)), random.normal(size=(5, 2))
    wide = random.normal(size=(8, 5))
    D = d.operator(T=T, U=U, V=V).to_dense()
    for _ in range(2):
        assert np.allclose(d.operator(T=T, U=U, V=V).to_dense(), D)
    F, S = np.asfortranarray(T), wide[::2]
    S[...] = T
    small = T.astype(np.float32)
    for given in (F, S, T[::-1][::-1], np.ma.asarray(T).data, T.tolist()):
        assert np.allclose(d.operator(T=given, U=U, V=np.asfortranarray(V)).to_dense(), D)
    assert np.allclose(d.operator(T=small, U=U, V=V).to_dense(), D, atol=1e-5)
    T.flags.writeable = False
    assert np.allclose(d.operator(T=T, U=U, V=V).to_dense(), D)


def test_what_has_no_value_is_still_said() -> None:
    d = fr.derive("tr(inv(S))", wrt="S", order=2)
    good = np.array([[2.0, 1.0], [1.0, 3.0]])
    for _ in range(3):
        d.operator(S=good)
    for bad in (np.ones((2, 2)), np.full((2, 2), np.nan)):
        with pytest.raises(FrechetError):
            d.operator(S=bad)
    assert np.allclose(d.operator(S=good).to_dense(), d.evaluate(S=good, form="hessian"))
