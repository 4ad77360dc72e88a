"""The library's face: formulas built are formulas typed, answers in every form, refusals that help."""

from __future__ import annotations

import json
import operator
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import frechet as fr
from frechet.language import callable_name
from frechet.ops import REGISTRY
from pages.library import TYPES

m, n, p = fr.dims("m n p")
A = fr.matrix("A", m, n)
B = fr.matrix("B", n, p)
S = fr.matrix("S", n, n)
x, y = fr.vector("x", n), fr.vector("y", n)
b = fr.vector("b", m)
c = fr.scalar("c")
SHAPES: dict[str, Any] = {
    "A": ("m", "n"), "B": ("n", "p"), "S": ("n", "n"), "x": ("n",), "y": ("n",), "b": ("m",), "c": [],
}  # fmt: skip

# -- formulas ----------------------------------------------------------------------------------------------------------

BUILT: list[tuple[fr.Formula, str]] = [
    (A @ B, "A*B"),
    (A.T @ A, "A'*A"),
    (x.T @ S @ x, "x'*S*x"),
    (x @ y.T, "x*y'"),
    (x * y, "x.*y"),
    (x / y, "x./y"),
    (c * x, "c*x"),
    (x * c, "x*c"),
    (2 * x + 1, "2*x+1"),
    (x / c - y / 3, "x/c-y/3"),
    (1 / x, "1./x"),
    (1 / c, "1/c"),
    (-x, "-x"),
    (c**2, "c^2"),
    (x**2, "x.^2"),
    (2**x, "2.^x"),
    (x / m, "x/m"),
    (n * x, "n*x"),
    (x / (2 * m + 1), "x/(2*m+1)"),
    (0.1 * x, "0.1*x"),
    (Fraction(1, 3) * x, "1/3*x"),
    (A[1, 2] * x[1], "A[1,2]*x[1]"),
    (A[:, 1], "A[:,1]"),
    (A[2, :], "A[2,:]"),
    (fr.power(S, -1), "S^-1"),
    (fr.hadamard(x, y), "x.*y"),
    (fr.sum(A, 0), "sum(A,1)"),
    (fr.sum(A), "sum(A)"),
    (fr.softmax(A, 1), "softmax(A,2)"),
    (fr.kron(A, B), "kron(A,B)"),
    (fr.einsum("ij,jk->ik", A, B), 'einsum("ij,jk->ik", A, B)'),
    (fr.einsum("ij,jk", A, B), 'einsum("ij,jk->ik", A, B)'),
    (fr.hcat(A, b), "[A, b]"),
    (fr.vcat(x, y), "[x; y]"),
    (fr.reshape(x, n, 1), "reshape(x,n,1)"),
    (fr.eye(n), "eye(n)"),
    (fr.ones("m") @ x.T, "ones(m)*x'"),
    (fr.ones(m, n), "ones(m,n)"),
    (fr.zeros("n"), "zeros(n)"),
    (fr.unit(1, "n"), "unit(1,n)"),
    (fr.commutation(m, n), "commutation(m,n)"),
    (fr.duplication(n), "duplication(n)"),
    (fr.elimination(n), "elimination(n)"),
    (fr.polygamma(1, x), "polygamma(1,x)"),
    (fr.max(x, 0), "max(x,0)"),
    (fr.function("sigma")(x), "sigma(x)"),
    (fr.function("sigma").derivative()(x), "sigma'(x)"),
]


@pytest.mark.parametrize(("built", "text"), BUILT, ids=[text for _, text in BUILT])
def test_what_is_built_is_what_is_typed(built: fr.Formula, text: str) -> None:
    assert built == fr.parse(text, shapes=SHAPES, functions=["sigma"])
    assert built.expr is fr.parse(str(built), shapes=SHAPES, functions=["sigma"]).expr


def test_every_function_of_the_language_is_a_function_of_the_library() -> None:
    for name in REGISTRY:
        if callable_name(name) and name != "delta":
            assert name in fr.__all__, name
            made = getattr(fr, name)
            assert made.__doc__ and ">>>" in made.__doc__, name
    for name in fr.__all__:
        assert hasattr(fr, name)
        assert getattr(fr, name).__doc__ or name in TYPES, name


