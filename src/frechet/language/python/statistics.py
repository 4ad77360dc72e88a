"""Reductions: sums, means, variances, norms, softmax, and what NumPy, SciPy, JAX and PyTorch each mean by them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from frechet.core.dim import ONE, Dim, Shape
from frechet.language.python.arrays import Array, Fit, binary, constant, is_complex, size_array, unary
from frechet.language.python.axes import Axis, count, largest, log_softmax, normal_axes, reduced, softmax
from frechet.language.python.calls import Call, axis_of, one_axis, refuse
from frechet.language.python.indexing import Cut, indexed
from frechet.language.python.joining import joined
from frechet.language.python.products import matmul
from frechet.language.python.scores import peak
from frechet.language.python.values import Mask, Refused, Value, array, integer, number_or_none, truth
from frechet.ops import REGISTRY
from frechet.ops.expressions import apply


def _few(call: Call, most: int) -> None:
    """Refuse arguments by their places where libraries disagree on what stands there."""
    if len(call.args) > most and call.library != "torch":
        raise refuse(
            f"{call.name} with {len(call.args)} arguments: name those after the first {most}, as in keepdims=True"
        )


def _reduction(op: str) -> Callable[[Call], Value]:
    def read(call: Call) -> Value:
        _few(call, 2)
        x, axis, keepdims = call.take("x", axis=None, keepdims=False)
        if isinstance(x, Mask):
            x = x.array
        if isinstance(x, tuple):
            raise refuse(f"{call.name} of a list: write np.array([…]), or add the terms up")
        return reduced(call.fit, op, array(x), axis_of(axis), truth(keepdims))

    return read


def _logsumexp(call: Call) -> Value:
    _few(call, 2)
    x, axis, keepdims = call.take("x", axis=None, keepdims=False)
    if axis is None and call.library == "torch":
        raise refuse("torch.logsumexp needs dim")
    return reduced(call.fit, "logsumexp", array(x), axis_of(axis), truth(keepdims))


def softmax_axis(call: Call, order: int, axis: Value) -> Axis:
    """The axis of softmax: JAX takes the last, SciPy all entries, PyTorch needs one to be named."""
    if axis is not None or order <= 1:
        return axis_of(axis)
    if call.path.startswith("scipy"):
        return None
    if call.path.startswith("jax"):
        return -1
    raise refuse(
        f"{call.name} of an array of {order} axes needs its axis: axis=-1 (jax.nn's default) or over all entries"
        " (scipy.special's default), write which"
    )


def _softmax(call: Call) -> Value:
    x, axis = call.take("x", axis=None)
    a = array(x)
    return softmax(call.fit, a, softmax_axis(call, len(a.shape), axis))


def _log_softmax(call: Call) -> Value:
    x, axis = call.take("x", axis=None)
    a = array(x)
    return log_softmax(call.fit, a, softmax_axis(call, len(a.shape), axis))


def variance(fit: Fit, a: Array, axis: Axis, keepdims: bool, ddof: int) -> Array:
    """The mean square of what is left after the mean, over the count less `ddof`."""
    if is_complex(a):
        raise refuse("the variance of complex numbers: write the mean of np.abs(x - x.mean())**2")
    centred = binary(fit, "sub", a, reduced(fit, "mean", a, axis, True))
    total = reduced(fit, "sum", binary(fit, "epower", centred, constant(2)), axis, keepdims)
    return binary(fit, "edivide", total, size_array(count(a.shape, normal_axes(axis, a.shape)) - ddof))


def _of_torch(call: Call) -> list[Value]:
    """PyTorch's variance divides by n - 1 unless it is told otherwise: `std(x, dim)`, `std(x, unbiased)`."""
    if call.kwargs.keys() & {"correction", "ddof"}:
        return call.take("x", axis=None, ddof=1, keepdims=False)
    if len(call.args) == 2 and isinstance(call.args[1], bool):
        x, unbiased = call.take("x", unbiased=True)
        return [x, None, 1 if unbiased else 0, False]
    x, axis, unbiased, keepdims = call.take("x", axis=None, unbiased=True, keepdims=False)
    return [x, axis, 1 if unbiased else 0, keepdims]


