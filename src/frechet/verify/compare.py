"""One form against the reference at one point."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from frechet.core.expr import Expr
from frechet.verify.difference import largest
from frechet.verify.evaluate import Array, complex_valued
from frechet.verify.reference import Reference
from frechet.verify.request import Form
from frechet.verify.shapes import as_map
from frechet.verify.structure import is_complex, is_structured, tangent

SECOND_ORDER = frozenset({"hessian", "vech hessian", "hvp", "second differential"})
"""Forms that are compared with second differences."""

Outcome: TypeAlias = tuple[float, bool]
"""The relative deviation and whether it is forgiven."""


def _outcome(deviation: float, scale: float, allowed: float) -> Outcome:
    """A derivative no larger than what it may be off is zero, and rounding no share of it."""
    told = scale > allowed or deviation > allowed
    return (deviation / scale if told and scale > 0.0 else 0.0), deviation <= allowed


def first_order(form: Form, array: Array, reference: Reference, move: Array | None, upstream: Array) -> Outcome:
    """A first-order form against the change of the value along an increment.

    `move` is the increment of the one variable the form is about (None for a total differential, which has
    had its increments already), `upstream` the upstream gradient that a pullback was given.
    """
    change = reference.value
    if form.kind == "differential":
        return _outcome(largest(array - change), reference.scale, reference.allowed)
    assert move is not None, "only a differential may be about several variables"
    if form.kind == "pullback":
        weight = float(np.sum(abs(upstream)))
        expected = float(np.real(np.vdot(upstream, change)))
        deviation = abs(float(np.real(np.vdot(array, move))) - expected)
        scale = max(abs(expected), 0.1 * weight * reference.scale)
        return _outcome(deviation, scale, weight * reference.allowed)
    if form.kind == "gradient" and np.iscomplexobj(move):
        predicted = np.real(np.vdot(array, move))
    else:
        predicted = as_map(form, array, change.shape, move.shape) @ np.ravel(move)
    return _outcome(largest(predicted - np.ravel(change)), reference.scale, reference.allowed)


def second_order(form: Form, array: Array, reference: Reference, move: Array, other: Array) -> Outcome:
    """A second-order form against the second derivative along `move` (rows) and `other` (columns)."""
    if form.kind in ("hessian", "vech hessian"):
        predicted = np.ravel(move) @ as_map(form, array, move.shape, other.shape) @ np.ravel(other)
    else:
        predicted = np.sum(array * move)
    return _outcome(largest(predicted - reference.value), reference.scale, reference.allowed)


ROUNDING = 1e-12
"""What is left, at points of ordinary size, of a gradient that is zero: it has no structure to keep."""


def leaves_structure(form: Form, variable: Expr, array: Array, point: Array) -> bool:
    """A gradient that claims to lie within the variable's structure and does not."""
    if form.kind == "free entries":
        return largest(array - tangent(variable, point, array)) > 1e-9 * largest(array) + ROUNDING
    if form.kind in ("gradient", "pullback") and not is_complex(variable) and complex_valued(array):
        return True  # a real variable moves by real numbers, and so does its gradient
    if form.kind != "gradient" or not is_structured(variable):
        return False
    return largest(array - tangent(variable, point, array)) > 1e-9 * largest(array) + ROUNDING
