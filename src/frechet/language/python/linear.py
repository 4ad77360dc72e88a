"""Linear algebra, products, shapes and constant arrays: the rest of NumPy's part of the table."""

from __future__ import annotations

from collections.abc import Callable

from frechet.core.dim import ONE, least
from frechet.errors import FrechetError
from frechet.language.python import products, shaping
from frechet.language.python.arrays import Array, Fit, binary, conjugate, constant, said, turned, whole
from frechet.language.python.axes import Axis, broadcast_to, normal_axis, permuted, reduced, reversed_axes, swapped
from frechet.language.python.calls import Call, arrays_of, axis_of, refuse, shape_of
from frechet.language.python.values import Refused, Value, array, as_size, integer, operate, truth
from frechet.ops import REGISTRY
from frechet.ops.expressions import apply
from frechet.ops.shaping import TRIANGLES

Handler = Callable[[Call], Value]


def _matrix(call: Call, value: Value) -> Array:
    a = array(value)
    if len(a.shape) > 2:
        raise refuse(f"{call.name} of a batch of matrices, {said(a.shape)}, is not done yet")
    if len(a.shape) != 2:
        raise FrechetError("shape", f"{call.name} needs an array of two axes; got shape {said(a.shape)}")
    return a


def _square(call: Call, value: Value) -> Array:
    a = _matrix(call, value)
    try:
        n = call.fit.unify(*a.shape)
    except FrechetError:
        raise FrechetError("shape", f"{call.name} needs a square matrix; got {said(a.shape)}") from None
    return Array(a.expr, (n, n))


def _trace(call: Call) -> Value:
    a = _square(call, call.take("x")[0])
    return Array(apply("tr", (a.expr,), (), call.fit.unify) if a.expr.shape else a.expr, ())


def _slogdet(call: Call) -> Value:
    a = _square(call, call.take("x")[0])
    sign = Refused("sign", "the sign of a determinant has no derivative: take the second part, slogdet(A)[1]")
    return (sign, Array(apply("logdet", (a.expr,), (), call.fit.unify), ()))


def _cholesky(call: Call) -> Value:
    x, lower, upper = call.take("x", lower=None, upper=None)
    a = _square(call, x)
    made = apply("chol", (a.expr,), (), call.fit.unify)
    if lower is None and upper is None and call.path.startswith("scipy"):
        lower = False
    if lower is None and upper is None and call.library == "":
        raise refuse("cholesky is lower in NumPy and upper in SciPy: write np.linalg.cholesky(A), or lower=True")
    turn = (lower is not None and not truth(lower)) or (upper is not None and truth(upper))
    return Array(turned(made) if turn else made, a.shape)


def _eigh(call: Call) -> Value:
    a = _square(call, call.take("x")[0])
    vectors = Refused(
        "vectors", "the sign of an eigenvector is not settled: write what is meant with eigvalsh, or as a sum"
    )
    return (Array(apply("eigvalsh", (a.expr,), (), call.fit.unify), a.shape[:1]), vectors)


def _svd(call: Call) -> Value:
    x, _, compute = call.take("x", full_matrices=True, compute_uv=True)
    a = _matrix(call, x)
    values = Array(apply("svdvals", (whole(a),)), (least(*a.shape),))
    if not truth(compute) or call.name == "svdvals":
        return values
    vectors = Refused("vectors", "the signs of singular vectors are not settled: take svd(A, compute_uv=False)")
    return (vectors, values, vectors)


def _solve(call: Call) -> Value:
    x, y = call.take("x", "y", **({"assume_a": None} if call.path.startswith("scipy") else {}))[:2]
    a, b = _square(call, x), array(y)
    return products.matmul(call.fit, Array(apply("inv", (a.expr,), (), call.fit.unify), a.shape), b, "solve")


def _matrix_power(call: Call) -> Value:
    x, n = call.take("x", "n")
    a, k = _square(call, x), integer(n, "the power of a matrix")
    return Array(apply("power", (a.expr, constant(k).expr), (), call.fit.unify), a.shape)


