"""Structured variables, one assumption and several: the gradient lies in the structure, or there is a reason."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

import frechet as fr

FORMULAS = ("tr(B*X)", "norm2(A.*X)^2 + tr(X'*A*X*B)", "sum(exp(X))")
LINEAR = ("symmetric", "positive definite", "skew", "diagonal", "lower triangular", "upper triangular")


def projected(assumed: tuple[str, ...], g: np.ndarray) -> np.ndarray:
    """The part of g in the space of the matrices that have all the properties."""
    masks = {"lower triangular": np.tril, "upper triangular": np.triu, "diagonal": lambda z: np.diag(np.diag(z))}
    mask = np.ones_like(g)
    for name in assumed:
        mask = masks[name](mask) if name in masks else mask
    for name, sign in (("symmetric", 1), ("positive definite", 1), ("skew", -1)):
        if name in assumed:
            mask, g = mask * mask.T, (g + sign * g.T) / 2
    return mask * g


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("assumed", LINEAR)
def test_the_gradient_within_a_structure(formula: str, assumed: str) -> None:
    d = fr.derive(formula, "X", assumptions={"X": [assumed]})
    assert d.verification is not None
    assert d.verification.passed
    plain = d.to_dict()
    assert list(plain["structured"])[:2] == ["unconstrained", "projected"]
    assert plain["structured"]["projected"] == plain["gradient"]
    assert plain["readings"].keys() == plain["structured"].keys()
    assert ("free entries" in plain["structured"]) == (assumed in ("symmetric", "positive definite", "skew"))
    random = np.random.default_rng(0)
    A, B, X = random.normal(size=(3, 3, 3))
    X = projected((assumed,), X)
    free = fr.derive(formula, "X").evaluate(A=A, B=B, X=X)
    assert np.allclose(d.evaluate(A=A, B=B, X=X), projected((assumed,), free))


@pytest.mark.parametrize("pair", list(combinations((*LINEAR, "orthogonal"), 2)))
def test_two_structures_at_once(pair: tuple[str, str]) -> None:
    """They have a space in common, which the gradient lies in; or the refusal names both."""
    try:
        d = fr.derive("tr(B*X)", "X", assumptions={"X": list(pair)})
    except fr.FrechetError as trouble:
        excluding = "skew" in pair or "orthogonal" in pair
        assert excluding
        assert trouble.kind in ("input", "unsupported")
        assert all(word in trouble.message for word in pair)
        return
    assert "orthogonal" not in pair
    B = np.random.default_rng(1).normal(size=(3, 3))
    assert np.allclose(d.evaluate(B=B, X=np.eye(3)), projected(pair, B.T))


EXCLUDED = [("skew", "positive"), ("integer", "symmetric"), ("integer", "complex"), ("skew", "diagonal")]


@pytest.mark.parametrize("pair", EXCLUDED)
def test_assumptions_that_exclude_each_other(pair: tuple[str, str]) -> None:
    with pytest.raises(fr.FrechetError, match=pair[1]) as caught:
        fr.derive("tr(B*X)", "B", assumptions={"X": list(pair)})
    assert caught.value.kind == "input"


@pytest.mark.parametrize("fact", ["symmetric", "positive definite"])
def test_a_symmetrised_gradient_keeps_the_factors_of_the_plain_one(fact: str) -> None:
    likelihood = "-logdet(C*P*C'+R)/2-(x-A*m)'*inv(C*P*C'+R)*(x-A*m)/2"
    answer = fr.derive(
        likelihood,
        "P",
        shapes={"m": ["k"], "x": ["n"], "A": ["n", "k"], "C": ["n", "p"]},
        assumptions={"P": [fact], "R": [fact]},
    )
    written = {"M": "inv(C*P*C'+R)", "Q": "(A*m-x)*(A*m-x)'*M*C"}
    assert str(answer.gradient) == "C'*M*(Q-C)/2"
    assert {name: str(formula) for name, formula in answer.where.items()} == written
