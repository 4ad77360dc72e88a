"""The value of each operation on an example small enough to check by hand or by NumPy."""

import math

import numpy as np
import pytest
from scipy import special

from frechet.core.expr import postorder
from frechet.language import parse
from frechet.ops import REGISTRY
from frechet.verify.evaluate import evaluate

X = np.array([[1.0, 2.0], [3.0, 5.0]])
A = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]])
B = np.array([[1.0, 0.5], [-1.0, 2.0], [0.0, 3.0]])
x = np.array([0.5, -0.25])
y = np.array([2.0, 4.0])
E = {"X": X, "A": A, "B": B, "x": x, "y": y, "c": np.asarray(3.0)}
SHAPES = {"X": ["n", "n"], "A": ["n", "m"], "B": ["m", "n"], "x": ["n"], "y": ["n"], "c": []}
SIZES = {"n": 2, "m": 3}

CASES = {
    "3/2": 1.5,
    "pi*c": 3 * math.pi,
    "c/n": 1.5,
    "X+X'": X + X.T,
    "x-1": x - 1,
    "1-X": 1 - X,
    "-x": -x,
    "A*B": A @ B,
    "c*A": 3 * A,
    "x*y'": np.outer(x, y),
    "x'*y": x @ y,
    "x'*A": (x @ A)[None, :],
    "A.*A": A * A,
    "x./y": x / y,
    "1./y": 1 / y,
    "A/c": A / 3,
    "c^2": 9.0,
    "X^3": X @ X @ X,
    "X^-1": np.linalg.inv(X),
    "y.^x": y**x,
    "2.^x": 2**x,
    "A'": A.T,
    "x'": x[None, :],
    "exp(x)": np.exp(x),
    "log(y)": np.log(y),
    "sqrt(y)": np.sqrt(y),
    "abs(A)": abs(A),
    "sign(A)": np.sign(A),
    "sin(x)": np.sin(x),
    "cos(x)": np.cos(x),
    "tan(x)": np.tan(x),
    "arcsin(x)": np.arcsin(x),
    "arccos(x)": np.arccos(x),
    "arctan(x)": np.arctan(x),
    "sinh(x)": np.sinh(x),
    "cosh(x)": np.cosh(x),
    "tanh(x)": np.tanh(x),
    "erf(x)": [math.erf(0.5), math.erf(-0.25)],
    "gamma(y)": [1.0, 6.0],
    "lgamma(y)": [0.0, math.log(6.0)],
    "digamma(y)": special.digamma(y),
    "polygamma(1,y)": special.polygamma(1, y),
    "sigmoid(x)": 1 / (1 + np.exp(-x)),
    "relu(A)": [[1, 0, 3], [4, 5, 0]],
    "softplus(x)": np.log(1 + np.exp(x)),
    "gelu(x)": [0.5 * 0.5 * (1 + math.erf(0.5 / 2**0.5)), -0.25 * 0.5 * (1 + math.erf(-0.25 / 2**0.5))],
    "silu(x)": x / (1 + np.exp(-x)),
    "step(A)": [[1, 0, 1], [1, 1, 0]],
    "max(x,0)": [0.5, 0.0],
    "min(x,y)": x,
    "max(A)": A.max(),
    "min(A)": A.min(),
    "sum(A)": 5.0,
    "sum(A,1)": [5.0, 3.0, -3.0],
    "sum(A,2)": [2.0, 3.0],
    "mean(A,1)": [2.5, 1.5, -1.5],
    "prod(y)": 8.0,
    "prod(X,2)": [2.0, 15.0],
    "norm1(A)": 21.0,
    "norm2(A)": math.sqrt(91.0),
    "logsumexp(x)": math.log(math.exp(0.5) + math.exp(-0.25)),
    "logsumexp(X,1)": np.log(np.exp(X).sum(0)),
    "logsumexp(X,2)": np.log(np.exp(X).sum(1)),
    "softmax(x)": np.exp(x) / np.exp(x).sum(),
    "softmax(X,1)": np.exp(X) / np.exp(X).sum(0),
    "softmax(X,2)": np.exp(X) / np.exp(X).sum(1)[:, None],
    "tr(X)": 6.0,
    "det(X)": -1.0,
    "logdet(X)": 0.0,
    "conj(x)": x,
    "herm(A)": A.T,
    "real(x)": x,
    "imag(A)": np.zeros((2, 3)),
    "inv(X)": [[-5.0, 2.0], [3.0, -1.0]],
    "adj(X)": [[5.0, -2.0], [-3.0, 1.0]],
    "expm(diag(x))": np.diag(np.exp(x)),
    "logm(diag(y))": np.diag(np.log(y)),
    "sqrtm(diag(y))": np.diag(np.sqrt(y)),
    "pinv(A)": np.linalg.pinv(A),
    "chol(diag(y))": np.diag(np.sqrt(y)),
    "phi(X)": [[0.5, 0.0], [3.0, 2.5]],
    "eigvalsh(x*x')": [0.0, 0.3125],
    "eigvecs(diag(x))": [[0.0, 1.0], [1.0, 0.0]],
    "svdvals(diag(x))": [0.5, 0.25],
    "svd_u(diag(x))": np.eye(2),
    "svd_v(diag(x))": np.diag([1.0, -1.0]),
    "norm_nuclear(diag(x))": 0.75,
    "norm_spectral(diag(x))": 0.5,
    "expm_frechet(diag(x),eye(n))": np.diag(np.exp(x)),
    "logm_frechet(diag(y),eye(n))": np.diag(1 / y),
    "sylvester(diag(y),diag(y),ones(n,n))": [[1 / 4, 1 / 6], [1 / 6, 1 / 8]],
    "diag(x)": np.diag(x),
    "diag(x')": np.diag(x),
    "diag(X)": [1.0, 5.0],
    "vec(A)": A.reshape(-1, order="F"),
    "vech(X)": [1.0, 3.0, 5.0],
    "tril(X)": np.tril(X),
    "triu(A)": np.triu(A),
    "reshape(vec(A),m,n)": A.reshape(3, 2, order="F"),
    "kron(A,X)": np.kron(A, X),
    "kron(x,y')": np.kron(x[:, None], y[None, :]),
    "[A, x]": np.hstack([A, x[:, None]]),
    "[x; y]": np.concatenate([x, y]),
    "[x', c]": [[0.5, -0.25, 3.0]],
    "A[1,2]": -2.0,
    "x[2]": -0.25,
    "A[:,2]": A[:, 1],
    "A[2,:]": A[1:2],
    "eye(n)": np.eye(2),
    "khatrirao(A,B')": np.stack([np.kron(A[:, k], B[k]) for k in range(3)], axis=1),
    "ones(n)": [1.0, 1.0],
    "ones(n,m)": np.ones((2, 3)),
    "zeros(m,n)": np.zeros((3, 2)),
    "unit(2,m)": [0.0, 1.0, 0.0],
    "commutation(n,m)*vec(A)": A.T.reshape(-1, order="F"),
    "duplication(n)*vech(X+X')": (X + X.T).reshape(-1, order="F"),
    "elimination(n)*vec(X)": [1.0, 3.0, 5.0],
    'einsum("ij,jk->ik", A, B)': A @ B,
    'einsum("ii", X)': 6.0,
    'einsum("i,i,i->i", x, y, y)': x * y * y,
}


