"""The shape that each form must have, and the linear map that a form's array writes down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from frechet.core.dim import Shape, entries, settle, show
from frechet.verify.evaluate import Array
from frechet.verify.request import CheckRequest, Form


def expected_shape(request: CheckRequest, form: Form) -> Shape:
    """The shape of the form: exactly this, a column is no row.

    >>> from frechet.ops.build import apply, variable
    >>> A, x = variable("A", ("m", "n")), variable("x", ("n",))
    >>> y = apply("mul", (A, x))
    >>> request = CheckRequest(y, (x,), ())
    >>> expected_shape(request, Form("J", "jacobian", A)), expected_shape(request, Form("T", "pullback", x))
    ((m, n), (n,))
    """
    value, wrt = request.original.shape, request.about(form)
    match form.kind:
        case "differential" | "derivative":
            return value
        case "d/dZ" | "d/dconj(Z)":
            return wrt[0].shape
        case "pullback" | "gradient" | "unconstrained" | "free entries" | "hvp" | "second differential":
            return wrt[0].shape
        case "index":
            return ()
        case "tensor":
            return settle(value + wrt[0].shape)
        case "jacobian":
            rows, columns = entries(value), entries(wrt[0].shape)
            return settle((rows, columns) if form.layout == "numerator" else (columns, rows))
        case "hessian":
            return settle((entries(wrt[0].shape), entries(wrt[-1].shape)))


def shape_trouble(request: CheckRequest, form: Form) -> str | None:
    """Why the form cannot be right whatever its entries are, or None."""
    wrt = request.about(form)
    expected = expected_shape(request, form)
    if form.expr.shape != expected:
        return f"it is {show(form.expr.shape)} where {show(expected)} is needed"
    if form.kind == "derivative" and wrt[0].shape:
        return f"{wrt[0].params[0]} is not a scalar"
    scalar_only = ("gradient", "unconstrained", "free entries", "hessian", "hvp", "second differential")
    if form.kind in (*scalar_only, "d/dZ", "d/dconj(Z)") and request.original.shape:
        return "the value is not a scalar"
    if form.kind == "index":
        given = len(form.value_indices), len(form.wrt_indices)
        needed = len(request.original.shape), len(wrt[0].shape)
        if given != needed:
            return f"it has {given[0]} and {given[1]} free indices where {needed[0]} and {needed[1]} are needed"
    return None


def as_map(form: Form, array: Array, rows: Sequence[int], columns: Sequence[int]) -> Array:
    """The linear map as a matrix from increments to changes, both with their entries in NumPy's order.

    `rows` and `columns` are the shapes of what the map gives and of what it takes.
    """
    many, few = int(np.prod(rows)), int(np.prod(columns))
    if form.kind == "free entries":
        array = np.tril(array)
    if form.kind not in ("jacobian", "hessian"):
        return np.reshape(array, (many, few))
    if form.kind == "jacobian" and form.layout == "denominator":
        array = np.reshape(array, (few, many)).T
    if form.vec == "row":
        return np.reshape(array, (many, few))
    # Columns stacked: each group of axes is there in reverse.
    back = tuple(reversed(rows)) + tuple(reversed(columns))
    r, c = len(rows), len(columns)
    order = [*reversed(range(r)), *reversed(range(r, r + c))]
    return np.reshape(np.transpose(np.reshape(array, back), order), (many, few))
