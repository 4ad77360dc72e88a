"""An operation from outside goes through every door: read, differentiated, verified, explained, checked, printed."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.linalg

import frechet as fr
from frechet.ops import RECORDS

pytestmark = pytest.mark.slow

SOURCE = Path(fr.__file__).parent
SLOPE = "tanh(softplus(x)) + x.*(1-tanh(softplus(x)).^2).*sigmoid(x)"
MATMUL = "(m,n),(n,p)->(m,p)"
MOVES = "dlyap(A, dA*Y*A' + A*Y*dA' + dQ)"
PAIR = "(n,n),(n,n)->(n,n)"
BEFORE = set(RECORDS)


def mish_of(x: Any) -> Any:
    return x * np.tanh(np.log1p(np.exp(x)))


def down(x: Any) -> Any:
    return np.roll(x, 1, axis=0)


def up(g: Any) -> Any:
    return np.roll(g, -1, axis=0)


@pytest.fixture(autouse=True)
def added() -> Iterator[dict[str, fr.Operation]]:
    """The three kinds of operation; whatever a test adds is gone after it."""
    stein = scipy.linalg.solve_discrete_lyapunov
    yield {
        "mish": fr.operation(
            "mish", mish_of, derivative=SLOPE, doc="x*tanh(softplus(x)).", source="Misra 2019", why="The product rule.",
            latex=("Mish",), python=("nn.smooth_mish",), caution="",
        ),
        "roll": fr.operation("roll", down, adjoint=up, doc="The rows moved down by one.", latex=("Roll",)),
        "dlyap": fr.operation(
            "dlyap", stein, signature=PAIR, arguments="A,Q", differential=MOVES, adjoint="dlyap(A',G)",
            matrix="inv(eye(n^2)-kron(A,A))", python=("linalg.solve_discrete_lyapunov",),
        ),
    }  # fmt: skip
    for name in set(RECORDS) - BEFORE:
        if name in RECORDS and not name.endswith(("_adjoint", "_matrix")):
            fr.Operation(name).remove()
    assert set(RECORDS) == BEFORE


def test_nothing_in_the_product_names_them() -> None:
    for path in SOURCE.rglob("*.py"):
        # docstrings, PyTorch's functional.mish, MATLAB's dlyap
        if path.name not in ("operation.py", "outside.py", "activations.py", "read.py", "sought.py"):
            assert "mish" not in path.read_text(encoding="utf-8") and "dlyap" not in path.read_text(encoding="utf-8")


READ = [
    ("text", "sum(mish(A*x))", "sum(mish(A*x))"),
    ("text", "norm2(roll(X)-Y)^2", "norm2(roll(X)-Y)^2"),
    ("text", "tr(C*dlyap(A,Q))", "tr(C*dlyap(A,Q))"),
    ("latex", r"\sum_i \operatorname{mish}(x_i)", "sum(mish(x))"),
    ("latex", r"\mathrm{mish}(A x)", "mish(A*x)"),
    ("latex", r"\Mish(A x)", "mish(A*x)"),
    ("latex", r"\operatorname{Mish}(A x)", "mish(A*x)"),
    ("latex", r"\|\operatorname{Roll}(X) - Y\|_F^2", "norm2(roll(X)-Y)^2"),
    ("latex", r"\operatorname{tr}(C\,\operatorname{dlyap}(A, Q))", "tr(C*dlyap(A,Q))"),
    ("python", "np.sum(mish(A @ x))", "sum(mish(A*x))"),
    ("python", "jax.nn.smooth_mish(A @ x)", "mish(A*x)"),
    ("python", "((roll(X) - Y)**2).sum()", "sum((roll(X)-Y).^2)"),
    ("python", "np.trace(C @ scipy.linalg.solve_discrete_lyapunov(A, Q))", "tr(C*dlyap(A,Q))"),
    ("python", "dlyap(A, Q)", "dlyap(A,Q)"),
]
SHAPES: dict[str, Any] = {
    "A": ("n", "n"), "C": ("n", "n"), "Q": ("n", "n"), "X": ("n", "n"), "Y": ("n", "n"), "x": ("n",),
}  # fmt: skip


@pytest.mark.parametrize(("language", "text", "read"), READ, ids=[text for _, text, _ in READ])
def test_it_is_read_in_every_language(language: Any, text: str, read: str) -> None:
    used = {name: SHAPES[name] for name in SHAPES if name in read.replace("mish", "").replace("roll", "")}
    found = fr.derive(text, language=language, shapes=used, verify=False)
    built = fr.parse(read, used).expr
    assert found.context.problem.value is built or f"read as  {read}" in str(found).splitlines()


def test_numpys_own_function_of_that_name_stays() -> None:
    both = fr.derive("np.roll(x, 1) + roll(x)", "x", language="python", shapes={"x": ("n",)}, verify=False)
    assert "roll(x)" in str(both) and "x[n]" in str(both)


def test_a_function_of_python_calls_it(added: dict[str, fr.Operation]) -> None:
    mish = added["mish"]

    def loss(x: Any, A: Any) -> Any:
        return mish(A @ x).sum()

    found = fr.derive(loss, "x", shapes={"x": ("n",), "A": ("m", "n")})
    assert found.gradient == fr.derive("sum(mish(A*x))", "x").gradient
    assert mish(fr.parse("A*x")) == fr.parse("mish(A*x)")


FORMS = [
    ("sum(mish(A*x))", "x", {"gradient", "differential"}),
    ("mish(A*x)", "x", {"differential", "pullback", "jacobian"}),
    ("norm2(roll(X)-Y)^2", "X", {"gradient", "differential"}),
    ("roll(A*X)", "X", {"differential", "pullback", "tensor", "jacobian"}),
    ("tr(C*dlyap(A,Q))", "A", {"gradient", "differential"}),
    ("dlyap(A,Q)", "Q", {"differential", "pullback", "tensor", "jacobian"}),
    ("dlyap(A,Q)", "A", {"differential", "pullback", "tensor", "jacobian"}),
]


@pytest.mark.parametrize(("text", "wrt", "forms"), FORMS)
def test_it_is_derived_in_all_forms_and_verified(text: str, wrt: str, forms: set[str]) -> None:
    found = fr.derive(text, wrt)
    assert forms <= set(found.forms) and found.verification.passed
    assert "one entry" in str(found)
    for one in forms:
        assert fr.parse(str(found.form(one)), SHAPES if "A" not in text or "dlyap" in text else None)  # type: ignore[arg-type]
    assert fr.explain(text, wrt).steps and str(fr.conventions(text, wrt))


@pytest.mark.parametrize(
    ("text", "wrt"),
    [("sum(mish(x))", "x"), ("norm2(roll(X)-Y)^2", "X"), ("sum(roll(X).^3)", "X"), ("tr(C*dlyap(A,Q))", "A")],
)
def test_it_has_a_second_derivative(text: str, wrt: str) -> None:
    assert fr.derive(text, wrt, order=2).verification.passed


def test_a_derivation_says_its_rule() -> None:
    said = str(fr.explain("norm2(roll(X)-Y)^2", "X"))
    assert "roll is linear" in said and "⟨A, roll(M)⟩ = ⟨roll_adjoint(A), M⟩" in said
    assert "The differential of dlyap" in str(fr.explain("tr(C*dlyap(A,Q))", "A"))


CHECKED = [
    ("sum(mish(x))", "x", SLOPE, "right"),
    ("norm2(roll(X)-Y)^2", "X", "2*roll_adjoint(roll(X)-Y)", "right"),
    ("norm2(roll(X)-Y)^2", "X", "-2*roll_adjoint(roll(X)-Y)", "wrong"),
    ("norm2(roll(X)-Y)^2", "X", "2*(roll(X)-Y)", "wrong"),
    ("tr(C*dlyap(A,Q))", "Q", "dlyap(A',C')", "right"),
]


@pytest.mark.parametrize(("text", "wrt", "claim", "verdict"), CHECKED)
def test_claims_are_judged(text: str, wrt: str, claim: str, verdict: str) -> None:
    assert fr.check(text, wrt, claim).verdict == verdict


def test_a_slip_is_mended() -> None:
    assert "2*roll_adjoint(roll(X)-Y) (the sign)" in str(fr.check(*CHECKED[2][:3]))
    slip = "A*(tanh(softplus(A*x)) + (A*x).*(1-tanh(softplus(A*x)).^2).*sigmoid(A*x))"
    assert "transpose A" in str(fr.check("sum(mish(A*x))", "x", slip))
    assert "if A is symmetric" in str(fr.check("tr(C*dlyap(A,Q))", "Q", "dlyap(A,C')"))


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("mish(x)", "x.*tanh(softplus(x))", True),
        ("mish(x)", "x.*tanh(x)", False),
        ("roll(A*X)", "roll(A)*X", True),
        ("roll(X)", "X", False),
        ("dlyap(A,Q) - A*dlyap(A,Q)*A'", "Q", True),
    ],
)
def test_formulas_are_compared(left: str, right: str, same: bool) -> None:
    assert ("always equal" in str(fr.equal(left, right))) == same


def test_it_is_printed_in_three_alphabets() -> None:
    f = fr.parse("dlyap(A',mish(Q))")
    assert (str(f), f.unicode()) == ("dlyap(A',mish(Q))", "dlyap(Aᵀ, mish(Q))".replace(", ", ","))
    assert f.latex() == r"\operatorname{dlyap}\left(A^{\top}, \operatorname{mish}\left(Q\right)\right)"


def test_answers_and_operations_are_pickled(added: dict[str, fr.Operation]) -> None:
    for text in ("mish(x)", "roll(X)", "dlyap(A,Q)"):
        found = fr.derive(text, wrt=text[-2])
        assert pickle.loads(pickle.dumps(found)).differential == found.differential
    assert pickle.loads(pickle.dumps(added["mish"])) == added["mish"]


def test_a_function_without_a_derivative_stays_unspecified() -> None:
    fr.operation("bump", lambda x: np.exp(-(x**2)))
    found = fr.derive("sum(bump(A*x))", "x")
    assert str(found.gradient) == "A'*bump'(A*x)" and found.verification.passed
    assert fr.parse("bump'(x)", {"x": ()}).evaluate(x=0.5).tolist() == pytest.approx(-np.exp(-0.25))
    with pytest.raises(fr.FrechetError, match="only declared functions have a derivative"):
        fr.parse("mish'(x)")


def add(*given: Any, **more: Any) -> Any:
    return fr.operation(*given, **more)


WRONG: list[tuple[Callable[[], Any], str, str]] = [
    (lambda: add("swish2", mish_of, derivative="tanh(x)"), "unverified", "rules of swish2 do not agree"),
    (lambda: add("roll2", down, adjoint=down), "unverified", "rules of roll2"),
    (lambda: add("roll2", down, adjoint="G"), "unverified", "rules of roll2"),
    (lambda: add("sq", lambda X: X @ X, signature="(n,n)->(n,n)", differential="dX*X"), "unverified", "rules of sq"),
    (
        lambda: add(
            "dly2", scipy.linalg.solve_discrete_lyapunov, signature=PAIR, arguments="A,Q",
            differential=MOVES.replace("dlyap", "dly2"), adjoint="dly2(A,G)",
        ), "unverified", "rules of dly2",
    ),
    (lambda: add("dly2", down, signature=PAIR, arguments="A,Q", differential="dly2(A,dQ)"), "input", "its adjoint"),
    (lambda: add("exp", np.exp), "name", "there is an operation exp"),
    (lambda: add("mish", np.exp), "name", "there is an operation mish"),
    (lambda: add("2x", np.exp), "name", "cannot name an operation"),
    (lambda: add("q", np.exp), "name", "two letters or more"),
    (lambda: add(3, np.exp), "name", "cannot name an operation"),
    (lambda: add("qq", 3), "input", "a function of NumPy arrays; got 3"),
    (lambda: add("qq", np.exp, derivative=3), "input", "derivative of qq is a text; got 3"),
    (lambda: add("qq", np.exp, signature=3), "input", "signature of qq is a text"),
    (lambda: add("qq", np.exp, doc=None), "input", "doc of qq is a text; got None"),
    (lambda: add("qq", np.exp, adjoint=3), "input", "a formula or a function of arrays; got 3"),
    (lambda: add("qq", np.exp, derivative="x", adjoint="G"), "input", "not both"),
    (lambda: add("qq", np.exp, domain="big"), "input", "a domain is one of any, positive"),
    (lambda: add("qq", np.exp, domain=3), "input", "given as a list of names; got 3"),
    (lambda: add("qq", np.exp, derivative="exp(y)"), "name", "y is not known: the names here are x"),
    (lambda: add("qq", np.exp, derivative="exp(x"), "syntax", "the rule exp(x of qq"),
    (lambda: add("qq", np.exp, derivative="exp(x)", latex="foo"), "input", "in latex are given as a list of names"),
    (lambda: add("qq", np.exp, derivative="exp(x)", latex=["exp"]), "name", "exp is read as exp in latex"),
    (lambda: add("qq", np.exp, derivative="exp(x)", python=["special.erf"]), "name", "read as erf in python"),
    (lambda: add("qq", np.exp, derivative="exp(x)", python=["a b"]), "name", "cannot be a name in python"),
    (lambda: add("qq", lambda x: x / 0 if False else [][0], derivative="x"), "input", "value of qq fails"),
    (lambda: add("qq", lambda x: "a", derivative="x"), "input", "an array of numbers"),
    (lambda: add("qq", lambda x: x[:1], derivative="x"), "input", "for an argument 3×1 is 1×1, and not 3×1"),
    (lambda: add("qq", np.matmul, signature="(m,n,(n,p)", differential="x"), "input", "a signature is written like"),
    (lambda: add("qq", np.matmul, signature=MATMUL, differential="x"), "input", "name each with arguments"),
    (lambda: add("qq", np.matmul, signature=MATMUL, arguments="A,G", differential="x"), "input", "G stands"),
    (lambda: fr.Operation("mish")(1, 2), "syntax", "mish takes 1 argument; got 2"),
    (lambda: fr.Operation("dlyap")(fr.matrix("A", "n", "n")), "syntax", "dlyap takes 2 arguments; got 1"),
    (lambda: fr.Operation("gone")(1), "name", "the operation gone was removed"),
    (lambda: fr.parse("dlyap(A)"), "syntax", "dlyap takes 2 arguments; got 1"),
    (lambda: fr.parse("dlyap(A,Q)", {"A": ("m", "n")}), "shape", "needs arguments of sizes (n,n),(n,n)->(n,n)"),
    (lambda: fr.derive("dlyap(A)", language="python"), "syntax", "dlyap takes 2 arguments; got 1"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "kind", "said"), WRONG, ids=[said for _, _, said in WRONG])
def test_what_is_wrong_is_said_and_nothing_is_added(wrong: Callable[[], Any], kind: str, said: str) -> None:
    before = set(RECORDS)
    with pytest.raises(fr.FrechetError) as caught:
        wrong()
    assert caught.value.kind == kind and said in caught.value.message
    assert set(RECORDS) == before


def test_it_is_gone_once_it_is_removed(added: dict[str, fr.Operation]) -> None:
    added["mish"].remove()
    assert "mish" not in RECORDS
    with pytest.raises(fr.FrechetError, match="there is no function mish"):
        fr.parse("mish(x)")
    with pytest.raises(fr.FrechetError, match="not a function that is known"):
        fr.derive(r"\operatorname{Mish}(x)", language="latex")
    with pytest.raises(fr.FrechetError):
        fr.derive("jax.nn.smooth_mish(x)", "x", language="python")
