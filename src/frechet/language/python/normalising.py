"""Layers that normalise: layer norm, RMS norm, batch norm, group norm, by the formulas of PyTorch's documentation."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from frechet.core.dim import ONE, Dim
from frechet.errors import FrechetError
from frechet.language.python.arrays import Array, binary, constant, said, unary
from frechet.language.python.axes import Axis, reduced
from frechet.language.python.calls import Call, refuse
from frechet.language.python.shaping import reshaped
from frechet.language.python.statistics import variance
from frechet.language.python.values import Value, array, as_size, operate, truth

Handler = Callable[[Call], Value]


def _layer_norm(call: Call) -> Value:
    x, shape, weight, bias, eps = call.take("input", "normalized_shape", weight=None, bias=None, eps=Fraction(1, 10**5))
    a = array(x)
    last = len(shape) if isinstance(shape, tuple) else 1
    axes = tuple(range(len(a.shape) - last, len(a.shape)))
    return affine(call, normalised(call, a, axes, eps), weight, bias, last)


def normalised(call: Call, a: Array, axes: Axis, eps: Value) -> Array:
    """Less the mean along the axes, over the root of the variance and eps."""
    fit = call.fit
    spread = binary(fit, "add", variance(fit, a, axes, True, 0), array(eps))
    return binary(fit, "edivide", binary(fit, "sub", a, reduced(fit, "mean", a, axes, True)), unary("sqrt", spread))


def affine(call: Call, a: Array, weight: Value, bias: Value, most: int) -> Value:
    """Times the weight, plus the bias; neither has more axes than `most`."""
    made: Value = a
    for op, value in (("hadamard", weight), ("add", bias)):
        if value is not None:
            if len(array(value).shape) > most:
                raise refuse(f"the weight and the bias of {call.name} have at most {most} axes")
            made = operate(call.fit, op, made, value)
    return made


def _rms_norm(call: Call) -> Value:
    x, shape, weight, eps = call.take("input", "normalized_shape", weight=None, eps=None)
    if eps is None:
        raise refuse("rms_norm without eps takes the least step of the numbers' type: write eps")
    a, fit = array(x), call.fit
    last = len(shape) if isinstance(shape, tuple) else 1
    squares = binary(fit, "epower", a, constant(2))
    below = reduced(fit, "mean", squares, tuple(range(len(a.shape) - last, len(a.shape))), True)
    made = binary(fit, "edivide", a, unary("sqrt", binary(fit, "add", below, array(eps))))
    return affine(call, made, weight, None, last)


def _by_channel(call: Call, a: Array, value: Value) -> Value:
    """A vector with an entry for each channel, which is axis 1 of an array of this shape."""
    if value is None:
        return None
    v = array(value)
    if len(v.shape) != 1:
        raise refuse(f"the weight and the bias of {call.name} are vectors, an entry a channel")
    return Array(v.expr, (v.shape[0], *(ONE for _ in a.shape[2:])))


_BATCH: dict[str, Value] = {
    "running_mean": None,
    "running_var": None,
    "weight": None,
    "bias": None,
    "training": False,
    "momentum": None,
    "eps": Fraction(1, 10**5),
}
"""The arguments of batch_norm in their order."""


def _batch_norm(call: Call) -> Value:
    x, mean, var, weight, bias, training, _, eps = call.take("input", **_BATCH)
    a, fit = array(x), call.fit
    if len(a.shape) < 2:
        raise FrechetError("shape", f"batch_norm needs a batch of channels; got {said(a.shape)}")
    weight, bias = (_by_channel(call, a, v) for v in (weight, bias))
    if truth(training):
        made = normalised(call, a, tuple(k for k in range(len(a.shape)) if k != 1), eps)
        return affine(call, made, weight, bias, len(a.shape))
    if mean is None or var is None:
        raise refuse("batch_norm outside training needs the running mean and variance")
    middle, spread = (array(_by_channel(call, a, v)) for v in (mean, var))
    below = unary("sqrt", binary(fit, "add", spread, array(eps)))
    made = binary(fit, "edivide", binary(fit, "sub", a, middle), below)
    return affine(call, made, weight, bias, len(a.shape))


def _group_norm(call: Call) -> Value:
    x, groups, weight, bias, eps = call.take("input", "num_groups", weight=None, bias=None, eps=Fraction(1, 10**5))
    a, g = array(x), Dim.of(as_size(groups))
    each = a.shape[1].quotient(g) if len(a.shape) > 1 else None
    if len(a.shape) < 2 or each is None or any(c.denominator != 1 for _, c in each.terms):
        raise FrechetError("shape", f"the channels of {said(a.shape)} are not known to fall into {g} groups")
    parted = reshaped(a, (a.shape[0], g, each, *a.shape[2:]))
    made = reshaped(normalised(call, parted, tuple(range(2, len(parted.shape))), eps), a.shape)
    weight, bias = (_by_channel(call, a, v) for v in (weight, bias))
    return affine(call, made, weight, bias, len(a.shape))


NORMALISING: dict[str, Handler] = {
    "functional.layer_norm": _layer_norm,
    "functional.rms_norm": _rms_norm,
    "functional.batch_norm": _batch_norm,
    "functional.group_norm": _group_norm,
}
"""The part of the table that normalises."""
