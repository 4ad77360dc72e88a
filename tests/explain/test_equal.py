"""Two formulas, one question."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import frechet as fr
from frechet.errors import FrechetError
from frechet.explain.claims.two_formulas import Pair
from frechet.verify.bench import Bench

ALWAYS = [
    ("tr(A*B*C)", "tr(C*A*B)"),
    ("(A*B)'", "B'*A'"),
    ("norm2(x)^2", "x'*x"),
    ("vec(A*X*B)", "kron(B',A)*vec(X)"),
    ("inv(A*B)", "inv(B)*inv(A)"),
    ("log(det(X)^2)", "2*logdet(X)"),
    (r"\operatorname{tr}(A^\top B)", "sum(A.*B)"),
    ("softmax(x)", "exp(x)/sum(exp(x))"),
    ("logsumexp(x+c)", "logsumexp(x)+c"),
    ("kron(A,B)*kron(C,D)", "kron(A*C,B*D)"),
    ("log(sigmoid(x))", "-softplus(-x)"),
]


@pytest.mark.parametrize(("left", "right"), ALWAYS)
def test_always(left: str, right: str) -> None:
    shapes = {"A": ["n", "n"], "B": ["n", "n"]} if "inv" in left else None
    found = fr.equal(left, right, shapes=shapes)
    assert found.verdict == "always equal", str(found)
    assert found and found.counterexample is None


CONDITIONAL = [
    ("x'*A*y", "y'*A*x", "A is symmetric"),
    ("A*B", "B*A", "A and B commute"),
    ("Q'*Q", "eye(n)", "Q is orthogonal"),
    ("W.*W.*X", "W.*X", "every entry of W is 0 or 1"),
    ("x'*A*x", "0", "A is skew"),
    ("A*A", "A", "A is idempotent"),
    ("prod(diag(A))", "det(A)", "A is triangular"),
    ("norm_nuclear(A)", "tr(A)", "A is positive definite"),
    ("norm2(x+y)^2", "norm2(x)^2+norm2(y)^2", "x'*y = 0"),
]


@pytest.mark.parametrize(("left", "right", "condition"), CONDITIONAL)
def test_under_an_assumption(left: str, right: str, condition: str) -> None:
    square = {name: ["n", "n"] for name in "ABQ" if name in left}
    found = fr.equal(left, right, shapes=square or None)
    assert found.verdict == "equal under assumptions"
    assert condition in found.assumptions
    assert not found


def test_the_weakest_assumptions_only() -> None:
    square = {"A": ["n", "n"], "B": ["n", "n"]}
    assert fr.equal("tr(A*B)", "sum(A.*B)", shapes=square).assumptions == ("A is symmetric", "B is symmetric")
    assert fr.equal("det(A)", "prod(diag(A))", shapes={"A": ["n", "n"]}).assumptions == ("A is triangular",)


def test_entries_that_sum_to_one_need_not_be_real() -> None:
    found = fr.equal("z'*z", "norm2(z)^2", shapes={"z": ["n"]}, assumptions={"z": ["complex"]})
    assert found.assumptions == ("z is real",)


def test_zero_is_equal_to_zero_whatever_is_assumed() -> None:
    found = fr.equal("det(2*A)", "2*det(A)", shapes={"A": ["n", "n"]})  # singular: skew of odd size, idempotent
    assert found.verdict == "different" and not found.assumptions


def test_a_declared_assumption_makes_it_always() -> None:
    assert fr.equal("x'*A*y", "y'*A*x", assumptions={"A": ["symmetric"]})


def test_different_with_numbers() -> None:
    found = fr.equal("(A*B)'", "A'*B'", shapes={"A": ["n", "n"], "B": ["n", "n"]})
    example = found.counterexample
    assert example is not None
    a, b = (np.array(example["values"][n], dtype=float) for n in "AB")
    assert np.allclose((a @ b).T, example["left"]) and np.allclose(a.T @ b.T, example["right"])


def test_different_shapes() -> None:
    found = fr.equal("x*y'", "x'*y", shapes={"x": ["n"], "y": ["n"]})
    assert found.verdict == "different"
    assert "shapes" in found.meaning


def test_what_cannot_be_read_is_an_error() -> None:
    with pytest.raises(FrechetError):
        fr.equal("A*", "A")


def test_as_plain_data() -> None:
    assert list(fr.equal("a+b", "b+a").to_dict()) == [
        "left",
        "right",
        "verdict",
        "assumptions",
        "conditions",
        "condition",
        "meaning",
        "counterexample",
        "reading",
    ]


def test_an_assumption_at_which_nothing_has_a_value_is_left_alone_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of unrelated formulas every assumption is tried: at few points, the same ones drawn once."""
    counts = {"values": 0, "points": 0}
    values, point = Pair.values, Bench.point

    def valued(self: Pair, *given: Any) -> Any:
        counts["values"] += 1
        return values(self, *given)

    def drawn(self: Bench, *given: Any) -> Any:
        counts["points"] += 1
        return point(self, *given)

    monkeypatch.setattr(Pair, "values", valued)
    monkeypatch.setattr(Bench, "point", drawn)
    found = fr.equal("tr(sqrtm(X*X'))", "tr(inv(X'*C*X)*(X'*B*X))")
    assert found.verdict == "different"
    assert counts["values"] < 1200 and counts["points"] < 600


def test_of_what_is_inverted_it_is_said_that_it_is_invertible() -> None:
    """A + u*v' may be singular and not zero, and then neither side has a value."""
    found = fr.equal("inv(A+u*v')", "inv(A) - inv(A)*u*v'*inv(A)/(1+v'*inv(A)*u)")
    assert found.verdict == "equal where both are defined"
    assert found.conditions == ("A is invertible", "A + u*v' is invertible"), found.conditions
    assert "where A and A + u*v' are invertible." in str(found), str(found)


def test_a_matrix_that_is_hardly_ever_singular_is_spoken_of() -> None:
    """Where A and C are invertible A + U*C*V may be singular, and then neither side has a value."""
    found = fr.equal("inv(A+U*C*V)", "inv(A)-inv(A)*U*inv(inv(C)+V*inv(A)*U)*V*inv(A)")
    assert found.verdict == "equal where both are defined"
    assert found.condition == "A, C and A + U*C*V are invertible", found.condition


@pytest.mark.parametrize(
    ("left", "right"), [("sortperm(x)", "sortperm(x)'"), ("sort(x)", "sortperm(x)'*x"), ("x", "sortperm(x)^2*x")]
)
def test_what_holds_of_two_things_is_tried_with_more(left: str, right: str) -> None:
    """A permutation of two things is its own inverse, and so are most of three."""
    found = fr.equal(left, right)
    assert found.verdict == "different" and found.counterexample is not None
    assert fr.equal("sort(x)", "sortperm(x)*x").verdict == "always equal"