def _multi_dot(call: Call) -> Value:
    first, *rest = arrays_of(call.take("x")[0])
    for b in rest:
        first = products.matmul(call.fit, first, b, "multi_dot")
    return first


def _product(of: Callable[[Fit, Array, Array], Array]) -> Handler:
    def read(call: Call) -> Value:
        x, y = call.take("x", "y")
        return of(call.fit, array(x), array(y))

    return read


def _exact(of: Callable[[Fit, Array, Array], Array], left: int, right: int) -> Handler:
    def read(call: Call) -> Value:
        x, y = map(array, call.take("x", "y"))
        if (len(x.shape), len(y.shape)) != (left, right):
            text = f"{call.name} takes arrays of {left} and {right} axes; got {said(x.shape)} and {said(y.shape)}"
            raise FrechetError("shape", text)
        return of(call.fit, x, y)

    return read


def _vdot(fit: Fit, a: Array, b: Array) -> Array:
    a = conjugate(a)
    if len(a.shape) == len(b.shape) == 2:
        return reduced(fit, "sum", binary(fit, "hadamard", a, b))
    return products.dot(fit, a, b) if len(a.shape) == 1 else binary(fit, "hadamard", a, b)


def _outer(call: Call) -> Value:
    x, y = call.take("x", "y")
    return products.outer_product(call.fit, array(x), array(y))


def _einsum(call: Call) -> Value:
    spec, *arrays = call.args
    if not isinstance(spec, str):
        raise refuse('einsum begins with its subscripts, as in np.einsum("ij,jk->ik", A, B)')
    if set(call.kwargs) - {"optimize", "precision"}:
        raise refuse("einsum takes its subscripts and arrays only")
    return products.einsum(call.fit, spec, [array(v) for v in arrays])


def _tensordot(call: Call) -> Value:
    x, y, axes = call.args if len(call.args) == 3 else call.take("x", "y", axes=2, dims=None)[:3]
    if isinstance(axes, tuple):
        left, right = (k if isinstance(k, tuple) else (k,) for k in axes)
        pair = tuple(integer(k, "an axis") for k in left), tuple(integer(k, "an axis") for k in right)
        return products.tensordot(call.fit, array(x), array(y), pair)
    return products.tensordot(call.fit, array(x), array(y), integer(axes, "axes"))


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
    i, j = (normal_axis(integer(k, "an axis"), len(a.shape)) for k in (source, target))
    order = [k for k in range(len(a.shape)) if k != i]
    return permuted(a, (*order[:j], i, *order[j:]))


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


def _squeeze(call: Call) -> Value:
    x, axis = call.take("x", axis=None)
    k: Axis = axis_of(axis)
    return shaping.squeezed(array(x), k)


def _expand(call: Call) -> Value:
    x, axis = call.take("x", "axis")
    return shaping.expanded(array(x), integer(axis, "an axis"))


def _concatenate(call: Call) -> Value:
    x, axis = call.take("x", axis=0)
    return shaping.joined(call.fit, arrays_of(x), integer(axis, "the axis"))


def _stack(call: Call) -> Value:
    x, axis = call.take("x", axis=0)
    return shaping.stacked(call.fit, arrays_of(x), integer(axis, "the axis"))


def _hstack(call: Call) -> Value:
    arrays = arrays_of(call.take("x")[0])
    return shaping.joined(call.fit, arrays, 0 if len(arrays[0].shape) == 1 else 1)


def _vstack(call: Call) -> Value:
    arrays = [shaping.expanded(a, 0) if len(a.shape) == 1 else a for a in arrays_of(call.take("x")[0])]
    return shaping.joined(call.fit, arrays, 0)


def _column_stack(call: Call) -> Value:
    arrays = [shaping.expanded(a, 1) if len(a.shape) == 1 else a for a in arrays_of(call.take("x")[0])]
    return shaping.joined(call.fit, arrays, 1)


