"""The losses of torch.nn.functional and its like, by the formulas of their documentation."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from frechet.core.dim import ONE, Dim
from frechet.language.python.arrays import Array, binary, said, size_array, unary
from frechet.language.python.axes import count, log_softmax, normal_axis, reduced
from frechet.language.python.calls import Call, refuse
from frechet.language.python.formulas import reduction, same_shape
from frechet.language.python.statistics import norm_along
from frechet.language.python.values import Value, array, integer, truth

Handler = Callable[[Call], Value]


def _negative(a: Array):
    from frechet.ops.expressions import apply

    return apply("neg", (a.expr,))


def _cross_entropy(call: Call) -> Value:
    x, y, how, smoothing = call.take("input", "target", reduction="mean", label_smoothing=0)
    z, t, fit = array(x), array(y), call.fit
    if len(z.shape) != len(t.shape) or smoothing != 0:
        raise refuse(
            f"cross_entropy takes class numbers of shape {said(t.shape)} here, which a formula cannot index by: "
            "give the target as probabilities (one-hot) of the shape of the input"
        )
    axis = min(len(z.shape) - 1, 1)
    if len(z.shape) > 2:
        call.assumed.append("the classes of cross_entropy run along axis 1, as in PyTorch")
    terms = binary(fit, "hadamard", t, log_softmax(fit, z, axis))
    losses = reduced(fit, "sum", terms, axis)
    if how == "none":
        return Array(_negative(losses), losses.shape)
    total = Array(_negative(reduced(fit, "sum", terms)), ())
    n = count(z.shape, tuple(k for k in range(len(z.shape)) if k != axis))
    return total if how == "sum" or n == ONE else binary(fit, "edivide", total, size_array(n))


def _nll(call: Call) -> Value:
    raise refuse("nll_loss picks entries by class numbers: write -(Y * log_p).sum() with one-hot rows Y")


def _kl_div(call: Call) -> Value:
    x, y, how, log_target = call.take("input", "target", reduction="mean", log_target=False)
    a, t, fit = array(x), array(y), call.fit
    same_shape(call, a, t)
    logs = t if truth(log_target) else unary("log", t)
    weights = unary("exp", t) if truth(log_target) else t
    losses = binary(fit, "hadamard", weights, binary(fit, "sub", logs, a))
    if how == "batchmean":
        return binary(fit, "edivide", reduced(fit, "sum", losses), size_array(Dim.of(a.shape[0])))
    return reduction(call, losses, how)


def _poisson(call: Call) -> Value:
    x, y, log_input, full, how = call.take("input", "target", log_input=True, full=False, reduction="mean")
    a, t, fit = array(x), array(y), call.fit
    if full is not False or log_input is not True:
        raise refuse("poisson_nll_loss with full=True or log_input=False is not read: write it out")
    losses = binary(fit, "sub", unary("exp", a), binary(fit, "hadamard", t, a))
    return reduction(call, losses, how)


def _cosine(call: Call) -> Value:
    x, y, axis, eps = call.take("x1", "x2", axis=1, eps=Fraction(1, 10**8))
    a, b, fit = array(x), array(y), call.fit
    k = integer(axis, "the axis")
    call.assumed.append(f"no norm in cosine_similarity is below eps = {float(_number(eps)):g}")
    products = reduced(fit, "sum", binary(fit, "hadamard", a, b), k)
    norms = binary(fit, "hadamard", norm_along(fit, a, k, False), norm_along(fit, b, k, False))
    return binary(fit, "edivide", products, norms)


def _number(value: Value) -> Fraction:
    return Fraction(value) if isinstance(value, (int, Fraction)) else Fraction(0)


def _normalize(call: Call) -> Value:
    x, p, axis, eps = call.take("input", p=2, axis=1, eps=Fraction(1, 10**12))
    a, k = array(x), integer(axis, "the axis")
    if p != 2:
        raise refuse("normalize is read with p=2: write x / torch.linalg.vector_norm(x, p, dim, keepdim=True)")
    normal_axis(k, len(a.shape))
    call.assumed.append(f"no norm in normalize is below eps = {float(_number(eps)):g}")
    return binary(call.fit, "edivide", a, norm_along(call.fit, a, k, True))


def _softmax_cross_entropy(call: Call) -> Value:
    """optax: -Σ labels * log softmax(logits) along an axis, one number for each of the others."""
    x, y, axis = call.take("logits", "labels", axis=-1)
    z, fit, k = array(x), call.fit, integer(axis, "the axis")
    losses = reduced(fit, "sum", binary(fit, "hadamard", array(y), log_softmax(fit, z, k)), k)
    return Array(_negative(losses), losses.shape)


LOSSES: dict[str, Handler] = {
    "functional.cross_entropy": _cross_entropy,
    "functional.nll_loss": _nll,
    "optax.softmax_cross_entropy": _softmax_cross_entropy,
    "optax.losses.softmax_cross_entropy": _softmax_cross_entropy,
    "functional.kl_div": _kl_div,
    "functional.poisson_nll_loss": _poisson,
    "functional.cosine_similarity": _cosine,
    "functional.normalize": _normalize,
}
"""The losses of PyTorch's part of the table."""