def test_functions_of_one_array_are_called_alike() -> None:
    for name, op in REGISTRY.items():
        if callable_name(name) and op.example in (f"{name}(x)", f"{name}(X)"):
            argument, shapes = ("S", SHAPES) if "X" in op.example else ("x", SHAPES)
            built = getattr(fr, name)(S if argument == "S" else x)
            assert built == fr.parse(f"{name}({argument})", shapes=shapes), name


def test_a_formula_shows_itself() -> None:
    formula = A.T @ (A @ x - b)
    assert str(formula) == repr(formula) == "A'*(A*x-b)"
    assert formula.shape == ("n",)
    assert "ᵀ" in formula.unicode()
    assert formula._repr_latex_() == f"$\\displaystyle {formula.latex()}$" and "\\top" in formula.latex()
    assert (2 * x).shape == ("n",) and fr.vector("z", 3).shape == (3,) and fr.kron(A, B).shape == ("m*n", "n*p")


def test_assumptions() -> None:
    symmetric = fr.matrix("S", n, n, symmetric=True)
    assert symmetric == fr.matrix("S", n, n, ["symmetric"]) == fr.parse("S", SHAPES, {"S": ["symmetric"]})
    assert symmetric != S
    assert str(fr.derive(x.T @ symmetric @ x, wrt="x").gradient) == "2*S*x"
    assert str(fr.derive(x.T @ S @ x, wrt="x").gradient) == "(S+S')*x"


REFUSED: list[tuple[Any, str, str]] = [
    (lambda: A @ A, "shape", "needs as many columns"),
    (lambda: x @ y, "shape", "x'*y"),
    (lambda: A + x, "shape", "one shape"),
    (lambda: A * "B", "input", "fr.parse"),
    (lambda: A * True, "input", "bool"),
    (lambda: A * float("nan"), "input", "finite"),
    (lambda: np.ones(3) * x, "input", "ndarray"),
    (lambda: A[0, 1], "shape", "between 1 and m"),
    (lambda: A[1], "shape", "2 indices"),
    (lambda: A[1.5, 1], "input", "whole number"),
    (lambda: fr.inv(A), "shape", "square"),
    (lambda: fr.sum(A, axis=2), "shape", "axes count from 0, as in NumPy, and this array has 0, 1"),
    (lambda: fr.sum(A, axis=True), "input", "whole number"),
    (lambda: fr.hcat(A), "input", "two blocks"),
    (lambda: fr.einsum("ij,jk->ik", A), "shape", "2 arrays"),
    (lambda: fr.matrix("exp", m, n), "name", "function of the language"),
    (lambda: fr.matrix("2A", m, n), "name", "letters"),
    (lambda: fr.matrix("A", 0, n), "shape", "at least 1; got 0"),
    (lambda: fr.matrix("A", m, n, symmetric=True), "shape", "square"),
    (lambda: fr.matrix("A", n, n, symetric=True), "input", "symmetric"),
    (lambda: fr.function("exp"), "name", "another name"),
    (lambda: fr.eye("n+"), "syntax", ""),
    (lambda: fr.dims("2n"), "name", "letters"),
    (lambda: fr.derive(A @ fr.vector("A", n)), "name", "two variables"),
    (lambda: fr.derive(fr.matrix("m", "m", "n")), "name", "size"),
    (lambda: fr.derive("A*B", wrt="C"), "name", "there are: A, B"),
    (lambda: fr.derive(A @ x, wrt=fr.vector("x", m)), "name", "another variable"),
    (lambda: fr.derive(A @ x, wrt=A @ x), "name", "is no variable"),
    (lambda: fr.derive("A*B", wrt="A", order=3), "input", "order"),
    (lambda: fr.derive("A*B", wrt="A", order=2), "unsupported", "scalar"),
    (lambda: fr.derive("A*B", shapes={"A": ("m", "n"), "B": ("p", "q")}), "shape", "declared"),
    (lambda: fr.derive("A*(B"), "syntax", "^"),
    (lambda: fr.derive("k(x)"), "name", "k"),
    (lambda: fr.derive("2"), "name", "no variable"),
    (lambda: fr.parse("A*x").evaluate(A=[[1, 2]]), "input", "x has no value"),
    (lambda: fr.parse("A*x").evaluate(A=[[1, 2]], x=[1, 2, 3]), "input", "n"),
    (lambda: fr.parse("A*x").evaluate(A=[[1, 2]], x="abc"), "input", "no array"),
    (lambda: fr.parse("eye(n)*2").evaluate(), "input", "size n"),
    (lambda: fr.derive("A*B", wrt="A").jacobian(layout="upside down"), "input", "numerator"),
    (lambda: fr.derive("A*B", wrt="A").evaluate(A=[[1]], B=[[1]], form="gradient"), "input", "no gradient"),
    (lambda: fr.derive("A*B").pullback, "input", "several variables"),
]


