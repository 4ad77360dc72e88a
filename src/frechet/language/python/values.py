"""What a piece of Python is worth: an array, a number, a size, a tuple, a condition, a name of a library."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from types import EllipsisType
from typing import TypeAlias, final

from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.language.python.arrays import Array, Fit, binary, constant, size_array
from frechet.language.python.indexing import Cut
from frechet.language.python.masks import Mask, compared_places, flipped, is_bits, truths
from frechet.language.python.products import matmul
from frechet.language.python.scores import Scored, Scores, Weights, combined, nowhere, refused
from frechet.language.python.scores import negated as negated_scores
from frechet.ops.expressions import apply, number


@final
@dataclass(frozen=True)
class Named:
    """A function or module by its full dotted name: `numpy.linalg.norm`; `library` alone where it was imported."""

    path: str


@final
@dataclass(frozen=True)
class Method:
    """A method of an array, not yet called."""

    owner: Array | Scored | Mask
    name: str


@final
@dataclass(frozen=True)
class Refused:
    """A part of a result that has no reading, such as eigenvectors; it may be passed over, not used."""

    kind: str
    why: str


@final
@dataclass(frozen=True)
class Local:
    """A function of the text itself: its syntax and the names around it."""

    node: object
    scope: object


Known: TypeAlias = Dim | int | float | Fraction | bool | str | EllipsisType | None
Value: TypeAlias = (
    "Array | Scores | Weights | Known | Cut | Mask | Named | Method | Refused | Local | tuple[Value, ...]"
)
"""Anything an expression can be worth.  Numbers are exact; a float is infinite or not a number."""


def told(value: Value) -> str:
    """What a value is, for a message."""
    if isinstance(value, Array):
        return "an array" if value.shape else "a number"
    if isinstance(value, tuple):
        return "a tuple"
    words = {Mask: "a comparison of arrays", Named: "a name of a library", Method: "a method", Local: "a function"}
    if isinstance(value, Refused):
        raise FrechetError("unsupported", value.why)
    return next((word for kind, word in words.items() if isinstance(value, kind)), repr(value))


def array(value: Value) -> Array:
    """The value as an array."""
    if isinstance(value, Array):
        return value
    if isinstance(value, bool):
        raise FrechetError("unsupported", "a truth value is no number here: write 1.0 or 0.0")
    if isinstance(value, (int, Fraction)):
        return constant(value)
    if isinstance(value, Dim):
        return size_array(value)
    if isinstance(value, Mask):
        text = "a comparison is no number here: write np.where(condition, a, b), or (condition) * a"
        raise FrechetError("unsupported", text)
    if isinstance(value, (Scores, Weights)):
        raise refused(value)
    if isinstance(value, float):
        raise FrechetError("unsupported", f"{value} is no number that a formula can hold")
    raise FrechetError("unsupported", f"an array or a number is wanted here, not {told(value)}")


def number_or_none(value: Value) -> int | Fraction | None:
    """The exact number, if the value is one."""
    return value if isinstance(value, (int, Fraction)) and not isinstance(value, bool) else None


def integer(value: Value, what: str) -> int:
    """A whole number that is known."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise FrechetError("unsupported", f"{what} is a whole number that stands in the text; got {told(value)}")


def as_size(value: Value) -> Dim | int:
    """A size: a whole number or a polynomial of sizes."""
    if isinstance(value, Dim):
        return value if value.number is None else value.number
    return integer(value, "a size")


_BITS = 4096
"""The longest numerator or denominator that is read."""
_MOST = 10_000
"""The longest list."""
_EXACT: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "add": operator.add,
    "sub": operator.sub,
    "hadamard": operator.mul,
}


def operate(fit: Fit, op: str, left: Value, right: Value) -> Value:
    """A binary operator of Python: add, sub, hadamard (`*`), edivide (`/`), epower (`**`), matmul (`@`)."""
    if isinstance(left, (Scores, Weights)) or isinstance(right, (Scores, Weights)):
        return combined(fit, op, *(v if isinstance(v, (Scores, Weights)) else array(v) for v in (left, right)))
    if op == "matmul":
        return matmul(fit, array(left), array(right))
    if op == "hadamard" and _below(left, right):
        return nowhere(array(left if isinstance(right, float) else right).shape)
    if isinstance(left, tuple) or isinstance(right, tuple):
        return _tuples(op, left, right)
    if isinstance(left, Mask) or isinstance(right, Mask):
        return _masks(fit, op, left, right)
    p, q = number_or_none(left), number_or_none(right)
    if p is not None and q is not None:
        exact = _numbers(op, p, q)
        if exact is not None:
            return exact
    elif _sizes(left) and _sizes(right):
        found = _polynomial(op, left, right)
        if found is not None:
            return found
    if op in ("add", "sub") and q == 0:
        return array(left)
    if op == "add" and p == 0:
        return array(right)
    return binary(fit, op, array(left), array(right))


def _below(left: Value, right: Value) -> bool:
    """Whether this is -inf times an array of ones."""
    a, c = (left, right) if isinstance(left, Array) else (right, left)
    return isinstance(a, Array) and a.expr.op.name == "ones" and isinstance(c, float) and c == float("-inf")


def _sizes(value: Value) -> bool:
    return isinstance(value, (Dim, int)) and not isinstance(value, bool)


