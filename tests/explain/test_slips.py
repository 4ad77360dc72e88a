"""The slips that stand in the records: what they say is true, and a claim with one of them is mended."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
import scipy.linalg

import frechet as fr
from frechet.core.facts import Facts
from frechet.core.records import slips
from frechet.ops import REGISTRY

pytestmark = pytest.mark.slow

RECORDS = list(REGISTRY.values())
SLOPES = [op.name for op in RECORDS if op.slips.slope]
DERIVATIVES = [op.name for op in RECORDS if op.slips.derivative]
LEFT = [op.name for op in RECORDS if op.slips.left]
UNTURNED = [op.name for op in RECORDS if op.facts.unturned and op.call]


def applied(name: str) -> str:
    """A number with the function of every entry, or of a vector, in it."""
    return f"sum({name}(x))" if REGISTRY[name].elementwise else f"{name}(x)"


@pytest.mark.parametrize("name", SLOPES)
def test_a_slope_is_the_derivative(name: str) -> None:
    assert fr.check(applied(name), "x", f"{slips(name).slope}(x)", shapes={"x": ["n"]}).holds


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_derivative_is_the_derivative(name: str) -> None:
    claim = re.sub(r"\by\b", f"{name}(x)", slips(name).derivative)
    assert fr.check(applied(name), "x", claim, shapes={"x": ["n"]}).holds


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left_is_in_the_gradient(name: str) -> None:
    assert f"{slips(name).left}(X)" in str(fr.derive(f"{name}(X)", wrt="X", shapes={"X": ["n", "n"]}).gradient)


@pytest.mark.parametrize("name", UNTURNED)
def test_a_number_of_a_matrix_is_that_of_its_transpose(name: str) -> None:
    assert fr.equal(f"{name}(X)", f"{name}(X')", shapes={"X": ["n", "n"]})


def test_the_slips_of_a_name_that_is_no_operation() -> None:
    assert slips("no operation") == slips("mul")
    assert Facts().boundary == "" and Facts().stacks == ""


@pytest.mark.parametrize(
    ("expression", "wrt", "claim", "mend", "change"),
    [
        ("sum(sin(A*x))", "x", "A'*sin(A*x)", "A'*cos(A*x)", "cos for sin"),
        ("sum(tanh(A*x))", "x", "A'*tanh(A*x)", "A'*(1-tanh(A*x).^2)", "the derivative of tanh"),
        ("sum(logsumexp(X,1))", "X", "logsumexp(X,1)", "softmax(X,1)", "softmax for logsumexp"),
        ("sum(log(sigmoid(x)))", "x", "sigmoid(x)", "sigmoid(-x)", "the argument of sigmoid: -x for x"),
    ],
)
def test_a_slip_is_undone(expression: str, wrt: str, claim: str, mend: str, change: str) -> None:
    found = fr.check(expression, wrt, claim).mend
    assert found is not None
    assert (found.formula, found.change) == (mend, change)


@pytest.fixture
def outside() -> Iterator[None]:
    """Operations of the three kinds, of which claims may be made."""
    made = [
        fr.operation("softsign", lambda x: x / (1 + abs(x)), derivative="1./(1+abs(x)).^2"),
        fr.operation("mish", lambda x: x * np.tanh(np.log1p(np.exp(x))),
                     derivative="tanh(softplus(x)) + x.*(1-tanh(softplus(x)).^2).*sigmoid(x)"),
        fr.operation("down", lambda X: np.roll(X, 1, axis=0), adjoint=lambda G: np.roll(G, -1, axis=0)),
        fr.operation("dlyap", scipy.linalg.solve_discrete_lyapunov, signature="(n,n),(n,n)->(n,n)", arguments="A,Q",
                     differential="dlyap(A, dA*Y*A' + A*Y*dA' + dQ)", adjoint="dlyap(A',G)"),
    ]  # fmt: skip
    yield
    for operation in made:
        operation.remove()


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize(
    ("expression", "wrt", "claim", "mend", "change"),
    [
        ("sum(softsign(A*x))", "x", "A'*softsign(A*x)", "A'*(1./(1+abs(A*x)).^2)", "the derivative of softsign"),
        ("sum(mish(x))", "x", "mish(x)", "tanh(softplus(x)) + x.*(1-tanh(softplus(x)).^2).*sigmoid(x)",
         "the derivative of mish"),
        ("norm2(down(X)-Y)^2", "X", "2*(down(X)-Y)", "2*down_adjoint(down(X)-Y)", "the adjoint of down"),
        ("norm2(down(X)-Y)^2", "X", "2*down(down(X)-Y)", "2*down_adjoint(down(X)-Y)", "the adjoint of down"),
        ("tr(C'*dlyap(A,Q))", "Q", "dlyap(A,C)", "dlyap(A',C)", "the adjoint of dlyap"),
    ],
)  # fmt: skip
def test_a_slip_with_an_operation_from_outside_is_undone(
    expression: str, wrt: str, claim: str, mend: str, change: str
) -> None:
    found = fr.check(expression, wrt, claim).mend
    assert found is not None
    assert (found.formula, found.change) == (mend, change)
