"""Every form of a derivative of tensors: Jacobians of both stackings, Hessians, entries, claims, derivations."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import frechet as fr

SHAPES: dict[str, list[str]] = {
    "A": ["b", "m", "n"], "B": ["b", "n", "p"], "X": ["b", "m", "n"], "Y": ["b", "m", "n"],
    "W": ["n", "k"], "M": ["m", "n"], "N": ["m", "n"], "c": [], "v": ["k"], "S": ["n", "n"],
    "P": ["m", "r"], "Q": ["n", "r"], "R": ["p", "r"], "T": ["n", "n", "n"], "x": ["n"],
    "q": ["b", "h", "s", "d"], "u": ["b", "h", "t", "d"], "w": ["b", "h", "t", "e"],
}  # fmt: skip


def shapes_of(expression: str) -> dict[str, list[str]]:
    """The shapes of the names of a problem (the letters of an einsum are none)."""
    bare = re.sub(r'"[^"]*"', "", expression)
    return {name: shape for name, shape in SHAPES.items() if re.search(rf"\b{name}\b", bare)}


CP = 'einsum("ir,jr,kr->ijk",P,Q,R)'

JACOBIANS = [
    (
        "A*B", "A",
        "sum(i: kron(B[i,:,:]',kron(eye(m),unit(i,b)*unit(i,b)')))",
        "sum(i: kron(unit(i,b)*unit(i,b)',kron(eye(m),B[i,:,:]')))",
    ),
    (
        "A*B", "B",
        "sum(i: kron(eye(p),kron(A[i,:,:],unit(i,b)*unit(i,b)')))",
        "sum(i: kron(unit(i,b)*unit(i,b)',kron(A[i,:,:],eye(p))))",
    ),
    ("X*W", "X", "kron(W',eye(b*m))", "kron(eye(b*m),W')"),
    ("X*W", "W", "kron(eye(k),reshape(X,b*m,n))", "kron(reshape(permute(X,2,1,3),b*m,n),eye(k))"),
    ("M*B", "B", "kron(eye(p),kron(M,eye(b)))", "kron(eye(b),kron(M,eye(p)))"),
    ("X'", "X", "kron(commutation(m,n),eye(b))", "kron(eye(b),commutation(n,m))"),
    ("tanh(X)", "X", "diag(1-vec(tanh(X)).^2)", "diag(1-vec(permute(tanh(X),3,2,1)).^2)"),
    ("X.*Y", "X", "diag(vec(Y))", "diag(vec(permute(Y,3,2,1)))"),
    ("sum(X,1)", "X", "kron(eye(m*n),ones(b)')", "kron(ones(b)',eye(m*n))"),
    (
        "logsumexp(X,3)", "X",
        "kron(ones(n)',eye(b*m))*diag(vec(softmax(X,3)))",
        "kron(eye(b*m),ones(n)')*diag(vec(permute(softmax(X,3),3,2,1)))",
    ),
    (
        "tanh(X*W)", "W",
        "diag(1-vec(tanh(X*W)).^2)*kron(eye(k),reshape(X,b*m,n))",
        "diag(1-vec(permute(tanh(X*W),3,2,1)).^2)*kron(reshape(permute(X,2,1,3),b*m,n),eye(k))",
    ),
    (CP, "P", "kron(khatrirao(R,Q),eye(m))", "kron(eye(m),khatrirao(Q,R))"),
    ("vec(X)", "X", "eye(b*m*n)", "kron(eye(n),commutation(m,b))*commutation(n,b*m)"),
    ("c*X", "c", "vec(X)", "vec(permute(X,3,2,1))"),
    ("sum(X.^3)", "X", "3*(vec(X).^2)'", "3*vec(permute(X.^2,3,2,1))'"),
    ("norm2(X)", "X", "vec(X)'/sqrt(sum(X.^2))", "vec(permute(X,3,2,1))'/sqrt(sum(X.^2))"),
    (
        "logsumexp(N*B,2)", "N",
        "sum(i: kron(khatrirao(B[i,:,:],softmax(N*B,2)[i,:,:])',unit(i,b)))",
        "sum(i: kron(unit(i,b),khatrirao(softmax(N*B,2)[i,:,:],B[i,:,:])'))",
    ),
    ("sum(X*W,2)", "W", "kron(eye(k),sum(X,2))", "kron(sum(X,2),eye(k))"),
    ("X[1,:,:]", "X", "kron(eye(m*n),unit(1,b)')", "kron(unit(1,b)',eye(m*n))"),
    (
        "softmax(q*u',4)*w", "w",
        "sum(i,j: kron(eye(e),kron(softmax(q*u',4)[i,j,:,:],kron(unit(j,h)*unit(j,h)',unit(i,b)*unit(i,b)'))))",
        "sum(i,j: kron(unit(i,b)*unit(i,b)',kron(unit(j,h)*unit(j,h)',kron(softmax(q*u',4)[i,j,:,:],eye(e)))))",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "wrt", "column", "row"), JACOBIANS, ids=lambda x: str(x)[:24])
def test_the_jacobian_of_a_tensor_is_a_matrix_of_both_stackings(
    expression: str, wrt: str, column: str, row: str
) -> None:
    d = fr.derive(expression, wrt=wrt, shapes=shapes_of(expression))
    assert (str(d.jacobian()), str(d.jacobian(vec="row"))) == (column, row)
    assert d.verification.passed is True
    assert "jacobian" not in d.to_dict()["missing"]


@pytest.mark.parametrize(("expression", "wrt"), [(e, w) for e, w, *_ in JACOBIANS], ids=lambda x: str(x)[:24])
def test_the_stackings_are_numpy_s_orders(expression: str, wrt: str) -> None:
    """Columns stacked is order="F", rows stacked order="C", of the value's axes and of the variable's."""
    d = fr.derive(expression, wrt=wrt, shapes=shapes_of(expression))
    random = np.random.default_rng(3)
    sizes = {name: k for k, name in enumerate("bmnpkrhstde", 2)}
    arrays: dict[str, Any] = {
        name: np.asarray(random.uniform(0.2, 1.0, [sizes[s] for s in shape]))
        for name, shape in shapes_of(expression).items()
    }
    value_axes = len(d.to_dict()["value_shape"])
    whole = np.asarray(d.evaluate(arrays, form="tensor" if value_axes else "gradient"))
    rows = int(np.prod(whole.shape[:value_axes]))
    for vec, order in (("column", "F"), ("row", "C")):
        found = np.asarray(d.evaluate(arrays, form="jacobian", vec=vec)).reshape(rows, -1)  # pyright: ignore
        np.testing.assert_allclose(found, stacked(whole, value_axes, order), rtol=1e-9, atol=1e-12)


def stacked(whole: Any, value_axes: int, order: str) -> Any:
    """The array with its first axes stacked, and its others."""
    shape = whole.shape
    lines = np.stack([x.reshape(-1, order=order) for x in whole.reshape(-1, *shape[value_axes:])])
    columns = [c.reshape(shape[:value_axes]).reshape(-1, order=order) for c in lines.T]
    return np.stack(columns, axis=1)


HESSIANS = [
    ("sum(X.^3)/3", "X", "2*diag(vec(X))", "2*diag(vec(permute(X,3,2,1)))"),
    ("sum(X.*(X*S))/2", "X", "kron(S+S',eye(b*m))/2", "kron(eye(b*m),S+S')/2"),
    (
        "sum((A*B).^2)/2", "B",
        "sum(i: kron(eye(p),kron(A[i,:,:]'*A[i,:,:],unit(i,b)*unit(i,b)')))",
        "sum(i: kron(unit(i,b)*unit(i,b)',kron(A[i,:,:]'*A[i,:,:],eye(p))))",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "wrt", "column", "row"), HESSIANS, ids=lambda x: str(x)[:24])
def test_the_hessian_by_a_tensor(expression: str, wrt: str, column: str, row: str) -> None:
    d = fr.derive(expression, wrt=wrt, shapes=shapes_of(expression), order=2)
    assert d.to_dict()["hessian"] == {"column": column, "row": row}
    assert d.verification.passed is True


def test_a_hessian_by_a_matrix_over_a_batch() -> None:
    d = fr.derive("sum(exp(X*S))", wrt="S", shapes=shapes_of("X*S"), order=2)
    found = "sum(i: kron(eye(n),X[i,:,:]')*diag(vec(exp(X*S)[i,:,:]))*kron(eye(n),X[i,:,:]))"
    assert d.to_dict()["hessian"]["column"] == found
    assert d.verification.passed is True


def test_entries_and_blocks_of_a_tensor() -> None:
    d = fr.derive("C = A*B", wrt="B", shapes=shapes_of("A*B"))
    sizes = {"b": 2, "m": 1, "n": 2, "p": 1}
    column, row = d.entries(**sizes), d.entries(vec="row", **sizes)
    assert column["rows"] == ["C[1,1,1]", "C[2,1,1]"]
    assert column["columns"] == ["B[1,1,1]", "B[2,1,1]", "B[1,2,1]", "B[2,2,1]"]
    assert column["matrix"] == [["A[1,1,1]", "0", "A[1,1,2]", "0"], ["0", "A[2,1,1]", "0", "A[2,1,2]"]]
    assert row["columns"] == ["B[1,1,1]", "B[1,2,1]", "B[2,1,1]", "B[2,2,1]"]
    assert d.blocks(**sizes)["blocks"][0][0][0] == [[["A[1,1,1]"], ["A[1,1,2]"]], [["0"], ["0"]]]


@pytest.mark.parametrize("one", ["b", "m", "n"])
@pytest.mark.parametrize("expression", ["tanh(X)", "softmax(X,1)", "sum(X.^2,2)", "X.*Y", "X/norm2(X)", "sum(X,3)"])
def test_axes_of_size_one(expression: str, one: str) -> None:
    shapes = {name: [1 if s == one else s for s in shape] for name, shape in shapes_of(expression).items()}
    d = fr.derive(expression, wrt="X", shapes=shapes)
    constant = expression == "softmax(X,1)" and one == "b"
    assert d.verification.passed is (None if constant else True)
    assert "jacobian" not in d.to_dict()["missing"]


BY_CONVENTION = "right under a convention"


@pytest.mark.parametrize(
    ("expression", "wrt", "claim", "verdict", "names"),
    [
        ("A*B", "B", "A'*G", "right", ["gradient", "pullback"]),
        ("A*B", "B", "A'", "shorthand", []),
        ("X*W", "W", "kron(eye(k),reshape(X,b*m,n))", "right", ["numerator"]),
        ("X*W", "W", "kron(reshape(permute(X,2,1,3),b*m,n),eye(k))", BY_CONVENTION, ["rowmajor-numerator"]),
        ("tanh(X)", "X", "diag(vec(1-tanh(X).^2))", "right", ["numerator", "denominator"]),
        ("sum(X.^2)", "X", "2*vec(X)'", BY_CONVENTION, ["vec-row"]),
        ("sum(X.^2)", "X", "2*vec(permute(X,3,2,1))", BY_CONVENTION, ["vec-column-rowmajor"]),
        ("sum(X.^2)", "X", "X", "wrong", []),
        ("X*W", "W", "reshape(X,b*m,n)'", "wrong", []),
    ],
)  # fmt: skip
def test_claims_about_tensors(expression: str, wrt: str, claim: str, verdict: str, names: list[str]) -> None:
    found = fr.check(expression, wrt=wrt, claim=claim, shapes=shapes_of(expression)).to_dict()
    assert (found["verdict"], [c["name"] for c in found["conventions"]]) == (verdict, names)


def test_a_sum_that_is_short_for_a_derivative_has_brackets() -> None:
    found = fr.check("tanh(X)", wrt="X", claim="ones(b,m,n)-tanh(X).^2", shapes=shapes_of("X"))
    assert "∂L/∂X = (ones(b,m,n)-tanh(X).^2).*G" in str(found.to_dict()["meaning"])


def test_a_wrong_claim_about_a_tensor_is_mended() -> None:
    found = fr.check("A*B", wrt="B", claim="G*A'", shapes=shapes_of("A*B")).to_dict()
    assert (found["verdict"], found["mend"]["formula"]) == ("wrong", "A'*G")


def test_the_derivation_of_a_batched_product() -> None:
    d = fr.derive("C = A*B", wrt="B", shapes=shapes_of("A*B"))
    steps = d.explain().to_dict()["steps"]
    assert all(step["checked"] for step in steps)
    whole = " ".join(step["why"] for step in steps)
    assert "Member by member, ⟨G, A*M⟩ = ⟨A'*G, M⟩" in whole
    assert "unit(i,b)*unit(i,b)' puts it in its place on the diagonal" in whole
    turned = str(d.explain(vec="row", form="jacobian"))
    assert "∂vec(permute(C,3,2,1))/∂vec(permute(B,3,2,1))'" in turned


def test_the_derivation_of_a_bias_over_batch_and_time() -> None:
    loss = 'L = sum(Y.*tanh(X*S+einsum("bt,k->btk",ones(b,m),x)))'
    d = fr.derive(loss, wrt="x", shapes={**shapes_of("X*S+x"), "Y": ["b", "m", "n"]})
    steps = d.explain().to_dict()["steps"]
    assert all(step["checked"] for step in steps)
    assert "what is repeated along an axis is paired with the sum along it" in " ".join(s["why"] for s in steps)


def test_a_second_derivative_on_paper_has_the_letters_of_the_variable() -> None:
    d = fr.derive("sum(sin(sum(X,3)))", wrt="X", shapes=shapes_of("X"), order=2)
    assert r"\operatorname{vec}(X)" in d.latex()
    said = {row["vec"]: row["from"] for row in d.conventions().to_dict()["forms"] if row["name"] == "hessian"}
    assert said["row"] == "the same map with the last index fastest"
    turned = fr.derive("C = A*B", wrt="B", shapes=shapes_of("A*B")).latex(vec="row")
    assert r"\operatorname{vec}(\operatorname{permute}(C, 3, 2, 1))" in turned


def test_the_ledger_says_how_a_tensor_is_stacked() -> None:
    ledger = fr.derive("C = A*B", wrt="B", shapes=shapes_of("A*B")).conventions().to_dict()
    said = {(form["name"], form["vec"]): form["from"] for form in ledger["forms"]}
    assert said["numerator", "column"] == "vec(dC) = J*vec(dB); vec of a tensor runs with the first index fastest"
    assert said["numerator", "row"] == "the same map with the last index fastest, as NumPy's reshape(-1) stacks"
