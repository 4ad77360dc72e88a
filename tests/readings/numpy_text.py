"""A formula as a NumPy programmer writes it."""

from __future__ import annotations

from frechet.core.expr import Expr

_FUNCTIONS = {
    "exp": "np.exp", "sin": "np.sin", "cos": "np.cos", "tanh": "np.tanh", "log": "np.log",
    "sigmoid": "scipy.special.expit", "softplus": "jax.nn.softplus", "relu": "jax.nn.relu", "tr": "np.trace",
    "inv": "np.linalg.inv", "sum": "np.sum", "diag": "np.diag", "norm2": "np.linalg.norm", "softmax": "jax.nn.softmax",
}  # fmt: skip
_SUM, _PRODUCT, _POWER, _ATOM = range(4)


def numpy_text(e: Expr) -> str:
    """The text, with NumPy's precedence."""
    return _written(e)[0]


def _at(e: Expr, level: int) -> str:
    text, own = _written(e)
    return text if own >= level else f"({text})"


def _written(e: Expr) -> tuple[str, int]:
    name = e.op.name
    if name == "variable":
        plain = str(e.params[0])
        return ("lam" if plain == "lambda" else plain), _ATOM
    if name == "number":
        return str(e.params[0]), _ATOM if e.params[0].denominator == 1 and e.params[0] >= 0 else _SUM
    if name == "eye":
        return f"np.eye({e.params[0]})", _ATOM
    if name in ("add", "sub"):
        left, right = e.args
        sign = "+" if name == "add" else "-"
        return f"{_at(left, _SUM)} {sign} {_at(right, _PRODUCT)}", _SUM
    if name == "neg":
        return f"-{_at(e.args[0], _PRODUCT)}", _SUM
    if name == "transpose":
        inner = e.args[0]
        return (_at(inner, _ATOM) if len(inner.shape) < 2 else f"{_at(inner, _ATOM)}.T"), _ATOM
    if name == "mul":
        left, right = e.args
        outer = len(left.shape) == 1 and len(right.shape) == 2
        if outer:
            return f"np.outer({_written(left)[0]}, {_written(right)[0]})", _ATOM
        sign = "*" if not left.shape or not right.shape else "@"
        return f"{_at(left, _PRODUCT)} {sign} {_at(right, _POWER)}", _PRODUCT
    if name == "hadamard":
        return f"{_at(e.args[0], _PRODUCT)} * {_at(e.args[1], _POWER)}", _PRODUCT
    if name == "divide":
        return f"{_at(e.args[0], _PRODUCT)} / {_at(e.args[1], _POWER)}", _PRODUCT
    if name == "power":
        return f"{_at(e.args[0], _ATOM)}**{_at(e.args[1], _ATOM)}", _POWER
    if name == "logdet":
        return f"np.linalg.slogdet({_written(e.args[0])[0]})[1]", _ATOM
    return f"{_FUNCTIONS[name]}({_written(e.args[0])[0]})", _ATOM
