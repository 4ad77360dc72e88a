"""LaTeX as people paste it: read as the formula it stands for."""

from __future__ import annotations

import pytest

import frechet as fr
from frechet.errors import FrechetError
from frechet.language.latex.translated import plain_text

READ = [
    (r"\frac{1}{2}\mathbf{x}^\top A \mathbf{x}", "(1/2)*x'*A*x"),
    (r"\operatorname{tr}(A X^{T} B)", "tr(A*X'*B)"),
    (r"\text{tr}\left(A B\right)", "tr(A*B)"),
    (r"\operatorname{tr} A B", "tr(A*B)"),
    (r"\log\det X", "logdet(X)"),
    (r"\ln |X|", "log(|X|)"),
    (r"\|A x - b\|_2^2", "‖A*x-b‖_2^2"),
    (r"\lVert X \rVert_F^2", "norm2(X)^2"),
    (r"\left\| w \right\|_1", "norm1(w)"),
    (r"I_n \otimes A", "eye(n)⊗A"),
    (r"A \odot B", "A.*B"),
    (r"X^{-\top}", "inv(X)'"),
    (r"(X^\top X)^{-1} X^\top y", "inv(X'*X)*X'*y"),
    (r"e^{a^\top x}", "e^(a'*x)"),
    (r"\exp(Ax+b)", "exp(A*x+b)"),
    (r"2\lambda w", "2*lambda*w"),
    (r"\Sigma^{-1}(x-\mu)", "inv(Sigma)*(x-mu)"),
    (r"\sum_{i\ne j} A_{ij}", "sum(i,j: (1-delta(i,j))*A[i,j])"),
    (r"A_{ik}\delta_{jl}", "A[i,k]*delta(j,l)"),
    (r"\frac{\partial L}{\partial W} = h^\top \frac{\partial L}{\partial y}", "∂L/∂W = h'*∂L/∂y"),
    (r"\frac{x}{\|x\|}", "(x/‖x‖)"),
    (r"\hat{y} - y", "yhat-y"),
    (r"\mathbf{1}_n", "ones(n)"),
    (r"-\sum_i \log x_i", "-sum(i: log(x[i]))"),
    (r"\sqrt{x^\top x}", "sqrt(x'*x)"),
    (r"A\,dX\,B", "A*dX*B"),
    (r"\sigma'(a)", "sigma'(a)"),
    (r"\frac{1}{2}\|Ax-b\|_2^2", "(1/2)*‖A*x-b‖_2^2"),
    (r"\log|\Sigma| + |x|", "log(|Sigma|)+|x|"),
    (r"\hat y = \sigma(z); L = \|\hat y - y\|^2", "yhat = sigma(z); L = ‖yhat-y‖^2"),
    (r"\frac{\partial f}{\partial X_{ij}} = a_i b_j", "∂f/∂X[i,j] = a[i]*b[j]"),
    ("X^{-1} A", "inv(X)*A"),
    (r"\frac12 x^\top A x", "(1/2)*x'*A*x"),
    (r"\tfrac12\|x\|^2", "(1/2)*‖x‖^2"),
    (r"\frac1{10} x + \frac{3}4 y", "(1/10)*x+(3/4)*y"),
    (r"\frac123 x", "(1/2)*3*x"),
    (r"x^\mathsf{T} A x + x^\mathrm T b", "x'*A*x+x'*b"),
    (r"\mathbf{z}^\mathsf{H} A^{-\mathrm H} z", "herm(z)*inv(herm(A))*z"),
    (r"x^\mathbf{p}", "x^p"),
    (r"\sqrt23 x", "sqrt(2)*3*x"),
    (r"\frac12 x", "(1/2)*x"),
    (r"\tfrac12\|x\|^2", "(1/2)*‖x‖^2"),
    (r"\frac1n\sum_i x_i", "(1/n)*sum(i: x[i])"),
    (r"\frac dn x", "(d/n)*x"),
    (r"\sqrt[3]{x}", "(x)^(1/3)"),
    (r"\sin^{-1} x + \sin^2 x", "arcsin(x)+sin(x)^2"),
    (r"\|x\|^2_2", "‖x‖_2^2"),
    (r"\|X\|_{\mathrm{F}} + \|X\|_{op}", "norm2(X)+norm_spectral(X)"),
    (r"\sum^n_{i=1} x^2_i", "sum(i: x[i]^2)"),
    (r"\sum_{i=0}^{n-1} x_i", "sum(i: x[i])"),
    (r"\log|2\pi\Sigma|", "log(|2*pi*Sigma|)"),
    (r"\log|\lambda I_n + A|", "log(|lambda*eye(n)+A|)"),
    (r"\log|(X+A)^{-1}|", "log(|inv(X+A)|)"),
    (r"\log|(X+A)^\top|", "log(|(X+A)'|)"),
    (r"\log|a^\top X b|", "log(|a'*X*b|)"),
    (r"|A_{ij}|", "|A[i,j]|"),
    (r"\vert x\vert", "|x|"),
    (r"\langle A, B X\rangle_F", "tr(herm(A)*(B*X))"),
    (r"X_{1,2}\,y", "X[1,2]*y"),
    (r"W^{(2)}\sigma(W^{(1)}x)", "W2*sigma(W1*x)"),
    (r"X^{+}", "pinv(X)"),
    (r"x^{\odot 2}", "x.^2"),
    (r"x^\mathsf{T}y + {\bf x}^{\rm T}y", "x'*y+x'*y"),
    (r"\Re(z) + \operatorname{Im}(z)", "real(z)+imag(z)"),
    (r"\max\{0,x\}", "max(0,x)"),
]


