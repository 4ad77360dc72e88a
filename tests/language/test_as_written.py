"""How mathematical text and LaTeX are read where something is left out: by the formula that is understood."""

from __future__ import annotations

from typing import Any

import pytest

import frechet as fr
from frechet.errors import FrechetError
from frechet.language import parse
from frechet.language.latex.translated import latex_text
from frechet.language.text.sums import as_latex, sums_over_index


def shapes(text: str) -> dict[str, Any]:
    return {name: tuple(map(str, v.shape)) for name, v in parse(text).variables.items()}


def refusal(text: str, **given: Any) -> FrechetError:
    with pytest.raises(FrechetError) as caught:
        fr.derive(text, **given)
    return caught.value


@pytest.mark.parametrize(
    ("latex", "formula"),
    [
        (r"\log x^T A x", "log(x'*A*x)"),
        (r"\log 2\pi", "log(2*pi)"),
        (r"\sin x\cos x", "sin(x)*cos(x)"),
        (r"x^TAx/x^Tx\cdot 2", "x'*A*x/(x'*x)·2"),
        (r"1/2 \mathbf{x}^Tx", "1/2*x'*x"),
        (r"\sum_n r_{nk} x_n", "sum(n: r_k[n]*x[n])"),
        (r"\sum_i \beta_2 x_{i2}", "sum(i: beta2*x2[i])"),
        (r"W_{\text{in}} \sum_i x_i", "W_in*sum(i: x[i])"),
        (r"h_{t-1} + x_{t+1}", "h_tm1+x_tp1"),
        (r"W^{[l]} a^{[l-1]}", "W_l*a_lm1"),
        (r"[1 - x]_+", "relu(1-x)"),
        (r"x \stackrel{\text{def}}{=} y % nothing", "x = y"),
        (r"\underset{w}{\operatorname{argmin}}\; w^Tw", "w'*w"),
        (r"\frac{\partial a^T X b}{\partial X}", "(a'*X*b)"),
        (r"\frac{\mathrm{d}}{\mathrm{d}x} x^Tx", "x'*x"),
        (r"\frac{\mathrm d}{\mathrm d x} x^Tx", "x'*x"),
        (r"\operatorname{MSE} = x^Tx", "MSE = x'*x"),
    ],
)
def test_latex_stands_for(latex: str, formula: str) -> None:
    assert latex_text(latex).text == formula


@pytest.mark.parametrize(
    ("latex", "why"),
    [
        (r"\log x y", "log of what"),
        (r"\log x^Ty z", "log of what"),
        (r"a/\|b\|\|c\|", "below the division line"),
        (r"1/2\sigma^2", "below the division line"),
        (r"h_\theta(x)", "not known"),
        (r"K(\theta)^{-1}", "not known"),
        (r"\sum_j \phi_j(x)", "not known"),
        (r"x \text{ where } x > 0", "words"),
        (r"x \text{ if positive}", "words"),
        (r"\operatorname{rank} X", "not a function"),
        (r"\min_{x \in \mathbb{R}_+} x", "in a set"),
        ("x_{i+1}", "no index"),
    ],
)
def test_latex_that_is_refused(latex: str, why: str) -> None:
    with pytest.raises(FrechetError, match=why):
        latex_text(latex)


def test_variables_of_a_heading_stand_before_the_semicolon() -> None:
    assert latex_text(r"J(W,b; x, y) = \|Wx+b-y\|").wrt == ("W", "b")
    assert latex_text(r"\min_{x \in \mathbb{R}^n} \|x\|").wrt == ("x",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"A^{-1} b", {"A": ("n", "n"), "b": ("n",)}),
        ("x'b + 0", {"x": ("n",), "b": ("n",)}),
        (r"\mathbf{w}\cdot x", {"w": ("n",), "x": ("n",)}),
        ("D a x", {"D": ("m", "n"), "a": (), "x": ("n",)}),
        (r"\|a \odot x\|", {"a": ("n",), "x": ("n",)}),
        (r"\sum_k u_k v_k^T", {"u": ("m", "n"), "v": ("m", "p")}),
        (r"\sum_i y_i w^T x_i + \lambda\|w\|^2", {"y": ("m",), "w": ("n",), "x": ("m", "n"), "lambda": ()}),
        (r"\sum_i (t_i - W^T\phi(x_i))", {"t": ("m", "n"), "W": ("p", "n"), "x": ("m", "p")}),
        (r"e^{At} x", {"A": ("n", "n"), "t": (), "x": ("n",)}),
        (r"\frac{d}{2}\log(2\pi) + x^Tx", {"d": (), "pi": (), "x": ("n",)}),
    ],
)
def test_shapes_by_use(text: str, found: dict[str, Any]) -> None:
    read = {name: shape for name, shape in shapes(text).items() if name != "pi"}
    assert read == {name: shape for name, shape in found.items() if name != "pi"}
    assert shapes(text).get("pi", ()) == ()


