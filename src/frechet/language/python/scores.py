"""Scores on their way to a softmax: less their largest entries, or -inf where a mask leaves them out.

``S - S.max(-1, keepdims=True)`` is taken off for the sake of rounding and falls out again: whatever stands for the
maximum, the softmax is the same.  So a maximum along an axis is a *shift* without a value of its own.  Shifts are
added up and followed through exp, log, sums and quotients; where they cancel, what is left is a formula; where one is
left over, there is none.  An entry of -inf is one whose exponential is 0: a mask beside the array, until exp takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from frechet.core.dim import ONE, Shape, settle
from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.language.python.arrays import Array, Fit, binary, ones, unary
from frechet.language.python.axes import (
    Axis,
    broadcast_to,
    log_softmax,
    normal_axes,
    reduced,
    softmax,
    without,
)
from frechet.language.python.products import matmul
from frechet.ops.expressions import apply, number, variable

Shifts: TypeAlias = tuple[tuple[Fraction, Array], ...]
"""Multiples of arrays that stand for maxima, each broadcast over the whole."""


@final
@dataclass(frozen=True)
class Scores:
    """The array plus its shifts; -inf where the mask is 0."""

    array: Array
    shifts: Shifts = ()
    mask: Array | None = None

    @property
    def shape(self) -> Shape:
        """NumPy's shape."""
        return self.array.shape


@final
@dataclass(frozen=True)
class Weights:
    """The array times the exponential of its shifts."""

    array: Array
    shifts: Shifts

    @property
    def shape(self) -> Shape:
        """NumPy's shape."""
        return self.array.shape


Scored: TypeAlias = "Scores | Weights"


def refused(value: Scored) -> FrechetError:
    """Why there is no formula of the value by itself."""
    if value.shifts:
        text = "max along an axis has no reading yet, but inside a softmax or a logsumexp, where it cancels: "
        text += "np.maximum(a, b) is of two arrays, logsumexp a smooth maximum"
    else:
        text = "-inf is no number that a formula can hold: a masked array is read inside exp, softmax or logsumexp"
    return FrechetError("unsupported", text)


def zeros(shape: Shape) -> Array:
    """An array of zeros."""
    core = tuple(d for d in shape if d != ONE)
    return Array(apply("zeros", (), core) if core else number(0), shape)


def nowhere(shape: Shape) -> Scores:
    """An array of -inf."""
    return Scores(zeros(shape), (), zeros(shape))


def _zero(a: Array) -> bool:
    return a.expr.op.name == "zeros" or a.expr is number(0)


def settled(array: Array, shifts: Shifts, mask: Array | None = None) -> Array | Scores:
    """Scores, or the array itself where nothing is left beside it."""
    return Scores(array, shifts, mask) if shifts or mask is not None else array


def peak(fit: Fit, x: Array | Scored, axis: Axis, keepdims: bool) -> Array | Scores:
    """The maximum along axes: a shift.  The same maximum, taken twice, is the same shift."""
    if isinstance(x, Weights) or (isinstance(x, Scores) and x.shifts):
        raise refused(x)
    a, mask = (x.array, x.mask) if isinstance(x, Scores) else (x, None)
    axes = normal_axes(axis, a.shape)
    shape = without(a.shape, axes, keepdims)
    if mask is None and not any(k in a.axes for k in axes):
        return Array(a.expr, shape)
    key = (a.expr, a.axes, axes, len(a.shape), mask and _key(mask))
    if key not in fit.peaks:
        core = settle(tuple(a.shape[k] for k in a.axes if k not in axes))
        fit.peaks[key] = variable(f"maximum {len(fit.peaks) + 1}", core)
    return Scores(zeros(shape), ((Fraction(1), Array(fit.peaks[key], shape)),))


def _key(a: Array) -> tuple[Expr, tuple[int, ...]]:
    """What an array is once it is broadcast: its core, and where its axes stand from the end."""
    return a.expr, tuple(k - len(a.shape) for k in a.axes)


def _merged(left: Shifts, right: Shifts, sign: int) -> Shifts:
    found = {_key(a): (c, a) for c, a in left}
    for c, a in right:
        before, _ = found.get(_key(a), (Fraction(0), a))
        found[_key(a)] = (before + sign * c, a)
    return tuple((c, a) for c, a in found.values() if c)