@pytest.mark.parametrize(("attempt", "kind", "part"), REFUSED, ids=[f"{k} {p}" for _, k, p in REFUSED])
def test_a_refusal_has_a_kind_and_says_why(attempt: Any, kind: str, part: str) -> None:
    with pytest.raises(fr.FrechetError) as refused:
        attempt()
    assert refused.value.kind == kind, refused.value
    assert part in refused.value.message
    assert str(refused.value) == refused.value.message


def test_a_formula_is_not_iterated_over() -> None:
    with pytest.raises(TypeError, match="iterated"):
        list(x)


# -- numbers -----------------------------------------------------------------------------------------------------------


def test_numbers_in_numbers_out() -> None:
    assert (A @ B).evaluate(A=[[1, 2]], B=[[3], [4]]).tolist() == [[11.0]]
    assert (x.T @ x).evaluate({"x": [3, 4]}).tolist() == 25.0
    assert (A @ x).evaluate(A=[[1, 2], [3, 4]], x=[[1], [1]]).tolist() == [3.0, 7.0]
    assert (x / n).evaluate(x=[2, 4]).tolist() == [1.0, 2.0]
    sigma = fr.function("sigma")
    assert sigma(x).evaluate(x=[1, 2], functions={"sigma": lambda v, k: v**2}).tolist() == [1.0, 4.0]


def test_every_form_evaluates() -> None:
    d = fr.derive(fr.norm2(A @ x - b) ** 2 / 2, wrt=x)
    point: dict[str, Any] = {"A": [[1.0, 2.0], [3.0, 4.0]], "x": [1.0, 1.0], "b": [0.0, 1.0]}
    gradient = np.array(point["A"]).T @ (np.array(point["A"]) @ point["x"] - point["b"])
    np.testing.assert_allclose(d.evaluate(point), gradient)
    np.testing.assert_allclose(d.evaluate(point, form="gradient"), gradient)
    np.testing.assert_allclose(d.evaluate(point, form="jacobian"), gradient[None])
    np.testing.assert_allclose(d.evaluate(point, form="jacobian", layout="denominator"), gradient)
    np.testing.assert_allclose(d.evaluate(point, form="differential", dx=[1.0, 0.0]), gradient[0])
    np.testing.assert_allclose(d.evaluate(point, form="pullback", G=2.0), 2 * gradient)
    np.testing.assert_allclose(fr.derive("c*x", wrt="c", shapes=SHAPES).evaluate(c=2.0, x=[1, 2]), [1, 2])
    second = fr.derive(fr.norm2(A @ x - b) ** 2 / 2, wrt=x, order=2)
    hessian = np.array(point["A"]).T @ np.array(point["A"])
    np.testing.assert_allclose(second.evaluate(point), hessian)
    np.testing.assert_allclose(second.evaluate(point, form="pullback", V=[1.0, 0.0]), hessian[0])


def test_names_of_where_are_computed() -> None:
    d = fr.derive("s = softmax(x); sum((s-y).^2)/2", wrt="x", shapes={"x": ("n",), "y": ("n",)})
    assert "s" in d.where
    point = {"x": np.array([0.1, 0.5, -0.3]), "y": np.array([1.0, 0.0, 0.0])}
    s = np.exp(point["x"]) / np.exp(point["x"]).sum()
    np.testing.assert_allclose(d.evaluate(point), (np.diag(s) - np.outer(s, s)) @ (s - point["y"]))
    np.testing.assert_allclose(d.gradient.evaluate(point), d.evaluate(point))


# -- derivatives -------------------------------------------------------------------------------------------------------


