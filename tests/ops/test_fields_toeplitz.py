"""Constant diagonals and convolution: values, printed derivatives, adjoints, the matrices of the linear maps."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg

import frechet as fr
from printedforms import derived, value

RANDOM = np.random.default_rng(11)
SHAPES = {"x": ["n"], "c": ["n"], "r": ["m"], "h": ["m"], "y": ["m+n-1"], "X": ["m", "n"], "S": ["n", "n"]}


def test_values_are_those_of_the_definitions():
    c, r, x = (RANDOM.normal(size=k) for k in (3, 4, 5))
    np.testing.assert_array_equal(value("toeplitz", c), scipy.linalg.toeplitz(c))
    np.testing.assert_array_equal(value("toeplitz", c, r), scipy.linalg.toeplitz(c, r))
    np.testing.assert_array_equal(value("circulant", c), scipy.linalg.circulant(c))
    full = [sum(c[i] * x[k - i] for i in range(3) if 0 <= k - i < 5) for k in range(7)]
    np.testing.assert_allclose(value("conv", c, x), full)
    m = RANDOM.normal(size=(3, 5))
    np.testing.assert_allclose(value("diagsums", m), [np.trace(m, -k) for k in range(3)])
    s = m[:, :3]
    np.testing.assert_allclose(value("circsums", s), [np.sum(np.roll(np.eye(3), k, axis=0) * s) for k in range(3)])


def test_the_sums_along_diagonals_are_the_adjoints():
    c, g = RANDOM.normal(size=4), RANDOM.normal(size=(4, 3))
    lower = value("toeplitz", c, np.zeros(3))
    assert np.sum(g * lower) == pytest.approx(value("diagsums", g) @ c)
    square = RANDOM.normal(size=(4, 4))
    assert np.sum(square * value("circulant", c)) == pytest.approx(value("circsums", square) @ c)


DERIVATIVES = [
    ("x'*toeplitz(c)*x", "c", "2*diagsums(x*x') - (x'*x)*unit(1,n)"),
    ("toeplitz(c,r)", "c", "toeplitz(dc,zeros(m))"),
    ("toeplitz(c,r)", "r", "toeplitz(dr-dr[1]*unit(1,m),zeros(n))'"),
    ("conv(h,x)", "h", "toeplitz([x; zeros(m-1)],zeros(m))*dh"),
    ("conv(h,x)", "x", "toeplitz([h; zeros(n-1)],zeros(n))*dx"),
    ("norm2(conv(h,x)-y)^2", "h", "2*toeplitz([x; zeros(m-1)],zeros(m))'*(conv(h,x)-y)"),
    ("circulant(c)*x", "c", "circulant(x)*dc"),
    ("x'*circulant(c)*x", "c", "circulant(x)'*x"),
    ("tr(S*circulant(c))", "c", "circsums(S')"),
    ("h'*diagsums(X)", "X", "toeplitz(h,zeros(n))"),
    ("c'*circsums(S)", "S", "circulant(c)"),
]


@pytest.mark.parametrize(("expression", "wrt", "printed"), DERIVATIVES)
def test_printed_derivative(expression, wrt, printed):
    assert derived(expression, wrt, SHAPES) == printed


@pytest.mark.parametrize(
    ("expression", "wrt"), [("toeplitz(c)", "c"), ("toeplitz(c,r)", "c"), ("toeplitz(c,r)", "r"), ("diagsums(X)", "X")]
)
def test_every_form_is_there(expression, wrt):
    """The matrices that stack columns and rows are verified with the other forms."""
    used = {name: shape for name, shape in SHAPES.items() if name in expression[4:]}
    found = fr.derive(expression, wrt=wrt, shapes=used)
    assert found.verification.passed and not found.missing
    assert {"jacobian", "index", "pullback"} <= {*found.forms, *found.to_dict()}


def test_second_derivatives_of_a_convolution():
    found = fr.derive("norm2(conv(h,x)-y)^2", wrt="h", shapes={k: SHAPES[k] for k in "hxy"}, order=2)
    assert found.verification.passed
    assert str(found.hessian) == "2*P'*P" and str(found.where["P"]) == "toeplitz([x; zeros(m-1)],zeros(m))"


def test_refused():
    with pytest.raises(fr.FrechetError, match="conv\\(x,y\\) needs two vectors; got m×n"):
        fr.derive("conv(X,x)", wrt="x", shapes={"X": ["m", "n"], "x": ["n"]})
    with pytest.raises(fr.FrechetError, match="needs vectors"):
        fr.derive("toeplitz(X)", wrt="X", shapes={"X": ["m", "n"]})
