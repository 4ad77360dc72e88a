"""Inputs with tensors that were answered wrongly, not at all or at length: each is here with its smallest form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import frechet as fr

SHAPES: dict[str, list[Any]] = {
    "X": ["m", "n", "p"], "Y": ["m", "n", "p"], "Z": ["n", "p", "k"], "K": ["m", "n", "n"], "T": ["m", "m", "m"],
    "R": ["k", "m", "n", "p"], "E": ["b", 1, "n"], "U": [1, 1, 1], "A": ["p", "q"], "B": ["m", "k"],
    "S": ["q", "n", "k"], "F": ["b", "n"], "a": [], "u": ["k"], "v": ["p"],
}  # fmt: skip


def derived(expression: str, wrt: str, order: Any = 1, **more: Any) -> fr.Derivative:
    """The derivative, verified: an answer that fails its own check is an error."""
    bare = "".join(expression.split('"')[::2])
    shapes = {name: shape for name, shape in SHAPES.items() if name in bare}
    return fr.derive(expression, wrt=wrt, shapes=shapes, order=order, **more)


@pytest.mark.parametrize(
    ("expression", "wrt", "entry"),
    [
        ("abs(ones(n,k,m)*a)[1,:,:]*norm2(X)", "X", "abs(a)*X[l,r,s]/sqrt(sum(X.^2))"),
        ('sum((Z*cos(einsum("cdef->cde",ones(n,k,m,k)))).*permute(X,2,3,1))', "X", "sum(r: Z[j,l,r]*cos(k))"),
        ("prod(ones(p,m,n)+a,1)", "a", "prod(P,1)[i,j]*p/(1+a)"),
        ("Z-Z", "Z", "0"),
        ("sum(zeros(m,n,p).*X)", "X", "0"),
        ("X.*X.*X", "X", "3*X[i,j,k]^2*delta(i,l)*delta(j,r)*delta(k,s)"),
        ('einsum("iij->j",T)', "T", "delta(i,l)*delta(j,k)"),
        ('einsum("iii->",T)', "T", "delta(i,j)*delta(i,k)"),
    ],
)
def test_one_entry(expression: str, wrt: str, entry: str) -> None:
    """A unit vector gives its place; an axis that nothing has counts its length; zero is 0."""
    found = derived(expression, wrt)
    assert sorted(str(found.index).split("*")) == sorted(entry.split("*"))


def test_the_sign_of_an_odd_function_of_a_difference() -> None:
    assert derived("abs(log(softmax(permute(X,3,2,1),3)))", "X").verification.passed


def test_names_in_where_are_no_indices() -> None:
    """Not even those of axes that the entry does not depend on."""
    found = derived("min(sigma(sum(mean(sum(R,4),2),2)), u)", "R", functions=["sigma"]).to_dict()
    assert found["index"] is not None
    assert not {*found["index"]["value"], *found["index"]["wrt"]} & {*found["where"]}


@pytest.mark.parametrize(
    ("expression", "wrt", "differential"),
    [
        ("X[:,:,1]+X[:,:,2]", "X", "dX[:,:,1] + dX[:,:,2]"),
        ("X[1,:,:]*Y[2,:,:]'", "X", "dX[1,:,:]*Y[2,:,:]'"),
        ("X[1,2,3]", "X", "dX[1,2,3]"),
        ("(X*X')[1,1,1]", "X", "2*sum(X[1,1,:].*dX[1,1,:])"),
        ("tr(K[1,:,:])", "K", "tr(dK[1,:,:])"),
        ("diag(K[1,:,:])", "K", "diag(dK[1,:,:])"),
        ("sum(i: tr(K[i,:,:]))", "K", 'einsum("mnn->", dK)'),
        ("E[:,1,:]", "E", "sum(dE,2)"),
    ],
)
def test_slices_are_written_as_slices(expression: str, wrt: str, differential: str) -> None:
    assert str(derived(expression, wrt).differential) == differential


@pytest.mark.parametrize(
    ("expression", "wrt", "pullback"),
    [
        ("sum(E,2)", "E", "reshape(G,b,1,n)"),
        ("E[:,1,:].*F", "E", "reshape(G.*F,b,1,n)"),
        ("sum(U)", "U", "G*ones(1,1,1)"),
        ("exp(X)[1,2,3]", "X", 'G*exp(X)[1,2,3]*einsum("m,n,p->mnp", unit(1,m), unit(2,n), unit(3,p))'),
    ],
)
def test_axes_of_size_one_and_entries(expression: str, wrt: str, pullback: str) -> None:
    assert str(derived(expression, wrt).pullback) == pullback


@pytest.mark.parametrize(
    ("expression", "wrt", "column"),
    [
        ("Z-Z", "Z", "zeros(k*n*p,k*n*p)"),
        ("C[i,j]=exp(X[i,j,k]*v[k])", "v", "diag(vec(C))*reshape(X,m*n,p)"),
        ("X[:,:,1]*sum(i: sin(S[i,:,:]))", "X", "kron(unit(1,p)',kron(sum(sin(S),1)',eye(m)))"),
        ("softmax(X,3)[1,2,:]", "X", "kron(diag(r)-r*r',kron(unit(2,n)',unit(1,m)'))"),
        (
            "sum(exp(X*A),1)", "A",
            'sum(i: kron(unit(i,q)*unit(i,q)\',einsum("mnp,mn->np", X, exp(X*A)[:,:,i])))',
        ),
    ],
)  # fmt: skip
def test_jacobians(expression: str, wrt: str, column: str) -> None:
    found = derived(expression, wrt)
    assert str(found.jacobian()) == column
    assert str(found.jacobian(vec="row"))


@pytest.mark.parametrize(
    ("expression", "shapes"),
    [
        ("sum(s: A[:,s])'*sum(s: B[:,s])", {"A": ["m", "n"], "B": ["m", "k"]}),
        ("sum(s: x[s])*sum(s: y[s])", {"x": ["m"], "y": ["n"]}),
        ("sum(s: x[s]*sum(s: y[s]))", {"x": ["m"], "y": ["n"]}),
        ("sum(i: X[:,:,i])'*sum(i: X[:,i,:])", {"X": ["m", "n", "p"]}),
        ("sum(i: sin(X[:,:,i]))*Z", {"X": ["m", "n", "p"], "Z": ["n", "k"]}),
        ("sum(i: sin((sum(l: sin(X[:,l,:])))[:,i]))", {"X": ["m", "n", "p"]}),
        ("T*(sum(i: S[i,:,:]))", {"T": ["m", "k", "n"], "S": ["q", "n", "k"]}),
    ],
)
def test_sums_over_an_index(expression: str, shapes: dict[str, list[str]]) -> None:
    """One name for indices of different ranges; a sum beside a tensor, and a sum of what a sum gives."""
    assert fr.derive(expression, wrt=next(iter(shapes)), shapes=shapes).verification.passed


def test_two_ranges_of_one_name() -> None:
    found = fr.derive("sum(s: x[s]^2)*sum(s: y[s])", wrt="x", shapes={"x": ["m"], "y": ["n"]})
    assert str(found.gradient) == "2*sum(y)*x"
    same = fr.derive("sum(s: x[s]^2) + sum(s: y[s]^2)", wrt="x")
    assert same.to_dict()["shapes"] == {"x": ["n"], "y": ["n"]}


def test_a_free_index_keeps_its_range() -> None:
    found = fr.derive("C[s] = sum(s: A[s,s])*x[s]", wrt="x", shapes={"A": ["m", "m"], "x": ["k"]})
    assert str(found.jacobian()) == "tr(A)*eye(k)"


@pytest.mark.parametrize(
    ("expression", "gradient"),
    [
        ("norm2(X)^2", "2*X"),
        ("norm2(X)", "X/sqrt(sum(X.*conj(X)))"),
        ("sum(abs(X))", "X./abs(X)"),
        ("norm2(X*A)^2", "2*X*(A*A')"),
        ("norm2(sum(X,2))^2", '2*einsum("mp,n->mnp", sum(X,2), ones(n))'),
    ],
)
def test_complex_tensors(expression: str, gradient: str) -> None:
    assert str(derived(expression, "X", assumptions={"X": ["complex"]}).gradient) == gradient


def test_a_point_of_a_tensor() -> None:
    found = derived("sum(X.^3)", "X").at(X="ones(m,n,p)")
    assert (str(found.gradient), str(found.index)) == ("3*ones(m,n,p)", "3")


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("X[:,1]", r"X\[:,j\] is of a matrix; a slice of a tensor m×n×p is written X\[:,:,k\]"),
        ("X[1,:]", r"X\[i,:\] is of a matrix; a slice of a tensor"),
        ("X.*sum(i: u[i]*X)", "a tensor stands without indices in a formula with indices"),
    ],
)
def test_refusals_speak_of_tensors(expression: str, said: str) -> None:
    with pytest.raises(fr.FrechetError, match=said):
        derived(expression, "X")


def test_softmax_of_a_tensor_is_asked_for_its_axis() -> None:
    """As of a matrix, where the text is LaTeX or a shape is left open."""
    text = r"\operatorname{softmax}(Q K^\top) V"
    shapes = {name: ["b", "t", "d"] for name in "QKV"}
    with pytest.raises(fr.FrechetError, match=r"along axis 3 +softmax"):
        fr.derive(text, wrt="V", shapes=shapes)


def test_the_mean_of_a_tensor_is_written_so() -> None:
    found = fr.derive("def f(x):\n    return x.var()", wrt="x", shapes={"x": ["b", "m", "n"]})
    assert str(found.gradient) == "2*(x-mean(x)*ones(b,m,n))/(b*m*n)"


def test_mT_is_python() -> None:
    assert str(fr.derive("X.mT @ X", wrt="X", shapes={"X": ["b", "t", "d"]}).differential) == "X'*dX + dX'*X"


def test_the_stackings_of_a_slice() -> None:
    """Against NumPy itself: row-stacked is reshape(-1), column-stacked Fortran's order."""
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    found = derived("exp(X)[:,2,:]", "X")
    slope = np.zeros((2, 4, 2, 3, 4))
    for i in range(2):
        for k in range(4):
            slope[i, k, i, 1, k] = np.exp(x[i, 1, k])
    column = slope.transpose(1, 0, 4, 3, 2).reshape(8, 24)
    assert np.allclose(found.evaluate(X=x, form="jacobian", vec="row"), slope.reshape(8, 24))
    assert np.allclose(found.evaluate(X=x, form="jacobian", vec="column"), column)