def _variance(call: Call) -> Value:
    _few(call, 2)
    if call.library == "torch":
        x, axis, ddof, keepdims = _of_torch(call)
    else:
        x, axis, ddof, keepdims = call.take("x", axis=None, ddof=None, keepdims=False)
        if ddof is None and call.path.startswith("method.") and call.dialect == "":
            call.assumed.append(f"{call.name} divides by n, as NumPy's does")
        if ddof is None and call.library == "":
            raise refuse(
                f"{call.name} divides by n in NumPy and by n - 1 in PyTorch: write np.{call.name}(x), or ddof=0"
            )
        ddof = 0 if ddof is None else ddof
    made = variance(call.fit, array(x), axis_of(axis), truth(keepdims), integer(ddof, "ddof"))
    return unary("sqrt", made) if call.name == "std" else made


def norm_along(fit: Fit, a: Array, axis: Axis, keepdims: bool) -> Array:
    """The Euclidean norm along axes, or of everything."""
    axes = normal_axes(axis, a.shape)
    if set(a.axes) <= set(axes):
        made = Array(apply("norm2", (a.expr,)), ())
        return Array(made.expr, reduced(fit, "sum", a, axis, keepdims).shape)
    squares = binary(fit, "epower", unary("abs", a) if is_complex(a) else a, constant(2))
    return unary("sqrt", reduced(fit, "sum", squares, axis, keepdims))


def _norm(call: Call) -> Value:
    if call.name == "vector_norm":
        x, order, axis, keepdims = call.take("x", ord=2, axis=None, keepdims=False)
        return _vector_norm(call.fit, array(x), order, axis_of(axis), truth(keepdims))
    if call.name == "matrix_norm":
        x, order = call.take("x", ord="fro")
        return _matrix_norm(array(x), order)
    if call.path == "torch.norm" or (call.path == "method.norm"):
        x, order, axis, keepdims = call.take("x", p="fro", axis=None, keepdims=False)
        order = 2 if order == "fro" else order
        return _vector_norm(call.fit, array(x), order, axis_of(axis), truth(keepdims))
    x, order, axis, keepdims = call.take("x", ord=None, axis=None, keepdims=False)
    a, k, keep = array(x), axis_of(axis), truth(keepdims)
    if order is None:
        return norm_along(call.fit, a, k, keep)
    two = (k is None and len(a.shape) == 2) or (isinstance(k, tuple) and len(k) == 2)
    if not two:
        if order == "fro" and k is None and len(a.shape) < 2:
            raise refuse("the norm 'fro' is of matrices: leave ord out for a vector")
        return _vector_norm(call.fit, a, order, k, keep)
    if keep or (k is not None and set(normal_axes(k, a.shape)) != set(range(len(a.shape)))):
        raise refuse("a matrix norm along two axes of more, or with keepdims, is not read: leave ord out")
    return _matrix_norm(a, order)


def _vector_norm(fit: Fit, a: Array, order: Value, axis: Axis, keepdims: bool) -> Array:
    if order in (2, None):
        return norm_along(fit, a, axis, keepdims)
    if order == float("inf") and set(a.axes) <= set(normal_axes(axis, a.shape)) and not keepdims:
        return Array(apply("largest", (unary("abs", a).expr,)), ())
    p = number_or_none(order)
    if p is None or p <= 0:
        raise refuse(f"the norm of order {order} is not read: 1, 2 and numbers above 0 are")
    modulus = unary("abs", a)
    if p == 1:
        if set(a.axes) <= set(normal_axes(axis, a.shape)):
            return Array(apply("norm1", (a.expr,)), reduced(fit, "sum", a, axis, keepdims).shape)
        return reduced(fit, "sum", modulus, axis, keepdims)
    total = reduced(fit, "sum", binary(fit, "epower", modulus, constant(p)), axis, keepdims)
    return binary(fit, "epower", total, constant(1 / Fraction(p)))


def _matrix_norm(a: Array, order: Value) -> Array:
    if len(a.shape) != 2:
        raise refuse("a matrix norm needs an array of two axes")
    name = {2: "norm_spectral", "nuc": "norm_nuclear", "fro": "norm2", None: "norm2"}.get(
        order if isinstance(order, (int, str)) or order is None else "?"
    )
    if name is None:
        raise refuse(f"the matrix norm of order {order} is not read: 'fro', 'nuc' and 2 are")
    return Array(apply("norm2" if len(a.axes) < 2 else name, (a.expr,)), ())


