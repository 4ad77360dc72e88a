"""The shape that each form must have, and the linear map that a form's array writes down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from frechet.core.dim import Shape, entries, settle, show
from frechet.core.expr import Expr
from frechet.verify.evaluate import Array
from frechet.verify.free import count, kind, selection
from frechet.verify.request import CheckRequest, Form


def expected_shape(request: CheckRequest, form: Form) -> Shape:
    """The shape of the form: exactly this, a column is no row.

    >>> from frechet.ops.expressions import apply, variable
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
        case "vech gradient":
            return settle((count(wrt[0]),))
        case "vech jacobian":
            return settle((entries(value), count(wrt[0])))
        case "vech hessian":
            return settle((count(wrt[0]), count(wrt[-1])))
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
    scalar_only = (
        "gradient",
        "vech gradient",
        "vech hessian",
        "unconstrained",
        "free entries",
        "hessian",
        "hvp",
        "second differential",
    )
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
    if form.kind in ("vech gradient", "vech jacobian", "vech hessian"):
        return _of_free_entries(form, array, rows, columns)
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


def _of_free_entries(form: Form, array: Array, rows: Sequence[int], columns: Sequence[int]) -> Array:
    """The map on increments within the structure: they are known by their free entries."""
    first, last = form.wrt[0], form.wrt[-1]
    if form.kind == "vech hessian":
        left, right = _taken_out(first, rows), _taken_out(last, columns)
        return left.T @ np.reshape(array, (len(left), len(right))) @ right
    taken = _taken_out(last, columns)
    array = np.reshape(array, (-1, len(taken))) @ taken
    stacked = np.reshape(array, (*reversed(rows), -1))
    axes = [*reversed(range(len(rows))), len(rows)]
    return np.reshape(np.transpose(stacked, axes), (int(np.prod(rows)), -1))


def _taken_out(variable: Expr, shape: Sequence[int]) -> Array:
    """What takes the free entries out of an increment in NumPy's order; all of them, columns stacked, if none is
    tied."""
    if kind(variable) is not None:
        return selection(variable, shape[0])
    places = np.reshape(np.arange(int(np.prod(shape))), tuple(shape)).T.ravel()
    return np.eye(len(places))[places]