@pytest.mark.parametrize("formula", CASES)
def test_value(formula):
    problem = parse(formula, SHAPES)
    value = evaluate(problem.value, E, SIZES)
    expected = np.asarray(CASES[formula], dtype=float)
    assert value.shape == expected.shape
    np.testing.assert_allclose(value, expected, rtol=1e-13, atol=1e-15)


def test_operations_that_are_known_by_heart_have_a_case():
    """What has been in the language from the start; one that is added has its laws (`test_laws`)."""
    used = set()
    for formula in CASES:
        used |= {node.op.name for node in postorder(parse(formula, SHAPES).value)}
    assert len(used) >= 80
    assert used <= set(REGISTRY)


def test_outside_the_domain_is_nan_and_silent(recwarn):
    assert np.isnan(evaluate(parse("log(x)", SHAPES).value, E, SIZES)[1])
    assert np.isnan(evaluate(parse("inv(x*x')", SHAPES).value, E, SIZES)).all()
    assert np.isnan(evaluate(parse("X^c", SHAPES).value, {**E, "c": 2.5}, SIZES)).all()
    assert not recwarn.list


def test_stable_where_the_textbook_formula_overflows():
    far = {"x": np.array([1000.0, -1000.0])}
    for formula, expected in {
        "sigmoid(x)": [1.0, 0.0],
        "softplus(x)": [1000.0, 0.0],
        "softmax(x)": [1.0, 0.0],
        "logsumexp(x)": 1000.0,
        "silu(x)": [1000.0, 0.0],
    }.items():
        np.testing.assert_allclose(evaluate(parse(formula, {"x": ["n"]}).value, far, SIZES), expected)


def test_adjugate_of_a_singular_matrix():
    value = REGISTRY["adj"].value(np, (), np.array([[1.0, 2.0], [2.0, 4.0]]))
    np.testing.assert_allclose(value, [[4.0, -2.0], [-2.0, 1.0]], atol=1e-13)
