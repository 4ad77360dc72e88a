"""What stands before a bracket: a function's name is never a product of letters, nor a Greek capital a factor."""

from __future__ import annotations

import pytest

from frechet.errors import FrechetError
from frechet.language import parse

NO_FUNCTION = {
    "rowSums(A)": r"there is no function rowSums: the sum of each row is sum\(X,2\)",
    "sum(colMeans(A))": r"there is no function colMeans: the mean of each column is mean\(X,1\)",
    "frobNorm(A)": r"there is no function frobNorm: the Frobenius norm is norm2\(X\)",
    "lambdaMax(A)": "there is no function lambdaMax: the largest eigenvalue",
    "logLik(x)": "there is no function logLik",
    "Loglik(x+y)": "there is no function Loglik",
    "layerNorm(x)": "there is no function layerNorm",
    "hardTanh(x)": r"there is no function hardTanh: it is clip\(x,-1,1\)",
    "IdentityMatrix(n)*x": r"there is no function IdentityMatrix: the identity is eye\(n\)",
    "x' myThing(A+B) x": "there is no function myThing",
    "ABCD(x+y)": r"there is no function ABCD: for a product write A\*B\*C\*D",
    "Phi(x)": r"there is no function Phi: the normal distribution function is normcdf\(x\)",
    "sum(log(Phi(X*b)))": r"there is no function Phi: the normal distribution function is normcdf\(x\)",
    "Gamma(a+b)": r"there is no function Gamma: the gamma function is gamma\(x\)",
    "Γ(a+b)": r"there is no function Gamma: the gamma function is gamma\(x\)",
    "Psi(a+b)": r"there is no function Psi: the digamma function is digamma\(x\)",
    r"\Phi(x^\top\beta)": r"normcdf\(x\)",
    r"\log \Phi\left(x^\top\beta\right)": r"normcdf\(x\)",
    r"\Lambda(x^\top\beta)": r"sigmoid\(x\)",
}

FACTORS = {
    "x'AB(x+y)": "x'*A*B*(x+y)",
    "ABtanh(x)": "A*B*tanh(x)",
    "(x-m)'Λ(x-m)": "(x-m)'*Lambda*(x-m)",
    r"(x-m)^{\top} \Lambda (x-m)": "(x-m)'*Lambda*(x-m)",
    r"\|\Phi w - t\|^2 + \|\Phi(w+v)\|^2": "norm2(Phi*w-t)^2 + norm2(Phi*(w+v))^2",
    "‖Φw - t‖² + ‖Φ(w+v)‖²": "norm2(Phi*w-t)^2 + norm2(Phi*(w+v))^2",
}


@pytest.mark.parametrize(("text", "message"), NO_FUNCTION.items())
def test_a_functions_name_is_refused(text: str, message: str) -> None:
    with pytest.raises(FrechetError, match=message):
        parse(text)


@pytest.mark.parametrize(("text", "formula"), FACTORS.items())
def test_factors_before_a_bracket_stay_factors(text: str, formula: str) -> None:
    assert parse(text).value is parse(formula).value


def test_declared_names_are_factors_whatever_their_length() -> None:
    shapes = {"A": ["n", "n"], "B": ["n", "n"], "C": ["n", "n"], "D": ["n", "n"], "x": ["n"], "y": ["n"]}
    assert parse("ABCD(x+y)", shapes=shapes).value is parse("A*B*C*D*(x+y)", shapes=shapes).value
    shapes = {"Phi": ["m", "n"], "x": ["n"], "y": ["n"]}
    assert parse("2Phi(x+y)", shapes=shapes).value is parse("2*Phi*(x+y)", shapes=shapes).value
