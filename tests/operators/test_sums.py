"""Sums over an index, whatever stands in them: the structure is the matrix that the sum adds up to."""

from __future__ import annotations

import numpy as np
import pytest

from frechet.language.problem import read_formula
from frechet.operators.blockdiagonal import BlockDiagonal
from frechet.operators.building import Builder
from frechet.operators.chain import Chain
from frechet.operators.kron import Kron
from frechet.operators.operator import Operator
from frechet.operators.overdata import OverData, OverMatrices
from frechet.operators.structure import Structure
from frechet.operators.total import Scaled, Total
from frechet.operators.values import Values
from frechet.ops import RECORDS
from frechet.ops.expressions import apply, variable
from frechet.verify.evaluate import evaluate
from operators.compared import same

SIZES = {"m": 5, "n": 3, "p": 2}
SHAPES = {"X": ("m", "n"), "S": ("m", "p"), "Z": ("n", "m"), "t": ("m",), "B": ("p", "p"), "C": ("n", "n")}
TENSORS = {"A": ("m", "n", "n"), "D": ("n", "m", "p")}
NAMES = {name: variable(name, shape) for name, shape in (SHAPES | TENSORS).items()}
R = np.random.default_rng(2)
VALUES = {name: R.uniform(0.5, 2.0, size=[SIZES[d] for d in shape]) for name, shape in (SHAPES | TENSORS).items()}

BODIES: list[tuple[str, type[Structure] | None]] = [
    ("kron(S[i,:]'*S[i,:], X[i,:]'*X[i,:])", OverData),
    ("kron(diag(S[i,:]') - S[i,:]'*S[i,:], X[i,:]'*X[i,:])", OverData),
    ("kron(X[i,:]'*X[i,:], diag(S[i,:]') - S[i,:]'*S[i,:])", OverData),
    ("kron(-(S[i,:]'*S[i,:]), X[i,:]'*X[i,:])", OverData),
    ("kron(-diag(S[i,:]'), X[i,:]'*X[i,:])", OverData),
    ("kron(B - S[i,:]'*S[i,:], X[i,:]'*X[i,:])", OverData),
    ("kron(S[i,:]'*S[i,:]/t[i], X[i,:]'*X[i,:])", OverData),
    ("t[i]*kron(S[i,:]'*S[i,:], Z[:,i]*Z[:,i]')", OverData),
    ("t[i]^2*kron(tanh(S[i,:]')*S[i,:], Z[:,i]*X[i,:])/3", OverData),
    ("-kron(S[i,:]'*S[i,:], Z[:,i]*X[i,:])", None),
    ("kron(S[i,:]'*X[i,:], Z[:,i]*X[i,:])'", OverData),
    ("kron(S[i,:]'*S[i,:], A[i,:,:])", OverData),
    ("kron(A[i,:,:], D[:,i,:]'*D[:,i,:])", OverMatrices),
    ("kron(diag(S[i,:]'), A[i,:,:]')", OverMatrices),
    ("kron(B*diag(S[i,:]')*B, X[i,:]'*X[i,:] + Z[:,i]*Z[:,i]')", Total),
    ("kron(C, X[i,:]'*X[i,:])", Kron),
    ("kron(A[i,:,:], C)", Kron),
    ("kron(kron(B, S[i,:]'*S[i,:]), X[i,:]'*X[i,:])", OverData),
    ("kron(unit(i,m)*unit(i,m)', A[i,:,:])", BlockDiagonal),
    ("t[i]*kron(A[i,:,:], unit(i,m)*unit(i,m)')", BlockDiagonal),
    ("kron(unit(i,m)*X[i,:], A[i,:,:])", None),
    ("kron(S[i,:]'*S[i,:], X[i,:]'*X[i,:]) + kron(B, C)", Total),
    ("kron(B,C)*kron(S[i,:]'*S[i,:], X[i,:]'*X[i,:])*kron(B,C)", None),
    ("X[i,:]'*X[i,:]", None),
    ("t[i]*(C - A[i,:,:])", None),
    ("X[i,:]'*S[i,:]*B", None),
    ("kron(exp(A[i,:,:]).*C, diag(diag(B))*t[i])", None),
    ("kron(inv(A[i,:,:] + 9*eye(n)), B)", None),
    ("kron(inv(A[i,:,:] + 9*eye(n)), S[i,:]'*S[i,:])", None),
]


@pytest.mark.parametrize(("body", "kind"), BODIES, ids=[body for body, _ in BODIES])
def test_a_sum_is_its_matrix(body: str, kind: type[Structure] | None) -> None:
    e = read_formula(f"sum(i: {body})", NAMES, sizes=SIZES)
    structure = Builder(Values(VALUES, SIZES, {}, {})).structure(e)
    assert kind is None or isinstance(structure, kind), repr(structure)
    same(Operator(structure), evaluate(e, VALUES, SIZES), np.random.default_rng(4))


