"""Cards of answers written by hand: what a page says, in which order, and that it fits."""

from __future__ import annotations

import re

import pytest

import frechet as fr
from apps.answers import BOTH, NORM, PRODUCT, SOFTMAX
from frechet.pages.card import card
from frechet.pages.style import Style, fold, printable, width
from frechet.pages.wording import Names

MODEL = """\
C = A*B                                   A m×n    B n×p    C m×p

differential    dC = A*dB
pullback        ∂L/∂B = A'*G              G = ∂L/∂C, m×p: what backpropagation hands down
one entry       ∂C[i,j]/∂B[k,l] = A[i,k]*delta(j,l)
tensor          einsum("ik,jl->ijkl", A, eye(p))    m×p×n×p

Jacobian                      columns stacked    rows stacked
  numerator layout     mp×np  kron(eye(p),A)     kron(A,eye(p))
  denominator layout   np×mp  kron(eye(p),A')    kron(A',eye(p))

verified at 8 random points with m=3, n=4, p=5: largest relative error 3e-11"""


def test_the_card_of_a_product() -> None:
    assert card(PRODUCT, Style()) == MODEL


def test_a_scalar_function_begins_with_its_gradient() -> None:
    lines = card(NORM, Style()).splitlines()
    assert lines[2] == "gradient        ∂f/∂x = 2*A'*(A*x-b)      n×1"
    assert not any(line.startswith("Jacobian") for line in lines)
    assert "numerator layout" in card(NORM, Style(), forms=["all"])


def test_the_readings_of_a_structured_variable_stand_side_by_side() -> None:
    answer = fr.derive("tr(A*S)", wrt="S", assumptions={"S": ["symmetric"]}).to_dict()
    page = card(answer, Style(width=100)).splitlines()
    told = [line.split()[-1] for line in page if line.startswith("  ") and not line.startswith(" " * 16)]
    assert told[:2] == ["(A+A')/2", "A'"]
    assert "  free entries  A + A' - diag(diag(A))" in page
    assert "By the free entries vech(S)" in card(
        fr.derive("S*x", wrt="S", assumptions={"S": ["symmetric"]}).to_dict(), Style()
    )


def test_an_array_defined_by_entries_keeps_its_name() -> None:
    page = card(fr.derive("C[i,j] = A[i,k]*B[k,j]", wrt="A").to_dict(), Style())
    assert page.startswith("C[i,j] = A[i,k]*B[k,j]  ")
    assert "dC = dA*B" in page


@pytest.mark.parametrize(
    ("expression", "note"),
    [("logdet(X'*X+eye(n))", ""), ("logdet(S+X*X')", ""), ("logdet(X'*X)", "X'*X must be invertible")],
)
def test_what_is_known_to_be_definite_needs_no_condition(expression: str, note: str) -> None:
    assumed = {"S": ["positive definite"]} if "S" in expression else {}
    conditions = fr.derive(expression, wrt="X", assumptions=assumed).to_dict().get("conditions", [])
    assert conditions == ([note] if note else [])


def test_only_the_forms_asked_for() -> None:
    page = card(PRODUCT, Style(), forms=["pullback"])
    assert "pullback" in page
    assert "tensor" not in page and "Jacobian" not in page


def test_one_layout_and_one_vec() -> None:
    page = card(PRODUCT, Style(), layout="numerator", vec="row")
    assert "kron(A,eye(p))" in page
    assert "denominator" not in page and "columns" not in page


def test_where_names_are_told_when_they_are_used() -> None:
    page = card(SOFTMAX, Style())
    assert "s = softmax(x)" in page
    assert "unused" not in page


def test_cannot_tell_is_not_called_verified() -> None:
    assert card(SOFTMAX, Style()).endswith("not verified: the differences underflow")


def test_several_variables() -> None:
    page = card(BOTH, Style())
    assert "dC = dA*B+A*dB" in page
    assert "by B  n×p" in page
    assert "A symmetric" in page


def test_a_missing_form_is_told() -> None:
    page = card({**PRODUCT, "tensor": None, "missing": {"tensor": "too many indices"}}, Style())
    assert "tensor          not written: too many indices" in page


@pytest.mark.parametrize("columns", [50, 60, 80, 120])
@pytest.mark.parametrize("answer", [PRODUCT, NORM, SOFTMAX, BOTH])
def test_a_page_is_no_wider_than_the_terminal(answer: dict[str, object], columns: int) -> None:
    for line in card(answer, Style(width=columns), forms=["all"]).splitlines():
        assert width(line) <= columns, line


def test_colour_only_when_asked_for() -> None:
    assert "\x1b[" in card(PRODUCT, Style(color=True))
    assert re.sub(r"\x1b\[\d*m", "", card(PRODUCT, Style(color=True))) == card(PRODUCT, Style())


def test_numbers_stand_under_their_formulas() -> None:
    lines = card(PRODUCT, Style(), values={"value": [[1.0, 2.5], [3.0, 4.0]]}).splitlines()
    assert lines[1].strip() == "[ 1  2.5 ]"


def test_entries_and_blocks() -> None:
    entries = {
        "layout": "numerator",
        "vec": "row",
        "rows": ["C[1,1]"],
        "columns": ["B[1,1]", "B[1,2]"],
        "matrix": [["A[1,1]", "0"]],
    }
    page = card({**PRODUCT, "entries": entries, "blocks": {"blocks": [[[["A[1,1]", "0"]]]]}}, Style())
    assert "C[1,1] [ A[1,1]  0      ]" in page
    assert "∂C[1,1]/∂B = [ A[1,1]  0 ]" in page


def test_the_value_gets_a_name_that_is_free() -> None:
    assert Names({"expression": "f*x", "value_shape": [], "shapes": {"f": [], "x": []}}, False).value == "y"
    assert Names({"expression": "a = h*W; L = sum(a)", "value_shape": []}, False).loss == "J"


def test_folding_loses_nothing() -> None:
    text = "kron(eye(p),A'*(X+Y)*B)+commutation(n,n)*diag(vec(exp(X)))-2*inv(X'*X)"
    for columns in range(20, 80):
        assert "".join(fold(text, columns)) == text


def test_an_output_without_the_signs_gets_others() -> None:
    assert printable("∂L/∂B  m×n", "ascii") == "dL/dB  mxn"
    assert printable("∂L/∂B  m×n", "utf-8") == "∂L/∂B  m×n"


def test_each_vec_order_of_a_hessian_stands_beside_its_formula() -> None:
    wide = "logdet(L*L'+diag(d)) + tr(inv(L*L'+diag(d))*S)"
    for expression, wrt in (("tr(A*X*B*X')", "X"), (wide, "L")):
        lines = card(fr.derive(expression, wrt=wrt, order=2).to_dict(), Style()).splitlines()
        at = next(k for k, line in enumerate(lines) if line.startswith("Hessian  "))
        assert lines[at].endswith(f"rows and columns ↔ vec({wrt})")
        assert re.match(r"  columns stacked   \S", lines[at + 1]) and re.match(r"  rows stacked      \S", lines[at + 2])
    agree = card(fr.derive("tr(X)^3", wrt="X", order=2).to_dict(), Style())
    assert "vec(X)\n                    6*tr(X)*vec(eye(n))*vec(eye(n))'\n" in agree
