"""The losses of torch.nn.functional and its like, by the formulas of their documentation."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from frechet.core.dim import ONE, Dim
from frechet.errors import FrechetError
from frechet.language.python.arrays import Array, Fit, binary, constant, said, size_array, unary
from frechet.language.python.axes import log_softmax, normal_axis, reduced
from frechet.language.python.calls import Call, refuse
from frechet.language.python.elementwise import huber
from frechet.language.python.statistics import norm_along, variance
from frechet.language.python.values import Value, array, integer, operate, truth

Handler = Callable[[Call], Value]


def _reduced(fit: Fit, losses: Array, how: Value) -> Array:
    if how == "none":
        return losses
    if how not in ("mean", "sum"):
        raise refuse(f"the reduction {how!r} is not read: 'mean', 'sum' and 'none' are")
    return reduced(fit, str(how), losses)


def _same_shape(call: Call, a: Array, b: Array) -> None:
    if len(a.shape) != len(b.shape):
        text = f"{call.name} of shapes {said(a.shape)} and {said(b.shape)} would broadcast: give both one shape"
        raise FrechetError("shape", text)


def _pairwise(of: Callable[[Fit, Array, Array], Array]) -> Handler:
    def read(call: Call) -> Value:
        x, y, how = call.take("input", "target", reduction="mean")
        a, b = array(x), array(y)
        _same_shape(call, a, b)
        return _reduced(call.fit, of(call.fit, a, b), how)

    return read


def _squared(fit: Fit, a: Array, b: Array) -> Array:
    return binary(fit, "epower", binary(fit, "sub", a, b), constant(2))


def _modulus(fit: Fit, a: Array, b: Array) -> Array:
    return unary("abs", binary(fit, "sub", a, b))


def _with_logits(fit: Fit, z: Array, y: Array) -> Array:
    return binary(fit, "sub", unary("softplus", z), binary(fit, "hadamard", y, z))


def _binary_cross_entropy(call: Call) -> Value:
    x, y, how = call.take("input", "target", reduction="mean")
    p, t, fit = array(x), array(y), call.fit
    _same_shape(call, p, t)
    call.assumed.append("the logarithms of binary_cross_entropy lie above -100, where PyTorch cuts them off")
    one = constant(1)
    first = binary(fit, "hadamard", t, unary("log", p))
    rest = binary(fit, "hadamard", binary(fit, "sub", one, t), unary("log", binary(fit, "sub", one, p)))
    losses = binary(fit, "add", first, rest)
    return _reduced(fit, Array(_negative(losses), losses.shape), how)


def _negative(a: Array):
    from frechet.ops.expressions import apply

    return apply("neg", (a.expr,))


def _huber(call: Call) -> Value:
    smooth = call.name == "smooth_l1_loss"
    x, y, how, delta = call.take("input", "target", reduction="mean", **{"beta" if smooth else "delta": 1})
    a, b, fit = array(x), array(y), call.fit
    _same_shape(call, a, b)
    losses = huber(fit, binary(fit, "sub", a, b), array(delta))
    return _reduced(fit, binary(fit, "edivide", losses, array(delta)) if smooth and delta != 1 else losses, how)


def _cross_entropy(call: Call) -> Value:
    x, y, how, smoothing = call.take("input", "target", reduction="mean", label_smoothing=0)
    z, t, fit = array(x), array(y), call.fit
    if len(z.shape) != len(t.shape) or smoothing != 0:
        raise refuse(
            f"cross_entropy takes class numbers of shape {said(t.shape)} here, which a formula cannot index by: "
            "give the target as probabilities (one-hot) of the shape of the input"
        )
    if len(z.shape) > 2:
        raise refuse("cross_entropy of more than two axes is not done yet")
    axis = len(z.shape) - 1
    terms = binary(fit, "hadamard", t, log_softmax(fit, z, axis))
    losses = reduced(fit, "sum", terms, axis)
    if how == "none":
        return Array(_negative(losses), losses.shape)
    total = Array(_negative(reduced(fit, "sum", terms)), ())
    n = z.shape[0] if len(z.shape) == 2 else ONE
    return total if how == "sum" or n == ONE else binary(fit, "edivide", total, size_array(n))


def _nll(call: Call) -> Value:
    raise refuse("nll_loss picks entries by class numbers: write -(Y * log_p).sum() with one-hot rows Y")


def _kl_div(call: Call) -> Value:
    x, y, how, log_target = call.take("input", "target", reduction="mean", log_target=False)
    a, t, fit = array(x), array(y), call.fit
    _same_shape(call, a, t)
    logs = t if truth(log_target) else unary("log", t)
    weights = unary("exp", t) if truth(log_target) else t
    losses = binary(fit, "hadamard", weights, binary(fit, "sub", logs, a))
    if how == "batchmean":
        return binary(fit, "edivide", reduced(fit, "sum", losses), size_array(Dim.of(a.shape[0])))
    return _reduced(fit, losses, how)


def _poisson(call: Call) -> Value:
    x, y, log_input, full, how = call.take("input", "target", log_input=True, full=False, reduction="mean")
    a, t, fit = array(x), array(y), call.fit
    if full is not False or log_input is not True:
        raise refuse("poisson_nll_loss with full=True or log_input=False is not read: write it out")
    losses = binary(fit, "sub", unary("exp", a), binary(fit, "hadamard", t, a))
    return _reduced(fit, losses, how)


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


def _layer_norm(call: Call) -> Value:
    x, shape, weight, bias, eps = call.take("input", "normalized_shape", weight=None, bias=None, eps=Fraction(1, 10**5))
    if isinstance(shape, tuple) and len(shape) != 1:
        raise refuse("layer_norm over more than the last axis is not read: write the mean and the variance out")
    a, fit = array(x), call.fit
    spread = binary(fit, "add", variance(fit, a, -1, True, 0), array(eps))
    made: Value = binary(
        fit, "edivide", binary(fit, "sub", a, reduced(fit, "mean", a, -1, True)), unary("sqrt", spread)
    )
    made = made if weight is None else operate(fit, "hadamard", made, weight)
    return made if bias is None else operate(fit, "add", made, bias)


LOSSES: dict[str, Handler] = {
    "functional.mse_loss": _pairwise(_squared),
    "functional.l1_loss": _pairwise(_modulus),
    "functional.binary_cross_entropy_with_logits": _pairwise(_with_logits),
    "functional.binary_cross_entropy": _binary_cross_entropy,
    **dict.fromkeys(("functional.huber_loss", "functional.smooth_l1_loss"), _huber),
    "functional.cross_entropy": _cross_entropy,
    "functional.nll_loss": _nll,
    "functional.kl_div": _kl_div,
    "functional.poisson_nll_loss": _poisson,
    "functional.cosine_similarity": _cosine,
    "functional.normalize": _normalize,
    "functional.layer_norm": _layer_norm,
}
"""PyTorch's part of the table."""
