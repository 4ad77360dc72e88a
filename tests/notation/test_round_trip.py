"""What is written in ASCII parses to the same expression."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frechet.core.dim import Dim
from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.language import parse, read_formula
from frechet.language.calls import callables, pattern_of
from frechet.notation import ascii, latex, unicode
from frechet.ops import REGISTRY
from frechet.ops.expressions import apply, number, size, variable

pytestmark = pytest.mark.slow

VARIABLES = {
    name: variable(name, shape)
    for name, shape in {
        "A": ("m", "n"),
        "B": ("n", "p"),
        "S": ("n", "n"),
        "T": ("n", "n"),
        "x": ("n",),
        "y": ("n",),
        "w": ("m",),
        "r": (1, "n"),
        "a": (),
        "b": (),
        "lambda": (),
    }.items()
}
SIZES = frozenset(("m", "n", "p"))
INDICES = frozenset(("i", "j", "k", "l"))
LEAVES = [
    *VARIABLES.values(),
    *(number(v) for v in (0, 1, 2, 3, -1, -2, Fraction(1, 2), Fraction(-1, 2), Fraction(3, 4))),
    *(size(name) for name in sorted(SIZES)),
    apply("eye", (), (Dim.of("n"),)),
    apply("ones", (), (Dim.of("m"),)),
    apply("ones", (), (Dim.of("n"), Dim.of("p"))),
    apply("zeros", (), (Dim.of("n"), Dim.of(1))),
    apply("unit", (), (Dim.of(1), Dim.of("n"))),
    apply("commutation", (), (Dim.of("n"), Dim.of("n") + 1)),
    apply("duplication", (), (Dim.of("n"),)),
]
BINARY = ("add", "sub", "mul", "hadamard", "edivide", "divide", "power", "epower", "kron", "max", "hcat", "vcat")
UNARY = ("neg", "transpose")
PLAIN = tuple(name for name in callables() if pattern_of(name) == "x" and name not in ("vector", "matrix"))
AXIS = ("sum", "mean", "prod", "logsumexp", "softmax")
SHAPED = (
    ("entry", (1, 2)),
    ("entry", (Dim.of("n"),)),
    ("entry", (1,)),
    ("column", (1,)),
    ("row", (Dim.of("n"),)),
    ("declared", ("sigma", 0)),
    ("declared", ("sigma", 2)),
    ("polygamma", (1,)),
    ("reshape", (Dim.of("p"), Dim.of("n"))),
    ("einsum", ("ij->ji",)),
    ("at", ("i",)),
    ("at", ("i", "j")),
    ("at", (Dim.of(1), "j")),
    ("isum", ("k",)),
    ("isum", ("k", "l")),
)


def read(text: str) -> Expr:
    return read_formula(text, VARIABLES, functions=("sigma",), sizes=SIZES, indices=INDICES)


@st.composite
def expressions(draw: st.DrawFn) -> Expr:
    """A well-shaped expression, grown from leaves by operations that fit."""
    pool = list(LEAVES)
    steps = draw(st.integers(1, 14))
    for _ in range(steps):
        kind = draw(st.integers(0, 9))
        recent = [
            pool[-1 - draw(st.integers(0, min(len(pool) - 1, 4)))]
            if draw(st.booleans())
            else draw(st.sampled_from(pool))
            for _ in range(2)
        ]
        try:
            if kind <= 5:
                pool.append(apply(draw(st.sampled_from(BINARY)), recent))
            elif kind == 6:
                pool.append(apply(draw(st.sampled_from(UNARY)), recent[:1]))
            elif kind == 7:
                pool.append(apply(draw(st.sampled_from(PLAIN)), recent[:1]))
            elif kind == 8:
                pool.append(apply(draw(st.sampled_from(AXIS)), recent[:1], (draw(st.sampled_from((None, 1, 2))),)))
            else:
                name, params = draw(st.sampled_from(SHAPED))
                pool.append(apply(name, recent[:1], params))
        except FrechetError:
            continue
    return pool[-1]


def _readable(root: Expr) -> bool:
    """Whether the language has a way to write every node: division by a written zero is refused."""
    return not any(node.op.name == "divide" and node.args[1] is number(0) for node in postorder(root))


@settings(max_examples=400, deadline=None)
@given(expressions())
def test_ascii_parses_to_the_same_expression(expr: Expr) -> None:
    if _readable(expr):
        text = ascii.text(expr)
        assert read(text) is expr, text


@settings(max_examples=100, deadline=None)
@given(expressions())
def test_other_alphabets_write_everything(expr: Expr) -> None:
    assert unicode.text(expr)
    tex = latex.text(expr)
    assert tex.count("{") == tex.count("}")
    assert tex.count(r"\left") == tex.count(r"\right")


@pytest.mark.parametrize("name", sorted(set(REGISTRY) - {"variable", "number", "size", "at", "delta", "isum"}))
def test_examples_of_the_registry_come_back(name: str) -> None:
    shapes = {"X": ["m", "n"]} if name == "reshape" else None
    problem = parse(REGISTRY[name].example, shapes, functions=("sigma", "f"))
    again = read_formula(ascii.text(problem.value), problem.variables, functions=("sigma", "f"))
    assert again is problem.value


def test_index_form() -> None:
    for text in (
        "A[i,k]*delta(j,l)",
        "delta(i,1)*x[j]",
        "sum(k: A[i,k]*B[k,j])",
        "inv(S)[i,k]*S'[k,j]",
        "sigma'(sum(k: A[i,k]*x[k]))",
        "sum(i,j: A[i,j]^2)",
    ):
        assert ascii.text(read(text)) == text


def test_canonical_numbers() -> None:
    a, half, two = VARIABLES["a"], number(Fraction(1, 2)), number(2)
    assert read("1/2*a") is apply("mul", (half, a))
    assert read("-1/2*a") is apply("mul", (number(Fraction(-1, 2)), a))
    assert read("a*1/2") is apply("divide", (apply("mul", (a, number(1))), two))
    assert read("(1)/2") is apply("divide", (number(1), two))
    assert read("-2") is number(-2)
    assert read("-(2)") is apply("neg", (two,))
    assert read("-2^2") is apply("neg", (apply("power", (two, two)),))
    assert read("0.25") is number(Fraction(1, 4))
    assert read("1e-3*a") is apply("mul", (number(Fraction(1, 1000)), a))
    for expr in ("-(2)", "(1)/2", "a^(1/2)", "a^(-1/2)", "(-2)^2", "a - (-2)", "a/(1/2)", "1/2/3", "-(1/2)"):
        assert ascii.text(read(expr)) == expr


def test_deep_chains_are_written_in_linear_time() -> None:
    value: Expr = VARIABLES["x"]
    for _ in range(3000):
        value = apply("tanh", (apply("mul", (VARIABLES["S"], value)),))
    right, left = VARIABLES["x"], VARIABLES["a"]
    for _ in range(2000):
        right = apply("mul", (VARIABLES["a"], right))
        left = apply("sub", (VARIABLES["b"], apply("mul", (left, VARIABLES["a"]))))
    for other in (right, left):
        assert read(ascii.text(other)) is other
        assert unicode.text(other) and latex.text(other)
    start = time.perf_counter()
    text = ascii.text(value)
    assert read(text) is value
    assert len(unicode.text(value)) < len(latex.text(value))
    assert time.perf_counter() - start < 3


def test_a_formula_that_would_fill_a_book_is_refused() -> None:
    value: Expr = VARIABLES["x"]
    for _ in range(60):
        value = apply("add", (apply("tanh", (value,)), value))
    with pytest.raises(FrechetError, match="longer than"):
        ascii.text(value)
