"""Claims about structured variables, as statisticians write them: right if they act as the derivative does within the
structure, or by the free entries.  The truth is measured here, on the free entries, by another evaluator."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import frechet as fr
from judge.language import parse
from judge.point import Point, points, richardson
from judge.values import settle

pytestmark = pytest.mark.slow

PLACES = {
    "symmetric": lambda n: [(i, j) for j in range(n) for i in range(j, n)],
    "positive definite": lambda n: [(i, j) for j in range(n) for i in range(j, n)],
    "lower triangular": lambda n: [(i, j) for j in range(n) for i in range(j, n)],
    "upper triangular": lambda n: [(j, i) for j in range(n) for i in range(j, n)],
    "diagonal": lambda n: [(i, i) for i in range(n)],
    "skew": lambda n: [(i, j) for j in range(n) for i in range(j + 1, n)],
}
ACROSS = {"symmetric": 1.0, "positive definite": 1.0, "skew": -1.0}
S, P, L, U, D, K = "symmetric", "positive definite", "lower triangular", "upper triangular", "diagonal", "skew"

CASES: list[tuple[str, str, int, str, list[str]]] = [
    # first order, a scalar
    ("logdet(X)", P, 1, "duplication(n)'*vec(inv(X))", ["vech gradient"]),
    ("logdet(X)", P, 1, "vec(inv(X))'*duplication(n)", ["vech gradient"]),
    ("logdet(X)", P, 1, "vech(inv(X))", []),
    ("logdet(X)", P, 1, "vech(2*inv(X)-diag(diag(inv(X))))", ["vech gradient"]),
    ("tr(A*X)", S, 1, "duplication(n)'*vec(A)", ["vech gradient"]),
    ("tr(A*X)", S, 1, "A", ["numerator"]),
    ("tr(A*X)", S, 1, "elimination(n)*vec(A+A'-diag(diag(A)))", ["vech gradient"]),
    ("tr(A*X)", S, 1, "elimination(n)*vec(A)", []),
    ("tr(A*X*B)", L, 1, "vech(A'*B')", ["vech gradient"]),
    ("tr(A*X*B)", L, 1, "vech(A*B)", []),
    ("x'*X*z", U, 1, "vech(z*x')", ["vech gradient"]),
    ("x'*X*z", U, 1, "vech(x*z')", []),
    ("x'*X*z", D, 1, "x.*z", ["vech gradient"]),
    ("logdet(X)", D, 1, "1./diag(X)", ["vech gradient"]),
    ("x'*X*x", D, 1, "2*x.^2", []),
    ("x'*X*z", K, 1, "x*z'-z*x'", []),
    ("x'*X*z", K, 1, "(x*z'-z*x')/2", ["skew-projected"]),
    ("x'*X*z", K, 1, "x*z'+3*z*z'", ["gradient"]),
    # first order, an array
    ("X*x", S, 1, "kron(x',eye(n))*duplication(n)", ["vech"]),
    ("X*x", S, 1, "duplication(n)'*kron(x,eye(n))", ["vech denominator"]),
    ("X*x", S, 1, "kron(eye(n),x')*commutation(n,n)", ["numerator"]),
    ("X*x", S, 1, "kron(eye(n),x')*elimination(n)'", []),
    ("inv(X)", P, 1, "-kron(inv(X),inv(X))*duplication(n)", ["vech"]),
    ("inv(X)", P, 1, "kron(inv(X),inv(X))*duplication(n)", []),
    ("vech(inv(X))", P, 1, "-elimination(n)*kron(inv(X),inv(X))*duplication(n)", ["vech"]),
    ("vech(inv(X))", P, 1, "-elimination(n)*kron(inv(X),inv(X))", ["numerator"]),
    ("vech(X*X')", L, 1, "elimination(n)*(eye(n^2)+commutation(n,n))*kron(X,eye(n))*elimination(n)'", ["vech"]),
    ("vech(X*X')", L, 1, "2*elimination(n)*kron(X,eye(n))*elimination(n)'", []),
    ("X*x", U, 1, "kron(eye(n),x')*elimination(n)'", ["vech"]),
    ("X*x", D, 1, "diag(x)", ["vech", "vech denominator"]),
    ("X*x", D, 1, "x*ones(n)'", []),
    ("X*x", K, 1, "-kron(eye(n),x')", ["numerator"]),
    ("X*x", K, 1, "kron(eye(n),x')", ["rowmajor-numerator"]),
    ("X*X", S, 1, "(kron(X,eye(n))+kron(eye(n),X))*duplication(n)", ["vech"]),
    # second order
    ("logdet(X)", P, 2, "-kron(inv(X),inv(X))", ["hessian"]),
    ("logdet(X)", P, 2, "-duplication(n)'*kron(inv(X),inv(X))*duplication(n)", ["hessian vech"]),
    ("logdet(X)", P, 2, "-elimination(n)*kron(inv(X),inv(X))*duplication(n)", []),
    ("logdet(X)", P, 2, "kron(inv(X),inv(X))", []),
    ("tr(inv(X)*A*A')", P, 2, "2*kron(inv(X),inv(X)*A*A'*inv(X))", ["hessian"]),
    ("tr(inv(X)*A*A')", P, 2, "kron(inv(X),inv(X)*A*A'*inv(X))", []),
    ("tr(A*X*B*X)", S, 2, "kron(A',B)+kron(B',A)", ["hessian"]),
    ("tr(A*X*B*X)", S, 2, "2*kron(A',B)", []),
    ("tr(A*X*B*X)", S, 2, "duplication(n)'*(kron(A,B')+kron(B',A))*duplication(n)", []),
    ("tr(A*X*A'*X)", S, 2, "duplication(n)'*(kron(A,A)+kron(A',A'))*duplication(n)", ["hessian vech"]),
    ("tr(X*A*X')", L, 2, "elimination(n)*kron(A+A',eye(n))*elimination(n)'", ["hessian vech"]),
    ("tr(X*A*X')", L, 2, "elimination(n)*kron(eye(n),A+A')*elimination(n)'", []),
    ("tr(X*A*X')", U, 2, "elimination(n)*kron(eye(n),A+A')*elimination(n)'", ["hessian vech"]),
    ("logdet(X)", D, 2, "-diag(1./diag(X).^2)", ["hessian vech"]),
    ("logdet(X)", D, 2, "-inv(X)", []),
    ("tr(X*A*X')", K, 2, "kron(A+A',eye(n))", ["hessian"]),
    ("x'*X*X*x", K, 2, "-2*kron(x*x',eye(n))", ["hessian"]),
    ("x'*X*X*x", K, 2, "2*kron(x*x',eye(n))", []),
]  # fmt: skip
SHAPES = {"X": ["n", "n"], "A": ["n", "n"], "B": ["n", "n"], "x": ["n"], "z": ["n"]}
FREE = {"vech gradient", "vech", "vech denominator", "hessian vech"}


def moves(kind: str, n: int) -> np.ndarray:
    """How X moves with each of its free entries."""
    out: list[np.ndarray] = []
    for i, j in PLACES[kind](n):
        unit = np.zeros((n, n))
        unit[j, i] = ACROSS.get(kind, 0.0)
        unit[i, j] = 1.0
        out.append(unit)
    return np.stack(out)


def measured(point: Point, kind: str, order: int) -> np.ndarray:
    """The derivative by the free entries, by differences: a row for each entry of the value (columns stacked) or, at
    order 2, for each free entry."""
    x = point.values["X"]
    steps = moves(kind, len(x))

    def stack(value: Any) -> np.ndarray:
        return np.ravel(value, order="F")

    if order == 1:
        return np.stack([stack(richardson(lambda h, e=e: point.at({"X": x + h * e}))) for e in steps], axis=1)
    return np.array([
        [float(richardson(lambda h, d=d, e=e: richardson(lambda k: point.at({"X": x + k * d + h * e}))))
         for e in steps] for d in steps
    ])  # fmt: skip


def claimed(point: Point, claim: str, kind: str, reading: str) -> np.ndarray:
    """The claim at a point, brought to the free entries by its reading."""
    n = len(point.values["X"])
    value = np.asarray(settle(point.number(parse(claim), point.values)))
    steps = moves(kind, n)
    by_columns = np.stack([np.ravel(e, order="F") for e in steps], axis=1)
    by_rows = np.stack([np.ravel(e) for e in steps], axis=1)
    value_axes = [*range(point.value.ndim)]
    match reading:
        case "vech gradient":
            return value.reshape(1, -1)
        case "vech" | "hessian vech":
            return value.reshape(-1, len(steps))
        case "vech denominator":
            return value.reshape(len(steps), -1).T
        case "gradient" | "skew-projected" | "symmetric-projected":
            return np.ravel(value, order="F")[None] @ by_columns
        case "numerator" if not value_axes:
            return np.ravel(value.T, order="F")[None] @ by_columns
        case "numerator":
            return value.reshape(-1, n * n) @ by_columns
        case "rowmajor-numerator":
            return value.reshape(-1, n * n) @ by_rows
        case "hessian":
            return by_columns.T @ value @ by_columns
    raise AssertionError(reading)


def problem(case: tuple[str, str, int, str, list[str]]) -> dict[str, Any]:
    expression, kind, order, claim, _ = case
    used = {w for w in SHAPES if w in expression or w in claim}
    return {"expression": expression, "wrt": "X", "assumptions": {"X": [kind]}, "order": order,
            "shapes": {w: SHAPES[w] for w in sorted(used)}, "sizes": "n == 3"}  # fmt: skip


def name(case: tuple[str, str, int, str, list[str]]) -> str:
    return f"{case[0]} {case[1]} {case[2]} {case[3]}"


@pytest.mark.parametrize("case", CASES, ids=name)
def test_the_verdict_is_what_differences_say(case: tuple[str, str, int, str, list[str]]) -> None:
    expression, kind, order, claim, names = case
    given = problem(case)
    spots = points(given, given["shapes"], 2, np.random.default_rng(len(claim)))
    candidates = names or wrong_readings(order, claim, expression)
    for reading in candidates:
        agrees = []
        for point in spots:
            truth = measured(point, kind, order)
            try:
                found = claimed(point, claim, kind, reading)
            except ValueError:
                agrees.append(False)
                continue
            agrees.append(found.shape == truth.shape and np.allclose(found, truth, rtol=1e-4, atol=1e-5))
        assert all(agrees) if names else not all(agrees), reading
    shapes = {w: s for w, s in given["shapes"].items() if w in expression}
    verdict = fr.check(expression, "X", claim, shapes={**shapes, "X": ["n", "n"]}, assumptions={"X": [kind]},
                       order=order).to_dict()  # fmt: skip
    if verdict["verdict"] == "right under a condition":  # on the other names: it is wrong in general
        assert not names
        assert " X " not in f" {verdict['condition']} "
        return
    assert {c["name"] for c in verdict["conventions"]} - {"pullback"} == set(names), verdict["meaning"]
    assert (verdict["verdict"] in ("right", "right under a convention")) == bool(names)
    if FREE & set(names):
        assert "free entries of X are" in verdict["meaning"]
    if verdict["mend"]:
        mended = fr.check(expression, "X", verdict["mend"]["formula"], shapes={**shapes, "X": ["n", "n"]},
                          assumptions={"X": [kind]}, order=order)  # fmt: skip
        assert mended.holds


def wrong_readings(order: int, claim: str, expression: str) -> list[str]:
    """Under each of these a wrong claim must fail by the differences too."""
    if order == 2:
        return ["hessian", "hessian vech"]
    return ["vech gradient", "vech", "numerator", "rowmajor-numerator", "gradient"]


def test_a_right_duplication_stays() -> None:
    """A mend has the form of the claim: what counts the free entries is mended by them."""
    verdict = fr.check("logdet(X)", "X", "duplication(n)'*kron(inv(X),inv(X))*duplication(n)",
                       assumptions={"X": ["symmetric"]}, order=2)  # fmt: skip
    assert verdict.mend is not None
    assert verdict.mend.formula == "-duplication(n)'*kron(inv(X),inv(X))*duplication(n)"


@pytest.mark.parametrize("claim", ["kron(inv(X),inv(X))", "-2*kron(inv(X),inv(X))", "-kron(inv(X),X)"])
def test_no_factor_is_proposed_that_changes_nothing_within_the_structure(claim: str) -> None:
    verdict = fr.check("logdet(X)", "X", claim, assumptions={"X": ["symmetric"]}, order=2)
    assert verdict.mend is not None
    assert verdict.mend.formula.replace(" ", "") == "-kron(inv(X),inv(X))"
    assert "commutation" not in verdict.meaning


def test_the_meaning_says_within_and_free() -> None:
    verdict = fr.check("logdet(X)", "X", "-kron(inv(X),inv(X))", assumptions={"X": ["symmetric"]}, order=2)
    assert verdict.meaning == (
        "Right: it acts as the Hessian does on every pair of symmetric increments of X; "
        "with all its entries free it is -kron(inv(X),inv(X))*commutation(n,n)."
    )


FACTS: dict[str, list[str]] = {"S": [P], "W": [S], "L": [L], "D": [D, "positive definite"], "K": [K]}
SIZED = {"S": ["p", "p"], "W": ["p", "p"], "n": [], "L": ["p", "p"], "x": ["p"], "m": ["p"], "D": ["p", "p"],
         "B": ["p", "k"], "K": ["p", "p"]}  # fmt: skip
GAUSS = "-n/2*logdet(S)-tr(inv(S)*W)/2"
STATISTICS: list[tuple[str, str, int, str, str | None]] = [
    (GAUSS, "S", 1, "-n/2*inv(S)+inv(S)*W*inv(S)/2", None),
    (GAUSS, "S", 1, "duplication(p)'*kron(inv(S),inv(S))*vec(W-n*S)/2", None),
    (GAUSS, "S", 2, "duplication(p)'*(n/2*kron(inv(S),inv(S))-kron(inv(S),inv(S)*W*inv(S)))*duplication(p)", None),
    ("norm2(inv(L)*(x-m))^2", "L", 1, "-2*tril(inv(L)'*inv(L)*(x-m)*(x-m)'*inv(L)')", None),
    ("norm2(inv(L)*(x-m))^2", "L", 1, "2*tril(inv(L)'*inv(L)*(x-m)*(x-m)'*inv(L)')",
     "-2*tril(inv(L)'*inv(L)*(x-m)*(x-m)'*inv(L)')"),
    ("logdet(B*B'+D)", "D", 2, "-inv(B*B'+D).^2", None),
    ("logdet(B*B'+D)", "D", 2, "-inv(B*B'+D)^2", "-inv(B*B'+D).^2"),
    ("logdet(B*B'+D)", "B", 1, "inv(B*B'+D)*B", "2*inv(B*B'+D)*B"),
    ("chol(S)", "S", 1, "phi(inv(chol(S))*dS*inv(chol(S))')", "chol(S)*phi(inv(chol(S))*dS*inv(chol(S))')"),
    ("inv(eye(p)+K)*(eye(p)-K)", "K", 1, "-2*inv(eye(p)+K)*dK*inv(eye(p)+K)", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrt", "order", "claim", "mend"), STATISTICS)
def test_formulas_of_multivariate_statistics(text: str, wrt: str, order: int, claim: str, mend: str | None) -> None:
    names = [n for n in SIZED if re.search(rf"\b{n}\b", text)]
    given: dict[str, Any] = {
        "shapes": {n: SIZED[n] for n in names}, "assumptions": {n: FACTS[n] for n in names if n in FACTS}
    }  # fmt: skip
    verdict = fr.check(text, wrt, claim, order=order, **given)
    assert verdict.holds == (mend is None), verdict.meaning
    assert (verdict.mend.formula if verdict.mend else None) == mend
