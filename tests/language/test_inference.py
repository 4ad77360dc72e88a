"""Shapes that nobody declared."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pytest

from frechet.core.dim import Dim, show
from frechet.errors import FrechetError
from frechet.language import parse, read_formula
from judge.corpus import CORPUS

SHAPES = [
    ("A*B", "A m×n, B n×p"),
    ("x'*A*x", "x n×1, A n×n"),
    ("norm2(X*w-y)^2", "X m×n, w n×1, y m×1"),
    ("norm2(A*x-b)^2", "A m×n, x n×1, b m×1"),
    ("tr(A*X*B)", "A m×n, X n×p, B p×m"),
    ("a'*x", "a n×1, x n×1"),
    ("a'*X*b", "a m×1, X m×n, b n×1"),
    ("c*X", "c scalar, X m×n"),
    ("c*x + d", "c scalar, x n×1, d n×1"),
    ("c*x + c", "c scalar, x n×1"),
    ("lambda*x + lambda", "lambda scalar, x n×1"),
    ("logsumexp(x+c) - logsumexp(x) + c", "x n×1, c scalar"),
    ("X + eye(n)", "X n×n"),
    ("X + eye(3)", "X 3×3"),
    ("inv(A+t*B)", "A n×n, t scalar, B n×n"),
    ("y - X*b", "y m×1, X m×n, b n×1"),
    ("logdet(X'*X)", "X m×n"),
    ("norm2(A*x-y)^2 + lambda*norm2(x)^2", "A m×n, x n×1, y m×1, lambda scalar"),
    ("exp(-x^2/(2*s^2))", "x scalar, s scalar"),
    ("exp(-norm2(x-mu)^2/(2*sigma^2))", "x n×1, mu n×1, sigma scalar"),
    ("x*y", "x scalar, y scalar"),
    ("lambda*x", "lambda scalar, x n×1"),
    ("phi*exp(-x)", "phi scalar, x n×1"),
    ("theta*x*y", "theta scalar, x scalar, y scalar"),
    ("h*W", "h 1×m, W m×n"),
    ("1/N*sum(X)", "N scalar, X m×n"),
    ("X^k", "X n×n, k scalar"),
    ("theta'*X*theta", "theta n×1, X n×n"),
    ("kron(A,B)*vec(C*X)", "A m×n, B p×q, C k×r, X r×s"),
    ("x + vector(c)", "x n×1, c scalar"),
    ("X.*matrix(1)", "X m×n"),
    ("m*A*B", "m scalar, A n×p, B p×q"),
    ("diag(d)*X", "d m×1, X m×n"),
    ("[A, B]*x", "A m×n, B m×p, x (n+p)×1"),
    ("x.*y + z", "x n×1, y n×1, z n×1"),
    ("softmax(W*x + b)", "W m×n, x n×1, b m×1"),
    ("sum((Y - A*x).^2)", "Y m×1, A m×n, x n×1"),
    ("sum((Y - x'*W).^2)", "Y 1×m, x n×1, W n×m"),
    ("sum((Y - x*W).^2)", "Y 1×m, x 1×n, W n×m"),
    ("norm2(x*W - t)^2", "x 1×m, W m×n, t 1×n"),
    ("norm2(T - W*relu(V*x))^2", "T m×1, W m×n, V n×p, x p×1"),
    ("norm2(y - X*W)^2", "y m×1, X m×n, W n×1"),
    ("softmax(q*K'/sqrt(d))*V", "q 1×m, K n×m, d scalar, V n×p"),
    ("1/N*norm2(y-X*w)^2 + lambda*norm2(w)^2", "N scalar, y m×1, X m×n, w n×1, lambda scalar"),
    ("X'*(X*w-y)/m", "X n×p, w p×1, y n×1, m scalar"),
    ("mu'*x - lambda/2*x'*S*x", "mu n×1, x n×1, lambda scalar, S n×n"),
    ("-1/2*y'*inv(K)*y - 1/2*logdet(K) - n/2*log(2*pi)", "y m×1, K m×m, n scalar"),
    ("-N/2*logdet(Sigma) - 1/2*tr(inv(Sigma)*S)", "N scalar, Sigma n×n, S n×n"),
    ("A*x + t*b", "A m×n, x n×1, t m×1, b scalar"),
]

NETWORK = "a = h*W; y = sigma(a); L = sum((Y-y).^2)/(2*m)"
LAYER = "sum((Y-sigma(h*W)).^2)/(2*m)"

DECLARED = [
    (NETWORK, {"h": [1, 3], "W": [3, 2]}, "h 1×3, W 3×2, Y 1×2, m scalar"),
    (NETWORK, {"h": [1, 3]}, "h 1×3, W 3×n, Y 1×n, m scalar"),
    (NETWORK, {"h": [1, "n"]}, "h 1×n, W n×p, Y 1×p, m scalar"),
    (NETWORK, {"h": [1, "n"], "W": ["n", "p"]}, "h 1×n, W n×p, Y 1×p, m scalar"),
    (NETWORK, {"Y": [1, 2]}, "Y 1×2, h 1×n, W n×2, m scalar"),
    (NETWORK, {}, "h 1×n, W n×p, Y 1×p, m scalar"),
    (LAYER, {"h": [1, 3], "W": [3, 2]}, "h 1×3, W 3×2, Y 1×2, m scalar"),
    (LAYER, {"h": [1, "n"]}, "h 1×n, Y 1×p, W n×p, m scalar"),
    ("1/(2*m)*sum((sigma(h*W)-Y).^2)", {"h": [1, "n"]}, "h 1×n, m scalar, W n×p, Y 1×p"),
    ("norm2(y-sigma(h*W))^2/(2*m)", {"h": [1, "n"]}, "h 1×n, y 1×p, W n×p, m scalar"),
    ("sum((2*Y + Z - h*W).^2)", {"h": [1, "n"]}, "h 1×n, Y 1×m, Z 1×m, W n×m"),
    ("norm2(h*W + B*V - Y)^2", {"h": [1, "n"]}, "h 1×n, W n×m, B 1×p, V p×m, Y 1×m"),
    ("x*W + b", {"x": [1, "n"], "b": [1, "p"]}, "x 1×n, b 1×p, W n×p"),
    ("z = x*W + b; L = sum((Y-z).^2)", {"x": [1, "n"]}, "x 1×n, W n×m, b 1×m, Y 1×m"),
    ("z = A*X", {"z": ["m"], "A": ["m", "n"]}, "A m×n, X n×1"),
]
"""Rows and columns that what is declared, or what stands beside a name, leaves no choice about."""


def shown(
    text: str, shapes: Mapping[str, Sequence[int | str]] | None = None, functions: Sequence[str] = ("sigma",)
) -> str:
    functions = [f for f in functions if f"{f}(" in text]
    return ", ".join(f"{name} {show(v.shape)}" for name, v in parse(text, shapes, {}, functions).variables.items())


@pytest.mark.parametrize(("text", "declared", "shapes"), DECLARED)
def test_sizes_become_one_where_they_must(text: str, declared: dict[str, list[int | str]], shapes: str) -> None:
    assert shown(text, declared) == shapes


@pytest.mark.parametrize("text", ["X*W + b'", "X + b'", "X - mu'", "X*W - 2*b'"])
@pytest.mark.parametrize("declared", [{}, {"X": ["m", "n"]}])
def test_a_row_for_every_row_is_no_guess(text: str, declared: dict[str, list[str]]) -> None:
    with pytest.raises(FrechetError, match="ones"):
        shown(text, declared)


def test_a_declared_row_makes_no_row_of_a_product() -> None:
    with pytest.raises(FrechetError, match="ones"):
        shown("X*W + b", {"b": [1, "p"]})


@pytest.mark.parametrize(("text", "shapes"), SHAPES)
def test_kinds_by_habit_and_sizes_by_unification(text: str, shapes: str) -> None:
    assert shown(text) == shapes


def test_equations_that_cannot_be_solved_are_kept() -> None:
    problem = parse("kron(A,B)*vec(X)")
    assert [(str(a), str(b)) for a, b in problem.constraints] == [("n*q", "k*r")]
    read = read_formula("kron(A,B)*vec(X)", problem.variables, constraints=problem.constraints)
    assert read is problem.value


def test_declared_shapes_are_rigid() -> None:
    with pytest.raises(FrechetError):
        parse("A*B", {"A": ["m", "n"], "B": ["p", "q"]})
    with pytest.raises(FrechetError):
        parse("A*x", {"A": ["m", 3], "x": [4]})
    assert parse("A*B", {"A": ["m", "n"]}).variables["B"].shape == (Dim.of("n"), Dim.of("p"))


def test_inferred_sizes_avoid_every_name() -> None:
    taken = parse("m*A*B + n", {"m": [], "n": []}).variables
    assert [str(d) for d in taken["A"].shape + taken["B"].shape] == ["p", "q", "q", "k"]


def test_assumptions_settle_kinds() -> None:
    assert parse("logdet(S)", assumptions={"S": ["symmetric"]}).variables["S"].params == ("S", ("symmetric",))
    assert parse("w", assumptions={"w": "positive definite"}).value.shape == (Dim.of("n"), Dim.of("n"))
    assert parse("X^k*x", assumptions={"k": ["integer"]}).variables["k"].shape == ()


def test_sizes_may_be_polynomials() -> None:
    shapes = {"A": ["k", "q*m"], "X": ["m", "n"], "B": ["q*n", "l"]}
    assert parse("A*kron(eye(q),X)*B", shapes).value.shape == (Dim.of("k"), Dim.of("l"))


def test_inference_is_the_same_every_time() -> None:
    first, second = (repr(parse("kron(A,B)*vec(C*X) + z").variables) for _ in range(2))
    assert first == second


def _corpus() -> list[dict[str, object]]:
    return [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]


def test_the_corpus_reads_with_and_without_its_shapes() -> None:
    for line in _corpus():
        text = str(line["expression"])
        for shapes in (line["shapes"], None):
            try:
                parse(text, shapes, line.get("assumptions"), line.get("functions", ()))  # type: ignore[arg-type]
            except FrechetError as trouble:
                question = shapes is None and bool(trouble.readings)
                known = "there is no function" in trouble.message or (shapes is None and "index n" in trouble.message)
                known = known or question
                assert known, (text, trouble.message)