def test_built_and_typed_give_one_answer() -> None:
    built = fr.derive(fr.logdet(S.T @ S), wrt=S).to_dict()
    typed = fr.derive("logdet(S'*S)", wrt="S", shapes={"S": ("n", "n")}).to_dict()
    assert built == typed


def test_a_declared_function_needs_no_telling_where_it_was_built() -> None:
    d = fr.derive(fr.sum(fr.function("psi")(A @ x)), wrt=x)
    assert str(d.gradient) == "A'*psi'(A*x)"
    assert d.verification.passed is True


def test_several_variables() -> None:
    d = fr.derive("x'*A*y", wrt=["x", "y"])
    assert set(d.by) == {"x", "y"}
    assert (str(d.by["x"].gradient), str(d.by["y"].gradient)) == ("A*y", "A'*x")
    assert {str(d.differential)} <= {"dx'*A*y + x'*A*dy", "y'*A'*dx + x'*A*dy"}
    plain = d.to_dict()
    assert plain["wrt"] == ["x", "y"] and set(plain["by"]) == {"x", "y"}
    assert plain["differential"] == str(d.differential)
    assert list(fr.derive("x'*A*y").by) == ["x", "A", "y"]


def test_constants_are_left_out() -> None:
    d = fr.derive("A*x", assumptions={"A": ["constant"]})
    assert list(d.by) == ["x"]
    with pytest.raises(fr.FrechetError, match="constant"):
        fr.derive("A*x", wrt="A", assumptions={"A": ["constant"]})


def test_second_derivatives() -> None:
    d = fr.derive("x'*A*x", wrt="x", order=2)
    assert (str(d.hessian), str(d.gradient), str(d.pullback)) == ("A + A'", "(A+A')*x", "(A+A')*V")
    plain = d.to_dict()
    assert plain["hessian"] == "A + A'" and "jacobian" not in plain
    by_matrix = fr.derive("tr(X'*A*X)", wrt="X", order=2).to_dict()["hessian"]
    assert set(by_matrix) == {"column", "row"}


def test_mixed_second_derivatives() -> None:
    d = fr.derive("x'*A*y", wrt=["x", "y"], order=2)
    assert set(d.by) == {"x,x", "x,y", "y,x", "y,y"}
    assert d.verification.passed is True
    assert str(d.by["x,y"].hessian) == "A" and str(d.by["y,x"].hessian) == "A'"
    blocks = d.to_dict()["by"]
    assert (blocks["x,y"]["column"], blocks["y,x"]["row"]) == ("A", "A'")


def test_a_mixed_block_that_is_wrong_is_refused() -> None:
    from frechet.library.checking import verify

    d = fr.derive("x'*A*y", wrt=["x", "y"], order=2)
    part = d.parts["x,y"]
    for label in ("differential", "pullback", "hessian column"):
        kept = part.exprs[label]
        part.exprs[label] = (3 * fr.Formula(kept)).expr
        assert verify(d, 2, 0).passed is False, label
        part.exprs[label] = kept


def test_an_unchecked_answer_says_so() -> None:
    d = fr.derive("A*B", wrt="A", verify=False)
    assert d.verification.passed is None and d.verification.trials == 0 and "off" in (d.verification.reason or "")
    said = d.to_dict()["verification"]
    assert said["passed"] is None and said["trials"] == 0 and "switched off" in said["reason"]
    assert d.verify(trials=2).passed is True
    assert d.to_dict()["verification"]["passed"] is True


def test_an_answer_that_fails_is_refused() -> None:
    d = fr.derive("A*B", wrt="A")
    part = d.part()
    part.exprs["pullback"] = (2 * fr.Formula(part.exprs["pullback"])).expr
    with pytest.raises(fr.FrechetError) as refused:
        d.check_or_refuse(4, 0)
    assert refused.value.kind == "unverified"


def test_an_answer_as_plain_data() -> None:
    plain = fr.derive("C = A*B", wrt="B").to_dict()
    assert json.loads(json.dumps(plain)) == plain
    expected = {
        "expression", "wrt", "order", "shapes", "value_shape", "assumptions", "where", "differential", "pullback",
        "gradient", "index", "tensor", "jacobian", "derivative", "symbols", "missing", "verification", "error",
    }  # fmt: skip
    assert expected <= set(plain)
    assert plain["shapes"] == {"A": ["m", "n"], "B": ["n", "p"]} and plain["value_shape"] == ["m", "p"]
    assert plain["index"] == {"value": ["i", "j"], "wrt": ["k", "l"], "entry": "A[i,k]*delta(j,l)"}
    assert plain["verification"]["passed"] is True and plain["verification"]["sizes"]