def test_the_formula_language_keeps_its_habits() -> None:
    assert shapes("inv(A)*b")["b"] == ()
    assert shapes("a.*x")["a"] == ()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("x'Ax / x'x", "x'*A*x/(x'*x)"),
        ("-n/2 log|S| - x'x", "-n/2*logdet(S) - x'*x"),
        ("1/(2n) ‖y - Xw‖²", "1/(2*n)*norm2(y-X*w)^2"),
        ("w'1 - 1", "w'*ones(n) - 1"),
        ("Tr(AX)", "tr(A*X)"),
        ("ln det X", "logdet(X)"),
        ("log x'Ax", "log(x'*A*x)"),
        ("|Ax - b|²", "norm2(A*x-b)^2"),
    ],
)
def test_text_without_product_signs(text: str, same: str) -> None:
    assert fr.derive(text).to_dict()["reading"]["formula"].replace(" ", "") == same.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("a'b/‖a‖‖b‖", "a'b/(‖a‖‖b‖)"),
        ("-1/2σ² ‖y‖²", "-(1/(2σ²)) ‖y‖²"),
        ("log x y", "log(x y)"),
        ("∑(y - Xw)²", "sum((y - Xw).^2)"),
        ("sum((y - X*b)^2)", "sum((y - X*b).^2)"),
        ("sum(p log p)", "sum(p.*log p)"),
        ("p'log(p/q)", "p'log(p./q)"),
        (r"\lambda\cdot w", "--shape lambda="),
        (r"\log x y", r"\log (x y)"),
    ],
)
def test_questions_with_readings(text: str, offered: str) -> None:
    assert offered in refusal(text).readings


def test_a_member_that_strays_is_asked_for_only_where_it_matters() -> None:
    text = r"\frac{e^{z_i}}{\sum_j e^{z_j} + y^Ty}"
    assert refusal(text, wrt="z").readings == (rf"p_i = {text}",)
    assert refusal(text, wrt="z_i").kind == "name"
    word = r"-u_o^T v + \log\sum_w e^{u_w^T v}"
    assert refusal(word, wrt="u_o").kind == refusal(word, wrt="u").kind == "name"
    found = fr.derive(word, wrt="v").to_dict()["shapes"]
    assert found["u_o"] == found["v"] == ["m"]


def test_the_imaginary_unit_is_refused() -> None:
    assert "imaginary" in refusal(r"e^{i\theta}").message
    assert fr.derive(r"e^{i\theta}", shapes={"i": (), "theta": ()}, wrt="theta").to_dict()["shapes"]["i"] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("∑_i x_i", True),
        ("Σᵢ xᵢ", True),
        ("½ Σᵢ(xᵢ)²", True),
        ("sum_{i=1}^n x_i", True),
        ("(x-μ)'Σᵢ(x-μ)", False),
        ("log|Σ_k|", False),
        ("Σ_k⁻¹x", False),
        ("sum(i: x[i])", False),
        ("sum_squares", False),
    ],
)
def test_sums_over_an_index_in_text(text: str, found: bool) -> None:
    assert sums_over_index(text) is found


def test_a_text_as_latex() -> None:
    assert as_latex("∑ᵢ₌₁ⁿ exp(β₁xᵢ)", ()) == r"\sum_{i=1}^{n} \exp(β_{1}x_{i})"
    assert as_latex("sum_i lam*x_i", ()) == r"\sum_{i} \mathrm{lam}*x_i"
    with pytest.raises(FrechetError, match="lam could be one name"):
        as_latex("sum_i lam x_i", ())
