"""The NumPy target on arrays of other libraries that answer to NumPy's functions: Dask's, chunk by chunk."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse

import frechet as fr
from frechet.errors import FrechetError

LOGISTIC = "sum(softplus(-(y.*(X*w))))"
ROWS, COLUMNS, CHUNK = 400_000, 20, 10_000


@pytest.fixture
def da() -> Any:
    return pytest.importorskip("dask.array", reason="Dask is not installed: pip install 'dask[array]'")


def compiled(form: str) -> Any:
    return fr.derive(LOGISTIC, wrt="w", shapes={"X": ["n", "d"]}, verify=False).compile("numpy", form)


def rows(block: Any) -> Any:
    """The rows of the data with these numbers, made when they are asked for."""
    columns = np.arange(1, COLUMNS + 1)
    return np.cos(block[:, None] * np.sqrt(columns))


def data(da: Any) -> tuple[Any, Any]:
    """X and y in chunks: X has 64 MB, a chunk 1.6 MB."""
    numbers = da.arange(ROWS, chunks=CHUNK)
    x = numbers.map_blocks(rows, dtype=float, new_axis=1, chunks=(numbers.chunks[0], (COLUMNS,)))
    return x, da.sign(da.sin(numbers + 0.5))


@pytest.mark.parametrize("form", ["value", "gradient", "hvp", "hessian"])
def test_chunks_give_what_the_whole_gives(da: Any, form: str) -> None:
    f = compiled(form)
    x, y = data(da)
    x, y = x[: 3 * CHUNK], y[: 3 * CHUNK]
    more = {"V": np.linspace(-1, 1, COLUMNS)} if form == "hvp" else {}
    w = np.linspace(-0.5, 0.5, COLUMNS)
    lazy = f(X=x, y=y, w=w, **more)
    assert isinstance(lazy, da.Array)
    assert np.allclose(lazy.compute(), f(X=x.compute(), y=y.compute(), w=w, **more), rtol=1e-12, atol=1e-9)


def test_the_data_are_never_there_at_once(da: Any) -> None:
    f = compiled("gradient")
    x, y = data(da)
    w = np.zeros(COLUMNS)
    tracemalloc.start()
    try:
        gradient = f(X=x, y=y, w=w).compute(scheduler="synchronous")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert gradient.shape == (COLUMNS,)
    assert x.nbytes == 64_000_000 and most < x.nbytes / 3


def test_the_second_call_is_as_lazy(da: Any) -> None:
    f = compiled("gradient")
    x, y = data(da)
    for _ in range(2):
        assert isinstance(f(X=x, y=y, w=np.zeros(COLUMNS)), da.Array)


def test_the_page_runs(da: Any) -> None:
    """The code for Dask in `docs/scale.md`, with a thousandth of its rows, minimises what it says."""
    page = (Path(__file__).parents[2] / "docs" / "scale.md").read_text(encoding="utf-8")
    code = page.split("```python\n")[1].split("```")[0].replace("2_000_000", "2_000").replace("20_000", "500")
    space: dict[str, Any] = {}
    exec(code, space)
    left = space["gradient"](X=space["X"], y=space["y"], w=space["w"]).compute()
    assert left.shape == (100,) and np.abs(left).max() < 1e-6


def test_rows_that_nobody_counted_are_refused(da: Any) -> None:
    x, y = data(da)
    with pytest.raises(FrechetError, match=r"X\.compute_chunk_sizes\(\)"):
        compiled("gradient")(X=x[x[:, 0] > 0], y=y, w=np.zeros(COLUMNS))


def test_a_matrix_of_numpys_is_an_array_in_each_call() -> None:
    """`np.matrix` multiplies with `*`: it is made an array, also after a call with an array of its shape."""
    f = fr.derive("sum(A.*A.*A)", wrt="A", verify=False).compile()
    a = np.array([[1.0, 2.0], [3.0, 4.0]])
    first = f(A=a)
    with pytest.warns(PendingDeprecationWarning):
        again = f(A=np.matrix(a))
    assert type(again) is np.ndarray and np.array_equal(first, again)


def test_what_is_no_array_is_refused() -> None:
    f = fr.derive("x'*A*x", wrt="x", verify=False).compile()
    with pytest.raises(FrechetError, match="A is no array of numbers but of type csr_array"):
        f(A=scipy.sparse.csr_array(np.eye(2)), x=np.ones(2))