def test_a_notebook_shows_latex() -> None:
    assert "\\top" in fr.derive("x'*A*x", wrt="x")._repr_latex_()
    assert fr.derive("x'*A*x", wrt="x")._repr_latex_().startswith("$\\displaystyle")
    assert "dA" in fr.derive("A*B")._repr_latex_() or "\\mathrm{d}A" in fr.derive("A*B")._repr_latex_()
    assert repr(fr.derive("A*B", wrt="A")).startswith("Derivative(differential: dA*B;")


PROGRAM = """
import json, frechet as fr
found = [
    fr.derive("C = A*B").to_dict(),
    fr.derive("a = h*W; y = sigma(a); L = sum((Y-y).^2)/(2*m)", shapes={"Y": ("k", "q"), "m": ()},
              functions=["sigma"]).to_dict(),
    fr.derive("logdet(X'*X) + sum(softmax(X*v)) + tr(A*X*inv(B+X'*X))", wrt="X").to_dict(),
    fr.derive("logsumexp(A*x) + x'*S*x", wrt="x", order=2).to_dict(),
    fr.derive("A.*exp(B)", wrt="B").entries(A=(2, 2)),
]
print(json.dumps(found))
"""


def test_equal_input_gives_equal_output_in_any_process() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(outputs) == 1


def test_a_bare_import_loads_no_engine() -> None:
    code = "import sys, frechet; print(*(name for name in sys.modules if name.startswith('frechet.')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {f"frechet.{part}" for part in ("core.op", "algebra", "ops", "calculus", "language", "verify")} & set(
        loaded
    )


def test_a_formula_that_would_fill_a_book_is_printed_in_named_steps() -> None:
    (n,) = fr.dims("n")
    shapes = {"x": ["n"]}
    x = fr.vector("x", n)
    for i in range(100):
        x = x + fr.matrix(f"W{i}", n, n) @ fr.tanh(x)
        shapes[f"W{i}"] = ["n", "n"]
    written = str(x)
    assert written.startswith("z1 = x + W0*tanh(x); z2 = z1 + W1*tanh(z1); ")
    assert fr.parse(written, shapes=shapes) == x
    assert len(repr(x.expr)) < 1000 and "\\quad" in x.latex() and "; " in x.unicode()


@pytest.mark.parametrize(
    ("text", "gradient"),
    [("logm_frechet(a,b)", "-b/a^2"), ("expm_frechet(a,b)", "b*exp(a)"), ("sylvester(a,b,c)", "-c/(a+b)^2")],
)
def test_directions_of_numbers_are_products(text: str, gradient: str) -> None:
    assert str(fr.derive(text, "a").gradient) == gradient


def test_a_reshaped_array_between_others_is_missing_with_a_reason() -> None:
    d = fr.derive("vech(triu(reshape(duplication(m)*vech(M*M),m,m)))", "M", shapes={"M": ["m", "m"]})
    assert d.verification.passed
    assert "jacobian" in d.forms or "reshaped" in d.missing["jacobian"]


@pytest.mark.parametrize(
    ("text", "wrt", "said"),
    [
        ("a = A*x; b = y'*y", "x", "b does not depend on x"),
        ("a = A*x; L = a'*a", ["a", "x"], "L does not depend on x when a is held"),
        ("a = A*x; L = a'*a", "L", "L is the value itself"),
        ("x'*y", "z", "z does not occur"),
        ("x'*y", "", "has no name"),
    ],
)
def test_no_derivative_is_silently_zero(text: str, wrt: str | list[str], said: str) -> None:
    with pytest.raises(fr.FrechetError, match=said) as caught:
        fr.derive(text, wrt)
    assert caught.value.kind == "name"


def test_what_the_value_does_not_depend_on_is_no_variable() -> None:
    assert list(fr.derive("a = A*x; b = y'*y").by) == ["y"]
    with pytest.raises(fr.FrechetError, match="n is a size, a whole number"):
        fr.derive("x'*x/n", "n", shapes={"x": ["n"]})