def _numbers(op: str, p: int | Fraction, q: int | Fraction) -> int | Fraction | None:
    if op == "edivide":
        if q == 0:
            raise FrechetError("input", "a division by zero")
        return Fraction(p) / Fraction(q)
    if op == "epower":
        if isinstance(q, Fraction) and q.denominator != 1:
            return None
        if abs(q) > 512 or (p == 0 and q < 0):
            raise FrechetError("limit", f"the power {p}**{q} is beyond what is read")
        return p ** int(q) if q >= 0 and isinstance(p, int) else Fraction(p) ** int(q)
    result = _EXACT[op](Fraction(p), Fraction(q))
    if max(result.numerator.bit_length(), result.denominator.bit_length()) > _BITS:
        raise FrechetError("limit", "a number of more digits than are read")
    return int(result) if isinstance(p, int) and isinstance(q, int) else result


def _polynomial(op: str, left: Value, right: Value) -> Value | None:
    assert isinstance(left, (Dim, int)) and isinstance(right, (Dim, int))
    p, q = Dim.of(left), Dim.of(right)
    if op == "epower":
        k = q.number
        return p**k if k is not None and 0 < k <= 8 else None
    made = {"add": lambda: p + q, "sub": lambda: p - q, "hadamard": lambda: p * q}.get(op)
    return None if made is None else made()


def floored(left: Dim | int, right: Dim | int) -> Dim | None:
    """The quotient of two sizes, where it is known to be whole.

    >>> floored(Dim.of("h") * Dim.of("d"), Dim.of("h")), floored(Dim.of("n"), 2)
    (d, None)
    """
    found = Dim.of(left).quotient(Dim.of(right))
    return found if found is not None and all(c.denominator == 1 for _, c in found.terms) else None


def _tuples(op: str, left: Value, right: Value) -> Value:
    if op == "add" and isinstance(left, tuple) and isinstance(right, tuple):
        return (*left, *right)
    if op == "hadamard":
        pair = (left, right) if isinstance(left, tuple) else (right, left)
        if isinstance(pair[0], tuple) and isinstance(pair[1], int):
            if len(pair[0]) * pair[1] > _MOST:
                raise FrechetError("limit", f"a list of more than {_MOST} parts is not read")
            return pair[0] * pair[1]
    raise FrechetError("unsupported", "a list is no array: write np.array([…])")


def _masks(fit: Fit, op: str, left: Value, right: Value) -> Value:
    if op == "hadamard":
        both = isinstance(left, Mask) and isinstance(right, Mask)
        x, y = (s.array if isinstance(s, Mask) else array(s) for s in (left, right))
        product = binary(fit, op, x, y)
        return Mask(product) if both else product
    text = "a comparison is no number here: write (condition).astype(float), or np.where(condition, a, b)"
    raise FrechetError("unsupported", text)


def compared(fit: Fit, sign: str, left: Value, right: Value) -> Value:
    """A comparison: decided where both sides are known, else a mask of arrays."""
    p, q = number_or_none(left), number_or_none(right)
    if p is not None and q is not None:
        return {"<": p < q, "<=": p <= q, ">": p > q, ">=": p >= q, "==": p == q, "!=": p != q}[sign]
    if sign in ("==", "!=") and not isinstance(left, (Array, Mask)) and not isinstance(right, (Array, Mask)):
        return _same(left, right) == (sign == "==")
    if _sizes(left) and _sizes(right):
        raise FrechetError("unsupported", "which of two sizes is larger is not known: keep the branch that is meant")
    if sign in ("==", "!=") and isinstance(left, (Array, Mask)) and q in (0, 1):
        held = truths(left)
        if held is not None and (q == 0 or isinstance(left, Mask) or is_bits(left.expr)):
            return Mask(held if (sign == "==") == (q == 1) else flipped(fit, held))
    ordered = compared_places(sign, left, right)
    if ordered is not None:
        return Mask(ordered)
    if sign in ("==", "!="):
        raise FrechetError("unsupported", f"{sign} of arrays has no derivative: a mask of constants is an argument")
    x, y = array(left), array(right)
    above = _gap(fit, x, y) if sign in (">", "<=") else _gap(fit, y, x)
    step = Array(apply("step", (above.expr,)), above.shape)
    return Mask(step if sign in (">", "<") else flipped(fit, step))


def _gap(fit: Fit, x: Array, y: Array) -> Array:
    """x - y, where one of them may be 0."""
    zero = number(0)
    if y.expr is zero:
        return x
    return Array(apply("neg", (y.expr,)), y.shape) if x.expr is zero else binary(fit, "sub", x, y)


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(_same(p, q) for p, q in zip(left, right, strict=True))
    if _sizes(left) and _sizes(right):
        assert isinstance(left, (Dim, int)) and isinstance(right, (Dim, int))
        gap = Dim.of(left) - right
        if gap != 0 and gap.number is None:
            raise FrechetError("unsupported", f"whether {left} is {right} is not known: keep the branch that is meant")
        return gap == 0
    return left == right


def truth(value: Value) -> bool:
    """Whether the condition holds, where that is known without the arrays' values."""
    if isinstance(value, (Array, Mask)):
        text = "a condition on the values of arrays is not followed: write np.where(condition, a, b)"
        raise FrechetError("unsupported", text)
    if isinstance(value, (Dim, Named, Method, Local)):
        return True
    return bool(value)


def negated(value: Value, fit: Fit) -> Value:
    """`-value`."""
    if isinstance(value, Dim):
        return Dim.of(0) - value
    known = number_or_none(value)
    if known is not None:
        return -known
    if isinstance(value, float):
        return -value
    if isinstance(value, (Scores, Weights)):
        return negated_scores(value)
    a = array(value)
    return Array(apply("neg", (a.expr,)), a.shape)


def whole_of(value: Value) -> Expr:
    """The expression that a final value is."""
    from frechet.language.python.arrays import whole

    if isinstance(value, tuple):
        text = "the value is a tuple: return one array, or ask for one of them by indexing"
        raise FrechetError("unsupported", text)
    return whole(array(value))
