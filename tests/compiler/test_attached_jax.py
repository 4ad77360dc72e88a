"""JAX differentiates a function by the derivative that is attached to it: as it would differentiate the plain value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from compiler.attached import CASES, arrays, derived
from frechet.errors import FrechetError

jax: Any = pytest.importorskip("jax", reason="the JAX target: pip install 'frechet[dev]'")
FORMS = ("function", "function_jvp")
QUICK = [name for name in CASES if name != "matrix exponential"][::2]
"""Cases that JAX compiles twice in a few seconds; PyTorch has all of them."""


@pytest.fixture(autouse=True)
def double() -> None:
    jax.config.update("jax_enable_x64", True)


def close(a: Any, b: Any) -> bool:
    left, right = jax.tree_util.tree_leaves(a), jax.tree_util.tree_leaves(b)
    return len(left) == len(right) and all(np.allclose(x, y, atol=1e-9) for x, y in zip(left, right, strict=True))


def both(name: str, form: str) -> tuple[Any, Any, list[Any]]:
    """The function with its derivative and the plain one, as functions of the variables, and where to look at them."""
    d, given, wrt = derived(name), arrays(name), CASES[name][1]
    attached, plain = d.compile("jax", form), d.compile("jax", "value")

    def bound(f: Any) -> Any:
        def called(*variables: Any) -> Any:
            every = {**given, **dict(zip(wrt, variables, strict=True))}
            return f(**{n: every[n] for n in f.arguments})

        return called

    return bound(attached), bound(plain), [jax.numpy.asarray(given[n]) for n in wrt]


def weighed(f: Any) -> Any:
    """A number of the value, curved in it."""
    return lambda *x: (jax.numpy.sin(f(*x)) ** 2).sum()


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", QUICK)
def test_values_and_derivatives_are_those_of_the_plain_function(name: str, form: str) -> None:
    f, g, x = both(name, form)
    every = tuple(range(len(x)))
    assert close(f(*x), g(*x))
    first = jax.grad(weighed(g), every)
    assert close(jax.jit(jax.grad(weighed(f), every))(*x), first(*x))

    if form == "function_jvp":  # the next test looks at it from every side
        return

    # differentiated again, in reverse: what the backward pass kept is no constant
    def again(h: Any) -> Any:
        gradient = jax.grad(weighed(h), every)
        return jax.grad(lambda *y: sum((jax.numpy.cos(p) * p).sum() for p in gradient(*y)), every)

    assert close(jax.jit(again(f))(*x), jax.jit(again(g))(*x))


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_a_derivative_attached_forward_goes_every_way(name: str) -> None:
    f, g, x = both(name, "function_jvp")
    every = tuple(range(len(x)))
    along = [jax.numpy.ones_like(a) for a in x]
    assert close(jax.jvp(f, x, along), jax.jvp(g, x, along))
    assert close(*(jax.jit(jax.hessian(weighed(h), every))(*x) for h in (f, g)))


@pytest.mark.parametrize("form", FORMS)
def test_the_arguments_that_it_has_no_derivative_by_are_refused(form: str) -> None:
    """A gradient by them is no silent zero; inside a loop and a compiled function too."""
    f, given = derived("least squares").compile("jax", form), arrays("least squares")
    with pytest.raises(ValueError, match="attached is by x, not by A and b"):
        jax.grad(lambda A: f(**{**given, "A": A}))(given["A"])
    with pytest.raises(ValueError, match="attached is by x"):
        jax.grad(jax.jit(lambda b: f(**{**given, "b": b})))(given["b"])

    def stepped(x: Any) -> Any:
        gradient = jax.grad(lambda z: f(**{**given, "x": z}))
        return jax.lax.fori_loop(0, 3, lambda _, y: y - 0.01 * gradient(y), x)

    assert np.isfinite(jax.jit(stepped)(given["x"])).all()


def test_what_is_costly_is_computed_once() -> None:
    """The softmax, the factor of a matrix: kept by the forward pass, not computed by the backward one."""
    source = derived("softmax").code("jax", "function")
    assert "softmax" not in source.partition("def backward")[2].partition("def function")[0]
    source = derived("gaussian").code("jax", "function")
    assert source.count("cho_factor(") == 1 and "cho_" not in source.partition("def backward")[2].partition("def f")[0]


def test_the_source_runs_by_itself_and_checks_shapes() -> None:
    space: dict[str, Any] = {}
    exec(derived("least squares").code("jax", "function"), space)
    given = arrays("least squares")
    assert close(space["function"](**given), ((given["A"] @ given["x"] - given["b"]) ** 2).sum())
    with pytest.raises(ValueError, match=r"b should have shape \(m,\) with m=3; got \(4,\)"):
        space["function"](given["A"], np.ones(4), given["x"])


def test_a_planted_mistake_is_seen() -> None:
    space: dict[str, Any] = {}
    source = derived("least squares").code("jax", "function")
    assert "-2 * G" in source
    exec(source.replace("-2 * G", "-3 * G"), space)
    given = arrays("least squares")

    def by_x(f: Any) -> Any:
        return jax.grad(lambda x: f(**{**given, "x": x}))(given["x"])

    assert not close(by_x(space["function"]), by_x(derived("least squares").compile("jax", "value")))


@pytest.mark.parametrize(
    ("backend", "form", "said"),
    [
        ("numpy", "function", "NumPy differentiates nothing"),
        ("torch", "function_jvp", 'form="function"'),
    ],
)
def test_what_there_is_not_is_refused(backend: Any, form: Any, said: str) -> None:
    with pytest.raises(FrechetError, match=said):
        derived("least squares").compile(backend, form)


def test_complex_arrays_and_sizes_that_no_array_tells_are_refused() -> None:
    import frechet as fr

    d = fr.derive("herm(z)*z", wrt="z", assumptions={"z": ["complex"]}, verify=False)
    with pytest.raises(FrechetError, match="of real arrays"):
        d.compile("jax", "function")
    d = fr.derive("sum(sigma(x))", wrt="x", functions=["sigma"], verify=False)
    with pytest.raises(FrechetError, match="sigma is passed"):
        d.compile("jax", "function")
