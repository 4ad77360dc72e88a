"""What is said of an operation stands in its record: every rule has words, and the facts behind them are true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import frechet as fr
from frechet.core.op import Op
from frechet.explain.derivation.rules import rule_words
from frechet.language import parse
from frechet.ops import REGISTRY
from frechet.ops.expressions import variable
from frechet.verify.evaluate import evaluate

LINEAR = [op for op in REGISTRY.values() if op.facts.linear and op.example]


@pytest.mark.parametrize("op", [op for op in REGISTRY.values() if op.example and op.normal], ids=lambda op: op.name)
def test_no_operation_is_without_words(op: Op) -> None:
    problem = parse(op.example, functions=["sigma"])
    for x in problem.variables.values():
        said = rule_words(problem.value, {x: variable(f"d{x.params[0]}", x.shape)})
        assert said.title and said.why
        assert said.rule != "matrix function", "the words of its rule belong into its record"


@pytest.mark.parametrize("op", LINEAR, ids=lambda op: op.name)
def test_what_is_called_linear_is_linear(op: Op) -> None:
    random = np.random.default_rng(3)
    problem = parse(op.example)
    assert problem.value.op is op
    sizes = {
        name: k
        for k, name in enumerate(sorted({n for v in problem.variables.values() for d in v.shape for n in d.names}), 3)
    }
    names = list(problem.variables)

    def at(points: dict[str, Any]) -> Any:
        return evaluate(problem.value, points, sizes, {})

    def point() -> dict[str, Any]:
        drawn = {n: random.normal(size=[d.evaluate(sizes) for d in v.shape]) for n, v in problem.variables.items()}
        complex_part = op.name in ("conj", "herm", "real", "imag")
        return {n: a + 1j * random.normal(size=a.shape) if complex_part else a for n, a in drawn.items()}

    x, y = point(), point()
    moved = [names] if op.facts.linear == "together" else [[n] for n in names]
    for free in moved:
        rest = {n: x[n] for n in names if n not in free}
        total = at({**rest, **{n: x[n] + 2.0 * y[n] for n in free}})
        np.testing.assert_allclose(
            total, at({**rest, **{n: x[n] for n in free}}) + 2.0 * at({**rest, **{n: y[n] for n in free}})
        )


@pytest.mark.parametrize(
    ("expression", "wrt", "needed"),
    [
        ("sum(abs(A*x))", "x", ["every entry of A*x not zero"]),
        ("relu(t)", "t", ["t not zero"]),
        ("sum(max(x,y))", "x", ["x and y nowhere equal"]),
        ("max(x)", "x", ["one entry alone is the largest of x"]),
        ("det(X)", "X", ["X invertible (where the inverse is written)"]),
        ("sum(log(softplus(x)))", "x", []),
        ("sum(log(cosh(x)))", "x", []),
        ("sum(log(tanh(x)))", "x", ["every entry of tanh(x) positive"]),
        ("tr(A*X^-2)", "X", ["X invertible"]),
        ("norm2(x)^2/(2*s^2) + log(s^2)", "x", ["s not zero"]),
        ("sum(norminv(sigmoid(x))) + sum(elu(x,1))", "x", []),
        ("sum(arcsin(x))", "x", ["every entry of x between -1 and 1"]),
        ("sum(qr_r(X))", "X", ["X of full column rank"]),
    ],
)
def test_what_a_derivation_needs(expression: str, wrt: str, needed: list[str]) -> None:
    shapes = {"t": []} if wrt == "t" else {}
    assert fr.explain(expression, wrt, shapes=shapes).conditions == needed


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("sum(sqrt(x))", True),
        ("sum(sqrt(exp(x)))", False),
        ("abs(norm2(x)^2-1)", True),
        ("norm2(x)^4", False),
        ("norm2(x)^3", True),
    ],
)
def test_a_condition_is_told_where_the_formula_does_not_keep_it(expression: str, said: bool) -> None:
    assert bool(fr.derive(expression, "x").to_dict().get("conditions")) is said


@pytest.fixture
def outside() -> Iterator[None]:
    made = [
        fr.operation(
            "softsign_", lambda x: x / (1 + abs(x)), derivative="1./(1+abs(x)).^2", why="The quotient rule.",
            source="A note",
        ),
        fr.operation("bend", lambda x: x / (1 + abs(x)), derivative="1./(1+abs(x)).^2"),
        fr.operation("shifted", lambda X: np.roll(X, 1, axis=0), adjoint=lambda G: np.roll(G, -1, axis=0)),
        fr.operation(
            "cubed", lambda X: X @ X @ X, signature="(n,n)->(n,n)", differential="dX*X*X + X*dX*X + X*X*dX",
            why="Each factor moves in turn.", source="Ch. 1",
        ),
    ]  # fmt: skip
    yield
    for op in made:
        op.remove()


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("sum(softsign_(X))", ["The quotient rule.", "A note"]),
        ("sum(bend(X))", ["d bend(u) = du./(1+abs(u)).^2", "as given"]),
        (
            "norm2(shifted(X)-Y)^2",
            ["A linear map passes the differential on.", "⟨A, shifted(M)⟩ = ⟨shifted_adjoint(A), M⟩"],
        ),
        ("shifted(X)", ["⟨G, shifted(M)⟩ = ⟨shifted_adjoint(G), M⟩", "vec(shifted(M)) = shifted_matrix(m,n)*vec(M)"]),
        ("sum(tanh(shifted(tanh(A*X))))", ["⟨G, shifted(M)⟩ = ⟨shifted_adjoint(G), M⟩"]),
        ("tr(B*cubed(X))", ["Each factor moves in turn.", "Ch. 1"]),
    ],
)
def test_an_operation_from_outside_has_words_for_every_step(expression: str, said: list[str]) -> None:
    made = fr.explain(expression, "X")
    assert all(step.checked and step.title and step.why for step in made.steps)
    told = " ".join(f"{step.why} {step.reference}" for step in made.steps)
    assert all(words in told for words in said), told
