"""Axes and shapes: transposes, reshapes, joining and cutting, triangles, diagonals, arrays repeated."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from frechet.core.dim import ONE, Dim
from frechet.errors import FrechetError
from frechet.language.python import joining, shaping
from frechet.language.python.arrays import Array, Fit, binary, conjugate, constant, ones, said, whole
from frechet.language.python.axes import Axis, broadcast_to, normal_axis, permuted, reversed_axes, swapped
from frechet.language.python.calls import Call, arrays_of, axis_of, one_axis, refuse, shape_of
from frechet.language.python.contractions import turned
from frechet.language.python.products import contracted, diagonal_of
from frechet.language.python.values import Mask, Value, array, as_size, integer
from frechet.ops.expressions import apply
from frechet.ops.shaping import TRIANGLES

Handler = Callable[[Call], Value]


def _transpose(call: Call) -> Value:
    a = array(call.args[0])
    rest = call.args[1:]
    if call.library == "torch" and rest:
        one, other = (integer(k, "an axis") for k in rest)
        return swapped(a, one, other)
    axes = call.kwargs.get("axes", rest[0] if len(rest) == 1 else rest or None)
    if axes is None:
        return reversed_axes(a)
    unsaid = call.dialect in ("", "both") and call.path.startswith("method.")
    if unsaid and len(rest) == 2 and rest not in ((1, 0), (-1, -2)):
        raise refuse(
            "transpose(i, j) exchanges two axes in PyTorch and orders them in NumPy: write swapaxes or permute"
        )
    return _permuted(a, axes)


def _permuted(a: Array, axes: Value) -> Array:
    listed = axes if isinstance(axes, tuple) else (axes,)
    return permuted(a, tuple(normal_axis(integer(k, "an axis"), len(a.shape)) for k in listed))


def _permute(call: Call) -> Value:
    rest = call.args[1:] or tuple(call.kwargs.values())
    return _permuted(array(call.args[0]), rest[0] if len(rest) == 1 else rest)


def _swapaxes(call: Call) -> Value:
    x, one, other = call.take("x", "axis1", "axis2")
    return swapped(array(x), integer(one, "an axis"), integer(other, "an axis"))


def _moveaxis(call: Call) -> Value:
    x, source, target = call.take("x", "source", "destination")
    a = array(x)
    places: list[list[int]] = []
    for value in (source, target):
        listed = value if isinstance(value, tuple) else (value,)
        places.append([normal_axis(integer(k, "an axis"), len(a.shape)) for k in listed])
    moved, to = places
    if len(moved) != len(to) or len(set(moved)) != len(moved) or len(set(to)) != len(to):
        raise FrechetError("shape", "moveaxis names each axis once, and as many places as axes")
    order = [k for k in range(len(a.shape)) if k not in moved]
    for place, k in sorted(zip(to, moved, strict=True)):
        order.insert(place, k)
    return permuted(a, tuple(order))


def _reshape(call: Call) -> Value:
    x, *rest = call.args
    order = call.kwargs.get("order", "C")
    named = call.kwargs.get("shape", call.kwargs.get("newshape"))
    if named is not None:
        rest = [named]
    sizes = rest[0] if len(rest) == 1 and isinstance(rest[0], tuple) else tuple(rest)
    assert isinstance(sizes, tuple)
    return shaping.reshaped(array(x), tuple(as_size(d) for d in sizes), str(order))


def _ravel(call: Call) -> Value:
    x, order = call.take("x", order="C")
    return shaping.reshaped(array(x), (-1,), str(order))


def _flatten(call: Call) -> Value:
    """NumPy's `flatten(order)`; PyTorch's `flatten(start_dim, end_dim)` merges some axes."""
    numbers = any(isinstance(v, int) for v in call.args[1:])
    if not numbers and not call.kwargs.keys() & {"start_dim", "end_dim"}:
        return _ravel(call)
    x, start, end = call.take("x", start_dim=0, end_dim=-1)
    a = array(x)
    i, j = (normal_axis(integer(k, "an axis"), len(a.shape)) for k in (start, end))
    if j < i:
        raise FrechetError("shape", f"flatten from axis {i} to axis {j}")
    merged = ONE
    for d in a.shape[i : j + 1]:
        merged = merged * d
    return shaping.reshaped(a, (*a.shape[:i], merged, *a.shape[j + 1 :]))


def _unflatten(call: Call) -> Value:
    x, axis, sizes = call.take("x", "axis", "sizes")
    a = array(x)
    k = normal_axis(integer(axis, "an axis"), len(a.shape))
    listed = sizes if isinstance(sizes, tuple) else (sizes,)
    below = [as_size(d) for d in listed]
    part = shaping.solved(tuple(below), a.shape[k])
    return shaping.reshaped(a, (*a.shape[:k], *part, *a.shape[k + 1 :]))


def _squeeze(call: Call) -> Value:
    x, axis = call.take("x", axis=None)
    k: Axis = axis_of(axis)
    return shaping.squeezed(array(x), k)


def _expand_dims(call: Call) -> Value:
    x, axis = call.take("x", "axis")
    a, k = array(x), axis_of(axis)
    if not isinstance(k, tuple):
        return shaping.expanded(a, integer(k, "an axis"))
    order = len(a.shape) + len(k)
    for place in sorted(normal_axis(j, order) for j in k):
        a = shaping.expanded(a, place)
    return a


def _concatenate(call: Call) -> Value:
    x, axis = call.take("x", axis=0)
    arrays = arrays_of(x)
    if axis is None:
        return joining.joined(call.fit, [shaping.reshaped(a, (-1,)) for a in arrays], 0)
    return joining.joined(call.fit, arrays, integer(axis, "the axis"))


def _stack(call: Call) -> Value:
    x, axis = call.take("x", axis=0)
    return joining.stacked(call.fit, arrays_of(x), integer(axis, "the axis"))


def _hstack(call: Call) -> Value:
    arrays = arrays_of(call.take("x")[0])
    return joining.joined(call.fit, arrays, 0 if len(arrays[0].shape) == 1 else 1)


def _vstack(call: Call) -> Value:
    arrays = [shaping.expanded(a, 0) if len(a.shape) == 1 else a for a in arrays_of(call.take("x")[0])]
    return joining.joined(call.fit, arrays, 0)


def _column_stack(call: Call) -> Value:
    arrays = [shaping.expanded(a, 1) if len(a.shape) == 1 else a for a in arrays_of(call.take("x")[0])]
    return joining.joined(call.fit, arrays, 1)


def _split(call: Call) -> Value:
    """NumPy's split says how many pieces, or where they part; PyTorch's how long each piece is."""
    x, how, axis = call.take("x", "how", axis=0)
    a = array(x)
    k = normal_axis(integer(axis, "an axis"), len(a.shape))
    n = a.shape[k]
    if call.library == "":
        raise refuse("split says how many pieces in NumPy and how long they are in PyTorch: write np.split")
    if isinstance(how, tuple):
        marks = [Dim.of(as_size(v)) for v in how]
        if call.library == "torch":
            return joining.parts(a, k, marks)
        ends = [Dim.of(0), *marks, n]
        return joining.parts(a, k, [q - p for p, q in pairwise(ends)])
    if call.library != "torch":
        return joining.parts(a, k, joining.even(n, integer(how, "how many pieces")))
    ratio = n.quotient(Dim.of(as_size(how)))
    if ratio is None or ratio.number is None:
        raise refuse("how many pieces split makes is not known: write torch.chunk, or the pieces as slices")
    return joining.parts(a, k, joining.even(n, ratio.number))


def _chunk(call: Call) -> Value:
    x, count, axis = call.take("x", "chunks", axis=0)
    a = array(x)
    k = normal_axis(integer(axis, "an axis"), len(a.shape))
    return joining.parts(a, k, joining.even(a.shape[k], integer(count, "how many pieces")))


def _tiled(fit: Fit, a: Array, times: tuple[Dim, ...]) -> Array:
    while len(a.shape) < len(times):
        a = shaping.expanded(a, 0)
    before = len(a.shape) - len(times)
    for k, r in enumerate(times):
        a = joining.repeated(fit, a, before + k, r, False)
    return a


def _tile(call: Call) -> Value:
    x, *rest = call.args
    times = rest[0] if len(rest) == 1 else tuple(rest)
    if call.kwargs or not rest:
        (x, times) = call.take("x", "reps")
    return _tiled(call.fit, array(x), shape_of(times))


def _repeat(call: Call) -> Value:
    """NumPy's repeat takes each entry so many times; PyTorch's method tiles."""
    if call.path == "method.repeat" and call.library in ("torch", ""):
        if call.library == "":
            raise refuse("repeat tiles the array in PyTorch and repeats entries in NumPy: write np.tile or np.repeat")
        return _tile(call)
    x, times, axis = call.take("x", "repeats", axis=None)
    a, k = array(x), one_axis(axis)
    if k is None:
        a, k = shaping.reshaped(a, (-1,)), 0
    if isinstance(times, tuple):
        raise refuse("repeat is read with one number for all entries")
    return joining.repeated(call.fit, a, k, Dim.of(as_size(times)), True)


def _embedded(fit: Fit, a: Array) -> Array:
    """Each vector along the last axis as a diagonal matrix."""
    n, axes = a.shape[-1], list(range(len(a.shape)))
    identity = Array(apply("eye", (), (n,)) if n != ONE else constant(1).expr, (n, n))
    return contracted(fit, [a, identity], [axes, [axes[-1], len(axes)]], [*axes, len(axes)])


def _diag(call: Call) -> Value:
    x, k, first, second = call.take("x", k=0, axis1=None, axis2=None)
    if k != 0:
        raise refuse("a diagonal beside the main one is not read")
    a = array(x)
    if call.name == "diagonal" and (len(a.shape) > 2 or first is not None):
        if len(a.shape) < 2:
            raise FrechetError("shape", f"diagonal needs two axes; got {said(a.shape)}")
        last = (-2, -1) if call.path.startswith(("numpy.linalg", "torch.linalg")) else (0, 1)
        one = last[0] if first is None else integer(first, "an axis")
        other = last[1] if second is None else integer(second, "an axis")
        return diagonal_of(call.fit, a, one, other)
    if call.name == "diagonal" and len(a.shape) != 2:
        raise FrechetError("shape", f"diagonal needs an array of two axes; got {said(a.shape)}")
    if call.name == "diag_embed" and len(a.shape) > 1:
        return _embedded(call.fit, a)
    if call.name == "diagflat":
        a = shaping.reshaped(a, (-1,))
    return shaping.diagonal(call.fit, a)


def triangle(fit: Fit, op: str, a: Array, k: int) -> Array:
    """np.tril or np.triu of the last two axes; k is 0, or leaves out the main diagonal as well.

    >>> from frechet.language.python.arrays import leaf
    >>> triangle(Fit(), "triu", leaf("X", ("n", "n")), 1).expr
    sub(variable('X', ()), tril(variable('X', ())))
    """
    names = [other.name for other in TRIANGLES]
    beyond = 1 if op == names[1] else -1
    if k == beyond:
        opposite = names[0] if op == names[1] else names[1]
        return binary(fit, "sub", a, triangle(fit, opposite, a, 0))
    if k != 0:
        raise refuse(f"{op} with k = {k} is not read: k = 0 and k = {beyond} are")
    if len(a.shape) > 2:
        part = triangle(fit, op, Array(ones(a.shape[-2:]), a.shape[-2:]), 0)
        return binary(fit, "hadamard", a, part)
    made = apply(op, (whole(a),))
    return Array(turned(made) if a.axes == (1,) else made, a.shape)


def _triangle(op: str) -> Handler:
    def read(call: Call) -> Value:
        x, k = call.take("x", k=0)
        if isinstance(x, Mask):
            return Mask(triangle(call.fit, op, x.array, integer(k, "the diagonal")))
        a = array(x)
        if len(a.shape) < 2:
            raise FrechetError("shape", f"{op} needs an array of two axes; got shape {said(a.shape)}")
        return triangle(call.fit, op, a, integer(k, "the diagonal"))

    return read


def _broadcast_to(call: Call) -> Value:
    x, *rest = call.args
    listed = rest[0] if len(rest) == 1 and isinstance(rest[0], tuple) else tuple(rest)
    if call.kwargs:
        x, listed = call.take("x", "shape")
    a = array(x)
    assert isinstance(listed, tuple)
    at = len(a.shape) - len(listed)
    kept = [a.shape[at + k] if d == -1 and at + k >= 0 else Dim.of(as_size(d)) for k, d in enumerate(listed)]
    return broadcast_to(call.fit, a, tuple(kept))


def _as_other(call: Call) -> Value:
    x, y = map(array, call.take("x", "y"))
    return broadcast_to(call.fit, x, y.shape) if call.name == "expand_as" else shaping.reshaped(x, y.shape)


ARRANGING: dict[str, Handler] = {
    **dict.fromkeys(("transpose", "permute_dims"), _transpose),
    "permute": _permute,
    "t": lambda call: reversed_axes(array(call.take("x")[0])),
    **dict.fromkeys(("matrix_transpose", "linalg.matrix_transpose"), lambda call: swapped(array(call.args[0]), -1, -2)),
    "adjoint": lambda call: swapped(conjugate(array(call.take("x")[0])), -1, -2),
    **dict.fromkeys(("swapaxes", "swapdims"), _swapaxes),
    **dict.fromkeys(("moveaxis", "movedim"), _moveaxis),
    **dict.fromkeys(("reshape", "view"), _reshape),
    "ravel": _ravel,
    "flatten": _flatten,
    "unflatten": _unflatten,
    "squeeze": _squeeze,
    **dict.fromkeys(("expand_dims", "unsqueeze"), _expand_dims),
    **dict.fromkeys(("concatenate", "concat", "cat"), _concatenate),
    "stack": _stack,
    "hstack": _hstack,
    "vstack": _vstack,
    "column_stack": _column_stack,
    "split": _split,
    "chunk": _chunk,
    "tile": _tile,
    "repeat": _repeat,
    "repeat_interleave": _repeat,
    **dict.fromkeys(("diag", "diagonal", "diagflat", "diag_embed", "linalg.diagonal"), _diag),
    **{name: _triangle(op.name) for op in TRIANGLES for name in op.python},
    **dict.fromkeys(("broadcast_to", "expand"), _broadcast_to),
    **dict.fromkeys(("expand_as", "view_as", "reshape_as"), _as_other),
}
"""The part of the table that arranges entries."""
