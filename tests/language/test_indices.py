"""Statements in index form: what is summed, what is refused rather than guessed."""

from __future__ import annotations

import pytest

from frechet.errors import FrechetError
from frechet.language import parse
from frechet.ops.normalise import node_of

SHAPES = {"A": ["m", "n"], "B": ["n", "p"], "X": ["n", "n"], "x": ["n"], "y": ["n"], "w": ["m"]}

READ = [
    ("C[i,j] = A[i,k]*B[k,j]", "A*B"),
    ("C[i,j] = sum(k: A[i,k]*B[k,j])", "A*B"),
    ("C[i,j] = A[i,k]*delta(k,j)", "A"),
    ("C[i,j] = w[i]*y[j]", "w*y'"),
    ("C[i,j] = 2*inv(X)[i,j]'", "2*inv(X)"),
    ("sum(i: x[i])", "sum(x)"),
    ("sum(i: x[i]^2)", "x'*x"),
    ("sum(i,j: A[i,j]^2)", "tr(A'*A)"),
    ("sum(i: sum(j: A[i,j]*x[j])^2)", "norm2(A*x)^2"),
    ("sum(i: (A[i,k]*x[k])^2)", "norm2(A*x)^2"),
    ("sum(i: X[i,i])", "tr(X)"),
    ("X[i,i]", "tr(X)"),
    ("x[i]*X[i,j]*y[j]", "x'*X*y"),
    ("L = sum(i: exp(x[i])*y[i])", "exp(x)'*y"),
    ("s[i] = exp(x[i])/sum(k: exp(x[k]))", "softmax(x)"),
    ("v[i] = sum(s: A[i,s]^2)", "sum(A.^2,2)"),
    ("v[i] = (A[i,k]*x[k])^2", "(A*x).^2"),
    ("v[j] = x[i]*x[i] + y[j]", "x'*x + y"),
    ("v[i] = max(x[i],0)", "max(x,0)"),
    ("v[i] = A[i,j]*x[j]; v'*v", "x'*A'*A*x"),
    ("v[j] = A[1,j]*y[j]", "A[1,:]'.*y"),
    ("v[j] = norm2(A[:,j])", "sqrt(sum(A.^2,1))"),
    ("sum(i: sum(exp(A[i,:])))", "sum(exp(A))"),
    ("sum(i: (w[i]-y'*A[i,:]')^2)", "norm2(w-A*y)^2"),
    ("sum(i: norm2(A[i,:]'-y)^2)", "norm2(A-ones(m)*y')^2"),
    ("sum(i: A[i,:]'*A[i,:])", "A'*A"),
    ("sum(i: w[i]*A[i,:]'*A[i,:])", "A'*diag(w)*A"),
    ("sum(i: A[i,:]*X*A[i,:]')", "tr(A*X*A')"),
    ("sum(i: logsumexp(X*A[i,:]'))", "sum(logsumexp(A*X',2))"),
    ("sum(i: y'*softmax(X*A[i,:]'))", "sum(softmax(A*X',2)*y)"),
    ("sum(i: log(1+exp(-w[i]*A[i,:]*y)))", "sum(log(1+exp(-w.*(A*y))))"),
    ("sum(i: norm2(A[i,:]))", "sum(sqrt(sum(A.^2,2)))"),
    ("sum(i: norm1(A[i,:]'-y))", "norm1(A-ones(m)*y')"),
    ("sum(i: tr(diag(A[i,:])*X))", "sum(A*diag(X))"),
    ("sum(i: max(0,1-w[i]*A[i,:]*y))", "sum(max(0,1-w.*(A*y)))"),
    ("sum(i: A[i,:]*y/w[i])", "(A*y)'*(1./w)"),
    ("sum(j: norm2(x[j]*A[:,j])^2)", "sum(A.^2*x.^2)"),
]


@pytest.mark.parametrize(("text", "same"), READ)
def test_entries_to_arrays(text: str, same: str) -> None:
    first, second = parse(text, SHAPES).value, parse(same, SHAPES).value
    assert first.shape == second.shape
    assert node_of(first) is node_of(second)


REFUSED = [
    ("x[i]", "i", "stands once"),
    ("A[i,k]*B[k,j]", "i", "stands once"),
    ("A[1,s]^2", "s", "stands once"),
    ("exp(x[i])", "i", "stands once"),
    ("v[i] = exp(A[i,s])", "s", "stands once"),
    ("v[i] = max(x[i],y[j])", "j", "stands once"),
    ("v[i] = (A[j,k]*x[k])^2", "j", "stands once"),
    ("v[i] = sum(x[i])", "i", "of one number"),
    ("v[i] = softmax(x[i])", "i", "of one number"),
    ("sum(i: norm2(x[i]))", "i", "of one number"),
    ("v[i] = x[2]", "x", "nothing says how far the index i runs"),
    ("sum(i: logdet(w[i]*A[i,:]'*A[i,:]))", "i", "no one operation on the family"),
    ("C[i,i] = A[i,i]", "A", "twice on the left"),
]


@pytest.mark.parametrize(("text", "at", "message"), REFUSED)
def test_no_index_is_summed_silently(text: str, at: str, message: str) -> None:
    """The caret stands under the index in the formula (or at the formula, when it has none)."""
    with pytest.raises(FrechetError, match=message) as caught:
        parse(text, SHAPES)
    formula = text.partition(" = ")[2] or text
    position = caught.value.position
    assert position is not None
    assert text[position] == at
    assert position >= len(text) - len(formula)