def combined(fit: Fit, op: str, left: Array | Scored, right: Array | Scored) -> Array | Scored:
    """An operator of Python between arrays of which one at least is scored."""
    of_weights = isinstance(left, Weights) or isinstance(right, Weights)
    if op in ("add", "sub") and not of_weights:
        assert not isinstance(left, Weights) and not isinstance(right, Weights)
        return _sum(fit, 1 if op == "add" else -1, left, right)
    if of_weights and op in ("hadamard", "edivide") and not isinstance(left, Scores) and not isinstance(right, Scores):
        (x, p), (y, q) = ((s.array, s.shifts) if isinstance(s, Weights) else (s, ()) for s in (left, right))
        made = binary(fit, op, x, y)
        shifts = _merged(p, q, 1 if op == "hadamard" else -1)
        return Weights(made, shifts) if shifts else made
    if isinstance(left, Weights) and isinstance(right, Weights) and op in ("add", "sub"):
        if _merged(left.shifts, right.shifts, -1) or left.shape != right.shape:
            raise refused(left)
        return Weights(binary(fit, op, left.array, right.array), left.shifts)
    if isinstance(left, Weights) and isinstance(right, Array) and op == "matmul":
        return _times(fit, left, right)
    if isinstance(left, Scores) and isinstance(right, Array) and op in ("hadamard", "edivide"):
        return _scaled(fit, op, left, right)
    if isinstance(right, Scores) and isinstance(left, Array) and op == "hadamard":
        return _scaled(fit, op, right, left)
    raise refused(next(s for s in (left, right) if not isinstance(s, Array)))


def _sum(fit: Fit, sign: int, left: Array | Scores, right: Array | Scores) -> Array | Scores:
    x, y = (s if isinstance(s, Scores) else Scores(s) for s in (left, right))
    if y.mask is not None and sign < 0:
        raise refused(y)
    shape = fit.together(x.shape, y.shape)
    if _zero(y.array):
        array = x.array
    elif _zero(x.array):
        array = y.array if sign > 0 else negative(y.array)
    else:
        array = binary(fit, "add" if sign > 0 else "sub", x.array, y.array)
    mask = x.mask or y.mask
    if x.mask is not None and y.mask is not None:
        mask = binary(fit, "hadamard", x.mask, y.mask)
    array = zeros(shape) if _zero(array) else broadcast_to(fit, array, shape)
    return settled(array, _merged(x.shifts, y.shifts, sign), mask)


def negative(a: Array) -> Array:
    """-a."""
    return Array(apply("neg", (a.expr,)), a.shape)


def negated(x: Scored) -> Scores:
    """-x, of scores that are nowhere -inf."""
    if isinstance(x, Weights) or x.mask is not None:
        raise refused(x)
    return Scores(x.array if _zero(x.array) else negative(x.array), tuple((-c, a) for c, a in x.shifts))


def _scaled(fit: Fit, op: str, x: Scores, c: Array) -> Scores:
    """Scores times or over a number; -inf stays where that is above 0."""
    if c.shape or (x.mask is not None and not _positive(c.expr)):
        raise refused(x)
    array = x.array if _zero(x.array) else binary(fit, op, x.array, c)
    if c.expr.op.name == "number":
        exact = Fraction(c.expr.params[0])
        if exact == 0:
            raise refused(x)
        factor = exact if op == "hadamard" else 1 / exact
        return Scores(array, tuple((k * factor, a) for k, a in x.shifts), x.mask)
    return Scores(array, tuple((k, binary(fit, op, a, c)) for k, a in x.shifts), x.mask)


def _positive(e: Expr) -> bool:
    """Whether a number is above 0 whatever the sizes: made of sizes and positive numbers without a difference."""
    for node in postorder(e):
        if node.op.name == "number" and not (isinstance(node.params[0], Fraction) and node.params[0] > 0):
            return False
        if not node.args and node.op.name not in ("number", "size", "pi"):
            return False
        if node.args and node.op.name not in ("add", "mul", "divide", "power", "sqrt"):
            return False
    return True


def _padded(a: Array, order: int) -> Array:
    """The array with as many axes, those that it lacks of size 1."""
    return Array(a.expr, (ONE,) * (order - len(a.shape)) + a.shape)


def _without(x: Scored, axes: Sequence[int], keepdims: bool) -> Shifts:
    """The shifts once axes are summed over, along which they must be one number."""
    left: list[tuple[Fraction, Array]] = []
    for c, a in x.shifts:
        wide = _padded(a, len(x.shape))
        if any(wide.shape[k] != ONE and x.shape[k] != ONE for k in axes):
            raise refused(x)
        left.append((c, Array(a.expr, without(wide.shape, tuple(axes), keepdims))))
    return tuple(left)


