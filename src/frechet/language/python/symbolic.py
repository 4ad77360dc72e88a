"""Arrays without values, which a function without source is called on: NumPy asks them what an operation is."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, cast, final

from frechet.core.dim import Dim
from frechet.errors import FrechetError
from frechet.language.python.arrays import Array, constant
from frechet.language.python.axes import reduced
from frechet.language.python.calls import axis_of
from frechet.language.python.creation import filled, listed
from frechet.language.python.indexing import Cut, Item, indexed
from frechet.language.python.products import outer_product
from frechet.language.python.reader import Reader
from frechet.language.python.scores import Scores, Weights
from frechet.language.python.subscripts import entries, place_of
from frechet.language.python.table import meaning
from frechet.language.python.values import (
    Mask,
    Named,
    Value,
    array,
    compared,
    flipped,
    floored,
    negated,
    operate,
    truths,
)
from frechet.ops.expressions import apply

_SMALL = 64
"""The most entries of an array of numbers that is written out."""


def number_value(value: Any) -> Value:
    """A number of Python or NumPy as an exact one."""
    if isinstance(value, (bool, str, int)) or value is None or value is ...:
        return value
    x = float(value)
    return Fraction(repr(x)) if x - x == 0 else x


def plain(value: Any, reader: Reader) -> Value:
    """What is passed to an operation, as the reader has it: symbolic arrays, numbers, small arrays of numbers."""
    if isinstance(value, Symbolic):
        return value.value
    if isinstance(value, (list, tuple)):
        return tuple(plain(v, reader) for v in cast("Sequence[Any]", value))
    if isinstance(value, (Dim, Cut)):
        return value
    shape = getattr(value, "shape", ())
    if shape:
        return _numbers(value, reader)
    try:
        return number_value(value)
    except (TypeError, ValueError):
        raise FrechetError("unsupported", f"a value of type {type(value).__name__} is not read") from None


def _numbers(value: Any, reader: Reader) -> Array:
    """An array of numbers as a constant of the formula."""
    sizes = tuple(Dim.of(int(n)) for n in value.shape)
    nested: Any = value.tolist()
    flat: list[Any] = [nested]
    for _ in sizes:
        flat = [v for row in flat for v in row]
    if flat and all(v == flat[0] for v in flat) and flat[0] in (0, 1):
        return filled(constant(int(flat[0])), sizes)
    n = int(value.shape[0])
    if value.shape == (n, n) and all(v == (k % (n + 1) == 0) for k, v in enumerate(flat)):
        return Array(apply("eye", (), (sizes[0],)), sizes)
    if len(flat) > _SMALL:
        text = f"an array of {len(flat)} numbers inside the function: make it an argument"
        raise FrechetError("unsupported", text)
    return listed(reader.fit, plain(nested, reader))


@final
class Symbolic:
    """An array or a size without values: operators, methods and NumPy's functions give formulas.

    >>> import numpy as np
    >>> from frechet.language.python.arrays import leaf
    >>> x = Symbolic(leaf("x", ("n",)), Reader("0"))
    >>> np.exp(2 * x).sum().value.expr
    sum(exp(mul(number(Fraction(2, 1)), variable('x', ()))), None)
    """

    __slots__ = ("reader", "value")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: Value, reader: Reader) -> None:
        self.value, self.reader = value, reader

    def _of(self, value: Value) -> Any:
        """The value as Python code goes on with it."""
        if isinstance(value, (Array, Scores, Weights, Mask, Dim)):
            return Symbolic(value, self.reader)
        if isinstance(value, Fraction):
            return float(value)
        return tuple(self._of(v) for v in value) if isinstance(value, tuple) else value

    def _with(self, op: str, other: Any, turn: bool = False) -> Any:
        y = plain(other, self.reader)
        pair = (y, self.value) if turn else (self.value, y)
        return self._of(operate(self.reader.fit, op, *pair))

    def _against(self, sign: str, other: Any) -> Any:
        return self._of(compared(self.reader.fit, sign, self.value, plain(other, self.reader)))

    def __add__(self, other: Any) -> Any:
        return self._with("add", other)

    def __radd__(self, other: Any) -> Any:
        return self._with("add", other, True)

    def __sub__(self, other: Any) -> Any:
        return self._with("sub", other)

    def __rsub__(self, other: Any) -> Any:
        return self._with("sub", other, True)

    def __mul__(self, other: Any) -> Any:
        return self._with("hadamard", other)

    def __rmul__(self, other: Any) -> Any:
        return self._with("hadamard", other, True)

    def __truediv__(self, other: Any) -> Any:
        return self._with("edivide", other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._with("edivide", other, True)

    def __floordiv__(self, other: Any) -> Any:
        size, by = self.value, plain(other, self.reader)
        found = floored(size, by) if isinstance(size, Dim) and isinstance(by, (Dim, int)) else None
        if found is None:
            raise FrechetError("unsupported", "// is read of sizes only, where the quotient is known to be whole")
        return self._of(found if found.number is None else found.number)

    def __pow__(self, other: Any) -> Any:
        return self._with("epower", other)

    def __rpow__(self, other: Any) -> Any:
        return self._with("epower", other, True)

    def __matmul__(self, other: Any) -> Any:
        return self._with("matmul", other)

    def __rmatmul__(self, other: Any) -> Any:
        return self._with("matmul", other, True)

    def __neg__(self) -> Any:
        return self._of(negated(self.value, self.reader.fit))

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return self._called("numpy.abs", (self,), {})

    def __lt__(self, other: Any) -> Any:
        return self._against("<", other)

    def __le__(self, other: Any) -> Any:
        return self._against("<=", other)

    def __gt__(self, other: Any) -> Any:
        return self._against(">", other)

    def __ge__(self, other: Any) -> Any:
        return self._against(">=", other)

    def __eq__(self, other: object) -> Any:
        return self._against("==", other)

    def __ne__(self, other: object) -> Any:
        return self._against("!=", other)

    def __and__(self, other: Any) -> Any:
        return self._of(operate(self.reader.fit, "hadamard", self.value, plain(other, self.reader)))

    def __invert__(self) -> Any:
        held = truths(self.value)
        if held is None:
            raise FrechetError("unsupported", "~ is of comparisons only")
        return self._of(Mask(flipped(self.reader.fit, held)))

    def __getitem__(self, at: Any) -> Any:
        items = cast("tuple[Any, ...]", at) if isinstance(at, tuple) else (at,)
        picked = tuple(self._item(i) for i in items)
        if isinstance(self.value, Mask):
            return self._of(Mask(indexed(self.value.array, picked)))
        return self._of(entries(self.value if isinstance(self.value, (Scores, Weights)) else array(self.value), picked))

    def _item(self, item: Any) -> Item:
        if isinstance(item, slice):
            cut = cast("slice[Any, Any, Any]", item)
            ends = [plain(e, self.reader) for e in (cut.start, cut.stop, cut.step)]
            if ends[2] not in (None, 1):
                raise FrechetError("unsupported", "a slice with a step is not read: write the entries out")
            start, stop = (e if isinstance(e, (int, Dim)) else None for e in ends[:2])
            return Cut(None if start == 0 else start, stop)
        return place_of(self.reader, plain(item, self.reader), ast.Pass(lineno=1, col_offset=0))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in ("T", "mT", "shape", "ndim", "size", "real", "imag", "H", "mH"):
            return self._of(self.reader.attribute(self.value, name))

        def method(*args: Any, **kwargs: Any) -> Any:
            return self._called(f"method.{name}", (self, *args), kwargs)

        return method

    def _called(self, path: str, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        read = tuple(plain(v, self.reader) for v in args)
        named = {name: plain(v, self.reader) for name, v in kwargs.items() if v is not None}
        if path == "method.astype" and isinstance(read[0], Mask):
            return self._of(read[0].array)
        if path.startswith("method."):
            owner = read[0] if isinstance(read[0], (Scores, Weights)) else array(read[0])
            return self._of(self.reader.method(path[7:], owner, read[1:], named))
        return self._of(self.reader.called(Named(path), read, named))

    # -- NumPy's protocols -----------------------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        name = str(ufunc.__name__)
        if kwargs.pop("out", None) is not None:
            raise FrechetError(
                "unsupported", f"{name}(…, out=…) writes in place, which is not followed: use its result"
            )
        if method == "reduce" and name in ("add", "multiply"):
            op = "sum" if name == "add" else "prod"
            axis = axis_of(plain(kwargs.get("axis", 0), self.reader))
            return self._of(reduced(self.reader.fit, op, array(self.value), axis, bool(kwargs.get("keepdims", False))))
        if method == "outer" and name == "multiply":
            x, y = (array(plain(v, self.reader)) for v in inputs)
            return self._of(outer_product(self.reader.fit, x, y))
        if method != "__call__":
            raise FrechetError("unsupported", f"{name}.{method} is not read: write a sum or a product over an axis")
        signs = {"add": "add", "subtract": "sub", "multiply": "hadamard", "matmul": "matmul"}
        signs |= {"divide": "edivide", "true_divide": "edivide", "power": "epower"}
        if name in signs:
            x, y = (plain(v, self.reader) for v in inputs)
            return self._of(operate(self.reader.fit, signs[name], x, y))
        path = f"numpy.{name}" if meaning(f"numpy.{name}") is not None else f"scipy.special.{name}"
        return self._called(path, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return self._called(f"{func.__module__}.{func.__name__}", args, kwargs)

    # -- what has no answer without values -------------------------------------------------------------------------

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        text = "the function asks for the numbers of an array that has none: use NumPy's functions, which are read"
        raise FrechetError("unsupported", text)

    def __bool__(self) -> bool:
        text = "a condition on the values of arrays is not followed: write np.where(condition, a, b)"
        raise FrechetError("unsupported", text)

    def __float__(self) -> float:
        raise FrechetError("unsupported", "float(x) needs a value: leave it out, or use NumPy's function for math's")

    def __index__(self) -> int:
        text = "a size that is not known runs no loop and makes no array: write a sum over the axis, np.ones_like(x), …"
        raise FrechetError("unsupported", text)

    def __len__(self) -> int:
        n = array(self.value).shape[0].number
        if n is None:
            raise FrechetError("unsupported", "len(x) is a size that is not known: write x.shape[0]")
        return n

    def __iter__(self) -> Any:
        n = array(self.value).shape[0].number if array(self.value).shape else None
        if n is None:
            raise FrechetError(
                "unsupported", "a loop over an array whose size is not known: write it with array operations"
            )
        return iter([self[k] for k in range(n)])

    def __setitem__(self, at: Any, value: Any) -> None:
        text = "an entry is set in place, which is not followed: build the array with np.where, np.concatenate or a sum"
        raise FrechetError("unsupported", text)