def _average(call: Call) -> Value:
    x, axis, weights = call.take("x", axis=None, weights=None)
    a, k, fit = array(x), axis_of(axis), call.fit
    if weights is None:
        return reduced(fit, "mean", a, k)
    w = array(weights)
    if w.shape != a.shape:
        raise refuse("weights of another shape: write np.sum(w * x, axis=…) / np.sum(w)")
    total = reduced(fit, "sum", binary(fit, "hadamard", w, a), k)
    return binary(fit, "edivide", total, reduced(fit, "sum", w, k))


def _cumsum(call: Call) -> Value:
    x, axis = call.take("x", axis=None)
    a = array(x)
    if axis is None and len(a.shape) > 1:
        raise refuse("cumsum of this array: ravel() it first, or name the axis")
    k = 0 if axis is None else normal_axes(one_axis(axis), a.shape)[0]
    n = a.shape[k]
    if n == ONE:
        return a
    if len(a.axes) > 2:
        return Array(apply("cumsum", (a.expr,), (1 + a.axes.index(k),)), a.shape)
    if len(a.shape) > 2:
        flat = Array(a.expr, tuple(a.shape[j] for j in a.axes))
        return Array(_running(call.fit, flat, a.axes.index(k), n).expr, a.shape)
    return _running(call.fit, a, k, n)


def _running(fit: Fit, a: Array, k: int, n: Dim) -> Array:
    """The running sums of a vector or along an axis of a matrix."""
    lower = Array(apply("tril", (apply("ones", (), (n, n)),)), (n, n))
    if k == 0:
        return Array(matmul(fit, lower, a).expr, a.shape)
    upper = Array(apply("triu", (apply("ones", (), (n, n)),)), (n, n))
    return Array(matmul(fit, a, upper).expr, a.shape)


def ends(a: Array, axis: int) -> tuple[Array, Array]:
    """The array without its first and without its last entries along an axis."""
    k = normal_axes(axis, a.shape)[0]
    before: tuple[Cut, ...] = (Cut(None, None),) * k
    return indexed(a, (*before, Cut(1, None))), indexed(a, (*before, Cut(None, -1)))


def _roll(call: Call) -> Value:
    x, shift, axis = call.take("x", "shift", axis=None)
    a, k = array(x), integer(shift, "the shift")
    if axis is None and len(a.shape) != 1:
        raise refuse("roll of a matrix laid flat is not read: name the axis")
    at = 0 if axis is None else normal_axes(axis_of(axis), a.shape)[0]
    if k == 0:
        return a
    before: tuple[Cut, ...] = (Cut(None, None),) * at
    parts = [indexed(a, (*before, Cut(-k, None))), indexed(a, (*before, Cut(None, -k)))]
    return joined(call.fit, parts, at)


def _diff(call: Call) -> Value:
    x, n, axis = call.take("x", n=1, axis=-1)
    a = array(x)
    for _ in range(integer(n, "how often")):
        a = binary(call.fit, "sub", *ends(a, integer(axis, "an axis")))
    return a


def _trapezoid(call: Call) -> Value:
    x, at, dx, axis = call.take("y", x=None, dx=1, axis=-1)
    a, fit = array(x), call.fit
    if len(a.shape) != 1 or axis not in (-1, 0):
        raise refuse("the trapezoid rule is read of a vector")
    after, before = ends(a, 0)
    both = binary(fit, "add", after, before)
    if at is not None:
        both = binary(fit, "hadamard", binary(fit, "sub", *ends(array(at), 0)), both)
        return binary(fit, "edivide", reduced(fit, "sum", both), constant(2))
    return binary(fit, "edivide", binary(fit, "hadamard", array(dx), reduced(fit, "sum", both)), constant(2))


