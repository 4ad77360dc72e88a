"""The example that frechet is built around: C = A*B, and a layer of a network; evaluated and word for word.

C = A*B with A m×n, B n×p; the same at A 1×3, B 3×2; then a = h*W, L = sum((Y-σ(a)).^2)/(2*m) with h 1×3, W 3×2 and
σ unspecified.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import frechet as fr

RANDOM = np.random.default_rng(2)
CONVENTIONS = [("numerator", "column"), ("numerator", "row"), ("denominator", "column"), ("denominator", "row")]


def stack(x: Any, vec: str) -> Any:
    """The entries of a matrix in the order of the stack."""
    return np.asarray(x).reshape(-1, order="F" if vec == "column" else "C")


def jacobian_of(f: Any, x: Any, layout: str, vec: str) -> Any:
    """The Jacobian matrix of a linear map of matrices, column by column from its definition."""
    columns = []
    for k in range(x.size):
        unit = np.zeros(x.size)
        unit[k] = 1.0
        columns.append(stack(f(unit.reshape(x.shape, order="F" if vec == "column" else "C")), vec))
    j = np.array(columns).T
    return j if layout == "numerator" else j.T


PRODUCT = {
    "A": {
        "differential": "dA*B",
        "pullback": "G*B'",
        "index": "B[l,j]*delta(i,k)",
        "numerator column": "kron(B',eye(m))",
        "numerator row": "kron(eye(m),B')",
        "denominator column": "kron(B,eye(m))",
        "denominator row": "kron(eye(m),B)",
        "tensor": 'einsum("ik,jl->ijkl", eye(m), B\')',
    },
    "B": {
        "differential": "A*dB",
        "pullback": "A'*G",
        "index": "A[i,k]*delta(j,l)",
        "numerator column": "kron(eye(p),A)",
        "numerator row": "kron(A,eye(p))",
        "denominator column": "kron(eye(p),A')",
        "denominator row": "kron(A',eye(p))",
        "tensor": 'einsum("ik,jl->ijkl", A, eye(p))',
    },
}
SIZES = [(3, 4, 2), (1, 3, 2), (2, 1, 3), (2, 3, 1), (1, 1, 1)]


@pytest.fixture(scope="module", params=["A", "B"])
def product(request: pytest.FixtureRequest) -> tuple[str, fr.Derivative]:
    return request.param, fr.derive("C = A*B", wrt=request.param)


def test_the_product_is_written_so(product: tuple[str, fr.Derivative]) -> None:
    wrt, d = product
    written = {
        **{name: str(getattr(d, name)) for name in ("differential", "pullback", "index", "tensor")},
        **{f"{layout} {vec}": str(d.jacobian(layout, vec)) for layout, vec in CONVENTIONS},
    }
    assert written == PRODUCT[wrt]
    assert d.verification is not None and d.verification.passed is True
    assert not {"gradient", "derivative"} & set(d.forms) and not d.missing


@pytest.mark.parametrize("sizes", SIZES)
def test_the_product_has_these_values(product: tuple[str, fr.Derivative], sizes: tuple[int, int, int]) -> None:
    wrt, d = product
    m, n, p = sizes
    a, b, g = (RANDOM.normal(size=shape) for shape in ((m, n), (n, p), (m, p)))
    x = a if wrt == "A" else b
    move = RANDOM.normal(size=x.shape)
    change = move @ b if wrt == "A" else a @ move
    values: dict[str, Any] = {"A": a, "B": b}
    known = {"m": m, "n": n, "p": p}
    found = d.evaluate({**values, f"d{wrt}": move}, form="differential", **known)
    np.testing.assert_allclose(found, change.reshape(np.shape(found)))
    back = d.evaluate({**values, "G": g}, form="pullback", **known)
    np.testing.assert_allclose(back, g @ b.T if wrt == "A" else a.T @ g)

    def image(e: Any) -> Any:
        return e @ b if wrt == "A" else a @ e

    for layout, vec in CONVENTIONS:
        # The formula is at general sizes: a matrix with one row stays a matrix.
        j = d.evaluate(values, form="jacobian", layout=layout, vec=vec, **known)
        np.testing.assert_allclose(j, jacobian_of(image, x, layout, vec).reshape(np.shape(j)))
    tensor = d.evaluate(values, form="tensor", **known)
    expected = np.einsum("ik,jl->ijkl", np.eye(m), b.T) if wrt == "A" else np.einsum("ik,jl->ijkl", a, np.eye(p))
    np.testing.assert_allclose(tensor, expected.reshape(np.shape(tensor)))
    for (i, j_, k, l), entry in np.ndenumerate(expected):
        hand = b[l, j_] * (i == k) if wrt == "A" else a[i, k] * (j_ == l)
        assert entry == hand


def test_the_total_differential() -> None:
    d = fr.derive("C = A*B")
    assert str(d.differential) == "dA*B + A*dB"
    assert list(d.by) == ["A", "B"]


@pytest.mark.parametrize("given", [{}, {"A": (1, 3), "B": (3, 2)}], ids=["general", "numbers"])
def test_the_product_at_1x3_by_3x2_written_out(given: dict[str, Any]) -> None:
    sizes: dict[str, Any] = {} if given else {"A": (1, 3), "B": (3, 2)}
    by_b = fr.derive("C = A*B", wrt="B", shapes=given).entries(vec="row", **sizes)
    assert by_b == {
        "layout": "numerator",
        "vec": "row",
        "rows": ["C[1,1]", "C[1,2]"],
        "columns": ["B[1,1]", "B[1,2]", "B[2,1]", "B[2,2]", "B[3,1]", "B[3,2]"],
        "matrix": [
            ["A[1,1]", "0", "A[1,2]", "0", "A[1,3]", "0"],
            ["0", "A[1,1]", "0", "A[1,2]", "0", "A[1,3]"],
        ],
    }
    by_a = fr.derive("C = A*B", wrt="A", shapes=given).entries(vec="row", **sizes)
    assert by_a["matrix"] == [["B[1,1]", "B[2,1]", "B[3,1]"], ["B[1,2]", "B[2,2]", "B[3,2]"]]
    assert by_a["columns"] == ["A[1,1]", "A[1,2]", "A[1,3]"]


def test_the_jacobians_at_1x3_by_3x2() -> None:
    shapes = {"A": (1, 3), "B": (3, 2)}
    by_a = fr.derive("C = A*B", wrt="A", shapes=shapes)
    by_b = fr.derive("C = A*B", wrt="B", shapes=shapes)
    assert [str(by_a.jacobian(*c)) for c in CONVENTIONS] == ["B'", "B'", "B", "B"]
    assert [str(by_b.jacobian(*c)) for c in CONVENTIONS] == [
        "kron(eye(2),A)",
        "kron(A,eye(2))",
        "kron(eye(2),A')",
        "kron(A',eye(2))",
    ]
    a, b = np.array([[1.0, 2.0, 3.0]]), RANDOM.normal(size=(3, 2))
    stacked = by_b.evaluate(A=a, B=b, form="jacobian", vec="row")
    assert stacked.tolist() == [[1, 0, 2, 0, 3, 0], [0, 1, 0, 2, 0, 3]]
    np.testing.assert_allclose(by_a.evaluate(A=a, B=b, form="jacobian", vec="row"), b.T)


def test_the_blocks_of_the_product() -> None:
    by_a = fr.derive("C = A*B", wrt="A").blocks(A=(2, 2), B=(2, 2))
    zeros = ["0", "0"]
    assert by_a == {
        "blocks": [
            [[["B[1,1]", "B[2,1]"], zeros], [["B[1,2]", "B[2,2]"], zeros]],
            [[zeros, ["B[1,1]", "B[2,1]"]], [zeros, ["B[1,2]", "B[2,2]"]]],
        ]
    }
    by_b = fr.derive("C = A*B", wrt="B").blocks(A=(1, 3), B=(3, 2))
    assert by_b == {
        "blocks": [
            [
                [["A[1,1]", "0"], ["A[1,2]", "0"], ["A[1,3]", "0"]],
                [["0", "A[1,1]"], ["0", "A[1,2]"], ["0", "A[1,3]"]],
            ]
        ]
    }


# -- the layer ---------------------------------------------------------------------------------------------------------

LAYER = "a = h*W; L = sum((Y-sigma(a)).^2)/(2*m)"
NAMED = "a = h*W; yhat = sigma(a); L = sum((Y-yhat).^2)/(2*m)"
SHAPES = {"h": (1, 3), "W": (3, 2), "Y": (1, 2), "m": ()}


def sigma(x: Any, order: int) -> Any:
    """tanh stands for the unspecified function."""
    return np.tanh(x) if order == 0 else 1 - np.tanh(x) ** 2


def layer(text: str, wrt: str) -> fr.Derivative:
    return fr.derive(text, wrt=wrt, shapes=SHAPES, functions=["sigma"])


POINT: dict[str, Any] = {
    "h": RANDOM.normal(size=(1, 3)),
    "W": RANDOM.normal(size=(3, 2)),
    "Y": RANDOM.normal(size=(1, 2)),
    "m": 7.0,
}
A = POINT["h"] @ POINT["W"]
UPSTREAM = -(POINT["Y"] - np.tanh(A)) * (1 - np.tanh(A) ** 2) / POINT["m"]
"""∂L/∂a by hand: -(Y-σ(a)).*σ'(a)/m."""
TRUE = {"a": UPSTREAM, "W": POINT["h"].T @ UPSTREAM, "h": UPSTREAM @ POINT["W"].T}


