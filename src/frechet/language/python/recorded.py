"""Functions that are one operation: read by its record, which says what Python calls it and what its arguments are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from frechet.core.dim import ONE, Shape
from frechet.core.op import Op
from frechet.core.records import changes
from frechet.errors import FrechetError
from frechet.language.calls import counts
from frechet.language.calls import letters as spelled
from frechet.language.python.arrays import Array, binary, entrywise, said, unary, whole
from frechet.language.python.calls import Call
from frechet.language.python.contractions import turned
from frechet.language.python.libraries import relative
from frechet.language.python.signs import OPERATORS
from frechet.language.python.values import Value, array, as_size, integer, operate
from frechet.ops import REGISTRY
from frechet.ops.expressions import apply

Handler = Callable[[Call], Value]

_NAMES = {"x": ("x", "y", "z", "w"), "k": ("n",), "d": ("rows", "cols"), "i": ("i",)}
"""What arguments are called, by the letters of `Op.call`."""


@lru_cache(maxsize=1)
def _named(_: int) -> Mapping[str, Op]:
    return {name: op for op in REGISTRY.values() for name in op.python}


def operation_of(path: str) -> Op | None:
    """The operation that a function is: by what its record says that Python calls it, or from the library itself.

    >>> operation_of("numpy.linalg.inv"), operation_of("frechet.vech"), operation_of("numpy.fft.rfft")
    (<op inv>, <op vech>, None)
    """
    named = _named(changes())
    found = next((named[name] for name in (path, *relative(path)) if name in named), None)
    own = path.removeprefix("frechet.")
    if found is None and (own != path or "." not in path) and own in REGISTRY:
        op = REGISTRY[own]
        return op if op.call and (op.outside or own != path) else None
    return found


def outside(path: str) -> Op | None:
    """The operation that a user added under this name, which goes before a library's function of that name."""
    named = _named(changes())
    found = [REGISTRY.get(path.removeprefix("frechet.")), *(named.get(name) for name in (path, *relative(path)))]
    return next((op for op in found if op is not None and op.outside), None)


def reader_of(op: Op) -> Handler:
    """How a call of the operation is read."""
    if op.name in OPERATORS.values():
        return lambda call: operate(call.fit, op.name, *call.take("x", "y"))
    if op.elementwise and op.call.count("x") == 2:
        return lambda call: _of_two(call, op)
    if op.elementwise and op.call.count("x") > 2:
        return lambda call: entrywise(call.fit, op.name, [array(a) for a in call.take(*op.arguments)])
    return lambda call: _applied(call, op)


def _of_two(call: Call, op: Op) -> Value:
    x, y = map(array, call.take("x", "y"))
    return binary(call.fit, op.name, x, y)


def _applied(call: Call, op: Op) -> Value:
    """The operation by its shape rule, which is asked of NumPy's shapes: (n, 1) and (n,) are two."""
    letters = spelled(op.call or "x", len(call.args))
    names = {c: iter(_NAMES.get(c, ())) for c in set(letters)}
    called = [next(names[c], "") for c in letters]
    if not all(called):
        raise FrechetError("unsupported", f"{call.name} has no reading in Python: write it in the formula language")
    least, most = counts(op.call or "x")
    if len(call.args) > len(letters) or len(call.args) + len(call.kwargs) < least:
        raise FrechetError("syntax", f"{call.name} takes {most} argument{'s' * (most != 1)}; got {len(call.args)}")
    given = call.take(*called[:least], **dict.fromkeys(called[least:]))
    pairs = list(zip(letters, given, strict=True))
    params = tuple(integer(v, "a parameter") if c == "k" else as_size(v) for c, v in pairs if c in "kdi")
    operands = [array(v) for c, v in pairs if c == "x" and v is not None]
    if op.elementwise:
        return unary(op.name, operands[0], params)
    shape = _shape(call, op, operands, params)
    made = apply(op, [whole(a) for a in operands], params, call.fit.unify)
    row = len(shape) == 2 and shape[0] == ONE and shape[1] != ONE
    return Array(turned(made) if row else made, shape)


def _shape(call: Call, op: Op, operands: list[Array], params: tuple[object, ...]) -> Shape:
    """NumPy's shape of the value."""
    for a in operands:
        if len(a.shape) > 2:
            raise FrechetError("unsupported", f"{call.name} of a batch of matrices, {said(a.shape)}, is not done yet")
    try:
        return op.shape(tuple(a.shape for a in operands), params, call.fit.unify)
    except FrechetError as trouble:
        wanted = (op.shape.__doc__ or "").partition(";")[0].partition(",")[0].strip()
        if op.outside or not wanted.startswith("A "):
            raise FrechetError("shape", f"{call.name}: {trouble.message}") from None
        got = " and ".join(said(a.shape) for a in operands)
        raise FrechetError("shape", f"{call.name} needs {wanted[0].lower()}{wanted[1:]}; got {got}") from None
