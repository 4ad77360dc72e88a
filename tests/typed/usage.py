"""What people write in an editor: pyright in strict mode accepts every line, and every line runs."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_type

import numpy as np

import frechet as fr

# -- formulas ----------------------------------------------------------------------------------------------------------

m, n, p = fr.dims("m n p")
A, B, S = fr.matrix("A", m, n), fr.matrix("B", n, p), fr.matrix("S", n, n, symmetric=True)
x, y, b = fr.vector("x", n), fr.vector("y", "n"), fr.vector("b", m)
c, k = fr.scalar("c", positive=True), fr.scalar("k", integer=True)
T, Q = fr.tensor("T", m, n, p), fr.variable("Q", ("n", "n"), ["orthogonal"])

product = A @ B
quadratic = x.T @ S @ x + 2 * x.T @ y - y.T @ x / 2
mixed = (1 - x) * y / (n + 1) + 0.5 * x**2 - Fraction(1, 3) * y + np.float64(2.0) * x + x * np.int64(3)
powers = c**2 + 2**c - c / m + m * c + n * m * c
pieces = fr.hcat(A, b) @ fr.vcat(x, fr.ones(1)) + A[:, 1] + A[1, 2] * b
functions = fr.logdet(S) + fr.tr(fr.inv(S)) + fr.sum(fr.exp(A @ x)) + fr.norm2(A @ x - b) ** 2 + fr.max(x)
sigma = fr.function("sigma")
loss = fr.mean(sigma(A @ x)) + fr.sum(sigma.derivative()(x), axis=0)
assert_type(product, fr.Formula)
assert_type(2 - 3 * x / c, fr.Formula)
assert_type(product.shape, tuple[str | int, ...])

# -- derivatives -------------------------------------------------------------------------------------------------------

d = fr.derive(product, wrt=B)
assert_type(d, fr.Derivative)
assert_type(d.pullback, fr.Formula)
assert_type(d.jacobian(layout="numerator"), fr.Formula)
texts = [str(d.differential), d.pullback.latex(), d.jacobian(vec="row").unicode(), repr(d.tensor), d.index.latex()]
layouts: list[fr.Layout] = ["numerator", "denominator"]
orders: list[fr.VecOrder] = ["column", "row"]
tables = {(layout, vec): str(d.jacobian(layout, vec)) for layout in layouts for vec in orders}
forms = {form: str(d.form(form)) for form in d.forms}
written = d.entries(m=1, n=3, p=2)
first: str = written["matrix"][0][0]
by_shape = d.entries("denominator", "row", A=(1, 3), B=(3, 2))["rows"]
corner = d.blocks(m=1, n=3, p=2)["blocks"][0][0][0][0]

verdict = d.check("A'")
word: str = verdict.verdict
names = [convention.name for convention in verdict.conventions]
mend = verdict.mend.formula if verdict.mend else None
held: bool = d.check("kron(eye(p),A)").holds and d.verification.passed is True

answer = d.to_dict()
assert_type(answer, fr.Answer)
jacobian = answer.get("jacobian")
column = jacobian["numerator"]["column"] if jacobian else None
shapes = [size for shape in answer["shapes"].values() for size in shape]

# -- text, and what is known of it -------------------------------------------------------------------------------------

given: fr.Given = {"shapes": {"S": ("p", "p"), "n": ()}, "assumptions": {"S": ["positive definite"]}}
score = fr.derive("-n/2*logdet(S) - tr(inv(S)*W)/2", wrt="S", **given)
information = fr.derive("-n/2*logdet(S) - tr(inv(S)*W)/2", wrt="S", order=2, **given).at(W="n*S").hessian
total = fr.derive("x'*A*y", wrt=["x", "y"])
by = {name: one.gradient for name, one in total.by.items()}
same: bool = bool(fr.equal("tr(A*B)", "tr(B*A)"))
steps = [step.title for step in fr.explain("logdet(X'*X)", "X").steps]
rows = [(row.name, row.vec) for row in fr.conventions("C = A*B", "B").rows]
right = fr.check("x'*A*x", "x", "(A+A')*x", shapes={"A": ["n", "n"]}).verdict


def squares(w: fr.Array, X: fr.Array) -> fr.Array:
    return ((X @ w) ** 2).sum()


python = fr.derive(squares, wrt="w", like={"w": np.ones(2), "X": np.ones((3, 2))})

# -- numbers -----------------------------------------------------------------------------------------------------------

rng = np.random.default_rng(0)
a = rng.normal(size=(2, 3))
value = product.evaluate(A=a, B=[[1, 2], [3, 4], [5, 6]])
assert_type(value, fr.Array)
sizes: tuple[int, ...] = value.shape
slope = d.evaluate(A=a, B=np.eye(3), form="jacobian", layout="denominator", vec="row")
moved = d.evaluate({"A": a, "B": np.eye(3), "dB": np.ones((3, 3))}, form="differential")
number = float(fr.derive("c^2", wrt="c").evaluate(c=3))
tanh = fr.derive("sum(sigma(x))", wrt="x", functions=["sigma"]).evaluate(
    x=[0.0, 1.0], functions={"sigma": lambda z, k: np.tanh(z) if k == 0 else 1 - np.tanh(z) ** 2}
)

try:
    print(d.gradient)
except fr.FrechetError as refusal:
    kind, message, position = refusal.kind, refusal.message, refusal.position