@pytest.mark.parametrize(("latex", "formula"), READ)
def test_the_common_subset_is_read(latex: str, formula: str) -> None:
    assert plain_text(latex) == formula


@pytest.mark.parametrize(
    "latex", [r"\frac{1}{", r"\begin{pmatrix}1\end{pmatrix}", r"\alpha^", r"\unknowncommand x", "\\", r"\frac1.5 x"]
)
def test_what_is_not_read_is_refused(latex: str) -> None:
    with pytest.raises(FrechetError):
        plain_text(latex)


@pytest.mark.parametrize(
    ("latex", "reason"),
    [
        (r"\|x\|_\infty", "no norm is known with infty"),
        (r"\|X\|_{2,1}", "no norm is known"),
        (r"\|x\|_{\Sigma^{-1}}^2", "write x"),
        (r"\sum_{i<j} A_{ij}", "whole axes"),
        (r"\sum_{i=2}^n x_i", "whole axes"),
        (r"\sum_{i=1}^{n-1} x_i", "whole axes"),
        (r"\sum_{i\in s} x_i", "whole axes"),
        ("x_{i+1}", "no index that is read"),
        (r"(x+y)^{(i)}\beta", "is a label"),
        (r"\log^{-1}x", "inverse function"),
        (r"\mathbb{E}[x]", "expectation"),
        (r"\mathrm{loss}(x)", "not a function"),
        (r"\langle x, y\rangle_M", "inner products"),
    ],
)
def test_what_would_be_another_formula_is_refused(latex: str, reason: str) -> None:
    with pytest.raises(FrechetError, match=reason):
        plain_text(latex)


def test_what_is_no_latex_stays() -> None:
    assert plain_text("x'*A*x") == "x'*A*x"


SUMS = [
    (r"\sum_i x_i^2", "2*x"),
    (r"\sum_{i=1}^n x_i^2", "2*x"),
    (r"\sum_{i,j} A_{ij} x_i x_j", "(A+A')*x"),
    ("sum(i: x[i]^2)", "2*x"),
    ("sum(i: sum(j: A[i,j]*x[i]*x[j]))", "(A+A')*x"),
]


@pytest.mark.parametrize(("expression", "gradient"), SUMS)
def test_a_written_sum_is_a_scalar(expression: str, gradient: str) -> None:
    assert str(fr.derive(expression, "x").gradient) == gradient


def test_an_index_that_stands_alone_in_a_function_is_refused() -> None:
    with pytest.raises(FrechetError, match="the index i stands once"):
        fr.derive("exp(x[i])", "x")
