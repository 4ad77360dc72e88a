"""Differences: how good they are, and when they say that they cannot tell."""

import numpy as np
import pytest

from frechet.language import parse
from frechet.ops.expressions import apply, number, variable
from frechet.verify.difference import Path, across, along
from frechet.verify.evaluate import Program
from frechet.verify.reference import first, second
from frechet.verify.vanishing import lost

T = np.asarray(0.6)
ONE = {"t": (T, np.asarray(1.0))}

SMOOTH = {
    "exp(t)": (np.exp(T), np.exp(T)),
    "sin(5*t)": (5 * np.cos(5 * T), -25 * np.sin(5 * T)),
    "1/t": (-1 / T**2, 2 / T**3),
    "log(t)*t": (np.log(T) + 1, 1 / T),
    "sqrt(t)": (0.5 / np.sqrt(T), -0.25 * T**-1.5),
    "t^7": (7 * T**6, 42 * T**5),
}


def program(formula):
    return Program([parse(formula, {"t": []}).value], {}, {})


@pytest.mark.parametrize("formula", SMOOTH)
def test_error_is_small_and_honest(formula):
    slope, bend = SMOOTH[formula]
    path = program(formula)
    path.run({"t": T})
    found = along(Path(path, ONE, {}))
    assert abs(found.value - slope) <= 1e-9 * abs(slope)
    assert abs(found.value - slope) <= found.error + 1e-12 * abs(slope)
    found = across(Path(path, ONE, ONE))
    assert abs(found.value - bend) <= 1e-7 * abs(bend)
    assert abs(found.value - bend) <= 20 * found.error + 1e-10 * abs(bend)


def test_mixed_second_derivative_by_two_variables():
    problem = parse("sin(s*t)", {"s": [], "t": []})
    both = Program([problem.value], {}, {})
    env = {"s": np.asarray(0.3), "t": np.asarray(2.0)}
    both.run(env)
    one = np.asarray(1.0)
    found = across(Path(both, {"s": (env["s"], one)}, {"t": (env["t"], one)}))
    np.testing.assert_allclose(found.value, np.cos(0.6) - 0.6 * np.sin(0.6), rtol=1e-8)


CANNOT = {
    "tanh(100+t)": "tanh",
    "exp(-10000-t)": "exp",
    "sigmoid(-800*t-1000)": "sigmoid",
    "t+1e30": "add",
    "(0.01*t)^200*(0.01*t)^200": "power",
    "softmax([1e5*t; 0])'*[1; 2]": "softmax",
}
ZERO = ["t-t", "step(t)", "sign(t)*3", "sum(softmax([t; 2*t]))", "relu(-t)", "2*t-t-t", "max(5,t)"]


@pytest.mark.parametrize("formula", CANNOT)
def test_a_lost_change_is_no_zero(formula):
    reference = first(program(formula), {"t": T}, {"t": np.asarray(1.0)})
    assert reference.trouble is not None and f"lost in {CANNOT[formula]}" in reference.trouble


@pytest.mark.parametrize("formula", ZERO)
def test_a_zero_is_a_zero(formula):
    reference = first(program(formula), {"t": T}, {"t": np.asarray(1.0)})
    assert reference.trouble is None and reference.scale == 0.0 and reference.allowed < 1e-9


@pytest.mark.parametrize("formula", ["step(t-0.600001)", "abs(t-0.600001)", "relu(t-0.600001)+t"])
def test_a_corner_too_near_is_rough(formula):
    reference = first(program(formula), {"t": T}, {"t": np.asarray(1.0)})
    assert reference.trouble is not None and "rough" in reference.trouble


def test_a_corner_nearby_is_avoided_by_a_smaller_step():
    reference = first(program("abs(t-0.6003)"), {"t": T}, {"t": np.asarray(1.0)})
    assert reference.trouble is None and abs(reference.value + 1.0) < 1e-10


def test_second_order_zero_and_saturation():
    one = {"t": np.asarray(1.0)}
    assert second(program("3*t"), {"t": T}, one, one).trouble is None
    assert "tanh" in (second(program("t+tanh(50+t)"), {"t": T}, one, one).trouble or "")


def test_underflow_along_a_chain_is_noticed():
    value = variable("t")
    for _ in range(400):
        value = apply("tanh", (apply("mul", (number("1/10"), value)),))
    where, _ = lost(Program([value], {}, {}), {"t": T}, {"t": (T, np.asarray(0.01))})
    assert where in ("tanh", "mul")
