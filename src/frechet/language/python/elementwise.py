"""Functions of every entry: those that a record of the language names, and those that are written with several."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from frechet.core.expr import Expr
from frechet.language.python.arrays import Array, Fit, binary, constant, unary
from frechet.language.python.axes import broadcast_to
from frechet.language.python.calls import Call, refuse
from frechet.language.python.values import Mask, Value, array, compared, flipped, integer, number_or_none, operate
from frechet.ops import REGISTRY
from frechet.ops.expressions import apply, number

_WITH_TWO = frozenset(("add", "sub", "hadamard", "edivide", "epower", "max", "min"))


def _one(op: str) -> Callable[[Call], Value]:
    def read(call: Call) -> Value:
        (x,) = call.take("x")
        return unary(op, array(x))

    return read


def _two(op: str) -> Callable[[Call], Value]:
    def read(call: Call) -> Value:
        x, y = call.take("x", "y")
        return operate(call.fit, op, x, y) if op not in ("max", "min") else binary(call.fit, op, array(x), array(y))

    return read


def pi() -> Expr:
    """π."""
    return apply("pi", ())


class _Writer:
    """Formulas of one array, as they are written: the operators of Python on its core."""

    def __init__(self, e: Expr) -> None:
        self.e = e

    def _with(self, op: str, scalar: str, other: _Writer | int | str | Fraction, turn: bool = False) -> _Writer:
        y = other.e if isinstance(other, _Writer) else number(Fraction(other))
        left, right = (y, self.e) if turn else (self.e, y)
        plain = scalar if not right.shape and op != "hadamard" else op
        if op == "hadamard" and not (left.shape and right.shape):
            plain = scalar
        if op == "epower":
            plain = op if left.shape or right.shape else scalar
        return _Writer(apply(plain, (left, right)))

    def __add__(self, other: _Writer | int | str | Fraction) -> _Writer:
        return self._with("add", "add", other)

    def __radd__(self, other: int | str | Fraction) -> _Writer:
        return self._with("add", "add", other, True)

    def __sub__(self, other: _Writer | int | str | Fraction) -> _Writer:
        return self._with("sub", "sub", other)

    def __rsub__(self, other: int | str | Fraction) -> _Writer:
        return self._with("sub", "sub", other, True)

    def __mul__(self, other: _Writer | int | str | Fraction) -> _Writer:
        return self._with("hadamard", "mul", other)

    def __rmul__(self, other: int | str | Fraction) -> _Writer:
        return self._with("hadamard", "mul", other, True)

    def __truediv__(self, other: _Writer | int | str | Fraction) -> _Writer:
        return self._with("edivide", "divide", other)

    def __rtruediv__(self, other: int | str | Fraction) -> _Writer:
        return self._with("edivide", "edivide" if self.e.shape else "divide", other, True)

    def __pow__(self, other: int | str | Fraction) -> _Writer:
        return self._with("epower", "power", other)

    def __neg__(self) -> _Writer:
        return _Writer(apply("neg", (self.e,)))

    def of(self, op: str, *params: object) -> _Writer:
        """A function of the language of this."""
        return _Writer(apply(op, (self.e,), params))


def _w(value: int | str | Expr) -> _Writer:
    return _Writer(value if isinstance(value, Expr) else number(Fraction(value)))


def _root(value: int) -> _Writer:
    return _w(value).of("sqrt")


_WRITTEN: dict[str, Callable[[_Writer], _Writer]] = {
    "square": lambda x: x**2,
    "reciprocal": lambda x: 1 / x,
    "positive": lambda x: x,
    "rsqrt": lambda x: 1 / x.of("sqrt"),
    "log1p": lambda x: (1 + x).of("log"),
    "expm1": lambda x: x.of("exp") - 1,
    "log2": lambda x: x.of("log") / _w(2).of("log"),
    "log10": lambda x: x.of("log") / _w(10).of("log"),
    "exp2": lambda x: (x * _w(2).of("log")).of("exp"),
    "cbrt": lambda x: x.of("sign") * x.of("abs") ** Fraction(1, 3),
    "special.erfc": lambda x: 1 - x.of("erf"),
    "erfc": lambda x: 1 - x.of("erf"),
    "special.ndtr": lambda x: (1 + (x / _root(2)).of("erf")) / 2,
    "special.logit": lambda x: x.of("log") - (1 - x).of("log"),
    "logit": lambda x: x.of("log") - (1 - x).of("log"),
    "special.entr": lambda x: -(x * x.of("log")),
    "special.log_expit": lambda x: -(-x).of("softplus"),
    "special.log1p": lambda x: (1 + x).of("log"),
    "special.expm1": lambda x: x.of("exp") - 1,
    "special.log_ndtr": lambda x: ((1 + (x / _root(2)).of("erf")) / 2).of("log"),
    "nn.log_sigmoid": lambda x: -(-x).of("softplus"),
    "functional.logsigmoid": lambda x: -(-x).of("softplus"),
    "nn.soft_sign": lambda x: x / (1 + x.of("abs")),
    "functional.softsign": lambda x: x / (1 + x.of("abs")),
    "nn.mish": lambda x: x * x.of("softplus").of("tanh"),
    "functional.mish": lambda x: x * x.of("softplus").of("tanh"),
    "functional.tanhshrink": lambda x: x - x.of("tanh"),
    "deg2rad": lambda x: x * _w(pi()) / 180,
    "radians": lambda x: x * _w(pi()) / 180,
    "rad2deg": lambda x: x * 180 / _w(pi()),
    "degrees": lambda x: x * 180 / _w(pi()),
    "arcsinh": lambda x: (x + (x**2 + 1).of("sqrt")).of("log"),
    "asinh": lambda x: (x + (x**2 + 1).of("sqrt")).of("log"),
    "arccosh": lambda x: (x + (x**2 - 1).of("sqrt")).of("log"),
    "acosh": lambda x: (x + (x**2 - 1).of("sqrt")).of("log"),
    "arctanh": lambda x: ((1 + x) / (1 - x)).of("log") / 2,
    "atanh": lambda x: ((1 + x) / (1 - x)).of("log") / 2,
}
"""Functions of one array that are written with several operations."""


def _written(formula: Callable[[_Writer], _Writer]) -> Callable[[Call], Value]:
    def read(call: Call) -> Value:
        a = array(call.take("x")[0])
        return Array(formula(_Writer(a.expr)).e, a.shape)

    return read


def _clip(call: Call) -> Value:
    x, low, high = call.take("x", low=None, high=None)
    made = array(x)
    made = made if low is None else binary(call.fit, "max", made, array(low))
    return made if high is None else binary(call.fit, "min", made, array(high))


def between(fit: Fit, x: Array, low: Value, high: Value) -> Array:
    """The entries kept between two bounds."""
    return binary(fit, "min", binary(fit, "max", x, array(low)), array(high))


def _hypot(call: Call) -> Value:
    x, y = (binary(call.fit, "epower", array(v), constant(2)) for v in call.take("x", "y"))
    return unary("sqrt", binary(call.fit, "add", x, y))


def _logaddexp(call: Call) -> Value:
    a, b = map(array, call.take("x", "y"))
    for one, other in ((a, b), (b, a)):
        if one.expr is number(0):
            return unary("softplus", other)
    return unary("log", binary(call.fit, "add", unary("exp", a), unary("exp", b)))


def _xlogy(call: Call) -> Value:
    x, y = map(array, call.take("x", "y"))
    inner = unary("log", y if call.name == "xlogy" else binary(call.fit, "add", constant(1), y))
    return binary(call.fit, "hadamard", x, inner)


def _rel_entr(call: Call) -> Value:
    x, y = map(array, call.take("x", "y"))
    made = binary(call.fit, "hadamard", x, unary("log", binary(call.fit, "edivide", x, y)))
    if call.name == "kl_div":
        made = binary(call.fit, "add", binary(call.fit, "sub", made, x), y)
    return made


def _betaln(call: Call) -> Value:
    x, y = map(array, call.take("x", "y"))
    both = binary(call.fit, "add", unary("lgamma", x), unary("lgamma", y))
    made = binary(call.fit, "sub", both, unary("lgamma", binary(call.fit, "add", x, y)))
    return unary("exp", made) if call.name == "beta" else made


def _polygamma(call: Call) -> Value:
    n, x = call.take("n", "x")
    return unary("polygamma", array(x), (integer(n, "the order"),))


def _special_huber(call: Call) -> Value:
    delta, r = call.take("delta", "r")
    return huber(call.fit, array(r), array(delta))


def huber(fit: Fit, x: Array, delta: Array) -> Array:
    """x²/2 where |x| ≤ d, else d(|x| - d/2): with c = min(|x|, d) it is c(|x| - c/2), whatever side."""
    modulus = unary("abs", x)
    least = binary(fit, "min", modulus, delta)
    rest = binary(fit, "sub", modulus, binary(fit, "edivide", least, constant(2)))
    return binary(fit, "hadamard", least, rest)


def _where(call: Call) -> Value:
    condition, x, y = call.take("condition", x=None, y=None)
    if x is None or y is None:
        raise refuse("where of a condition alone gives places: write np.where(condition, a, b)")
    if isinstance(condition, bool):
        a, b = array(x), array(y)
        return broadcast_to(call.fit, a if condition else b, call.fit.together(a.shape, b.shape))
    if not isinstance(condition, Mask):
        raise refuse(
            "where needs a comparison, such as x > 0; a mask that is an argument multiplies: mask * a + (1 - mask) * b"
        )
    step, a, b = condition.array, array(x), array(y)
    if step.expr.op.name == "step" and b.expr is number(0) and step.expr.args[0] is a.expr:
        return unary("relu", a)
    _defined(call, a, b)
    fit = call.fit
    first = binary(fit, "hadamard", step, a)
    if number_or_none(y) == 0:
        return first
    second = binary(fit, "hadamard", flipped(fit, step), b)
    return second if number_or_none(x) == 0 else binary(fit, "add", first, second)


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
    w = _Writer(a.expr)
    inner = (w + w**3 * Fraction("0.044715")) * (_w(2) / _w(pi())).of("sqrt")
    return Array((w * (1 + inner.of("tanh")) / 2).e, a.shape)


def _elu(call: Call) -> Value:
    x, alpha = call.take("x", alpha=1)
    a, fit = array(x), call.fit
    below = Array((_Writer(apply("exp", (apply("min", (a.expr, number(0))),))) - 1).e, a.shape)
    return binary(fit, "add", unary("relu", a), binary(fit, "hadamard", array(alpha), below))


def _leaky(call: Call) -> Value:
    x, slope = call.take("x", negative_slope=Fraction(1, 100))
    a, fit = array(x), call.fit
    below = binary(fit, "min", a, constant(0))
    return binary(fit, "add", unary("relu", a), binary(fit, "hadamard", array(slope), below))


def _softplus(call: Call) -> Value:
    x, beta = call.take("x", beta=1)
    if beta == 1:
        return unary("softplus", array(x))
    scaled = binary(call.fit, "hadamard", array(beta), array(x))
    return binary(call.fit, "edivide", unary("softplus", scaled), array(beta))


def _bounded(low: int, high: int) -> Callable[[Call], Value]:
    return lambda call: between(call.fit, array(call.take("x")[0]), low, high)


def _compare(sign: str) -> Callable[[Call], Value]:
    return lambda call: compared(call.fit, sign, *call.take("x", "y"))


def _heaviside(call: Call) -> Value:
    x, y = call.take("x", "y")
    if number_or_none(y) is None:
        raise refuse("heaviside needs its value at 0 as a number")
    call.assumed.append("heaviside(x, …) is step(x), its value at 0 left aside")
    return unary("step", array(x))


def _lerp(call: Call) -> Value:
    x, y, w = map(array, call.take("x", "y", "weight"))
    fit = call.fit
    return binary(fit, "add", x, binary(fit, "hadamard", w, binary(fit, "sub", y, x)))


ELEMENTWISE: dict[str, Callable[[Call], Value]] = {
    **{name: _two(op.name) for op in REGISTRY.values() if op.name in _WITH_TWO for name in op.python},
    **{
        name: _one(op.name)
        for op in REGISTRY.values()
        if op.elementwise and op.name not in _WITH_TWO
        for name in op.python
    },
    **{name: _written(formula) for name, formula in _WRITTEN.items()},
    **dict.fromkeys(("clip", "clamp"), _clip),
    "hypot": _hypot,
    "logaddexp": _logaddexp,
    **dict.fromkeys(("special.xlogy", "special.xlog1py", "xlogy"), _xlogy),
    **dict.fromkeys(("special.rel_entr", "special.kl_div"), _rel_entr),
    **dict.fromkeys(("special.betaln", "special.beta"), _betaln),
    **dict.fromkeys(("special.polygamma", "polygamma"), _polygamma),
    "special.huber": _special_huber,
    "where": _where,
    **dict.fromkeys(("nn.gelu", "functional.gelu"), _gelu),
    **dict.fromkeys(("nn.elu", "functional.elu"), _elu),
    **dict.fromkeys(("nn.leaky_relu", "functional.leaky_relu"), _leaky),
    "functional.softplus": _softplus,
    **dict.fromkeys(("nn.relu6", "functional.relu6"), _bounded(0, 6)),
    **dict.fromkeys(("nn.hard_tanh", "functional.hardtanh"), _bounded(-1, 1)),
    "greater": _compare(">"),
    "greater_equal": _compare(">="),
    "less": _compare("<"),
    "less_equal": _compare("<="),
    "heaviside": _heaviside,
    "lerp": _lerp,
}
"""The elementwise part of the table."""
