"""Formulas in index form: the rule of summation, against NumPy and its einsum."""

from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frechet.core.dim import Dim
from frechet.errors import FrechetError
from frechet.ops.expressions import apply, number, variable
from frechet.verify.indexvalue import index_value

random = np.random.default_rng(5)
SIZES = {"m": 3, "n": 4, "p": 5}
ENV = {
    "A": random.normal(size=(3, 4)),
    "B": random.normal(size=(4, 5)),
    "S": random.normal(size=(4, 4)),
    "x": random.normal(size=4),
    "y": random.normal(size=4),
}
SHAPES = {"A": ("m", "n"), "B": ("n", "p"), "S": ("n", "n"), "x": ("n",), "y": ("n",)}
V = {name: variable(name, shape) for name, shape in SHAPES.items()}
A, B, S, x, y = (ENV[k] for k in "ABSxy")
I4 = np.eye(4)


def at(name, *indices):
    return apply("at", (V[name],), indices)


def mul(*factors):
    return reduce(lambda a, b: apply("mul", (a, b)), factors)


def delta(i, j):
    return apply("delta", (), (i, j))


def total(names, body):
    return apply("isum", (body,), tuple(names))


def f(name, *args):
    return apply(name, args)


CASES = [
    ("product", mul(at("A", "i", "k"), at("B", "k", "j")), "ij", A @ B),
    ("delta", mul(at("A", "i", "k"), delta("j", "l")), "ijkl", np.einsum("ik,jl->ijkl", A, np.eye(5))),
    ("trace", at("S", "s", "s"), "", np.trace(S)),
    ("free diagonal", at("S", "k", "k"), "k", np.diag(S)),
    ("free index twice", mul(delta("i", "k"), at("x", "i")), "ik", np.diag(x)),
    ("three factors", mul(at("x", "s"), at("y", "s"), at("A", "r", "s")), "r", A @ (x * y)),
    ("sum as a factor", mul(f("add", at("A", "r", "s"), number(2)), at("x", "s")), "r", (A + 2) @ x),
    (
        "each term for itself",
        f("sub", mul(at("A", "r", "s"), at("x", "s")), mul(at("A", "r", "u"), at("y", "u"))),
        "r",
        A @ (x - y),
    ),
    (
        "one index in two terms",
        f("add", mul(at("A", "r", "s"), at("x", "s")), mul(at("A", "r", "s"), at("y", "s"))),
        "r",
        A @ (x + y),
    ),
    (
        "innermost product with all occurrences",
        mul(f("add", mul(at("A", "r", "s"), at("y", "s")), number(1)), at("x", "s")),
        "r",
        (A * y + 1) @ x,
    ),
    ("scope sums inside", f("sin", mul(at("A", "r", "s"), at("x", "s"))), "r", np.sin(A @ x)),
    ("scope shows what stands once", mul(at("x", "s"), f("sin", at("y", "s"))), "", x @ np.sin(y)),
    (
        "scope keeps its own",
        mul(at("x", "s"), at("y", "s"), f("sin", mul(at("A", "r", "s"), at("x", "s")))),
        "r",
        (x @ y) * np.sin(A @ x),
    ),
    (
        "written sum reaches into a scope",
        total("s", mul(at("x", "s"), f("sin", mul(at("y", "s"), at("A", "r", "s"))))),
        "r",
        np.sin(A * y) @ x,
    ),
    ("written sum of a power", total("s", f("power", at("A", "r", "s"), number(2))), "r", (A**2).sum(1)),
    ("written sum of two indices", total("rs", at("A", "r", "s")), "", A.sum()),
    ("written sum over a delta", total("l", delta("k", "l")), "k", np.ones(4)),
    (
        "written sum of what does not depend",
        total("s", mul(at("x", "k"), f("sub", at("x", "s"), at("x", "s")))),
        "k",
        0 * x,
    ),
    (
        "quotient",
        f("divide", f("exp", at("x", "k")), total("s", f("exp", at("x", "s")))),
        "k",
        np.exp(x) / np.exp(x).sum(),
    ),
    ("index above and below the bar", f("divide", at("x", "s"), at("y", "s")), "", (x / y).sum()),
    ("entry of an expression", apply("at", (f("inv", V["S"]),), ("k", "l")), "kl", np.linalg.inv(S)),
    ("fixed index", mul(at("A", Dim.of(2), "s"), at("x", "s")), "", A[1] @ x),
    ("last index", at("x", Dim.of("n")), "", x[-1]),
    ("fixed delta", mul(at("x", "k"), delta("k", Dim.of(2))), "k", x * I4[1]),
    ("summed delta", delta("k", "k"), "k", np.ones(4)),
    ("ordinary factor", mul(f("tr", V["S"]), delta("k", "l")), "kl", np.trace(S) * I4),
    ("missing index", mul(number(3), at("x", "k")), "kl", np.outer(3 * x, np.ones(4))),
    ("negative", f("neg", mul(at("x", "s"), at("y", "s"))), "", -x @ y),
    ("larger of two", f("max", at("x", "k"), at("y", "l")), "kl", np.maximum.outer(x, y)),
]
RANGES = {"i": 3, "j": 5, "k": 4, "l": 4, "r": 3}


