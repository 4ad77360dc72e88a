"""Complex variables: the two derivatives of problems with known answers, verified; and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import frechet as fr
from frechet.core.expr import count_nodes
from frechet.language import parse
from frechet.notation.write import Writer
from frechet.ops.normalise import node_of

C, H, PD = ["complex"], ["hermitian"], ["hermitian positive definite"]
SQUARE, TALL, VECTOR, NUMBER = ["n", "n"], ["m", "n"], ["n"], list[str]()

# expression, variable, shapes, assumptions, ∂f/∂Z, ∂f/∂conj(Z); None for a gradient that is not there
Case = tuple[str, str, dict[str, list[str]], dict[str, list[str]], str, str, str | None]

KNOWN: list[Case] = [
    # The Matrix Cookbook's section on complex derivatives.
    ("tr(Z)", "Z", {"Z": SQUARE}, {"Z": C}, "eye(n)", "zeros(n,n)", None),
    ("tr(conj(Z))", "Z", {"Z": SQUARE}, {"Z": C}, "zeros(n,n)", "eye(n)", None),
    ("tr(herm(Z))", "Z", {"Z": SQUARE}, {"Z": C}, "zeros(n,n)", "eye(n)", None),
    ("real(tr(Z))", "Z", {"Z": SQUARE}, {"Z": C}, "eye(n)/2", "eye(n)/2", "eye(n)"),
    ("tr(A*Z)", "Z", {"A": ["n", "m"], "Z": TALL}, {"Z": C}, "A'", "zeros(m,n)", None),
    ("tr(A*Z')", "Z", {"A": TALL, "Z": TALL}, {"Z": C}, "A", "zeros(m,n)", None),
    ("tr(A*conj(Z))", "Z", {"A": ["n", "m"], "Z": TALL}, {"Z": C}, "zeros(m,n)", "A'", None),
    ("tr(A*herm(Z))", "Z", {"A": TALL, "Z": TALL}, {"Z": C}, "zeros(m,n)", "A", None),
    ("tr(Z*herm(Z))", "Z", {"Z": TALL}, {"Z": C}, "conj(Z)", "Z", "2*Z"),
    ("det(herm(Z)*A*Z)", "Z", {"A": ["m", "m"], "Z": TALL}, {"Z": C, "A": C},
     "det(herm(Z)*A*Z)*(inv(herm(Z)*A*Z)*herm(Z)*A)'", "det(herm(Z)*A*Z)*A*Z*inv(herm(Z)*A*Z)", None),
    ("herm(z)*S*z", "z", {"S": SQUARE, "z": VECTOR}, {"S": H, "z": C}, "S'*conj(z)", "S*z", "2*S*z"),
    ("herm(z)*A*z", "z", {"A": SQUARE, "z": VECTOR}, {"A": C, "z": C}, "A'*conj(z)", "A*z", None),
    ("herm(c)*z", "z", {"c": VECTOR, "z": VECTOR}, {"c": C, "z": C}, "conj(c)", "zeros(n)", None),
    ("real(herm(c)*z)", "z", {"c": VECTOR, "z": VECTOR}, {"c": C, "z": C}, "conj(c)/2", "c/2", "c"),
    # Least squares and filters.
    ("norm2(A*z-b)^2", "z", {"A": TALL, "z": VECTOR, "b": ["m"]}, {"A": C, "z": C, "b": C},
     "A'*conj(A*z-b)", "herm(A)*(A*z-b)", "2*herm(A)*(A*z-b)"),
    ("norm2(W*X-Y)^2", "W", {"W": TALL, "X": ["n", "p"], "Y": ["m", "p"]}, {"W": C, "X": C, "Y": C},
     "conj(W*X-Y)*X'", "(W*X-Y)*herm(X)", "2*(W*X-Y)*herm(X)"),
    ("norm2(z)", "z", {"z": VECTOR}, {"z": C}, "conj(z)/(2*norm2(z))", "z/(2*norm2(z))", "z/norm2(z)"),
    ("norm2(A*z-b)", "z", {"A": TALL, "z": VECTOR, "b": ["m"]}, {"A": C, "z": C, "b": C},
     "A'*conj(A*z-b)/(2*norm2(A*z-b))", "herm(A)*(A*z-b)/(2*norm2(A*z-b))", "herm(A)*(A*z-b)/norm2(A*z-b)"),
    ("norm2(A*z-b)^2 + l*norm2(z)^2", "z", {"A": TALL, "z": VECTOR, "b": ["m"], "l": NUMBER},
     {"A": C, "z": C, "b": C}, "A'*conj(A*z-b)+l*conj(z)", "herm(A)*(A*z-b)+l*z", "2*(herm(A)*(A*z-b)+l*z)"),
    ("herm(z)*S*z - 2*real(herm(z)*c)", "z", {"S": SQUARE, "z": VECTOR, "c": VECTOR}, {"S": H, "z": C, "c": C},
     "conj(S*z-c)", "S*z-c", "2*(S*z-c)"),
    ("sum(abs(z).^2)", "z", {"z": VECTOR}, {"z": C}, "conj(z)", "z", "2*z"),
    ("norm1(z)", "z", {"z": VECTOR}, {"z": C}, "conj(z)./(2*abs(z))", "z./(2*abs(z))", "z./abs(z)"),
    ("sum((abs(z).^2-y).^2)", "z", {"z": VECTOR, "y": VECTOR}, {"z": C},
     "2*(abs(z).^2-y).*conj(z)", "2*(abs(z).^2-y).*z", "4*(abs(z).^2-y).*z"),
    ("norm2(conj(z)-w)^2", "z", {"z": VECTOR, "w": VECTOR}, {"z": C, "w": C}, "conj(conj(w)-z)*(-1)", "z-conj(w)",
     "2*(z-conj(w))"),
    # Determinants, inverses, capacity.
    ("logdet(Z)", "Z", {"Z": SQUARE}, {"Z": C}, "inv(Z)'/2", "herm(inv(Z))/2", "herm(inv(Z))"),
    ("det(Z)", "Z", {"Z": SQUARE}, {"Z": C}, "det(Z)*inv(Z)'", "zeros(n,n)", None),
    ("abs(det(Z))^2", "Z", {"Z": SQUARE}, {"Z": C}, "det(Z)*conj(det(Z))*inv(Z)'", "det(Z)*conj(det(Z))*herm(inv(Z))",
     "2*det(Z)*conj(det(Z))*herm(inv(Z))"),
    ("logdet(eye(m)+X*herm(X))", "X", {"X": TALL}, {"X": C}, "conj(inv(eye(m)+X*herm(X))*X)",
     "inv(eye(m)+X*herm(X))*X", "2*inv(eye(m)+X*herm(X))*X"),
    ("logdet(eye(m)+X*Q*herm(X))", "X", {"X": TALL, "Q": SQUARE}, {"X": C, "Q": PD},
     "conj(inv(eye(m)+X*Q*herm(X))*X*Q)", "inv(eye(m)+X*Q*herm(X))*X*Q", "2*inv(eye(m)+X*Q*herm(X))*X*Q"),
    ("tr(inv(herm(X)*X))", "X", {"X": TALL}, {"X": C}, "-conj(X*inv(herm(X)*X)^2)", "-X*inv(herm(X)*X)^2",
     "-2*X*inv(herm(X)*X)^2"),
    ("tr(A*inv(Z))", "Z", {"A": SQUARE, "Z": SQUARE}, {"A": C, "Z": C}, "-(inv(Z)*A*inv(Z))'", "zeros(n,n)", None),
    ("log(herm(z)*S*z)", "z", {"S": SQUARE, "z": VECTOR}, {"S": PD, "z": C}, "conj(S*z)/(herm(z)*S*z)",
     "S*z/(herm(z)*S*z)", "2*S*z/(herm(z)*S*z)"),
    # Numbers.
    ("abs(c)", "c", {"c": NUMBER}, {"c": C}, "conj(c)/(2*abs(c))", "c/(2*abs(c))", "c/abs(c)"),
    ("abs(c)^2", "c", {"c": NUMBER}, {"c": C}, "conj(c)", "c", "2*c"),
    ("exp(c)", "c", {"c": NUMBER}, {"c": C}, "exp(c)", "0", None),
    ("real(c)^2", "c", {"c": NUMBER}, {"c": C}, "real(c)", "real(c)", "2*real(c)"),
    ("log(1+abs(c)^2)", "c", {"c": NUMBER}, {"c": C}, "conj(c)/(1+abs(c)^2)", "c/(1+abs(c)^2)", "2*c/(1+abs(c)^2)"),
    ("sum(imag(Z).^2)", "Z", {"Z": TALL}, {"Z": C}, "(conj(Z)-Z)/2", "(Z-conj(Z))/2", "Z-conj(Z)"),
    # Parts of networks.
    ("sum(sigmoid(real(W*z)))", "z", {"W": TALL, "z": VECTOR}, {"W": C, "z": C},
     "W'*(sigmoid(real(W*z)).*(1-sigmoid(real(W*z))))/2", "herm(W)*(sigmoid(real(W*z)).*(1-sigmoid(real(W*z))))/2",
     "herm(W)*(sigmoid(real(W*z)).*(1-sigmoid(real(W*z))))"),
    ("sum(relu(abs(z)-a))", "z", {"z": VECTOR, "a": NUMBER}, {"z": C}, "step(abs(z)-a).*conj(z)./(2*abs(z))",
     "step(abs(z)-a).*z./(2*abs(z))", "step(abs(z)-a).*z./abs(z)"),
    # A hermitian variable: the gradient is hermitian.
    ("tr(A*S)", "S", {"A": SQUARE, "S": SQUARE}, {"A": H, "S": H}, "A'", "zeros(n,n)", "A"),
    ("logdet(S)", "S", {"S": SQUARE}, {"S": PD}, "inv(S)'/2", "inv(S)/2", "inv(S)"),
    ("real(tr(A*S))", "S", {"A": SQUARE, "S": SQUARE}, {"A": C, "S": H}, "A'/2", "conj(A)'/2", "(A+herm(A))/2"),
    ("herm(x)*inv(S)*x", "S", {"x": VECTOR, "S": SQUARE}, {"x": C, "S": PD}, "-conj(inv(S)*x)*(inv(S)'*x)'",
     "zeros(n,n)", "-inv(S)*x*herm(x)*inv(S)"),
]  # fmt: skip


def derived(expression: str, wrt: str, shapes: dict[str, Any], assumptions: dict[str, Any]) -> fr.Derivative:
    return fr.derive(expression, wrt, shapes=shapes, assumptions=assumptions)


def numbers(shapes: dict[str, list[str]], assumptions: dict[str, list[str]]) -> dict[str, Any]:
    """Values for the variables at m = 4, n = 3, p = 2."""
    random, sizes = np.random.default_rng(7), {"m": 4, "n": 3, "p": 2}
    out: dict[str, Any] = {}

    for name, shape in shapes.items():
        x = random.normal(size=[sizes[d] for d in shape])
        assumed = assumptions.get(name, [])
        if assumed:
            x = x + 1j * random.normal(size=x.shape)
        if assumed == PD:
            x = x @ x.conj().T + np.eye(len(x))
        if assumed == H:
            x = x + x.conj().T
        out[name] = x
    return {**out, **{d: sizes[d] for d in sizes if d not in shapes}}


def same(found: fr.Formula | None, known: str, case: Case) -> None:
    """Two formulas with the same values, the found one at most half as long again."""
    expression, _, shapes, assumptions = case[:4]
    assert found is not None, expression
    given: Any = {k: v for k, v in shapes.items() if k in known}
    other = fr.parse(known, given, {k: v for k, v in assumptions.items() if k in given})
    values = numbers(shapes, assumptions)
    wanted = other.evaluate(values)
    np.testing.assert_allclose(found.evaluate(values), wanted, rtol=1e-9, atol=1e-12, err_msg=str(found))
    length = count_nodes([found.expr, *(f.expr for f in found.where.values())])
    assert length <= 1.5 * count_nodes([other.expr]) + 1, f"{found} is long beside {known}"


@pytest.mark.parametrize("case", KNOWN, ids=lambda case: f"{case[0]} by {case[1]}")
def test_known(case: Case) -> None:
    expression, wrt, shapes, assumptions, by_z, by_conj, gradient = case
    d = derived(expression, wrt, shapes, assumptions)
    assert d.verification.passed is True, d.verification
    if assumptions[wrt] == C:
        same(d.complex["d/dZ"], by_z, case)
        same(d.complex["d/dconj(Z)"], by_conj, case)
    if gradient is None:
        assert "gradient" not in d.forms and "gradient" in d.missing
    else:
        same(d.gradient, gradient, case)
        assert "Re⟨gradient, dZ⟩" in d.to_dict()["readings"]["gradient"]


def test_report_has_the_two_keys_and_says_what_is_missing() -> None:
    answer = derived("norm2(A*z-b)^2", "z", {"b": ["m"]}, {"A": C, "z": C, "b": C}).to_dict()
    assert answer["complex"] == {"d/dZ": "A'*conj(A*z-b)", "d/dconj(Z)": "herm(A)*(A*z-b)"}
    assert answer["gradient"] == "2*herm(A)*(A*z-b)" and answer["pullback"] == "2*G*herm(A)*(A*z-b)"
    assert answer["verification"]["passed"] is True
    assert set(answer["missing"]) == {"index", "jacobian"}


def test_matrix_values() -> None:
    d = derived("herm(X)*A", "X", {}, {"X": C, "A": C})
    assert str(d.differential) == "herm(dX)*A" and d.verification.passed
    assert {"index", "tensor", "jacobian"} <= set(d.missing)
    holomorphic = derived("A*X", "X", {}, {"X": C, "A": C})
    assert str(holomorphic.jacobian()) == "kron(eye(p),A)" and str(holomorphic.pullback) == "herm(A)*G"
    both = derived("A*X+conj(X)*B", "X", {"A": SQUARE, "X": SQUARE, "B": SQUARE}, {"X": C, "A": C, "B": C})
    assert str(both.differential) == "conj(dX)*B + A*dX"


def test_real_variables_among_complex_constants() -> None:
    d = derived("norm2(A*x-b)^2", "x", {"b": ["m"]}, {"A": C, "b": C})
    assert d.verification.passed
    values = numbers({"A": TALL, "x": VECTOR, "b": ["m"]}, {"A": C, "b": C})
    a, x, b = (values[k] for k in "Axb")
    np.testing.assert_allclose(d.gradient.evaluate(values), 2 * np.real(a.conj().T @ (a @ x - b)))
    linear = derived("A*x", "x", {}, {"A": C})
    assert str(linear.jacobian()) == "A" and str(linear.pullback) == "real(herm(A)*G)"
    assert linear.verification is not None and linear.verification.passed
    number = derived("herm(c)*x", "x", {"c": VECTOR, "x": VECTOR}, {"c": C})
    assert "gradient" not in number.forms and str(number.differential) == "herm(c)*dx"


def test_several_variables() -> None:
    d = fr.derive("norm2(A*z-b)^2", ["A", "z"], shapes={"b": ["m"]}, assumptions={"A": C, "z": C, "b": C})
    assert d.verification.passed
    by_matrix: Any = d.by["A"].gradient
    values = numbers({"A": TALL, "z": VECTOR, "b": ["m"]}, {"A": C, "z": C, "b": C})
    wanted = 2 * np.outer(values["A"] @ values["z"] - values["b"], values["z"].conj())
    np.testing.assert_allclose(by_matrix.evaluate(values), wanted)


def test_statements() -> None:
    b = {"b": ["m"]}
    d = fr.derive("r = A*z-b; herm(r)*r", "z", shapes=b, assumptions={"A": C, "z": C, "b": C})
    assert str(d.gradient) == "2*herm(A)*r" and str(d.where["r"]) == "A*z - b"
    held = fr.derive("r = A*z-b; herm(r)*r", "r", shapes=b, assumptions={"A": C, "z": C, "b": C})
    assert str(held.gradient) == "2*r"


@pytest.mark.parametrize(
    ("expression", "shapes", "assumptions", "word"),
    [
        ("sum(relu(z))", {"z": VECTOR}, {"z": C}, "relu of a complex argument"),
        ("max(z,c)", {"z": NUMBER, "c": NUMBER}, {"z": C}, "max of a complex argument"),
        ("sum(X)", {"X": SQUARE}, {"X": ["complex", "symmetric"]}, "structured"),
    ],
)
def test_refused(expression: str, shapes: dict[str, Any], assumptions: dict[str, Any], word: str) -> None:
    with pytest.raises(fr.FrechetError, match=word):
        derived(expression, next(iter(shapes)), shapes, assumptions)


def test_second_order_is_refused() -> None:
    with pytest.raises(fr.FrechetError, match="four blocks"):
        fr.derive("norm2(z)^2", "z", assumptions={"z": C}, order=2)


def test_the_imaginary_unit_is_refused_form_by_form() -> None:
    d = derived("imag(tr(A*Z))", "Z", {}, {"A": C, "Z": C})
    assert str(d.differential) == "imag(tr(A*dZ))" and "gradient" not in d.forms
    assert all("imaginary unit" in d.missing[k] for k in ("complex.d/dZ", "complex.d/dconj(Z)", "gradient"))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("norm2(Z)^2", "tr(herm(Z)*Z)"),
        ("norm2(Z)^2", "sum(abs(Z).^2)"),
        ("norm2(Z)^2", "sum(conj(Z).*Z)"),
        ("tr(herm(A)*Z)", "conj(tr(herm(Z)*A))"),
        ("herm(A*Z)", "herm(Z)*herm(A)"),
        ("conj(inv(S))", "inv(S)'"),
        ("real(tr(A*Z))", "real(tr(herm(Z)*herm(A)))"),
        ("logdet(Z)", "logdet(herm(Z))"),
        ("herm(Z)", "conj(Z')"),
        ("sqrt(c*conj(c))", "abs(c)"),
        ("imag(c)^2", "abs(c)^2-real(c)^2"),
        ("imag(A)", "-imag(conj(A))"),
    ],
)
def test_equal_inputs_are_one_node(left: str, right: str) -> None:
    shapes = {"Z": SQUARE, "A": SQUARE, "S": SQUARE, "c": NUMBER}
    assumed = {"Z": C, "A": C, "S": H, "c": C}

    def node(text: str) -> Any:
        given: Any = {k: v for k, v in shapes.items() if k in text}
        return node_of(parse(text, given, {k: assumed[k] for k in given}).value)

    if left == "imag(c)^2":  # equal once distributed
        assert str(Writer().write(node(f"({left})-({right})"))) is not None
        d = fr.derive(f"{left}-({right})", "c", shapes={"c": NUMBER}, assumptions={"c": C})
        assert str(d.gradient) == "0"
        return
    assert node(left) is node(right)