@pytest.mark.parametrize("text", [LAYER, NAMED])
@pytest.mark.parametrize("wrt", ["a", "W", "h"])
def test_the_layer_has_these_values(text: str, wrt: str) -> None:
    d = layer(text, wrt)
    assert d.verification is not None and d.verification.passed is True
    point = {**POINT, "a": A} if wrt == "a" else POINT
    functions = {"sigma": sigma}
    np.testing.assert_allclose(d.evaluate(point, functions=functions), TRUE[wrt])
    for layout, vec in CONVENTIONS:
        j = d.evaluate(point, form="jacobian", layout=layout, vec=vec, functions=functions)
        np.testing.assert_allclose(np.ravel(j), stack(TRUE[wrt], vec))
        assert np.shape(j) == ((1, TRUE[wrt].size) if layout == "numerator" else (TRUE[wrt].size,))
    move = RANDOM.normal(size=TRUE[wrt].shape)
    change = d.evaluate({**point, f"d{wrt}": move}, form="differential", functions=functions)
    np.testing.assert_allclose(change, np.sum(TRUE[wrt] * move))
    back = d.evaluate({**point, "G": 2.0}, form="pullback", functions=functions)
    np.testing.assert_allclose(back, 2 * TRUE[wrt])


def where(d: fr.Derivative) -> dict[str, str]:
    return {name: str(formula) for name, formula in d.where.items()}


