"""Entries and blocks: what is printed parses again and has the values of the Jacobian, at any sizes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import frechet as fr

pytestmark = pytest.mark.slow

RANDOM = np.random.default_rng(5)

CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("A*B", "B", {"A": (2, 3), "B": (3, 2)}),
    ("A*B", "A", {"A": (2, 1), "B": (1, 2)}),
    ("A*B", "A", {"A": (1, 1), "B": (1, 2)}),
    ("A*X*B", "X", {"A": (2, 2), "X": (2, 2), "B": (2, 1)}),
    ("X'", "X", {"X": (2, 3)}),
    ("x'*A*x", "x", {"A": (2, 2)}),
    ("x'*A*x", "A", {"A": (2, 2)}),
    ("x*y'", "x", {"x": (2,), "y": (3,)}),
    ("norm2(A*x-y)^2/2", "x", {"A": (2, 3)}),
    ("x/norm2(x)", "x", {"x": (2,)}),
    ("x/norm2(x)", "x", {"x": (1,)}),
    ("inv(X)", "X", {"X": (2, 2)}),
    ("inv(X)", "X", {"X": (1, 1)}),
    ("X^3", "X", {"X": (2, 2)}),
    ("adj(X)", "X", {"X": (2, 2)}),
    ("logdet(X'*X)", "X", {"X": (3, 2)}),
    ("det(X)", "X", {"X": (2, 2)}),
    ("tr(inv(A+X))", "X", {"X": (2, 2)}),
    ("softmax(x)", "x", {"x": (3,)}),
    ("softmax(X,1)", "X", {"X": (2, 2)}),
    ("logsumexp(A*x)", "x", {"A": (2, 2)}),
    ("sum(tanh(W*x))", "W", {"W": (2, 2)}),
    ("sigma(W*x)", "W", {"W": (2, 2)}),
    ("prod(x)", "x", {"x": (3,)}),
    ("prod(X,1)", "X", {"X": (3, 2)}),
    ("kron(A,B)", "B", {"A": (2, 1), "B": (1, 2)}),
    ("diag(x)*A*diag(x)", "x", {"A": (2, 2)}),
    ("diag(X)", "X", {"X": (2, 2)}),
    ("vec(X)*vec(X)'", "X", {"X": (2, 1)}),
    ("vech(X)", "X", {"X": (2, 2)}),
    ("tril(X)*y", "X", {"X": (2, 2)}),
    ("[X, Y]*z", "X", {"X": (2, 2), "Y": (2, 1)}),
    ("X[1,2]*X[:,1]", "X", {"X": (2, 2)}),
    ("commutation(2,3)*vec(X)", "X", {"X": (2, 3)}),
    ("elimination(2)*vec(X*Y)", "X", {"X": (2, 2), "Y": (2, 2)}),
    ("A*duplication(2)*x", "x", {"A": (2, 4), "x": (3,)}),
    ("reshape(x,2,3)", "x", {"x": (6,)}),
    ('einsum("ij,ij,j->i", A, B, c)', "B", {"A": (2, 2), "B": (2, 2), "c": (2,)}),
    ("max(A,B)", "A", {"A": (2, 2), "B": (2, 2)}),
    ("A.^B", "B", {"A": (2, 2), "B": (2, 2)}),
    ("exp(-x.^2)./(1+abs(x))", "x", {"x": (2,)}),
    ("c*X", "c", {"c": (), "X": (2, 2)}),
    ("sum(X,1)", "X", {"X": (2, 2)}),
    ("mean(X,2)", "X", {"X": (2, 2)}),
    ("eye(2)*x", "x", {"x": (2,)}),
]


def settled(shape: tuple[int, ...]) -> tuple[int, ...]:
    if len(shape) == 2 and shape[1] == 1:
        shape = shape[:1]
    return () if shape == (1,) else shape


def sigma(x: Any, order: int) -> Any:
    return np.sin(x + order * np.pi / 2)


def value(text: str, shapes: dict[str, tuple[int, ...]], point: dict[str, Any]) -> Any:
    """What a printed entry is, read as a formula of its own."""
    formula = fr.parse(text, shapes=shapes, functions=["sigma"])
    return formula.evaluate(point, functions={"sigma": sigma})


@pytest.mark.parametrize(
    ("expression", "wrt", "sizes"), CASES, ids=[f"{c[0]} by {c[1]} {c[2].get(c[1], '')}" for c in CASES]
)
def test_every_entry_has_its_value(expression: str, wrt: str, sizes: dict[str, Any]) -> None:
    fixed = sizes if expression.startswith(("elim", "comm", "[", "A*dup")) else {}
    d = fr.derive(expression, wrt=wrt, shapes=fixed, functions=["sigma"])
    variables = d.to_dict()["shapes"]
    known: dict[str, int] = {}
    for name, shape in sizes.items():
        symbolic = variables[name]
        known.update({s: k for s, k in zip(symbolic, shape, strict=False) if isinstance(s, str)})
    shapes = {name: tuple(known[s] if isinstance(s, str) else s for s in shape) for name, shape in variables.items()}
    point = {name: RANDOM.uniform(0.5, 1.5, size=shape) for name, shape in shapes.items()}
    small = {name: settled(shape) for name, shape in shapes.items()}
    at_hand = {name: np.reshape(point[name], shape) for name, shape in small.items()}
    given = {name: shape for name, shape in sizes.items() if shape}
    columns = []
    for k in range(int(np.prod(shapes[wrt]))):
        unit = np.zeros(int(np.prod(shapes[wrt])))
        unit[k] = 1.0
        moved = {**point, f"d{wrt}": unit.reshape(shapes[wrt], order="F")}
        image = d.evaluate(moved, form="differential", functions={"sigma": sigma}, **known)
        columns.append(np.ravel(image, order="F"))
    jacobian = np.array(columns).T
    m, n = (*np.shape(image), 1, 1)[:2]
    p, q = (*shapes[wrt], 1, 1)[:2]
    by_rows = np.ix_(np.arange(m * n).reshape(n, m).T.ravel(), np.arange(p * q).reshape(q, p).T.ravel())
    for layout in ("numerator", "denominator"):
        for vec in ("column", "row"):
            written = d.entries(layout=layout, vec=vec, **given)
            matrix = np.array([[value(text, small, at_hand) for text in line] for line in written["matrix"]])
            assert matrix.shape == (len(written["rows"]), len(written["columns"]))
            expected = jacobian if vec == "column" else jacobian[by_rows]
            np.testing.assert_allclose(matrix, expected if layout == "numerator" else expected.T, atol=1e-9)
    blocks = d.blocks(**given)["blocks"]
    flat = [text for across in blocks for block in across for line in block for text in line]
    again = d.entries(vec="row", **given)["matrix"]
    assert flat == [text for line in again for text in line]


def test_names_of_the_entries() -> None:
    found = fr.derive("A*x", wrt="x").entries(A=(2, 1))
    assert (found["rows"], found["columns"]) == (["y[1]", "y[2]"], ["x"])
    assert found["matrix"] == [["A[1]"], ["A[2]"]]
    found = fr.derive("b = x'*A", wrt="x").entries(A=(2, 3))
    assert found["rows"] == ["b[1,1]", "b[1,2]", "b[1,3]"]
    found = fr.derive("C.*C", wrt="C").entries(C=(1, 2))
    assert found["rows"] == ["F[1,1]", "F[1,2]"]


def test_a_symmetric_matrix_has_one_name_for_two_entries() -> None:
    found = fr.derive("S*x", wrt="x", assumptions={"S": ["symmetric"]}).entries(S=(2, 2))
    assert found["matrix"] == [["S[1,1]", "S[1,2]"], ["S[1,2]", "S[2,2]"]]
    found = fr.derive("D*x", wrt="x", assumptions={"D": ["diagonal"]}).entries(D=(2, 2))
    assert found["matrix"] == [["D[1,1]", "0"], ["0", "D[2,2]"]]


def test_the_hessian_written_out() -> None:
    d = fr.derive("x'*A*x", wrt="x", order=2)
    assert d.entries(x=(2,))["matrix"] == [
        ["2*A[1,1]", "A[1,2] + A[2,1]"],
        ["A[1,2] + A[2,1]", "2*A[2,2]"],
    ]
    mixed = fr.derive("x'*A*y", wrt=["x", "y"], order=2).by["x,y"].entries(A=(1, 2))
    assert (mixed["rows"], mixed["columns"], mixed["matrix"]) == (["x"], ["y[1]", "y[2]"], [["A[1,1]", "A[1,2]"]])


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({}, "the size m is not given: pass m=… or the shape of a variable that has it"),
        ({"m": 0, "n": 1, "p": 1}, "the sizes of m must be positive whole numbers here; got 0"),
        ({"m": 1.5, "n": 1, "p": 1}, "the sizes of m must be positive whole numbers here; got 1.5"),
        ({"q": 1}, "there is no size q here; there are: m, n, p"),
        ({"A": (1, 2, 3)}, "A has 2 sizes; 3 are given"),
        ({"A": (1, 2), "B": (3, 2)}, "B says that n is 3, which does not agree with m=1, n=2, p=2"),
        ({"X": (1, 2)}, "X is no variable here; there are: A, B"),
        ({"m": 99, "n": 9, "p": 99}, "the Jacobian has 8732691 entries at these sizes; up to 10000 are written out"),
    ],
)
def test_sizes_that_will_not_do(sizes: dict[str, Any], message: str) -> None:
    with pytest.raises(fr.FrechetError) as refused:
        fr.derive("A*B", wrt="A").entries(**sizes)
    assert refused.value.message == message
    assert refused.value.kind == ("limit" if "up to" in message else "input")


def test_sizes_are_solved() -> None:
    d = fr.derive("[x; c]'*y", wrt="x", shapes={"x": ("n",), "c": (), "y": ("n+1",)})
    assert d.entries(y=(3,))["matrix"] == [["y[1]", "y[2]"]]


def test_an_index_beyond_the_size() -> None:
    d = fr.derive("X[3,1]*x", wrt="x")
    for rows in (1, 2):
        with pytest.raises(fr.FrechetError, match="larger sizes: m-2 must be positive"):
            d.entries(X=(rows, 2), x=(2,))


def test_several_variables_are_asked_for_one_by_one() -> None:
    d = fr.derive("A*B")
    with pytest.raises(fr.FrechetError, match="several variables"):
        d.entries(A=(1, 2), B=(2, 1))
    assert d.by["A"].entries(A=(1, 2), B=(2, 1))["matrix"] == [["B[1]", "B[2]"]]


def test_sizes_at_which_the_formulas_have_no_value() -> None:
    d = fr.derive("det(X'*A*X)", wrt="X")  # inv(X'*A*X) is in it
    with pytest.raises(fr.FrechetError, match="have no value: try other sizes"):
        d.entries(X=(2, 3))
    assert len(d.entries(X=(3, 2))["columns"]) == 6


def test_long_entries_name_what_does_not_move() -> None:
    found = fr.derive("tr(C*inv(X'*B*X))", wrt="X").entries(X=(3, 2))["matrix"]
    assert max(len(text) for text in found[0]) < 1000


@pytest.mark.parametrize("text", ["T*X", "softmax(T,2)", "permute(T,3,1,2)", "T'*T", "sum(T.^3)/2", "logsumexp(T,1)"])
def test_the_entries_of_tensors(text: str) -> None:
    """Columns stacked, the first index is the fastest; rows stacked, the last."""
    sizes = {"T": (2, 3, 2), "X": (2, 2)}
    given = {name: shape for name, shape in sizes.items() if name in text}
    d = fr.derive(text, "T", shapes={n: s for n, s in {"T": ("m", "n", "p"), "X": ("p", "q")}.items() if n in text})
    point = {name: RANDOM.uniform(0.5, 1.5, size=shape) for name, shape in given.items()}
    units = [np.reshape(unit, sizes["T"]) for unit in np.eye(12)]
    images = [np.asarray(d.evaluate({**point, "dT": unit}, form="differential")) for unit in units]
    for vec, order in (("column", "F"), ("row", "C")):
        written = d.entries(vec=vec, **given)
        matrix = np.array([[value(entry, given, point) for entry in line] for line in written["matrix"]])
        rows = np.array([np.ravel(image, order=order) for image in images]).T
        places = np.ravel(np.reshape(np.arange(12), sizes["T"]), order=order)
        np.testing.assert_allclose(matrix, rows[:, places], atol=1e-9)
        assert written["columns"][1] == ("T[2,1,1]" if vec == "column" else "T[1,1,2]")
        blocks = np.asarray(d.blocks(**given)["blocks"], dtype=object)
        assert blocks.shape[-3:] == sizes["T"]
        assert {str(entry) for entry in blocks.ravel()} == {entry for line in written["matrix"] for entry in line}


def test_the_hessian_of_a_tensor_written_out() -> None:
    found = fr.derive("sum(T.^3)", "T", shapes={"T": ("m", "n", "p")}, order=2).entries(m=2, n=2, p=2)
    assert found["rows"][:3] == ["T[1,1,1]", "T[2,1,1]", "T[1,2,1]"]
    assert [found["matrix"][k][k] for k in (0, 1, 7)] == ["6*T[1,1,1]", "6*T[2,1,1]", "6*T[2,2,2]"]