def _diag(call: Call) -> Value:
    x, k = call.take("x", k=0)
    if k != 0:
        raise refuse("a diagonal beside the main one is not read")
    a = array(x)
    if call.name == "diagonal" and len(a.shape) != 2:
        raise FrechetError("shape", f"diagonal needs an array of two axes; got {said(a.shape)}")
    if call.name == "diagflat":
        a = shaping.reshaped(a, (-1,))
    return shaping.diagonal(call.fit, a)


def _triangle(op: str) -> Handler:
    def read(call: Call) -> Value:
        x, k = call.take("x", k=0)
        if k != 0:
            raise refuse(f"{op} of another diagonal than the main one is not read")
        a = _matrix(call, x)
        made = apply(op, (whole(a),))
        return Array(turned(made) if a.shape[0] == ONE and a.shape[1] != ONE else made, a.shape)

    return read


def _broadcast_to(call: Call) -> Value:
    x, *rest = call.args
    shape = rest[0] if len(rest) == 1 and isinstance(rest[0], tuple) else tuple(rest)
    return broadcast_to(call.fit, array(x), shape_of(shape))


def _linear(call: Call) -> Value:
    x, weight, bias = call.take("x", "weight", bias=None)
    made = products.matmul(call.fit, array(x), reversed_axes(array(weight)))
    return made if bias is None else operate(call.fit, "add", made, bias)


def _detached(call: Call) -> Value:
    raise refuse(f"{call.name} holds a part constant: pass that part as an argument, and do not differentiate by it")


def _random(call: Call) -> Value:
    raise refuse(f"{call.name} draws numbers: pass them as an argument")


LINEAR: dict[str, Handler] = {
    **dict.fromkeys(REGISTRY["tr"].python, _trace),
    **dict.fromkeys(("linalg.slogdet", "slogdet"), _slogdet),
    **dict.fromkeys(("linalg.cholesky", "cholesky"), _cholesky),
    "linalg.eigh": _eigh,
    **dict.fromkeys(("linalg.svd", "svd", *REGISTRY["svdvals"].python), _svd),
    "linalg.solve": _solve,
    "linalg.matrix_power": _matrix_power,
    "matrix_power": _matrix_power,
    "linalg.multi_dot": _multi_dot,
    **dict.fromkeys(("matmul", "linalg.matmul"), _product(products.matmul)),
    "dot": _product(products.dot),
    "inner": _product(products.inner),
    "vdot": _product(_vdot),
    "mm": _exact(products.matmul, 2, 2),
    "mv": _exact(products.matmul, 2, 1),
    "bmm": _exact(products.matmul, 3, 3),
    **dict.fromkeys(("outer", "linalg.outer", "ger"), _outer),
    "kron": _product(products.kron),
    "einsum": _einsum,
    "tensordot": _tensordot,
    "transpose": _transpose,
    "permute": _permute,
    "t": lambda call: reversed_axes(array(call.take("x")[0])),
    "adjoint": lambda call: swapped(conjugate(array(call.take("x")[0])), -1, -2),
    **dict.fromkeys(("swapaxes", "swapdims"), _swapaxes),
    **dict.fromkeys(("moveaxis", "movedim"), _moveaxis),
    **dict.fromkeys(("reshape", "view"), _reshape),
    **dict.fromkeys(("ravel", "flatten"), _ravel),
    "squeeze": _squeeze,
    **dict.fromkeys(("expand_dims", "unsqueeze"), _expand),
    **dict.fromkeys(("concatenate", "concat", "cat"), _concatenate),
    "stack": _stack,
    "hstack": _hstack,
    "vstack": _vstack,
    "column_stack": _column_stack,
    **dict.fromkeys(("diag", "diagonal", "diagflat", "diag_embed", "linalg.diagonal"), _diag),
    **{name: _triangle(op.name) for op in TRIANGLES for name in op.python},
    "broadcast_to": _broadcast_to,
    "functional.linear": _linear,
    **dict.fromkeys(("detach", "stop_gradient"), _detached),
    **dict.fromkeys(("rand", "randn", "normal", "rand_like", "randn_like", "functional.dropout"), _random),
}
"""The part of the table that is linear algebra, shapes and constants."""
