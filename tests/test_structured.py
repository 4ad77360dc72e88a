"""Structured variables, one assumption and several: the gradient lies in the structure, or there is a reason."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

import frechet as fr
from frechet.ops.expressions import variable
from frechet.verify.compare import leaves_structure
from frechet.verify.request import Form

pytestmark = pytest.mark.slow

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
    written = {"M": "inv(C*P*C'+R)", "w": "x - A*m"}
    assert str(answer.gradient) == "C'*M*(w*w'*M*C-C)/2"
    assert {name: str(formula) for name, formula in answer.where.items() if name in "Mw"} == written


PLACES = {
    "symmetric": lambda n: [(i, j) for j in range(n) for i in range(j, n)],
    "positive definite": lambda n: [(i, j) for j in range(n) for i in range(j, n)],
    "lower triangular": lambda n: [(i, j) for j in range(n) for i in range(j, n)],
    "upper triangular": lambda n: [(j, i) for j in range(n) for i in range(j, n)],
    "diagonal": lambda n: [(i, i) for i in range(n)],
    "skew": lambda n: [(i, j) for j in range(n) for i in range(j + 1, n)],
}
"""Where the free entries stand, in their order."""


def moves(assumed: str, n: int) -> list[np.ndarray]:
    """How X moves with each of its free entries."""
    found: list[np.ndarray] = []
    for i, j in PLACES[assumed](n):
        unit = np.zeros((n, n))
        unit[j, i] = {"symmetric": 1.0, "positive definite": 1.0, "skew": -1.0}.get(assumed, 0.0)
        unit[i, j] = 1.0
        found.append(unit)
    return found


@pytest.mark.parametrize("assumed", LINEAR)
def test_the_forms_by_the_free_entries(assumed: str) -> None:
    """Polynomials of degree two: central differences are exact, with whole steps."""
    given = {"assumptions": {"X": [assumed]}, "shapes": {"X": ("n", "n"), "x": ("n",)}}
    random = np.random.default_rng(3)
    A, B, X = random.normal(size=(3, 3, 3))
    x = random.normal(size=3)
    X = projected((assumed,), X)
    steps = moves(assumed, 3)
    names = {"A": A, "B": B, "x": x}

    def f(X: np.ndarray) -> float:
        return float(np.trace(A @ X @ B @ X) + x @ X @ A @ x)

    scalar = fr.derive("tr(A*X*B*X) + x'*X*A*x", "X", order=2, **given)
    assert scalar.verification.passed
    slopes = [(f(X + d) - f(X - d)) / 2 for d in steps]
    bends = [[(f(X + d + e) - f(X + d - e) - f(X - d + e) + f(X - d - e)) / 4 for e in steps] for d in steps]
    assert np.allclose(scalar.vech["gradient"].evaluate(names, X=X), slopes)
    assert np.allclose(scalar.vech["hessian"].evaluate(names, X=X), bends)
    first = fr.derive("tr(A*X*B*X) + x'*X*A*x", "X", **given)
    assert np.allclose(first.vech["gradient"].evaluate(names, X=X), slopes)
    array = fr.derive("X*A*X", "X", **given)
    columns = [np.ravel((X + d) @ A @ (X + d) - (X - d) @ A @ (X - d), order="F") / 2 for d in steps]
    assert np.allclose(array.vech["jacobian"].evaluate(names, X=X), np.stack(columns, axis=1))


SHOWN = [
    ("logdet(S)", "positive definite", 2, "-duplication(n)'*kron(inv(S),inv(S))*duplication(n)"),
    ("logdet(S)", "diagonal", 2, "-diag(1./diag(S).^2)"),
    ("tr(S*A*S')", "lower triangular", 2, "elimination(n)*kron(A+A',eye(n))*elimination(n)'"),
    ("tr(S*A*S')", "upper triangular", 2, "elimination(n)*kron(eye(n),A+A')*elimination(n)'"),
    ("S*x", "symmetric", 1, "kron(x',eye(n))*duplication(n)"),
    ("S*x", "diagonal", 1, "diag(x)"),
]


@pytest.mark.parametrize("case", SHOWN, ids=lambda case: f"{case[0]} {case[1]}")
def test_how_the_forms_by_the_free_entries_are_written(case: tuple[str, str, int, str]) -> None:
    formula, assumed, order, wanted = case
    d = fr.derive(formula, "S", assumptions={"S": [assumed]}, shapes={"S": ("n", "n")}, order=order)
    assert d.to_dict()["vech"]["hessian" if order == 2 else "jacobian"] == wanted


def test_a_mixed_block_by_the_free_entries() -> None:
    d = fr.derive("-(x-m)'*inv(S)*(x-m)/2", ["m", "S"], assumptions={"S": ["positive definite"]}, order=2)
    by = d.to_dict()["by"]
    assert by["m,S"]["vech"]["hessian"].endswith("*duplication(n)")
    assert by["S,m"]["vech"]["hessian"].startswith("duplication(n)'*")
    assert "vech" not in by["m,m"]


def test_an_error_says_how_many_free_entries_there_are() -> None:
    with pytest.raises(fr.FrechetError, match=r"S is n×n, so vech\(S\) has n\(n\+1\)/2 entries"):
        fr.derive("x'*vech(S)", "S", shapes={"S": ["n", "n"], "x": ["m"]})


@pytest.mark.parametrize("assumed", LINEAR)
def test_the_second_derivative_is_explained_to_the_free_entries(assumed: str) -> None:
    d = fr.derive("tr(S*A*S')", "S", assumptions={"S": [assumed]}, order=2)
    made = d.explain()
    assert made.steps
    assert all(step.checked for step in made.steps)
    if assumed == "skew":  # there the formula is too long for a line
        return
    last = made.steps[-1]
    assert last.rule == "free entries"
    assert str(last.lines[-1].plain()).endswith(str(d.vech["hessian"]))
    if assumed == "diagonal":
        return
    assert last.lines[0].plain().startswith("vec(dS) = ")
    assert "on its left" in last.why


SKEW = [
    ("tr(X*A*X')", "P'*kron(A+A',eye(n))*P"),
    ("norm2(X)^2", "2*(P'*P)"),
    ("tr(X*X)", "2*(P'*commutation(n,n)*P)"),
    ("logdet(eye(n)-X)", "P'*kron(M',M)*P"),
]


@pytest.mark.parametrize(("text", "hessian"), SKEW)
def test_the_map_from_the_free_entries_of_a_skew_variable_has_a_name(text: str, hessian: str) -> None:
    d = fr.derive(text, "X", shapes={"X": ["n", "n"]}, assumptions={"X": ["skew"]}, order=2)
    assert d.verification is not None and d.verification.passed
    assert str(d.vech["hessian"]) == hessian
    places = "kron([eye(n-1); zeros(1,n-1)],[zeros(1,n-1); eye(n-1)])"
    assert str(d.where["P"]) == f"(eye(n^2)-commutation(n,n))*{places}*elimination(n-1)'"


def test_the_factors_of_an_orthogonal_matrix_are_itself_and_the_identity() -> None:
    for text, gradient in (("sum(qr_r(X))", "zeros(n,n)"), ("sum(qr_r(2*X*A*inv(A)))", "zeros(n,n)")):
        assert str(fr.derive(text, "X", assumptions={"X": ["orthogonal"]}).gradient) == gradient
    same = [str(fr.derive(t, "X", assumptions={"X": ["orthogonal"]}).gradient) for t in ("sum(qr_q(X))", "sum(X)")]
    assert same[0] == same[1]


def test_a_gradient_that_is_zero_has_no_structure_to_keep() -> None:
    X = variable("X", ("n", "n"), ["orthogonal"])
    point = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    form = Form("gradient", "gradient", X, (X,))
    assert not leaves_structure(form, X, 1e-16 * np.ones((3, 3)), point)
    assert leaves_structure(form, X, 1e-3 * point, point)
