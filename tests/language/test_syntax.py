"""What is read as what: levels, synonyms, statements."""

from __future__ import annotations

import pytest

from frechet.core.dim import Dim
from frechet.errors import FrechetError
from frechet.language import parse
from frechet.notation import ascii

pytestmark = pytest.mark.slow

SHAPES = {
    "A": ["m", "n"],
    "B": ["n", "p"],
    "X": ["n", "n"],
    "Y": ["n", "n"],
    "x": ["n"],
    "y": ["n"],
    "a": [],
    "b": [],
    "lambda": [],
}

READINGS = [
    ("-x'*y", "(-x')*y"),
    ("-a^2", "-(a^2)"),
    ("X^2'", "(X^2)'"),
    ("X'^2", "(X')^2"),
    ("X^-1*Y", "(X^(-1))*Y"),
    ("X^-1'", "(X^(-1))'"),
    ("a^b^2", "(a^b)^2"),
    ("a^x[1]*b", "(a^(x[1]))*b"),
    ("a-b-2", "(a-b)-2"),
    ("a/b*x", "(a/b)*x"),
    ("1/2*x", "(1/2)*x"),
    ("2.*x", "2 .* x"),
    ("A*B.*(A*B)", "(A*B).*(A*B)"),
    ("a+-b", "a+(-b)"),
    ("--a", "-(-a)"),
    ("+a", "a"),
    ("A@B", "A*B"),
    ("A.T", "A'"),
    ("A.T@A", "A'*A"),
    ("Aᵀ·A", "A'*A"),
    ("x⊙y ⊘ x", "x.*y./x"),
    ("X⁻¹", "X^-1"),
    ("X⁻ᵀ", "(X^-1)'"),
    ("X²", "X^2"),
    ("X⁻²*X¹⁰", "X^-2*X^10"),
    ("X ⊗ Y", "kron(X,Y)"),
    ("‖x‖²", "norm2(x)^2"),
    ("‖A*x‖*‖x‖", "norm2(A*x)*norm2(x)"),
    ("‖x‖₂+‖X‖_F^2", "norm2(x)+norm2(X)^2"),
    ("‖x‖₁*‖X‖_1", "norm1(x)*norm1(X)"),
    ("||X||_*", "norm_nuclear(X)"),
    ("‖x‖*x", "norm2(x)*x"),
    ("Xᴴ*x", "herm(X)*x"),
    ("σ″(x)", "sigma''(x)"),
    ("x +\u2003y\u3000", "x+y"),
    ("∑(x)", "sum(x)"),
    ("√(a)", "sqrt(a)"),
    ("λ*x − x", "lambda*x - x"),
    ("σ′(x)", "sigma'(x)"),
    ("sigma''(x)", "sigma'' (x)"),
    ("0.5*x", "(1/2)*x"),
    (".5e1*x", "5*x"),
    ("x[1]+A[2,n]", "x[ 1 ] + A[2, n]"),
    ("eye(n+1-1)*x", "eye(n)*x"),
    ("(\na\n+ b # a comment\n)", "a+b"),
    ("sum(k: A[i,k]*B[k,j])", "∑(k: A[i,k]·B[k,j])"),
    ('einsum("ij,jk", A, B)', 'einsum("ij,jk->ik",A,B)'),
    ("einsum('ik,kj->ij',A,B)", 'einsum("ik,kj->ij",A,B)'),
    ("einsum(“ik,kj”, A, B)", 'einsum("ik,kj->ij",A,B)'),
    ("[A]", "A"),
]


@pytest.mark.parametrize(("text", "same"), READINGS)
def test_two_spellings_are_one_expression(text: str, same: str) -> None:
    indices = ["i", "j", "k"] if "[i,k]" in text else None
    first, second = (parse(t, SHAPES, functions=["sigma"], indices=indices).value for t in (text, same))
    assert first is second, f"{ascii.text(first)} | {ascii.text(second)}"


def test_blocks() -> None:
    value = parse("[X, Y; Y, X]").value
    assert (value.op.name, [row.op.name for row in value.args]) == ("vcat", ["hcat", "hcat"])
    assert ascii.text(value) == "[X, Y; Y, X]"
    assert parse("[x; y]", SHAPES).value.shape == (Dim.of("n") * 2,)


def test_statements() -> None:
    text = "a = h*W  # the activation\ny = sigma(a); L = sum((Y-y).^2)/(2*m)\n"
    shapes = {"h": [1, "k"], "W": ["k", "p"], "Y": [1, "p"], "X": ["m", "m"]}
    problem = parse(text, shapes, functions=["sigma"])
    assert problem.name == "L"
    assert list(problem.quantities) == ["a", "y", "L"]
    assert list(problem.variables) == ["h", "W", "Y"]
    assert problem.quantities["L"] is problem.value
    assert problem.quantities["a"] in problem.quantities["y"].args
    assert ascii.text(problem.value) == "sum((Y-sigma(h*W)).^2)/(2*m)"


def test_a_line_may_end_with_a_sign_and_brackets_span_lines() -> None:
    assert parse("f = a +\n b").value is parse("a+b").value
    assert parse("f = (a\n + b)").value is parse("a+b").value
    assert parse("c = a;\n-c", {"a": []}).value is parse("-a", {"a": []}).value


def test_a_size_is_a_number_in_formulas() -> None:
    value = parse("x/n", {"x": ["n"]}).value
    assert value.args[1].op.name == "size"
    assert parse("x/n").variables["n"].shape == ()


def test_entries_by_index() -> None:
    problem = parse("A[i,k]*delta(j,l)", indices=["i", "j", "k", "l"])
    at, delta = problem.value.args
    assert (at.op.name, at.params) == ("at", ("i", "k"))
    assert (delta.op.name, delta.params) == ("delta", ("j", "l"))
    assert parse("x[n]", {"x": ["n"]}).value.op.name == "entry"
    with pytest.raises(FrechetError, match="index"):
        parse("i*x[i]")


def test_known_names() -> None:
    known = parse("A*x").variables
    assert parse("x'*A'*A*x", known=known).variables == known


def test_deep_formulas() -> None:
    text = "x0 = x\n" + "\n".join(f"x{i + 1} = tanh(W{i}*x{i})" for i in range(3000))
    value = parse(text).value
    assert value.op.name == "tanh"
    nested = "tanh(W*" * 2000 + "x" + ")" * 2000
    assert parse(nested).variables["W"].shape == (Dim.of("n"), Dim.of("n"))


def test_pi_is_a_number_unless_it_is_declared_or_defined() -> None:
    assert parse("pi*x", {"x": ["n"]}).value.args[0].op.name == "pi"
    assert parse("π*x", {"x": ["n"]}).value is parse("pi*x", {"x": ["n"]}).value
    assert parse("pi'*x", {"x": ["n"], "pi": ["n"]}).variables.keys() == {"x", "pi"}
    assert parse("pi*x", {"x": ["n"]}, {"pi": ["positive"]}).value.args[0].op.name == "variable"
    assert parse("pi = 2*x; pi'*x", {"x": ["n"]}).quantities.keys() == {"pi"}
    with pytest.raises(FrechetError, match=r"^pi\(…\) is no product|^there is no function pi"):
        parse("pi(x)", {"x": ["n"]})
