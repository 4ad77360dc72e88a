"""Tensors in the formula language: kinds that need no declaration, slices, what is printed and read back."""

from __future__ import annotations

import pytest

import frechet as fr
from frechet.language import parse, read_formula
from frechet.language.kinds.orders import orders_of
from frechet.language.reader import read
from frechet.notation import ascii, latex, unicode
from frechet.ops.expressions import variable

INFERRED = {
    'einsum("ijk,i,j,k->",T,x,y,z)': {"T": "m n p", "x": "m", "y": "n", "z": "p"},
    'norm2(T-einsum("ir,jr,kr->ijk",A,B,C))^2': {"T": "m n p", "A": "m q", "B": "n q", "C": "p q"},
    'einsum("bij,bjk->bik",A,B)': {"A": "m n p", "B": "m p q"},
    'einsum("ij,jk->ik",a,b)': {"a": "m n", "b": "n p"},
    "permute(X,2,1,3)": {"X": "m n p"},
    "permute(X,2,1)": {"X": "m n"},
    "sum(X,3)": {"X": "m n p"},
    "softmax(X,4)": {"X": "m n p q"},
    "sum(log(softmax(X,3)).*Y)": {"X": "m n p", "Y": "m n p"},
    "X[1,2,:]": {"X": "m n p"},
    "X[:,:,1]*y": {"X": "m n p", "y": "n"},
    "c*permute(X,2,3,1) + lambda*Z": {"X": "m n p", "Z": "n p m", "c": "", "lambda": ""},
    "sum((softmax(h,3)-Y).^2)/2": {"h": "m n p", "Y": "m n p"},
    "norm2(permute(X,1,2,3)*W - Y)^2": {"X": "m n p", "W": "p q", "Y": "m n q"},
    'H = einsum("bij,jk->bik",X,W); sum(tanh(H-B).^2)': {"X": "m n p", "W": "p q", "B": "m n q"},
    "sigma(X)-reshape(y,2,3,4)": {"X": "2 3 4", "y": "24"},
    "sum(X./ones(2,3,4))": {"X": "2 3 4"},
    "A*B": {"A": "m n", "B": "n p"},
    "X[i,j,k]*Y[k,j]*z[i]": {"X": "m n p", "Y": "p n", "z": "m"},
}


@pytest.mark.parametrize("text", INFERRED)
def test_orders_follow_from_the_formula(text: str) -> None:
    names = {n: tuple(map(str, v.shape)) for n, v in parse(text, functions=["sigma"]).variables.items()}
    assert names == {n: tuple(s.split()) for n, s in INFERRED[text].items()}


def test_what_is_declared_says_what_stands_beside_it() -> None:
    found = parse("norm2(T - exp(X))^2", {"T": ("b", "m", "n")}).variables
    assert [str(d) for d in found["X"].shape] == ["b", "m", "n"]


@pytest.mark.parametrize("text", ["A*B", "sum(X,2)", "norm2(A*x-b)^2", "x'*y", "softmax(X,1)"])
def test_matrices_tell_no_order(text: str) -> None:
    assert orders_of(read(text), {}) == {}


SHOWN = {
    "permute(T,2,1,3)": (r"\operatorname{permute}\left(T, 2, 1, 3\right)", "permute(T,2,1,3)"),
    "T'": (r"T^{\top}", "Tᵀ"),
    "T'*T": (r"T^{\top} T", "Tᵀ T"),
    "T*A": ("T A", "T A"),
    "sum(T,3)": (r"\operatorname{sum}\left(T, 3\right)", "∑(T,3)"),
    "T[:,2,:]": (r"T_{:, 2, :}", "T[:,2,:]"),
    "T[1,:,:]'": (r"T_{1, :, :}^{\top}", "T[1,:,:]ᵀ"),
    "T[1,2,3]": ("T_{123}", "T[1,2,3]"),
    "ones(m,n,p)": (r"\mathbf{1}_{m \times n \times p}", "1[m×n×p]"),
    "reshape(T,n,m,p)": (r"\operatorname{reshape}\left(T, n, m, p\right)", "reshape(T,n,m,p)"),
}


@pytest.mark.parametrize("text", SHOWN)
def test_written_in_three_alphabets(text: str) -> None:
    shapes = {"T": ("m", "n", "p"), "A": ("p", "q")}
    value = fr.parse(text, {n: s for n, s in shapes.items() if n in text}).expr
    assert ascii.text(value) == text
    assert (latex.text(value), unicode.text(value)) == SHOWN[text]


def test_a_sum_over_slices_is_written_and_read_back() -> None:
    names = {"T": variable("T", ("m", "n", "p")), "A": variable("A", ("p", "q"))}
    value = read_formula("sum(i: T[i,:,:]*A)", names)
    assert ascii.text(value) == "sum(i: T[i,:,:]*A)" and read_formula(ascii.text(value), names) is value
    assert latex.text(value) == r"\sum_{i} T_{i, :, :} A"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sum(X,0)", "an axis is 1 (down the rows) or 2 (along each row), of a tensor 3, 4, …"),
        ("sum(T,4)", "a tensor m×n×p has the axes 1, 2, 3; got 4"),
        ("permute(T,2,1)", "permute lists every axis of its array once; m×n×p has 3, as in permute(X,2,1,3); got 2"),
        ("permute(T,1,2,2)", "permute lists each of the axes 1, 2, 3 once; got 1, 2, 2"),
        ("permute(T)", "permute takes at least 2 arguments; got 1"),
        ("T*x", 'name the axes, as in einsum("ijk,k->ij", A, B)'),
        ("T[1,2,3,4]", "an entry of a tensor m×n×p has 3 indices, as in T[i,j,k]; got 4"),
        ("T[:,0,:]", "an index is a whole number from 1 on; got 0"),
        ("inv(T)", "needs a square matrix; got m×n×p"),
    ],
)
def test_refusals_show_the_place(text: str, message: str) -> None:
    shapes = {"T": ("m", "n", "p"), "X": ("m", "n"), "x": ("p",)}
    with pytest.raises(fr.FrechetError) as refused:
        fr.parse(text, {n: s for n, s in shapes.items() if n in text.replace("axis", "")})
    assert message in refused.value.message and "\n" in str(refused.value) and "^" in str(refused.value)


LATEX = {
    r"\sum_{i,j,k} T_{ijk} x_i y_j z_k": 'einsum("ijk,i,j,k->", T, x, y, z)',
    r"T_{ijk} x_i y_j z_k": 'einsum("ijk,i,j,k->", T, x, y, z)',
    r"C_{ijk} = \sum_r A_{ir} B_{jr} D_{kr}": 'einsum("ij,kj,lj->ikl", A, B, D)',
    r"C_{bij} = A_{bik} B_{bkj}": 'einsum("ijk,ikl->ijl", A, B)',
    r"\frac12\sum_{b,i,j}(Y_{bij}-X_{bij})^2": '1/2*einsum("ijk->", (Y-X).^2)',
    r"W_{skip} x + b_{skip}": "W_skip*x + b_skip",
    r"y_{skip} = W_{skip} x": "W_skip*x",
    r"\operatorname{permute}(T, 2, 1, 3)": "permute(T,2,1,3)",
}


@pytest.mark.parametrize("text", LATEX)
def test_three_letters_below_a_name_are_indices_where_they_are_elsewhere(text: str) -> None:
    assert str(fr.parse(text)) == LATEX[text]