@pytest.mark.parametrize(
    ("name", "value"), [("trials", 0), ("trials", 1.5), ("seed", -1), ("seed", "a"), ("trials", True)]
)
def test_how_often_to_check_is_a_whole_number(name: str, value: object) -> None:
    with pytest.raises(fr.FrechetError, match=f"{name} is a whole number"):
        fr.derive("x'*x", "x", **{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "entry"), [("a/2", "1/2"), ("-3*a/4", "-3/4"), ("x/2", "delta(i,j)/2")])
def test_an_entry_that_is_a_number_is_written_as_one(text: str, entry: str) -> None:
    assert str(fr.derive(text, text.strip("-3*/24")).index) == entry


def test_towers_of_kronecker_products_are_no_trap() -> None:
    """What is too large to be evaluated is said to be so; what nobody could write out is refused."""
    d = fr.derive("kron(X," * 6 + "x" + ")" * 6, "x", shapes={"X": ["m", "n"], "x": ["p"]})
    assert d.verification.passed is None
    assert "too large" in (d.verification.reason or "")
    small = fr.derive("kron(kron(A,B),C)", "A").verification
    assert small is not None
    assert small.passed
    with pytest.raises(fr.FrechetError, match="degree above 16") as caught:
        fr.derive("kron(X," * 400 + "x" + ")" * 400)
    assert caught.value.kind == "limit"


@pytest.mark.parametrize(
    ("expression", "wrt", "gradient"),
    [
        ("m = mean(x); v = mean((x-m).^2); a*v", "x", "2*a*(x-m)/n"),
        ("mu = sum(X,1)/m; Z = X - ones(m)*mu'; norm2(Z)^2", "X", "2*Z"),
        ("mu = X'*ones(n)/n; Z = X - ones(n)*mu'; S = Z'*Z/n; logdet(S)", "X", "2*Z*inv(S)/n"),
        ("m = mean(x); v = mean((x-m).^3); a*v", "x", None),  # the third moment does feel the mean
    ],
)
def test_a_quantity_that_is_not_felt_is_left_out(expression: str, wrt: str, gradient: str | None) -> None:
    found = fr.derive(expression, wrt, shapes={"a": []} if "a*v" in expression else None)
    assert found.verification.passed
    if gradient is None:
        assert "df_dm" in str(found.gradient)
    else:
        assert str(found.gradient) == gradient


@pytest.mark.parametrize(
    ("text", "wrt", "shape"),
    [("max(zeros(n,n), c)", "c", ("n", "n")), ("min(b, M-M)", "b", ("m", "n")), ("max(0, v)", "v", ("k",))],
)
def test_a_maximum_with_zeros_has_their_shape(text: str, wrt: str, shape: tuple[str, ...]) -> None:
    d = fr.derive(text, wrt, shapes={wrt: ["k"] if wrt == "v" else []})
    assert d.verification.passed
    assert d.differential.shape == shape


def test_a_division_by_zero_is_no_crash() -> None:
    text = "(1./(vec(zeros(n,n)*B)) + a)/z[1]"
    try:
        assert fr.derive(text, "z", shapes={"B": ["n", "p"], "z": ["p"], "a": []}).verification.passed is None
    except fr.FrechetError as refusal:
        assert refusal.kind in ("unverified", "unsupported", "input")


def test_of_a_root_that_cannot_vanish_nothing_is_said() -> None:
    assert not fr.derive("sqrt(1+norm2(x)^2)", wrt="x").to_dict().get("conditions")
    (said,) = fr.derive("sqrt(x'*A*x)", wrt="x").to_dict()["conditions"]
    assert said == "x'*A*x must be positive"


@pytest.mark.parametrize("sign", [operator.gt, operator.ge, operator.lt, operator.le])
def test_formulas_are_not_compared(sign: Callable[[Any, Any], object]) -> None:
    x = fr.vector("x", "n")
    for left, right in ((x, 0), (0, x), (x, x)):
        with pytest.raises(fr.FrechetError, match=r"formulas are not compared: step\(x\) is 1 where x > 0"):
            sign(left, right)
