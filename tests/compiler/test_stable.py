"""Generated code keeps its digits where the formula, taken literally, loses them.

The numbers were computed with 50 digits.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import frechet as fr
from frechet.core.records import code
from frechet.ops.stable import STABLE

NEAR = 1e-14
"""The largest relative error."""

SLOPES: list[tuple[str, str, list[float], list[float]]] = [
    ("sum(tanh(x))", "gradient", [1e-9, -0.5, 5, 20, -300],
     [1.0, 0.78644773296592741, 0.00018158323094380668, 1.6993417021166356e-17, 1.0601586212017243e-260]),
    ("sum(tanh(x))", "hessian", [1e-9, -0.5, 5, 20, -300],
     [-2.0e-9, 0.72686198138358728, -0.00036313348792090557, -3.3986834042332711e-17, 2.1203172424034487e-260]),
    ("sum(sigmoid(x))", "gradient", [1e-9, -3, 5, 40, -300, 300],
     [0.25, 0.045176659730912133, 0.0066480566707901549, 4.248354255291589e-18, 5.1482002224120138e-131,
      5.1482002224120138e-131]),
    ("sum(sigmoid(x))", "hessian", [1e-9, -3, 5, 40, -300, 300],
     [-1.25e-10, 0.040891574660943479, -0.0065590677663225629, -4.2483542552915889e-18, 5.1482002224120138e-131,
      -5.1482002224120138e-131]),
    ("sum(softplus(x))", "gradient", [-40, 40, -300, 300], [4.248354255291589e-18, 1.0, 5.1482002224120138e-131, 1.0]),
    ("sum(softplus(x))", "hessian", [-40, 40, -300, 300],
     [4.248354255291589e-18, 4.248354255291589e-18, 5.1482002224120138e-131, 5.1482002224120138e-131]),
    ("sum(log(cosh(x)))", "hessian", [-20, 300], [1.6993417021166356e-17, 1.0601586212017243e-260]),
    ("sum(log(normcdf(x)))", "gradient", [-1, -8, -40, 5],
     [1.5251352761609812, 8.1213681122361127, 40.024968847207264, 1.4867199409049057e-6]),
]  # fmt: skip
VALUES: list[tuple[str, list[float], list[float]]] = [
    ("1-tanh(x)", [20, -20, 300], [8.496708510583178e-18, 2.0, 5.3007931060086215e-261]),
    ("1+tanh(x)", [-20, 3], [8.496708510583178e-18, 1.9950547536867305]),
    ("1-tanh(x).^2", [5, -20, 300], [0.00018158323094380668, 1.6993417021166356e-17, 1.0601586212017243e-260]),
    ("3*tanh(x)^2-3", [20], [-5.0980251063499068e-17]),
    ("1-exp(x)", [1e-12, -1e-9, -40], [-1.0000000000005e-12, 9.999999995e-10, 1.0]),
    ("exp(x)-1", [1e-12, 2], [1.0000000000005e-12, 6.3890560989306502]),
    ("log(1+x)", [1e-15, -1e-9, 3], [9.999999999999995e-16, -1.0000000005e-9, 1.3862943611198906]),
    ("log(1-x)", [1e-15, 0.5], [-1.0000000000000005e-15, -0.69314718055994531]),
    ("1-erf(x)", [3, 20], [2.2090496998585441e-5, 5.3958656116079009e-176]),
    ("1+erf(x)", [-20], [5.3958656116079009e-176]),
    ("1-erfc(x)", [1e-9], [1.1283791670955126e-9]),
    ("1-normcdf(x)", [5], [2.8665157187919391e-7]),
    ("1-sigmoid(x)", [40, -3, 700], [4.248354255291589e-18, 0.95257412682243322, 9.8596765437597709e-305]),
    ("1-2*sigmoid(x)", [1e-9, 4], [-5.0e-10, -0.96402758007581688]),
    ("sigmoid(x)-sigmoid(x).^2", [40, -300], [4.248354255291589e-18, 5.1482002224120138e-131]),
    ("tanh(x)-tanh(x).^3", [20, -300], [1.6993417021166356e-17, -1.0601586212017243e-260]),
    ("log(1-sigmoid(x))", [-40, 40, 700], [-4.248354255291589e-18, -40.0, -700.0]),
    ("-log(1./(1+exp(-x)))", [40, -700, 700], [4.248354255291589e-18, 700.0, 9.8596765437597709e-305]),
    ("log(1+exp(x))", [-40, 800], [4.248354255291589e-18, 800.0]),
    ("log(1-exp(x))", [-1e-12, -0.7, -1, -40],
     [-27.631021115929048, -0.68634100280838511, -0.45867514538708189, -4.248354255291589e-18]),
    ("log(cosh(x))", [1e-6, 0.9, -2, 800],
     [4.9999999999991667e-13, 0.35983042996612883, 1.3250027473578644, 799.30685281944005]),
    ("log(1-tanh(x).^2)", [20, -300], [-38.613705638880109, -598.61370563888011]),
    ("log(normcdf(x))", [-40, -1, 8], [-804.60844201375379, -1.8410216450092635, -6.2209605742717861e-16]),
    ("1-cos(x)", [1e-9, 2], [5.0e-19, 1.4161468365471424]),
    ("log(exp(x)+exp(x-1))", [800], [800.31326168751822]),
]  # fmt: skip
LARGE = [1000.0, 1001.0, -3.0]
TOP, SOFT = 1001.3132616875182, [0.26894142136999512, 0.73105857863000488, 0.0]
WHOLE = [
    ("log(sum(exp(x)))", "value", "x", LARGE, TOP),
    ("log(sum(exp(x)))", "gradient", "x", LARGE, SOFT),
    ("log(mean(exp(x)))", "value", "x", LARGE, 1000.2146493988501),
    ("exp(x)./sum(exp(x))", "value", "x", LARGE, SOFT),
    ("sum(log(sum(exp(X),2)))", "value", "X", [LARGE, LARGE], 2 * TOP),
    ("sum(log(sum(exp(X),2)))", "gradient", "X", [LARGE, LARGE], [SOFT, SOFT]),
    ("sum(log(exp(X)*ones(n)))", "value", "X", [LARGE, LARGE], 2 * TOP),
    ("exp(X)./(exp(X)*ones(n)*ones(n)')", "value", "X", [LARGE, LARGE], [SOFT, SOFT]),
]


def made(formula: str, form: Any, backend: Any = "numpy", wrt: str = "x", **given: Any) -> Any:
    order = 2 if form in fr.library.words.SECOND else 1
    return fr.derive(formula, wrt=wrt, order=order, verify=False, **given).compile(backend, form)


def off(got: Any, want: Any) -> float:
    """The largest relative error; where nothing is wanted, the largest number."""
    a, b = np.asarray(got), np.asarray(want)
    return float(np.max(np.abs(a - b) / np.where(b == 0, 1, np.abs(b))))


@pytest.mark.parametrize(("formula", "form", "at", "want"), SLOPES)
def test_slopes_keep_their_digits(formula: str, form: str, at: list[float], want: list[float]) -> None:
    got = made(formula, form)(x=at)
    assert off(np.diagonal(got) if form == "hessian" else got, want) < NEAR
    if form == "hessian":
        assert off(made(formula, "hvp")(x=at, V=np.ones(len(at))), want) < NEAR


@pytest.mark.parametrize(("formula", "at", "want"), VALUES)
def test_values_keep_their_digits(formula: str, at: list[float], want: list[float]) -> None:
    scalar = {"x": []} if "^2-3" in formula else {"x": ["n"]}
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # nothing overflows, nothing is divided by zero
        f = made(formula, "value", shapes=scalar)
        assert off(f(x=at) if scalar["x"] else [f(x=x) for x in at], want) < NEAR


@pytest.mark.parametrize(("formula", "form", "wrt", "at", "want"), WHOLE)
def test_large_exponents_do_not_overflow(formula: str, form: str, wrt: str, at: Any, want: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = made(formula, form, wrt=wrt, shapes={"X": ["m", "n"]} if wrt == "X" else None)(**{wrt: at})
    assert off(got, want) < NEAR


def test_the_mirror_of_a_layer_is_seen_through_its_name() -> None:
    """The slope of a hidden layer, in a gradient, a Hessian and a product."""
    for name, slope in (("tanh", "tanh_slope(X @ W)"), ("sigmoid", "sigmoid_slope(X @ W)")):
        layer = f"Z={name}(X*W); f=sum(Z.*G)"
        assert slope in made(layer, "gradient", wrt="W").source
        assert "_slope(XW)" in made(layer, "hessian", wrt="W").source
        assert "_slope(XW)" in made(layer, "hvp", wrt="W").source


def test_the_logistic_of_two_exponentials() -> None:
    """The gradient of log(exp(x)+exp(y)) is sigmoid(x-y), its slope in the Hessian."""
    shapes = {"x": ["n"], "y": ["n"]}
    formula, at = "sum(log(exp(x)+exp(y)))", {"x": [800.0, -1.0], "y": [799.0, 39.0]}
    assert off(made(formula, "gradient", shapes=shapes)(**at), [0.73105857863000488, 4.248354255291589e-18]) < NEAR
    assert off(made(formula, "hvp", shapes=shapes)(**at, V=[1, 1]), [0.19661193324148185, 4.248354255291589e-18]) < NEAR


def test_complex_numbers_are_left_alone() -> None:
    """abs would be wrong in their slope."""
    d = fr.derive("tanh(z)", wrt="z", assumptions={"z": ["complex"]}, verify=False)
    assert "1 - " in d.code(form="pullback") and "tanh_slope" not in d.code(form="pullback")


@pytest.mark.parametrize("backend", ["jax"])
def test_the_other_libraries_keep_them_too(backend: str) -> None:
    jax = pytest.importorskip("jax", reason="the JAX target: pip install 'frechet[dev]'")
    jax.config.update("jax_enable_x64", True)
    for formula, at, want in VALUES:
        if "^2-3" not in formula:
            assert off(made(formula, "value", backend, shapes={"x": ["n"]})(x=np.array(at, float)), want) < 1e-13, (
                formula
            )
    for formula, form, at, want in SLOPES:
        got = made(formula, form, backend)(x=np.array(at, float))
        near = 1e-10 if "normcdf" in formula else 1e-13  # as well as JAX's log_ndtr is
        assert off(np.diagonal(got) if form == "hessian" else got, want) < near, formula


def test_every_entry_is_code_for_each_library() -> None:
    for formula in STABLE:
        assert code(formula).text, formula
