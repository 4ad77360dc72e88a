"""The same formulas in three alphabets."""

from __future__ import annotations

import pytest

import frechet as fr
from frechet.language import parse
from frechet.notation import ascii, latex, unicode

FORMULAS = [
    ("A'*G", "Aᵀ G", r"A^{\top} G"),
    ("kron(eye(p),A)", "Iₚ ⊗ A", r"I_{p} \otimes A"),
    ("A*kron(eye(q),X)*B", "A (I[q] ⊗ X) B", r"A \left(I_{q} \otimes X\right) B"),
    ("(A.*B)*C + A.*(B*C)", "(A ⊙ B) C + A ⊙ (B C)", None),
    ("2*X*inv(X'*X)", "2 X (Xᵀ X)⁻¹", r"2 X \left(X^{\top} X\right)^{-1}"),
    ("inv(X)'", "X⁻ᵀ", r"X^{-\top}"),
    ("(X^2)'*X^-1*Y^k", "(X²)ᵀ X⁻¹ Y^k", r"\left(X^{2}\right)^{\top} X^{-1} Y^{k}"),
    ("norm2(x)^2/(2*s^2)", "‖x‖² / (2 s²)", r"\frac{\left\lVert x \right\rVert^{2}}{2 s^{2}}"),
    ("2/s*(A*x-y)", "(2 / s) (A x−y)", None),
    ("-1/2*y'*x", "−1/2 yᵀ x", r"-\frac{1}{2} y^{\top} x"),
    ("a - (b-c) - (-d)", "a − (b−c) − (−d)", None),
    ("2*3*x", "2 · 3 x", r"2 \cdot 3 x"),
    ("sigma'(X*w)", "σ′(X w)", r"\sigma'\left(X w\right)"),
    ("sum(k: A[i,k]*delta(k,j))", "∑(k: A[i,k] δ[k,j])", r"\sum_{k} A_{ik} \delta_{kj}"),
    ("[A, B; C, D]", "[A, B; C, D]", r"\begin{bmatrix} A & B \\ C & D \end{bmatrix}"),
    ("ones(m)*b'", "1ₘ bᵀ", r"\mathbf{1}_{m} b^{\top}"),
    ("diag(softmax(x))", "diag(softmax(x))", None),
    ("x.^2./y", "x.^2 ⊘ y", r"x^{\circ 2} \oslash y"),
    ("X[:,1]*X[2,:]", "X[:,1] X[2,:]", r"X_{:,1} X_{2,:}"),
    ("sum(X,1)", "∑(X,1)", r"\operatorname{sum}\left(X, 1\right)"),
    ("commutation(m,n)*vec(X)", "K[m,n] vec(X)", r"K_{m, n} \operatorname{vec}\left(X\right)"),
]


@pytest.mark.parametrize(("text", "terminal", "tex"), FORMULAS)
def test_three_alphabets(text: str, terminal: str, tex: str | None) -> None:
    shapes = {"X": ["m", "n"]} if "vec" in text else None
    indices = ["i", "j", "k"] if "[i,k]" in text else None
    value = parse(text, shapes, functions=["sigma"], indices=indices).value
    assert ascii.text(value) == text
    assert unicode.text(value) == terminal
    if tex is not None:
        assert latex.text(value) == tex


def test_of_two_product_signs_neither_binds_first() -> None:
    mixed = fr.parse("kron(A,B).*kron(C,D)")
    assert mixed.unicode() == "(A ⊗ B) ⊙ (C ⊗ D)"
    assert mixed.latex() == r"\left(A \otimes B\right) \odot \left(C \otimes D\right)"
    assert fr.parse("khatrirao(A,B)./C").unicode() == "(A ∗ B) ⊘ C"
