"""The functions that scores are passed to: what is under way to a softmax, its maximum taken off or parts masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from frechet.errors import FrechetError
from frechet.language.python.arranging import ARRANGING, triangle
from frechet.language.python.arrays import Array, ones
from frechet.language.python.calls import Call, axis_of, refuse
from frechet.language.python.elementwise import ELEMENTWISE
from frechet.language.python.libraries import relative
from frechet.language.python.scores import (
    Scored,
    Scores,
    Weights,
    arranged,
    exponential,
    log_softmax_of,
    logarithm,
    logsumexp_of,
    peak,
    refused,
    softmax_of,
    total,
)
from frechet.language.python.statistics import softmax_axis, with_places
from frechet.language.python.values import Value, array, integer, truth
from frechet.ops import REGISTRY
from frechet.ops.shaping import TRIANGLES

Handler = Callable[[Call], Value]


def _scores(value: Value) -> Scored:
    if not isinstance(value, (Scores, Weights)):
        raise FrechetError("unsupported", "a maximum or -inf stands where it has no reading")
    return value


def _exp(call: Call) -> Value:
    return exponential(call.fit, _scores(call.take("x")[0]))


def _log(call: Call) -> Value:
    return logarithm(_scores(call.take("x")[0]))


def _total(name: str) -> Handler:
    def read(call: Call) -> Value:
        x, axis, keepdims = call.take("x", axis=None, keepdims=False)
        return total(call.fit, name, _scores(x), axis_of(axis), truth(keepdims))

    return read


def _softmax(call: Call) -> Value:
    x, axis = call.take("x", axis=None)
    s = _scores(x)
    return softmax_of(call.fit, s, softmax_axis(call, len(s.shape), axis))


def _log_softmax(call: Call) -> Value:
    x, axis = call.take("x", axis=None)
    s = _scores(x)
    return log_softmax_of(call.fit, s, softmax_axis(call, len(s.shape), axis))


def _logsumexp(call: Call) -> Value:
    x, axis, keepdims = call.take("x", axis=None, keepdims=False)
    if axis is None and call.library == "torch":
        raise refuse("torch.logsumexp needs dim")
    return logsumexp_of(call.fit, _scores(x), axis_of(axis), truth(keepdims))


def _largest(call: Call) -> Value:
    x, axis, keepdims = call.take("x", axis=None, keepdims=False)
    return with_places(call, peak(call.fit, _scores(x), axis_of(axis), truth(keepdims)))


def _held(call: Call) -> Value:
    """stop_gradient of a maximum alone: what cancels may be held constant."""
    s = _scores(call.take("x")[0])
    if isinstance(s, Weights) or s.mask is not None or s.array.expr.op.name != "zeros":
        raise refused(s)
    return s


def _arranged(name: str) -> Handler:
    def read(call: Call) -> Value:
        s = _scores(call.args[0])
        if name == "squeeze" and len(call.args) + len(call.kwargs) < 2:
            raise refuse("squeeze of a maximum: name the axis")

        def arrange(a: Array) -> Array:
            inner = Call(call.path, (a, *call.args[1:]), call.kwargs, call.fit, call.dialect, call.assumed)
            return array(ARRANGING[name](inner))

        return arranged(s, arrange)

    return read


def _triangle(place: int) -> Handler:
    """The entries of -inf beyond a diagonal, zeros elsewhere: `np.triu(np.full((n, n), -np.inf), k=1)`."""

    def read(call: Call) -> Value:
        x, k = call.take("x", k=0)
        s = _scores(x)
        if isinstance(s, Weights) or s.shifts or s.mask is None or len(s.shape) != 2:
            raise refused(s)
        if s.array.expr.op.name != "zeros" or s.mask.expr.op.name != "zeros":
            raise refused(s)
        whole = Array(ones(s.shape), s.shape)
        other = TRIANGLES[1 - place].name
        beyond = integer(k, "the diagonal") + (-1 if place else 1)
        return Scores(s.array, (), triangle(call.fit, other, whole, beyond))

    return read


SCORED: Mapping[str, Handler] = {
    "exp": _exp,
    "log": _log,
    **{name: _total(op) for op in ("sum", "mean") for name in REGISTRY[op].python},
    **dict.fromkeys(REGISTRY["softmax"].python, _softmax),
    **dict.fromkeys(("log_softmax", "special.log_softmax", "nn.log_softmax", "functional.log_softmax"), _log_softmax),
    **dict.fromkeys(REGISTRY["logsumexp"].python, _logsumexp),
    **dict.fromkeys(("max", "amax"), _largest),
    **dict.fromkeys(("detach", "stop_gradient", "jax.lax.stop_gradient"), _held),
    **{
        name: _arranged(name)
        for name in ("squeeze", "expand_dims", "unsqueeze", "transpose", "permute", "swapaxes", "moveaxis", "t")
    },
    **{name: _triangle(place) for place, op in enumerate(TRIANGLES) for name in op.python},
    **{name: ELEMENTWISE[name] for name in ("where", "masked_fill")},
}
"""The part of the table that scores have."""


def scored_meaning(path: str) -> Handler:
    """What a function of scores means; a refusal where it has no reading for them."""
    found = next((SCORED[name] for name in (path, *relative(path)) if name in SCORED), None)
    return found or _refuse


def _refuse(call: Call) -> Value:
    raise refused(next(v for v in (*call.args, *call.kwargs.values()) if isinstance(v, (Scores, Weights))))
