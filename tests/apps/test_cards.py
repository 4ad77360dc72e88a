"""Cards in detail: second derivatives written out, names said once, the layout asked for, Unicode by one table."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from frechet.apps.cli import main


def card(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["derive", *arguments])
    assert done.exit_code == 0, done.stderr
    return done.output


def test_a_second_derivative_written_out_is_called_what_it_is() -> None:
    shown = card("x'*A*x", "--wrt", "x", "--order", "2", "--entries", "x=2")
    assert "\nHessian, columns stacked\n" in shown
    assert "  ∂(∂f/∂x[1])/∂x = [ 2*A[1,1] " in shown
    assert "Jacobian" not in shown
    matrix = card("det(X)", "--wrt", "X", "--order", "2", "--entries", "X=2,2")
    assert "∂(∂f/∂X[2,1])/∂X = " in matrix


@pytest.mark.parametrize(
    ("text", "said"),
    [("x'*x", "  ∂f/∂x = [ 2*x[1] ]"), ("2*x", "  ∂y[2]/∂x = [ 0 ]"), ("x*x'", "  ∂C[2,1]/∂x = [ x[2] ]")],
)
def test_entries_are_called_by_the_shape_of_the_value(text: str, said: str) -> None:
    assert said in card(text, "--wrt", "x", "--entries", "x=2")


FACTORS = "logdet(L*L'+diag(d)) + tr(inv(L*L'+diag(d))*S)"


@pytest.mark.parametrize(
    "arguments",
    [("min(A*x-b)",), (FACTORS, "--wrt", "L", "--wrt", "d", "--order", "2"), ("w = y-W2*v-b2; w'*w", "--unicode")],
)
def test_where_is_said_once_and_every_name_in_it_is_used(arguments: tuple[str, ...]) -> None:
    lines = card(*arguments).splitlines()
    begin = [k for k, line in enumerate(lines) if line.startswith("where ")]
    assert len(begin) == 1
    block = lines[begin[0] :]
    block = block[: block.index("")]
    for line in block:
        name, _, _ = line.removeprefix("where").strip().partition(" = ")
        elsewhere = "\n".join(other for other in lines if other is not line)
        assert name in elsewhere.replace("(", " ").replace(")", " ").replace("*", " ").replace(",", " ").split() or (
            f"{name}'" in elsewhere or f"{name}ᵀ" in elsewhere or f"{name}[" in elsewhere or f"-{name}" in elsewhere
        ), line
    assert not [line for line in lines if line.strip().startswith(",")]


def test_the_layout_asked_for_is_shown_and_related_to_the_gradient() -> None:
    row = card("x'*A*x", "--wrt", "x", "--layout", "numerator")
    assert "  numerator layout   1×n  x'*(A+A')\n  which is the gradient transposed\n" in row
    assert "which is the gradient itself" in card("x'*A*x", "--wrt", "x", "--layout", "denominator")
    assert "side by side" in card("tr(X'*X)", "--wrt", "X", "--layout", "numerator")
    assert "Jacobian" not in card("x'*A*x", "--wrt", "x")
    assert "which is" not in card("A*x", "--wrt", "x", "--layout", "numerator")


def test_unicode_is_by_one_table() -> None:
    shown = card("(x-mu)'*inv(Sigma)*(x-mu)*alpha_1", "--unicode", "--assume", "Sigma symmetric")
    for said in ("∂f/∂μ = 2 α₁ ", "∂f/∂Σ = ", "∂f/∂α₁ = ", "dα₁", "∂f/∂Σᵢⱼ", "by Σ", "derivative by Σ", "every dΣ of"):
        assert said in shown, said
    body = shown.partition("\n\n")[2]
    assert "alpha" not in body
    assert "Sigma" not in body
    assert "∂mu" not in body
    named = card("logdet(L*L'+diag(d)) + tr(inv(L*L'+diag(d))*S)", "--wrt", "L", "--order", "2", "--unicode")
    assert "P₁ = " in named
