"""Linear algebra and products: the rest of NumPy's part of the table."""

from __future__ import annotations

from collections.abc import Callable

from frechet.core.dim import ONE, least
from frechet.errors import FrechetError
from frechet.language.python import products
from frechet.language.python.arrays import Array, Fit, binary, conjugate, constant, said, whole
from frechet.language.python.axes import normal_axis, reduced, reversed_axes
from frechet.language.python.calls import Call, arrays_of, refuse
from frechet.language.python.contractions import turned
from frechet.language.python.values import Refused, Value, array, integer, operate, truth
from frechet.ops import REGISTRY
from frechet.ops.expressions import apply

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
    x, offset, first, second = call.take("x", offset=0, axis1=0, axis2=1)
    a = array(x)
    if offset != 0:
        raise refuse("the trace beside the main diagonal is not read")
    one, other = integer(first, "an axis"), integer(second, "an axis")
    if len(a.shape) > 2:
        return reduced(call.fit, "sum", products.diagonal_of(call.fit, a, one, other), -1)
    if len(a.shape) == 2 and normal_axis(one, 2) == normal_axis(other, 2):
        raise FrechetError("shape", "a trace is over two axes; one is named twice")
    a = _square(call, x)
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
    if len(a.shape) != len(b.shape):
        raise FrechetError("shape", f"vdot lays {said(a.shape)} and {said(b.shape)} flat: give both one shape")
    if len(a.shape) == 1:
        return products.dot(fit, a, b)
    _alike(fit, a, b)
    return reduced(fit, "sum", binary(fit, "hadamard", a, b))


def _alike(fit: Fit, a: Array, b: Array) -> None:
    """Refuse two arrays whose sizes differ: where both are laid flat nothing is broadcast."""
    for p, q in zip(a.shape, b.shape, strict=True):
        if (p == ONE) != (q == ONE):
            raise FrechetError("shape", f"vdot lays {said(a.shape)} and {said(b.shape)} flat: give both one shape")
        fit.unify(p, q)


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
    "functional.linear": _linear,
    **dict.fromkeys(("detach", "stop_gradient", "jax.lax.stop_gradient"), _detached),
    **dict.fromkeys(("rand", "randn", "normal", "rand_like", "randn_like", "functional.dropout"), _random),
}
"""The part of the table that is linear algebra."""