@pytest.mark.parametrize(("name", "formula", "free", "expected"), CASES, ids=[case[0] for case in CASES])
def test_meaning(name, formula, free, expected):
    ranges = dict(RANGES)
    if name == "delta":
        ranges["l"] = 5
    if name == "free index twice":
        ranges["i"] = 4
    value = index_value(formula, [(k, ranges[k]) for k in free], ENV, SIZES)
    np.testing.assert_allclose(value, expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(
    ("formula", "free", "message"),
    [
        (at("A", "i", "s"), [("i", 3)], "the index s stands once"),
        (at("A", "i", "k"), [("i", 4), ("k", 4)], "the index i runs to 4 and to 3"),
        (delta("i", "k"), [("i", 3), ("k", 4)], "runs? to 3 and 4"),
        (total("s", at("x", "k")), [("k", 4)], "how far the index s"),
        (delta("s", "s"), [], "how far the indices of delta"),
        (f("tr", at("S", "k", "l")), [("k", 4), ("l", 4)], "no entry by entry meaning"),
    ],
)
def test_refusals(formula, free, message):
    with pytest.raises(FrechetError, match=message):
        index_value(formula, free, ENV, SIZES)


def test_depth_costs_no_stack():
    g = at("x", "k")
    for _ in range(3000):
        g = f("sin", g)
    assert index_value(g, [("k", 4)], ENV, SIZES).shape == (4,)


LETTERS = "abcde"
EXTENT = dict(zip(LETTERS, (2, 3, 2, 4, 3), strict=True))


@st.composite
def products(draw):
    """Factors with letters for axes, and which letters are free: every letter that stands once must be."""
    axes = draw(st.lists(st.text(LETTERS, min_size=1, max_size=3), min_size=1, max_size=4))
    letters = "".join(axes)
    single = {k for k in letters if letters.count(k) == 1}
    free = sorted(single | set(draw(st.lists(st.sampled_from(sorted(set(letters))), max_size=3))))
    return axes, free


@settings(max_examples=150, deadline=None)
@given(products())
def test_a_product_is_einsum(case):
    axes, free = case
    random = np.random.default_rng(0)
    arrays = [random.normal(size=[EXTENT[k] for k in labels]) for labels in axes]
    env = {f"T{k}": array for k, array in enumerate(arrays)}
    factors = [
        apply("at", (variable(f"T{k}", array.shape),), tuple(labels))
        for k, (labels, array) in enumerate(zip(axes, arrays, strict=True))
    ]
    expected = np.einsum(f"{','.join(axes)}->{''.join(free)}", *arrays)
    value = index_value(mul(*factors), [(k, EXTENT[k]) for k in free], env, {})
    np.testing.assert_allclose(value, expected, rtol=1e-10, atol=1e-12)
