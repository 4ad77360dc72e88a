"""Constant arrays and copies: ones, zeros, eye, arrays written out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from frechet.core.dim import ONE, Dim
from frechet.language.python.arrays import Array, Fit, constant, ones
from frechet.language.python.calls import Call, kind_of, refuse, shape_of
from frechet.language.python.joining import stacked
from frechet.language.python.masks import places
from frechet.language.python.scores import nowhere
from frechet.language.python.values import Mask, Value, array, as_size, integer
from frechet.ops import REGISTRY
from frechet.ops.expressions import apply

Handler = Callable[[Call], Value]


def _filled(value: int) -> Handler:
    def read(call: Call) -> Value:
        given = call.kwargs.get("dtype")
        if kind_of(given) == "bool":
            call = replace(call, kwargs={k: v for k, v in call.kwargs.items() if k != "dtype"})
        args = call.args if len(call.args) > 1 and call.library == "torch" else call.take("shape", order=None)[:1]
        shape = shape_of(args[0] if len(args) == 1 else tuple(args))
        made = filled(constant(value), shape)
        return Mask(made) if kind_of(given) == "bool" else made

    return read


def filled(c: Array, shape: tuple[Dim, ...]) -> Array:
    """An array of one number."""
    if all(d == ONE for d in shape):
        return Array(c.expr, shape)
    core = tuple(d for d in shape if d != ONE)
    if c.expr is constant(0).expr:
        return Array(apply("zeros", (), core), shape)
    e = ones(shape)
    return Array(e if c.expr is constant(1).expr else apply("mul", (c.expr, e)), shape)


def _full(call: Call) -> Value:
    shape, value = call.take("shape", "fill_value")
    if value == float("-inf"):
        return nowhere(shape_of(shape))
    return filled(array(value), shape_of(shape))


def _filled_like(value: int | None) -> Handler:
    def read(call: Call) -> Value:
        taken = call.take("x") if value is not None else call.take("x", "fill_value")
        return filled(constant(value) if value is not None else array(taken[1]), array(taken[0]).shape)

    return read


def _eye(call: Call) -> Value:
    n, m = call.take("N", M=None)
    size = Dim.of(as_size(n))
    if m is not None and Dim.of(as_size(m)) != size:
        raise refuse("a rectangular identity is not read: join np.eye(n) and np.zeros((n, m))")
    return Array(apply("eye", (), (size,)) if size != ONE else constant(1).expr, (size, size))


def _array(call: Call) -> Value:
    (x,) = call.take("x")[:1]
    return listed(call.fit, x)


def listed(fit: Fit, value: Value) -> Array:
    """np.array of numbers and lists of them."""
    if not isinstance(value, tuple):
        return array(value)
    if not value:
        raise refuse("an empty array has no derivative")
    return stacked(fit, [listed(fit, v) for v in value], 0) if _flat(value) else _rows(fit, value)


def _flat(value: tuple[Value, ...]) -> bool:
    return not any(isinstance(v, tuple) for v in value)


def _rows(fit: Fit, value: tuple[Value, ...]) -> Array:
    return stacked(fit, [listed(fit, v) for v in value], 0)


def _arange(call: Call) -> Value:
    if len(call.args) == 1 and isinstance(call.args[0], Dim) and call.args[0].number is None:
        return places(call.args[0])
    numbers = [integer(k, "what arange takes") for k in call.args]
    return listed(call.fit, tuple(range(*numbers)))


def _same(call: Call) -> Value:
    return listed(call.fit, call.args[0])


CREATION: dict[str, Handler] = {
    "ones": _filled(1),
    "zeros": _filled(0),
    "full": _full,
    "ones_like": _filled_like(1),
    "zeros_like": _filled_like(0),
    "full_like": _filled_like(None),
    **dict.fromkeys(REGISTRY["eye"].python, _eye),
    **dict.fromkeys(("array", "asarray", "tensor", "as_tensor"), _array),
    **dict.fromkeys(("float", "double", "float64", "float32", "copy", "clone", "contiguous", "item"), _same),
    "arange": _arange,
}
"""The part of the table that makes arrays."""
