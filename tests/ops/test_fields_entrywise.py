"""The normal distribution, functions in pieces with parameters, lambertw, atan2: values and printed derivatives."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.integrate
import scipy.optimize

import frechet as fr
from printedforms import derived, value

x = np.array([-2.5, -0.3, 0.0, 0.4, 3.0])
INSIDE = np.array([0.02, 0.3, 0.5, 0.9])


def density(t):
    return math.exp(-t * t / 2) / math.sqrt(2 * math.pi)


def test_the_normal_distribution_is_the_integral_of_its_density():
    np.testing.assert_allclose(value("normpdf", x), [density(t) for t in x], rtol=1e-14)
    areas = [0.5 + scipy.integrate.quad(density, 0, t)[0] for t in x]
    np.testing.assert_allclose(value("normcdf", x), areas, rtol=1e-10)
    np.testing.assert_allclose(value("erfc", x), [1 - math.erf(t) for t in x], atol=1e-15)
    assert value("normcdf", -20.0) > 0  # far out, where 1 - normcdf(20) has no digit left


def test_the_inverses_are_inverses():
    np.testing.assert_allclose(value("normcdf", value("norminv", INSIDE)), INSIDE, rtol=1e-13)
    np.testing.assert_allclose([math.erf(t) for t in value("erfinv", INSIDE)], INSIDE, rtol=1e-13)
    assert np.isnan(value("norminv", [-0.1, 1.1])).all()
    t = np.array([-0.36, -0.1, 0.0, 1.0, 50.0])
    w = value("lambertw", t)
    np.testing.assert_allclose(w * np.exp(w), t, atol=1e-13)
    assert (w >= -1).all() and np.isnan(value("lambertw", -0.4))


def test_functions_in_pieces():
    np.testing.assert_allclose(value("clip", x, -1.0, 0.2), np.clip(x, -1, 0.2))
    assert np.isnan(value("clip", x, 1.0, -1.0)).all()
    huber = [scipy.integrate.quad(lambda t: min(max(t, -0.5), 0.5), 0, t, points=[0.5, -0.5])[0] for t in x]
    np.testing.assert_allclose(value("huber", x, 0.5), huber, rtol=1e-10)
    np.testing.assert_allclose(value("leakyrelu", x, 0.1), [t if t > 0 else t / 10 for t in x])
    np.testing.assert_allclose(value("elu", x, 2.0), [t if t > 0 else 2 * (math.exp(t) - 1) for t in x], atol=1e-15)
    assert value("elu", 1e4, 1.0) == 1e4
    angles = [math.atan2(a, b) for a, b in zip(x, x[::-1], strict=True)]
    np.testing.assert_allclose(value("atan2", x, x[::-1]), angles)


DERIVATIVES = [
    ("sum(normcdf(x))", "x", "normpdf(x)"),
    ("sum(normpdf(x))", "x", "-x.*normpdf(x)"),
    ("sum(norminv(x))", "x", "1./normpdf(norminv(x))"),
    ("sum(erfc(x))", "x", "-2*exp(-x.^2)/sqrt(pi)"),
    ("sum(erfinv(x))", "x", "sqrt(pi)*exp(erfinv(x).^2)/2"),
    ("sum(lambertw(x))", "x", "exp(-lambertw(x))./(1+lambertw(x))"),
    ("sum(huber(x,d))", "x", "clip(x,-d,d)"),
    ("sum(huber(A*x-b,d))", "x", "A'*clip(A*x-b,-d,d)"),
    ("sum(huber(x,d))", "d", "sum(relu(abs(x)-d))"),
    ("sum(clip(x,a,b))", "x", "step(x-a).*step(b-x)"),
    ("sum(clip(x,a,b))", "a", "sum(step(a-x))"),
    ("sum(clip(x,a,b))", "b", "sum(step(x-b))"),
    ("sum(leakyrelu(x,a))", "x", "(1-a)*step(x) + a"),
    ("sum(leakyrelu(x,a))", "a", "-sum(relu(-x))"),
    ("sum(elu(x,a))", "x", "a*(exp(-relu(-x)).*(1-step(x))) + step(x)"),
    ("sum(elu(x,a))", "a", "sum(exp(-relu(-x))) - n"),
    ("sum(atan2(y,x))", "y", "x./(x.^2+y.^2)"),
    ("sum(atan2(y,x))", "x", "-y./(x.^2+y.^2)"),
]
SHAPES = {"x": ["n"], "y": ["n"], "A": ["m", "n"], "a": [], "b": [], "d": []}


@pytest.mark.parametrize(("expression", "wrt", "printed"), DERIVATIVES)
def test_printed_derivative(expression, wrt, printed):
    shapes = {**SHAPES, "b": ["m"]} if "A*x-b" in expression else SHAPES
    assert derived(expression, wrt, shapes) == printed


@pytest.mark.parametrize("expression", ["huber(X,D)", "clip(X,-D,D)", "leakyrelu(X,D)", "elu(X,D)", "atan2(X,D)"])
def test_parameters_may_be_arrays_of_the_same_shape(expression):
    for wrt in "XD":
        found = fr.derive(f"sum(W.*({expression}))", wrt=wrt, shapes={name: ["m", "n"] for name in "XDW"}, order=1)
        assert found.verification.passed


def test_an_index_form_goes_into_every_argument():
    found = fr.derive("huber(x,d)", wrt="x", shapes={"x": ["n"], "d": []})
    assert str(found.form("index")) == "clip(x[i],-d,d)*delta(i,j)"
    found = fr.derive("sum(max(x,c).^2)", wrt="x", shapes={"x": ["n"], "c": []})
    assert str(found.form("index")) == "2*max(x[i],c)*step(x[i]-c)"


def test_the_points_without_a_derivative_are_named():
    notes = " ".join(
        fr.derive("sum(clip(x,a,b))", wrt="x", shapes={"x": ["n"], "a": [], "b": []}).to_dict()["conditions"]
    )
    assert "at one of its bounds" in notes
    assert "between 0 and 1" in " ".join(fr.derive("norminv(p)", wrt="p", shapes={"p": []}).to_dict()["conditions"])


def test_arguments_of_other_shapes_are_refused():
    with pytest.raises(fr.FrechetError, match="arguments of one shape or scalars"):
        fr.derive("huber(x,y)", wrt="x", shapes={"x": ["n"], "y": ["m"]})
    with pytest.raises(fr.FrechetError, match="huber takes 2 arguments"):
        fr.derive("huber(x)", wrt="x", shapes={"x": ["n"]})


def test_equal_functions_are_one():
    assert str(fr.derive("sum(norminv(normcdf(x)))", wrt="x", shapes={"x": ["n"]}).gradient) == "ones(n)"
