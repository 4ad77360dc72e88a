"""Functions of every entry that are more than an operation or a formula: what they mean hangs on their arguments."""

from __future__ import annotations

from collections.abc import Callable

from frechet.core.expr import Expr
from frechet.core.records import signs
from frechet.language.python.arrays import Array, Fit, binary, unary
from frechet.language.python.axes import broadcast_to
from frechet.language.python.calls import Call, refuse
from frechet.language.python.formulas import value_of
from frechet.language.python.scores import Scores, Weights, masked
from frechet.language.python.values import Value, array, compared, flipped, number_or_none, truths
from frechet.ops.expressions import apply, number


def pi() -> Expr:
    """π."""
    return apply("pi", ())


def _clip(call: Call) -> Value:
    x, low, high = call.take("x", low=None, high=None)
    made = array(x)
    made = made if low is None else binary(call.fit, "max", made, array(low))
    return made if high is None else binary(call.fit, "min", made, array(high))


def _logaddexp(call: Call) -> Value:
    a, b = map(array, call.take("x", "y"))
    for one, other in ((a, b), (b, a)):
        if one.expr is number(0):
            return unary(signs()["log(1+e^a)"].name, other)
    return unary("log", binary(call.fit, "add", unary("exp", a), unary("exp", b)))


def _where(call: Call) -> Value:
    condition, x, y = call.take("condition", x=None, y=None)
    if x is None or y is None:
        raise refuse("where of a condition alone gives places: write np.where(condition, a, b)")
    if isinstance(condition, bool):
        a, b = array(x), array(y)
        return broadcast_to(call.fit, a if condition else b, call.fit.together(a.shape, b.shape))
    step = truths(condition)
    if step is None:
        raise refuse(
            "where needs a comparison, such as x > 0; a mask that is worked out multiplies: mask * a + (1 - mask) * b"
        )
    if isinstance(x, (Scores, Weights, float)) or isinstance(y, (Scores, Weights, float)):
        return _left_out(call.fit, step, x, y)
    a, b = array(x), array(y)
    if step.expr.op.name == "step" and b.expr is number(0) and step.expr.args[0] is a.expr:
        return unary(signs()["(a)_+"].name, a)
    _defined(call, a, b)
    fit = call.fit
    first = binary(fit, "hadamard", step, a)
    if number_or_none(y) == 0:
        return first
    second = binary(fit, "hadamard", flipped(fit, step), b)
    return second if number_or_none(x) == 0 else binary(fit, "add", first, second)


def _left_out(fit: Fit, step: Array, x: Value, y: Value) -> Value:
    """where(condition, x, y), one of the two being -inf."""
    if x == float("-inf"):
        step, x, y = flipped(fit, step), y, x
    if y != float("-inf"):
        raise refuse("where of scores is read with -inf as the other branch")
    return masked(fit, step, x if isinstance(x, (Scores, Weights)) else array(x))


def _masked_fill(call: Call) -> Value:
    x, condition, value = call.take("x", "mask", "value")
    return _where(Call(call.path, (condition, value, x), {}, call.fit, call.dialect, call.assumed))


def _defined(call: Call, *branches: Array) -> None:
    """Say it where a branch of `where` is not defined everywhere: the formula adds both."""
    from frechet.core.expr import postorder

    for branch in branches:
        if any(set(e.op.domain) - {"any", "nonzero"} for e in postorder(branch.expr)):
            call.assumed.append(
                "both branches of where are defined at every entry: the formula adds them up by their step"
            )
            return


def _gelu(call: Call) -> Value:
    if call.path.startswith("jax"):
        x, approximate = call.take("x", approximate=True)
    else:
        x, approximate = call.take("x", approximate="none" if call.library == "torch" else None)
    if approximate is None:
        raise refuse("gelu: jax.nn.gelu is the tanh approximation, F.gelu the exact one: write which")
    a = array(x)
    if approximate in (False, "none"):
        return unary("gelu", a)
    return value_of(call, "x.*(1+tanh((x+x.^3*0.044715)*sqrt(2/pi)))/2", {"x": a})


def _compare(sign: str) -> Callable[[Call], Value]:
    return lambda call: compared(call.fit, sign, *call.take("x", "y"))


def _heaviside(call: Call) -> Value:
    x, y = call.take("x", "y")
    if number_or_none(y) is None:
        raise refuse("heaviside needs its value at 0 as a number")
    call.assumed.append("heaviside(x, …) is step(x), its value at 0 left aside")
    return unary("step", array(x))


ELEMENTWISE: dict[str, Callable[[Call], Value]] = {
    **dict.fromkeys(("clip", "clamp"), _clip),
    "logaddexp": _logaddexp,
    "where": _where,
    "masked_fill": _masked_fill,
    **dict.fromkeys(("nn.gelu", "functional.gelu"), _gelu),
    "greater": _compare(">"),
    "greater_equal": _compare(">="),
    "less": _compare("<"),
    "less_equal": _compare("<="),
    "heaviside": _heaviside,
}
"""The elementwise part of the table that is neither one operation nor one formula."""