def test_the_weights_get_h_times_the_shared_part() -> None:
    d = layer(LAYER, "W")
    assert str(d.gradient) == "h'*dL_da"
    assert list(where(d)) == ["a", "dL_da"] and where(d)["a"] == "h*W"
    d = layer(NAMED, "W")
    assert str(d.gradient) == "h'*dL_da"
    assert where(d) == {
        "a": "h*W",
        "yhat": "sigma(a)",
        "dL_dyhat": "(yhat-Y)/m",
        "dL_da": "dL_dyhat.*sigma'(a)",
    }
    assert str(layer(NAMED, "h").gradient) == "dL_da*W'"


def test_the_activation_gets_the_residual_times_the_slope() -> None:
    d = layer(NAMED, "a")
    assert str(d.gradient) == "dL_dyhat.*sigma'(a)"
    assert where(d) == {"yhat": "sigma(a)", "dL_dyhat": "(yhat-Y)/m"}
    assert str(d.index) == "dL_dyhat[i,j]*sigma'(a[i,j])"


def test_the_pieces_of_the_layer() -> None:
    by_w = fr.derive("h*W", wrt="W", shapes={"h": (1, 3), "W": (3, 2)})
    assert str(by_w.jacobian()) == "kron(eye(2),h)" and str(by_w.pullback) == "h'*G"
    slope = fr.derive("sigma(a)", wrt="a", shapes={"a": (1, 2)}, functions=["sigma"])
    assert slope.entries()["matrix"] == [["sigma'(a[1,1])", "0"], ["0", "sigma'(a[1,2])"]]


def test_the_layer_written_out() -> None:
    found = layer(LAYER, "W")
    out = found.entries()
    assert out["rows"] == ["L"]
    assert out["columns"] == ["W[1,1]", "W[2,1]", "W[3,1]", "W[1,2]", "W[2,2]", "W[3,2]"]
    values = [
        fr.parse(text, shapes=SHAPES, functions=["sigma"]).evaluate(POINT, functions={"sigma": sigma})
        for text in out["matrix"][0]
    ]
    np.testing.assert_allclose(values, stack(TRUE["W"], "column"))
    (((block,),),) = [found.blocks()["blocks"]]
    assert [len(line) for line in block] == [2, 2, 2]
