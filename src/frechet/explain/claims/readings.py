"""Every way to write one derivative down, as arrays at a point: what a claim is compared with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from frechet.core.dim import Shape
from frechet.explain.claims.points import Place
from frechet.explain.claims.question import Question
from frechet.ops import arrays
from frechet.verify import free
from frechet.verify.structure import PROJECTIONS, SYMMETRIC, basis, tangent


@final
@dataclass(frozen=True)
class Convention:
    """A reading by its name: layout and vec order where they apply, and what it means in one sentence."""

    name: str
    meaning: str
    layout: str | None = None
    vec: str | None = None

    def to_dict(self) -> dict[str, str]:
        """The entry of `conventions`."""
        out = {"name": self.name, "meaning": self.meaning}
        if self.layout:
            out["layout"] = self.layout
        if self.vec:
            out["vec"] = self.vec
        return out


_BY_COLUMNS, _BY_ROWS = "matrices stacked by columns", "matrices stacked by rows"
_ROWS = "a row for each entry of the value, a column for each entry of the variable"
_FREE = "the derivatives by the independent entries of a symmetric variable"
_COLUMNS = "a row for each entry of the variable, a column for each entry of the value"

CONVENTIONS: Mapping[str, Convention] = {
    c.name: c
    for c in (
        Convention("gradient", "the gradient, in the shape of the variable"),
        Convention("numerator", f"the Jacobian in numerator layout, {_BY_COLUMNS}: {_ROWS}", "numerator", "column"),
        Convention(
            "denominator", f"the Jacobian in denominator layout, {_BY_COLUMNS}: {_COLUMNS}", "denominator", "column"
        ),
        Convention("rowmajor-numerator", f"the Jacobian in numerator layout, {_BY_ROWS}: {_ROWS}", "numerator", "row"),
        Convention(
            "rowmajor-denominator", f"the Jacobian in denominator layout, {_BY_ROWS}: {_COLUMNS}", "denominator", "row"
        ),
        Convention("derivative", "the derivative by a scalar, in the shape of the value"),
        Convention("derivative transposed", "the derivative by a scalar, transposed"),
        Convention("vec-column", "the gradient stacked by columns, as a column", vec="column"),
        Convention("vec-row", "the gradient stacked by columns, as a row", vec="column"),
        Convention("vec-column-rowmajor", "the gradient stacked by rows, as a column", vec="row"),
        Convention("vec-row-rowmajor", "the gradient stacked by rows, as a row", vec="row"),
        Convention("vec-of-jacobian", "the Jacobian's own columns stacked into one", vec="column"),
        Convention("pullback", "the adjoint applied to the upstream gradient: what backpropagation computes"),
        Convention("differential", "the differential: the change of the value to first order"),
        Convention("index", "one entry of the derivative"),
        Convention("tensor", "the derivative as an array: the axes of the value, then those of the variable"),
        Convention("hessian", "the matrix of second derivatives, columns stacked", vec="column"),
        Convention("hessian row", "the matrix of second derivatives, rows stacked", vec="row"),
        Convention("symmetric-free", f"{_FREE}, written in both places"),
        Convention("symmetric-projected", "the gradient within the symmetric matrices, (G+G')/2"),
        Convention("symmetric-lower", f"{_FREE}, in the lower triangle only"),
        Convention("vech gradient", "the gradient by the free entries, as a column or a row"),
        Convention("vech", f"the Jacobian by the free entries, {_BY_COLUMNS}: a row for each entry of the value, "
                   "a column for each free entry of the variable", "numerator", "column"),
        Convention("vech denominator", f"the Jacobian by the free entries, {_BY_COLUMNS}: a row for each free entry "
                   "of the variable, a column for each entry of the value", "denominator", "column"),
        Convention("hessian vech", "the Hessian by the free entries"),
        Convention("skew-projected", "the gradient within the skew matrices, (G-G')/2"),
        Convention("d/dZ", "the Wirtinger derivative by Z, conj(Z) held"),
        Convention("d/dconj(Z)", "the Wirtinger derivative by conj(Z), Z held"),
        Convention("2*d/dZ", "twice the Wirtinger derivative by Z"),
        Convention("2*d/dconj(Z)", "twice the Wirtinger derivative by conj(Z): the direction of steepest ascent"),
        Convention("d/dherm(Z)", "the Wirtinger derivative by herm(Z), in its shape"),
        Convention("d/dZ transposed", "the Wirtinger derivative by Z, transposed"),
    )
}  # fmt: skip
"""Every reading by its name, in the order in which they are told."""

OF_SCALAR = {"numerator": "the gradient transposed: what numerator layout means for a scalar function"}
"""Meanings that differ where the value is a scalar."""


def settled(array: Any) -> Any:
    """An array as frechet keeps it: n×1 the vector, 1×1 the scalar."""
    return arrays.settled(np, np.asarray(array))


def as_grid(array: Any) -> Any:
    """An array of order at most two with rows and columns."""
    return array if array.ndim == 2 else np.reshape(array, (-1, 1))


def vec(array: Any, order: str = "column") -> Any:
    """The entries of an array in one vector, the first index fastest (columns stacked) or the last.

    >>> vec(np.array([[1, 2], [3, 4]])).tolist(), vec(np.array([[1, 2], [3, 4]]), "row").tolist()
    ([1, 3, 2, 4], [1, 2, 3, 4])
    """
    array = array if array.ndim > 2 else as_grid(array)
    return array.reshape(-1, order="F" if order == "column" else "C")


def matrix_of(tensor: Any, value: int, order: str) -> Any:
    """The matrix of a tensor: rows ↔ its first `value` axes, columns ↔ the others, each stacked by `order`."""
    shape: tuple[int, ...] = np.shape(tensor)
    rows, columns = shape[:value], shape[value:]
    if order == "column":
        axes = [*reversed(range(value)), *(value + k for k in reversed(range(len(columns))))]
        tensor = np.transpose(tensor, axes)
    return tensor.reshape(int(np.prod(rows)), int(np.prod(columns)))


@final
@dataclass(frozen=True)
class Style:
    """What a formula uses: the upstream gradient, the increment, the direction."""

    upstream: bool = False
    increment: bool = False
    direction: bool = False


def of_scalar(question: Question, style: Style) -> bool:
    """Whether a formula is about a scalar: the value, or the loss that an upstream gradient belongs to."""
    return question.scalar or (style.upstream and question.order == 1)


def targets(question: Question, place: Place, style: Style) -> Iterator[tuple[str, Any]]:
    """The arrays that a formula of this style may equal, each with the name of the reading."""
    if question.complex:
        yield from _complex(question, place, style)
    elif question.order == 2:
        yield from _second(question, place, style)
    elif style.increment:
        yield "differential", _along(place.truth, place.env[question.increment])
    elif style.upstream:
        pulled = _pulled(question, place)
        yield "pullback", pulled
        yield from _gradient(question, place, pulled)
        if question.structure:
            within = tangent(question.wrt, place.env[question.wrt_name], pulled)
            yield "pullback", within
            yield "gradient", within
    elif not question.wrt.shape:
        yield from _by_scalar(question, place)
    elif question.scalar:
        yield from _gradient(question, place, place.truth)
    else:
        yield from _jacobians(question, place)


def _along(truth: Any, move: Any) -> Any:
    move = np.asarray(move)
    return settled(np.tensordot(truth, move, axes=move.ndim))


def _pulled(question: Question, place: Place) -> Any:
    upstream = np.asarray(place.env[question.upstream])
    return np.tensordot(upstream, place.truth, axes=upstream.ndim)


def _gradient(question: Question, place: Place, gradient: Any) -> Iterator[tuple[str, Any]]:
    """A gradient and its arrangements; for a structured variable the readings within the structure."""
    gradient = np.asarray(gradient)
    yield "gradient", gradient
    if not gradient.ndim:
        return
    if gradient.ndim <= 2:
        yield "numerator", settled(as_grid(gradient).T)
    for suffix, order in (("", "column"), ("-rowmajor", "row")):
        stacked = vec(gradient, order)
        yield f"vec-column{suffix}", settled(stacked)
        yield f"vec-row{suffix}", settled(stacked.reshape(1, -1))
    if gradient.ndim > 2:
        return
    grid, kind = as_grid(gradient), question.structure
    if kind in SYMMETRIC:
        both = grid + grid.T - np.diag(np.diagonal(grid))
        yield "symmetric-free", both
        yield "symmetric-projected", (grid + grid.T) / 2.0
        yield "symmetric-lower", PROJECTIONS["lower triangular"](both)
    elif kind == "skew":
        yield "skew-projected", (grid - grid.T) / 2.0
    elif kind in PROJECTIONS or kind == "orthogonal":
        yield "gradient", tangent(question.wrt, place.env[question.wrt_name], gradient)
    if free.kind(question.wrt) is not None:
        by_free = spanned(question, place).T @ vec(grid)
        yield "vech gradient", settled(by_free)
        yield "vech gradient", settled(by_free.reshape(1, -1))


def _stacked(shape: Shape) -> bool:
    """Whether the order of stacking says something: of a matrix or a tensor, of whatever sizes at the point."""
    return len(shape) > 2 or (len(shape) == 2 and 1 not in [d.number for d in shape])


def _by_scalar(question: Question, place: Place) -> Iterator[tuple[str, Any]]:
    derivative = np.asarray(place.truth)
    yield "derivative", derivative
    if not derivative.ndim:
        return
    if derivative.ndim <= 2:
        yield "derivative transposed", settled(as_grid(derivative).T)
    if _stacked(question.original.shape):
        for prefix, order in (("", "column"), ("rowmajor-", "row")):
            stacked = vec(derivative, order)
            yield f"{prefix}numerator", settled(stacked)
            yield f"{prefix}denominator", settled(stacked.reshape(1, -1))


def _jacobians(question: Question, place: Place) -> Iterator[tuple[str, Any]]:
    truth, order = place.truth, len(question.original.shape)
    for prefix, how in (("", "column"), ("rowmajor-", "row")):
        jacobian = matrix_of(truth, order, how)
        yield f"{prefix}numerator", settled(jacobian)
        yield f"{prefix}denominator", settled(jacobian.T)
        if not prefix:
            yield "vec-of-jacobian", vec(jacobian)
            if free.kind(question.wrt) is not None:
                by_free = jacobian @ spanned(question, place)
                yield "vech", settled(by_free)
                yield "vech denominator", settled(by_free.T)
    if truth.ndim > 2:
        yield "tensor", truth


def _second(question: Question, place: Place, style: Style) -> Iterator[tuple[str, Any]]:
    truth, axes = place.truth, np.ndim(place.env[question.wrt_name])
    if style.increment:
        move = np.asarray(place.env[question.increment])
        turned = _along(truth, move)
        yield "differential", turned
        yield "differential", np.asarray(np.sum(turned * settled(move)))
    elif style.direction or style.upstream:
        if style.direction:
            yield "pullback", _along(truth, place.env[question.direction])
    else:
        yield "hessian", settled(matrix_of(truth, axes, "column"))
        if _stacked(question.wrt.shape):
            yield "hessian row", settled(matrix_of(truth, axes, "row"))
        if free.kind(question.wrt) is not None:
            along = spanned(question, place)
            yield "hessian vech", settled(along.T @ matrix_of(truth, axes, "column") @ along)


def _complex(question: Question, place: Place, style: Style) -> Iterator[tuple[str, Any]]:
    direct, turned = place.truth, place.conjugate
    if style.increment:
        move = np.asarray(place.env[question.increment])
        yield "differential", _along(direct, move) + _along(turned, np.conj(move))
        return
    if style.upstream:
        # The adjoint in the inner product real(tr(herm(A)*B)).
        upstream = np.asarray(place.env[question.upstream])
        many = upstream.ndim
        pulled = np.tensordot(upstream, np.conj(direct), axes=many)
        yield "pullback", pulled + np.tensordot(np.conj(upstream), turned, axes=many)
        return
    if question.scalar:
        yield "d/dZ", direct
        yield "d/dconj(Z)", turned
        yield "2*d/dZ", 2.0 * direct
        yield "2*d/dconj(Z)", 2.0 * turned
        if direct.ndim:
            yield "d/dherm(Z)", settled(as_grid(turned).T)
            yield "d/dZ transposed", settled(as_grid(direct).T)
        return
    if np.max(np.abs(turned), initial=0.0) <= 1e-6 * np.max(np.abs(direct), initial=0.0):  # holomorphic
        yield from _jacobians(question, place)


def spanned(question: Question, place: Place) -> Any:
    """The matrix whose columns are how vec(X) moves with each free entry of a structured variable."""
    size = len(place.env[question.wrt_name])
    return np.stack([vec(move) for move in free.directions(question.wrt, size)], axis=-1)


def close(found: Any, wanted: Any, slack: float) -> bool:
    """Whether an array is another up to rounding, of the same shape.

    >>> close(np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-12]), 1e-9), close(np.ones(2), np.ones((1, 2)), 1e-9)
    (True, False)
    """
    if np.shape(found) != np.shape(wanted):
        return False
    scale = float(np.max(np.abs(wanted), initial=0.0))
    return bool(np.max(np.abs(found - wanted), initial=0.0) <= slack * scale + 1e-3 * slack)


def holding(question: Question, places: list[Place], arrays: list[Any], style: Style) -> list[str]:
    """The readings under which a formula, whose values at the places are `arrays`, holds at all of them."""
    exact, alike = held(question, places, arrays, style)
    return sorted({*exact, *alike}, key=list(CONVENTIONS).index)


def held(
    question: Question, places: list[Place], arrays: list[Any], style: Style
) -> tuple[list[str], list[str]]:  # fmt: skip
    """The readings that a formula equals, and those that it has by acting so within the structure of the variable."""
    exact: list[str] | None = None
    alike: list[str] | None = None
    for place, array in zip(places, arrays, strict=True):
        here = list(targets(question, place, style))
        names = [n for n, wanted in here if close(array, wanted, place.slack)]
        exact = [n for n in (names if exact is None else exact) if n in names]
        acts = [n for n, wanted in here if _within(question, place, n, array, wanted)]
        alike = [n for n in (acts if alike is None else alike) if n in acts or n in names]
        if not exact and not alike:
            return [], []
    found = list(dict.fromkeys(exact or ()))
    return found, [n for n in dict.fromkeys(alike or ()) if n not in found]


BY_ROWS = {"rowmajor-numerator": "numerator", "rowmajor-denominator": "denominator", "hessian row": "hessian"}
"""Rows stacked, and the same with columns stacked."""
OF_GRADIENT = ("gradient", "vec-column", "vec-row", "pullback")
"""Arrangements of a gradient."""


def told(exact: list[str], alike: list[str]) -> list[str]:
    """The readings that are worth telling, in their order.

    A formula that acts as the derivative does on symmetric increments with columns stacked does so with rows stacked,
    and a gradient that has a reading of its own (within the structure, transposed) acts as every other does.

    >>> told([], ["hessian", "hessian row"]), told(["symmetric-projected"], ["gradient"])
    (['hessian'], ['symmetric-projected'])
    """
    kept = [n for n in alike if BY_ROWS.get(n) not in {*exact, *alike} and not (exact and n in OF_GRADIENT)]
    return sorted({*exact, *kept}, key=list(CONVENTIONS).index)


def _within(question: Question, place: Place, name: str, array: Any, wanted: Any) -> bool:
    """Whether a formula acts as the derivative does on every increment (a Hessian: on every pair) within the
    structure."""
    if not question.structure or question.complex or np.shape(array) != np.shape(wanted):
        return False
    if name not in OF_GRADIENT and name not in BY_ROWS and name not in BY_ROWS.values():
        return False
    order = "row" if name in BY_ROWS else "column"
    moves = [vec(m, order) for m in basis(question.wrt, place.env[question.wrt_name])]
    along = np.stack(moves, axis=-1)
    found, wanted = as_grid(array), as_grid(wanted)
    if question.order == 2 and "hessian" in name:
        return len(found) == len(along) and close(along.T @ found @ along, along.T @ wanted @ along, place.slack)
    if name in OF_GRADIENT:
        return found.size == len(along) and close(along.T @ vec(found), along.T @ vec(wanted), place.slack)
    if question.scalar:
        return False
    if "denominator" in name:
        found, wanted = found.T, wanted.T
    return found.shape[1] == len(along) and close(found @ along, wanted @ along, place.slack)
