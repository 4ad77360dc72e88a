"""Attention, as PyTorch's `scaled_dot_product_attention` has it: softmax(Q K'/√d) V, with its masks."""

from __future__ import annotations

from collections.abc import Callable

from frechet.errors import FrechetError
from frechet.language.python.arranging import triangle
from frechet.language.python.arrays import Array, binary, ones, size_array, unary
from frechet.language.python.axes import softmax, swapped
from frechet.language.python.calls import Call, refuse
from frechet.language.python.products import matmul
from frechet.language.python.scores import Scores, Weights, masked, softmax_of
from frechet.language.python.values import Mask, Value, array, operate, truth
from frechet.ops.shaping import TRIANGLES

_OPTIONS: dict[str, Value] = {"attn_mask": None, "dropout_p": 0, "is_causal": False, "scale": None}


def _attention(call: Call) -> Value:
    query, key, value, mask, dropout, causal, scale = call.take("query", "key", "value", **_OPTIONS)
    q, k, v, fit = array(query), array(key), array(value), call.fit
    if dropout != 0:
        raise refuse("dropout draws numbers: leave dropout_p out")
    if len(q.shape) < 2:
        raise FrechetError("shape", "attention needs an axis of places and one of features")
    scores: Value = matmul(fit, q, swapped(k, -1, -2))
    if scale is None:
        scores = binary(fit, "edivide", array(scores), unary("sqrt", size_array(q.shape[-1])))
    else:
        scores = operate(fit, "hadamard", scores, scale)
    if truth(causal):
        if mask is not None:
            raise refuse("attention takes is_causal or a mask, not both")
        shape = array(scores).shape[-2:]
        scores = masked(fit, triangle(fit, TRIANGLES[0].name, Array(ones(shape), shape), 0), array(scores))
    elif isinstance(mask, Mask):
        scores = masked(fit, mask.array, array(scores))
    elif mask is not None:
        scores = operate(fit, "add", scores, mask)
    if isinstance(scores, (Scores, Weights)):
        return matmul(fit, softmax_of(fit, scores, -1), v)
    return matmul(fit, softmax(fit, array(scores), -1), v)


ATTENDING: dict[str, Callable[[Call], Value]] = {"functional.scaled_dot_product_attention": _attention}
"""The part of the table that is attention."""
