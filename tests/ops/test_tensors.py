"""Tensors where they reach the edges of the matrix algebra: a right answer, or one refusal that says what to write."""

from __future__ import annotations

import pytest

import frechet as fr

SHAPES = {"T": ("m", "n", "p"), "a": ("k",)}


@pytest.mark.parametrize("text", ["vec(T)", "a'*vec(T)", "sum(vec(T).^2)", "vec(exp(T))", "reshape(T,m,n*p)"])
@pytest.mark.parametrize("order", [1, 2])
def test_a_stacked_tensor_is_refused_with_what_to_write(text: str, order: fr.Order) -> None:
    shapes = {**SHAPES, "a": ("m*n*p",)}
    with pytest.raises(fr.FrechetError, match=r"as the matrix of its slices side by side, of shape m,n\*p") as refused:
        fr.derive(text, "T", shapes={k: v for k, v in shapes.items() if k in text}, order=order)
    assert refused.value.kind == "unsupported"


def test_what_is_offered_has_the_same_entries_in_the_same_order() -> None:
    import numpy as np

    values = np.arange(24.0).reshape(2, 3, 4)
    stack = fr.vec(fr.tensor("T", 2, 3, 4)).evaluate(T=values)
    beside = fr.vec(fr.matrix("T", 2, 12)).evaluate(T=np.concatenate([values[:, :, k] for k in range(4)], axis=1))
    np.testing.assert_array_equal(stack, beside)
    assert str(fr.derive("sum(vec(T).^2)", "T", shapes={"T": ("m", "n*p")}).gradient) == "2*T"


@pytest.mark.parametrize(
    ("text", "gradient"),
    [
        ("mean(T)", 'einsum("i,j,k->ijk", ones(m), ones(n), ones(p))/(m*n*p)'),
        ("norm1(T)", "sign(T)"),
        ("norm2(T-T)", 'einsum("i,j,k->ijk", zeros(m), zeros(n), zeros(p))'),
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
