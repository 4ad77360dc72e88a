"""The discrete Fourier transform: its matrix, its inverse, derivatives of what signals people write with it."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg

import frechet as fr
from frechet.language import parse
from frechet.library.conditions import conditions as found_in

SHAPES = {"x": ["n"], "h": ["n"], "k": ["n"], "y": ["n"], "X": ["m", "n"], "c": []}


def test_the_matrix_is_that_of_the_definition() -> None:
    for n in (1, 2, 5, 8):
        found = fr.dft(n).evaluate()
        np.testing.assert_allclose(np.reshape(found, (n, n)), scipy.linalg.dft(n), atol=1e-13)
    x = np.random.default_rng(3).normal(size=6)
    np.testing.assert_allclose(fr.parse("fft(x)").evaluate(x=x), np.fft.fft(x), atol=1e-13)
    np.testing.assert_allclose(fr.parse("ifft(fft(x).*x)").evaluate(x=x), np.fft.ifft(np.fft.fft(x) * x), atol=1e-13)


DERIVATIVES = [
    ("norm2(fft(x)-y)^2", "x", "gradient", "2*n*x - 2*real(dft(n)*y)"),
    ("norm2(fft(x))^2", "x", "gradient", "2*n*x"),
    ("fft(x)", "x", "differential", "dft(n)*dx"),
    ("fft(x)", "x", "pullback", "real(dft(n)*conj(G))"),
    ("ifft(fft(x))", "x", "differential", "dx"),
    ("ifft(k.*fft(x))", "x", "tensor", "conj(dft(n))*diag(k)*dft(n)/n"),
    ("norm2(dft(m)*X*dft(n))^2", "X", "gradient", "2*m*n*X"),
]


@pytest.mark.parametrize(("text", "wrt", "form", "known"), DERIVATIVES)
def test_answers(text: str, wrt: str, form: str, known: str) -> None:
    used = parse(text).variables
    d = fr.derive(text, wrt=wrt, shapes={name: shape for name, shape in SHAPES.items() if name in used})
    assert str(getattr(d, form)) == known and d.verification.passed and not d.missing


def conditions(text: str) -> list[str]:
    p = parse(text)
    return found_in(p.value, list(p.variables.values()))


@pytest.mark.parametrize("text", ["sum(abs(fft(x)).^2)", "sum(abs(fft(x)).^4)"])
def test_a_squared_modulus_is_smooth(text: str) -> None:
    assert conditions(text) == []


@pytest.mark.parametrize(("text", "what"), [("sum(abs(fft(x)))", "its modulus"), ("norm1(fft(x))", "the 1-norm")])
def test_a_modulus_is_not(text: str, what: str) -> None:
    assert conditions(text) == [f"where an entry of dft(n)*x is 0, {what} has no derivative, and the formula no value"]


def test_parseval() -> None:
    assert fr.equal("norm2(fft(x))^2", "n*norm2(x)^2", shapes={"x": ["n"]}).verdict == "always equal"
