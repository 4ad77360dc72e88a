"""Shapes that nobody declared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from frechet.core.dim import Dim, show
from frechet.errors import FrechetError
from frechet.language import parse, read_formula

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "problems.jsonl"

SHAPES = [
    ("A*B", "A m×n, B n×p"),
    ("x'*A*x", "x n×1, A n×n"),
    ("norm2(X*w-y)^2", "X m×n, w n×1, y m×1"),
    ("norm2(A*x-b)^2", "A m×n, x n×1, b scalar"),
    ("tr(A*X*B)", "A m×n, X n×p, B p×m"),
    ("a'*x", "a n×1, x n×1"),
    ("a'*X*b", "a m×1, X m×n, b n×1"),
    ("c*X", "c scalar, X m×n"),
    ("c*x + d", "c scalar, x n×1, d scalar"),
    ("X + eye(n)", "X n×n"),
    ("X + eye(3)", "X 3×3"),
    ("inv(A+t*B)", "A n×n, t scalar, B n×n"),
    ("y - X*b", "y m×1, X m×n, b n×1"),
    ("logdet(X'*X)", "X m×n"),
    ("norm2(A*x-y)^2 + lambda*norm2(x)^2", "A m×n, x n×1, y m×1, lambda scalar"),
    ("exp(-x^2/(2*s^2))", "x scalar, s scalar"),
    ("exp(-norm2(x-mu)^2/(2*sigma^2))", "x n×1, mu n×1, sigma scalar"),
    ("x*y", "x scalar, y scalar"),
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
    ("softmax(W*x + b)", "W m×n, x n×1, b scalar"),
]


def shown(text: str) -> str:
    return ", ".join(f"{name} {show(v.shape)}" for name, v in parse(text).variables.items())


@pytest.mark.parametrize(("text", "shapes"), SHAPES)
def test_kinds_by_habit_and_sizes_by_unification(text: str, shapes: str) -> None:
    assert shown(text).replace("n+p×1", "(n+p)×1") == shapes


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
    if not CORPUS.exists():
        return []
    return [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside this checkout")
def test_the_corpus_reads_with_and_without_its_shapes() -> None:
    for line in _corpus():
        text = str(line["expression"])
        for shapes in (line["shapes"], None):
            try:
                parse(text, shapes, line.get("assumptions"), line.get("functions", ()))  # type: ignore[arg-type]
            except FrechetError as trouble:
                assert "there is no function" in trouble.message, (text, trouble.message)
