"""Tensors: their values are NumPy's, every form of their derivatives is verified."""

from __future__ import annotations

import numpy as np
import pytest

import frechet as fr

SHAPES = {"T": ("m", "n", "p")}

T = np.random.default_rng(3).uniform(0.5, 1.5, (2, 3, 4))
A = np.random.default_rng(4).uniform(0.5, 1.5, (4, 5))
B = np.random.default_rng(5).uniform(0.5, 1.5, (5, 3))
U = np.random.default_rng(6).uniform(0.5, 1.5, (2, 4, 2))
SIZES = {"T": ("m", "n", "p"), "A": ("p", "q"), "B": ("q", "n"), "U": ("m", "p", "r")}
GIVEN = {"T": T, "A": A, "B": B, "U": U}
SHARES = np.exp(T) / np.exp(T).sum(1, keepdims=True)

VALUES = {
    "sum(T,1)": T.sum(0),
    "sum(T,2)": T.sum(1),
    "sum(T,3)": T.sum(2),
    "sum(T)": T.sum(),
    "mean(T,3)": T.mean(2),
    "prod(T,2)": T.prod(1),
    "prod(T)": T.prod(),
    "logsumexp(T,1)": np.log(np.exp(T).sum(0)),
    "logsumexp(T)": np.log(np.exp(T).sum()),
    "softmax(T,2)": SHARES,
    "log(softmax(T,2))": np.log(SHARES),
    "softmax(T)": np.exp(T) / np.exp(T).sum(),
    "cumsum(T,2)": np.cumsum(T, 1),
    "cumprod(T,3)": np.cumprod(T, 2),
    "max(T)": T.max(),
    "norm1(T)": abs(T).sum(),
    "norm2(T)": np.sqrt((T**2).sum()),
    "permute(T,2,1,3)": np.transpose(T, (1, 0, 2)),
    "permute(T,3,1,2)": np.transpose(T, (2, 0, 1)),
    "permute(A,2,1)*T'": np.matmul(A.T, np.swapaxes(T, 1, 2)),
    "T'": np.swapaxes(T, 1, 2),
    "T*A": T @ A,
    "T@A": T @ A,
    "B*T": B @ T,
    "T*U": T @ U,
    "T'*T": np.swapaxes(T, 1, 2) @ T,
    "T[1,:,:]*A": T[0] @ A,
    "T[:,2,:]": T[:, 1],
    "T[2,:,4]": T[1, :, 3],
    "T[:,:,:]": T,
    "T[2,3,4]": T[1, 2, 3],
    "sum(i: T[i,:,:]*A)": (T @ A).sum(0),
    "sum(i: T[i,2,:]'*A)": T[:, 1].sum(0) @ A,
    "T.*ones(m,n,p) + zeros(m,n,p)": T,
}


@pytest.mark.parametrize("text", VALUES)
def test_values_are_numpys(text: str) -> None:
    names = {name: shape for name, shape in SIZES.items() if name in text}
    made = fr.parse(text, shapes=names).evaluate({name: GIVEN[name] for name in names})
    np.testing.assert_allclose(made, VALUES[text].reshape(made.shape), rtol=1e-12)
    assert made.size == VALUES[text].size


@pytest.mark.parametrize("text", VALUES)
def test_every_form_is_verified(text: str) -> None:
    """The differential, the pullback and the index form against differences."""
    found = fr.derive(text, "T", shapes={name: shape for name, shape in SIZES.items() if name in text})
    assert found.verification.passed and {"differential", "pullback", "index"} <= set(found.forms)


def test_stacks_run_with_the_first_index_fastest() -> None:
    stack = fr.vec(fr.tensor("T", 2, 3, 4)).evaluate(T=T)
    assert [stack[0], stack[1], stack[2], stack[6]] == [T[0, 0, 0], T[1, 0, 0], T[0, 1, 0], T[0, 0, 1]]
    back = fr.reshape(fr.vector("x", 24), 2, 3, 4).evaluate(x=stack)
    np.testing.assert_array_equal(back, T)
    np.testing.assert_array_equal(fr.reshape(fr.tensor("T", 2, 3, 4), 4, 6).evaluate(T=T), T.reshape(4, 6, order="F"))


STACKS = {
    "vec(T)": "vec(dT)",
    "reshape(T,m,n*p)": "reshape(dT,m,n*p)",
    "reshape(T,p,n,m)": "reshape(dT,p,n,m)",
    "reshape(a,m,n,p)": "reshape(da,m,n,p)",
}


@pytest.mark.parametrize("text", STACKS)
def test_stacks_pass_the_differential_on(text: str) -> None:
    name = text[text.index("(") + 1]
    found = fr.derive(text, name, shapes={name: {"T": ("m", "n", "p"), "a": ("m*n*p",)}[name]})
    assert found.verification.passed and str(found.differential) == STACKS[text]


def test_the_slices_side_by_side_have_the_same_entries_in_the_same_order() -> None:
    values = np.arange(24.0).reshape(2, 3, 4)
    stack = fr.vec(fr.tensor("T", 2, 3, 4)).evaluate(T=values)
    beside = fr.vec(fr.matrix("T", 2, 12)).evaluate(T=np.concatenate([values[:, :, k] for k in range(4)], axis=1))
    np.testing.assert_array_equal(stack, beside)
    assert str(fr.derive("sum(vec(T).^2)", "T", shapes={"T": ("m", "n*p")}).gradient) == "2*T"


@pytest.mark.parametrize(
    ("text", "gradient"),
    [
        ("mean(T)", "ones(m,n,p)/(m*n*p)"),
        ("norm1(T)", "sign(T)"),
        ("norm2(T-T)", "zeros(m,n,p)"),
        ("norm2(T)^2", "2*T"),
    ],
)
def test_of_all_entries(text: str, gradient: str) -> None:
    found = fr.derive(text, "T", shapes={"T": SHAPES["T"]})
    assert found.verification.passed and str(found.gradient) == gradient


@pytest.mark.parametrize("text", ["mean(T)", "sum(T)", "norm1(T)", "max(T)"])
def test_a_hessian_that_is_zero_has_its_size(text: str) -> None:
    found = fr.derive(text, "T", shapes={"T": SHAPES["T"]}, order=2)
    assert found.verification.passed and found.hessian.shape == ("m*n*p", "m*n*p")
