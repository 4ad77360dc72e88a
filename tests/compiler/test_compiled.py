"""What is called: arguments by name, refusals that name the culprit, costs, code for the sizes at hand."""

from __future__ import annotations

import numpy as np
import pytest

import frechet as fr
from frechet.errors import FrechetError

RANDOM = np.random.default_rng(0)


def test_lists_are_arrays_and_names_are_checked() -> None:
    f = fr.derive("x'*A*x", wrt="x", verify=False).compile()
    assert f(x=[1, 2], A=[[1, 0], [0, 1]]).tolist() == [2.0, 4.0]
    with pytest.raises(FrechetError, match="x has no value"):
        f(A=np.eye(2))
    with pytest.raises(FrechetError, match="there is no B here"):
        f(x=[1.0], A=[[1.0]], B=1)
    with pytest.raises(FrechetError, match="the size n is 3 elsewhere but 4 in A"):
        f(x=np.ones(3), A=np.ones((3, 4)))


def test_the_order_of_products_is_that_of_the_sizes() -> None:
    f = fr.derive("A*B*C", wrt="B", verify=False, shapes={"A": ["m", "n"], "B": ["n", "p"], "C": ["p", "q"]}).compile(
        form="value"
    )
    wide = {"A": RANDOM.normal(size=(2, 50)), "B": RANDOM.normal(size=(50, 50)), "C": RANDOM.normal(size=(50, 50))}
    tall = {"A": RANDOM.normal(size=(50, 50)), "B": RANDOM.normal(size=(50, 50)), "C": RANDOM.normal(size=(50, 2))}
    assert np.allclose(f(**wide), wide["A"] @ wide["B"] @ wide["C"])
    assert "A @ B @ C" in f.source
    assert f.flops == 2 * 2 * 50 * 50 * 2
    assert np.allclose(f(**tall), tall["A"] @ tall["B"] @ tall["C"])
    assert "A @ (B @ C)" in f.source
    assert f.bytes == 8 * (50 * 50 * 2 + 50 * 2 + 50 * 2)


def test_a_factor_serves_value_and_gradient() -> None:
    d = fr.derive("logdet(S)+x'*inv(S)*x", wrt="x", assumptions={"S": ["positive definite"]}, verify=False)
    assert d.code(form="value_and_gradient").count("cho_factor(") == 1


def test_one_time_sizes_are_asked_for() -> None:
    f = fr.compile("n*x", wrt="x", form="jacobian", shapes={"x": ["k"], "n": []}, verify=False)
    assert f(x=[1.0, 2.0], n=3.0).tolist() == [[3.0, 0.0], [0.0, 3.0]]


def test_an_unspecified_function_is_passed() -> None:
    d = fr.derive("sum(sigma(x))", wrt="x", functions=["sigma"], verify=False)
    f = d.compile()
    assert f.arguments == ("sigma", "x")
    assert f(sigma=lambda x, k: np.cos(x) if k else np.sin(x), x=np.zeros(2)).tolist() == [1.0, 1.0]


def test_words_are_checked() -> None:
    d = fr.derive("x'*x", wrt="x", verify=False)
    with pytest.raises(FrechetError, match='backend is "numpy"'):
        d.compile("fortran")  # pyright: ignore
    with pytest.raises(FrechetError, match="form is"):
        d.compile(form="tensor")  # pyright: ignore


def test_arrays_that_a_form_does_not_need_cost_nothing() -> None:
    """The source is made once for the shapes, whatever else of the problem is passed beside."""
    f = fr.derive("norm2(T-U*W')^2", wrt="U", order=2, verify=False).compile(form="hvp")
    given = {"W": np.ones((3, 2)), "V": np.ones((4, 2)), "T": np.zeros((4, 3)), "U": np.ones((4, 2))}
    for _ in range(2):
        assert f(**given)[0].tolist() == [12.0, 12.0]
    assert len(f._ready) == 1  # pyright: ignore


LEAST = fr.derive("norm2(A*x-b)^2", wrt="x", shapes={"b": ["m"]}, verify=False)


def test_a_call_is_right_whatever_the_arrays_are() -> None:
    """The second call of the same shapes goes another way than the first: both are looked at."""
    A, x, b = RANDOM.normal(size=(4, 3)), RANDOM.normal(size=3), RANDOM.normal(size=4)
    want = 2 * A.T @ (A @ x - b)
    f = LEAST.compile()
    kinds = [
        {"A": A, "x": x, "b": b},
        {"A": np.asfortranarray(A), "x": x, "b": b},
        {"A": np.repeat(np.repeat(A, 2, 0), 3, 1)[::2, ::3], "x": x[::-1][::-1], "b": b},
        {"b": b, "x": x, "A": A},
        {"A": A.tolist(), "x": x.tolist(), "b": tuple(b)},
        {"A": np.matrix(A), "x": x, "b": b},
        {"A": np.ma.masked_array(A), "x": x, "b": b},
        {"A": A.astype(object), "x": x, "b": b},
    ]
    for arrays in [*kinds, *kinds]:
        got = f(**arrays)
        assert type(got) is np.ndarray and got.shape == (3,) and np.allclose(got, want)


def test_whole_numbers_are_real_ones() -> None:
    f = fr.derive("sum(x.^2)/n", wrt="x", shapes={"x": ["n"]}, verify=False).compile(form="value_and_gradient")
    for _ in range(2):
        for dtype in (int, np.uint8, bool, np.float32):
            value, gradient = f(x=np.ones(3, dtype))
            assert value == 1 and np.allclose(gradient, 2 / 3)


