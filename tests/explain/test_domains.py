"""Where two formulas are equal, and where a claim holds: points are drawn to break a statement, domains are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

import frechet as fr
from frechet.core.dim import Dim
from frechet.explain.claims.conditions import Seen, conditions, offered
from frechet.explain.claims.named_regions import REGIONS, Region
from frechet.language import parse
from frechet.ops.expressions import variable
from frechet.verify.breaking import BREAKING, breaking, breaking_points, breaking_sizes
from frechet.verify.defined import NONE, UNSURE, Outcome, Watched, compared

pytestmark = pytest.mark.slow

SQUARE: dict[str, list[Any]] = {name: ["n", "n"] for name in "ABS"}
OTHERS: dict[str, list[Any]] = {**{name: ["n"] for name in "xyz"}, "a": [], "b": [], "c": [], "d": []}
TALL: dict[str, list[Any]] = {"A": ["m", "n"], "B": ["n", "p"], "x": ["n"]}


def ask(left: str, right: str, shapes: dict[str, list[Any]], **more: Any) -> Any:
    used = {n: s for n, s in {**OTHERS, **shapes}.items() if n in left + right}
    return fr.equal(left, right, shapes=used, **more)


ALWAYS = [
    ("log(exp(x))", "x"),
    ("sqrt(x.^2)", "abs(x)"),
    ("(x.^2).^(1/2)", "abs(x)"),
    ("log(x.^2)", "2*log(abs(x))"),
    ("det(inv(A))", "1/det(A)"),
    ("inv(A*B)", "inv(B)*inv(A)"),
    ("inv(A')", "inv(A)'"),
    ("inv(A)", "adj(A)/det(A)"),
    ("adj(A)*A", "det(A)*eye(n)"),
    ("logdet(A*B)", "logdet(A)+logdet(B)"),
    ("tr(A*B)", "tr(B*A)"),
    ("pinv(A')", "pinv(A)'"),
    ("A*pinv(A)*A", "A"),
    ("norm2(x)^2", "x'*x"),
    ("softmax(x+c*ones(n))", "softmax(x)"),
    ("max(x,0)", "relu(x)"),
    ("max(x,y)", "(x+y+abs(x-y))/2"),
    ("abs(x)", "sign(x).*x"),
    ("x.^0", "ones(n)"),
    ("x.^-1", "1./x"),
    ("tan(x)", "sin(x)./cos(x)"),
    ("sigmoid(-x)", "1-sigmoid(x)"),
    ("log(1-sigmoid(x))", "-softplus(x)"),
    ("log(1-tanh(x).^2)", "-2*log(cosh(x))"),
    ("expm(A)*expm(-A)", "eye(n)"),
    ("logdet(expm(A))", "tr(A)"),
    ("norm_nuclear(A)", "tr(sqrtm(A'*A))"),
    ("svd_u(A)*diag(svdvals(A))*svd_v(A)'", "A"),
    ("x/norm2(x)", "x/sqrt(x'*x)"),
    ("inv(eye(n)+A)*A", "A*inv(eye(n)+A)"),
    ("A^-2", "inv(A*A)"),
]


@pytest.mark.parametrize(("left", "right"), ALWAYS)
def test_always_equal(left: str, right: str) -> None:
    shapes = TALL if "svd" in left or "pinv" in left else SQUARE
    found = ask(left, right, shapes)
    assert found.verdict == "always equal", str(found)
    assert found.conditions == found.assumptions == () and found.condition is None and found.counterexample is None


WHERE = [
    ("x./x", "ones(n)", ["x has no zero entry"]),
    ("x.^2./x", "x", ["x has no zero entry"]),
    ("1./(1./x)", "x", ["x has no zero entry"]),
    ("sign(x)", "x./abs(x)", ["x has no zero entry"]),
    ("(a*b)/b", "a", ["b is not zero"]),
    ("sum(x)/sum(x)", "1", ["sum(x) is not zero"]),
    ("exp(log(x))", "x", ["x > 0"]),
    ("log(x.^2)", "2*log(x)", ["x > 0"]),
    ("log(a*b)", "log(a)+log(b)", ["a > 0", "b > 0"]),
    ("log(x.*y)", "log(x)+log(y)", ["x > 0", "y > 0"]),
    ("log(prod(x))", "sum(log(x))", ["x > 0"]),
    ("sqrt(x.*y)", "sqrt(x).*sqrt(y)", ["x has no negative entry", "y has no negative entry"]),
    ("sqrt(a)*sqrt(b)", "sqrt(a*b)", ["a >= 0", "b >= 0"]),
    ("sin(arcsin(x))", "x", ["the entries of x lie within [-1, 1]"]),
    ("gamma(x+1)", "x.*gamma(x)", ["no entry of x is 0 or a negative integer"]),
    ("inv(inv(A))", "A", ["A is invertible"]),
    ("A*inv(A)", "eye(n)", ["A is invertible"]),
    ("adj(A)", "det(A)*inv(A)", ["A is invertible"]),
    ("log(det(A))", "logdet(A)", ["det(A) > 0"]),
    ("log(det(A*B))", "log(det(A))+log(det(B))", ["det(A) > 0", "det(B) > 0"]),
    ("sqrtm(A)*sqrtm(A)", "A", ["A has no eigenvalue on the closed negative axis"]),
    ("expm(logm(A))", "A", ["A has no eigenvalue on the closed negative axis"]),
    ("a^b*a^c", "a^(b+c)", ["a > 0"]),
]


@pytest.mark.parametrize(("left", "right", "conditions"), WHERE)
def test_equal_where_both_are_defined(left: str, right: str, conditions: list[str]) -> None:
    found = ask(left, right, SQUARE)
    assert found.verdict == "equal where both are defined", str(found)
    assert list(found.conditions) == conditions
    assert found.condition == " and ".join(conditions) and not found
    assert found.condition in found.meaning
    example = found.counterexample
    assert example is not None and (example["left"] is None) != (example["right"] is None)


def test_the_rank_is_told_of_a_matrix_that_is_not_square() -> None:
    found = ask("pinv(A)", "inv(A'*A)*A'", TALL)
    assert (found.verdict, found.conditions) == ("equal where both are defined", ("A has full column rank",))
    found = ask("pinv(A)", "A'*inv(A*A')", TALL)
    assert found.conditions == ("A has full row rank",)


ASSUMED = [
    ("norm1(x)", "sum(x)", "x has no negative entry"),
    ("sqrt(x.^2)", "x", "x has no negative entry"),
    ("(x.^2).^(1/2)", "x", "x has no negative entry"),
    ("sqrt(x.^2)", "-x", "x has no positive entry"),
    ("norm2(a*x)", "a*norm2(x)", "a >= 0"),
    ("(x.^y).^z", "x.^(y.*z)", "x > 0"),
    ("arcsin(sin(x))", "x", "the entries of x lie within [-π/2, π/2]"),
    ("arccos(cos(x))", "x", "the entries of x lie within [0, π]"),
    ("arctan(tan(x))", "x", "the entries of x lie within (-π/2, π/2)"),
    ("logm(expm(A))", "A", "the eigenvalues' imaginary parts lie within (-π, π)"),
    ("expm(A+B)", "expm(A)*expm(B)", "A and B commute"),
    ("chol(S)*chol(S)'", "S", "S is positive definite"),
]


@pytest.mark.parametrize(("left", "right", "condition"), ASSUMED)
def test_equal_under_an_assumption_that_is_enough(left: str, right: str, condition: str) -> None:
    found = ask(left, right, SQUARE)
    assert found.verdict == "equal under assumptions", str(found)
    assert found.assumptions == (condition,)
    assert found.counterexample is not None


def test_products_of_pseudoinverses() -> None:
    found = ask("pinv(A)*A", "eye(n)", TALL)
    assert found.assumptions == ("A has full column rank",)
    found = ask("pinv(A*B)", "pinv(B)*pinv(A)", TALL)
    assert found.assumptions == ("A has full column rank and B has full row rank",)


DIFFERENT = [
    ("inv(eye(n)+A)", "eye(n)-A"),
    ("sum(abs(x))^2", "sum(x.^2)"),
    ("sqrt(x.^2+y.^2)", "x+y"),
    ("norm_spectral(A)", "norm2(A)"),
]


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_no_far_fetched_condition_is_offered(left: str, right: str) -> None:
    found = ask(left, right, SQUARE)
    assert not found and "sum to one" not in found.meaning


def test_a_false_assumption_is_not_offered() -> None:
    """The norm of (2,-1) is 3, and its entries sum to one."""
    assert "sum to one" not in str(ask("norm1(x)", "sum(x)", {}))


DECLARED = [
    ("exp(log(x))", "x", {"x": ["positive"]}),
    ("(x.^y).^z", "x.^(y.*z)", {"x": ["positive"]}),
    ("A*inv(A)", "eye(n)", {"A": ["positive definite"]}),
    ("logm(expm(A))", "A", {"A": ["symmetric"]}),
    ("chol(S)*chol(S)'", "S", {"S": ["positive definite"]}),
    ("inv(A)", "A'", {"A": ["orthogonal"]}),
    ("log(det(A))", "logdet(A)", {"A": ["positive definite"]}),
]


@pytest.mark.parametrize(("left", "right", "assumptions"), DECLARED)
def test_what_is_declared_is_honoured(left: str, right: str, assumptions: dict[str, list[str]]) -> None:
    assert ask(left, right, SQUARE, assumptions=assumptions).verdict == "always equal"


def test_the_same_question_has_the_same_answer() -> None:
    once, again = (ask("log(x.*y)", "log(x)+log(y)", {}).to_dict() for _ in range(2))
    assert once == again


CLAIMS: list[tuple[str, str, str, dict[str, list[Any]], str, str]] = [
    ("pinv(A)*b", "b", "inv(A'*A)*A'", {"A": ["m", "n"], "b": ["m"]}, "A has full column rank", "pinv(A)"),
    ("pinv(A)*A*x", "x", "eye(n)", {"A": ["m", "n"], "x": ["n"]}, "A has full column rank", "pinv(A)*A"),
    ("sum(x.^3)", "x", "3*x.^3./x", {"x": ["n"]}, "x has no zero entry", "3*x.^2"),
    ("x'*x", "x", "2*norm2(x)^2*x/(x'*x)", {"x": ["n"]}, "x is not zero", "2*x"),
    ("tr(A*X)", "X", "inv(inv(A))'", {"A": ["n", "n"], "X": ["n", "n"]}, "A is invertible", "A'"),
    ("norm1(x)", "x", "ones(n)", {"x": ["n"]}, "x > 0", "sign(x)"),
    ("a*x'*x", "x", "2*sqrt(a^2)*x", {"a": [], "x": ["n"]}, "a > 0", "2*a*x"),
    ("x'*A*x", "x", "2*A*x", {"A": ["n", "n"], "x": ["n"]}, "A is symmetric", "(A+A')*x"),
    ("-sum(y.*log(softmax(o)))", "o", "softmax(o)-y", {"y": ["n"], "o": ["n"]},
     "the entries of y are a probability vector (not negative, summing to one)", "sum(y)*softmax(o) - y"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "wrt", "claim", "shapes", "condition", "general"), CLAIMS)
def test_a_claim_that_is_right_somewhere(
    expression: str, wrt: str, claim: str, shapes: dict[str, list[Any]], condition: str, general: str
) -> None:
    verdict = fr.check(expression, wrt, claim, shapes=shapes)
    assert verdict.verdict == "right under a condition", str(verdict)
    assert verdict.condition == condition
    assert verdict.conventions and verdict.meaning.startswith("Right ")
    assert verdict.mend is not None and verdict.mend.formula == general
    assert fr.check(expression, wrt, general, shapes=shapes).verdict in ("right", "right under a convention")


NO_DERIVATIVE = [
    # Where the claim has no value the expression has no derivative: nothing is left out.
    ("norm1(x)", "x", "x./abs(x)"),
    ("norm2(x)", "x", "x/norm2(x)"),
    ("sum(log(x))", "x", "1./x"),
    ("logdet(X)", "X", "inv(X)'"),
    ("sum(relu(x))", "x", "(sign(x)+1)/2"),
    ("inv(X)", "X", "-inv(X)[k,i]*inv(X)[j,l]"),
    # The claim has a value where the written answer has none.
    ("det(X)", "X", "adj(X)'"),
]


@pytest.mark.parametrize(("expression", "wrt", "claim"), NO_DERIVATIVE)
def test_a_claim_is_held_against_derivatives_that_exist(expression: str, wrt: str, claim: str) -> None:
    shapes = {wrt: ["n"] if wrt == "x" else ["n", "n"]}
    assert fr.check(expression, wrt, claim, shapes=shapes).verdict == "right"


def arrays(region: Region, random: np.random.Generator) -> list[Any]:
    """Arrays of the shapes that a region speaks of."""
    n = Dim.of("n")
    shapes: list[tuple[tuple[Dim, ...], tuple[int, ...]]] = [
        ((), ()), ((n,), (3,)), ((n, Dim.of("m")), (3, 2)), ((n, Dim.of("m")), (2, 3)), ((n, n), (3, 3)),
    ]  # fmt: skip
    return [m(random, at) for shape, at in shapes if region.speaks_of(shape) for m in BREAKING.values()]


@pytest.mark.parametrize("region", REGIONS, ids=lambda r: r.array or r.number)
def test_regions_can_be_entered_and_left(region: Region) -> None:
    inside = outside = 0
    for array in arrays(region, np.random.default_rng(0)):
        entered, left = region.inside(np.asarray(array)), region.outside(np.asarray(array))
        assert np.shape(entered) == np.shape(left) == np.shape(array)
        # No matrix has more independent columns than rows.
        thin = "rank" not in region.array or (array.shape[0] > array.shape[1]) == ("column" in region.array)
        assert region.holds(entered) is True or not thin or region.holds(entered) is None
        assert region.holds(left) is not True
        inside += region.holds(entered) is True
        outside += region.holds(left) is False
    assert inside >= 10 and outside >= 10


def test_a_condition_is_tried_at_fresh_points() -> None:
    """What tells the first points apart by chance alone is not told."""
    x = parse("log(x)", {"x": ["n"]}).value
    values = [np.array([v]) for v in (0.5, 1.0, 1.5, 2.0, 3.0, -0.5, -1.0)]

    def seen(good: Callable[[float], bool], more: Sequence[float] = ()) -> list[Seen]:
        drawn = [*values, *(np.array([v]) for v in more)]
        return [Seen({"n": 2}, {"x": v}, good(float(v[0]))) for v in drawn]

    first = seen(lambda v: v > 0)
    told = conditions(first, offered([x]), lambda adjust: first)
    assert [c.words for c in told] == ["x has no negative entry"]
    for wrong in (seen(lambda v: v > 0, [0.0]), seen(lambda v: 0 < v < 9, [9.5]), seen(lambda v: v != -1.0)):
        assert "x has no negative entry" not in [c.words for c in conditions(first, offered([x]), lambda a, w=wrong: w)]


HONOURED: dict[str, Callable[[Any], Any]] = {
    "symmetric": lambda m: np.array_equal(m, m.T),
    "positive definite": lambda m: np.allclose(m, m.T) and np.linalg.eigvalsh(m)[0] > 0,
    "diagonal": lambda m: np.array_equal(m, np.diag(np.diagonal(m))),
    "orthogonal": lambda m: np.allclose(m @ m.T, np.eye(3)),
    "skew": lambda m: np.array_equal(m, -m.T),
    "positive": lambda m: (m > 0).all(),
}


@pytest.mark.parametrize("assumed", HONOURED)
def test_points_drawn_to_break_honour_what_is_assumed(assumed: str) -> None:
    random = np.random.default_rng(0)
    for manner in BREAKING:
        assert HONOURED[assumed](breaking(variable("A", ("n", "n"), [assumed]), (3, 3), manner, random)), manner


def test_points_are_of_every_kind() -> None:
    sizes = breaking_sizes([Dim.of("m"), Dim.of("n")], most=6)
    assert {(s["m"] > s["n"]) - (s["m"] < s["n"]) for s in sizes} == {-1, 0, 1}
    assert any(1 in s.values() for s in sizes)
    A = variable("A", ("n", "n"))
    drawn = [env["A"] for env in breaking_points({"A": A}, {"n": 2}, len(BREAKING))]
    values = [np.linalg.eigvals(m) for m in drawn]
    assert any(not m.any() for m in drawn) and any((m < 0).all() for m in drawn)
    assert any(np.linalg.matrix_rank(m) == 1 for m in drawn)
    assert any(abs(v[0] - v[1]) < 1e-9 and v[0] for v in values)
    assert any(np.max(v.imag) > np.pi for v in values)
    norms = [np.linalg.norm(m) for m in drawn]
    assert max(norms) > 5 and 0 < min(n for n in norms if n) < 0.1


VALUES: list[tuple[str, dict[str, Any], Any]] = [
    ("1/(1/a)", {"a": 0.0}, NONE),
    ("log(a)", {"a": 0.0}, NONE),
    ("sqrt(a)", {"a": 0.0}, 0.0),
    ("exp(a)", {"a": 1e4}, UNSURE),
    ("inv(A)", {"A": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])}, NONE),
    ("logm(A)", {"A": -np.eye(2)}, NONE),
]


@pytest.mark.parametrize(("text", "env", "wanted"), VALUES)
def test_a_value_or_none(text: str, env: dict[str, Any], wanted: Any) -> None:
    value = parse(text, {"A": ["n", "n"], "a": []} if "A" in env else {"a": []}).value
    with np.errstate(all="ignore"):
        found = Watched(value, {"n": len(env.get("A", ()))}, {}).value({k: np.asarray(v) for k, v in env.items()})
    assert found is wanted or found == wanted


def test_rounding_is_no_counterexample() -> None:
    """tanh(20) is 1 in floating point, and log(1-1) has no value."""
    pair = [parse(t, {"a": []}).value for t in ("log(1-tanh(a)^2)", "-2*log(cosh(a))")]
    with np.errstate(all="ignore"):
        assert compared(*(Watched(e, {}, {}) for e in pair), {"a": np.asarray(20.0)})[0] is Outcome.UNSURE  # pyright: ignore