def _extreme(op: str) -> Callable[[Call], Value]:
    def read(call: Call) -> Value:
        _few(call, 2)
        x, axis, keepdims = call.take("x", axis=None, keepdims=False)
        a = array(x)
        if normal_axes(axis_of(axis), a.shape) == tuple(range(len(a.shape))):
            return largest(op, a, truth(keepdims))
        if op != REGISTRY["largest"].name:
            raise refuse(ALONG.format(name=call.name))
        return with_places(call, peak(call.fit, a, axis_of(axis), truth(keepdims)))

    return read


def with_places(call: Call, value: Value) -> Value:
    """PyTorch's max along an axis gives the values and their places."""
    if call.library == "torch" and call.name == "max":
        return (value, Refused("places", "the places of the largest entries have no derivative"))
    return value


def _not_done(text: str) -> Callable[[Call], Value]:
    def read(call: Call) -> Value:
        raise refuse(text.format(name=call.name))

    return read


def _size(call: Call) -> Value:
    x, axis = call.take("x", axis=None)
    a = array(x)
    if axis is None:
        return count(a.shape, tuple(range(len(a.shape))))
    return a.shape[normal_axes(axis_of(axis), a.shape)[0]]


def _shape(call: Call) -> Value:
    a: Shape = array(call.take("x")[0]).shape
    return tuple[Dim, ...](a)


ALONG = "{name} along an axis has no reading yet: np.maximum(a, b) is of two arrays, logsumexp a smooth maximum"
STATISTICS: dict[str, Callable[[Call], Value]] = {
    **{name: _reduction(op) for op in ("sum", "mean", "prod") for name in REGISTRY[op].python},
    **dict.fromkeys(REGISTRY["logsumexp"].python, _logsumexp),
    **dict.fromkeys(REGISTRY["softmax"].python, _softmax),
    **dict.fromkeys(("log_softmax", "special.log_softmax", "nn.log_softmax", "functional.log_softmax"), _log_softmax),
    **dict.fromkeys(("var", "std"), _variance),
    **dict.fromkeys(("linalg.norm", "norm", "linalg.vector_norm", "linalg.matrix_norm"), _norm),
    "average": _average,
    "cumsum": _cumsum,
    "diff": _diff,
    "roll": _roll,
    **dict.fromkeys(("trapz", "trapezoid"), _trapezoid),
    "shape": _shape,
    **dict.fromkeys(("size", "numel"), _size),
    **dict.fromkeys(("max", "amax"), _extreme("largest")),
    **dict.fromkeys(("min", "amin"), _extreme("smallest")),
    **dict.fromkeys(("nanmax", "nanmin"), _not_done("{name} has no reading yet: a symbolic array holds no nan")),
    **dict.fromkeys(
        ("argmax", "argmin", "argsort", "linalg.matrix_rank", "count_nonzero", "any", "all", "unique", "searchsorted"),
        _not_done("{name} has no derivative: it jumps between whole numbers"),
    ),
    **dict.fromkeys(
        ("round", "floor", "ceil", "rint", "trunc", "fix"), _not_done("{name} jumps: its derivative is 0 or none")
    ),
    "torch.sort": _not_done("{name} gives the sorted values and their places: write np.sort(x) for the values"),
    "torch.median": _not_done("{name} is the lower of the middle two entries: write np.median(x) for their mean"),
    **dict.fromkeys(("percentile", "quantile"), _not_done("{name} has no reading yet")),
    "linalg.cond": _not_done(
        "{name} is written out: np.linalg.norm(A, 2) * np.linalg.norm(np.linalg.inv(A), 2), or with another norm"
    ),
    "cov": _not_done(
        "{name} is written out, columns being observations: Xc = X - X.mean(1, keepdims=True), "
        "then Xc @ Xc.T / (X.shape[1] - 1); "
        "where rows are (rowvar=False), Xc = X - X.mean(0), then Xc.T @ Xc / (X.shape[0] - 1)"
    ),
    "corrcoef": _not_done(
        "{name} is written out, columns being observations: Xc = X - X.mean(1, keepdims=True), S = Xc @ Xc.T, "
        "s = np.diag(S) ** 0.5, "
        "then S / np.outer(s, s); where rows are (rowvar=False), Xc = X - X.mean(0) and S = Xc.T @ Xc"
    ),
}
"""The part of the table that reduces."""