def _times(fit: Fit, x: Weights, y: Array) -> Weights:
    """Weights @ an array: the sum runs over the last axis of the weights."""
    if len(x.shape) < 1 or len(y.shape) < 1:
        raise refused(x)
    shifts = _without(x, (len(x.shape) - 1,), len(y.shape) > 1)
    return Weights(matmul(fit, x.array, y), shifts)


def exponential(fit: Fit, x: Scored) -> Array | Weights:
    """exp(x): 0 where x is -inf."""
    if isinstance(x, Weights):
        raise refused(x)
    made = Array(ones(x.shape), x.shape) if _zero(x.array) else unary("exp", x.array)
    if x.mask is not None:
        made = x.mask if _zero(x.array) and x.mask.shape == x.shape else binary(fit, "hadamard", x.mask, made)
    return Weights(made, x.shifts) if x.shifts else made


def logarithm(x: Scored) -> Scores:
    """log(x)."""
    if isinstance(x, Scores):
        raise refused(x)
    return Scores(unary("log", x.array), x.shifts)


def total(fit: Fit, name: str, x: Scored, axis: Axis, keepdims: bool) -> Weights:
    """The sum or the mean along axes, along which the shifts are one number."""
    if isinstance(x, Scores):
        raise refused(x)
    shifts = _without(x, normal_axes(axis, x.shape), keepdims)
    return Weights(reduced(fit, name, x.array, axis, keepdims), shifts)


def softmax_of(fit: Fit, x: Scored, axis: Axis) -> Array:
    """softmax(x): no shift along its axis changes it, and what is -inf has no share."""
    if isinstance(x, Weights):
        raise refused(x)
    _without(x, normal_axes(axis, x.shape), True)
    if x.mask is None:
        return softmax(fit, x.array, axis)
    parts = exponential(fit, Scores(x.array, (), x.mask))
    assert isinstance(parts, Array)
    return binary(fit, "edivide", parts, reduced(fit, "sum", parts, axis, True))


def logsumexp_of(fit: Fit, x: Scored, axis: Axis, keepdims: bool) -> Array | Scores:
    """log Σ exp x: a shift along the axis comes out of it."""
    if isinstance(x, Weights):
        raise refused(x)
    shifts = _without(x, normal_axes(axis, x.shape), keepdims)
    if x.mask is None:
        return settled(reduced(fit, "logsumexp", x.array, axis, keepdims), shifts)
    parts = exponential(fit, Scores(x.array, (), x.mask))
    assert isinstance(parts, Array)
    return settled(unary("log", reduced(fit, "sum", parts, axis, keepdims)), shifts)


def log_softmax_of(fit: Fit, x: Scored, axis: Axis) -> Array | Scores:
    """log(softmax(x)), -inf where x is."""
    if isinstance(x, Weights):
        raise refused(x)
    _without(x, normal_axes(axis, x.shape), True)
    if x.mask is None:
        return log_softmax(fit, x.array, axis)
    less = logsumexp_of(fit, Scores(x.array, (), x.mask), axis, True)
    assert isinstance(less, Array)
    return Scores(binary(fit, "sub", x.array, less), (), x.mask)


def arranged(x: Scored, arrange: Callable[[Array], Array]) -> Scored:
    """Axes moved, added or taken away, of the array and of what stands beside it alike."""
    order = len(x.shape)
    shifts = tuple((c, arrange(_padded(a, order))) for c, a in x.shifts)
    if isinstance(x, Weights):
        return Weights(arrange(x.array), shifts)
    return Scores(arrange(x.array), shifts, None if x.mask is None else arrange(_padded(x.mask, order)))


def masked(fit: Fit, mask: Array, x: Array | Scored) -> Scores:
    """x where the mask is 1, -inf where it is 0."""
    if isinstance(x, Weights):
        raise refused(x)
    s = x if isinstance(x, Scores) else Scores(x)
    shape = fit.together(mask.shape, s.shape)
    both = mask if s.mask is None else binary(fit, "hadamard", mask, s.mask)
    array = zeros(shape) if _zero(s.array) else broadcast_to(fit, s.array, shape)
    return Scores(array, s.shifts, both)