def test_numbers_are_arrays_without_axes() -> None:
    f = fr.derive("c*sum(x)", wrt="c", shapes={"c": [], "x": ["n"]}, verify=False).compile(form="value_and_gradient")
    for c in (2, 2.0, np.float64(2), np.array(2.0), np.int64(2)):
        for _ in range(2):
            assert [float(v) for v in f(c=c, x=[1.0, 2.0])] == [6.0, 3.0]


def test_wrong_arrays_are_refused_after_a_right_call() -> None:
    f = LEAST.compile()
    A, x, b = np.ones((4, 3)), np.ones(3), np.ones(4)
    for _ in range(2):
        f(A=A, x=x, b=b)
        with pytest.raises(FrechetError, match="the size n is 3 elsewhere but 4 in x"):
            f(A=A, x=np.ones(4), b=b)
        with pytest.raises(ValueError, match=r"x should have shape \(n,\) with n=3; got \(3, 1\)"):
            f(A=A, x=np.ones((3, 1)), b=b)
        with pytest.raises(FrechetError, match="b has no value"):
            f(A=A, x=x)
        with pytest.raises(FrechetError, match="there is no c here"):
            f(A=A, x=x, b=b, c=b)
        with pytest.raises(FrechetError, match="x is real here and its values are complex"):
            f(A=A, x=x * 1j, b=b)
        for nothing in (None, "word", [[1], [1, 2]], np.array(["a", "b", "c"])):
            with pytest.raises(FrechetError, match="x is no array of numbers"):
                f(A=A, x=nothing, b=b)


def test_the_source_is_written_once_for_its_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    from frechet.library.compiled import Compiled

    written: list[int] = []
    before = Compiled._written  # pyright: ignore

    def counted(self: Compiled, sizes: dict[str, int]) -> object:
        written.append(1)
        return before(self, sizes)

    monkeypatch.setattr(Compiled, "_written", counted)
    f = fr.derive("x'*A*x", wrt="x", verify=False).compile()
    for n in (2, 3, 2):
        for _ in range(2):
            f(A=np.ones((n, n)).tolist(), x=[1.0] * n)
    assert len(written) == 1  # no order depends on the sizes here
    shapes = {"A": ["m", "n"], "B": ["n", "p"], "C": ["p", "q"]}
    g = fr.derive("A*B*C", wrt="B", verify=False, shapes=shapes).compile(form="value")
    written.clear()
    for k in (2, 50, 2, 50):
        g(A=np.ones((k, 50)), B=np.ones((50, 50)).tolist(), C=np.ones((50, 20)))
    assert len(written) == 2


def test_jax_traces_through_a_call() -> None:
    jax = pytest.importorskip("jax", reason="the JAX target: pip install 'frechet[dev]'")
    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy
    A, x, b = RANDOM.normal(size=(4, 3)), RANDOM.normal(size=3), RANDOM.normal(size=4)
    want = 2 * A.T @ (A @ x - b)
    f, value = LEAST.compile("jax"), LEAST.compile("jax", "value")
    for _ in range(2):  # with and without a call of these shapes before
        assert np.allclose(jax.jit(lambda x: f(A=A, x=x, b=b))(x), want)
        assert np.allclose(jax.grad(lambda x: value(A=A, x=x, b=b))(x), want)
        assert np.allclose(jax.jacfwd(lambda x: f(A=A, x=x, b=b))(x), 2 * A.T @ A)
        assert np.allclose(jax.vmap(lambda x: f(A=A, x=x, b=b))(np.stack([x, x])), [want, want])
        assert np.allclose(f(A=jnp.asarray(A), x=x, b=b), want)
        assert np.allclose(f(A=jnp.asarray(A), x=jnp.ones(3, int), b=jnp.asarray(b)), 2 * A.T @ (A @ np.ones(3) - b))
    with pytest.raises(FrechetError, match='traced by JAX: compile for "jax"'):
        jax.jit(lambda x: LEAST.compile()(A=A, x=x, b=b))(x)
    g = LEAST.compile()
    for _ in range(2):
        assert type(g(A=jnp.asarray(A), x=x, b=b)) is np.ndarray


def test_torch_takes_its_tensors() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is installed by itself")
    A, x, b = RANDOM.normal(size=(4, 3)), RANDOM.normal(size=3), RANDOM.normal(size=4)
    f = LEAST.compile("torch")
    given = {"A": torch.tensor(A), "x": torch.tensor(x), "b": torch.tensor(b)}
    for _ in range(2):
        assert np.allclose(f(**given), 2 * A.T @ (A @ x - b))
        assert len(f._ready) == 1  # pyright: ignore
        assert f(A=[[1, 2]], x=[1, 1], b=[1]).tolist() == [4.0, 8.0]


def test_the_hvp_of_several_variables_takes_a_direction_each() -> None:
    d = fr.derive("norm2(T-U*V')^2", wrt=["U", "V"], order=2, shapes={"U": ["m", "k"]})
    random = np.random.default_rng(0)
    arrays = {"T": random.normal(size=(4, 3)), "U": random.normal(size=(4, 2)), "V": random.normal(size=(3, 2))}
    moves = {"dU": random.normal(size=(4, 2)), "dV": random.normal(size=(3, 2))}
    whole = d.operator(**arrays) @ np.concatenate([a.ravel(order="F") for a in moves.values()])
    found = d.compile("numpy", "hvp")(**arrays, **moves)
    assert np.allclose(np.concatenate([a.ravel(order="F") for a in found]), whole)
