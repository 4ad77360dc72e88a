"""Python's own functions, and the names that arrays have for the table's."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from frechet.core.dim import Dim
from frechet.errors import FrechetError
from frechet.language.python.arrays import Array, Fit, binary, unary
from frechet.language.python.axes import largest
from frechet.language.python.recorded import operation_of
from frechet.language.python.values import Mask, Value, array, number_or_none, operate, told

_BUILTINS = """
len sum abs min max float int range zip enumerate tuple list pow print reversed round isinstance map sorted
bool
"""
BUILTINS = frozenset(_BUILTINS.split())
CONSTANTS = frozenset(("pi", "e", "inf", "nan", "newaxis"))
_METHODS = """
std var max min dot matmul mm mv bmm transpose t permute swapaxes reshape view ravel flatten squeeze unsqueeze
log1p expm1 rsqrt pow square log_softmax clip clamp norm slogdet cholesky add sub mul div neg reciprocal cumsum
copy clone contiguous float double item detach astype to type cpu cuda numpy dim size numel outer ger inner
argmax argmin round any all adjoint matrix_power
moveaxis movedim swapdims flatten unflatten tile repeat repeat_interleave expand expand_as view_as reshape_as split
chunk masked_fill amax amin softmax bool trace diagonal tril triu
"""
_OTHERS = frozenset(_METHODS.split())
"""Methods of arrays and tensors that are no operation with a name of its own."""
_FUNCTIONS_ONLY = frozenset(("fabs", "gamma", "real", "imag", "sort"))
"""Functions of an array that no array has for a method; two are attributes, and sort() changes the array."""


def is_method(name: str) -> bool:
    """Whether arrays or tensors have a method of that name that is read (or refused with a reason).

    >>> is_method("sum"), is_method("tanh"), is_method("astype"), is_method("ones"), is_method("imag")
    (True, True, True, False, False)
    """
    op = operation_of(f"method.{name}")
    of_array = op is not None and op.call.startswith("x") and not op.outside
    return name in _OTHERS or (of_array and name not in _FUNCTIONS_ONLY)


def builtin(name: str, args: Sequence[Value], kwargs: dict[str, Value], fit: Fit) -> Value:
    """What a call of one of Python's own functions is worth."""
    if kwargs and name not in ("print",):
        raise FrechetError("unsupported", f"{name} takes no keywords here")
    if name == "len" and len(args) == 1:
        return _length(args[0])
    if name == "sum" and args:
        return _sum(args, fit)
    if name == "abs" and len(args) == 1:
        known = number_or_none(args[0])
        return unary("abs", array(args[0])) if known is None else abs(known)
    if name in ("min", "max"):
        return _extreme(name, args, fit)
    if name in ("float", "int", "bool") and len(args) == 1:
        return _converted(name, args[0])
    if name == "pow" and len(args) == 2:
        return operate(fit, "epower", *args)
    if name in ("tuple", "list") and len(args) == 1 and isinstance(args[0], tuple):
        return args[0]
    if name in ("range", "zip", "enumerate", "reversed"):
        return _ranged(name, args)
    if name == "print":
        return None
    raise FrechetError("unsupported", f"{name}(…) is not read here: it does not work on symbolic arrays")


def _length(value: Value) -> Value:
    if isinstance(value, tuple):
        return len(value)
    a = array(value)
    if not a.shape:
        raise FrechetError("shape", "a number has no length")
    n = a.shape[0]
    return n if n.number is None else n.number


def _sum(args: Sequence[Value], fit: Fit) -> Value:
    terms = args[0]
    if isinstance(terms, Array):
        if len(terms.shape) != 1:
            raise FrechetError("unsupported", "sum(…) of a matrix adds up its rows: write np.sum(X, axis=0)")
        from frechet.language.python.axes import reduced

        total: Value = reduced(fit, "sum", terms)
        return total if len(args) == 1 else operate(fit, "add", args[1], total)
    if not isinstance(terms, tuple):
        raise FrechetError("unsupported", f"sum of {told(terms)} is not read")
    total = args[1] if len(args) > 1 else None
    for term in terms:
        total = term if total is None else operate(fit, "add", total, term)
    return 0 if total is None else total


def _extreme(name: str, args: Sequence[Value], fit: Fit) -> Value:
    listed = args[0] if len(args) == 1 and isinstance(args[0], tuple) else tuple(args)
    numbers = [number_or_none(v) for v in listed]
    if listed and all(n is not None for n in numbers):
        exact = [Fraction(n) for n in numbers if n is not None]
        best = min(exact) if name == "min" else max(exact)
        return int(best) if best.denominator == 1 else best
    if len(listed) == 1 and len(array(listed[0]).shape) == 1:
        return largest("largest" if name == "max" else "smallest", array(listed[0]))
    if len(listed) < 2:
        raise FrechetError("unsupported", f"{name}(X) of a matrix compares its rows: write np.{name}(X)")
    best_array = array(listed[0])
    for value in listed[1:]:
        other = array(value)
        if other.shape or best_array.shape:
            raise FrechetError("shape", f"{name}(a, b) compares numbers: of arrays write np.{name}imum(a, b)")
        best_array = binary(fit, name, best_array, other)
    return best_array


def _converted(name: str, value: Value) -> Value:
    if isinstance(value, str) and name == "float" and value.strip("+-").lower() in ("inf", "infinity"):
        return float(value)
    known = number_or_none(value)
    if known is not None:
        return int(known) if name == "int" else bool(known) if name == "bool" else known
    if name == "float":
        if isinstance(value, Mask):
            return value.array
        a = array(value)
        if a.axes:
            raise FrechetError("shape", "float(x) is of one number: x has more entries")
        return Array(a.expr, ())
    if name == "int" and isinstance(value, Dim):
        return value
    raise FrechetError("unsupported", f"{name}(…) of an array is not differentiable: leave it out")


def _ranged(name: str, args: Sequence[Value]) -> Value:
    if name == "range":
        numbers: list[int] = []
        for value in args:
            if not isinstance(value, int):
                text = (
                    f"range runs over {told(value)}, which is not known: write a sum over the axis, np.sum(…, axis=0)"
                )
                raise FrechetError("unsupported", text)
            numbers.append(value)
        found = range(*numbers)
        if len(found) > 1000:
            raise FrechetError("limit", "a loop of more than 1000 rounds is not unrolled")
        return tuple(found)
    if not all(isinstance(v, tuple) for v in args):
        raise FrechetError("unsupported", f"{name} is of written lists only: over an array write array operations")
    listed = [v for v in args if isinstance(v, tuple)]
    if name == "zip":
        return tuple(zip(*listed, strict=False))
    return tuple(enumerate(listed[0])) if name == "enumerate" else tuple(reversed(listed[0]))
