"""Sums over an index of matrix formulas: read, evaluated, written where a Hessian over data is one."""

from __future__ import annotations

import numpy as np
import pytest

import frechet as fr
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.language.problem import read_formula
from frechet.notation import ascii, latex, unicode
from frechet.ops.expressions import variable
from frechet.verify.evaluate import evaluate

X, S, t = variable("X", ("m", "n")), variable("S", ("m", "p")), variable("t", ("m",))
NAMES = {"X": X, "S": S, "t": t}
RANDOM = np.random.default_rng(0)
VALUES = {"X": RANDOM.normal(size=(4, 3)), "S": RANDOM.normal(size=(4, 2)), "t": RANDOM.normal(size=4)}
SIZES = {"m": 4, "n": 3, "p": 2}


def read(text: str) -> Expr:
    return read_formula(text, NAMES, sizes=SIZES)


def test_a_sum_of_matrices_has_the_value_of_its_terms() -> None:
    found = evaluate(read("sum(i: t[i]*kron(S[i,:]'*S[i,:], X[i,:]'*X[i,:]))/m"), VALUES, SIZES)
    rows = zip(VALUES["t"], VALUES["S"], VALUES["X"], strict=True)
    terms = [c * np.kron(np.outer(s, s), np.outer(x, x)) for c, s, x in rows]
    assert np.allclose(found, sum(terms) / 4)
    assert np.allclose(evaluate(read("sum(j: X[:,j]*X[:,j]')"), VALUES, SIZES), VALUES["X"] @ VALUES["X"].T)


def test_an_index_runs_as_far_as_what_it_picks_from() -> None:
    with pytest.raises(FrechetError, match="runs to 3 and to 4"):
        evaluate(read("sum(i: X[i,:]'*X[:,i]')"), VALUES, SIZES)


def test_it_is_written_in_three_alphabets() -> None:
    e = read("sum(i: X[i,:]'*S[i,:])")
    assert ascii.text(e) == "sum(i: X[i,:]'*S[i,:])" and read(ascii.text(e)) is e
    assert unicode.text(e) == "∑(i: X[i,:]ᵀ S[i,:])"
    assert latex.text(e) == r"\sum_{i} X_{i,:}^{\top} S_{i,:}"


HESSIANS = [
    ("sum(logsumexp(X*W,2))/m", "W", "sum(i: kron(diag(S[i,:]')-S[i,:]'*S[i,:],X[i,:]'*X[i,:]))/m"),
    ("-sum(Y.*log(softmax(X*W,2)))", "W", "sum(i: sum(Y,2)[i]*kron(diag(S[i,:]')-S[i,:]'*S[i,:],X[i,:]'*X[i,:]))"),
    ("sum(softplus(X*w))", "w", "X'*diag(s.*(1-s))*X"),
    ("norm2(X*W-Y)^2", "W", "2*kron(eye(p),X'*X)"),
]


@pytest.mark.parametrize(("expression", "wrt", "expected"), HESSIANS)
def test_a_hessian_over_data_is_the_sum_that_papers_print(expression: str, wrt: str, expected: str) -> None:
    shapes = {"X": ["m", "n"], "W": ["n", "p"], "w": ["n"], "Y": ["m", "p"]}
    answer = fr.derive(expression, wrt, shapes={k: v for k, v in shapes.items() if k in expression}, order=2)
    assert str(answer.hessian) == expected
    assert answer.verification is not None and answer.verification.passed


def test_a_name_stands_for_nothing_that_an_index_moves() -> None:
    answer = fr.derive("sum(logsumexp(X*W,2))", "W", order=2)
    assert not any("[i,:]" in str(formula) for formula in answer.where.values())


def test_a_khatri_rao_product_is_written_by_its_name() -> None:
    shapes = {"A": ["m", "k"], "B": ["n", "k"], "x": ["k"]}
    spelled = fr.derive("(kron(A,ones(n)).*kron(ones(m),B))*x", "x", shapes=shapes)
    assert str(spelled.jacobian()) == "khatrirao(A,B)" == str(fr.derive("khatrirao(A,B)*x", "x").jacobian())
    by_rows = fr.derive("khatrirao(A,B)'*y", "y", shapes={k: shapes[k] for k in "AB"})
    assert str(by_rows.jacobian()) == "khatrirao(A,B)'"