@pytest.mark.parametrize("name", [name for name, op in RECORDS.items() if op.ones_at is not None])
def test_the_ones_of_a_constant(name: str) -> None:
    op = RECORDS[name]
    sizes = {"x": (2, 3), "d": (4,), "dd": (2, 3), "id": (2, 3)}[op.call]
    assert op.ones_at is not None
    rows, columns = op.ones_at(np, sizes)
    expected = np.asarray(op.value(np, sizes))
    expected = expected.reshape(expected.shape[0], -1)
    made = np.zeros_like(expected)
    made[rows, columns] += 1
    assert len(set(zip(rows.tolist(), columns.tolist(), strict=True))) == len(rows)
    assert np.array_equal(made, expected)
    structure = Builder(Values({}, {}, {}, {})).structure(apply(name, (), sizes))
    same(Operator(structure), expected, np.random.default_rng(1))


NET = "(kron(B,X).*kron(ones(p),kron(S,ones(n)')))"
MEETING: list[tuple[str, type[Structure] | None]] = [
    (f"{NET}'*diag(vec(S))*{NET}", OverData),
    (f"{NET}'*kron(eye(p),X)", OverData),
    (f"(3*{NET} - 2*diag(vec(S))*kron(eye(p),X))'*kron(eye(p),X)/2", OverData),
    (f"(3*{NET} - 2*diag(vec(S))*kron(eye(p),X))'*kron(eye(p),Z')", OverData),
    ("khatrirao(S',X')*khatrirao(S',X')'", OverData),
    ("khatrirao(X',S')*diag(t)*khatrirao(X',S')'", OverData),
    ("khatrirao(S',X')*diag(t)*khatrirao(X',S')'", OverData),
    ("khatrirao(S',X')*khatrirao(S',Z)'", OverData),
    ("kron(eye(p),X')*diag(vec(S))*kron(eye(p),X)", OverData),
    ("kron(X',eye(p))*diag(vec(S'))*kron(X,eye(p))", OverData),
    ("kron(X',B)*diag(vec(S'))*kron(X,eye(p))", OverData),
    ("khatrirao(S',X')*khatrirao(S',X')' - 3*(kron(eye(p),X')*diag(vec(S))*kron(eye(p),X))", OverData),
    ("X'*diag(t)*X", Chain),
    ("kron(B,X')*diag(vec(S))*kron(ones(p),X)", None),
    ("kron(ones(p)',X')*diag(vec(S))*kron(B,X)", None),
    (f"{NET}*diag(vec(Z*S))*{NET}'", None),
    (f"({NET} + diag(vec(S))*kron(eye(p),X))*({NET}' - kron(eye(p),X'))", None),
]


@pytest.mark.parametrize(("formula", "kind"), MEETING, ids=[formula for formula, _ in MEETING])
def test_products_that_meet_in_an_index(formula: str, kind: type[Structure] | None) -> None:
    e = read_formula(formula, NAMES, sizes=SIZES)
    structure = Builder(Values(VALUES, SIZES, {}, {})).structure(e)
    inner = structure.inner if isinstance(structure, Scaled) else structure
    same(Operator(structure), evaluate(e, VALUES, SIZES), np.random.default_rng(4))
    assert kind is None or isinstance(inner, kind), repr(structure)


HADAMARDS = [
    "kron(B,C).*kron(ones(p,p),C')",
    "kron(ones(p),kron(S,ones(n)')).*kron(B,kron(ones(m),ones(n)'))",
    "khatrirao(S,ones(n)*t[1]*ones(p)')",
    "khatrirao(B,eye(p))",
    "khatrirao(eye(n),C)'",
    "eye(n).*C",
    "diag(t).*(X*Z)",
    "kron(eye(p),C).*kron(B,ones(n,n))",
    "kron(B,C).*kron(C,B)",
    "(2*kron(B,C)).*(-kron(B,ones(n,n)))/3",
    "kron(B,C) + 1",
    "2 - eye(n)",
    "[kron(B,C), ones(p*n)]",
    "[eye(n); C]",
]


@pytest.mark.parametrize("formula", HADAMARDS)
def test_entrywise_and_stacked(formula: str) -> None:
    e = read_formula(formula, NAMES, sizes=SIZES)
    structure = Builder(Values(VALUES, SIZES, {}, {})).structure(e)
    expected = evaluate(e, VALUES, SIZES)
    same(Operator(structure), expected, np.random.default_rng(4))
